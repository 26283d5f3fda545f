#include "checker/explore/action_of_step.h"

#include "checker/eval/value_order.h"

namespace kelpie::explore {

std::optional<eval::ActionInstance> ActionOfStep(eval::Evaluator& evaluator, const eval::State& from,
                                                 const eval::State& to) {
  std::optional<eval::ActionInstance> action;
  (void)evaluator.Successors(from, {}, [&](const eval::Successor& next) {
    if (!eval::SameState(next.state, to)) return true;
    action = next.action();
    return false;
  });
  return action;
}

}  // namespace kelpie::explore
