#include "tests/impl/lease_replay.h"

#include <algorithm>
#include <utility>

namespace kelpie::impl_test {

using trace::Value;

namespace {

const Value* FieldOf(const Value& record, const std::string& name) {
  for (const auto& [field, value] : record.fields()) {
    if (field == name) return &value;
  }
  return nullptr;
}

std::string TextOf(const Value* value) { return value == nullptr ? "" : value->text(); }
std::int64_t IntOf(const Value* value) { return value == nullptr ? 0 : value->as_int(); }

}  // namespace

LeaseReplay::LeaseReplay(ReplayNames names) : names_(std::move(names)) {
  for (const std::string& n : names_.nodes) {
    now_.clocks[n] = 0;
    now_.alive[n] = true;
    now_.beliefs[n] = {};
    now_.sessions[n] = {};
    for (const std::string& m : names_.nodes) now_.observed[n][m] = {};
    for (const std::string& a : names_.actors) now_.beliefs[n].tokens[a] = 0;
  }
  for (const std::string& a : names_.actors) {
    now_.leases[a] = {};
    now_.counters[a] = 0;
    now_.writes[a] = {};
  }
}

LeaseReplay::Request LeaseReplay::ParseRequest(const Value& v) {
  return {.kind = TextOf(FieldOf(v, "kind")),
          .status = TextOf(FieldOf(v, "status")),
          .node = TextOf(FieldOf(v, "node")),
          .actor = TextOf(FieldOf(v, "actor")),
          .holder = TextOf(FieldOf(v, "holder")),
          .incarnation = IntOf(FieldOf(v, "incarnation")),
          .sent_at = IntOf(FieldOf(v, "sentAt")),
          .token = IntOf(FieldOf(v, "token")),
          .version = IntOf(FieldOf(v, "version"))};
}

LeaseReplay::Args LeaseReplay::ParseArgs(const trace::Claim& claim) {
  Args args;
  args.action = claim.action;
  for (const auto& [name, value] : claim.args.named) {
    if (name == "n") args.n = value.text();
    if (name == "a") args.a = value.text();
    if (name == "m") args.m = value.text();
    if (name == "holder") args.holder = value.text();
    if (name == "t") args.t = value.as_int();
    if (name == "token") args.token = value.as_int();
    if (name == "version") args.version = value.as_int();
    if (name == "request") args.request = ParseRequest(value);
  }
  return args;
}

void LeaseReplay::Guard(bool holds, const char* conjunct) {
  if (!holds && !misstep_) misstep_ = Misstep{world_, 3, action_, conjunct};
}

bool LeaseReplay::SessionLive(const std::string& n) const {
  return now_.alive.at(n) && Reading(n) < now_.beliefs.at(n).deadline;
}

bool LeaseReplay::Believes(const std::string& n, const std::string& a) const {
  return SessionLive(n) && now_.beliefs.at(n).tokens.at(a) > 0;
}

std::optional<Misstep> LeaseReplay::Take(const trace::Event& event) {
  if (event.kind != trace::EventKind::kStep) return std::nullopt;
  const trace::Claim& claim = event.claims.at(0);
  const Args args = ParseArgs(claim);
  misstep_.reset();
  world_ = event.versions.at("world");
  action_ = claim.action;
  ++actions_[action_];
  // What is wrong about the state before is reported after the guard, as the checks are numbered.
  AgreeBefore(claim);
  const std::optional<Misstep> wrong_before = std::exchange(misstep_, std::nullopt);
  const std::string& id = event.id.node;
  if (id == "store" && action_ != "DropMessage") {
    StoreStep(args);
  } else if (id == "world" || action_ == "DropMessage") {
    WorldStep(args, claim);
  } else if (action_.starts_with("Learn")) {
    NodeLearn(args);
  } else {
    NodeRequest(args);
  }
  if (!misstep_) misstep_ = wrong_before;
  if (!misstep_) AgreeAfter(claim);
  return misstep_;
}

void LeaseReplay::NodeRequest(const Args& g) {
  Belief& belief = now_.beliefs.at(g.n);
  Request r{.status = "sent", .node = g.n, .incarnation = belief.incarnation, .sent_at = Reading(g.n)};
  if (g.action == "RequestSession") {
    Guard(now_.alive.at(g.n), "nodeActuallyAlive[n]");
    Guard(g.version >= 0 && g.version <= now_.sessions.at(g.n).version, "\\E version \\in 0..sessions[n].version");
    r.kind = "session";
    r.version = g.version;
  } else if (g.action == "ObserveSession") {
    Seen& seen = now_.observed.at(g.n).at(g.m);
    Guard(now_.alive.at(g.n), "nodeActuallyAlive[n]");
    Guard(g.version > seen.version && g.version <= now_.sessions.at(g.m).version,
          "\\E version \\in (observed[n][m].version + 1)..sessions[m].version");
    seen = {g.version, Reading(g.n)};
    return;
  } else if (g.action == "RequestLease") {
    Guard(SessionLive(g.n), "SessionLive(n)");
    Guard(belief.tokens.at(g.a) == 0, "nodeBeliefs[n].tokens[a] = 0");
    Guard(g.token >= 0 && g.token <= now_.counters.at(g.a), "token \\in 0..fencingTokens[a]");
    const bool waits = g.holder != "NoHolder";
    const Seen seen = waits ? now_.observed.at(g.n).at(g.holder) : Seen{};
    const std::int64_t claimer_ms = (names_.ttl_ms * (1000 + names_.rho) + 999) / 1000;
    Guard(!waits || (seen.version > 0 && Reading(g.n) - seen.at > claimer_ms),
          "holder # NoHolder => Waited(n, holder)");
    r.kind = "acquire";
    r.actor = g.a;
    r.token = g.token;
    r.holder = g.holder;
    r.version = seen.version;
    std::erase_if(now_.requests, [&](const Request& q) {
      return q.kind == "acquire" && q.status == "done" && q.node == g.n && q.incarnation == belief.incarnation &&
             q.actor == g.a;
    });
  } else {
    Guard(Believes(g.n, g.a), "Believes(n, a)");
    r.kind = g.action == "RequestWrite" ? "write" : "release";
    r.actor = g.a;
    r.token = belief.tokens.at(g.a);
    if (r.kind == "release") belief.tokens.at(g.a) = 0;
  }
  // A set takes an equal request silently; the machines promise that there is none.
  Guard(now_.requests.insert(r).second, "two equal requests");
}

void LeaseReplay::NodeLearn(const Args& g) {
  Belief& belief = now_.beliefs.at(g.n);
  const Request& r = *g.request;
  const bool fenced = g.action == "LearnFenced";
  if (g.action == "LearnLease") {
    Guard(SessionLive(g.n), "SessionLive(n)");
  } else {
    Guard(now_.alive.at(g.n), "nodeActuallyAlive[n]");
  }
  Guard(now_.requests.contains(r), "\\E request \\in requests");
  Guard(r.kind == (fenced ? "write" : g.action == "LearnLease" ? "acquire" : "session"), "request.kind");
  Guard(r.status == (fenced ? "refused" : "done"), "request.status");
  Guard(r.node == g.n && r.incarnation == belief.incarnation, "request.node = n");
  if (misstep_) return;
  if (fenced) {
    if (belief.tokens.at(g.a) == r.token) belief.tokens.at(g.a) = 0;
  } else if (g.action == "LearnLease") {
    Guard(r.sent_at >= belief.since, "request.sentAt >= nodeBeliefs[n].since");
    belief.tokens.at(g.a) = r.token + 1;
  } else {
    if (!SessionLive(g.n)) {
      belief.since = Reading(g.n);
      for (auto& [actor, token] : belief.tokens) token = 0;
    }
    belief.session = std::max(belief.session, r.version + 1);
    belief.deadline = std::max(belief.deadline, r.sent_at + names_.ttl_ms * (1000 - names_.rho) / 1000);
  }
  now_.requests.erase(r);
}

void LeaseReplay::Settle(const Request& request, const char* status) {
  now_.requests.erase(request);
  Request settled = request;
  settled.status = status;
  now_.requests.insert(settled);
}

bool LeaseReplay::Grantable(const Request& r) const {
  const Lease& lease = now_.leases.at(r.actor);
  if (r.holder != "NoHolder") {
    return r.version == now_.sessions.at(r.holder).version && (lease.holder == "NoHolder" || lease.holder == r.holder);
  }
  if (lease.holder == "NoHolder" || lease.holder == r.node) return true;
  return now_.sessions.at(lease.holder).incarnation > lease.incarnation;
}

bool LeaseReplay::Accepts(const Request& r) const {
  const Session& session = now_.sessions.at(r.node);
  if (r.kind == "session") return r.version == session.version && r.incarnation >= session.incarnation;
  const Lease& lease = now_.leases.at(r.actor);
  const bool newest = r.token == now_.counters.at(r.actor);
  if (r.kind == "acquire") return r.incarnation == session.incarnation && newest && Grantable(r);
  if (r.kind == "write") return lease.holder == r.node && newest;
  return lease.holder == r.node && lease.incarnation == r.incarnation && lease.token == r.token;
}

void LeaseReplay::StoreStep(const Args& g) {
  const Request& r = *g.request;
  Guard(now_.requests.contains(r) && r.status == "sent" && r.node == g.n, "Pending(request, kind, n)");
  if (misstep_) return;
  if (g.action == "RefuseRequest") {
    Guard(!Accepts(r), "refused for no reason");
    Settle(r, "refused");
    return;
  }
  if (g.action == "OpenSession" || g.action == "RenewSession") {
    Session& session = now_.sessions.at(g.n);
    Guard(r.version == session.version, "request.version = sessions[n].version");
    if (g.action == "OpenSession")
      Guard(r.incarnation > session.incarnation, "request.incarnation > sessions[n].incarnation");
    else
      Guard(r.incarnation == session.incarnation, "request.incarnation = sessions[n].incarnation");
    session = {r.incarnation, r.version + 1};
  } else if (g.action == "AcquireLease") {
    Guard(r.incarnation == now_.sessions.at(g.n).incarnation, "request.incarnation = sessions[n].incarnation");
    Guard(r.token == now_.counters.at(g.a), "request.token = fencingTokens[a]");
    Guard(Grantable(r), "Grantable(request, a)");
    now_.leases.at(g.a) = {g.n, r.incarnation, r.token + 1};
    ++now_.counters.at(g.a);
  } else if (g.action == "ReleaseLease") {
    Guard(Accepts(r), "leases[a] = [holder |-> n, incarnation |-> request.incarnation, token |-> request.token]");
    now_.leases.at(g.a) = {};
  } else {
    Guard(r.token == g.token, "request.token = token");
    Guard(now_.leases.at(g.a).holder == g.n, "leases[a].holder = n");
    Guard(g.token == now_.counters.at(g.a), "token = fencingTokens[a]");
    now_.writes.at(g.a) = {g.token, now_.writes.at(g.a).version + 1};
  }
  Settle(r, "done");
}

void LeaseReplay::WorldStep(const Args& g, const trace::Claim& claim) {
  if (g.action == "AdvanceClock") {
    const std::int64_t passed = g.t - now_.clock;
    Guard(passed > 0, "t > clock");
    now_.clock = g.t;
    for (const auto& [node, value] : claim.updates.at(1).value.entries()) {
      std::int64_t& clock = now_.clocks.at(node.text());
      const std::int64_t went = value.as_int() - clock;
      Guard(names_.any_clock || (went >= passed * (1000 - names_.rho) && went <= passed * (1000 + names_.rho)),
            "f[n] - nodeClocks[n] \\in Advances(t - clock)");
      clock = value.as_int();
    }
    return;
  }
  if (g.action == "DropMessage") {
    Guard(g.request->node == g.n && now_.requests.erase(*g.request) == 1, "\\E request \\in requests");
    return;
  }
  Belief& belief = now_.beliefs.at(g.n);
  const bool crash = g.action == "NodeCrash";
  Guard(now_.alive.at(g.n) == crash, crash ? "nodeActuallyAlive[n]" : "~nodeActuallyAlive[n]");
  now_.alive.at(g.n) = !crash;
  const std::int64_t incarnation = belief.incarnation + (crash ? 0 : 1);
  belief = {.incarnation = incarnation};
  for (const std::string& a : names_.actors) belief.tokens[a] = 0;
  for (auto& [node, seen] : now_.observed.at(g.n)) seen = {};
}

std::optional<Value> LeaseReplay::ValueAt(const trace::Location& location) const {
  const auto& path = location.path;
  const std::string key = path.empty() ? "" : path[0].text();
  const std::string field = path.size() < 2 ? "" : path[1].text();
  if (location.variable == "clock") return Value::Int(now_.clock);
  if (location.variable == "sessions") {
    const Session& s = now_.sessions.at(key);
    return Value::Record({{"incarnation", Value::Int(s.incarnation)}, {"version", Value::Int(s.version)}});
  }
  if (location.variable == "leases") {
    const Lease& l = now_.leases.at(key);
    return Value::Record({{"holder", Value::Model(l.holder)},
                          {"incarnation", Value::Int(l.incarnation)},
                          {"token", Value::Int(l.token)}});
  }
  if (location.variable == "fencingTokens") return Value::Int(now_.counters.at(key));
  if (location.variable == "writes") {
    const Written& w = now_.writes.at(key);
    return Value::Record({{"token", Value::Int(w.token)}, {"version", Value::Int(w.version)}});
  }
  if (location.variable == "nodeActuallyAlive") return Value::Bool(now_.alive.at(key));
  if (location.variable == "observed") {
    const Seen& s = now_.observed.at(key).at(field);
    return Value::Record({{"version", Value::Int(s.version)}, {"at", Value::Int(s.at)}});
  }
  if (location.variable != "nodeBeliefs") return std::nullopt;
  const Belief& b = now_.beliefs.at(key);
  if (field == "incarnation") return Value::Int(b.incarnation);
  if (field == "session") return Value::Int(b.session);
  if (field == "deadline") return Value::Int(b.deadline);
  if (field == "since") return Value::Int(b.since);
  if (path.size() == 3) return Value::Int(b.tokens.at(path[2].text()));
  std::vector<Value::Entry> tokens;
  for (const std::string& a : names_.actors) tokens.emplace_back(Value::Model(a), Value::Int(b.tokens.at(a)));
  return Value::Map(std::move(tokens));
}

void LeaseReplay::Disagree(const trace::Location& at) {
  if (misstep_) return;
  std::string path = at.variable;
  for (const Value& step : at.path) path += "." + step.text();
  misstep_ = Misstep{world_, 4, action_, path};
}

void LeaseReplay::AgreeBefore(const trace::Claim& claim) {
  for (const trace::Read& read : claim.reads) {
    if (ValueAt(read.location) != read.value) Disagree(read.location);
  }
  for (const trace::Update& update : claim.updates) {
    if (update.location.variable != "requests") continue;
    const bool add = update.op == trace::UpdateOp::kAdd;
    if (now_.requests.contains(ParseRequest(update.value)) == add) Disagree(update.location);
  }
}

void LeaseReplay::AgreeAfter(const trace::Claim& claim) {
  for (const trace::Update& update : claim.updates) {
    if (update.location.variable == "requests") {
      const bool add = update.op == trace::UpdateOp::kAdd;
      if (now_.requests.contains(ParseRequest(update.value)) != add) Disagree(update.location);
      continue;
    }
    const std::optional<Value> expected = ValueAt(update.location);
    if (expected && *expected != update.value) Disagree(update.location);
  }
}

}  // namespace kelpie::impl_test
