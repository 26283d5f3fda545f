// Which engine decides the steps of Next: the concrete search, the solver, or both against one
// another.
//
//   Guards guards(program, constants, evaluator, options, eval_limits);
//   symbolic::GuardAnswer answer = guards.Solve(state, step, pinned, "event 41");
//
// Under kBoth every step is decided twice, and two answers that differ are an error of ours
// (Disagreement, exit 70): a wrong operator in either domain is not passed over.
// Threads: one object, one thread.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "checker/eval/evaluator.h"
#include "checker/observe/observation.h"
#include "checker/refine/verdict.h"
#include "checker/symbolic/guard_solver.h"

namespace kelpie::refine {

enum class GuardEngine : std::uint8_t { kConcrete, kZ3, kBoth };

struct GuardOptions {
  GuardEngine engine = GuardEngine::kConcrete;  // --guards
  symbolic::GuardLimits limits;
};

// The engines disagree. Names the event, the conjunct and the values; an internal error.
class Disagreement : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Guards {
 public:
  // The evaluator outlives the object.
  Guards(std::shared_ptr<const program::Program> program, const eval::ConstantValues& constants,
         eval::Evaluator& evaluator, GuardOptions options, eval::EvalLimits eval_limits);

  [[nodiscard]] GuardEngine engine() const { return options_.engine; }
  [[nodiscard]] const symbolic::SolverCounts& counts() const { return counts_; }

  using Pinned = std::vector<std::optional<eval::Value>>;
  // The steps by the solver. Throws Disagreement when a witness is none for the evaluator.
  [[nodiscard]] symbolic::GuardAnswer Solve(const eval::State& state, const observe::ObservedStep& step,
                                            const Pinned& pinned, const std::string& event);
  // What the concrete search found of the same step, errors included, against the solver's answer.
  // Throws Disagreement.
  void Compare(const eval::State& state, const observe::ObservedStep& step, const Pinned& pinned,
               const std::string& event, const std::vector<eval::State>& concrete, const eval::Status& concrete_status,
               const symbolic::GuardAnswer& answer);
  // Marks the conjuncts of an explanation that cannot hold together.
  void AddCore(const eval::State& state, const observe::ObservedStep& step, const Pinned& pinned,
               const std::string& event, Explanation& explanation);

 private:
  symbolic::GuardRequest Request(const eval::State& state, const observe::ObservedStep& step, const Pinned& pinned,
                                 const std::string& event) const;
  // The conjunct that keeps the evaluator from a step that the solver found.
  std::string Obstacle(const eval::State& state, const observe::ObservedStep& step, const eval::State& next);
  std::string TextOf(const tla::Span& span) const;

  std::shared_ptr<const program::Program> program_;
  eval::Evaluator& evaluator_;
  GuardOptions options_;
  symbolic::SolverCounts counts_;
  symbolic::GuardSolver solver_;
};

// The limit that an incomplete answer stands for, as verdicts report it.
[[nodiscard]] LimitReached ToLimit(const symbolic::Incomplete& incomplete);

}  // namespace kelpie::refine
