#include "checker/symbolic/guard_solver.h"

#include <algorithm>

#include "checker/eval/value_order.h"
#include "checker/symbolic/step_walker.h"

namespace kelpie::symbolic {

using eval::State;

class GuardSolver::Impl {
 public:
  Impl(std::shared_ptr<const program::Program> program, const eval::ConstantValues& constants,
       eval::Evaluator& evaluator, eval::EvalLimits eval_limits, GuardLimits limits, SolverCounts& counts)
      : program_(std::move(program)),
        concrete_(evaluator),
        limits_(limits),
        counts_(counts),
        symbolic_(*program_, constants, Options(eval_limits, limits), counts) {
    auto made = program::Compile(*program_, program_->next, program::Mode::kStep, {});
    code_ = std::move(made.code);
    compile_error_ = std::move(made.message);
  }

  GuardAnswer Solve(const GuardRequest& request);
  std::vector<GuardCore> Explain(const GuardRequest& request);

 private:
  static SymOptions Options(eval::EvalLimits eval_limits, const GuardLimits& limits) {
    SymOptions options;
    options.limits = eval_limits;
    options.solver = limits.solver;
    options.paths_max = limits.paths_max;
    options.sequence_length_max = limits.sequence_length_max;
    options.terms_max = limits.terms_max;
    options.is_lifting = limits.is_lifting;
    return options;
  }

  bool Start(GuardAnswer& answer);
  void SolveAll(const GuardRequest& request, GuardAnswer& answer);
  void SolveWay(const Way& way, const GuardRequest& request, GuardAnswer& answer);
  std::optional<State> Predict(const Way& way, const Valuation& valuation) const;
  void Confirm(const Way& way, const Valuation& valuation, const State& predicted, const GuardRequest& request,
               GuardAnswer& answer);
  const program::ClaimPaths& PathsTo(eval::DefinitionId action);
  Term LeadsTo(const Way& way, const State& next);
  void CheckErrors(const GuardRequest& request, GuardAnswer& answer);
  TermPool& pool() { return symbolic_.pool(); }

