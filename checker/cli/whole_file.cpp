#include "checker/cli/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace kelpie::cli {

namespace {

std::string Reason(const std::string& path) {
  return "error[cannot-write]: " + path + " cannot be written: " + std::strerror(errno) + "\n";
}

}  // namespace

WholeFile::~WholeFile() { Drop(); }

void WholeFile::Drop() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  unlink(fresh_.c_str());
  descriptor_ = -1;
}

bool WholeFile::Open(const std::string& path, std::string& error) {
  Drop();
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    // A rename would put a plain file in the place of a device or a pipe.
    error = "error[cannot-write]: " + path + " is there and is no plain file\n  expected: the name of a file\n";
    return false;
  }
  path_ = path;
  fresh_ = path + "." + std::to_string(getpid()) + ".new";
  descriptor_ = open(fresh_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) error = Reason(path);
  return descriptor_ >= 0;
}

bool WholeFile::Commit(std::string_view text, std::string& error) {
  while (!text.empty()) {
    const ssize_t count = write(descriptor_, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  if (!text.empty() || fsync(descriptor_) != 0 || rename(fresh_.c_str(), path_.c_str()) != 0) {
    error = Reason(path_);
    Drop();
    return false;
  }
  close(descriptor_);
  descriptor_ = -1;
  return true;
}

}  // namespace kelpie::cli
