// May a fair behavior of an explored specification break one of its liveness properties?
//
//   LivenessResult r = CheckLiveness(evaluator, graph, {});
//   if (r.outcome == LivenessOutcome::kViolated) Print(r.violated, r.lasso);
//
// A property holds when no behavior satisfies the specification's fairness and the property's negation. Properties are
// taken in the order of the model file. Cost: linear in the product of the graph and the tableau of each negation;
// ENABLED and actions are evaluated for the states and steps of cycles only. Source: Lichtenstein and Pnueli, Checking
// that finite state concurrent programs satisfy their linear specification (1985); Yu, Manolios and Lamport, Model
// checking TLA+ specifications (1999).
#pragma once

#include <string>

#include "checker/eval/evaluator.h"
#include "checker/liveness/behavior_graph.h"
#include "checker/liveness/fair_cycle.h"

namespace kelpie::liveness {

struct LivenessOptions {
  std::size_t tableau_max = 10'000;  // --max-tableau: nodes of the automaton of one property
};

enum class LivenessOutcome : std::uint8_t { kHolds, kViolated, kEvaluation, kLimit };

struct LivenessResult {
  LivenessOutcome outcome = LivenessOutcome::kHolds;
  std::string violated;                  // the property; of kLimit, too
  Lasso lasso;                           // kViolated
  std::optional<eval::EvalError> error;  // kEvaluation
  std::optional<std::uint32_t> state;    // kEvaluation: where, unless the formula itself is wrong
};

[[nodiscard]] LivenessResult CheckLiveness(eval::Evaluator& evaluator, const BehaviorGraph& graph,
                                           const LivenessOptions& options);

}  // namespace kelpie::liveness
