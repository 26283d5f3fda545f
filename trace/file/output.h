// Bytes to a file or to standard output, collected in a buffer.
//
//   Result<Output> output = Output::Open("n1.ktrace", 1 << 16, append);
//   output->buffer() += bytes;
//   Status status = output->FlushIfFull();
//   status = output->Close();
//
// Invariants: what is in the buffer when Flush is called goes to the system in order; after a
// write that failed nothing more is written, since half of something may be there. The
// destructor closes and drops what was not flushed.
#pragma once

#include <cstdint>
#include <string>

#include "trace/value/result.h"

namespace kelpie::trace::file {

class Output {
 public:
  // "-" is standard output. Without `append` an existing file is replaced.
  [[nodiscard]] static Result<Output> Open(const std::string& path, std::size_t buffer_bytes, bool append);
  Output(Output&& other) noexcept;
  Output& operator=(Output&& other) noexcept;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] std::string& buffer() { return buffer_; }
  // Of the byte behind all that was written and buffered.
  [[nodiscard]] std::uint64_t offset() const { return written_ + buffer_.size(); }

  [[nodiscard]] Status FlushIfFull() { return buffer_.size() > buffer_bytes_ ? Flush() : Status(); }
  // To the operating system, not to the disk.
  [[nodiscard]] Status Flush();
  [[nodiscard]] Status Close();

  // `count` bytes of an existing file at `offset`; false when there are not so many.
  [[nodiscard]] bool ReadAt(std::uint64_t offset, std::size_t count, std::string& out) const;
  // Cuts an existing file off. Requires: nothing was written yet.
  [[nodiscard]] Status CutAt(std::uint64_t offset);

  // kCannotWrite, with what the system says.
  [[nodiscard]] Error WriteError(std::string message, int reason) const;

 private:
  Output(std::string path, int descriptor, std::size_t buffer_bytes, std::uint64_t written)
      : path_(std::move(path)), descriptor_(descriptor), buffer_bytes_(buffer_bytes), written_(written) {}

  std::string path_;
  int descriptor_ = -1;
  std::size_t buffer_bytes_ = 0;
  std::uint64_t written_ = 0;
  std::string buffer_;
};

}  // namespace kelpie::trace::file
