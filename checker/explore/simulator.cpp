#include "checker/explore/simulator.h"

#include "checker/explore/action_of_step.h"
#include "checker/explore/alias.h"
#include "checker/explore/assumptions.h"
#include "checker/explore/spec_record.h"

namespace kelpie::explore {
namespace {

using eval::State;

class Simulation {
 public:
  Simulation(eval::Evaluator& evaluator, const SimulateOptions& options)
      : evaluator_(evaluator),
        program_(evaluator.program()),
        options_(options),
        running_(evaluator.options().running != nullptr ? *evaluator.options().running : own_running_),
        actions_(program_) {
    for (const program::Invariant& invariant : program_.invariants) invariants_.push_back(invariant.expr);
    for (const resolve::DefinitionId id : program_.constraints) constraints_.push_back(program_.Body(id));
  }

  ExploreResult Run() {
    for (const program::LivenessProperty& property : program_.liveness) result_.undecided.push_back(property.name);
    running_.behavior_count = 0;
    running_.config = ConfigRecord(options_.check_deadlock.value_or(program_.check_deadlock()), options_.behavior_count,
                                   options_.depth_max, options_.seed);
    running_.spec = [this] { return SpecRecord(program_); };
    running_.behavior = [this](std::uint64_t level) {
      return std::vector<State>(behavior_.begin(), behavior_.begin() + static_cast<std::ptrdiff_t>(level));
    };
    if (!CheckAssumptions() || !FindInitial()) return std::move(result_);
    for (std::uint64_t i = 0; i < options_.behavior_count && !initial_.empty() && !running_.is_exit_wanted; ++i) {
      ++result_.behavior_count;
      if (Walk(options_.seed + i)) {
        ++*running_.behavior_count;
        continue;
      }
      result_.seed = options_.seed + i;
      break;
    }
    result_.is_stopped = running_.is_exit_wanted;
    if (result_.outcome == Outcome::kOk) CheckPostcondition();
    result_.actions = actions_.Counts();
    result_.truths = evaluator_.TruthCounts();
    return std::move(result_);
  }

 private:
  bool Fail(Outcome outcome, std::string violated) {
    result_.outcome = outcome;
    result_.violated = std::move(violated);
    return false;
  }
  bool FailWithError(const eval::EvalError& error) {
    result_.error = error;
    return Fail(error.kind == eval::ErrorKind::kAssert ? Outcome::kAssert : Outcome::kEvaluation, "");
  }

  bool CheckAssumptions() {
    const auto broken = FindBrokenAssumption(evaluator_);
    if (!broken) return true;
    return broken->error ? FailWithError(*broken->error) : Fail(Outcome::kAssumption, broken->name);
  }

  void CheckPostcondition() {
    if (!program_.model->postcondition) return;
    running_.LookAt(0);
    const resolve::DefinitionId id = *program_.model->postcondition;
    const auto holds = evaluator_.Holds(program_.Body(id));
    if (!holds.ok()) FailWithError(holds.error());
    if (holds.ok() && !holds.value()) Fail(Outcome::kPostcondition, program_.spec->definition(id).name);
  }

  bool FindInitial() {
    const auto status = evaluator_.InitialStates([&](const State& state) {
      initial_.push_back(state);
      return initial_.size() <= options_.initial_max;
    });
    if (status) return FailWithError(*status);
    if (initial_.size() <= options_.initial_max) return true;
    result_.limit_name = "--max-states";
    result_.limit_value = options_.initial_max;
    return Fail(Outcome::kLimit, "");
  }

  // A number below `count`, the same on every machine.
  std::uint64_t Below(std::uint64_t count) { return eval::MixHash(seed_, ++draw_count_) % count; }

  bool Walk(std::uint64_t seed) {
    seed_ = seed;
    draw_count_ = 0;
    behavior_.assign(1, initial_[Below(initial_.size())]);
    running_.generated_count = ++result_.generated_count;
    running_.LookAt(1);
    if (!CheckState(behavior_.back())) return Tell();
    for (const auto expr : program_.initial_property_exprs) {
      const auto holds = evaluator_.Holds(expr, &behavior_.back());
      if (!holds.ok()) return FailWithError(holds.error()) || Tell();
      const auto index = static_cast<std::size_t>(&expr - program_.initial_property_exprs.data());
      if (!holds.value()) return Fail(Outcome::kProperty, program_.initial_properties[index]) || Tell();
    }
    const auto outside = evaluator_.FirstFalse(constraints_, behavior_.back());
    if (!outside.ok()) return FailWithError(outside.error()) || Tell();
    while (!outside.value() && behavior_.size() < options_.depth_max && !running_.is_exit_wanted) {
      const std::optional<bool> goes_on = Step();
      if (!goes_on) return Tell();
      if (!*goes_on) break;
    }
    result_.depth = std::max<std::uint64_t>(result_.depth, behavior_.size());
    return true;
  }

