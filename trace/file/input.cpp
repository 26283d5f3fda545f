#include "trace/file/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace kelpie::trace::file {

namespace {

std::string ReasonOf(int error) { return std::generic_category().message(error); }

}  // namespace

Result<Input> Input::Open(const std::string& path, std::size_t buffer_bytes) {
  if (path == "-") return Input("<stdin>", dup(STDIN_FILENO), buffer_bytes, false);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return Error{.kind = ErrorKind::kCannotOpen,
                 .place = {.file = path},
                 .message = "the trace cannot be opened",
                 .found = ReasonOf(errno),
                 .expected = "a readable file, a directory of them, or - for standard input"};
  }
  Input input(path, descriptor, buffer_bytes, true);
  struct stat facts {};
  if (fstat(descriptor, &facts) == 0 && S_ISDIR(facts.st_mode)) {
    return Error{.kind = ErrorKind::kCannotOpen,
                 .place = {.file = path},
                 .message = "the trace is a directory where one file belongs",
                 .expected = "a file"};
  }
  return input;
}

Input::Input(Input&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      is_named_(other.is_named_),
      buffer_(std::move(other.buffer_)),
      begin_(other.begin_),
      end_(other.end_),
      offset_(other.offset_),
      ended_(other.ended_) {}

Input& Input::operator=(Input&& other) noexcept {
  if (this == &other) return *this;
  if (descriptor_ >= 0) close(descriptor_);
  path_ = std::move(other.path_);
  descriptor_ = std::exchange(other.descriptor_, -1);
  is_named_ = other.is_named_;
  buffer_ = std::move(other.buffer_);
  begin_ = other.begin_;
  end_ = other.end_;
  offset_ = other.offset_;
  ended_ = other.ended_;
  return *this;
}

Input::~Input() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<bool> Input::Ensure(std::size_t count) {
  while (end_ - begin_ < count && !ended_) {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (count > buffer_.size()) buffer_.resize(std::max(count, 2 * buffer_.size()));
    const ssize_t got = read(descriptor_, buffer_.data() + end_, buffer_.size() - end_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ReadError(offset_ + (end_ - begin_));
    if (got == 0) ended_ = true;
    end_ += static_cast<std::size_t>(got);
  }
  return end_ - begin_ >= count;
}

std::uint64_t Input::SeekableBytes() const {
  struct stat facts {};
  if (!is_named_ || fstat(descriptor_, &facts) != 0 || !S_ISREG(facts.st_mode)) return 0;
  return static_cast<std::uint64_t>(facts.st_size);
}

Result<bool> Input::ReadAt(std::uint64_t offset, std::size_t count, std::string& out) const {
  out.resize(count);
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = pread(descriptor_, out.data() + done, count - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ReadError(offset + done);
    if (got == 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

Status Input::SeekTo(std::uint64_t offset) {
  if (lseek(descriptor_, static_cast<off_t>(offset), SEEK_SET) < 0) return ReadError(offset);
  begin_ = 0;
  end_ = 0;
  offset_ = offset;
  ended_ = false;
  return Status();
}

Error Input::ReadError(std::uint64_t offset) const {
  return {.kind = ErrorKind::kCannotRead,
          .place = {.file = path_, .offset = offset},
          .message = "the trace cannot be read",
          .found = ReasonOf(errno)};
}

}  // namespace kelpie::trace::file
