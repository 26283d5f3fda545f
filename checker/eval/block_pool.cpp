#include "checker/eval/block_pool.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>

namespace kelpie::eval {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsPooled = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kIsPooled = false;
#else
constexpr bool kIsPooled = true;
#endif
#else
constexpr bool kIsPooled = true;
#endif

constexpr std::size_t kStep = 16;
constexpr std::size_t kClassCount = 33;  // 0: malloc's; else blocks of class * kStep bytes
constexpr std::size_t kChunkBytes = std::size_t{64} << 10;

struct FreeBlock {
  FreeBlock* next;
};
using Lists = std::array<FreeBlock*, kClassCount>;

// What threads left behind, list by list.
std::array<std::atomic<FreeBlock*>, kClassCount> left_blocks;

thread_local constinit Lists lists{};

// Gives the lists of a thread to others when it ends; values that die after it only begin new ones.
struct Leaver {
  ~Leaver() {
    for (std::size_t i = 1; i < kClassCount; ++i) {
      if (lists[i] == nullptr) continue;
      FreeBlock* last = lists[i];
      while (last->next != nullptr) last = last->next;
      last->next = left_blocks[i].load(std::memory_order_relaxed);
      while (!left_blocks[i].compare_exchange_weak(last->next, lists[i], std::memory_order_release,
                                                   std::memory_order_relaxed)) {
      }
      lists[i] = nullptr;
    }
  }
};

// Cuts a chunk into blocks, unless others left some.
void* Refill(std::size_t size_class) {
  static thread_local const Leaver leaver;
  FreeBlock* left = left_blocks[size_class].exchange(nullptr, std::memory_order_acquire);
  if (left == nullptr) {
    const std::size_t bytes = size_class * kStep;
    auto* chunk = static_cast<char*>(std::malloc(kChunkBytes));
    if (chunk == nullptr) throw std::bad_alloc();
    for (std::size_t at = kChunkBytes / bytes * bytes; at != 0; at -= bytes) {
      left = new (chunk + at - bytes) FreeBlock{left};
    }
  }
  lists[size_class] = left->next;
  return left;
}

}  // namespace

void* BlockPool::Take(std::size_t bytes, std::uint8_t& size_class) {
  const std::size_t wanted = (bytes + kStep - 1) / kStep;
  if (!kIsPooled || wanted >= kClassCount) {
    size_class = 0;
    void* memory = std::malloc(bytes);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
  }
  size_class = static_cast<std::uint8_t>(wanted);
  FreeBlock* block = lists[wanted];
  if (block == nullptr) [[unlikely]]
    return Refill(wanted);
  lists[wanted] = block->next;
  return block;
}

void BlockPool::Give(void* block, std::uint8_t size_class) {
  if (size_class == 0) {
    std::free(block);
    return;
  }
  lists[size_class] = new (block) FreeBlock{lists[size_class]};
}

}  // namespace kelpie::eval
