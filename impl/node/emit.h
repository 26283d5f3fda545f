// The one place where events of the lease protocol are made.
//
//   Emitter emitter(names, view, sink);
//   emitter.Fact("n1", fact);                    // a machine's own step
//   emitter.BeforeDecision(transaction, rows);   // the store, around each decision
//   emitter.AfterDecision(transaction, reply, rows);
//   emitter.Crash("n2");                         // the world
//
// RULES (docs/RULES.md). R1, R2: a call is recorded before the transaction leaves, a return
// before anything that depends on it; a machine's facts are handed over before its messages.
// R6: a crash is told by the world, never by the dead. R7: the order of a simulated run is the
// object `world`: every event carries its next version. R8: a commit shows the rows as they
// stand in the store before and after it; a node's step shows what the machine holds.
// Linearization points: a node's step is the processing of its input; a commit is the moment
// the store decides; both lie within one step of the simulated world.
//
// The emitter does not know which bug is planted, judges nothing, and repeats no guard of the
// spec. It remembers the requests under way because the spec's actions name the whole record.
// Memory: O(requests under way).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "impl/machines/lease/lease_types.h"
#include "impl/node/event_writer.h"
#include "impl/node/lease_terms.h"
#include "impl/store/transaction.h"

namespace kelpie::node {

// What the world shows the witness of the lease protocol.
class WorldView : public TrueTime {
 public:
  // Thousandths of a millisecond.
  [[nodiscard]] virtual std::int64_t NodeClock(const std::string& node) const = 0;
  // A row of the store as it stands now.
  [[nodiscard]] virtual store::Row RowAt(const store::Key& key) const = 0;
};

class Emitter {
 public:
  // Requires: the view and the sink outlive the emitter.
  Emitter(LeaseWorldNames names, const WorldView& view, EventSink& sink);

  void Fact(const std::string& node, const machines::LeaseFact& fact);

  void BeforeDecision(const store::Transaction& transaction);
  void AfterDecision(const store::Transaction& transaction, const store::TransactionReply& reply);

  void Crash(const std::string& node);
  void Restart(const std::string& node, std::uint64_t incarnation);
  // The request, or the reply to it, ended on its way. Nothing happens for a mere read.
  void Lost(const store::OperationId& operation);

  [[nodiscard]] std::uint64_t events() const { return writer_.events(); }
  // Requests of the spec's set, as the witness sees it.
  [[nodiscard]] std::size_t requests_under_way() const { return requests_.size(); }

 private:
  struct UnderWay {
    std::string node;
    machines::LeaseRequest request;
    std::string status;
  };
  void AdvanceClock();
  void WriteStep(const Tag& tag, trace::Claim claim);
  void RequestStep(const Tag& tag, const machines::LeaseFact& fact);
  void Forget(trace::Claim& claim, const Tag& tag, const std::string& actor);
  void LearnStep(const Tag& tag, const machines::LeaseFact& fact, const char* action);
  // Nothing to tell when the request has left the spec's set already.
  void Drop(const Tag& tag, const store::OperationId& operation);
  void AddBelief(trace::Claim& claim, const std::string& node, const machines::LeaseFact& fact) const;
  [[nodiscard]] trace::Claim StoreClaim(const UnderWay& under_way, bool incarnation_changed) const;
  [[nodiscard]] std::vector<trace::Read> RowsNow(const UnderWay& under_way) const;
  [[nodiscard]] UnderWay& Find(const store::OperationId& operation);

  LeaseWorldNames names_;
  const WorldView& view_;
  EventWriter writer_;
  std::int64_t clock_ms_ = 0;  // of the last AdvanceClock
  std::map<store::OperationId, UnderWay> requests_;
  std::vector<trace::Read> before_;  // rows ahead of the decision under way
};

}  // namespace kelpie::node
