// Sessions and actor leases of one process, as a pure step function.
//
//   LeaseMachine machine(options);
//   LeaseOutputs out = machine.Step({.reading_ms = 17, .random = bits}, StartInput{});
//   // record out.facts, send out.transactions and out.reads, wake at out.wake_at_ms
//
// The protocol is tla/specs/KelpieLease.tla: a session row per node, renewed; a lease row per
// actor, untouched by renewal; deadlines counted from the send on the own clock; take-overs
// after having seen the holder's session row unchanged for long enough; writes that compare
// the token. INVARIANTS: a token above 0 is held only between a counted grant and the release,
// the lapse or the fence that ends it; at most one transaction per actor and one for the
// session is under way, unless the outcome of an earlier one is unknown; no two requests of
// one process are equal (they differ at least in sent_at_ms).
// No threads, clocks, sockets or files: state, input and moment determine the outputs.
// Cost: O(log actors) for each input and due piece of work; a lapse is O(actors ever asked for).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "impl/env/env.h"
#include "impl/machines/lease/lease_types.h"

namespace kelpie::machines {

class LeaseMachine {
 public:
  explicit LeaseMachine(LeaseOptions options);

  LeaseOutputs Step(const env::Moment& now, const LeaseInput& input);

  [[nodiscard]] const LeaseBelief& belief() const { return belief_; }
  [[nodiscard]] const std::map<std::string, ObservedSession>& observed() const { return observed_; }
  [[nodiscard]] bool SessionLive(std::int64_t reading_ms) const { return reading_ms < belief_.deadline_ms; }
  [[nodiscard]] std::int64_t Token(const std::string& actor) const;
  [[nodiscard]] bool Believes(const std::string& actor, std::int64_t reading_ms) const;
  // Would an invocation be served at that reading, were nothing else under way?
  [[nodiscard]] bool MayServe(const std::string& actor, std::int64_t reading_ms) const;

 private:
  enum class SessionPhase : std::uint8_t { kUnread, kReading, kReady, kSending };
  enum class ActorPhase : std::uint8_t { kIdle, kReading, kAcquiring, kWriting, kSettling, kReleasing };

  struct SessionWork {
    SessionPhase phase = SessionPhase::kUnread;
    std::uint64_t operation = 0;
    std::int64_t due_ms = 0;  // next thing to do, or when the wait for a reply ends
    LeaseRequest request;     // under way, or the last one
    std::uint64_t row_version = 0;
    std::uint64_t row_incarnation = 0;  // 0: no row
    std::uint64_t key_version = 0;      // of session/<node>/incarnation
  };

  struct ActorWork {
    ActorPhase phase = ActorPhase::kIdle;
    bool wanted = false;
    bool in_doubt = false;     // a write of ours may still land
    bool settle_read = false;  // the state row was read since then, without finding it
    std::uint64_t operation = 0;
    std::uint64_t doubted = 0;  // operation number of that write
    std::int64_t doubted_token = 0;
    std::int64_t due_ms = 0;
    std::int64_t last_sent_ms = -1;
    LeaseRequest request;
    std::uint64_t lease_version = 0;  // of lease/<actor>, as granted
    std::uint64_t token_version = 0;  // of token/<actor>, as granted
    std::string last_holder;          // whose session row is read together with the lease
  };

  // The step under way: where its outputs go.
  struct Context {
    env::Moment now;
    LeaseOutputs out;
  };

  // lease_machine.cpp: inputs, what is due, facts.
  void Take(Context& c, const LeaseInput& input);
  void TakeTransactionReply(Context& c, const store::TransactionReply& reply);
  void TakeReadReply(Context& c, const store::ReadReply& reply);
  void Pursue(Context& c);
  [[nodiscard]] std::int64_t NextWake(std::int64_t reading_ms) const;
  [[nodiscard]] store::OperationId Operation(std::uint64_t number) const;
  LeaseFact& AddFact(Context& c, FactKind kind, std::uint64_t operation, const std::string& actor);
  void AddReturn(Context& c, std::uint64_t operation, const std::string& actor, store::Outcome outcome);
  void AddRequest(Context& c, std::uint64_t operation, const LeaseRequest& request, store::Transaction transaction);

  // lease_session.cpp: the own session and the peers'.
  void PursueSession(Context& c);
  void SendSession(Context& c);
  void TakeSessionReply(Context& c, const store::TransactionReply& reply);
  void LearnSession(Context& c);
  void TakeOwnRows(Context& c, const store::ReadReply& reply);
  void PursueObservation(Context& c);
  void TakePeerRows(Context& c, const store::Rows& rows);

  // lease_actor.cpp: claims, writes, releases.
  void Invoke(Context& c, const std::string& actor);
  void PursueActor(Context& c, const std::string& actor, ActorWork& work);
  void TimeOutActor(Context& c, const std::string& actor, ActorWork& work);
  void ReadForClaim(Context& c, const std::string& actor, ActorWork& work);
  void DecideClaim(Context& c, const std::string& actor, ActorWork& work, const store::ReadReply& reply);
  void SendAcquire(Context& c, const std::string& actor, ActorWork& work, const store::Row& token_row,
                   const std::string& waited_for);
  void SendWrite(Context& c, const std::string& actor, ActorWork& work);
  void SendRelease(Context& c, const std::string& actor, ActorWork& work);
  void SettleDoubt(Context& c, const std::string& actor, ActorWork& work);
  void TakeActorReply(Context& c, const std::string& actor, ActorWork& work, const store::TransactionReply& reply);
  void TakeLateReply(Context& c, const store::TransactionReply& reply);
  void TakeActorRows(Context& c, const std::string& actor, ActorWork& work, const store::ReadReply& reply);
  [[nodiscard]] std::int64_t WaitMs(const ObservedSession& seen) const;
  [[nodiscard]] bool WaitedLongEnough(const ObservedSession& seen, std::int64_t reading_ms) const;
  void Begin(Context& c, const std::string& actor, ActorWork& work, ActorPhase phase);
  void Rest(const std::string& actor, ActorWork& work, std::int64_t due_ms);
  void Schedule(const std::string& actor, ActorWork& work, std::int64_t due_ms);

  [[nodiscard]] bool Has(Bug bug) const { return options_.bug == bug; }

  LeaseOptions options_;
  LeaseBelief belief_;
  std::map<std::string, ObservedSession> observed_;
  SessionWork session_;
  std::uint64_t observe_operation_ = 0;  // 0: none under way
  std::int64_t observe_due_ms_ = 0;
  bool last_exchange_ok_ = false;
  std::uint64_t operations_ = 0;
  std::map<std::string, ActorWork> actors_;
  // The last write of each actor that was returned as unknown: operation -> actor.
  std::map<std::uint64_t, std::string> doubted_;
  std::map<std::uint64_t, std::string> actor_of_;          // operation under way -> actor
  std::set<std::pair<std::int64_t, std::string>> agenda_;  // actors with something due, by time
};

}  // namespace kelpie::machines
