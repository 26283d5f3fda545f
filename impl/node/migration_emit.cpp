#include "impl/node/migration_emit.h"

#include "impl/env/check.h"
#include "impl/machines/migration/migration_rows.h"
#include "impl/node/lease_terms.h"

namespace kelpie::node {

using machines::MigrationAction;
using machines::MigrationFact;
using machines::MigrationFactKind;
using machines::MigrationRequest;
using trace::Claim;
using trace::Value;

namespace {

Value Count(std::uint64_t count) { return Value::Int(static_cast<std::int64_t>(count)); }
Value NodeOrNone(const std::string& node) { return NodeTerm(node.empty() ? kNoHolder : node); }

Value ActivationTerm(const machines::Activation& held) {
  return Value::Record(
      {{"active", Value::Bool(held.is_active)}, {"token", Value::Int(held.token)}, {"version", Count(held.version)}});
}

Value StateTerm(const store::Row& row) {
  const machines::ActorStateRow state = machines::DecodeActorState(row);
  return Value::Record({{"version", Count(state.version)}, {"token", Value::Int(state.token)}});
}

Value JournalTerm(const store::Row& row) {
  const machines::JournalRow journal = machines::DecodeJournal(row);
  return Value::Record({{"id", Count(journal.id)},
                        {"phase", Value::String(ToString(journal.phase))},
                        {"source", NodeOrNone(journal.source)},
                        {"target", NodeOrNone(journal.target)},
                        {"incarnation", Count(journal.incarnation)},
                        {"token", Value::Int(journal.token)},
                        {"version", Count(journal.version)},
                        {"term", Count(journal.term)}});
}

}  // namespace

std::vector<std::pair<std::string, Value>> MigrationConstants(const MigrationNames& names) {
  return {{"Nodes", NamesTerm(names.nodes)}, {"Actors", NamesTerm(names.actors)}, {"NoHolder", NodeTerm(kNoHolder)}};
}

void MigrationEmitter::Fact(const Tag& tag, const MigrationFact& fact) {
  switch (fact.kind) {
    case MigrationFactKind::kRequest:
      requests_[fact.operation] = {tag.first, fact.request};
      writer_.Call(tag, fact.operation);
      break;
    case MigrationFactKind::kReturn: writer_.Return(tag, fact.operation, fact.outcome); break;
    case MigrationFactKind::kHolds: {
      Claim claim = writer_.MakeClaim("", {});
      AddUpdate(claim, Place("actor_activation", {NodeTerm(tag.first), ActorTerm(fact.actor)}),
                ActivationTerm(fact.activation));
      writer_.Observe(tag, std::move(claim));
      break;
    }
    case MigrationFactKind::kFenced: {
      Claim claim = writer_.MakeClaim("LearnFenced", {{"n", NodeTerm(tag.first)}, {"a", ActorTerm(fact.actor)}});
      AddUpdate(claim, Place("actor_activation", {NodeTerm(tag.first), ActorTerm(fact.actor)}), ActivationTerm({}));
      writer_.Step(tag, std::move(claim));
      break;
    }
  }
}

void MigrationEmitter::BeforeDecision(const store::Transaction& transaction) {
  before_.clear();
  const std::string& actor = requests_.at(transaction.operation).request.actor;
  if (actor.empty()) return;
  const auto show = [&](const char* variable, Value value) {
    before_.push_back({Place(variable, {ActorTerm(actor)}), std::move(value)});
  };
  show("leases", LeaseTerm(view_.RowAt(machines::LeaseKey(actor))));
  show("journal", JournalTerm(view_.RowAt(machines::JournalKey(actor))));
  show("actor_state", StateTerm(view_.RowAt(machines::StateKey(actor))));
}

// Arguments as the transaction carries them.
Claim MigrationEmitter::ClaimOf(const UnderWay& under_way) const {
  const MigrationRequest& request = under_way.request;
  std::vector<std::pair<std::string, Value>> args;
  const auto add = [&](const char* name, Value value) { args.emplace_back(name, std::move(value)); };
  switch (request.action) {
    case MigrationAction::kElectPrimary: break;
    case MigrationAction::kNodeRestart: add("n", NodeTerm(under_way.node)); break;
    case MigrationAction::kClaimActor:
    case MigrationAction::kActivateActor:
    case MigrationAction::kWriteState:
    case MigrationAction::kDeactivateSource:
    case MigrationAction::kActivateTarget:
      add("n", NodeTerm(under_way.node));
      add("a", ActorTerm(request.actor));
      if (request.id != 0) add("id", Count(request.id));
      break;
    case MigrationAction::kStartMigration:
    case MigrationAction::kAbandonSource:
    case MigrationAction::kMoveOwnership:
    case MigrationAction::kAbortMigration:
    case MigrationAction::kCloseSuperseded:
      add("a", ActorTerm(request.actor));
      if (!request.target.empty()) add("target", NodeTerm(request.target));
      add("term", Count(request.term));
      break;
  }
  return writer_.MakeClaim(ToString(request.action), std::move(args));
}

void MigrationEmitter::AddRowsAfter(Claim& claim, const UnderWay& under_way,
                                    const store::Transaction& transaction) const {
  const std::string& node = under_way.node;
  const Value actor = ActorTerm(under_way.request.actor);
  for (const store::Write& write : transaction.writes) {
    const store::Row row = view_.RowAt(write.key);
    if (write.key.starts_with("process/")) {
      AddUpdate(claim, Place("incarnation", {NodeTerm(node)}), Count(machines::DecodeProcess(row).incarnation));
    } else if (write.key == machines::kPrimaryKey) {
      AddUpdate(claim, Place("primaryTerm"), Count(machines::DecodePrimary(row).term));
    } else if (write.key.starts_with("lease/")) {
      AddUpdate(claim, Place("leases", {actor}), LeaseTerm(row));
    } else if (write.key.starts_with("state/")) {
      AddUpdate(claim, Place("actor_state", {actor}), StateTerm(row));
    } else if (write.key.starts_with("journal/")) {
      AddUpdate(claim, Place("journal", {actor}), JournalTerm(row));
    } else {
      const auto activation = machines::DecodeActivation(row);
      AddUpdate(claim, Place("actor_activation", {NodeTerm(node), actor}),
                ActivationTerm(activation ? machines::Activation{true, activation->token, activation->version}
                                          : machines::Activation{}));
    }
  }
}

void MigrationEmitter::AfterDecision(const store::Transaction& transaction, const store::TransactionReply& reply) {
  const auto found = requests_.find(transaction.operation);
  IMPL_CHECK(found != requests_.end(), "nobody asked for " + ToString(transaction.operation));
  const UnderWay under_way = found->second;
  requests_.erase(found);
  if (reply.outcome != store::Outcome::kOk) return;
  Claim claim = ClaimOf(under_way);
  claim.reads = std::move(before_);
  AddRowsAfter(claim, under_way, transaction);
  writer_.Step(kStoreTag, std::move(claim));
}

}  // namespace kelpie::node
