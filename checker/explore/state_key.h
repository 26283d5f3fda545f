// What makes two states one: nothing more than equality, a VIEW's value, or a SYMMETRY set's
// permutations of model values.
//
//   StateKey key(evaluator);
//   if (auto error = key.Prepare()) ...
//   Result<State> k = key.Of(state);     // equal for all states that stand for one another
//
// Images are remembered by value: a value met again costs one look-up a permutation.
// Memory: each value that was asked for, and its images, once.
// Cost of Of: O(permutations x variables), and for a new value O(permutations x its parts). Source: Specifying Systems,
// section 14.3.3 and 14.3.4.
#pragma once

#include <vector>

#include "checker/eval/evaluator.h"
#include "checker/explore/value_table.h"

namespace kelpie::explore {

class StateKey {
 public:
  // Without symmetry, only a VIEW takes states for one.
  explicit StateKey(eval::Evaluator& evaluator, bool with_symmetry = true)
      : evaluator_(evaluator), program_(evaluator.program()), with_symmetry_(with_symmetry) {}

  // Evaluates the model's SYMMETRY set, closed under composition; the error, if it has no value.
  [[nodiscard]] eval::Status Prepare();
  [[nodiscard]] eval::Result<eval::State> Of(const eval::State& state);
  // Every state is its own key.
  [[nodiscard]] bool is_plain() const { return permutations_.empty() && !program_.model->view; }

 private:
  void CloseUnderComposition();
  // Of two different values.
  [[nodiscard]] bool IsBefore(std::uint32_t a, std::uint32_t b) const;
  // The number in values_ of a value's image.
  std::uint32_t ImageOf(std::uint32_t number, std::size_t permutation);
  eval::Value Image(const eval::Value& value, std::size_t permutation);
  eval::Value MakeImage(const eval::Value& value, std::size_t permutation);

  eval::Evaluator& evaluator_;
  const program::Program& program_;
  const bool with_symmetry_;
  std::vector<eval::Value> permutations_;
  ValueTable values_;
  std::vector<std::vector<std::uint32_t>> images_;  // by permutation and number; kNoNumber: not made yet
  std::vector<std::uint32_t> numbers_;              // of the state being looked at, and of images of it
  std::vector<std::uint32_t> image_;
  std::vector<std::uint32_t> least_;
};

}  // namespace kelpie::explore
