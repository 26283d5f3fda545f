#include "checker/explore/explorer.h"

#include <algorithm>

#include "checker/eval/value_order.h"
#include "checker/explore/graph_maker.h"
#include "checker/explore/predicate_judge.h"
#include "checker/explore/state_key.h"
#include "checker/explore/state_store.h"

namespace kelpie::explore {

using eval::State;

const char* NameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk: return "ok";
    case Outcome::kInvariant: return "invariant";
    case Outcome::kProperty: return "property";
    case Outcome::kDeadlock: return "deadlock";
    case Outcome::kAssert: return "assert";
    case Outcome::kAssumption: return "assumption";
    case Outcome::kPostcondition: return "postcondition";
    case Outcome::kEvaluation: return "evaluation";
    case Outcome::kLimit: return "limit";
  }
  return "?";
}

namespace {

class Exploration {
 public:
  Exploration(eval::Evaluator& evaluator, const ExploreOptions& options)
      : evaluator_(evaluator),
        program_(evaluator.program()),
        options_(options),
        invariants_(evaluator, program::SplitInvariants(program_)),
        constraints_(evaluator, program::SplitConstraints(program_)),
        properties_(evaluator),
        key_(evaluator),
        store_(evaluator.program().spec->variables.size()),
        actions_(evaluator.program()) {}

