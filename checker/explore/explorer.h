// All reachable states, breadth first, with TLC's counts.
//
//   ExploreResult r = Explore(evaluator, {});
//   if (r.outcome == Outcome::kInvariant) Print(r.violated, r.trace);
//
// A state that a CONSTRAINT cuts is generated, not distinct, and still checked against the
// invariants; action properties are checked on every generated step. The counterexample is a
// shortest one, for liveness a short way and a cycle. Liveness is checked when everything else holds. States are kept
// whole, so distinct means distinct. Several workers give the same result as one, byte for byte: each expands some of
// the next states, and what they found is merged in the order of the states (expander.h).
// Cost: memory O(distinct states); time O(generated states) evaluations of Next.
// Source: Specifying Systems, section 14.3; TLC's ModelChecker for the order of checks.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/eval/evaluator.h"
#include "checker/explore/action_counter.h"
#include "checker/explore/state_graph.h"
#include "checker/explore/workers.h"
#include "checker/liveness/liveness.h"

namespace kelpie::explore {

enum class Outcome : std::uint8_t {
  kOk,
  kInvariant,
  kProperty,
  kDeadlock,
  kAssert,
  kAssumption,
  kPostcondition,
  kEvaluation,
  kLimit,
};

[[nodiscard]] const char* NameOf(Outcome outcome);

struct Progress {
  std::uint64_t generated_count = 0;
  std::uint64_t distinct_count = 0;
  std::uint64_t queue_count = 0;
  std::uint64_t depth = 0;
};

struct ExploreOptions {
  std::uint64_t states_max = 20'000'000;  // --max-states: distinct; reached: kLimit
  std::uint64_t memory_max = UINT64_MAX;  // --max-memory: bytes of states and values; reached: kLimit
  std::string spill_directory;            // --spill: where tables go that do not fit; empty: nowhere
  std::uint64_t depth_max = UINT64_MAX;   // --depth: levels; reached: kLimit
  std::optional<bool> check_deadlock;     // overrides the model file
  bool check_liveness = true;             // --skip-liveness: false
  bool continues = false;                 // --continue: a violation does not end the exploration
  std::size_t worker_count = 1;           // --workers
  Executor execute;                       // with several workers; absent: one after the other, with the same result
  liveness::LivenessOptions liveness;
  std::function<void(const Progress&)> progress;  // called every 65,536 distinct states
  // Shown the graph at the end, as far as it was found; absent: no steps are kept.
  std::function<void(const StateGraph&)> show_graph;
};

struct TraceState {
  eval::State state;
  std::optional<eval::ActionInstance> action;  // absent for the initial state
  std::optional<eval::Value> alias;            // a record: what the model's ALIAS shows in its place
};

// One invariant, property or deadlock that was violated, and how to get there.
struct Violation {
  Outcome outcome = Outcome::kInvariant;
  std::string violated;
  std::uint64_t count = 0;  // states and steps
  std::vector<TraceState> trace;
};

struct ExploreResult {
  Outcome outcome = Outcome::kOk;
  std::string violated;                  // invariant, property, assumption or postcondition
  std::vector<TraceState> trace;         // of a failure
  std::optional<std::size_t> loop_to;    // after the last state of the trace comes this one again
  std::vector<std::string> undecided;    // liveness properties that were not checked to the end
  std::optional<eval::EvalError> error;  // kAssert, kEvaluation
  std::string limit_name;                // kLimit: the option that raises it
  std::uint64_t limit_value = 0;
  std::uint64_t generated_count = 0;
  std::uint64_t distinct_count = 0;
  std::uint64_t behavior_count = 0;      // of a simulation: how many were begun
  std::optional<std::uint64_t> seed;     // of a simulation: of the behavior that failed
  std::vector<ActionCount> actions;      // in text order of Next
  std::vector<eval::TruthCount> truths;  // EvalOptions::counts_truths: in the order of the text
  std::vector<Violation> violations;     // --continue: each kind once, in the order they were found
  bool is_complete = false;              // every state that can be reached within the constraints was expanded
  bool is_stopped = false;               // by TLCSet("exit", TRUE)
  bool is_one_worker = false;            // although there were to be more: it has effects, or truths are counted
  std::uint64_t depth = 0;               // levels, the initial states being the first
  std::uint64_t queue_count = 0;         // left unexplored
  std::uint64_t memory_bytes = 0;        // of states and values, at the end
  std::uint64_t spilled_bytes = 0;       // of tables in files
};

[[nodiscard]] ExploreResult Explore(eval::Evaluator& evaluator, const ExploreOptions& options);

}  // namespace kelpie::explore
