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
      case FactKind::kRequest: waited_for_.insert(fact.operation); break;
      case FactKind::kReturn:
        waited_for_.erase(fact.operation);
        if (fact.outcome == Outcome::kUnknown) {
          ++summary_.unknown_outcomes;
          if (committed_.erase(fact.operation) > 0) ++summary_.unknown_commits;
          given_up_.insert(fact.operation);
        }
        committed_.erase(fact.operation);
        break;
      case FactKind::kDismiss:
        if (given_up_.erase(fact.operation) > 0) ++summary_.stale_replies;
        break;
      case FactKind::kLearnSession:
        // A session that was confirmed before and lapsed since has a new beginning.
        if (fact.lapsed) ++summary_.lapses;
        break;
      default: break;
    }
  }
}

void Counter::NodeCrashed(const std::string& node) {
  for (auto it = waited_for_.begin(); it != waited_for_.end();) {
    if (it->client != node) {
      ++it;
      continue;
    }
    given_up_.insert(*it);
    committed_.erase(*it);
    it = waited_for_.erase(it);
  }
}

void Counter::StoreDecided(const store::Transaction& transaction, const store::TransactionReply& reply,
                           const store::Row& lease_before) {
  const bool given_up = given_up_.contains(transaction.operation);
  if (given_up) ++summary_.late_landings;
  if (reply.outcome != Outcome::kOk) {
    ++summary_.refusals;
    if (transaction.label == "write") ++summary_.fenced_writes;
    return;
  }
  if (given_up)
    ++summary_.unknown_commits;
  else
    committed_.insert(transaction.operation);
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
