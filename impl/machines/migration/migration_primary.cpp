#include "impl/machines/migration/migration_primary.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace kelpie::machines {

MigrationPrimary::MigrationPrimary(MigrationOptions options) : options_(std::move(options)) {
  for (const std::string& actor : options_.actors) works_[actor];
}

MigrationOutputs MigrationPrimary::Step(const env::Moment& now, const PrimaryInput& input) {
  Context c{now, {}};
  std::visit([&](const auto& one) { Take(c, one); }, input);
  c.out.wake_at_ms = book_.NextDue();
  if (election_.phase != Phase::kIdle) c.out.wake_at_ms = std::min(c.out.wake_at_ms, election_.due_ms);
  c.out.wake_at_ms = std::max(c.out.wake_at_ms, now.reading_ms + 1);
  return std::move(c.out);
}

void MigrationPrimary::Take(Context& c, const LookInput&) {
  const auto give_up = [&](const Exchange& exchange) {
    if (exchange.phase != Phase::kCommitting) return;
    c.out.facts.push_back({.kind = MigrationFactKind::kReturn, .operation = Operation(exchange.number)});
  };
  if (election_.phase != Phase::kIdle && c.now.reading_ms >= election_.due_ms) {
    give_up(election_);
    Take(c, CampaignInput{});
  }
  for (const std::string& actor : book_.Due(c.now.reading_ms)) {
    Work& work = works_.at(actor);
    give_up(work);
    work.phase = Phase::kIdle;
    work.due_ms = std::numeric_limits<std::int64_t>::max();  // until it is the primary again
    if (is_primary()) Look(c, actor, work);
    Note(actor, work);
  }
}

void MigrationPrimary::Take(Context& c, const CampaignInput&) {
  if (is_primary()) return;
  election_.phase = Phase::kReading;
  election_.number = ++operations_;
  election_.due_ms = c.now.reading_ms + options_.reply_timeout_ms;
  c.out.reads.push_back({Operation(election_.number), {kPrimaryKey}});
}

void MigrationPrimary::Take(Context& c, const MoveInput& input) {
  Work& work = works_.at(input.actor);
  if (!is_primary()) return;
  work.wish = input.target;
  if (work.phase != Phase::kIdle) return;
  Look(c, input.actor, work);
  Note(input.actor, work);
}

void MigrationPrimary::Elect(Context& c, const store::ReadReply& reply) {
  const store::Row& row = reply.rows.at(kPrimaryKey);
  const PrimaryRow primary = DecodePrimary(row);
  const bool is_mine = row.writer.client == Operation(0).client && row.writer.incarnation == options_.process;
  if (is_mine) {
    election_.phase = Phase::kIdle;
    term_ = primary.term;
    primary_version_ = row.version;
    for (auto& [actor, work] : works_) {
      if (work.phase == Phase::kIdle) Look(c, actor, work);
      Note(actor, work);
    }
    return;
  }
  store::Transaction transaction = Begin(c, election_, {.action = MigrationAction::kElectPrimary});
  transaction.compares = {{kPrimaryKey, row.version}};
  transaction.writes = {{kPrimaryKey, Encode(PrimaryRow{primary.term + 1, options_.node})}};
  c.out.transactions.push_back(std::move(transaction));
}

// What is under way may still land, and compares the term; its reply is heard for the trace.
void MigrationPrimary::Resign() {
  term_ = 0;
  for (auto& [actor, work] : works_) work.wish.reset();
}

void MigrationPrimary::Take(Context& c, const store::TransactionReply& reply) {
  const auto say = [&] {
    c.out.facts.push_back({.kind = MigrationFactKind::kReturn, .operation = reply.operation, .outcome = reply.outcome});
  };
  if (election_.phase == Phase::kCommitting && election_.number == reply.operation.number) {
    say();
    if (reply.outcome != store::Outcome::kOk) {
      election_.phase = Phase::kIdle;  // another one was elected
      return;
    }
    return Take(c, CampaignInput{});  // reads the term back
  }
  const std::string* actor = book_.ActorOf(reply.operation.number);
  if (actor == nullptr) return;
  Work& work = works_.at(*actor);
  if (work.phase != Phase::kCommitting) return;
  say();
  work.phase = Phase::kIdle;
  work.due_ms = c.now.reading_ms + options_.retry_ms;
  if (is_primary() && reply.outcome == store::Outcome::kOk) Look(c, *actor, work);
  Note(std::string(*actor), work);
}

void MigrationPrimary::Take(Context& c, const store::ReadReply& reply) {
  if (reply.outcome != store::Outcome::kOk) return;
  if (election_.phase == Phase::kReading && election_.number == reply.operation.number) return Elect(c, reply);
  const std::string* found = book_.ActorOf(reply.operation.number);
  if (found == nullptr) return;
  const std::string actor = *found;
  Work& work = works_.at(actor);
  if (work.phase != Phase::kReading) return;
  work.phase = Phase::kIdle;
  work.due_ms = c.now.reading_ms + options_.poll_ms;
  if (is_primary()) Drive(c, actor, work, reply);
  Note(actor, work);
}

