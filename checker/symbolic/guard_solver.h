// The steps of Next that agree with an observation, by solving instead of enumerating.
//
//   GuardSolver solver(program, constants, evaluator, {}, counts);
//   GuardAnswer answer = solver.Solve({.state = &state, .claim = &claim, .pinned = &pinned, .name = "event 41"});
//   for (const FoundStep& step : answer.steps) ...
//
// Every way through Next that the claim leaves is walked once, with arguments, bound variables and
// unobserved next values as unknowns of the solver; its conjuncts become a query. Each witness is
// evaluated again by the concrete evaluator before it is believed; then the state that it leads to
// is excluded and the query asked again until it has no answer, so that the steps are complete.
// A state that the concrete evaluator does not reach with the witness's values is a disagreement
// between the two domains: an error of ours.
// Cost: a query for each successor and one more for each way; terms live for one call.
// Threads: one solver, one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/eval/evaluator.h"
#include "checker/symbolic/solver.h"

namespace kelpie::symbolic {

// A place of the next state that is known to have a value.
struct PlaceFact {
  std::uint32_t slot = 0;
  std::vector<eval::Value> path;
  eval::Value value;
};

struct GuardRequest {
  const eval::State* state = nullptr;
  const eval::ClaimedAction* claim = nullptr;                       // null: any step
  const std::vector<std::optional<eval::Value>>* pinned = nullptr;  // by slot
  std::vector<PlaceFact> facts;
  std::string name;  // of the queries
};

struct GuardLimits {
  SolverLimits solver;
  std::size_t witnesses_max = 1'000;    // --max-witnesses: successors of one state in one step
  std::size_t paths_max = 4'096;        // --max-forks: ways to go in one expression
  std::size_t sequence_length_max = 4;  // --max-unknown-sequence
  std::size_t terms_max = 2'000'000;    // --max-terms: of one step
  bool is_lifting = true;               // leaves of the state are solver constants
};

struct FoundStep {
  eval::State next;
  eval::DefinitionId action;  // of the disjunct; invalid: unnamed
};

// Why the steps may not be all.
struct Incomplete {
  std::string name;  // of the limit, or "unsupported", "solver"
  std::uint64_t value = 0;
  std::string option;  // that raises it; else empty
  std::string reason;
};

// The two domains see different steps.
struct Disagreement {
  std::string conjunct;  // text of the place that decides, as far as it is known
  tla::Span span;
  std::string values;  // what each side says
};

struct GuardAnswer {
  std::vector<FoundStep> steps;  // distinct states
  std::optional<Incomplete> incomplete;
  std::optional<eval::EvalError> error;  // some way ends in one
  std::optional<Disagreement> disagreement;
};

// Conjuncts that cannot all hold, none of which can be left out, of one way.
struct GuardCore {
  std::vector<eval::ExprId> conjuncts;
  bool has_observation = false;  // what was observed is one of them
};

class GuardSolver {
 public:
  // The evaluator outlives the solver, and so do the counts.
  GuardSolver(std::shared_ptr<const program::Program> program, const eval::ConstantValues& constants,
              eval::Evaluator& evaluator, eval::EvalLimits eval_limits, GuardLimits limits, SolverCounts& counts);
  ~GuardSolver();
  GuardSolver(const GuardSolver&) = delete;
  GuardSolver& operator=(const GuardSolver&) = delete;

  [[nodiscard]] GuardAnswer Solve(const GuardRequest& request);
  // Requires: Solve found no step. One core for each way, those of unknown answers left out.
  [[nodiscard]] std::vector<GuardCore> Explain(const GuardRequest& request);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kelpie::symbolic
