// Which action takes one state to another.
#pragma once

#include <optional>

#include "checker/eval/evaluator.h"

namespace kelpie::explore {

// The first way of Next that leads there; nothing when there is none. Cost: one expansion.
[[nodiscard]] std::optional<eval::ActionInstance> ActionOfStep(eval::Evaluator& evaluator, const eval::State& from,
                                                               const eval::State& to);

}  // namespace kelpie::explore
