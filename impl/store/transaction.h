// What a store is asked and what it answers. The store knows keys, versions and bytes; what
// they mean is known to the machine that builds a transaction.
//
//   Transaction t{.operation = {"n1", 1, 7}};
//   t.compares = {{"token/a1", 3}};                 // still as I read it
//   t.writes = {{"lease/a1", "1 holder=n1 .."}, {"token/a1", "1 counter=4"}};
//
// VERSIONS. A key never written has version 0. Each accepted write, a tombstone too, makes the
// key's version one larger; no key ever goes back. Transactions compare by equality of the
// version and of nothing else, so an accepted transaction has read what it compared.
// OUTCOMES. ok; failed: certainly never happened and never will; unknown: may have happened or
// may still happen. Unknown is settled only by finding one's operation as the writer of a row,
// or by committing a transaction that changes a key which the unknown one compares.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kelpie::store {

using Key = std::string;

// Who asked, and which of its requests it was. Unique in a run.
struct OperationId {
  std::string client;
  std::uint64_t incarnation = 0;
  std::uint64_t number = 0;
  friend auto operator<=>(const OperationId&, const OperationId&) = default;
  friend bool operator==(const OperationId&, const OperationId&) = default;
};
[[nodiscard]] std::string ToString(const OperationId& operation);  // "n1.1.7"

struct Row {
  std::uint64_t version = 0;
  std::optional<std::string> value;  // none: never written, or a tombstone
  OperationId writer;                // of the last write
  friend bool operator==(const Row&, const Row&) = default;
};
using Rows = std::map<Key, Row>;

struct Compare {
  Key key;
  std::uint64_t version = 0;
};

struct Write {
  Key key;
  std::optional<std::string> value;  // none: a tombstone
};

struct Transaction {
  OperationId operation;
  std::string label;  // for people and for the witness; the store does not read it
  std::vector<Compare> compares;
  std::vector<Write> writes;
};

struct Limits {
  std::size_t operations_max = 100;        // compares and writes together; keys of a read
  std::size_t size_bytes_max = 1U << 20U;  // keys and values together
};
[[nodiscard]] std::size_t SizeBytes(const Transaction& transaction);

enum class Outcome : std::uint8_t { kOk, kFailed, kUnknown };

enum class Refusal : std::uint8_t {
  kNone,
  kConflict,      // a compared key has another version
  kTooMany,       // beyond Limits::operations_max
  kTooLarge,      // beyond Limits::size_bytes_max
  kWrittenTwice,  // two writes of one key
  kEmpty,         // neither a compare nor a write
  kUnavailable,   // the store has failed and takes nothing any more
};
[[nodiscard]] const char* ToString(Refusal refusal);

struct TransactionReply {
  OperationId operation;
  Outcome outcome = Outcome::kUnknown;
  Refusal refusal = Refusal::kNone;       // of a failed one
  std::uint64_t commit_version = 0;       // of one that is ok: its place in the order of commits
  std::vector<Key> conflicts;             // compared keys with another version, in the order given
  std::map<Key, std::uint64_t> versions;  // of one that is ok: the versions of the keys it wrote
};

// Point reads, all answered at one point of the order of commits.
struct ReadRequest {
  OperationId operation;
  std::vector<Key> keys;
};

struct ReadReply {
  OperationId operation;
  Outcome outcome = Outcome::kUnknown;
  Rows rows;  // one for each key asked for
};

}  // namespace kelpie::store
