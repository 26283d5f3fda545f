// Several predicates of states, or of steps, judged together; what is known of them is not asked again.
//
//   PredicateJudge invariants(evaluator, program::SplitInvariants(program));
//   Result<std::optional<std::size_t>> broken = invariants.FirstFalse(state, row, &parent_state);
//
// A row has the numbers of a state's values (state_store.h), kNoNumber for a value that has none yet.
// Answers are those of evaluating every predicate in order, errors included.
// Cost: O(parts) where all is known.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "checker/eval/evaluator.h"
#include "checker/explore/predicate_memo.h"

namespace kelpie::explore {

using Row = std::span<const std::uint32_t>;

class PredicateJudge {
 public:
  PredicateJudge(eval::Evaluator& evaluator, std::vector<program::PredicatePart> parts);

  // The source of the first part that is false; nothing when all hold. `known`: a state that satisfies them
  // all; then only what reads a variable that differs is looked at.
  [[nodiscard]] eval::Result<std::optional<std::size_t>> FirstFalse(const eval::State& state, Row row,
                                                                    const eval::State* known);
  // Whether all parts are without effects, so that it does not matter whether they are evaluated.
  [[nodiscard]] bool is_pure() const { return is_pure_; }

 private:
  eval::Evaluator& evaluator_;
  std::vector<program::PredicatePart> parts_;
  std::vector<PredicateMemo> memos_;  // by part
  bool is_pure_ = true;
  std::vector<resolve::ExprId> asked_;  // of the state being judged; kept for its memory
  std::vector<std::size_t> asked_parts_;
};

// Action properties [A]_v.
class StepJudge {
 public:
  explicit StepJudge(eval::Evaluator& evaluator);

  // The index of the first property in Program::action_properties that the step breaks.
  [[nodiscard]] eval::Result<std::optional<std::size_t>> FirstBroken(const eval::State& state, Row row,
                                                                     const eval::State& next, Row next_row);

 private:
  eval::Evaluator& evaluator_;
  std::vector<PredicateMemo> memos_;  // by property: is its action true?
};

}  // namespace kelpie::explore
