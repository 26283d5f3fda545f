// Behaviors that our own evaluator takes at random, and traces of them that say all, less or wrong.
//
//   Behavior b = *RandomBehavior(spec, rng, 8);
//   Events all = Observe(spec, b);                 // every variable, argument and a read, in JSON
//   Events less = Hide(all, rng);                  // some of it taken away
//   Events wrong = Alter(all, rng);                // one thing replaced by what was true elsewhere
//
// Events are JSON as docs/SEMANTICS.md part 2 has them, so that laws change what a trace says
// and not what some structure holds.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/eval/evaluator.h"
#include "tests/checker/law_spec.h"
#include "tests/trace/support.h"

namespace kelpie::laws {

using Json = nlohmann::ordered_json;
using Events = std::vector<Json>;
using trace::test::Rng;

// The number in a variable of the environment.
[[nodiscard]] std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise);

// A state as it is written: variable -> value in ITF.
using WrittenState = std::vector<std::pair<std::string, Json>>;

struct BehaviorStep {
  std::string action;
  Json args;  // parameter -> value
};

struct Behavior {
  std::vector<WrittenState> states;  // one more than steps
  std::vector<BehaviorStep> steps;
};

[[nodiscard]] WrittenState Written(const program::Program& program, const eval::State& state);

// Do the invariants and action properties of the model hold? `before`: null for an initial state.
[[nodiscard]] eval::Result<bool> Keeps(eval::Evaluator& evaluator, const eval::State* before, const eval::State& state);

// Initial state and each successor are chosen among all; shorter than asked for at a dead end.
// Nothing when the evaluator errs, which `error` then says.
[[nodiscard]] std::optional<Behavior> RandomBehavior(const LawSpec& spec, Rng& rng, std::size_t steps_max,
                                                     std::string& error);

// An init event and an event for each step, in full.
[[nodiscard]] Events Observe(const LawSpec& spec, const Behavior& behavior);
// The observation of a state that takes no step.
[[nodiscard]] Json Stutter(const LawSpec& spec, const WrittenState& state);
// Takes arguments, updates, reads and names of actions away; the first step keeps its action.
[[nodiscard]] Events Hide(Events events, Rng& rng);
// One update, argument or read gets the value that it has in another event, or an event is lost.
[[nodiscard]] Events Alter(Events events, Rng& rng);

}  // namespace kelpie::laws
