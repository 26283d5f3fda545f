// Memory of tables that grow large and are looked at anywhere: a look then misses the processor's table of pages as
// well as its caches, unless the pages are large. Measured with bench/specs/Letters: README.md.
//
//   LargeMemory memory;
//   LargeVector<Bucket> buckets(LargeAllocator<Bucket>(&memory));
//   memory.MoveToFiles("/var/tmp");     // what is taken from now on lies in files, as far as memory is short
//
// Files have no name and are gone with the process. Threads: one takes and gives back.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace kelpie::explore {

// A file could not be made as large as a table; what() says where and why.
struct SpillFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Memory of malloc, in pages of 2 MiB where it is large and the system has them to spare.
[[nodiscard]] void* TakePages(std::size_t bytes);

class LargeMemory {
 public:
  LargeMemory() = default;
  ~LargeMemory();
  LargeMemory(const LargeMemory&) = delete;
  LargeMemory& operator=(const LargeMemory&) = delete;

  // Throws SpillFailure, once blocks are in files.
  [[nodiscard]] void* Take(std::size_t bytes);
  void Give(void* memory, std::size_t bytes);

  void MoveToFiles(std::string directory) { directory_ = std::move(directory); }
  [[nodiscard]] bool is_in_files() const { return !directory_.empty(); }
  [[nodiscard]] std::size_t file_bytes() const { return file_bytes_; }

 private:
  std::string directory_;
  std::unordered_map<void*, std::size_t> files_;  // bytes, by where they are mapped
  std::size_t file_bytes_ = 0;
};

template <typename T>
struct LargeAllocator {
  using value_type = T;
  LargeMemory* memory = nullptr;  // null: large pages, never files

  LargeAllocator() = default;
  explicit LargeAllocator(LargeMemory* of) : memory(of) {}
  template <typename U>
  explicit LargeAllocator(const LargeAllocator<U>& other) : memory(other.memory) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kSmallBytes) return static_cast<T*>(::operator new(bytes));
    return static_cast<T*>(memory != nullptr ? memory->Take(bytes) : TakePages(bytes));
  }
  void deallocate(T* block, std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kSmallBytes) return ::operator delete(block);
    memory != nullptr ? memory->Give(block, bytes) : std::free(block);
  }
  friend bool operator==(const LargeAllocator& a, const LargeAllocator& b) { return a.memory == b.memory; }

  static constexpr std::size_t kSmallBytes = std::size_t{64} << 10;  // below that never in files
};

template <typename T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

}  // namespace kelpie::explore
