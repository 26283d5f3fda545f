// The session half of the lease machine: opening, renewing, and watching the peers' sessions.
#include <algorithm>
#include <limits>

#include "impl/machines/lease/lease_machine.h"
#include "impl/machines/lease/lease_rows.h"
#include "impl/machines/lease/lease_rules.h"

namespace kelpie::machines {

void LeaseMachine::PursueSession(Context& c) {
  const std::int64_t reading_ms = c.now.reading_ms;
  if (reading_ms < session_.due_ms) return;
  switch (session_.phase) {
    case SessionPhase::kReading: last_exchange_ok_ = false; break;
    case SessionPhase::kSending:
      last_exchange_ok_ = false;
      AddReturn(c, session_.operation, "", store::Outcome::kUnknown);
      break;
    case SessionPhase::kReady: SendSession(c); return;
    case SessionPhase::kUnread: break;
  }
  // The own rows first: after a start, a refusal or an unknown outcome they are not known.
  session_.phase = SessionPhase::kReading;
  session_.operation = ++operations_;
  session_.due_ms = reading_ms + options_.reply_timeout_ms + 1;
  c.out.reads.push_back(
      {Operation(session_.operation), {SessionKey(options_.node), SessionIncarnationKey(options_.node)}});
}

void LeaseMachine::TakeOwnRows(Context& c, const store::ReadReply& reply) {
  const store::Row& row = reply.rows.at(SessionKey(options_.node));
  const std::optional<SessionRow> session = DecodeSession(row);
  session_.row_version = row.version;
  session_.row_incarnation = session ? session->incarnation : 0;
  session_.key_version = reply.rows.at(SessionIncarnationKey(options_.node)).version;
  session_.phase = SessionPhase::kReady;
  session_.due_ms = c.now.reading_ms;
}

void LeaseMachine::SendSession(Context& c) {
  const std::int64_t reading_ms = c.now.reading_ms;
  if (session_.request.incarnation != 0 && session_.request.sent_at_ms == reading_ms) {
    session_.due_ms = reading_ms + 1;  // two requests of one process differ in when they were sent
    return;
  }
  LeaseRequest request;
  request.kind = RequestKind::kSession;
  request.incarnation = belief_.incarnation;
  request.sent_at_ms = reading_ms;
  request.version = static_cast<std::int64_t>(session_.row_version);

  bool opens = session_.row_incarnation < belief_.incarnation;
  std::uint64_t written = belief_.incarnation;
  if (Has(Bug::renew_without_ownership) && session_.row_incarnation > 0) {
    opens = false;
    written = session_.row_incarnation;
  }
  store::Transaction transaction;
  transaction.label = opens ? "open" : "renew";
  if (opens || !Has(Bug::blind_renewal)) transaction.compares = {{SessionKey(options_.node), session_.row_version}};
  transaction.writes = {{SessionKey(options_.node), Encode(SessionRow{written, options_.ttl_ms})}};
  if (opens) {
    transaction.writes.push_back(
        {SessionIncarnationKey(options_.node), Encode(CounterRow{static_cast<std::int64_t>(written)})});
  }
  session_.phase = SessionPhase::kSending;
  session_.operation = ++operations_;
  session_.due_ms = reading_ms + options_.reply_timeout_ms + 1;
  session_.request = request;
  session_.row_incarnation = written;
  AddRequest(c, session_.operation, request, std::move(transaction));
}

void LeaseMachine::TakeSessionReply(Context& c, const store::TransactionReply& reply) {
  AddReturn(c, session_.operation, "", reply.outcome);
  if (reply.outcome != store::Outcome::kOk) {
    AddFact(c, FactKind::kDismiss, session_.operation, "");
    session_.phase = SessionPhase::kUnread;
    session_.due_ms = c.now.reading_ms + options_.retry_ms;
    return;
  }
  last_exchange_ok_ = true;
  session_.row_version = reply.versions.at(SessionKey(options_.node));
  const auto opened = reply.versions.find(SessionIncarnationKey(options_.node));
  if (opened != reply.versions.end()) session_.key_version = opened->second;
  session_.phase = SessionPhase::kReady;
  const auto jitter =
      static_cast<std::int64_t>(c.now.random % static_cast<std::uint64_t>(options_.renew_jitter_ms + 1));
  session_.due_ms = session_.request.sent_at_ms + options_.renew_every_ms - jitter;
  LearnSession(c);
}

void LeaseMachine::LearnSession(Context& c) {
  const std::int64_t reading_ms = c.now.reading_ms;
  std::int64_t counted_from_ms = session_.request.sent_at_ms;
  if (Has(Bug::deadline_from_reply)) counted_from_ms = reading_ms;
  const bool lapsed = !SessionLive(reading_ms) && belief_.session > 0;
  if (!SessionLive(reading_ms)) {
    // Lapsed in between: others may have taken every lease.
    belief_.since_ms = reading_ms;
    if (!Has(Bug::leases_outlive_session)) belief_.tokens.clear();
    for (auto& [actor, work] : actors_) {
      if (work.wanted && work.phase == ActorPhase::kIdle) Schedule(actor, work, reading_ms);
    }
  }
  belief_.session = std::max(belief_.session, session_.request.version + 1);
  belief_.deadline_ms =
      std::max(belief_.deadline_ms, counted_from_ms + HolderMs(options_.ttl_ms, options_.rho_per_thousand));
  AddFact(c, FactKind::kLearnSession, session_.operation, "").lapsed = lapsed;
}

void LeaseMachine::PursueObservation(Context& c) {
  if (c.now.reading_ms < observe_due_ms_) return;
  if (options_.peers.empty()) {
    observe_due_ms_ = std::numeric_limits<std::int64_t>::max();
    return;
  }
  if (observe_operation_ != 0) last_exchange_ok_ = false;
  observe_operation_ = ++operations_;
  observe_due_ms_ = c.now.reading_ms + options_.reply_timeout_ms + 1;
  store::ReadRequest read{Operation(observe_operation_), {}};
  for (const std::string& peer : options_.peers) read.keys.push_back(SessionKey(peer));
  c.out.reads.push_back(std::move(read));
}

void LeaseMachine::TakePeerRows(Context& c, const store::Rows& rows) {
  for (const std::string& peer : options_.peers) {
    const auto found = rows.find(SessionKey(peer));
    if (found == rows.end()) continue;
    const std::optional<SessionRow> row = DecodeSession(found->second);
    ObservedSession& seen = observed_[peer];
    const auto version = static_cast<std::int64_t>(found->second.version);
    if (!row || version <= seen.version) continue;
    // The wait starts when the answer is processed, not when the row was read.
    seen = {version, c.now.reading_ms, row->incarnation, row->ttl_ms};
    LeaseFact& fact = AddFact(c, FactKind::kObserveSession, 0, "");
    fact.peer = peer;
    fact.observed = seen;
  }
}

}  // namespace kelpie::machines