  // One step further; false at an end of the behavior, nothing after a failure.
  std::optional<bool> Step() {
    const State state = behavior_.back();
    const std::uint64_t level = behavior_.size();
    running_.LookAt(level);
    State chosen;
    resolve::DefinitionId chosen_action;
    std::uint64_t allowed_count = 0;
    bool has_successor = false;
    bool is_fine = true;
    const auto status = evaluator_.Successors(state, {.count_ways = true}, [&](const eval::Successor& next) {
      has_successor = true;
      running_.generated_count = ++result_.generated_count;
      running_.LookAt(level + 1);
      const std::optional<bool> is_allowed = IsAllowed(state, next.state, level);
      running_.LookAt(level);
      is_fine = is_allowed.has_value();
      // Each of the first k is kept with one in k.
      const bool is_chosen = is_fine && *is_allowed && Below(++allowed_count) == 0;
      if (is_chosen) {
        chosen = next.state;
        chosen_action = next.definition;
      }
      actions_.Count(next.definition, 1);
      return is_fine;
    });
    if (!is_fine) return std::nullopt;
    if (status) {
      FailWithError(*status);
      return std::nullopt;
    }
    if (!has_successor && options_.check_deadlock.value_or(program_.check_deadlock())) {
      Fail(Outcome::kDeadlock, "");
      return std::nullopt;
    }
    if (allowed_count == 0) return false;
    behavior_.push_back(std::move(chosen));
    actions_.CountDistinct(chosen_action);
    running_.LookAt(level + 1);
    if (!CheckState(behavior_.back())) return std::nullopt;
    running_.LookAt(level);
    if (!CheckStep(state, behavior_.back())) return std::nullopt;
    return true;
  }

  std::optional<bool> IsAllowed(const State& state, const State& next, std::uint64_t level) {
    const auto first = evaluator_.FirstFalse(constraints_, next);
    if (!first.ok()) {
      FailWithError(first.error());
      return std::nullopt;
    }
    if (first.value()) return false;
    running_.LookAt(level);
    for (const resolve::DefinitionId id : program_.action_constraints) {
      const auto holds = evaluator_.Holds(program_.Body(id), &state, &next);
      if (!holds.ok()) {
        FailWithError(holds.error());
        return std::nullopt;
      }
      if (!holds.value()) return false;
    }
    return true;
  }

  bool CheckState(const State& state) {
    const auto broken = evaluator_.FirstFalse(invariants_, state);
    if (!broken.ok()) return FailWithError(broken.error());
    return !broken.value() || Fail(Outcome::kInvariant, program_.invariants[*broken.value()].name);
  }

  bool CheckStep(const State& state, const State& next) {
    const auto broken = evaluator_.FirstBroken(program_.action_properties, state, next);
    if (!broken.ok()) return FailWithError(broken.error());
    return !broken.value() || Fail(Outcome::kProperty, program_.action_properties[*broken.value()].name);
  }

  // The behavior so far becomes the trace; the actions between are found again. Always false.
  bool Tell() {
    for (std::size_t i = 0; i < behavior_.size(); ++i) {
      TraceState entry{behavior_[i], {}, {}};
      running_.LookAt(i);
      if (i > 0) {
        entry.action = ActionOfStep(evaluator_, behavior_[i - 1], behavior_[i]);
      }
      result_.trace.push_back(std::move(entry));
    }
    AddAliases(evaluator_, running_, result_.trace, std::nullopt);
    return false;
  }

  eval::Evaluator& evaluator_;
  const program::Program& program_;
  const SimulateOptions& options_;
  eval::RunningExploration own_running_;
  eval::RunningExploration& running_;
  std::vector<resolve::ExprId> invariants_;
  std::vector<resolve::ExprId> constraints_;
  std::vector<State> initial_;
  std::vector<State> behavior_;
  std::uint64_t seed_ = 0;  // of the behavior
  std::uint64_t draw_count_ = 0;
  ActionCounter actions_;
  ExploreResult result_;
};

}  // namespace

ExploreResult Simulate(eval::Evaluator& evaluator, const SimulateOptions& options) {
  return Simulation(evaluator, options).Run();
}

}  // namespace kelpie::explore
