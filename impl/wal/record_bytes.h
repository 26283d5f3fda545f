// Segments and records of the log as bytes. Everything is little endian.
//
//   segment header, 128 bytes                     record header, 24 bytes, then the payload
//    0  8  "KELPWAL\n"                             0  4  CRC32C of all behind it, payload included
//    8  4  format version, 1                       4  4  size of the payload
//   12  4  CRC32C of all behind it                 8  8  number of the record in the log
//   16  8  number of its first record             16  8  `durable`: all records up to that number were
//   24  8  generation                                    durable when this one was written
//   32  8  `durable`, as in a record
//   40  8  checkpoint: records up to it are settled
//   48  4  length of the cluster's name, then the name, then zeros
//
// Behind the last record stand zeros, which are no record: numbers begin at 1. What tells a damaged record from one
// that a crash left half written is `durable` of a record behind it: who wrote that one knew the damaged one to be
// safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kelpie::wal {

inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::size_t kSegmentHeaderBytes = 128;
inline constexpr std::size_t kRecordHeaderBytes = 24;
inline constexpr std::size_t kClusterNameBytesMax = kSegmentHeaderBytes - 52;
inline constexpr std::uint32_t kPayloadBytesMax = 1U << 24U;

struct SegmentHeader {
  std::uint32_t version = kFormatVersion;
  std::uint64_t first = 1;
  std::uint64_t generation = 1;
  std::uint64_t durable = 0;
  std::uint64_t checkpoint = 0;
  std::string cluster;
};

// Requires: a name of at most kClusterNameBytesMax bytes.
[[nodiscard]] std::string Encode(const SegmentHeader& header);
// None: these bytes are no segment's. A newer version is decoded as far as its version.
[[nodiscard]] std::optional<SegmentHeader> DecodeSegment(std::string_view bytes);

struct Record {
  std::uint64_t number = 0;
  std::uint64_t durable = 0;
  std::string_view payload;
};

// Requires: a payload of at most kPayloadBytesMax bytes.
void AppendRecord(const Record& record, std::string& bytes);

// How the checksum of a record is treated. kIgnored is for showing what it is good for.
enum class Checksums : std::uint8_t { kVerified, kIgnored };

// The record at the beginning of the bytes, which its payload points into. None: there is none, or not all of it.
[[nodiscard]] std::optional<Record> DecodeRecord(std::string_view bytes, Checksums checksums = Checksums::kVerified);

// Without a look at the payload: could these bytes begin a record with a number between `first` and `last`?
[[nodiscard]] bool MayBeRecord(std::string_view bytes, std::uint64_t first, std::uint64_t last);

}  // namespace kelpie::wal
