#include <set>

#include "impl/store/store.h"

namespace kelpie::store {

Refusal Validate(const Transaction& transaction, const Limits& limits) {
  if (transaction.compares.empty() && transaction.writes.empty()) return Refusal::kEmpty;
  if (transaction.compares.size() + transaction.writes.size() > limits.operations_max) return Refusal::kTooMany;
  if (SizeBytes(transaction) > limits.size_bytes_max) return Refusal::kTooLarge;
  std::set<Key> written;
  for (const Write& write : transaction.writes) {
    if (!written.insert(write.key).second) return Refusal::kWrittenTwice;
  }
  return Refusal::kNone;
}

Row MemoryStore::RowAt(const Key& key) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? Row{} : found->second;
}

TransactionReply CompareVersions(const Transaction& transaction, const Limits& limits,
                                 const std::function<std::uint64_t(const Key&)>& version_of) {
  TransactionReply reply{.operation = transaction.operation, .outcome = Outcome::kFailed};
  reply.refusal = Validate(transaction, limits);
  if (reply.refusal != Refusal::kNone) return reply;
  for (const Compare& compare : transaction.compares) {
    if (version_of(compare.key) != compare.version) reply.conflicts.push_back(compare.key);
  }
  if (reply.conflicts.empty()) {
    reply.outcome = Outcome::kOk;
  } else {
    reply.refusal = Refusal::kConflict;
  }
  return reply;
}

TransactionReply MemoryStore::Commit(const Transaction& transaction) {
  TransactionReply reply = CompareVersions(transaction, limits_, [this](const Key& key) { return RowAt(key).version; });
  if (reply.outcome != Outcome::kOk) return reply;
  reply.commit_version = ++commit_version_;
  for (const Write& write : transaction.writes) {
    Row& row = rows_[write.key];
    ++row.version;
    row.value = write.value;
    row.writer = transaction.operation;
    reply.versions[write.key] = row.version;
  }
  return reply;
}

ReadReply MemoryStore::Read(const ReadRequest& request) {
  ReadReply reply{.operation = request.operation, .outcome = Outcome::kFailed};
  if (request.keys.size() > limits_.operations_max) return reply;
  reply.outcome = Outcome::kOk;
  for (const Key& key : request.keys) reply.rows[key] = RowAt(key);
  return reply;
}

}  // namespace kelpie::store
