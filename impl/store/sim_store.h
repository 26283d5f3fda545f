// The simulated form: one linearizable service, reached by messages.
//
//   SimStore store(network);
//   store.OnDecided([&](const Decision& d) { witness.Store(d); });
//
// A request takes effect when it arrives, if it arrives; its reply then has a way of its own
// to go. So a client meets all three outcomes: a reply, or silence that may mean lost, late,
// or done with the reply lost.
#pragma once

#include <functional>
#include <utility>

#include "impl/sim/network.h"
#include "impl/store/store.h"

namespace kelpie::store {

// One transaction at the point where it was decided, with the rows as they were read back.
struct Decision {
  const Transaction& transaction;
  const TransactionReply& reply;
};

class SimStore {
 public:
  using DecisionHook = std::function<void(const Decision& decision)>;

  explicit SimStore(sim::Network& network, Limits limits = {});

  // `before` runs ahead of each commit and `after` at it, before the reply leaves: what the
  // witness reads with RowAt() is the table before and after that one transaction.
  void OnDecided(std::function<void(const Transaction&)> before, DecisionHook after);
  [[nodiscard]] const MemoryStore& table() const { return table_; }
  // For tests that change a row behind the machines' backs.
  [[nodiscard]] MemoryStore& table() { return table_; }

 private:
  void Receive(const std::string& from, const env::MessagePtr& message);

  sim::Network& network_;
  MemoryStore table_;
  std::function<void(const Transaction&)> before_;
  DecisionHook after_;
};

}  // namespace kelpie::store
