// Compressed blocks of events in a .ktrace file; the door to zstd.
//
//   BlockBuilder builder(level);
//   AppendEvent(event, builder.BeginEvent()); builder.EndEvent();
//   builder.AppendTo(out);                            // a payload of type kBlock; begins anew
//
//   BlockReader reader;
//   Status status = reader.Open(payload, bytes_max);  // unpacks
//   while (reader.Next(event_bytes)) ...
//
// Invariants: unpacking writes at most bytes_max bytes, whatever the payload says of itself;
// a block is refused as a whole when it is not exactly what its head states.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "trace/value/result.h"

namespace kelpie::trace::file {

// Events in the block and bytes of them unpacked, each as u32.
inline constexpr std::size_t kBlockHeadBytes = 8;

class BlockBuilder {
 public:
  explicit BlockBuilder(int level);
  BlockBuilder(BlockBuilder&&) noexcept;
  BlockBuilder& operator=(BlockBuilder&&) noexcept;
  ~BlockBuilder();

  // Where to append the bytes of one event, which EndEvent completes and CancelEvent takes back.
  [[nodiscard]] std::string& BeginEvent();
  void EndEvent();
  void CancelEvent() { events_.resize(start_); }

  [[nodiscard]] std::size_t size_bytes() const { return events_.size(); }
  [[nodiscard]] std::uint32_t event_count() const { return count_; }
  // False: the library refused, which needs memory that is not there.
  [[nodiscard]] bool AppendTo(std::string& out);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  int level_;
  std::string events_;
  std::size_t start_ = 0;
  std::uint32_t count_ = 0;
};

class BlockReader {
 public:
  BlockReader();
  ~BlockReader();

  // kBadBlock, kTooLong. The payload is not needed afterwards.
  [[nodiscard]] Status Open(std::string_view payload, std::size_t bytes_max);
  // The next event's bytes, valid until the next Open; false behind the last.
  [[nodiscard]] bool Next(std::string_view& event);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  std::vector<char> buffer_;
  std::string_view rest_;
};

}  // namespace kelpie::trace::file
