// The contract of every store, and the form that lives in memory.
//
//   MemoryStore store;
//   TransactionReply reply = store.Commit(transaction);
//   ReadReply rows = store.Read({operation, {"lease/a1", "token/a1"}});
//
// Commit and Read are each one point of one order (serializable and linearizable). A commit is
// all or nothing, and is accepted if and only if each compared key has the compared version.
// A commit is never applied twice for one call; the caller never repeats an operation id.
#pragma once

#include <cstdint>
#include <functional>

#include "impl/store/transaction.h"

namespace kelpie::store {

class Store {
 public:
  virtual ~Store() = default;
  [[nodiscard]] virtual TransactionReply Commit(const Transaction& transaction) = 0;
  [[nodiscard]] virtual ReadReply Read(const ReadRequest& request) = 0;
};

// Well formed and within the limits, for every form of the store.
[[nodiscard]] Refusal Validate(const Transaction& transaction, const Limits& limits);

// The part of a commit that is the same in every form: failed when the transaction is not valid or a compared key has
// another version than it says, ok otherwise. A reply that is ok has no place and no versions yet.
[[nodiscard]] TransactionReply CompareVersions(const Transaction& transaction, const Limits& limits,
                                               const std::function<std::uint64_t(const Key&)>& version_of);

// One table in memory, one thread. Outcomes are ok and failed, never unknown.
// O(operations * log keys).
class MemoryStore final : public Store {
 public:
  explicit MemoryStore(Limits limits = {}) : limits_(limits) {}

  TransactionReply Commit(const Transaction& transaction) override;
  // More keys than Limits::operations_max: failed, no rows.
  ReadReply Read(const ReadRequest& request) override;

  [[nodiscard]] Row RowAt(const Key& key) const;
  [[nodiscard]] std::uint64_t commit_version() const { return commit_version_; }

 private:
  Limits limits_;
  Rows rows_;
  std::uint64_t commit_version_ = 0;
};

}  // namespace kelpie::store
