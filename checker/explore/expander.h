// Where one state leads to, judged but not yet kept: the part of an exploration that several threads do at once.
//
//   Expander expander(evaluator, store);
//   if (auto error = expander.Prepare()) ...
//   expander.Expand(index, expansion);      // expansion.steps(), in the order of the search
//
// What a step leads to is looked up among the states that are known, and judged by constraints, invariants and action
// properties where it is not. Two steps to one unknown state are judged both; who merges the expansions in order keeps
// the first. Threads: one expander and one evaluator a thread; the store is only read.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "checker/eval/evaluator.h"
#include "checker/eval/running.h"
#include "checker/explore/changed_value.h"
#include "checker/explore/predicate_judge.h"
#include "checker/explore/state_key.h"
#include "checker/explore/state_store.h"
#include "checker/explore/step_cache.h"

namespace kelpie::explore {

struct JudgedStep {
  std::uint32_t known = kNoParent;  // the state it leads to, when that was known
  std::uint32_t kept = kNoParent;   // when it was not, and was kept at once
  eval::State next;                 // else the state itself; of what fails always
  eval::State key;                  // and its key, where states are not their own
  resolve::DefinitionId definition;
  bool is_in_model = true;  // satisfies the constraints
  // Indexes in Program::invariants and Program::action_properties of the first that it breaks.
  std::optional<std::uint32_t> broken_invariant;
  std::optional<std::uint32_t> broken_property;
};

// The steps from one state. Kept for its memory from one state to the next.
class Expansion {
 public:
  // Steps in the order of the search, up to the first that fails; with `continues` all. Those that lead to known
  // states and break nothing are only counted, unless the expander keeps them.
  [[nodiscard]] std::span<const JudgedStep> steps() const { return {steps_.data(), step_count_}; }
  // How many there were of each action, those in steps() included.
  [[nodiscard]] std::span<const std::pair<resolve::DefinitionId, std::uint64_t>> counts() const { return counts_; }
  // States between the actions of A \cdot B.
  [[nodiscard]] std::uint64_t between_count() const { return between_count_; }
  // Nothing follows the state.
  [[nodiscard]] bool is_end() const { return counts_.empty(); }
  // Ended the search; is_error_of_step: it was met when the last step was judged.
  [[nodiscard]] const std::optional<eval::EvalError>& error() const { return error_; }
  [[nodiscard]] bool is_error_of_step() const { return is_error_of_step_; }

  // Lets go of the states. Values that were not kept belong to the thread that expanded.
  void Clear();

 private:
  friend class Expander;
  void Count(resolve::DefinitionId definition);
  JudgedStep& Begin(resolve::DefinitionId definition);

  std::vector<JudgedStep> steps_;
  std::size_t step_count_ = 0;
  std::vector<std::pair<resolve::DefinitionId, std::uint64_t>> counts_;
  std::uint64_t between_count_ = 0;
  std::optional<eval::EvalError> error_;
  bool is_error_of_step_ = false;
};

class Expander {
 public:
  struct Options {
    bool continues = false;    // a step that breaks an invariant or property does not end the expansion
    bool keeps_known = false;  // steps to known states are wanted one by one
    // Where effects are seen, one state after the other is judged and kept as TLC does: what it then has to tell, and
    // the expander's own store.
    eval::RunningExploration* running = nullptr;
    StateStore* keeps_in = nullptr;
  };
  Expander(eval::Evaluator& evaluator, const StateStore& store, Options options);

  [[nodiscard]] eval::Status Prepare();
  void Expand(std::uint32_t index, Expansion& expansion);

  // Judges an initial state, as a step without a parent.
  void JudgeInitial(const eval::State& state, JudgedStep& step, std::optional<eval::EvalError>& error);

  [[nodiscard]] bool is_plain() const { return key_.is_plain(); }

 private:
  // A question to the cache, and what it knows.
  struct Plan {
    std::size_t group = 0;
    const eval::Value* element = nullptr;  // of the group's set; null: all of the group
    StepCache::Answer* answer = nullptr;
    bool is_wanted = false;  // the answer that is not known
  };
  // What a change makes of the state that is expanded: a number, or it is looked for by its hash.
  struct PlannedChange {
    std::uint32_t number = kNoNumber;
    bool is_open = false;
    std::uint64_t hash = 0;
  };

  void FindAllSteps(std::uint32_t index, const eval::State& state, Expansion& expansion);
  // --- expander_groups.cpp
  void FindGroups(std::uint32_t index, const eval::State& state, Expansion& expansion);
  void AddPlan(std::span<const std::uint32_t> row, const eval::State& state, Plan plan);
  bool PlanChange(std::uint32_t base, StepCache::Answer& answer, StepCache::Change& change);
  void PlanRows(std::span<const std::uint32_t> row, StepCache::Answer& answer);
  std::uint32_t NumberOfChanged(std::uint32_t base, StepCache::Answer& answer, StepCache::Change& change,
                                std::uint64_t hash);
  // Evaluates. False: the expansion ends.
  bool FindSteps(std::uint32_t index, const Plan& plan, const eval::State& state, Expansion& expansion);
  bool ReplaySteps(std::uint32_t index, StepCache::Answer& answer, const eval::State& state, Expansion& expansion);
  // --- expander.cpp
  // One more step of the expansion.
  bool Take(std::uint32_t index, const eval::State& state, eval::State& next, resolve::DefinitionId definition,
            Expansion& expansion);
  // False: an error, or what ends the expansion.
  bool Judge(std::uint32_t index, const eval::State& state, eval::State& next, JudgedStep& step);
  bool JudgeState(std::uint32_t parent, const eval::State* parent_state, eval::State& next, JudgedStep& step);
  bool JudgeModel(const eval::State* from, const eval::State& next, bool is_stored, JudgedStep& step);
  bool JudgeInvariants(const eval::State& next, const eval::State* known, JudgedStep& step);
  void KeepAtOnce(const eval::State& next, std::uint32_t parent, const eval::State* parent_state, JudgedStep& step);
  void LookAt(std::uint32_t level) const {
    if (options_.running != nullptr) options_.running->LookAt(level);
  }
  [[nodiscard]] std::uint32_t LevelAfter(std::uint32_t parent) const {
    return parent == kNoParent ? 1 : store_.level(parent) + 1;
  }
  bool FailWith(const eval::EvalError& error) {
    error_ = error;
    return false;
  }

  eval::Evaluator& evaluator_;
  const program::Program& program_;
  const StateStore& store_;
  const Options options_;
  StateKey key_;
  PredicateJudge constraints_;
  PredicateJudge invariants_;
  StepJudge properties_;
  StateStore::Probe probe_;
  std::optional<StepCache> cache_;
  std::vector<Plan> plans_;             // of the state that is expanded
  std::vector<PlannedChange> planned_;  // by change of known answers
  std::size_t planned_at_ = 0;
  ChangedValue changed_;
  std::vector<std::uint32_t> plan_rows_;  // by step of known answers: a tag and the row that it leads to
  std::size_t plan_at_ = 0;
  bool is_known_enough_ = false;          // of a step to a known state there is nothing to judge or keep
  eval::State next_;                      // being replayed: the state that is expanded, but for what is assigned
  std::optional<eval::EvalError> error_;  // of the step being judged
};

}  // namespace kelpie::explore
