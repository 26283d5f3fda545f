// The protobuf wire format, field by field, over bytes that stay where they are.
//
//   WireReader in(bytes);
//   while (in.Next()) {
//     if (in.tag() == WireReader::Tag(kSeqField, WireType::kVarint)) seq = in.Varint(); else in.Skip();
//   }
//   if (in.failed()) ...
//
// Why not the generated parser: it builds a tree of messages first, which costs more than all
// else in reading a trace. Tests hold what is read here to what the generated code reads.
// Invariants: the position never leaves the bytes; after a failure Next is false. Source of
// the format: "Encoding", protobuf.dev.
#pragma once

#include <cstdint>
#include <string_view>

namespace kelpie::trace {

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // Goes to the next field; false at the end, and on a failure.
  bool Next() {
    if (at_ == end_ || failed_) return false;
    tag_ = ReadVarint();
    constexpr std::uint64_t kTagMax = UINT32_MAX;
    if (tag_ < 8 || tag_ > kTagMax) failed_ = true;
    return !failed_;
  }

  // Field and type in one number, to switch over.
  [[nodiscard]] static constexpr std::uint64_t Tag(int field, WireType type) {
    return static_cast<std::uint64_t>(field) << 3U | static_cast<std::uint64_t>(type);
  }
  [[nodiscard]] std::uint64_t tag() const { return tag_; }
  [[nodiscard]] bool Is(int field, WireType type) const { return tag_ == Tag(field, type); }
  [[nodiscard]] bool failed() const { return failed_; }

  // Require: the field has that type. Zero or empty on a failure.
  std::uint64_t Varint() { return ReadVarint(); }
  std::int64_t ZigZag() {
    const std::uint64_t value = ReadVarint();
    return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1));
  }
  std::string_view Bytes() {
    const std::uint64_t size = ReadVarint();
    if (failed_ || size > static_cast<std::uint64_t>(end_ - at_)) {
      failed_ = true;
      return {};
    }
    const std::string_view bytes(at_, size);
    at_ += size;
    return bytes;
  }

  // Passes over the field, whatever it is. Groups, which proto3 does not have, are a failure.
  void Skip() {
    switch (static_cast<WireType>(tag_ & 7U)) {
      case WireType::kVarint: ReadVarint(); return;
      case WireType::kBytes: Bytes(); return;
      case WireType::kFixed64: Advance(8); return;
      case WireType::kFixed32: Advance(4); return;
    }
    failed_ = true;
  }

 private:
  void Advance(std::ptrdiff_t count) {
    if (end_ - at_ < count) {
      failed_ = true;
    } else {
      at_ += count;
    }
  }

  std::uint64_t ReadVarint() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) return static_cast<unsigned char>(*at_++);
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) break;
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return value;
    }
    failed_ = true;
    return 0;
  }

  const char* at_;
  const char* end_;
  std::uint64_t tag_ = 0;
  bool failed_ = false;
};

}  // namespace kelpie::trace
