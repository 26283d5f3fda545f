#include "impl/machines/wal/wal_machine.h"

#include <algorithm>
#include <utility>

namespace kelpie::machines {

WalMachine::WalMachine(WalOptions options)
    : options_(options),
      heeds_poison_(!Has(Bug::append_to_poisoned)),
      retries_sync_(Has(Bug::retried_sync)),
      trusts_scan_(Has(Bug::trusted_scan)) {}

WalPolicy WalMachine::Policy() const {
  return {.verifies_checksums = !Has(Bug::no_checksum),
          .poisons = heeds_poison_ && !retries_sync_,
          .rewrites_tail = !trusts_scan_ && !Has(Bug::sync_in_place)};
}

WalOutputs WalMachine::Step(const env::Moment& now, const WalInput& input) {
  Context c{now, {}};
  std::visit([&](const auto& one) { Take(c, one); }, input);
  AppendGroup(c);
  const bool appends = std::any_of(c.out.commands.begin(), c.out.commands.end(),
                                   [](const DiskCommand& one) { return one.kind == DiskCommandKind::kAppend; });
  if (!appends) CleanUpIfWanted(c);
  c.out.wake_at_ms = NextWake(now.reading_ms);
  return std::move(c.out);
}

// --- what it knows

WalMachine::Key WalMachine::KeyOf(const Operation& operation) const {
  return {Has(Bug::key_of_anybody) ? "" : operation.client, operation.key};
}

std::uint64_t WalMachine::SyncedCount() const {
  return static_cast<std::uint64_t>(std::distance(log_.begin(), log_.upper_bound(synced_)));
}

// Of the operations at the front of the log.
std::uint64_t WalMachine::Settled() const {
  std::uint64_t settled = 0;
  for (const auto& [number, kept] : log_) {
    const bool is_settled = Has(Bug::cleanup_of_pending) ? kept.is_submitted : kept.is_completed;
    if (!is_settled || !IsSynced(number)) break;
    settled = number;
  }
  return settled;
}

std::int64_t WalMachine::NextWake(std::int64_t reading_ms) const {
  std::int64_t next = is_poisoned_ || is_refused_ ? reopen_at_ms_ : reading_ms + options_.resubmit_ms;
  for (const auto& [number, kept] : log_) {
    if (!kept.is_completed && IsSynced(number)) next = std::min(next, kept.submitted_ms + options_.resubmit_ms);
  }
  return std::max(next, reading_ms + 1);
}

WalFact& WalMachine::AddFact(Context& c, WalFactKind kind, const Operation& operation) const {
  WalFact& fact = c.out.facts.emplace_back();
  fact.kind = kind;
  fact.operation = operation;
  fact.synced_count = SyncedCount();
  fact.is_poisoned = is_poisoned_;
  if (kind != WalFactKind::kScan && kind != WalFactKind::kReopen) return fact;
  for (const auto& [number, kept] : log_) {
    fact.log.push_back(kept.operation);
    if (index_.contains(KeyOf(kept.operation))) fact.index.push_back(kept.operation);
  }
  return fact;
}

// --- opening

void WalMachine::Take(Context& c, const WalStartInput&) {
  AddFact(c, WalFactKind::kStartRecovery);
  phase_ = Phase::kScanning;
  c.out.commands.push_back({DiskCommandKind::kScan});
}

bool WalMachine::IsTaken(const Context& c, bool ok) {
  is_refused_ = !ok;
  if (!ok) reopen_at_ms_ = c.now.reading_ms + options_.reopen_ms;
  return ok;
}

void WalMachine::Take(Context& c, const ScannedInput& input) {
  if (phase_ != Phase::kScanning || !IsTaken(c, input.ok)) return;
  for (const LogEntry& entry : input.entries) log_[entry.number].operation = entry.operation;
  if (!Has(Bug::no_index_rebuild)) {
    for (const LogEntry& entry : input.entries) index_[KeyOf(entry.operation)] = entry.number;
  }
  AddFact(c, WalFactKind::kScan);
  phase_ = Phase::kBeginning;
  c.out.commands.push_back({DiskCommandKind::kBegin});
}

void WalMachine::Take(Context& c, const BegunInput& input) {
  if (phase_ != Phase::kBeginning || !IsTaken(c, input.ok)) return;
  synced_ = log_.empty() ? 0 : log_.rbegin()->first;
  if (!log_.empty() && !trusts_scan_) AddFact(c, WalFactKind::kRewrite);
  AddFact(c, WalFactKind::kCompleteRecovery);
  phase_ = Phase::kServing;
  for (auto& [number, kept] : log_) Submit(c, kept);
}

// A poisoned log is opened again as after a crash: what this process knew of it counts for nothing.
void WalMachine::Reopen(Context& c) {
  phase_ = Phase::kScanning;
  is_poisoned_ = false;
  log_.clear();
  index_.clear();
  waiting_.clear();
  synced_ = 0;
  wants_cleanup_ = false;
  AddFact(c, WalFactKind::kReopen);
  c.out.commands.push_back({DiskCommandKind::kScan});
}

void WalMachine::Take(Context& c, const WalWakeInput&) {
  const bool is_due = c.now.reading_ms >= reopen_at_ms_;
  if (is_poisoned_ && is_due && !is_syncing_) return Reopen(c);
  if (is_refused_ && is_due) {
    is_refused_ = false;
    c.out.commands.push_back({phase_ == Phase::kScanning ? DiskCommandKind::kScan : DiskCommandKind::kBegin});
  }
  if (phase_ != Phase::kServing) return;
  for (auto& [number, kept] : log_) {
    const bool is_pending = IsSynced(number) && !kept.is_completed;
    if (is_pending && c.now.reading_ms >= kept.submitted_ms + options_.resubmit_ms) Submit(c, kept);
  }
}

// --- serving

void WalMachine::SayAccepted(Context& c, const Operation& operation) const {
  AddFact(c, WalFactKind::kSayAccepted, operation);
  c.out.replies.push_back({operation, Verdict::kAccepted});
}

void WalMachine::Submit(Context& c, Kept& kept) const {
  kept.is_submitted = true;
  kept.submitted_ms = c.now.reading_ms;
  AddFact(c, WalFactKind::kSubmit, kept.operation);
  c.out.submissions.push_back(kept.operation);
}

void WalMachine::Take(Context& c, const RequestInput& input) {
  const Operation& operation = input.operation;
  const auto known = index_.find(KeyOf(operation));
  if (phase_ != Phase::kServing) {
    const bool is_scanned = phase_ == Phase::kBeginning && known != index_.end();
    if (is_scanned && Has(Bug::serve_while_recovering)) SayAccepted(c, operation);
    return;
  }
  if (known == index_.end()) {
    waiting_.push_back(operation);
    return;
  }
  if (log_.at(known->second).operation != operation) {
    AddFact(c, WalFactKind::kRefuseMismatch, operation);
    c.out.replies.push_back({operation, Verdict::kConflict});
    wants_cleanup_ = log_.at(known->second).is_completed;
  } else if (IsSynced(known->second)) {
    SayAccepted(c, operation);
  }
}

// Look-up and append are one step: operations that came while another group was synced are looked up again.
void WalMachine::AppendGroup(Context& c) {
  if (phase_ != Phase::kServing || is_syncing_ || waiting_.empty() || (is_poisoned_ && heeds_poison_)) return;
  DiskCommand append{DiskCommandKind::kAppend};
  std::map<Key, bool> in_group;
  while (!waiting_.empty() && append.operations.size() < options_.group_max) {
    const Operation operation = std::move(waiting_.front());
    waiting_.pop_front();
    const auto known = index_.find(KeyOf(operation));
    const bool is_known = known != index_.end() || !in_group.emplace(KeyOf(operation), true).second;
    // The client asks again, and is answered then.
    if (!is_known || Has(Bug::check_then_append)) append.operations.push_back(operation);
  }
  if (!append.operations.empty()) c.out.commands.push_back(std::move(append));
}

void WalMachine::Take(Context& c, const AppendedInput& input) {
  CleanUp(c, input.checkpoint);
  for (const LogEntry& entry : input.entries) {
    Kept& kept = log_[entry.number];
    kept.operation = entry.operation;
    index_[KeyOf(entry.operation)] = entry.number;
    AddFact(c, WalFactKind::kAppend, entry.operation);
    if (Has(Bug::ack_before_sync)) SayAccepted(c, entry.operation);
    if (Has(Bug::submit_before_sync)) Submit(c, kept);
  }
  if (input.entries.empty()) return;  // a full disk, or a full log: the client asks again
  Sync(c);
}

void WalMachine::Sync(Context& c) {
  is_syncing_ = true;
  c.out.commands.push_back({DiskCommandKind::kSync, {}, Settled(), std::exchange(wants_cleanup_, false)});
}

// What stands in the way of an operation with its number, and is settled, goes without waiting for a full segment.
void WalMachine::CleanUpIfWanted(Context& c) {
  if (wants_cleanup_ && phase_ == Phase::kServing && !is_syncing_ && !is_poisoned_ && Settled() > 0) Sync(c);
}

void WalMachine::Take(Context& c, const SyncedInput& input) {
  if (!is_syncing_) return;
  is_syncing_ = false;
  if (input.ok) return EndSync(c, input.checkpoint);
  is_poisoned_ = !retries_sync_;
  AddFact(c, WalFactKind::kSyncFails);
  reopen_at_ms_ = c.now.reading_ms + options_.reopen_ms;
  if (retries_sync_) Sync(c);
}

void WalMachine::EndSync(Context& c, std::uint64_t checkpoint) {
  const std::uint64_t before = synced_;
  if (!log_.empty()) synced_ = std::max(synced_, log_.rbegin()->first);
  if (synced_ > before) AddFact(c, WalFactKind::kSync);
  for (auto kept = log_.upper_bound(before); kept != log_.end(); ++kept) {
    SayAccepted(c, kept->second.operation);
    Submit(c, kept->second);
  }
  CleanUp(c, checkpoint);
}

void WalMachine::CleanUp(Context& c, std::uint64_t checkpoint) {
  while (!log_.empty() && log_.begin()->first <= checkpoint) {
    const Operation operation = log_.begin()->second.operation;
    const auto known = index_.find(KeyOf(operation));
    if (known != index_.end() && known->second == log_.begin()->first) index_.erase(known);
    log_.erase(log_.begin());
    AddFact(c, WalFactKind::kCleanup, operation);
  }
}

void WalMachine::Take(Context& c, const AnswerInput& input) {
  if (phase_ != Phase::kServing) return;
  const auto known = index_.find(KeyOf(input.operation));
  if (known == index_.end() || !IsSynced(known->second)) return;
  Kept& kept = log_.at(known->second);
  if (kept.is_completed || kept.operation != input.operation) return;
  kept.is_completed = true;
  AddFact(c, WalFactKind::kComplete, input.operation).verdict = input.verdict;
  c.out.replies.push_back({input.operation, input.verdict});
}

}  // namespace kelpie::machines
