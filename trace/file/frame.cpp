#include "trace/file/frame.h"

#include <isa-l/crc.h>

namespace kelpie::trace::file {

namespace {

constexpr std::size_t kPayloadCrcAt = 8;
constexpr std::size_t kHeadCrcAt = 12;

void Put32(std::uint32_t value, char* at) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<char>((value >> (8 * i)) & 0xFFU);
}

std::uint32_t Get32(const char* at) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value |= static_cast<std::uint32_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  return value;
}

}  // namespace

std::uint32_t ChecksumOf(std::string_view bytes) {
  // The library neither inverts its start value nor its result, and takes a non-const pointer
  // that it only reads.
  auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));  // NOLINT
  return ~crc32_iscsi(data, static_cast<int>(bytes.size()), 0xFFFFFFFFU);
}

void AppendFrameHead(std::string& out) { out.append(kFrameHeadBytes, '\0'); }

void CompleteFrame(FrameType type, std::size_t start, std::string& out) {
  const std::string_view payload = std::string_view(out).substr(start + kFrameHeadBytes);
  char* head = out.data() + start;
  Put32(static_cast<std::uint32_t>(payload.size()), head);
  head[4] = static_cast<char>(type);
  Put32(ChecksumOf(payload), head + kPayloadCrcAt);
  Put32(ChecksumOf({head, kHeadCrcAt}), head + kHeadCrcAt);
}

void AppendFrame(FrameType type, std::string_view payload, std::string& out) {
  const std::size_t start = out.size();
  AppendFrameHead(out);
  out += payload;
  CompleteFrame(type, start, out);
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
