#include "impl/cluster/counter.h"

#include <optional>

#include "impl/machines/lease/lease_rows.h"

namespace kelpie::cluster {

using machines::FactKind;
using store::Outcome;

void Counter::NodeStepped(const machines::LeaseOutputs& outputs) {
  if (outputs.refused) ++summary_.invocations_refused;
  for (const machines::LeaseFact& fact : outputs.facts) {
    switch (fact.kind) {
      case FactKind::kRequest: tracked_[fact.operation] = {}; break;
      case FactKind::kReturn: Returned(fact); break;
      case FactKind::kDismiss:
      case FactKind::kLearnFenced: summary_.stale_replies += tracked_.erase(fact.operation); break;
      case FactKind::kLearnSession: summary_.lapses += fact.lapsed ? 1 : 0; break;
      default: break;
    }
  }
}

void Counter::Returned(const machines::LeaseFact& fact) {
  const auto found = tracked_.find(fact.operation);
  if (found == tracked_.end()) return;
  Tracked& tracked = found->second;
  if (fact.outcome != Outcome::kUnknown) {
    tracked_.erase(found);
    return;
  }
  ++summary_.unknown_outcomes;
  if (tracked.committed) ++summary_.unknown_commits;
  tracked.given_up = true;
  if (!tracked.on_its_way) tracked_.erase(found);
}

void Counter::Lost(const store::OperationId& operation) {
  const auto found = tracked_.find(operation);
  if (found == tracked_.end()) return;
  found->second.on_its_way = false;
  if (found->second.given_up || found->second.orphaned) tracked_.erase(found);
}

void Counter::NodeCrashed(const std::string& node) {
  for (auto& [operation, tracked] : tracked_) {
    if (operation.client == node) tracked.orphaned = true;
  }
  std::erase_if(tracked_, [](const auto& entry) { return entry.second.orphaned && !entry.second.on_its_way; });
}

void Counter::StoreDecided(const store::Transaction& transaction, const store::TransactionReply& reply,
                           const store::Row& lease_before) {
  Tracked& tracked = tracked_.at(transaction.operation);
  if (tracked.given_up || tracked.orphaned) ++summary_.late_landings;
  if (reply.outcome != Outcome::kOk) {
    ++summary_.refusals;
    if (transaction.label == "write") ++summary_.fenced_writes;
    return;
  }
  tracked.committed = true;
  if (tracked.given_up) ++summary_.unknown_commits;
  if (transaction.label == "open") ++summary_.opens;
  if (transaction.label == "renew") ++summary_.renewals;
  if (transaction.label == "release") ++summary_.releases;
  if (transaction.label == "write") ++summary_.writes;
  if (transaction.label == "acquire") {
    ++summary_.grants;
    const std::optional<machines::LeaseRow> lease = machines::DecodeLease(lease_before);
    if (lease && lease->holder != transaction.operation.client) ++summary_.takeovers;
  }
}

}  // namespace kelpie::cluster
