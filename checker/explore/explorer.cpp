#include "checker/explore/explorer.h"

#include <algorithm>
#include <tuple>

#include "checker/eval/value_order.h"
#include "checker/explore/action_of_step.h"
#include "checker/explore/alias.h"
#include "checker/explore/assumptions.h"
#include "checker/explore/graph_maker.h"
#include "checker/explore/spec_record.h"

namespace kelpie::explore {

using eval::State;

namespace {

class Exploration {
 public:
  Exploration(eval::Evaluator& evaluator, const ExploreOptions& options)
      : program_(evaluator.program()),
        options_(options),
        has_effects_(program::HasEffects(program_)),
        worker_count_(evaluator.counts_truths() || has_effects_ ? 1 : options.worker_count),
        running_(evaluator.options().running != nullptr ? *evaluator.options().running : own_running_),
        store_(program_.spec->variables.size(), worker_count_ > 1),
        workers_(evaluator, store_, worker_count_,
                 {.continues = options.continues,
                  .keeps_known = has_liveness_ || options.show_graph != nullptr,
                  .running = has_effects_ ? &running_ : nullptr,
                  .keeps_in = has_effects_ ? &store_ : nullptr},
                 options.execute),
        main_(workers_.evaluator()),
        actions_(program_) {}

  ExploreResult Run() {
    result_.is_complete = CheckAssumptions() && Prepare() && (program_.init.empty() || (Start() && Expand()));
    if (!result_.violations.empty() && result_.outcome == Outcome::kOk) TakeFirstViolation();
    if (result_.outcome == Outcome::kOk && (result_.is_stopped || CheckLiveness())) CheckPostcondition();
    if (!is_liveness_checked_) {
      for (const program::LivenessProperty& property : program_.liveness) result_.undecided.push_back(property.name);
    }
    if (options_.show_graph) options_.show_graph({store_, initial_, steps_, result_.is_complete});
    result_.actions = actions_.Counts();
    result_.truths = main_.TruthCounts();
    result_.is_one_worker = worker_count_ < options_.worker_count;
    result_.distinct_count = store_.size();
    result_.memory_bytes = store_.memory_bytes();
    result_.spilled_bytes = store_.spilled_bytes();
    result_.queue_count = store_.size() - std::min<std::size_t>(store_.size(), expanded_count_);
    AddAliases(main_, running_, result_.trace, result_.loop_to);
    for (Violation& violation : result_.violations) AddAliases(main_, running_, violation.trace, std::nullopt);
    if (worker_count_ > 1) LeaveStore();
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

  // Something was violated in the last state of a behavior: from an initial state to `parent`, and on to `next`. True:
  // the exploration goes on nevertheless.
  bool Violate(Outcome outcome, const std::string& violated, std::uint32_t parent, const State* next) {
    if (!options_.continues) {
      BuildTrace(parent, next, result_.trace);
      return Fail(outcome, violated);
    }
    const auto known = std::find_if(result_.violations.begin(), result_.violations.end(),
                                    [&](const Violation& v) { return v.outcome == outcome && v.violated == violated; });
    if (known != result_.violations.end()) {
      ++known->count;
      return true;
    }
    Violation& violation = result_.violations.emplace_back();
    violation = {outcome, violated, 1, {}};
    BuildTrace(parent, next, violation.trace);
    return true;
  }

  void TakeFirstViolation() {
    const Violation& first = result_.violations.front();
    (void)Fail(first.outcome, first.violated);
    result_.trace = first.trace;
  }

  void CheckPostcondition() {
    if (!program_.model->postcondition) return;
    Tell(0);
    const resolve::DefinitionId id = *program_.model->postcondition;
    const auto holds = Holds(program_.Body(id), nullptr, nullptr);
    if (holds && !*holds) Fail(Outcome::kPostcondition, program_.spec->definition(id).name);
  }

  // What TLCGet tells outside of states, when so many of them were expanded.
  void Tell(std::uint64_t level) {
    running_.LookAt(level);
    running_.generated_count = result_.generated_count;
    running_.distinct_count = store_.size();
    running_.diameter = std::max<std::uint64_t>(1, result_.depth);
    running_.queue_count = store_.size() - std::min<std::size_t>(store_.size(), expanded_count_);
    running_.initial_count = initial_.size();
  }

  bool IsStopped() {
    result_.is_stopped = running_.is_exit_wanted;
    return result_.is_stopped;
  }

  // On the graph of all states. What SYMMETRY leaves out may be what breaks a property, and a VIEW hides where a step
  // arrives, so that with these the graph is made again.
  bool CheckLiveness() {
    if (!has_liveness_) return true;
    running_.LookAtUnknown();
    running_.behavior = nullptr;
    if (!workers_.expander().is_plain()) {
      GraphMaker maker(main_, options_.states_max);
      if (auto error = maker.Run()) return FailWithError(*error);
      if (maker.is_cut()) return FailAtLimit("--max-states", options_.states_max);
      return CheckLivenessOn(maker.graph());
    }
    graph_.initial = initial_;
    graph_.state = [this](std::uint32_t i) { return store_.state(i); };
    return CheckLivenessOn(graph_);
  }

  bool CheckLivenessOn(const liveness::BehaviorGraph& graph) {
    liveness::LivenessResult found = liveness::CheckLiveness(main_, graph, options_.liveness);
    is_liveness_checked_ = found.outcome == liveness::LivenessOutcome::kHolds;
    switch (found.outcome) {
      case liveness::LivenessOutcome::kHolds: return true;
      case liveness::LivenessOutcome::kLimit: return FailAtLimit("--max-tableau", options_.liveness.tableau_max);
      case liveness::LivenessOutcome::kEvaluation:
        if (found.state) result_.trace.push_back({graph.state(*found.state), {}, {}});
        return FailWithError(*found.error);
      case liveness::LivenessOutcome::kViolated: break;
    }
    is_liveness_checked_ = true;
    for (std::size_t i = 0; i < found.lasso.states.size(); ++i) {
      TraceState entry{graph.state(found.lasso.states[i]), {}, {}};
      running_.LookAt(i);
      if (i > 0) entry.action = ActionOfStep(main_, result_.trace.back().state, entry.state);
      result_.trace.push_back(std::move(entry));
    }
    result_.loop_to = found.lasso.loop_to;
    return Fail(Outcome::kProperty, found.violated);
  }

  bool CheckAssumptions() {
    running_.config = ConfigRecord(options_.check_deadlock.value_or(program_.check_deadlock()), worker_count_);
    running_.spec = [this] { return SpecRecord(program_); };
    if (has_effects_) running_.behavior = [this](std::uint64_t level) { return store_.BehaviorTo(expanding_, level); };
    const auto broken = FindBrokenAssumption(main_);
    if (!broken) return true;
    return broken->error ? FailWithError(*broken->error) : Fail(Outcome::kAssumption, broken->name);
  }

  std::optional<bool> Holds(resolve::ExprId expr, const State* state, const State* next) {
    const auto holds = main_.Holds(expr, state, next);
    if (holds.ok()) return holds.value();
    FailWithError(holds.error());
    return std::nullopt;
  }

  bool Prepare() {
    const auto error = workers_.Prepare();
    return !error || FailWithError(*error);
  }

  bool Start() {
    bool goes_on = true;
    const auto status = main_.InitialStates([&](const State& state) {
      running_.generated_count = ++result_.generated_count;
      goes_on = AddInitial(state);
      running_.LookAt(0);
      return goes_on;
    });
    if (goes_on && status) return FailWithError(*status);
    if (store_.size() > 0) result_.depth = 1;
    return goes_on && !IsStopped();
  }

  bool AddInitial(const State& state) {
    JudgedStep step;
    std::optional<eval::EvalError> error;
    workers_.expander().JudgeInitial(state, step, error);
    if (error) {
      result_.trace.push_back({state, {}, {}});
      return FailWithError(*error);
    }
    if (step.known != kNoParent) return true;
    if (step.is_in_model) {
      initial_.push_back(Keep(step, kNoParent, nullptr, 1).second);
    }
    if (step.broken_invariant &&
        !Violate(Outcome::kInvariant, program_.invariants[*step.broken_invariant].name, kNoParent, &state)) {
      return false;
    }
    running_.LookAt(1);
    for (std::size_t i = 0; i < program_.initial_property_exprs.size(); ++i) {
      const auto holds = Holds(program_.initial_property_exprs[i], &state, nullptr);
      if (!holds) result_.trace.push_back({state, {}, {}});
      if (!holds) return false;
      if (!*holds && !Violate(Outcome::kProperty, program_.initial_properties[i], kNoParent, &state)) return false;
    }
    return true;
  }

  // The state that a step leads to: was it new, and its number.
  std::pair<bool, std::uint32_t> Keep(const JudgedStep& step, std::uint32_t parent, const State* parent_state,
                                      std::uint32_t level) {
    if (step.kept != kNoParent) return {true, step.kept};
    const State* key = workers_.expander().is_plain() ? nullptr : &step.key;
    const bool is_new = store_.Put(probe_, step.next, key, parent, parent_state, level);
    return {is_new, probe_.found};
  }

  // True: all states were expanded.
  bool Expand() {
    for (std::uint32_t first = 0; first < store_.size();) {
      const auto last = static_cast<std::uint32_t>(
          std::min<std::size_t>(store_.size(), std::size_t{first} + workers_.states_at_once()));
      expanding_ = first;
      for (const Expansion* expansion : workers_.Expand(first, last)) {
        if (store_.level(first) >= options_.depth_max) return FailAtLimit("--depth", options_.depth_max);
        if (!MergeOrTell(first, *expansion)) return false;
        expanded_count_ = ++first;
        if (IsStopped()) return false;
        if (store_.size() > options_.states_max) return FailAtLimit("--max-states", options_.states_max);
        if (!FitsIntoMemory()) return false;
      }
    }
    return true;
  }

  // Looked at from time to time. Beyond the limit the tables go to files, if they may, and then the values alone count.
  bool FitsIntoMemory() {
    constexpr std::size_t kStatesBetweenLooks = 1024;
    if (store_.size() < next_look_) return true;
    next_look_ = store_.size() + kStatesBetweenLooks;
    if (store_.memory_bytes() <= options_.memory_max) return true;
    if (!options_.spill_directory.empty() && !store_.is_in_files()) {
      if (const auto refused = store_.MoveToFiles(options_.spill_directory)) return FailWithError(*refused);
    }
    if (store_.memory_bytes() <= options_.memory_max) return true;
    return FailAtLimit("--max-memory", options_.memory_max >> 20);
  }

  bool MergeOrTell(std::uint32_t index, const Expansion& expansion) {
    try {
      return Merge(index, expansion);
    } catch (const SpillFailure& failure) {
      return FailWithError(ErrorOf(failure));
    }
  }

  // What an expansion found is kept, in its order. False: the exploration ends.
  bool Merge(std::uint32_t index, const Expansion& expansion) {
    for (const auto& [definition, count] : expansion.counts()) {
      result_.generated_count += count;
      actions_.Count(definition, count);
    }
    result_.generated_count += expansion.between_count();
    running_.generated_count = result_.generated_count;
    const std::span<const JudgedStep> steps = expansion.steps();
    const State state = steps.empty() ? State() : store_.state(index);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (expansion.is_error_of_step() && i + 1 == steps.size()) {
        BuildTrace(index, &steps[i].next, result_.trace);
        return FailWithError(*expansion.error());
      }
      if (!MergeStep(index, state, steps[i])) return false;
    }
    EndSteps();
    if (expansion.error()) {
      BuildTrace(index, nullptr, result_.trace);
      return FailWithError(*expansion.error());
    }
    if (!expansion.is_end() || !options_.check_deadlock.value_or(program_.check_deadlock())) return true;
    return Violate(Outcome::kDeadlock, "", index, nullptr);
  }

