#include "impl/rocks/row_bytes.h"

#include <utility>

namespace kelpie::store {
namespace {

constexpr char kFormat = 1;
constexpr std::size_t kFixedBytes = 8 + 8 + 8 + 4;  // behind the format

void PutNumber(std::string& bytes, std::uint64_t number, int size_bytes) {
  for (int i = 0; i < size_bytes; ++i) bytes.push_back(static_cast<char>((number >> (8 * i)) & 0xFFU));
}

// Takes from the front of `bytes`; none when there is too little.
std::optional<std::uint64_t> TakeNumber(std::string_view& bytes, std::size_t size_bytes) {
  if (bytes.size() < size_bytes) return std::nullopt;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size_bytes; ++i) {
    number |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  bytes.remove_prefix(size_bytes);
  return number;
}

struct Head {
  std::uint64_t version = 0;
  OperationId operation;
};

std::string EncodeHead(std::uint64_t version, const OperationId& operation) {
  std::string bytes(1, kFormat);
  PutNumber(bytes, version, 8);
  PutNumber(bytes, operation.incarnation, 8);
  PutNumber(bytes, operation.number, 8);
  PutNumber(bytes, operation.client.size(), 4);
  return bytes + operation.client;
}

std::optional<Head> TakeHead(std::string_view& bytes) {
  if (bytes.size() < 1 + kFixedBytes || bytes.front() != kFormat) return std::nullopt;
  bytes.remove_prefix(1);
  Head head;
  head.version = *TakeNumber(bytes, 8);
  head.operation.incarnation = *TakeNumber(bytes, 8);
  head.operation.number = *TakeNumber(bytes, 8);
  const std::uint64_t client_size = *TakeNumber(bytes, 4);
  if (bytes.size() < client_size) return std::nullopt;
  head.operation.client = bytes.substr(0, client_size);
  bytes.remove_prefix(client_size);
  return head;
}

}  // namespace

std::string EncodeNumber(std::uint64_t number) {
  std::string bytes;
  PutNumber(bytes, number, 8);
  return bytes;
}

std::optional<std::uint64_t> DecodeNumber(std::string_view bytes) {
  const std::optional<std::uint64_t> number = TakeNumber(bytes, 8);
  return bytes.empty() ? number : std::nullopt;
}

std::string EncodeRow(const Row& row) {
  std::string bytes = EncodeHead(row.version, row.writer);
  bytes.push_back(row.value ? 1 : 0);
  if (row.value) bytes += *row.value;
  return bytes;
}

std::optional<Row> DecodeRow(std::string_view bytes) {
  std::optional<Head> head = TakeHead(bytes);
  if (!head || bytes.empty()) return std::nullopt;
  Row row{head->version, std::nullopt, std::move(head->operation)};
  const char has_value = bytes.front();
  bytes.remove_prefix(1);
  if (has_value == 1) {
    row.value = std::string(bytes);
  } else if (has_value != 0 || !bytes.empty()) {
    return std::nullopt;
  }
  return row;
}

std::string EncodeCommit(const CommitRecord& commit) {
  std::string bytes = EncodeHead(commit.commit_version, commit.operation);
  for (const auto& [key, version] : commit.versions) {
    PutNumber(bytes, key.size(), 4);
    bytes += key;
    PutNumber(bytes, version, 8);
  }
  return bytes;
}

std::optional<CommitRecord> DecodeCommit(std::string_view bytes) {
  std::optional<Head> head = TakeHead(bytes);
  if (!head) return std::nullopt;
  CommitRecord commit{head->version, std::move(head->operation), {}};
  while (!bytes.empty()) {
    const auto size = TakeNumber(bytes, 4);
    if (!size || bytes.size() < *size) return std::nullopt;
    Key key(bytes.substr(0, *size));
    bytes.remove_prefix(*size);
    const auto version = TakeNumber(bytes, 8);
    if (!version || !commit.versions.emplace(std::move(key), *version).second) return std::nullopt;
  }
  return commit;
}

}  // namespace kelpie::store
