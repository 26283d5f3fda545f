// Memory of tables that grow large and are looked at anywhere: a look then misses the processor's table of pages as
// well as its caches, unless the pages are large. Measured with bench/specs/Letters (2,000,000 states): README.md.
//
//   std::vector<Bucket, LargeAllocator<Bucket>> buckets_;
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace kelpie::explore {

template <typename T>
struct LargeAllocator {
  using value_type = T;
  LargeAllocator() = default;
  template <typename U>
  explicit LargeAllocator(const LargeAllocator<U>&) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kLargeBytes) return static_cast<T*>(::operator new(bytes));
    void* memory = std::aligned_alloc(kPageBytes, (bytes + kPageBytes - 1) / kPageBytes * kPageBytes);
    if (memory == nullptr) throw std::bad_alloc();
    (void)madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: without it everything works, more slowly
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < kLargeBytes) {
      ::operator delete(memory);
    } else {
      std::free(memory);
    }
  }
  friend bool operator==(const LargeAllocator&, const LargeAllocator&) { return true; }

 private:
  static constexpr std::size_t kPageBytes = std::size_t{2} << 20;
  static constexpr std::size_t kLargeBytes = 2 * kPageBytes;
};

template <typename T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

}  // namespace kelpie::explore
