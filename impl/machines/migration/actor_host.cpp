#include "impl/machines/migration/actor_host.h"

#include <algorithm>
#include <utility>

namespace kelpie::machines {

const char* ToString(MigrationAction action) {
  switch (action) {
    case MigrationAction::kNodeRestart: return "NodeRestart";
    case MigrationAction::kClaimActor: return "ClaimActor";
    case MigrationAction::kActivateActor: return "ActivateActor";
    case MigrationAction::kWriteState: return "WriteState";
    case MigrationAction::kDeactivateSource: return "DeactivateSource";
    case MigrationAction::kActivateTarget: return "ActivateTarget";
    case MigrationAction::kElectPrimary: return "ElectPrimary";
    case MigrationAction::kStartMigration: return "StartMigration";
    case MigrationAction::kAbandonSource: return "AbandonSource";
    case MigrationAction::kMoveOwnership: return "MoveOwnership";
    case MigrationAction::kAbortMigration: return "AbortMigration";
    case MigrationAction::kCloseSuperseded: return "CloseSuperseded";
  }
  return "";
}

ActorHost::ActorHost(MigrationOptions options) : options_(std::move(options)) {
  for (const std::string& actor : options_.actors) works_[actor];
}

MigrationOutputs ActorHost::Step(const env::Moment& now, const ActorHostInput& input) {
  Context c{now, {}};
  std::visit([&](const auto& one) { Take(c, one); }, input);
  c.out.wake_at_ms = incarnation_ == 0 ? opening_.due_ms : book_.NextDue();
  c.out.wake_at_ms = std::max(c.out.wake_at_ms, now.reading_ms + 1);
  return std::move(c.out);
}

void ActorHost::Take(Context& c, const OpenInput&) { ReadProcess(c); }

void ActorHost::Take(Context& c, const LookInput&) {
  const std::int64_t reading_ms = c.now.reading_ms;
  if (incarnation_ == 0) {
    if (reading_ms < opening_.due_ms) return;
    if (opening_.phase == Phase::kCommitting) {
      c.out.facts.push_back({.kind = MigrationFactKind::kReturn, .operation = Operation(opening_.number)});
    }
    return ReadProcess(c);
  }
  for (const std::string& actor : book_.Due(reading_ms)) {
    Work& work = works_.at(actor);
    if (work.phase == Phase::kCommitting) {
      c.out.facts.push_back({.kind = MigrationFactKind::kReturn, .operation = Operation(work.number)});
    }
    Look(c, actor, work);
    Note(actor, work);
  }
}

void ActorHost::Take(Context& c, const CallInput& input) {
  Work& work = works_.at(input.actor);
  if (!work.held.is_active || work.calls.size() >= options_.calls_max) {
    c.out.served.push_back({input.call, false, 0});
    return;
  }
  work.calls.push_back({input.call, {}});
  if (work.phase != Phase::kIdle) return;
  if (work.rows_are_current) {
    Write(c, input.actor, work);
  } else {
    Look(c, input.actor, work);
  }
  Note(input.actor, work);
}

void ActorHost::Take(Context& c, const MigrationOrder& order) {
  if (order.term < heard_term_) return;
  heard_term_ = order.term;
  Work& work = works_.at(order.actor);
  if (order.kind == OrderKind::kStop && !work.is_ordered) work.version_at_order = work.held.version;
  work.order = order;
  work.is_ordered = true;
  if (order.kind == OrderKind::kStop && work.held.is_active && Has(Bug::stop_on_any_order)) Fence(c, order.actor, work);
  if (incarnation_ == 0 || work.phase != Phase::kIdle) return;
  Look(c, order.actor, work);
  Note(order.actor, work);
}

// The opening of the session: this process takes the place of the one before it.

void ActorHost::ReadProcess(Context& c) {
  opening_.phase = Phase::kReading;
  opening_.number = ++operations_;
  opening_.due_ms = c.now.reading_ms + options_.reply_timeout_ms;
  c.out.reads.push_back({Operation(opening_.number), {ProcessKey(options_.node)}});
}

void ActorHost::Open(Context& c, const store::ReadReply& reply) {
  const store::Row& row = reply.rows.at(ProcessKey(options_.node));
  const ProcessRow process = DecodeProcess(row);
  if (process.address == options_.address) {
    return Opened(c, process.incarnation, row.version);  // an earlier attempt has landed
  }
  store::Transaction transaction = Begin(c, opening_, {.action = MigrationAction::kNodeRestart});
  transaction.compares = {{ProcessKey(options_.node), row.version}};
  transaction.writes = {{ProcessKey(options_.node), Encode(ProcessRow{process.incarnation + 1, options_.address})}};
  c.out.transactions.push_back(std::move(transaction));
}

void ActorHost::Opened(Context& c, std::uint64_t incarnation, std::uint64_t version) {
  incarnation_ = incarnation;
  process_version_ = version;
  opening_.phase = Phase::kIdle;
  for (auto& [actor, work] : works_) {
    Look(c, actor, work);
    Note(actor, work);
  }
}

// The loop of one actor: look, learn, decide.

void ActorHost::Look(Context& c, const std::string& actor, Work& work) {
  work.rows_are_current = false;
  work.phase = Phase::kReading;
  work.number = ++operations_;
  work.due_ms = c.now.reading_ms + options_.reply_timeout_ms;
  store::ReadRequest read{
      Operation(work.number),
      {LeaseKey(actor), JournalKey(actor), StateKey(actor), ActivationKey(actor), ProcessKey(options_.node)}};
  if (!work.last_holder.empty() && work.last_holder != options_.node) read.keys.push_back(ProcessKey(work.last_holder));
  c.out.reads.push_back(std::move(read));
}

void ActorHost::Rest(Context& c, Work& work, std::int64_t pause_ms) {
  work.phase = Phase::kIdle;
  work.due_ms = c.now.reading_ms + pause_ms;
}

std::pair<const std::string, ActorHost::Work>* ActorHost::WorkOf(std::uint64_t number, Phase phase) {
  const std::string* actor = book_.ActorOf(number);
  if (actor == nullptr) return nullptr;
  const auto found = works_.find(*actor);
  return found->second.phase == phase ? &*found : nullptr;
}

void ActorHost::Take(Context& c, const store::ReadReply& reply) {
  if (reply.outcome != store::Outcome::kOk) return;
  if (incarnation_ == 0) {
    if (opening_.phase == Phase::kReading && reply.operation.number == opening_.number) Open(c, reply);
    return;
  }
  auto* found = WorkOf(reply.operation.number, Phase::kReading);
  if (found == nullptr) return;
  auto& [actor, work] = *found;
  work.rows = reply.rows;
  work.rows_are_current = true;
  Rest(c, work, options_.poll_ms);
  Decide(c, actor, work);
  Note(actor, work);
}

ActorHost::View ActorHost::ViewOf(const std::string& actor, const Work& work) const {
  View view;
  view.lease = DecodeLease(work.rows.at(LeaseKey(actor))).value_or(LeaseRow{});
  view.journal = DecodeJournal(work.rows.at(JournalKey(actor)));
  view.state = DecodeActorState(work.rows.at(StateKey(actor)));
  view.holds = view.lease.holder == options_.node && view.lease.incarnation == incarnation_;
  view.orphaned = view.lease.holder.empty();
  if (!view.orphaned) {
    const auto process = work.rows.find(ProcessKey(view.lease.holder));
    view.knows_holder = process != work.rows.end();
    view.orphaned = view.knows_holder && DecodeProcess(process->second).incarnation != view.lease.incarnation;
  }
  return view;
}

void ActorHost::SetHeld(Context& c, const std::string& actor, Work& work, Activation held) {
  if (work.held == held) return;
  work.held = held;
  c.out.facts.push_back({.kind = MigrationFactKind::kHolds, .actor = actor, .activation = held});
}

void ActorHost::Fence(Context& c, const std::string& actor, Work& work) {
  work.ended_token = work.held.token;
  work.held = {};
  c.out.facts.push_back({.kind = MigrationFactKind::kFenced, .actor = actor});
}

// What became of transactions whose outcome is unknown: the rows tell.
void ActorHost::Learn(Context& c, const std::string& actor, Work& work, const View& view) {
  const std::optional<ActivationRow> row = DecodeActivation(work.rows.at(ActivationKey(actor)));
  const bool is_mine =
      row && row->node == options_.node && row->incarnation == incarnation_ && row->token > work.ended_token;
  Activation held;
  if (is_mine) held = {true, row->token, work.held.is_active ? work.held.version : row->version};
  const store::Row& state = work.rows.at(StateKey(actor));
  const bool is_own_write = state.writer.client == options_.node && state.writer.incarnation == options_.process;
  if (is_mine && is_own_write) held.version = view.state.version;
  SetHeld(c, actor, work, held);
  if (is_own_write && !work.calls.empty() && work.calls.front().attempts.contains(state.writer.number)) {
    c.out.served.push_back({work.calls.front().number, true, view.state.version});
    work.calls.pop_front();
  }
  if (held.is_active && (view.lease.holder != options_.node || view.lease.token != held.token)) Fence(c, actor, work);
}

void ActorHost::RefuseCalls(Context& c, Work& work) {
  // One that may have been executed is not answered: nobody knows any more.
  for (const Call& call : work.calls) {
    if (call.attempts.empty()) c.out.served.push_back({call.number, false, 0});
  }
  work.calls.clear();
}

void ActorHost::Decide(Context& c, const std::string& actor, Work& work) {
  const View view = ViewOf(actor, work);
  Learn(c, actor, work, view);
  if (!work.held.is_active) RefuseCalls(c, work);
  if (!view.knows_holder) {
    work.last_holder = view.lease.holder;
    return Look(c, actor, work);
  }
  if (StopOrStart(c, actor, work, view)) return;
  if (work.held.is_active) {
    if (!work.calls.empty()) Write(c, actor, work);
    return;
  }
  if (view.holds) {
    if (!IsInMove(view.journal, view.lease) || Has(Bug::activate_in_move)) Activate(c, actor, work, view);
    return;
  }
  if (view.orphaned || Has(Bug::claim_of_the_living)) Claim(c, actor, work, view);
}

// What a migration asks of this process. False: nothing.
bool ActorHost::StopOrStart(Context& c, const std::string& actor, Work& work, const View& view) {
  const bool is_ordered = std::exchange(work.is_ordered, false);
  if (is_ordered && work.order.kind != OrderKind::kStop && !view.holds && Has(Bug::activate_when_shipped)) {
    StartTarget(c, actor, work, view, work.order.id);
    return true;
  }
  if (!view.holds || IsSuperseded(view.journal, view.lease)) return false;
  if (view.journal.phase == MigrationPhase::kPreparing) {
    StopSource(c, actor, work, view);
    return true;
  }
  if (view.journal.phase == MigrationPhase::kCompleting) {
    StartTarget(c, actor, work, view, view.journal.id);
    return true;
  }
  return false;
}

void ActorHost::Take(Context& c, const store::TransactionReply& reply) {
  const auto say = [&] {
    c.out.facts.push_back({.kind = MigrationFactKind::kReturn, .operation = reply.operation, .outcome = reply.outcome});
  };
  const bool ok = reply.outcome == store::Outcome::kOk;
  if (incarnation_ == 0) {
    if (opening_.phase != Phase::kCommitting || reply.operation.number != opening_.number) return;
    say();
    // What incarnation it was that was opened is read back, as after an outcome that is unknown.
    return ReadProcess(c);
  }
  auto* found = WorkOf(reply.operation.number, Phase::kCommitting);
  if (found == nullptr) return;
  auto& [actor, work] = *found;
  say();
  if (ok) {
    Accepted(c, actor, work, reply);
  } else {
    Rest(c, work, options_.retry_ms);
    work.rows_are_current = false;
  }
  Note(actor, work);
}

void ActorHost::Accepted(Context& c, const std::string& actor, Work& work, const store::TransactionReply& reply) {
  Rest(c, work, options_.poll_ms);
  if (work.request.action != MigrationAction::kWriteState || !work.held.is_active) return Look(c, actor, work);
  // The row is as it was written; nothing else that it was committed under has changed.
  const Activation written{true, work.held.token, work.held.version + 1};
  store::Row& state = work.rows.at(StateKey(actor));
  state = {reply.versions.at(StateKey(actor)), Encode(ActorStateRow{written.version, written.token}), reply.operation};
  SetHeld(c, actor, work, written);
  c.out.served.push_back({work.calls.front().number, true, written.version});
  work.calls.pop_front();
  work.rows_are_current = true;
  if (work.is_ordered) return Look(c, actor, work);
  if (!work.calls.empty()) Write(c, actor, work);
}

}  // namespace kelpie::machines
