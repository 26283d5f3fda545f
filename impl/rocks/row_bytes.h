// Rows and commits as the bytes that RocksDB keeps.
//
//   std::string bytes = EncodeRow(row);
//   std::optional<Row> row = DecodeRow(bytes);   // none: these bytes are no row
//
// Format 1, numbers little endian: u8 format, u64 version, u64 incarnation and u64 number of the writer, u32 size and
// text of the writer's client, u8 whether there is a value, the value. RocksDB's own checksums vouch for the bytes;
// what is checked here is that they are of this format.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "impl/store/transaction.h"

namespace kelpie::store {

[[nodiscard]] std::string EncodeRow(const Row& row);
[[nodiscard]] std::optional<Row> DecodeRow(std::string_view bytes);

// What a commit did, for whoever watches: never what it compared or wrote as values.
struct CommitRecord {
  std::uint64_t commit_version = 0;
  OperationId operation;
  std::map<Key, std::uint64_t> versions;  // of the rows that it wrote
  friend bool operator==(const CommitRecord&, const CommitRecord&) = default;
};

// Format 1: as a row up to the writer's client, with the place of the commit as the version; then for each row u32 size
// and text of its key, u64 version.
[[nodiscard]] std::string EncodeCommit(const CommitRecord& commit);
[[nodiscard]] std::optional<CommitRecord> DecodeCommit(std::string_view bytes);

[[nodiscard]] std::string EncodeNumber(std::uint64_t number);  // 8 bytes, little endian
[[nodiscard]] std::optional<std::uint64_t> DecodeNumber(std::string_view bytes);

}  // namespace kelpie::store
