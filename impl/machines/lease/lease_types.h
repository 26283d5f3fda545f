// What goes into a lease machine, what it holds, and what comes out.
//
// Facts are the machine's account of its own protocol steps, in their order, each with what the
// machine held right after it. They are what the trace is made of; nothing else reads them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "impl/machines/bugs.h"
#include "impl/store/transaction.h"

namespace kelpie::machines {

struct LeaseOptions {
  std::string node;
  std::vector<std::string> peers;  // the other nodes, at most store::Limits::operations_max - 3
  std::uint64_t incarnation = 1;   // given by the supervisor; larger than every earlier one of the node
  std::int64_t ttl_ms = 1000;
  std::int64_t rho_per_thousand = 50;
  std::int64_t renew_every_ms = 333;    // from send to send; at most a third of the TTL
  std::int64_t renew_jitter_ms = 33;    // renewals come up to this much earlier
  std::int64_t observe_every_ms = 200;  // how often the peers' session rows are read
  std::int64_t reply_timeout_ms = 200;  // without a reply for longer, the outcome is unknown
  std::int64_t retry_ms = 40;           // pause after a refusal or an unknown outcome
  Bug bug = Bug::kNone;
};

// Intervals in proportion to the TTL.
[[nodiscard]] LeaseOptions LeaseOptionsFor(std::string node, std::vector<std::string> peers, std::int64_t ttl_ms,
                                           std::int64_t rho_per_thousand);

// What the process believes it holds. It may act for an actor while its reading is below the
// deadline and the actor's token is above 0.
struct LeaseBelief {
  std::uint64_t incarnation = 0;
  std::int64_t session = 0;                    // version of the own session row, as last confirmed
  std::int64_t deadline_ms = 0;                // on the own clock
  std::int64_t since_ms = 0;                   // the session has not lapsed since
  std::map<std::string, std::int64_t> tokens;  // actors held; all others have token 0
  friend bool operator==(const LeaseBelief&, const LeaseBelief&) = default;
};

// The last version of a peer's session row that was seen, and the own reading when it was.
struct ObservedSession {
  std::int64_t version = 0;
  std::int64_t at_ms = 0;
  std::uint64_t incarnation = 0;
  std::int64_t ttl_ms = 0;
  friend bool operator==(const ObservedSession&, const ObservedSession&) = default;
};

enum class RequestKind : std::uint8_t { kSession, kAcquire, kRelease, kWrite };

// What a transaction says it compares, and when it was sent (own clock). Which fields have a
// meaning depends on the kind: `version` of session and acquire, `holder` of acquire, actor
// and token of all but session.
struct LeaseRequest {
  RequestKind kind = RequestKind::kSession;
  std::uint64_t incarnation = 0;
  std::int64_t sent_at_ms = 0;
  std::string actor;
  std::int64_t token = 0;    // as read (acquire), as held (release, write)
  std::string holder;        // whose session was waited for; empty: relies on no wait
  std::int64_t version = 0;  // of the own session row (session), of the holder's (acquire)
  friend bool operator==(const LeaseRequest&, const LeaseRequest&) = default;
};

enum class FactKind : std::uint8_t {
  kRequest,         // a transaction is about to leave
  kObserveSession,  // a newer version of a peer's session row was seen
  kReturn,          // a transaction of this process has an outcome
  kLearnSession,    // the own session was opened or renewed
  kLearnLease,      // a grant counts
  kLearnFenced,     // a refused write: superseded
  kDismiss,         // a reply was looked at and changes nothing
};

struct LeaseFact {
  FactKind kind = FactKind::kDismiss;
  store::OperationId operation;                       // of all but kObserveSession
  LeaseRequest request;                               // of kRequest
  store::Outcome outcome = store::Outcome::kUnknown;  // of kReturn
  bool lapsed = false;       // of kLearnSession: a session that had been confirmed ran out before
  std::string actor;         // of requests and lessons about an actor
  std::string peer;          // of kObserveSession
  ObservedSession observed;  // of kObserveSession
  LeaseBelief belief;        // right after; tokens: all of kLearnSession, else only `actor`'s
};

// Inputs.
struct StartInput {};
struct WakeInput {};
struct WantInput {
  std::string actor;
};  // the node shall own the actor
struct UnwantInput {
  std::string actor;
};  // it shall give the actor up
struct InvokeInput {
  std::string actor;
};  // a client calls the actor here
using LeaseInput =
    std::variant<StartInput, WakeInput, WantInput, UnwantInput, InvokeInput, store::TransactionReply, store::ReadReply>;

// Outputs: facts first (they are recorded before anything leaves), then what to send.
struct LeaseOutputs {
  std::vector<LeaseFact> facts;
  std::vector<store::Transaction> transactions;
  std::vector<store::ReadRequest> reads;
  std::int64_t wake_at_ms = 0;  // own clock; always in the future
  bool refused = false;         // an invocation was not served here
};

}  // namespace kelpie::machines
