// What makes two states one: nothing more than equality, a VIEW's value, or a SYMMETRY set's
// permutations of model values.
//
//   StateKey key(evaluator);
//   if (auto error = key.Prepare()) ...
//   Result<State> k = key.Of(state);     // equal for all states that stand for one another
//
// Cost of Of: O(permutations x state). Source: Specifying Systems, section 14.3.3 and 14.3.4.
#pragma once

#include <vector>

#include "checker/eval/evaluator.h"

namespace kelpie::explore {

class StateKey {
 public:
  explicit StateKey(eval::Evaluator& evaluator) : evaluator_(evaluator), program_(evaluator.program()) {}

  // Evaluates the model's SYMMETRY set, closed under composition; the error, if it has no value.
  [[nodiscard]] eval::Status Prepare();
  [[nodiscard]] eval::Result<eval::State> Of(const eval::State& state);
  // Every state is its own key.
  [[nodiscard]] bool is_plain() const { return permutations_.empty() && !program_.model->view; }

 private:
  void CloseUnderComposition();

  eval::Evaluator& evaluator_;
  const program::Program& program_;
  std::vector<eval::Value> permutations_;
};

}  // namespace kelpie::explore
