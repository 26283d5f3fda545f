#include "impl/machines/lease/lease_machine.h"

#include <algorithm>
#include <type_traits>

#include "impl/env/check.h"
#include "impl/machines/lease/lease_rows.h"

namespace kelpie::machines {

LeaseOptions LeaseOptionsFor(std::string node, std::vector<std::string> peers, std::int64_t ttl_ms,
                             std::int64_t rho_per_thousand) {
  LeaseOptions options;
  options.node = std::move(node);
  options.peers = std::move(peers);
  options.ttl_ms = ttl_ms;
  options.rho_per_thousand = rho_per_thousand;
  options.renew_every_ms = std::max<std::int64_t>(2, ttl_ms / 3);
  options.renew_jitter_ms = ttl_ms / 30;
  options.observe_every_ms = std::max<std::int64_t>(2, ttl_ms / 5);
  options.reply_timeout_ms = std::max<std::int64_t>(2, ttl_ms / 5);
  options.retry_ms = std::max<std::int64_t>(1, ttl_ms / 25);
  return options;
}

LeaseMachine::LeaseMachine(LeaseOptions options) : options_(std::move(options)) {
  IMPL_CHECK(options_.incarnation > 0 && options_.ttl_ms > 0, "lease options of " + options_.node);
  IMPL_CHECK(options_.rho_per_thousand >= 0 && options_.rho_per_thousand < 1000, "rate bound");
  IMPL_CHECK(options_.peers.size() + 3 <= store::Limits{}.operations_max, "more peers than one read can name");
  belief_.incarnation = options_.incarnation;
}

std::int64_t LeaseMachine::Token(const std::string& actor) const {
  const auto found = belief_.tokens.find(actor);
  return found == belief_.tokens.end() ? 0 : found->second;
}

bool LeaseMachine::Believes(const std::string& actor, std::int64_t reading_ms) const {
  return SessionLive(reading_ms) && Token(actor) > 0;
}

bool LeaseMachine::MayServe(const std::string& actor, std::int64_t reading_ms) const {
  if (Has(Bug::heartbeat_ownership)) return last_exchange_ok_ && Token(actor) > 0;
  return Believes(actor, reading_ms);
}

LeaseOutputs LeaseMachine::Step(const env::Moment& now, const LeaseInput& input) {
  Context c{now, {}};
  Take(c, input);
  Pursue(c);
  c.out.wake_at_ms = NextWake(now.reading_ms);
  return std::move(c.out);
}

void LeaseMachine::Take(Context& c, const LeaseInput& input) {
  std::visit(
      [&](const auto& in) {
        using T = std::decay_t<decltype(in)>;
        if constexpr (std::is_same_v<T, WantInput> || std::is_same_v<T, UnwantInput>) {
          ActorWork& work = actors_[in.actor];
          work.wanted = std::is_same_v<T, WantInput>;
          if (work.phase == ActorPhase::kIdle) Schedule(in.actor, work, c.now.reading_ms);
        } else if constexpr (std::is_same_v<T, InvokeInput>) {
          Invoke(c, in.actor);
        } else if constexpr (std::is_same_v<T, store::TransactionReply>) {
          TakeTransactionReply(c, in);
        } else if constexpr (std::is_same_v<T, store::ReadReply>) {
          TakeReadReply(c, in);
        }
      },
      input);
}

void LeaseMachine::TakeTransactionReply(Context& c, const store::TransactionReply& reply) {
  IMPL_CHECK(reply.operation.client == options_.node && reply.operation.incarnation == options_.incarnation,
             "reply for another process: " + store::ToString(reply.operation));
  const std::uint64_t number = reply.operation.number;
  if (session_.phase == SessionPhase::kSending && session_.operation == number) {
    TakeSessionReply(c, reply);
    return;
  }
  const auto found = actor_of_.find(number);
  if (found != actor_of_.end()) {
    const std::string actor = found->second;
    TakeActorReply(c, actor, actors_[actor], reply);
    return;
  }
  TakeLateReply(c, reply);
}

void LeaseMachine::TakeReadReply(Context& c, const store::ReadReply& reply) {
  const std::uint64_t number = reply.operation.number;
  IMPL_CHECK(reply.outcome == store::Outcome::kOk, "a read within the limits failed");
  if (session_.phase == SessionPhase::kReading && session_.operation == number) {
    TakeOwnRows(c, reply);
    return;
  }
  // Rows of peers are facts whenever they were read; only newer ones count.
  TakePeerRows(c, reply.rows);
  if (observe_operation_ == number) {
    observe_operation_ = 0;
    observe_due_ms_ = c.now.reading_ms + options_.observe_every_ms;
    last_exchange_ok_ = true;
    return;
  }
  const auto found = actor_of_.find(number);
  if (found == actor_of_.end()) return;
  const std::string actor = found->second;
  TakeActorRows(c, actor, actors_[actor], reply);
}

void LeaseMachine::Pursue(Context& c) {
  PursueSession(c);
  PursueObservation(c);
  // What is due now; work that asks for the same moment again waits for the next wake-up.
  std::vector<std::string> due;
  for (const auto& [due_ms, actor] : agenda_) {
    if (due_ms > c.now.reading_ms) break;
    due.push_back(actor);
  }
  for (const std::string& actor : due) PursueActor(c, actor, actors_[actor]);
}

std::int64_t LeaseMachine::NextWake(std::int64_t reading_ms) const {
  std::int64_t wake_ms = std::min(session_.due_ms, observe_due_ms_);
  if (!agenda_.empty()) wake_ms = std::min(wake_ms, agenda_.begin()->first);
  return std::max(wake_ms, reading_ms + 1);
}

store::OperationId LeaseMachine::Operation(std::uint64_t number) const {
  return {options_.node, options_.incarnation, number};
}

LeaseFact& LeaseMachine::AddFact(Context& c, FactKind kind, std::uint64_t operation, const std::string& actor) {
  LeaseFact& fact = c.out.facts.emplace_back();
  fact.kind = kind;
  fact.operation = Operation(operation);
  fact.actor = actor;
  fact.belief.incarnation = belief_.incarnation;
  fact.belief.session = belief_.session;
  fact.belief.deadline_ms = belief_.deadline_ms;
  fact.belief.since_ms = belief_.since_ms;
  if (kind == FactKind::kLearnSession) {
    fact.belief.tokens = belief_.tokens;
  } else if (!actor.empty()) {
    fact.belief.tokens[actor] = Token(actor);
  }
  return fact;
}

void LeaseMachine::AddReturn(Context& c, std::uint64_t operation, const std::string& actor, store::Outcome outcome) {
  AddFact(c, FactKind::kReturn, operation, actor).outcome = outcome;
}

void LeaseMachine::AddRequest(Context& c, std::uint64_t operation, const LeaseRequest& request,
                              store::Transaction transaction) {
  AddFact(c, FactKind::kRequest, operation, request.actor).request = request;
  transaction.operation = Operation(operation);
  c.out.transactions.push_back(std::move(transaction));
}

}  // namespace kelpie::machines
