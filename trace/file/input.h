// Bytes of a file or of standard input, read through one buffer.
//
//   Result<Input> input = Input::Open("n1.ktrace", 1 << 18);
//   if (auto more = input->Ensure(16); more.ok() && *more) use(input->data().substr(0, 16));
//   input->Consume(16);
//
// Invariants: data() are the bytes from offset() on; the buffer grows only as far as Ensure
// asks. Views into data() end with the next Ensure. Not for several threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "trace/value/result.h"

namespace kelpie::trace::file {

class Input {
 public:
  // "-" is standard input.
  [[nodiscard]] static Result<Input> Open(const std::string& path, std::size_t buffer_bytes);
  Input(Input&& other) noexcept;
  Input& operator=(Input&& other) noexcept;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string_view data() const { return {buffer_.data() + begin_, end_ - begin_}; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] bool at_end() const { return ended_; }  // nothing beyond data()

  // Reads until data() has `count` bytes; false when the file ends before. One read at least
  // unless they are there already, so a reader sees a pipe's bytes as they come.
  [[nodiscard]] Result<bool> Ensure(std::size_t count);
  // Size of a file that can be read at any byte; 0 for pipes and for standard input.
  [[nodiscard]] std::uint64_t SeekableBytes() const;
  // `count` bytes at `offset`, whatever is buffered; false when there are not so many. Requires:
  // offset + count <= SeekableBytes().
  [[nodiscard]] Result<bool> ReadAt(std::uint64_t offset, std::size_t count, std::string& out) const;
  // Goes to a byte; what was buffered is dropped. Requires: as ReadAt.
  [[nodiscard]] Status SeekTo(std::uint64_t offset);

  // Requires: count <= data().size().
  void Consume(std::size_t count) {
    begin_ += count;
    offset_ += count;
  }

 private:
  [[nodiscard]] Error ReadError(std::uint64_t offset) const;
  Input(std::string path, int descriptor, std::size_t buffer_bytes, bool is_named)
      : path_(std::move(path)), descriptor_(descriptor), is_named_(is_named), buffer_(buffer_bytes) {}

  std::string path_;
  int descriptor_ = -1;
  bool is_named_ = true;  // and so begins at its byte 0
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
  bool ended_ = false;
};

}  // namespace kelpie::trace::file
