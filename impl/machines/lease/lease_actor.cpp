// The actor half of the lease machine: claims, writes under a token, releases.
#include <algorithm>

#include "impl/machines/lease/lease_machine.h"
#include "impl/machines/lease/lease_rows.h"
#include "impl/machines/lease/lease_rules.h"

namespace kelpie::machines {

// Moves the actor's place in the agenda; each actor has at most one.
void LeaseMachine::Schedule(const std::string& actor, ActorWork& work, std::int64_t due_ms) {
  agenda_.erase({work.due_ms, actor});
  work.due_ms = due_ms;
  agenda_.insert({due_ms, actor});
}

void LeaseMachine::Begin(Context& c, const std::string& actor, ActorWork& work, ActorPhase phase) {
  work.phase = phase;
  work.operation = ++operations_;
  actor_of_[work.operation] = actor;
  Schedule(actor, work, c.now.reading_ms + options_.reply_timeout_ms + 1);
}

void LeaseMachine::Rest(const std::string& actor, ActorWork& work, std::int64_t due_ms) {
  actor_of_.erase(work.operation);
  work.phase = ActorPhase::kIdle;
  Schedule(actor, work, due_ms);
}

void LeaseMachine::Invoke(Context& c, const std::string& actor) {
  const auto found = actors_.find(actor);
  const bool serves = found != actors_.end() && found->second.phase == ActorPhase::kIdle && !found->second.in_doubt &&
                      found->second.wanted && found->second.last_sent_ms != c.now.reading_ms &&
                      MayServe(actor, c.now.reading_ms);
  if (!serves) {
    c.out.refused = true;
    return;
  }
  SendWrite(c, actor, found->second);
}

void LeaseMachine::PursueActor(Context& c, const std::string& actor, ActorWork& work) {
  if (work.phase != ActorPhase::kIdle) TimeOutActor(c, actor, work);
  agenda_.erase({work.due_ms, actor});
  const std::int64_t reading_ms = c.now.reading_ms;
  const bool pending = work.due_ms > reading_ms;
  if (pending) {
    Schedule(actor, work, work.due_ms);
    return;
  }
  if (Believes(actor, reading_ms)) {
    if (work.last_sent_ms == reading_ms) {
      Schedule(actor, work, reading_ms + 1);
    } else if (work.in_doubt) {
      SettleDoubt(c, actor, work);
    } else if (!work.wanted) {
      SendRelease(c, actor, work);
    }
    return;  // serving: nothing is due until somebody asks
  }
  // A token held past the deadline stays until the session's next confirmation clears it.
  if (work.wanted && SessionLive(reading_ms)) {
    ReadForClaim(c, actor, work);
  } else if (work.wanted) {
    Schedule(actor, work, reading_ms + options_.retry_ms);
  }
}

// No reply in time: the outcome is unknown, which means it may still land.
void LeaseMachine::TimeOutActor(Context& c, const std::string& actor, ActorWork& work) {
  const bool transaction = work.phase == ActorPhase::kAcquiring || work.phase == ActorPhase::kWriting ||
                           work.phase == ActorPhase::kReleasing;
  if (transaction) AddReturn(c, work.operation, actor, store::Outcome::kUnknown);
  std::int64_t due_ms = c.now.reading_ms + options_.retry_ms;
  if (work.phase == ActorPhase::kWriting) {
    work.in_doubt = true;
    work.settle_read = false;
    doubted_.erase(work.doubted);
    work.doubted = work.operation;
    work.doubted_token = work.request.token;
    doubted_[work.doubted] = actor;
    due_ms = c.now.reading_ms;
  }
  Rest(actor, work, due_ms);
}

void LeaseMachine::ReadForClaim(Context& c, const std::string& actor, ActorWork& work) {
  Begin(c, actor, work, ActorPhase::kReading);
  store::ReadRequest read{Operation(work.operation), {LeaseKey(actor), TokenKey(actor)}};
  if (!work.last_holder.empty()) read.keys.push_back(SessionKey(work.last_holder));
  c.out.reads.push_back(std::move(read));
}

std::int64_t LeaseMachine::WaitMs(const ObservedSession& seen) const {
  if (Has(Bug::no_rate_margin)) return seen.ttl_ms;
  // One more than the bound: both readings were rounded down.
  return ClaimerMs(seen.ttl_ms, options_.rho_per_thousand) + 1;
}

bool LeaseMachine::WaitedLongEnough(const ObservedSession& seen, std::int64_t reading_ms) const {
  return seen.version > 0 && reading_ms - seen.at_ms >= WaitMs(seen);
}

void LeaseMachine::DecideClaim(Context& c, const std::string& actor, ActorWork& work, const store::ReadReply& reply) {
  const std::int64_t reading_ms = c.now.reading_ms;
  Rest(actor, work, reading_ms + options_.retry_ms);
  if (!work.wanted || !SessionLive(reading_ms) || Token(actor) > 0) return;
  if (work.last_sent_ms == reading_ms) return;
  const std::optional<LeaseRow> lease = DecodeLease(reply.rows.at(LeaseKey(actor)));
  std::string waited_for;
  if (lease && lease->holder != options_.node && !Has(Bug::blind_takeover)) {
    work.last_holder = lease->holder;
    const auto found = observed_.find(lease->holder);
    const ObservedSession seen = found == observed_.end() ? ObservedSession{} : found->second;
    const bool superseded = seen.incarnation > lease->incarnation;
    if (!superseded && !WaitedLongEnough(seen, reading_ms)) {
      if (seen.version > 0) Schedule(actor, work, std::max(work.due_ms, seen.at_ms + WaitMs(seen)));
      return;
    }
    if (!superseded) waited_for = lease->holder;
  }
  SendAcquire(c, actor, work, reply.rows.at(TokenKey(actor)), waited_for);
}

void LeaseMachine::SendAcquire(Context& c, const std::string& actor, ActorWork& work, const store::Row& token_row,
                               const std::string& waited_for) {
  const std::optional<CounterRow> counter = DecodeCounter(token_row);
  LeaseRequest request;
  request.kind = RequestKind::kAcquire;
  request.incarnation = belief_.incarnation;
  request.sent_at_ms = c.now.reading_ms;
  request.actor = actor;
  request.token = counter ? counter->count : 0;
  request.holder = waited_for;
  if (!waited_for.empty()) request.version = observed_.at(waited_for).version;

  // The counter stands for the lease row as it was read: only a grant changes the holder to
  // somebody else, and every grant changes the counter; a release only makes the claim easier.
  store::Transaction transaction;
  transaction.label = "acquire";
  if (!Has(Bug::claim_without_counter)) transaction.compares.push_back({TokenKey(actor), token_row.version});
  transaction.compares.push_back({SessionIncarnationKey(options_.node), session_.key_version});
  if (!waited_for.empty()) {
    transaction.compares.push_back({SessionKey(waited_for), static_cast<std::uint64_t>(request.version)});
  }
  transaction.writes = {{LeaseKey(actor), Encode(LeaseRow{options_.node, belief_.incarnation, request.token + 1})},
                        {TokenKey(actor), Encode(CounterRow{request.token + 1})}};
  Begin(c, actor, work, ActorPhase::kAcquiring);
  work.request = request;
  work.last_sent_ms = c.now.reading_ms;
  AddRequest(c, work.operation, request, std::move(transaction));
}

void LeaseMachine::SendWrite(Context& c, const std::string& actor, ActorWork& work) {
  LeaseRequest request;
  request.kind = RequestKind::kWrite;
  request.incarnation = belief_.incarnation;
  request.sent_at_ms = c.now.reading_ms;
  request.actor = actor;
  request.token = Token(actor);

  store::Transaction transaction;
  transaction.label = "write";
  if (!Has(Bug::no_fencing)) {
    transaction.compares = {{TokenKey(actor), work.token_version}, {LeaseKey(actor), work.lease_version}};
  }
  transaction.writes = {{StateKey(actor), Encode(CounterRow{request.token})}};
  Begin(c, actor, work, ActorPhase::kWriting);
  work.request = request;
  work.last_sent_ms = c.now.reading_ms;
  AddRequest(c, work.operation, request, std::move(transaction));
}

void LeaseMachine::SendRelease(Context& c, const std::string& actor, ActorWork& work) {
  LeaseRequest request;
  request.kind = RequestKind::kRelease;
  request.incarnation = belief_.incarnation;
  request.sent_at_ms = c.now.reading_ms;
  request.actor = actor;
  request.token = Token(actor);

  store::Transaction transaction;
  transaction.label = "release";
  if (!Has(Bug::blind_release)) transaction.compares = {{LeaseKey(actor), work.lease_version}};
  transaction.writes = {{LeaseKey(actor), std::nullopt}};
  if (Has(Bug::token_reset)) transaction.writes.push_back({TokenKey(actor), std::nullopt});
  // The belief ends before the request leaves.
  belief_.tokens.erase(actor);
  Begin(c, actor, work, ActorPhase::kReleasing);
  work.request = request;
  work.last_sent_ms = c.now.reading_ms;
  AddRequest(c, work.operation, request, std::move(transaction));
}

// A write whose outcome is unknown: look for it in the row once; if it is not there it may
// still land, and only a change of what it compares keeps it out. Giving the lease up does
// that; a wanted actor is then claimed anew, under a larger token.
void LeaseMachine::SettleDoubt(Context& c, const std::string& actor, ActorWork& work) {
  if (work.settle_read) {
    SendRelease(c, actor, work);
    return;
  }
  work.settle_read = true;
  Begin(c, actor, work, ActorPhase::kSettling);
  c.out.reads.push_back({Operation(work.operation), {StateKey(actor)}});
}

void LeaseMachine::TakeActorRows(Context& c, const std::string& actor, ActorWork& work, const store::ReadReply& reply) {
  if (work.phase == ActorPhase::kReading) {
    DecideClaim(c, actor, work, reply);
    return;
  }
  if (reply.rows.at(StateKey(actor)).writer == Operation(work.doubted)) work.in_doubt = false;
  Rest(actor, work, c.now.reading_ms);
}

// Given up as unknown before it came; it was, or will be, settled otherwise. But a write that
// was refused tells that its token is no longer the newest, whenever that is heard.
void LeaseMachine::TakeLateReply(Context& c, const store::TransactionReply& reply) {
  const auto found = doubted_.find(reply.operation.number);
  if (found == doubted_.end() || reply.outcome == store::Outcome::kOk) {
    AddFact(c, FactKind::kDismiss, reply.operation.number, "");
    return;
  }
  const std::string actor = found->second;
  doubted_.erase(found);
  ActorWork& work = actors_[actor];
  if (Token(actor) == work.doubted_token) belief_.tokens.erase(actor);
  if (work.phase == ActorPhase::kIdle) Schedule(actor, work, c.now.reading_ms);
  AddFact(c, FactKind::kLearnFenced, reply.operation.number, actor);
}

void LeaseMachine::TakeActorReply(Context& c, const std::string& actor, ActorWork& work,
                                  const store::TransactionReply& reply) {
  const std::int64_t reading_ms = c.now.reading_ms;
  const bool ok = reply.outcome == store::Outcome::kOk;
  AddReturn(c, work.operation, actor, reply.outcome);
  const std::uint64_t operation = work.operation;
  const ActorPhase phase = work.phase;
  Rest(actor, work, ok ? reading_ms : reading_ms + options_.retry_ms);
  if (phase == ActorPhase::kAcquiring && ok && SessionLive(reading_ms) && work.request.sent_at_ms >= belief_.since_ms) {
    belief_.tokens[actor] = work.request.token + 1;
    work.lease_version = reply.versions.at(LeaseKey(actor));
    work.token_version = reply.versions.at(TokenKey(actor));
    work.in_doubt = false;  // the grant changed the counter that the doubted write compares
    AddFact(c, FactKind::kLearnLease, operation, actor);
    return;
  }
  if (phase == ActorPhase::kWriting && !ok) {
    if (Token(actor) == work.request.token) belief_.tokens.erase(actor);
    AddFact(c, FactKind::kLearnFenced, operation, actor);
    return;
  }
  // A release is over either way; a grant that the session outlived is claimed again.
  AddFact(c, FactKind::kDismiss, operation, actor);
}

}  // namespace kelpie::machines
