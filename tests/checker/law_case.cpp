#include "tests/checker/law_case.h"

#include <algorithm>
#include <cstdlib>

#include "checker/report/json.h"

namespace kelpie::laws {

namespace {

constexpr std::size_t kChoicesMax = 4'000;  // successors of one state that are chosen among

Json& ClaimOf(Json& event) { return event["claims"][0]; }

Json Facts(const WrittenState& state) {
  Json facts = Json::array();
  for (const auto& [variable, value] : state) {
    Json fact = Json::object();
    fact["path"] = Json::array({variable});
    fact["value"] = value;
    facts.push_back(std::move(fact));
  }
  return facts;
}

Json Event(const char* kind, Json claim) {
  Json event = Json::object();
  event["kind"] = kind;
  event["claims"] = Json::array();
  event["claims"].push_back(std::move(claim));
  return event;
}

Json Claim(const LawSpec& spec) {
  Json claim = Json::object();
  claim["spec"] = spec.text.name;
  return claim;
}

// Keeps each element with one chance in two.
void Thin(Json& list, Rng& rng) {
  Json kept = Json::array();
  for (const Json& one : list) {
    if (rng.OneIn(2)) kept.push_back(one);
  }
  list = std::move(kept);
}

}  // namespace

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

eval::Result<bool> Keeps(eval::Evaluator& evaluator, const eval::State* before, const eval::State& state) {
  const program::Program& program = evaluator.program();
  for (const program::Invariant& invariant : program.invariants) {
    eval::Result<bool> holds = evaluator.Holds(invariant.expr, &state);
    if (!holds.ok() || !holds.value()) return holds;
  }
  if (before == nullptr) return true;
  const auto broken = evaluator.FirstBroken(program.action_properties, *before, state);
  if (!broken.ok()) return broken.error();
  if (broken.value()) return false;
  return true;
}

WrittenState Written(const program::Program& program, const eval::State& state) {
  WrittenState written;
  for (std::size_t slot = 0; slot < state.size(); ++slot) {
    written.emplace_back(program.spec->variables[slot].name, report::ToItf(state[slot]));
  }
  return written;
}

std::optional<Behavior> RandomBehavior(const LawSpec& spec, Rng& rng, std::size_t steps_max, std::string& error) {
  eval::Evaluator evaluator(spec.program, {}, {});
  Behavior behavior;
  std::vector<eval::State> states;
  const auto is_kept = [&](const eval::State* before, const eval::State& state) {
    const eval::Result<bool> kept = Keeps(evaluator, before, state);
    if (!kept.ok()) error = kept.error().message;
    return kept.ok() && kept.value();
  };
  const eval::Status started = evaluator.InitialStates([&](const eval::State& state) {
    if (is_kept(nullptr, state)) states.push_back(state);
    return states.size() < kChoicesMax;
  });
  if (started) error = started->message;
  std::vector<BehaviorStep> steps;
  for (std::size_t taken = 0; !states.empty(); ++taken) {
    const std::size_t choice = rng.Below(states.size());
    const eval::State state = states[choice];
    behavior.states.push_back(Written(*spec.program, state));
    if (taken > 0) behavior.steps.push_back(steps[choice]);
    if (taken == steps_max) break;
    states.clear();
    steps.clear();
    const eval::Status stepped = evaluator.Successors(state, {}, [&](const eval::Successor& next) {
      if (!is_kept(&state, next.state)) return true;
      BehaviorStep step;
      if (next.definition.is_valid()) step.action = spec.program->spec->definition(next.definition).name;
      step.args = Json::object();
      for (const auto& [name, value] : next.action().arguments) step.args[name] = report::ToItf(value);
      states.push_back(next.state);
      steps.push_back(std::move(step));
      return states.size() < kChoicesMax;
    });
    if (stepped) error = stepped->message;
    if (!error.empty()) return std::nullopt;
  }
  if (!error.empty() || behavior.states.empty()) return std::nullopt;
  return behavior;
}

Events Observe(const LawSpec& spec, const Behavior& behavior) {
  Events events;
  Json initial = Claim(spec);
  initial["updates"] = Facts(behavior.states[0]);
  events.push_back(Event("init", std::move(initial)));
  for (std::size_t i = 0; i < behavior.steps.size(); ++i) {
    Json claim = Claim(spec);
    if (!behavior.steps[i].action.empty()) {
      claim["action"] = behavior.steps[i].action;
      claim["args"] = behavior.steps[i].args;
    }
    claim["reads"] = Facts(behavior.states[i]);
    claim["updates"] = Facts(behavior.states[i + 1]);
    events.push_back(Event("step", std::move(claim)));
  }
  return events;
}

Json Stutter(const LawSpec& spec, const WrittenState& state) {
  Json claim = Claim(spec);
  claim["updates"] = Facts(state);
  return Event("observe", std::move(claim));
}

Events Hide(Events events, Rng& rng) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    Json& claim = ClaimOf(events[i]);
    Thin(claim["updates"], rng);
    if (claim.contains("reads")) Thin(claim["reads"], rng);
    if (!claim.contains("args")) continue;
    Json kept = Json::object();
    for (const auto& [name, value] : claim["args"].items()) {
      if (rng.OneIn(2)) kept[name] = value;
    }
    claim["args"] = std::move(kept);
    // One event at least must say something of the spec, or the trace is refused as saying nothing.
    if (i == 1 || !rng.OneIn(4)) continue;
    claim.erase("action");
    claim.erase("args");
  }
  return events;
}

Events Alter(Events events, Rng& rng) {
  if (events.size() < 2) return events;
  const std::size_t at = 1 + rng.Below(events.size() - 1);
  if (events.size() > 2 && rng.OneIn(4)) {
    // Not the first step: it keeps its action when the rest is hidden.
    events.erase(events.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(at, 2)));
    return events;
  }
  Json& claim = ClaimOf(events[at]);
  const Json& other = ClaimOf(events[rng.Below(events.size())]);
  if (rng.OneIn(3) && claim.contains("args") && !claim["args"].empty() &&
      claim.value("action", "") == other.value("action", "")) {
    claim["args"] = other["args"];
    return events;
  }
  const char* const field = rng.OneIn(4) && claim.contains("reads") ? "reads" : "updates";
  if (claim[field].empty() || !other.contains("updates")) return events;
  Json& fact = claim[field][rng.Below(claim[field].size())];
  for (const Json& one : other["updates"]) {
    if (one["path"] == fact["path"]) fact["value"] = one["value"];
  }
  return events;
}

}  // namespace kelpie::laws
