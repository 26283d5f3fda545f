#include "impl/wal/record_bytes.h"

#include <isa-l/crc.h>

#include <cstring>

#include "impl/env/check.h"

namespace kelpie::wal {
namespace {

constexpr std::string_view kMagic = "KELPWAL\n";

template <typename Number>
void Put(Number number, char* at) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) at[i] = static_cast<char>(number >> (8 * i));
}

template <typename Number>
Number Get(const char* at) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    number |= static_cast<Number>(static_cast<Number>(static_cast<unsigned char>(at[i])) << (8 * i));
  return number;
}

// CRC32C (Castagnoli), as RFC 3720 has it.
std::uint32_t Crc(std::string_view bytes) {
  // The library takes a pointer to bytes that it does not change.
  auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  return ~crc32_iscsi(data, static_cast<int>(bytes.size()), ~0U);
}

}  // namespace

std::string Encode(const SegmentHeader& header) {
  IMPL_CHECK(header.cluster.size() <= kClusterNameBytesMax, "a longer name of a cluster: " + header.cluster);
  std::string bytes(kSegmentHeaderBytes, '\0');
  std::memcpy(bytes.data(), kMagic.data(), kMagic.size());
  Put(header.version, &bytes[8]);
  Put(header.first, &bytes[16]);
  Put(header.generation, &bytes[24]);
  Put(header.durable, &bytes[32]);
  Put(header.checkpoint, &bytes[40]);
  Put(static_cast<std::uint32_t>(header.cluster.size()), &bytes[48]);
  std::memcpy(&bytes[52], header.cluster.data(), header.cluster.size());
  Put(Crc(std::string_view(bytes).substr(16)), &bytes[12]);
  return bytes;
}

std::optional<SegmentHeader> DecodeSegment(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes || bytes.substr(0, kMagic.size()) != kMagic) return std::nullopt;
  bytes = bytes.substr(0, kSegmentHeaderBytes);
  SegmentHeader header;
  header.version = Get<std::uint32_t>(&bytes[8]);
  if (header.version > kFormatVersion) return header;
  if (Crc(bytes.substr(16)) != Get<std::uint32_t>(&bytes[12])) return std::nullopt;
  const auto name_size = Get<std::uint32_t>(&bytes[48]);
  if (name_size > kClusterNameBytesMax) return std::nullopt;
  header.first = Get<std::uint64_t>(&bytes[16]);
  header.generation = Get<std::uint64_t>(&bytes[24]);
  header.durable = Get<std::uint64_t>(&bytes[32]);
  header.checkpoint = Get<std::uint64_t>(&bytes[40]);
  header.cluster = bytes.substr(52, name_size);
  return header;
}

void AppendRecord(const Record& record, std::string& bytes) {
  IMPL_CHECK(record.payload.size() <= kPayloadBytesMax, "a payload beyond the format");
  const std::size_t begin = bytes.size();
  bytes.resize(begin + kRecordHeaderBytes);
  bytes.append(record.payload);
  char* at = bytes.data() + begin;
  Put(static_cast<std::uint32_t>(record.payload.size()), at + 4);
  Put(record.number, at + 8);
  Put(record.durable, at + 16);
  Put(Crc(std::string_view(bytes).substr(begin + 4)), at);
}

std::optional<Record> DecodeRecord(std::string_view bytes, Checksums checksums) {
  if (bytes.size() < kRecordHeaderBytes) return std::nullopt;
  const auto size = Get<std::uint32_t>(&bytes[4]);
  Record record;
  record.number = Get<std::uint64_t>(&bytes[8]);
  if (record.number == 0 || size > bytes.size() - kRecordHeaderBytes) return std::nullopt;
  record.durable = Get<std::uint64_t>(&bytes[16]);
  record.payload = bytes.substr(kRecordHeaderBytes, size);
  const std::string_view covered = bytes.substr(4, kRecordHeaderBytes - 4 + size);
  if (checksums == Checksums::kVerified && Crc(covered) != Get<std::uint32_t>(bytes.data())) return std::nullopt;
  return record;
}

bool MayBeRecord(std::string_view bytes, std::uint64_t first, std::uint64_t last) {
  if (bytes.size() < kRecordHeaderBytes) return false;
  const auto number = Get<std::uint64_t>(&bytes[8]);
  return number >= first && number <= last;
}

}  // namespace kelpie::wal