void MigrationPrimary::Look(Context& c, const std::string& actor, Work& work) {
  work.phase = Phase::kReading;
  work.number = ++operations_;
  work.due_ms = c.now.reading_ms + options_.reply_timeout_ms;
  store::ReadRequest read{Operation(work.number), {kPrimaryKey, LeaseKey(actor), JournalKey(actor), StateKey(actor)}};
  if (!work.last_holder.empty()) read.keys.push_back(ProcessKey(work.last_holder));
  if (!work.last_target.empty() && work.last_target != work.last_holder) {
    read.keys.push_back(ProcessKey(work.last_target));
  }
  c.out.reads.push_back(std::move(read));
}

void MigrationPrimary::Drive(Context& c, const std::string& actor, Work& work, const store::ReadReply& reply) {
  View view;
  view.rows = reply.rows;
  view.lease = DecodeLease(reply.rows.at(LeaseKey(actor))).value_or(LeaseRow{});
  view.journal = DecodeJournal(reply.rows.at(JournalKey(actor)));
  view.state = DecodeActorState(reply.rows.at(StateKey(actor)));
  view.is_superseded = IsSuperseded(view.journal, view.lease);
  const bool is_deposed = reply.rows.at(kPrimaryKey).version != primary_version_;
  if (is_deposed && (IsOpen(view.journal) || !StartsBlindly())) return Resign();
  const std::string target = IsOpen(view.journal) ? view.journal.target : work.wish.value_or("");
  const auto holder_row = reply.rows.find(ProcessKey(view.lease.holder));
  const auto target_row = reply.rows.find(ProcessKey(target));
  if ((!view.lease.holder.empty() && holder_row == reply.rows.end()) ||
      (!target.empty() && target_row == reply.rows.end())) {
    work.last_holder = view.lease.holder;
    work.last_target = target;
    return Look(c, actor, work);
  }
  if (!view.lease.holder.empty()) view.holder = DecodeProcess(holder_row->second);
  if (!target.empty()) view.target = DecodeProcess(target_row->second);
  view.is_orphaned = view.lease.holder.empty() || view.holder.incarnation != view.lease.incarnation;
  switch (view.journal.phase) {
    case MigrationPhase::kPreparing: return DriveSource(c, actor, work, view);
    case MigrationPhase::kTransferring:
    case MigrationPhase::kCompleting: return DriveTarget(c, actor, work, view);
    default: return Start(c, actor, work, view);
  }
}

void MigrationPrimary::SendOrder(Context& c, const std::string& actor, const Work& work, const View& view,
                                 OrderKind kind) const {
  const std::string& address = kind == OrderKind::kStop ? view.holder.address : view.target.address;
  if (address.empty()) return;
  c.out.orders.push_back({address, {actor, view.journal.id, term_, kind, work.shipped_version}});
}

bool MigrationPrimary::Order(Context& c, const std::string& actor, Work& work, const View& view, OrderKind kind) {
  const JournalRow& journal = view.journal;
  if (work.order_id != journal.id) {
    work.shipped_version = view.state.version;
    if (kind == OrderKind::kStop) SendOrder(c, actor, work, view, OrderKind::kShip);
  }
  if (work.order_id != journal.id || work.order_phase != journal.phase) work.orders = 0;
  work.order_id = journal.id;
  work.order_phase = journal.phase;
  if (++work.orders > options_.orders_max) return false;
  SendOrder(c, actor, work, view, kind);
  return true;
}

// The source shall stop, or is no more.
void MigrationPrimary::DriveSource(Context& c, const std::string& actor, Work& work, const View& view) {
  if (view.is_superseded) return Close(c, actor, work, view);
  if (view.is_orphaned) return Abandon(c, actor, work, view);
  if (work.wish == view.lease.holder) {
    work.wish.reset();  // it shall stay where it is
    return Abort(c, actor, work, view);
  }
  if (Has(Bug::move_without_stop)) return Move(c, actor, work, view);
  const bool is_asked = Order(c, actor, work, view, OrderKind::kStop);
  if (work.orders > 1 && Has(Bug::abandon_slow_source)) return Abandon(c, actor, work, view);
  if (!is_asked) Abort(c, actor, work, view);
}

