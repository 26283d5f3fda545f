#include "trace/file/frame.h"

#include <isa-l/crc.h>

#include "trace/file/little_endian.h"

namespace kelpie::trace::file {

namespace {

constexpr std::size_t kPayloadCrcAt = 8;
constexpr std::size_t kHeadCrcAt = 12;

}  // namespace

std::uint32_t ChecksumOf(std::string_view bytes) {
  // The library neither inverts its start value nor its result, and takes a non-const pointer
  // that it only reads.
  auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));  // NOLINT
  return ~crc32_iscsi(data, static_cast<int>(bytes.size()), 0xFFFFFFFFU);
}

void AppendFrameHead(std::string& out) { out.append(kFrameHeadBytes, '\0'); }

void CompleteFrame(FrameType type, std::size_t start, std::string& out, std::uint8_t flags) {
  const std::string_view payload = std::string_view(out).substr(start + kFrameHeadBytes);
  char* head = out.data() + start;
  Put32(static_cast<std::uint32_t>(payload.size()), head);
  head[4] = static_cast<char>(type);
  head[5] = static_cast<char>(flags);
  Put32(ChecksumOf(payload), head + kPayloadCrcAt);
  Put32(ChecksumOf({head, kHeadCrcAt}), head + kHeadCrcAt);
}

void AppendFrame(FrameType type, std::string_view payload, std::string& out, std::uint8_t flags) {
  const std::size_t start = out.size();
  AppendFrameHead(out);
  out += payload;
  CompleteFrame(type, start, out, flags);
}

bool ReadFrameHead(std::string_view bytes, FrameHead& out) {
  const char* head = bytes.data();
  if (Get32(head + kHeadCrcAt) != ChecksumOf({head, kHeadCrcAt})) return false;
  out.payload_bytes = Get32(head);
  out.type = static_cast<std::uint8_t>(head[4]);
  out.flags = static_cast<std::uint8_t>(head[5]);
  out.reserved = static_cast<std::uint16_t>(Get32(head + 4) >> 16U);
  out.payload_crc = Get32(head + kPayloadCrcAt);
  return true;
}

}  // namespace kelpie::trace::file