  bool MergeStep(std::uint32_t index, const State& state, const JudgedStep& step) {
    bool is_new = step.known == kNoParent;
    std::uint32_t target = step.known;
    if (is_new && step.is_in_model) {
      const std::uint32_t level = store_.level(index) + 1;
      std::tie(is_new, target) = Keep(step, index, &state, level);
      if (is_new) result_.depth = std::max<std::uint64_t>(result_.depth, level);
      if (is_new) actions_.CountDistinct(step.definition);
      if (is_new && store_.size() % 65'536 == 0) Report(index);
    }
    if (step.is_in_model && has_liveness_) graph_.targets.push_back(target);
    if (step.is_in_model && options_.show_graph) steps_.push_back({index, target, step.definition});
    if (is_new && step.broken_invariant &&
        !Violate(Outcome::kInvariant, program_.invariants[*step.broken_invariant].name, index, &step.next)) {
      return false;
    }
    return !step.broken_property ||
           Violate(Outcome::kProperty, program_.action_properties[*step.broken_property].name, index, &step.next);
  }

  // The steps of one more state are complete: each target once.
  void EndSteps() {
    if (options_.show_graph) EndGraphSteps();
    if (!has_liveness_) return;
    const auto first = graph_.targets.begin() + static_cast<std::ptrdiff_t>(graph_.offsets.back());
    std::sort(first, graph_.targets.end());
    graph_.targets.erase(std::unique(first, graph_.targets.end()), graph_.targets.end());
    graph_.offsets.push_back(graph_.targets.size());
  }

  void EndGraphSteps() {
    const auto first = steps_.begin() + static_cast<std::ptrdiff_t>(step_begin_);
    std::stable_sort(first, steps_.end(), [](const GraphStep& a, const GraphStep& b) {
      return a.to != b.to ? a.to < b.to : a.definition.index < b.definition.index;
    });
    steps_.erase(std::unique(first, steps_.end()), steps_.end());
    step_begin_ = steps_.size();
  }

  void Report(std::uint32_t expanding) {
    if (options_.progress)
      options_.progress({result_.generated_count, store_.size(), store_.size() - expanding, result_.depth});
  }

  // From an initial state to `index`, if there is one, and on to `next`, if there is one; the actions between are
  // found again by name.
  void BuildTrace(std::uint32_t index, const State* next, std::vector<TraceState>& trace) {
    std::vector<std::uint32_t> path;
    for (std::uint32_t i = index; i != kNoParent; i = store_.parent(i)) path.push_back(i);
    trace.clear();
    for (std::size_t i = path.size(); i-- > 0;) AddToTrace(store_.state(path[i]), trace);
    if (next != nullptr) AddToTrace(*next, trace);
  }
  void AddToTrace(State state, std::vector<TraceState>& trace) {
    TraceState entry{std::move(state), {}, {}};
    running_.LookAt(trace.size());
    if (!trace.empty()) entry.action = ActionOfStep(main_, trace.back().state, entry.state);
    trace.push_back(std::move(entry));
  }

  // What is told must live longer than the store.
  void LeaveStore() {
    const auto copy = [](std::vector<TraceState>& trace) {
      for (TraceState& entry : trace) {
        for (eval::Value& value : entry.state) value = value.Copied();
        if (entry.alias) entry.alias = entry.alias->Copied();
        if (!entry.action) continue;
        for (auto& argument : entry.action->arguments) argument.second = argument.second.Copied();
      }
    };
    copy(result_.trace);
    for (Violation& violation : result_.violations) copy(violation.trace);
  }

  const program::Program& program_;
  const ExploreOptions& options_;
  const bool has_effects_;  // that can be seen: one state after the other
  const bool has_liveness_ = options_.check_liveness && !program_.liveness.empty();
  const std::size_t worker_count_;
  eval::RunningExploration own_running_;
  eval::RunningExploration& running_;
  StateStore store_;  // outlives what may hold values of it
  Workers workers_;
  eval::Evaluator& main_;
  StateStore::Probe probe_;
  ActionCounter actions_;
  std::vector<std::uint32_t> initial_;
  std::vector<GraphStep> steps_;   // kept for who wants to see them
  std::size_t step_begin_ = 0;     // of the state being merged
  liveness::BehaviorGraph graph_;  // kept for liveness alone
  bool is_liveness_checked_ = false;
  ExploreResult result_;
  std::size_t expanded_count_ = 0;
  std::uint32_t expanding_ = 0;
  std::size_t next_look_ = 0;  // at memory, when there are so many states
};

}  // namespace

ExploreResult Explore(eval::Evaluator& evaluator, const ExploreOptions& options) {
  return Exploration(evaluator, options).Run();
}

}  // namespace kelpie::explore
