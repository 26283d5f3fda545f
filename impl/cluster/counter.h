// Turns what nodes and store do into the counts of a RunSummary.
#pragma once

#include <map>
#include <set>
#include <string>

#include "impl/cluster/run_summary.h"
#include "impl/machines/lease/lease_types.h"
#include "impl/store/transaction.h"

namespace kelpie::cluster {

class Counter {
 public:
  void NodeStepped(const machines::LeaseOutputs& outputs);
  void NodeCrashed(const std::string& node);
  // `lease_before`: the row lease/<actor> ahead of an acquire, else empty.
  void StoreDecided(const store::Transaction& transaction, const store::TransactionReply& reply,
                    const store::Row& lease_before);
  RunSummary& summary() { return summary_; }

 private:
  RunSummary summary_;
  std::set<store::OperationId> waited_for_;  // sent, neither answered nor given up
  std::set<store::OperationId> given_up_;    // unknown, or the process is gone
  std::set<store::OperationId> committed_;   // and nobody has been told yet
};

}  // namespace kelpie::cluster
