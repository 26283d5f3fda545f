// Frames of a .ktrace file; trace/file/FORMAT.md is the page, this is its constants and its two halves.
//
//   AppendFrame(FrameType::kEvent, payload, out);
//   FrameHead head;
//   if (ReadFrameHead(bytes, head)) ...             // then ChecksumOf(payload) == head.payload_crc
//
// Integers are little-endian. Invariant: a head whose own checksum is right has the length
// that was written, so a payload that then ends early was cut and not changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kelpie::trace::file {

// First bytes of the file. Not ASCII, so that no text file begins so; a line feed, so that a
// transfer in text mode shows.
inline constexpr std::string_view kMagic = "\x89KTRACE\n";

inline constexpr std::size_t kFrameHeadBytes = 16;
inline constexpr std::size_t kTrailerBytes = kFrameHeadBytes + 8;

enum class FrameType : std::uint8_t {
  kHeader = 1,   // payload: trace.proto Header; the first frame, and no other
  kEvent = 2,    // payload: trace.proto Event
  kBlock = 3,    // payload: compressed events, frame_block.h
  kIndex = 4,    // payload: frame_index.h; skippable
  kTrailer = 5,  // payload: 8 bytes, where the index frame begins; skippable, the last frame
};

// Set: a reader that does not know the type may go on behind the frame. Clear: it must not.
inline constexpr std::uint8_t kFlagSkippable = 0x80;

struct FrameHead {
  std::uint32_t payload_bytes = 0;
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint16_t reserved = 0;
  std::uint32_t payload_crc = 0;
};

// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of the bytes.
[[nodiscard]] std::uint32_t ChecksumOf(std::string_view bytes);

// Appends head and payload. Requires: payload.size() < 2^32.
void AppendFrame(FrameType type, std::string_view payload, std::string& out, std::uint8_t flags = 0);

// Two halves of AppendFrame, for payloads that are encoded in place: reserve the head, append
// the payload, then complete the frame that began at `start`.
void AppendFrameHead(std::string& out);
void CompleteFrame(FrameType type, std::size_t start, std::string& out, std::uint8_t flags = 0);

// Requires: bytes.size() >= kFrameHeadBytes. False: the head's own checksum is wrong.
[[nodiscard]] bool ReadFrameHead(std::string_view bytes, FrameHead& out);

}  // namespace kelpie::trace::file