  ExploreResult Run() {
    if (CheckAssumptions() && PrepareKey() && !program_.init.empty() && Start()) Expand();
    if (result_.outcome == Outcome::kOk && CheckLiveness()) CheckPostcondition();
    if (!is_liveness_checked_) {
      for (const program::LivenessProperty& property : program_.liveness) result_.undecided.push_back(property.name);
    }
    result_.actions = actions_.Counts();
    result_.distinct_count = store_.size();
    result_.queue_count = store_.size() - std::min<std::size_t>(store_.size(), expanded_count_);
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

  bool FailAtLimit(const char* name, std::uint64_t value) {
    result_.limit_name = name;
    result_.limit_value = value;
    return Fail(Outcome::kLimit, "");
  }

  // Evaluated once, when the whole state space has been seen.
  void CheckPostcondition() {
    if (!program_.model->postcondition) return;
    const resolve::DefinitionId id = *program_.model->postcondition;
    const auto holds = Holds(program_.Body(id), nullptr, nullptr);
    if (holds && !*holds) Fail(Outcome::kPostcondition, program_.spec->definition(id).name);
  }

  // On the graph of all states. What SYMMETRY leaves out may be what breaks a property, and a VIEW hides where a step
  // arrives, so that with these the graph is made again.
  bool CheckLiveness() {
    if (!has_liveness_) return true;
    if (!key_.is_plain()) {
      GraphMaker maker(evaluator_, options_.states_max);
      if (auto error = maker.Run()) return FailWithError(*error);
      if (maker.is_cut()) return FailAtLimit("--max-states", options_.states_max);
      return CheckLivenessOn(maker.graph());
    }
    graph_.state = [this](std::uint32_t i) { return store_.state(i); };
    return CheckLivenessOn(graph_);
  }

  bool CheckLivenessOn(const liveness::BehaviorGraph& graph) {
    liveness::LivenessResult found = liveness::CheckLiveness(evaluator_, graph, options_.liveness);
    is_liveness_checked_ = found.outcome == liveness::LivenessOutcome::kHolds;
    switch (found.outcome) {
      case liveness::LivenessOutcome::kHolds: return true;
      case liveness::LivenessOutcome::kLimit: return FailAtLimit("--max-tableau", options_.liveness.tableau_max);
      case liveness::LivenessOutcome::kEvaluation:
        if (found.state) result_.trace.push_back({graph.state(*found.state), {}});
        return FailWithError(*found.error);
      case liveness::LivenessOutcome::kViolated: break;
    }
    is_liveness_checked_ = true;
    for (std::size_t i = 0; i < found.lasso.states.size(); ++i) {
      TraceState entry{graph.state(found.lasso.states[i]), {}};
      if (i > 0) entry.action = FindAction(result_.trace.back().state, entry.state);
      result_.trace.push_back(std::move(entry));
    }
    result_.loop_to = found.lasso.loop_to;
    return Fail(Outcome::kProperty, found.violated);
  }

  bool PrepareKey() {
    const auto error = key_.Prepare();
    return !error || FailWithError(*error);
  }

  // Adds a state that is its own key or not; was it a new one? Nothing after an error.
  std::optional<bool> Add(const State& state, std::uint32_t parent, const State* parent_state, std::uint32_t level) {
    if (key_.is_plain()) return store_.Add(state, nullptr, parent, parent_state, level);
    const auto key = key_.Of(state);
    if (key.ok()) return store_.Add(state, &key.value(), parent, parent_state, level);
    FailWithError(key.error());
    return std::nullopt;
  }

  bool CheckAssumptions() {
    for (const auto& assumption : program_.spec->assumptions) {
      const auto holds = evaluator_.Holds(assumption.body);
      if (!holds.ok()) return FailWithError(holds.error());
      if (holds.value()) continue;
      const auto& span = program_.expr(assumption.body).span;
      return Fail(Outcome::kAssumption,
                  assumption.name.empty() ? "ASSUME at line " + std::to_string(span.line) : assumption.name);
    }
    return true;
  }

  // Some(true), Some(false) or nothing after an error, which is then recorded.
  std::optional<bool> Holds(resolve::ExprId expr, const State* state, const State* next) {
    const auto holds = evaluator_.Holds(expr, state, next);
    if (holds.ok()) return holds.value();
    FailWithError(holds.error());
    return std::nullopt;
  }

  // Within the model's constraints? Nothing after an error. store_.row() is the state's.
  std::optional<bool> IsInModel(const State& state) {
    const auto first = constraints_.FirstFalse(state, store_.row(), nullptr);
    if (first.ok()) return !first.value().has_value();
    FailWithError(first.error());
    return std::nullopt;
  }

  std::optional<bool> IsInActions(const State& from, const State& state) {
    for (const auto id : program_.action_constraints) {
      const auto holds = Holds(program_.Body(id), &from, &state);
      if (!holds || !*holds) return holds;
    }
    return true;
  }

  // `known` satisfies every invariant: only what reads a slot that differs is looked at.
  bool CheckInvariants(const State& state, const State* known) {
    const auto first = invariants_.FirstFalse(state, store_.row(), known);
    if (!first.ok()) return FailWithError(first.error());
    if (first.value()) return Fail(Outcome::kInvariant, program_.invariants[*first.value()].name);
    return true;
  }

  bool CheckStep(std::uint32_t parent, const State& state, const State& next) {
    if (program_.action_properties.empty()) return true;
    const auto broken = properties_.FirstBroken(state, store_.row(parent), next, store_.row());
    if (!broken.ok()) return FailWithError(broken.error());
    if (broken.value()) return Fail(Outcome::kProperty, program_.action_properties[*broken.value()].name);
    return true;
  }

  bool Start() {
    bool goes_on = true;
    const auto status = evaluator_.InitialStates([&](const State& state) {
      ++result_.generated_count;
      goes_on = AddInitial(state);
      if (!goes_on) result_.trace.push_back({state, {}});
      return goes_on;
    });
    if (goes_on && status) return FailWithError(*status);
    if (store_.size() > 0) result_.depth = 1;
    return goes_on;
  }

  bool AddInitial(const State& state) {
    (void)store_.IsKnown(state, kNoParent, nullptr);
    const auto in_model = IsInModel(state);
    if (!in_model) return false;
    const std::optional<bool> is_new = *in_model ? Add(state, kNoParent, nullptr, 1) : true;
    if (!is_new || !*is_new) return is_new.has_value();
    if (*in_model) graph_.initial.push_back(store_.last());
    if (!CheckInvariants(state, nullptr)) return false;
    for (std::size_t i = 0; i < program_.initial_property_exprs.size(); ++i) {
      const auto holds = Holds(program_.initial_property_exprs[i], &state, nullptr);
      if (!holds) return false;
      if (!*holds) return Fail(Outcome::kProperty, program_.initial_properties[i]);
    }
    return true;
  }

  void Expand() {
    for (std::uint32_t i = 0; i < store_.size(); ++i) {
      if (store_.level(i) >= options_.depth_max) {
        FailAtLimit("--depth", options_.depth_max);
        return;
      }
      if (!ExpandState(i)) return;
      expanded_count_ = i + 1;
      if (store_.size() > options_.states_max) {
        FailAtLimit("--max-states", options_.states_max);
        return;
      }
    }
  }

  bool ExpandState(std::uint32_t index) {
    const State state = store_.state(index);
    bool has_successor = false;
    bool goes_on = true;
    const auto status = evaluator_.Successors(state, {.count_ways = true}, [&](const eval::Successor& next) {
      has_successor = true;
      ++result_.generated_count;
      const std::size_t distinct_before = store_.size();
      goes_on = AddSuccessor(index, state, next.state);
      actions_.Count(next.definition, store_.size() > distinct_before);
      if (!goes_on) {
        BuildTrace(index);
        result_.trace.push_back({next.state, next.action()});
      }
      return goes_on;
    });
    if (!goes_on) return false;
    EndSteps();
    if (status) {
      BuildTrace(index);
      return FailWithError(*status);
    }
    if (!has_successor && options_.check_deadlock.value_or(program_.check_deadlock())) {
      BuildTrace(index);
      return Fail(Outcome::kDeadlock, "");
    }
    return true;
  }

  // A state that is known satisfies the constraints and the invariants, whose truth is then not asked for. States
  // that the constraints cut off are checked, as TLC does, and not kept.
  bool AddSuccessor(std::uint32_t parent, const State& state, const State& next) {
    const bool is_stored = store_.IsKnown(next, parent, &state) && key_.is_plain();
    const bool is_known = is_stored && constraints_.is_pure();
    auto in_model = is_known ? true : IsInModel(next);
    if (in_model && *in_model) in_model = IsInActions(state, next);
    if (!in_model) return false;
    bool is_new = !is_stored;
    if (is_new && *in_model) {
      const std::uint32_t level = store_.level(parent) + 1;
      if (key_.is_plain()) {
        store_.AddLooked(next, parent, level);
      } else {
        const std::optional<bool> added = Add(next, parent, &state, level);
        if (!added) return false;
        is_new = *added;
      }
      if (is_new) result_.depth = std::max<std::uint64_t>(result_.depth, level);
      if (is_new && store_.size() % 65'536 == 0) Report(parent);
    }
    if (*in_model && has_liveness_) graph_.targets.push_back(store_.last());
    if (is_new && !CheckInvariants(next, &state)) return false;
    return CheckStep(parent, state, next);
  }

  // The steps of one more state are complete: each target once.
  void EndSteps() {
    if (!has_liveness_) return;
    const auto first = graph_.targets.begin() + static_cast<std::ptrdiff_t>(graph_.offsets.back());
    std::sort(first, graph_.targets.end());
    graph_.targets.erase(std::unique(first, graph_.targets.end()), graph_.targets.end());
    graph_.offsets.push_back(graph_.targets.size());
  }

  void Report(std::uint32_t expanding) {
    if (!options_.progress) return;
    options_.progress({result_.generated_count, store_.size(), store_.size() - expanding, result_.depth});
  }

  // From an initial state to `index`; the actions between are found again by name.
  void BuildTrace(std::uint32_t index) {
    std::vector<std::uint32_t> path;
    for (std::uint32_t i = index; i != kNoParent; i = store_.parent(i)) path.push_back(i);
    result_.trace.clear();
    for (std::size_t i = path.size(); i-- > 0;) {
      TraceState entry{store_.state(path[i]), {}};
      if (i + 1 < path.size()) entry.action = FindAction(store_.state(path[i + 1]), entry.state);
      result_.trace.push_back(std::move(entry));
    }
  }

  std::optional<eval::ActionInstance> FindAction(const State& from, const State& to) {
    std::optional<eval::ActionInstance> action;
    (void)evaluator_.Successors(from, {}, [&](const eval::Successor& next) {
      if (!eval::SameState(next.state, to)) return true;
      action = next.action();
      return false;
    });
    return action;
  }

  eval::Evaluator& evaluator_;
  const program::Program& program_;
  const ExploreOptions& options_;
  PredicateJudge invariants_;
  PredicateJudge constraints_;
  StepJudge properties_;
  StateKey key_;
  StateStore store_;
  ActionCounter actions_;
  liveness::BehaviorGraph graph_;  // kept for liveness alone
  const bool has_liveness_ = options_.check_liveness && !program_.liveness.empty();
  bool is_liveness_checked_ = false;
  ExploreResult result_;
  std::size_t expanded_count_ = 0;
};

}  // namespace

ExploreResult Explore(eval::Evaluator& evaluator, const ExploreOptions& options) {
  return Exploration(evaluator, options).Run();
}

}  // namespace kelpie::explore
