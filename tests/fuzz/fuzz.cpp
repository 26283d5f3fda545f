#include "tests/fuzz/fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace kelpie::fuzz {

void Require(bool claim, const char* what) {
  if (claim) return;
  std::fprintf(stderr, "CLAIM BROKEN: %s\n", what);
  std::abort();
}

MemoryFile::MemoryFile() : descriptor_(memfd_create("kelpie-fuzz", MFD_CLOEXEC)) {
  Require(descriptor_ >= 0, "a file in memory");
}

MemoryFile::~MemoryFile() { close(descriptor_); }

void MemoryFile::Write(std::string_view bytes) const {
  Require(ftruncate(descriptor_, 0) == 0, "truncate");
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = pwrite(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    Require(count > 0, "write");
    done += static_cast<std::size_t>(count);
  }
}

}  // namespace kelpie::fuzz
