#include "impl/node/emit.h"

#include <optional>

#include "impl/env/check.h"

namespace kelpie::node {

using machines::FactKind;
using machines::LeaseFact;
using machines::RequestKind;
using trace::Claim;
using trace::UpdateOp;
using trace::Value;

Emitter::Emitter(LeaseWorldNames names, const WorldView& view, EventSink& sink)
    : names_(std::move(names)), view_(view), writer_(kLeaseSpec, view, sink) {}

void Emitter::WriteStep(const Tag& tag, Claim claim) {
  AdvanceClock();
  writer_.Step(tag, std::move(claim));
}

// One step for all the time that passed unseen since the last one.
void Emitter::AdvanceClock() {
  if (view_.TrueMs() == clock_ms_) return;
  clock_ms_ = view_.TrueMs();
  Claim claim = writer_.MakeClaim("AdvanceClock", {{"t", Value::Int(clock_ms_)}});
  AddUpdate(claim, Place("clock", {}), Value::Int(clock_ms_));
  std::vector<Value::Entry> clocks;
  for (const std::string& node : names_.nodes) {
    clocks.emplace_back(NodeTerm(node), Value::Int(view_.NodeClock(node)));
  }
  AddUpdate(claim, Place("nodeClocks", {}), Value::Map(std::move(clocks)));
  writer_.Step(kWorldTag, std::move(claim));
}

Emitter::UnderWay& Emitter::Find(const store::OperationId& operation) {
  const auto found = requests_.find(operation);
  IMPL_CHECK(found != requests_.end(), "no request under way is " + store::ToString(operation));
  return found->second;
}

void Emitter::AddBelief(Claim& claim, const std::string& node, const LeaseFact& fact) const {
  const auto field = [&](const char* name, std::int64_t value) {
    AddUpdate(claim, Place("nodeBeliefs", {NodeTerm(node), Value::String(name)}), Value::Int(value));
  };
  field("incarnation", static_cast<std::int64_t>(fact.belief.incarnation));
  field("session", fact.belief.session);
  field("deadline", fact.belief.deadline_ms);
  field("since", fact.belief.since_ms);
  if (fact.kind == FactKind::kLearnSession) {
    AddUpdate(claim, Place("nodeBeliefs", {NodeTerm(node), Value::String("tokens")}),
              TokensTerm(names_.actors, fact.belief.tokens));
    return;
  }
  for (const auto& [actor, token] : fact.belief.tokens) {
    AddUpdate(claim, Place("nodeBeliefs", {NodeTerm(node), Value::String("tokens"), ActorTerm(actor)}),
              Value::Int(token));
  }
}

void Emitter::Fact(const std::string& node, const LeaseFact& fact) {
  const Tag tag = {node, fact.belief.incarnation};
  switch (fact.kind) {
    case FactKind::kRequest:
      AdvanceClock();
      writer_.Call(tag, fact.operation);
      RequestStep(tag, fact);
      break;
    case FactKind::kObserveSession: {
      Claim claim = writer_.MakeClaim(
          "ObserveSession",
          {{"n", NodeTerm(node)}, {"m", NodeTerm(fact.peer)}, {"version", Value::Int(fact.observed.version)}});
      AddUpdate(claim, Place("observed", {NodeTerm(node), NodeTerm(fact.peer)}), ObservedTerm(fact.observed));
      AddBelief(claim, node, fact);
      WriteStep(tag, std::move(claim));
      break;
    }
    case FactKind::kReturn:
      AdvanceClock();
      writer_.Return(tag, fact.operation, fact.outcome);
      break;
    case FactKind::kLearnSession: LearnStep(tag, fact, "LearnSession"); break;
    case FactKind::kLearnLease: LearnStep(tag, fact, "LearnLease"); break;
    case FactKind::kLearnFenced: LearnStep(tag, fact, "LearnFenced"); break;
    case FactKind::kDismiss: Drop(tag, fact.operation); break;
  }
}

void Emitter::RequestStep(const Tag& tag, const LeaseFact& fact) {
  const machines::LeaseRequest& request = fact.request;
  std::vector<std::pair<std::string, Value>> args = {{"n", NodeTerm(tag.first)}};
  const char* action = "RequestSession";
  if (request.kind == RequestKind::kSession) {
    args.emplace_back("version", Value::Int(request.version));
  } else {
    args.emplace_back("a", ActorTerm(request.actor));
    action = request.kind == RequestKind::kWrite     ? "RequestWrite"
             : request.kind == RequestKind::kRelease ? "RequestRelease"
                                                     : "RequestLease";
  }
  if (request.kind == RequestKind::kAcquire) {
    args.emplace_back("token", Value::Int(request.token));
    args.emplace_back("holder", NodeTerm(request.holder.empty() ? kNoHolder : request.holder));
  }
  Claim claim = writer_.MakeClaim(action, std::move(args));
  if (request.kind == RequestKind::kAcquire) Forget(claim, tag, request.actor);
  AddUpdate(claim, Place("requests", {}), RequestTerm(tag.first, request, "sent"), UpdateOp::kAdd);
  AddBelief(claim, tag.first, fact);
  const bool inserted = requests_.emplace(fact.operation, UnderWay{tag.first, request, "sent"}).second;
  IMPL_CHECK(inserted, "operation id used twice: " + store::ToString(fact.operation));
  WriteStep(tag, std::move(claim));
}

// Asking for an actor again gives up every grant of this process that it has not learned.
void Emitter::Forget(Claim& claim, const Tag& tag, const std::string& actor) {
  for (auto it = requests_.begin(); it != requests_.end();) {
    const UnderWay& u = it->second;
    const bool unlearned = u.request.kind == RequestKind::kAcquire && u.status == "done" && u.node == tag.first &&
                           u.request.incarnation == tag.second && u.request.actor == actor;
    if (!unlearned) {
      ++it;
      continue;
    }
    AddUpdate(claim, Place("requests", {}), RequestTerm(u.node, u.request, u.status), UpdateOp::kRemove);
    it = requests_.erase(it);
  }
}

void Emitter::LearnStep(const Tag& tag, const LeaseFact& fact, const char* action) {
  const UnderWay under_way = Find(fact.operation);
  const Value request = RequestTerm(under_way.node, under_way.request, under_way.status);
  std::vector<std::pair<std::string, Value>> args = {{"n", NodeTerm(tag.first)}};
  if (!fact.actor.empty()) args.emplace_back("a", ActorTerm(fact.actor));
  args.emplace_back("request", request);
  Claim claim = writer_.MakeClaim(action, std::move(args));
  AddUpdate(claim, Place("requests", {}), request, UpdateOp::kRemove);
  AddBelief(claim, tag.first, fact);
  requests_.erase(fact.operation);
  WriteStep(tag, std::move(claim));
}

void Emitter::Drop(const Tag& tag, const store::OperationId& operation) {
  if (!requests_.contains(operation)) return;
  const UnderWay under_way = Find(operation);
  const Value request = RequestTerm(under_way.node, under_way.request, under_way.status);
  Claim claim = writer_.MakeClaim("DropMessage", {{"n", NodeTerm(under_way.node)}, {"request", request}});
  AddUpdate(claim, Place("requests", {}), request, UpdateOp::kRemove);
  requests_.erase(operation);
  WriteStep(tag, std::move(claim));
}

void Emitter::Lost(const store::OperationId& operation) { Drop(kWorldTag, operation); }

void Emitter::Crash(const std::string& node) {
  Claim claim = writer_.MakeClaim("NodeCrash", {{"n", NodeTerm(node)}});
  AddUpdate(claim, Place("nodeActuallyAlive", {NodeTerm(node)}), Value::Bool(false));
  WriteStep(kWorldTag, std::move(claim));
}

void Emitter::Restart(const std::string& node, std::uint64_t incarnation) {
  Claim claim = writer_.MakeClaim("NodeRestart", {{"n", NodeTerm(node)}});
  AddUpdate(claim, Place("nodeActuallyAlive", {NodeTerm(node)}), Value::Bool(true));
  AddUpdate(claim, Place("nodeBeliefs", {NodeTerm(node), Value::String("incarnation")}),
            Value::Int(static_cast<std::int64_t>(incarnation)));
  WriteStep(kWorldTag, std::move(claim));
}

// The rows a request can have to do with, as they stand in the store.
std::vector<trace::Read> Emitter::RowsNow(const UnderWay& under_way) const {
  if (under_way.request.kind == RequestKind::kSession) {
    return {{Place("sessions", {NodeTerm(under_way.node)}),
             SessionTerm(view_.RowAt(machines::SessionKey(under_way.node)))}};
  }
  const std::string& actor = under_way.request.actor;
  return {{Place("leases", {ActorTerm(actor)}), LeaseTerm(view_.RowAt(machines::LeaseKey(actor)))},
          {Place("fencingTokens", {ActorTerm(actor)}), CounterTerm(view_.RowAt(machines::TokenKey(actor)))},
          {Place("writes", {ActorTerm(actor)}), WriteTerm(view_.RowAt(machines::StateKey(actor)))}};
}

void Emitter::BeforeDecision(const store::Transaction& transaction) { before_ = RowsNow(Find(transaction.operation)); }

Claim Emitter::StoreClaim(const UnderWay& under_way, bool incarnation_changed) const {
  std::vector<std::pair<std::string, Value>> args = {{"n", NodeTerm(under_way.node)}};
  const machines::LeaseRequest& request = under_way.request;
  const char* action = incarnation_changed ? "OpenSession" : "RenewSession";
  if (request.kind != RequestKind::kSession) {
    args.emplace_back("a", ActorTerm(request.actor));
    action = request.kind == RequestKind::kAcquire   ? "AcquireLease"
             : request.kind == RequestKind::kRelease ? "ReleaseLease"
                                                     : "CommitWrite";
  }
  if (request.kind == RequestKind::kWrite) args.emplace_back("token", Value::Int(request.token));
  args.emplace_back("request", RequestTerm(under_way.node, request, under_way.status));
  return writer_.MakeClaim(action, std::move(args));
}

void Emitter::AfterDecision(const store::Transaction& transaction, const store::TransactionReply& reply) {
  UnderWay& under_way = Find(transaction.operation);
  const std::vector<trace::Read> after = RowsNow(under_way);
  const Value sent = RequestTerm(under_way.node, under_way.request, under_way.status);
  Claim claim;
  if (reply.outcome == store::Outcome::kOk) {
    const auto incarnation = [](const trace::Read& read) { return read.value.fields().front().second; };
    const bool session = under_way.request.kind == RequestKind::kSession;
    claim = StoreClaim(under_way, session && !(incarnation(before_.front()) == incarnation(after.front())));
    under_way.status = "done";
  } else {
    claim = writer_.MakeClaim("RefuseRequest", {{"n", NodeTerm(under_way.node)}, {"request", sent}});
    under_way.status = "refused";
  }
  claim.reads = before_;
  for (const trace::Read& row : after) AddUpdate(claim, row.location, row.value);
  AddUpdate(claim, Place("requests", {}), sent, UpdateOp::kRemove);
  AddUpdate(claim, Place("requests", {}), RequestTerm(under_way.node, under_way.request, under_way.status),
            UpdateOp::kAdd);
  WriteStep(kStoreTag, std::move(claim));
}

}  // namespace kelpie::node
