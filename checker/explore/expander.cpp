#include "checker/explore/expander.h"

#include <algorithm>

namespace kelpie::explore {

using eval::State;

Expander::Expander(eval::Evaluator& evaluator, const StateStore& store, Options options)
    : evaluator_(evaluator),
      program_(evaluator.program()),
      store_(store),
      options_(options),
      key_(evaluator),
      constraints_(evaluator, program::SplitConstraints(program_)),
      invariants_(evaluator, program::SplitInvariants(program_)),
      properties_(evaluator) {}

void Expansion::Clear() {
  for (std::size_t i = 0; i < step_count_; ++i) {
    steps_[i].next.clear();
    steps_[i].key.clear();
  }
  step_count_ = 0;
  counts_.clear();
  error_.reset();
  is_error_of_step_ = false;
}

void Expansion::Count(resolve::DefinitionId definition) {
  // Ways of one action follow one another.
  auto count = counts_.rbegin();
  while (count != counts_.rend() && count->first != definition) ++count;
  if (count == counts_.rend()) {
    counts_.emplace_back(definition, 1);
  } else {
    ++count->second;
  }
}

JudgedStep& Expansion::Begin(resolve::DefinitionId definition) {
  Count(definition);
  if (step_count_ == steps_.size()) steps_.emplace_back();
  JudgedStep& step = steps_[step_count_++];
  step.definition = definition;
  return step;
}

eval::Status Expander::Prepare() {
  if (auto error = key_.Prepare()) return error;
  // What tells how far it is, is asked one step after the other.
  if (program_.next.is_valid() && options_.running == nullptr) cache_.emplace(evaluator_.StepGroups());
  is_known_enough_ = key_.is_plain() && constraints_.is_pure() && !options_.keeps_known &&
                     program_.action_constraints.empty() && program_.action_properties.empty();
  return std::nullopt;
}

void Expander::Expand(std::uint32_t index, Expansion& expansion) {
  const State state = store_.state(index);
  expansion.Clear();
  const std::uint64_t between_before = evaluator_.between_count();
  if (cache_) {
    FindGroups(index, state, expansion);
  } else {
    FindAllSteps(index, state, expansion);
  }
  expansion.between_count_ = evaluator_.between_count() - between_before;
}

void Expander::FindAllSteps(std::uint32_t index, const State& state, Expansion& expansion) {
  bool goes_on = true;
  const auto look_at_state = [&] {
    LookAt(store_.level(index));
    if (options_.running != nullptr) options_.running->queue_count = store_.size() - index - 1;
  };
  look_at_state();
  const auto status = evaluator_.Successors(state, {.count_ways = true}, [&](const eval::Successor& next) {
    if (options_.running != nullptr) ++options_.running->generated_count;
    goes_on = Take(index, state, next.shared_state(), next.definition, expansion);
    look_at_state();
    return goes_on;
  });
  if (goes_on && status) expansion.error_ = *status;
}

bool Expander::Take(std::uint32_t index, const State& state, State& next, resolve::DefinitionId definition,
                    Expansion& expansion) {
  JudgedStep& step = expansion.Begin(definition);
  const bool goes_on = Judge(index, state, next, step);
  if (!goes_on) {
    step.next = next;
  } else if (step.known != kNoParent && !options_.keeps_known && !step.broken_property) {
    --expansion.step_count_;
  }
  if (error_) {
    expansion.error_ = std::move(error_);
    expansion.is_error_of_step_ = true;
    error_.reset();
  }
  return goes_on;
}

// A state that is known satisfies the constraints and the invariants, whose truth is then not asked for. States
// that the constraints cut off are checked, as TLC does, and not kept.
bool Expander::Judge(std::uint32_t index, const State& state, State& next, JudgedStep& step) {
  step.broken_property.reset();
  if (!JudgeState(index, &state, next, step)) return false;
  if (program_.action_properties.empty()) return true;
  LookAt(store_.level(index));
  const auto broken = properties_.FirstBroken(state, store_.row(index), next, probe_.row);
  if (!broken.ok()) return FailWith(broken.error());
  if (!broken.value()) return true;
  step.broken_property = static_cast<std::uint32_t>(*broken.value());
  step.next = next;
  return options_.continues;
}

bool Expander::JudgeState(std::uint32_t parent, const State* parent_state, State& next, JudgedStep& step) {
  step.broken_invariant.reset();
  step.kept = kNoParent;
  step.known = store_.FindShared(probe_, next, parent, parent_state) && key_.is_plain() ? probe_.found : kNoParent;
  LookAt(LevelAfter(parent));
  if (!JudgeModel(parent_state, next, step.known != kNoParent, step)) return false;
  LookAt(LevelAfter(parent));
  if (!key_.is_plain() && step.is_in_model) {
    auto key = key_.Of(next);
    if (!key.ok()) return FailWith(key.error());
    step.key = std::move(key.value());
    if (store_.FindKey(probe_, next, step.key, parent, parent_state)) step.known = probe_.found;
  }
  if (step.known != kNoParent) return true;
  step.next = next;
  if (options_.keeps_in != nullptr && step.is_in_model) KeepAtOnce(next, parent, parent_state, step);
  return JudgeInvariants(next, parent_state, step);
}

bool Expander::JudgeModel(const State* from, const State& next, bool is_stored, JudgedStep& step) {
  step.is_in_model = true;
  if (!is_stored || !constraints_.is_pure()) {
    const auto first = constraints_.FirstFalse(next, probe_.row, nullptr);
    if (!first.ok()) return FailWith(first.error());
    step.is_in_model = !first.value().has_value();
  }
  if (from == nullptr) return true;
  if (options_.running != nullptr) LookAt(static_cast<std::uint32_t>(*options_.running->level - 1));
  for (std::size_t i = 0; step.is_in_model && i < program_.action_constraints.size(); ++i) {
    const auto holds = evaluator_.Holds(program_.Body(program_.action_constraints[i]), from, &next);
    if (!holds.ok()) return FailWith(holds.error());
    step.is_in_model = holds.value();
  }
  return true;
}

void Expander::KeepAtOnce(const State& next, std::uint32_t parent, const State* parent_state, JudgedStep& step) {
  const std::uint32_t level = LevelAfter(parent);
  (void)options_.keeps_in->Put(probe_, next, is_plain() ? nullptr : &step.key, parent, parent_state, level);
  step.kept = probe_.found;
  eval::RunningExploration& running = *options_.running;
  running.distinct_count = store_.size();
  running.diameter = std::max<std::uint64_t>(running.diameter, level);
  if (parent == kNoParent) running.queue_count = running.initial_count = store_.size();
}

// `known` satisfies every invariant: only what reads a slot that differs is looked at.
bool Expander::JudgeInvariants(const State& next, const State* known, JudgedStep& step) {
  const auto first = invariants_.FirstFalse(next, probe_.row, options_.continues ? nullptr : known);
  if (!first.ok()) return FailWith(first.error());
  if (first.value()) step.broken_invariant = static_cast<std::uint32_t>(*first.value());
  return !step.broken_invariant || options_.continues;
}

void Expander::JudgeInitial(const State& state, JudgedStep& step, std::optional<eval::EvalError>& error) {
  step = {};
  step.next = state;
  State judged = state;
  (void)JudgeState(kNoParent, nullptr, judged, step);
  error = std::move(error_);
  error_.reset();
}

}  // namespace kelpie::explore
