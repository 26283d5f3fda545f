#include "trace/file/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace kelpie::trace::file {

Result<Output> Output::Open(const std::string& path, std::size_t buffer_bytes, bool append) {
  constexpr mode_t kMode = 0666;
  const int flags = (append ? O_RDWR | O_APPEND : O_WRONLY | O_TRUNC) | O_CREAT | O_CLOEXEC;
  const int descriptor = path == "-" ? dup(STDOUT_FILENO) : open(path.c_str(), flags, kMode);
  if (descriptor < 0) {
    return Error{.kind = ErrorKind::kCannotOpen,
                 .place = {.file = path},
                 .message = "the trace cannot be created",
                 .found = std::generic_category().message(errno)};
  }
  struct stat facts {};
  const bool has_size = append && fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
  return Output(path, descriptor, buffer_bytes, has_size ? static_cast<std::uint64_t>(facts.st_size) : 0);
}

Output::Output(Output&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_bytes_(other.buffer_bytes_),
      written_(other.written_),
      buffer_(std::move(other.buffer_)) {}

Output& Output::operator=(Output&& other) noexcept {
  if (this == &other) return *this;
  if (descriptor_ >= 0) close(descriptor_);
  path_ = std::move(other.path_);
  descriptor_ = std::exchange(other.descriptor_, -1);
  buffer_bytes_ = other.buffer_bytes_;
  written_ = other.written_;
  buffer_ = std::move(other.buffer_);
  return *this;
}

Output::~Output() {
  if (descriptor_ >= 0) close(descriptor_);
}

Status Output::Flush() {
  if (descriptor_ < 0) return WriteError("nothing can be written behind a close or a failed write", EBADF);
  std::size_t done = 0;
  while (done < buffer_.size()) {
    const ssize_t wrote = write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      const int reason = errno;
      close(std::exchange(descriptor_, -1));
      buffer_.clear();
      return WriteError("the trace cannot be written", reason);
    }
    done += static_cast<std::size_t>(wrote);
  }
  written_ += buffer_.size();
  buffer_.clear();
  return Status();
}

Status Output::Close() {
  if (descriptor_ < 0) return Status();
  Status flushed = Flush();
  if (!flushed.ok()) return flushed;
  if (close(std::exchange(descriptor_, -1)) != 0) return WriteError("the trace cannot be closed", errno);
  return Status();
}

bool Output::ReadAt(std::uint64_t offset, std::size_t count, std::string& out) const {
  out.resize(count);
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = pread(descriptor_, out.data() + done, count - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

Status Output::CutAt(std::uint64_t offset) {
  if (ftruncate(descriptor_, static_cast<off_t>(offset)) != 0) return WriteError("the trace cannot be cut", errno);
  written_ = offset;
  return Status();
}

Error Output::WriteError(std::string message, int reason) const {
  return {.kind = ErrorKind::kCannotWrite,
          .place = {.file = path_},
          .message = std::move(message),
          .found = std::generic_category().message(reason)};
}

}  // namespace kelpie::trace::file
