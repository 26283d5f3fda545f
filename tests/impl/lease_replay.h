// A second opinion on lease traces: replays the events of one run by hand-written rules.
//
//   LeaseReplay replay(names);
//   for (const trace::Event& event : events) {
//     if (std::optional<Misstep> m = replay.Take(event)) FAIL() << m->action << ": " << m->conjunct;
//   }
//
// It knows KelpieLease only as a person reads it: each action's guard in the order of the text,
// then its effect, then whether the event agrees. It shares no code with the machines, the
// emitter or the checker, and reads nothing but events. Events must come in world order.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "trace/value/event.h"

namespace kelpie::impl_test {

struct Misstep {
  std::uint64_t world = 0;  // version of the event
  int check = 0;            // 3 guard, 4 effect
  std::string action;
  std::string conjunct;  // text of the spec for guards; for effects the path that disagrees
};

struct ReplayNames {
  std::vector<std::string> nodes;
  std::vector<std::string> actors;
  std::int64_t ttl_ms = 1000;
  std::int64_t rho = 50;
  bool any_clock = false;  // rates outside the envelope are let pass
};

class LeaseReplay {
 public:
  explicit LeaseReplay(ReplayNames names);

  // Nothing when the event is a legal step, or none at all (call, return).
  std::optional<Misstep> Take(const trace::Event& event);

  [[nodiscard]] const std::map<std::string, std::uint64_t>& actions() const { return actions_; }

 private:
  struct Request {
    std::string kind, status, node, actor, holder;
    std::int64_t incarnation = 0, sent_at = 0, token = 0, version = 0;
    friend auto operator<=>(const Request&, const Request&) = default;
  };
  struct Belief {
    std::int64_t incarnation = 1, session = 0, deadline = 0, since = 0;
    std::map<std::string, std::int64_t> tokens;
  };
  struct Seen {
    std::int64_t version = 0, at = 0;
  };
  struct Lease {
    std::string holder = "NoHolder";
    std::int64_t incarnation = 0, token = 0;
  };
  struct Session {
    std::int64_t incarnation = 0, version = 0;
  };
  struct Written {
    std::int64_t token = 0, version = 0;
  };
  struct State {
    std::int64_t clock = 0;
    std::map<std::string, std::int64_t> clocks;
    std::map<std::string, bool> alive;
    std::map<std::string, Belief> beliefs;
    std::map<std::string, std::map<std::string, Seen>> observed;
    std::set<Request> requests;
    std::map<std::string, Session> sessions;
    std::map<std::string, Lease> leases;
    std::map<std::string, std::int64_t> counters;
    std::map<std::string, Written> writes;
  };
  // The claim under judgement.
  struct Args {
    std::string action, n, a, m, holder;
    std::int64_t t = 0, token = 0, version = 0;
    std::optional<Request> request;
  };

  static Request ParseRequest(const trace::Value& value);
  static Args ParseArgs(const trace::Claim& claim);
  void Guard(bool holds, const char* conjunct);
  void NodeRequest(const Args& args);
  void NodeLearn(const Args& args);
  void StoreStep(const Args& args);
  void WorldStep(const Args& args, const trace::Claim& claim);
  void Settle(const Request& request, const char* status);
  [[nodiscard]] bool Accepts(const Request& r) const;
  [[nodiscard]] bool Grantable(const Request& r) const;
  [[nodiscard]] std::int64_t Reading(const std::string& n) const { return now_.clocks.at(n) / 1000; }
  [[nodiscard]] bool SessionLive(const std::string& n) const;
  [[nodiscard]] bool Believes(const std::string& n, const std::string& a) const;
  void Disagree(const trace::Location& at);
  void AgreeBefore(const trace::Claim& claim);
  void AgreeAfter(const trace::Claim& claim);
  [[nodiscard]] std::optional<trace::Value> ValueAt(const trace::Location& location) const;

  ReplayNames names_;
  State now_;
  std::map<std::string, std::uint64_t> actions_;
  std::optional<Misstep> misstep_;  // of the event under judgement
  std::uint64_t world_ = 0;
  std::string action_;
};

}  // namespace kelpie::impl_test
