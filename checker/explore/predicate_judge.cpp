#include "checker/explore/predicate_judge.h"

#include <algorithm>
#include <utility>

namespace kelpie::explore {

using eval::Result;
using eval::State;

PredicateJudge::PredicateJudge(eval::Evaluator& evaluator, std::vector<program::PredicatePart> parts)
    : evaluator_(evaluator), parts_(std::move(parts)) {
  for (const program::PredicatePart& part : parts_) {
    memos_.emplace_back(part.slots, PredicateMemo::Over::kState, part.is_pure);
    is_pure_ = is_pure_ && part.is_pure;
  }
}

Result<std::optional<std::size_t>> PredicateJudge::FirstFalse(const State& state, Row row, const State* known) {
  asked_.clear();
  asked_parts_.clear();
  std::optional<std::size_t> first_false;  // a part known to be false; what stands before it is asked first
  for (std::size_t i = 0; i < parts_.size() && !first_false; ++i) {
    const program::PredicatePart& part = parts_[i];
    bool must_look = known == nullptr || !part.is_pure;
    for (const std::uint32_t slot : part.slots) must_look = must_look || !state[slot].is_same_object((*known)[slot]);
    if (!must_look) continue;
    const std::optional<bool> truth = memos_[i].Find(row, {});
    if (!truth) {
      asked_.push_back(part.expr);
      asked_parts_.push_back(i);
    } else if (!*truth) {
      first_false = i;
    }
  }
  if (!asked_.empty()) {
    const auto first = evaluator_.FirstFalse(asked_, state, known);
    if (!first.ok()) return first.error();
    const std::size_t true_count = first.value().value_or(asked_.size());
    for (std::size_t i = 0; i < true_count; ++i) memos_[asked_parts_[i]].Keep(true);
    if (true_count < asked_.size()) {
      first_false = asked_parts_[true_count];
      memos_[*first_false].Keep(false);
    }
  }
  if (!first_false) return std::optional<std::size_t>();
  return std::optional<std::size_t>(parts_[*first_false].source);
}

StepJudge::StepJudge(eval::Evaluator& evaluator) : evaluator_(evaluator) {
  for (program::PredicatePart& part : program::PropertyActions(evaluator.program())) {
    memos_.emplace_back(std::move(part.slots), PredicateMemo::Over::kStep, part.is_pure);
  }
}

Result<std::optional<std::size_t>> StepJudge::FirstBroken(const State& state, Row row, const State& next,
                                                          Row next_row) {
  const std::vector<program::ActionProperty>& properties = evaluator_.program().action_properties;
  const bool is_any_in_use = std::any_of(memos_.begin(), memos_.end(), [](const auto& m) { return m.is_in_use(); });
  if (!is_any_in_use) return evaluator_.FirstBroken(properties, state, next);
  for (std::size_t i = 0; i < properties.size(); ++i) {
    if (memos_[i].Find(row, next_row).value_or(false)) continue;
    if (memos_[i].is_in_use()) {
      // Where the action is false, or has no value, the subscript decides.
      const auto is_true = evaluator_.Holds(properties[i].action, &state, &next);
      if (is_true.ok()) memos_[i].Keep(is_true.value());
      if (is_true.ok() && is_true.value()) continue;
    }
    const auto broken = evaluator_.FirstBroken({&properties[i], 1}, state, next);
    if (!broken.ok()) return broken.error();
    if (broken.value()) return std::optional<std::size_t>(i);
  }
  return std::optional<std::size_t>();
}

}  // namespace kelpie::explore
