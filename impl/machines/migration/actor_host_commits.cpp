// The transactions of a process: what each compares is what it depends on.
#include <utility>

#include "impl/machines/migration/actor_host.h"

namespace kelpie::machines {

store::Transaction ActorHost::Begin(Context& c, Exchange& exchange, const MigrationRequest& request) {
  exchange.phase = Phase::kCommitting;
  exchange.number = ++operations_;
  exchange.due_ms = c.now.reading_ms + options_.reply_timeout_ms;
  exchange.request = request;
  store::Transaction transaction;
  transaction.operation = Operation(exchange.number);
  transaction.label = ToString(request.action);
  c.out.facts.push_back({.kind = MigrationFactKind::kRequest, .operation = transaction.operation, .request = request});
  return transaction;
}

void ActorHost::Compare(store::Transaction& transaction, const Work& work, const store::Key& key) {
  transaction.compares.push_back({key, work.rows.at(key).version});
}

void ActorHost::Claim(Context& c, const std::string& actor, Work& work, const View& view) {
  store::Transaction transaction = Begin(c, work, {.action = MigrationAction::kClaimActor, .actor = actor});
  transaction.compares.push_back({ProcessKey(options_.node), process_version_});
  Compare(transaction, work, LeaseKey(actor));
  // The own row stands for a predecessor's, too.
  if (!view.lease.holder.empty() && view.lease.holder != options_.node) {
    Compare(transaction, work, ProcessKey(view.lease.holder));
  }
  transaction.writes = {{LeaseKey(actor), Encode(LeaseRow{options_.node, incarnation_, view.lease.token + 1})}};
  c.out.transactions.push_back(std::move(transaction));
}

void ActorHost::Activate(Context& c, const std::string& actor, Work& work, const View& view) {
  store::Transaction transaction = Begin(c, work, {.action = MigrationAction::kActivateActor, .actor = actor});
  transaction.compares.push_back({ProcessKey(options_.node), process_version_});
  for (const store::Key& key : {LeaseKey(actor), JournalKey(actor), StateKey(actor), ActivationKey(actor)}) {
    Compare(transaction, work, key);
  }
  transaction.writes = {
      {ActivationKey(actor), Encode(ActivationRow{options_.node, incarnation_, view.lease.token, view.state.version})}};
  c.out.transactions.push_back(std::move(transaction));
}

void ActorHost::Write(Context& c, const std::string& actor, Work& work) {
  store::Transaction transaction = Begin(c, work, {.action = MigrationAction::kWriteState, .actor = actor});
  work.calls.front().attempts.insert(work.number);
  if (!Has(Bug::write_of_the_dead)) transaction.compares.push_back({ProcessKey(options_.node), process_version_});
  if (!Has(Bug::write_under_old_token)) Compare(transaction, work, LeaseKey(actor));
  Compare(transaction, work, ActivationKey(actor));
  Compare(transaction, work, StateKey(actor));
  transaction.writes = {{StateKey(actor), Encode(ActorStateRow{work.held.version + 1, work.held.token})}};
  c.out.transactions.push_back(std::move(transaction));
}

// Stops, and names what was committed last. It is stopped from the commit on; until that is known, nothing is served.
void ActorHost::StopSource(Context& c, const std::string& actor, Work& work, const View& view) {
  store::Transaction transaction =
      Begin(c, work, {.action = MigrationAction::kDeactivateSource, .actor = actor, .id = view.journal.id});
  JournalRow journal = view.journal;
  journal.phase = MigrationPhase::kTransferring;
  journal.version = view.state.version;
  if (Has(Bug::snapshot_before_stop) && work.order.id == journal.id) journal.version = work.version_at_order;
  transaction.compares.push_back({ProcessKey(options_.node), process_version_});
  for (const store::Key& key : {LeaseKey(actor), JournalKey(actor), StateKey(actor), ActivationKey(actor)}) {
    Compare(transaction, work, key);
  }
  transaction.writes = {{JournalKey(actor), Encode(journal)}, {ActivationKey(actor), std::nullopt}};
  c.out.transactions.push_back(std::move(transaction));
}

void ActorHost::StartTarget(Context& c, const std::string& actor, Work& work, const View& view, std::uint64_t id) {
  store::Transaction transaction =
      Begin(c, work, {.action = MigrationAction::kActivateTarget, .actor = actor, .id = id});
  JournalRow journal = view.journal;
  journal.phase = MigrationPhase::kCompleted;
  std::uint64_t version = journal.version;
  if (work.order.id == id && Has(Bug::shipped_state)) version = work.order.shipped_version;
  transaction.compares.push_back({ProcessKey(options_.node), process_version_});
  for (const store::Key& key : {LeaseKey(actor), JournalKey(actor), StateKey(actor), ActivationKey(actor)}) {
    Compare(transaction, work, key);
  }
  transaction.writes = {
      {JournalKey(actor), Encode(journal)},
      {ActivationKey(actor), Encode(ActivationRow{options_.node, incarnation_, view.lease.token, version})}};
  c.out.transactions.push_back(std::move(transaction));
}

}  // namespace kelpie::machines
