// Memory for values: blocks of a few sizes, taken and given back some millions of times a second.
//
//   std::uint8_t size_class = 0;
//   void* memory = BlockPool::Take(bytes, size_class);      BlockPool::Give(memory, size_class);
//
// Each thread has lists of free blocks, without locks; what a thread leaves when it ends is taken over by the next one
// that needs blocks. A block may be given back by another thread than took it. Memory: never given back to the system,
// used again. Larger blocks, and all of them under sanitizers, which look at each by itself, are malloc's.
// Cost: a few loads and stores; malloc and free were a tenth of an exploration (README.md).
#pragma once

#include <cstddef>
#include <cstdint>

namespace kelpie::eval {

class BlockPool {
 public:
  [[nodiscard]] static void* Take(std::size_t bytes, std::uint8_t& size_class);
  static void Give(void* block, std::uint8_t size_class);
};

}  // namespace kelpie::eval
