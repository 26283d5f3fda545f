// What is assumed of the constants, judged before anything is explored.
#pragma once

#include <optional>
#include <string>

#include "checker/eval/evaluator.h"

namespace kelpie::explore {

// An assumption that is false, or has no value.
struct BrokenAssumption {
  std::string name;  // or its place, where it has none
  std::optional<eval::EvalError> error;
};

// The first in the order of the text; nothing when all hold.
[[nodiscard]] std::optional<BrokenAssumption> FindBrokenAssumption(eval::Evaluator& evaluator);

}  // namespace kelpie::explore
