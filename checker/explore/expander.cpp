#include "checker/explore/expander.h"

namespace kelpie::explore {

using eval::State;

Expander::Expander(eval::Evaluator& evaluator, const StateStore& store, bool continues)
    : evaluator_(evaluator),
      program_(evaluator.program()),
      store_(store),
      continues_(continues),
      key_(evaluator),
      constraints_(evaluator, program::SplitConstraints(program_)),
      invariants_(evaluator, program::SplitInvariants(program_)),
      properties_(evaluator) {}

void Expander::Expand(std::uint32_t index, Expansion& expansion) {
  const State state = store_.state(index);
  expansion.step_count = 0;
  expansion.is_end = true;
  expansion.error.reset();
  expansion.is_error_of_step = false;
  bool goes_on = true;
  const auto status = evaluator_.Successors(state, {.count_ways = true}, [&](const eval::Successor& next) {
    expansion.is_end = false;
    if (expansion.step_count == expansion.all_steps.size()) expansion.all_steps.emplace_back();
    JudgedStep& step = expansion.all_steps[expansion.step_count++];
    step.definition = next.definition;
    goes_on = Judge(index, state, next.state, step);
    if (!goes_on) step.next = next.state;
    return goes_on;
  });
  if (error_) {
    expansion.error = std::move(error_);
    expansion.is_error_of_step = true;
    error_.reset();
  } else if (goes_on && status) {
    expansion.error = *status;
  }
}

// A state that is known satisfies the constraints and the invariants, whose truth is then not asked for. States
// that the constraints cut off are checked, as TLC does, and not kept.
bool Expander::Judge(std::uint32_t index, const State& state, const State& next, JudgedStep& step) {
  step.broken_property.reset();
  if (!JudgeState(index, &state, next, step)) return false;
  if (program_.action_properties.empty()) return true;
  const auto broken = properties_.FirstBroken(state, store_.row(index), next, probe_.row);
  if (!broken.ok()) return FailWith(broken.error());
  if (!broken.value()) return true;
  step.broken_property = static_cast<std::uint32_t>(*broken.value());
  step.next = next;
  return continues_;
}

bool Expander::JudgeState(std::uint32_t parent, const State* parent_state, const State& next, JudgedStep& step) {
  step.broken_invariant.reset();
  step.known = store_.Find(probe_, next, parent, parent_state) && key_.is_plain() ? probe_.found : kNoParent;
  if (!JudgeModel(parent_state, next, step.known != kNoParent, step)) return false;
  if (!key_.is_plain() && step.is_in_model) {
    auto key = key_.Of(next);
    if (!key.ok()) return FailWith(key.error());
    step.key = std::move(key.value());
    if (store_.FindKey(probe_, next, step.key, parent, parent_state)) step.known = probe_.found;
  }
  if (step.known != kNoParent) return true;
  step.next = next;
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
  for (std::size_t i = 0; step.is_in_model && i < program_.action_constraints.size(); ++i) {
    const auto holds = evaluator_.Holds(program_.Body(program_.action_constraints[i]), from, &next);
    if (!holds.ok()) return FailWith(holds.error());
    step.is_in_model = holds.value();
  }
  return true;
}

// `known` satisfies every invariant: only what reads a slot that differs is looked at.
bool Expander::JudgeInvariants(const State& next, const State* known, JudgedStep& step) {
  const auto first = invariants_.FirstFalse(next, probe_.row, continues_ ? nullptr : known);
  if (!first.ok()) return FailWith(first.error());
  if (first.value()) step.broken_invariant = static_cast<std::uint32_t>(*first.value());
  return !step.broken_invariant || continues_;
}

void Expander::JudgeInitial(const State& state, JudgedStep& step, std::optional<eval::EvalError>& error) {
  step = {};
  (void)JudgeState(kNoParent, nullptr, state, step);
  step.next = state;
  error = std::move(error_);
  error_.reset();
}

}  // namespace kelpie::explore
