#include "checker/explore/large_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace kelpie::explore {

namespace {

// Not every file system makes files without a name: there one with a name loses it at once.
int OpenWithoutName(const std::string& directory) {
  const int file = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return file;
  std::string path = directory + "/kelpie-spill-XXXXXX";
  const int named = mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) (void)unlink(path.c_str());
  return named;
}

}  // namespace

void* TakePages(std::size_t bytes) {
  constexpr std::size_t kPageBytes = std::size_t{2} << 20;
  if (bytes < 2 * kPageBytes) {
    void* memory = std::malloc(bytes);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
  }
  void* memory = std::aligned_alloc(kPageBytes, (bytes + kPageBytes - 1) / kPageBytes * kPageBytes);
  if (memory == nullptr) throw std::bad_alloc();
  (void)madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: without it everything works, more slowly
  return memory;
}

LargeMemory::~LargeMemory() {
  for (const auto& [memory, bytes] : files_) munmap(memory, bytes);
}

// All of the file is there before it is used: a full disk is an error here and no signal later.
void* LargeMemory::Take(std::size_t bytes) {
  if (!is_in_files()) return TakePages(bytes);
  const auto fail = [&](const char* what, int error) {
    throw SpillFailure(directory_ + ": " + what + " of " + std::to_string(bytes) +
                       " bytes: " + std::generic_category().message(error));
  };
  const int file = OpenWithoutName(directory_);
  if (file < 0) fail("there can be no file", errno);
  int error = posix_fallocate(file, 0, static_cast<off_t>(bytes));
  void* memory = MAP_FAILED;
  if (error == 0) {
    memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    error = errno;
  }
  close(file);
  if (memory == MAP_FAILED) fail("there is no room for a file", error);
  files_.emplace(memory, bytes);
  file_bytes_ += bytes;
  return memory;
}

void LargeMemory::Give(void* memory, std::size_t bytes) {
  if (files_.erase(memory) == 0) return std::free(memory);
  file_bytes_ -= bytes;
  munmap(memory, bytes);
}

}  // namespace kelpie::explore
