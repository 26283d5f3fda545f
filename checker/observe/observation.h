// What one event says about the spec: a partial assignment before and after, and an action.
//
//   Result<Observation> o = observer.Observe(event);
//   if (!Mismatches(o->reads, state).empty()) ...
//
// Facts are about slots and paths; whether a state agrees with them never errs. A path that
// leads outside a DOMAIN disagrees; a path into a value that has no parts is bad input.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/eval/evaluator.h"
#include "checker/observe/pattern.h"
#include "trace/value/event.h"

namespace kelpie::observe {

// A place in the state: a slot, and function arguments or fields below it.
struct StatePath {
  std::uint32_t slot = 0;
  std::vector<eval::Value> steps;
};

struct Fact {
  StatePath path;
  trace::UpdateOp op = trace::UpdateOp::kSet;
  Pattern pattern;
};

// One action that an event claims, for the spec at hand.
struct ObservedStep {
  std::optional<eval::ClaimedAction> action;  // absent: any step of Next
  std::string action_name;
  bool is_disjunct = true;  // the claimed operator names a disjunct of Next
  std::vector<Fact> reads;
  std::vector<Fact> updates;
  std::vector<std::uint32_t> closed_slots;
};

struct Observation {
  trace::EventKind kind = trace::EventKind::kStep;
  // One for a plain claim, several for `steps`; one without an action for an observation.
  std::vector<ObservedStep> steps;
  bool is_seen = false;  // false: the spec does not look at this event
};

// A fact that a state or step does not agree with.
struct Mismatch {
  StatePath path;
  std::string found;                       // what the event says
  std::optional<eval::Value> found_value;  // the same, when it is one whole value
  std::optional<eval::Value> expected;     // what the spec has there; absent: nothing
  std::string remark;                      // of the update's kind, e.g. "was in the set already"
  bool is_impossible = false;              // a path into a value without parts
};

// The first fact that `before` disagrees with.
[[nodiscard]] std::optional<Mismatch> FirstReadMismatch(const std::vector<Fact>& reads, const eval::State& before);
// The first fact that the step disagrees with, closed frames included.
[[nodiscard]] std::optional<Mismatch> FirstUpdateMismatch(const ObservedStep& step, const eval::State& before,
                                                          const eval::State& after);
// Facts that give a whole variable its value in the next state, by slot; null where none does.
[[nodiscard]] std::vector<std::optional<eval::Value>> PinnedValues(const ObservedStep& step, std::size_t slot_count);

// "leases[a1].token", by the names of the program's variables.
[[nodiscard]] std::string PathText(const program::Program& program, const StatePath& path);
[[nodiscard]] std::string PathText(const std::string& variable, const std::vector<eval::Value>& steps);

}  // namespace kelpie::observe