// The lease shall move, and then the target start.
void MigrationPrimary::DriveTarget(Context& c, const std::string& actor, Work& work, const View& view) {
  const bool has_moved = view.journal.phase == MigrationPhase::kCompleting;
  if (view.is_superseded && !has_moved && Has(Bug::blind_move)) return Move(c, actor, work, view);
  if (view.is_superseded) return Close(c, actor, work, view);
  const bool is_target_gone = view.target.incarnation != view.journal.incarnation;
  if (!has_moved) {
    if (is_target_gone) return Abort(c, actor, work, view);
    return Move(c, actor, work, view);
  }
  // A target that is gone is somebody's to claim, which supersedes the migration.
  (void)Order(c, actor, work, view, OrderKind::kStart);
  if (work.orders > 1 && Has(Bug::rollback_after_move)) Abort(c, actor, work, view);
}

// Transactions.

store::Transaction MigrationPrimary::Begin(Context& c, Exchange& exchange, MigrationRequest request) {
  exchange.phase = Phase::kCommitting;
  exchange.number = ++operations_;
  exchange.due_ms = c.now.reading_ms + options_.reply_timeout_ms;
  request.term = term_;
  exchange.request = request;
  store::Transaction transaction;
  transaction.operation = Operation(exchange.number);
  transaction.label = ToString(request.action);
  c.out.facts.push_back(
      {.kind = MigrationFactKind::kRequest, .operation = transaction.operation, .request = std::move(request)});
  return transaction;
}

// What every command compares, and the journal row that it writes.
void MigrationPrimary::Command(store::Transaction& transaction, const View& view, const std::string& actor,
                               JournalRow journal) const {
  journal.term = term_;
  transaction.compares.push_back({kPrimaryKey, primary_version_});
  for (const store::Key& key : {JournalKey(actor), LeaseKey(actor)}) {
    transaction.compares.push_back({key, view.rows.at(key).version});
  }
  transaction.writes.push_back({JournalKey(actor), Encode(journal)});
}

void MigrationPrimary::Start(Context& c, const std::string& actor, Work& work, const View& view) {
  if (!work.wish) return;
  const std::string target = *std::exchange(work.wish, std::nullopt);
  if (view.is_orphaned || target == view.lease.holder || view.target.address.empty()) return;
  store::Transaction transaction =
      Begin(c, work, {.action = MigrationAction::kStartMigration, .actor = actor, .target = target});
  Command(transaction, view, actor,
          {.id = view.journal.id + 1,
           .phase = MigrationPhase::kPreparing,
           .source = view.lease.holder,
           .target = target,
           .incarnation = view.target.incarnation,
           .token = view.lease.token});
  if (StartsBlindly()) transaction.compares.erase(transaction.compares.begin());
  for (const store::Key& key : {ProcessKey(view.lease.holder), ProcessKey(target)}) {
    transaction.compares.push_back({key, view.rows.at(key).version});
  }
  c.out.transactions.push_back(std::move(transaction));
}

void MigrationPrimary::Abandon(Context& c, const std::string& actor, Work& work, const View& view) {
  store::Transaction transaction = Begin(c, work, {.action = MigrationAction::kAbandonSource, .actor = actor});
  JournalRow journal = view.journal;
  journal.phase = MigrationPhase::kTransferring;
  journal.version = view.state.version;
  Command(transaction, view, actor, journal);
  transaction.compares.push_back({StateKey(actor), view.rows.at(StateKey(actor)).version});
  c.out.transactions.push_back(std::move(transaction));
}

void MigrationPrimary::Move(Context& c, const std::string& actor, Work& work, const View& view) {
  store::Transaction transaction = Begin(c, work, {.action = MigrationAction::kMoveOwnership, .actor = actor});
  LeaseRow lease{view.journal.target, view.journal.incarnation, view.lease.token + 1};
  if (Has(Bug::move_keeps_token)) lease.token = view.lease.token;
  JournalRow journal = view.journal;
  journal.phase = MigrationPhase::kCompleting;
  journal.token = view.lease.token + 1;
  Command(transaction, view, actor, journal);
  transaction.writes.push_back({LeaseKey(actor), Encode(lease)});
  c.out.transactions.push_back(std::move(transaction));
}

// The lease stays where it is, under a new token: whatever was said under the old one is void.
void MigrationPrimary::Abort(Context& c, const std::string& actor, Work& work, const View& view) {
  store::Transaction transaction = Begin(c, work, {.action = MigrationAction::kAbortMigration, .actor = actor});
  LeaseRow lease = view.lease;
  ++lease.token;
  JournalRow journal = view.journal;
  journal.phase = MigrationPhase::kFailed;
  Command(transaction, view, actor, journal);
  transaction.writes.push_back({LeaseKey(actor), Encode(lease)});
  c.out.transactions.push_back(std::move(transaction));
}

void MigrationPrimary::Close(Context& c, const std::string& actor, Work& work, const View& view) {
  store::Transaction transaction = Begin(c, work, {.action = MigrationAction::kCloseSuperseded, .actor = actor});
  JournalRow journal = view.journal;
  journal.phase = MigrationPhase::kFailed;
  Command(transaction, view, actor, journal);
  c.out.transactions.push_back(std::move(transaction));
}

}  // namespace kelpie::machines