  std::shared_ptr<const program::Program> program_;
  eval::Evaluator& concrete_;
  GuardLimits limits_;
  SolverCounts& counts_;
  SymEvaluator symbolic_;
  std::shared_ptr<const Code> code_;
  std::string compile_error_;
  std::unique_ptr<Solver> solver_;
  std::unordered_map<std::uint32_t, program::ClaimPaths> paths_;
};

bool GuardSolver::Impl::Start(GuardAnswer& answer) {
  SolverStart start = StartSolver(pool(), limits_.solver, counts_);
  solver_ = std::move(start.solver);
  if (!solver_) answer.incomplete = Incomplete{"solver", 0, "", start.error};
  return solver_ != nullptr;
}

GuardAnswer GuardSolver::Impl::Solve(const GuardRequest& request) {
  GuardAnswer answer;
  if (code_ == nullptr) {
    answer.incomplete = Incomplete{"unsupported", 0, "", compile_error_};
    return answer;
  }
  solver_.reset();
  try {
    SolveAll(request, answer);
  } catch (const Unsupported& gap) {
    if (!answer.incomplete) answer.incomplete = Incomplete{"unsupported", 0, "", request.name + ": " + gap.what};
  } catch (const Failure& failure) {
    answer.error = failure.error;
  }
  solver_.reset();
  return answer;
}

void GuardSolver::Impl::SolveAll(const GuardRequest& request, GuardAnswer& answer) {
  symbolic_.Begin(code_, request.state);
  StepWalker walker(symbolic_, request);
  walker.Walk(code_->units[0].body);
  answer.incomplete = walker.incomplete();
  if (!answer.incomplete && symbolic_.was_cut()) {
    answer.incomplete = Incomplete{"max-unknown-sequence", limits_.sequence_length_max, "--max-unknown-sequence",
                                   "a longer unknown sequence was not tried"};
  }
  if (!Start(answer)) return;
  for (const Way& way : walker.ways()) {
    if (way.is_finished && !answer.disagreement) SolveWay(way, request, answer);
  }
  CheckErrors(request, answer);
}

// The state that the way leads to, under an assignment of its unknowns.
std::optional<State> GuardSolver::Impl::Predict(const Way& way, const Valuation& valuation) const {
  State next;
  for (const auto& value : way.next) {
    std::optional<eval::Value> known = ValueUnder(*value, valuation);
    if (!known) return std::nullopt;
    next.push_back(std::move(*known));
  }
  return next;
}

Term GuardSolver::Impl::LeadsTo(const Way& way, const State& next) {
  std::vector<Term> same;
  for (std::size_t slot = 0; slot < next.size(); ++slot) {
    const SymValue equal = symbolic_.Join(
        [&] { return SymValue::Bool(pool(), symbolic_.Equals(*way.next[slot], SymValue(next[slot]), {}, false)); });
    same.push_back(symbolic_.ToBool(equal, {}));
  }
  return pool().And(std::move(same));
}

void GuardSolver::Impl::SolveWay(const Way& way, const GuardRequest& request, GuardAnswer& answer) {
  const auto stop = [&](std::string name, std::uint64_t value, std::string option, std::string reason) {
    if (!answer.incomplete)
      answer.incomplete = Incomplete{std::move(name), value, std::move(option), std::move(reason)};
  };
  std::vector<Term> asserted{way.condition, pool().Not(pool().Or(way.errors))};
  std::size_t witness_count = 0;
  bool is_open = !pool().is_false(asserted[1]);
  solver_->Push();
  for (const Term term : asserted) solver_->Assert(term);
  while (is_open) {
    Assignment model;
    // A query that is settled without the solver is none.
    if (std::any_of(asserted.begin(), asserted.end(), [&](Term t) { return !pool().is_constant(t); })) {
      const Answer result = solver_->Check(request.name, {});
      if (result == Answer::kUnsat) break;
      const std::optional<Assignment> found = result == Answer::kSat ? solver_->Model() : std::nullopt;
      if (!found) {
        stop("solver", limits_.solver.resource_max, "--solver-resources",
             request.name + ": the solver answered unknown: " +
                 (result == Answer::kSat ? "numbers beyond 64 bits" : solver_->reason()));
        break;
      }
      model = *found;
    }
    const Valuation valuation = pool().EvaluateAll(model);
    const std::optional<State> predicted = Predict(way, valuation);
    if (!predicted) {
      stop("unsupported", 0, "", request.name + ": the next state has a part that cannot be made finite");
      break;
    }
    Confirm(way, valuation, *predicted, request, answer);
    if (answer.disagreement || answer.error || answer.incomplete) break;
    if (++witness_count > limits_.witnesses_max) {
      stop("max-witnesses", limits_.witnesses_max, "--max-witnesses",
           request.name + ": more successors than the limit");
      break;
    }
    const Term again = LeadsTo(way, *predicted);
    if (pool().is_true(again)) break;
    asserted.push_back(pool().Not(again));
    solver_->Assert(asserted.back());
  }
  solver_->Pop();
}

const program::ClaimPaths& GuardSolver::Impl::PathsTo(eval::DefinitionId action) {
  const auto known = paths_.find(action.index);
  if (known != paths_.end()) return known->second;
  return paths_.emplace(action.index, program::FindClaimPaths(*program_, program_->Effective(action))).first->second;
}

// The concrete evaluator must reach the predicted state with the witness's values as the claim.
void GuardSolver::Impl::Confirm(const Way& way, const Valuation& valuation, const State& predicted,
                                const GuardRequest& request, GuardAnswer& answer) {
  eval::ClaimedAction claim;
  if (request.claim != nullptr) {
    claim = *request.claim;
  } else if (way.action.is_valid()) {
    claim.paths = &PathsTo(way.action);
    claim.parameters.resize(program_->spec->definition(program_->Effective(way.action)).parameters.size());
  }
  const bool is_of_claimed =
      request.claim == nullptr || (way.action.is_valid() && program_->Effective(way.action) == claim.paths->definition);
  for (std::size_t i = 0; is_of_claimed && i < way.parameters.size() && i < claim.parameters.size(); ++i) {
    if (!claim.parameters[i] && way.parameters[i]) claim.parameters[i] = ValueUnder(*way.parameters[i], valuation);
  }
  for (const WayBinding& binding : way.bindings) {
    std::optional<eval::Value> value = ValueUnder(binding.value, valuation);
    if (!value) continue;
    // A name that is bound twice to different values is left to the evaluator's own search.
    const bool is_ambiguous = std::any_of(way.bindings.begin(), way.bindings.end(), [&](const WayBinding& other) {
      const auto same = ValueUnder(other.value, valuation);
      return other.name == binding.name && same && !eval::Same(*same, *value);
    });
    const bool is_given =
        std::any_of(claim.bound.begin(), claim.bound.end(), [&](const auto& b) { return b.first == binding.name; });
    if (!is_ambiguous && !is_given) claim.bound.emplace_back(binding.name, std::move(*value));
  }
  std::vector<std::optional<eval::Value>> pinned(predicted.begin(), predicted.end());
  eval::NearestMiss nearest;
  eval::SuccessorRequest again;
  again.claim = claim.paths != nullptr ? &claim : nullptr;
  again.pinned = &pinned;
  std::optional<FoundStep> found;
  const auto visit = [&](const eval::Successor& successor) {
    if (!eval::SameState(successor.state, predicted)) return true;
    found = FoundStep{successor.state, way.action};
    return false;
  };
  const eval::Status status = concrete_.Successors(*request.state, again, visit);
  if (found) {
    const bool is_known = std::any_of(answer.steps.begin(), answer.steps.end(),
                                      [&](const FoundStep& s) { return eval::SameState(s.next, found->next); });
    if (!is_known) answer.steps.push_back(std::move(*found));
    return;
  }
  if (status && claim.paths == nullptr && status->kind == ErrorKind::kNotEnumerable) {
    // Nobody can tell the evaluator which element of an unnamed \E is meant.
    answer.incomplete =
        Incomplete{"unsupported", 0, "", request.name + ": an unnamed disjunct binds a variable to an infinite set"};
    return;
  }
  if (status) {
    answer.error = status;
    return;
  }
  again.nearest = &nearest;
  (void)concrete_.Successors(*request.state, again, visit);
  Disagreement disagreement;
  disagreement.values = "the solver's witness is no step by the concrete evaluator:";
  for (const auto& [name, value] : claim.bound) disagreement.values += " " + name + " = " + eval::ToString(value) + ";";
  for (const eval::ConjunctValue& conjunct : nearest.conjuncts) {
    if (conjunct.truth == eval::ConjunctValue::Truth::kFalse) disagreement.span = program_->expr(conjunct.expr).span;
  }
  answer.disagreement = std::move(disagreement);
}

// Does some assignment end in an error, on whatever way? One query asks for all of them, for there
// are many that cannot happen: fields that only other records of a set have, behind a guard.
void GuardSolver::Impl::CheckErrors(const GuardRequest& request, GuardAnswer& answer) {
  if (answer.error || answer.disagreement) return;
  std::vector<Term> all;
  for (const ErrorCase& possible : symbolic_.errors()) all.push_back(possible.when);
  const Term any = pool().Or(std::move(all));
  if (pool().is_false(any)) return;
  const Answer result = pool().is_constant(any) ? Answer::kSat : solver_->Check(request.name + ": error", {&any, 1});
  if (result == Answer::kUnsat) return;
  const std::optional<Assignment> model =
      result == Answer::kSat && !pool().is_constant(any) ? solver_->Model() : std::optional(Assignment{});
  if (result == Answer::kUnknown || !model) {
    if (answer.incomplete) return;
    answer.incomplete = Incomplete{"solver", limits_.solver.resource_max, "--solver-resources",
                                   request.name + ": whether an error can occur is unknown: " + solver_->reason()};
    return;
  }
  const Valuation valuation = pool().EvaluateAll(*model);
  for (const ErrorCase& possible : symbolic_.errors()) {
    if (valuation[possible.when.index] != 1) continue;
    answer.error = possible.error;
    return;
  }
}

std::vector<GuardCore> GuardSolver::Impl::Explain(const GuardRequest& request) {
  std::vector<GuardCore> cores;
  GuardAnswer unused;
  if (code_ == nullptr) return cores;
  solver_.reset();
  symbolic_.Begin(code_, request.state);
  StepWalker walker(symbolic_, request);
  try {
    walker.Walk(code_->units[0].body);
  } catch (const Unsupported&) {
    return cores;  // without a reason, then
  }
  if (!Start(unused)) return cores;
  constexpr std::size_t kCoresMax = 64;  // of more ways nobody reads the reasons
  for (const Way& way : walker.ways()) {
    if (cores.size() >= kCoresMax) break;
    std::vector<Term> terms;
    for (const WayConjunct& conjunct : way.conjuncts) terms.push_back(conjunct.term);
    const std::string name = request.name + ": core";
    if (solver_->Check(name, terms) != Answer::kUnsat) continue;
    GuardCore core;
    for (const std::size_t position : ShrinkCore(*solver_, name, terms)) {
      const NodeId node = way.conjuncts[position].node;
      if (node == program::kNoNode) {
        core.has_observation = true;
      } else {
        core.conjuncts.push_back(code_->node(node).origin);
      }
    }
    cores.push_back(std::move(core));
  }
  solver_.reset();
  return cores;
}

GuardSolver::GuardSolver(std::shared_ptr<const program::Program> program, const eval::ConstantValues& constants,
                         eval::Evaluator& evaluator, eval::EvalLimits eval_limits, GuardLimits limits,
                         SolverCounts& counts)
    : impl_(std::make_unique<Impl>(std::move(program), constants, evaluator, eval_limits, limits, counts)) {}
GuardSolver::~GuardSolver() = default;

GuardAnswer GuardSolver::Solve(const GuardRequest& request) { return impl_->Solve(request); }
std::vector<GuardCore> GuardSolver::Explain(const GuardRequest& request) { return impl_->Explain(request); }

}  // namespace kelpie::symbolic
