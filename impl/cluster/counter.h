// Turns what nodes and store do into the counts of a RunSummary.
#pragma once

#include <map>
#include <string>

#include "impl/cluster/run_summary.h"
#include "impl/machines/lease/lease_types.h"
#include "impl/store/transaction.h"

namespace kelpie::cluster {

class Counter {
 public:
  void NodeStepped(const machines::LeaseOutputs& outputs);
  // The request, or the reply to it, will not arrive.
  void Lost(const store::OperationId& operation);
  void NodeCrashed(const std::string& node);
  // `lease_before`: the row lease/<actor> ahead of an acquire, else empty.
  void StoreDecided(const store::Transaction& transaction, const store::TransactionReply& reply,
                    const store::Row& lease_before);
  RunSummary& summary() { return summary_; }

 private:
  // A transaction that somebody waits for, or that is still on its way.
  struct Tracked {
    bool on_its_way = true;  // the request, or the reply to it
    bool given_up = false;   // its process returned unknown
    bool orphaned = false;   // its process died
    bool committed = false;
  };
  void Returned(const machines::LeaseFact& fact);

  RunSummary summary_;
  std::map<store::OperationId, Tracked> tracked_;
};

}  // namespace kelpie::cluster
