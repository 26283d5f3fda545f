// Random behaviors of a specification, when there are too many states to explore.
//
//   ExploreResult r = Simulate(evaluator, {.behavior_count = 1'000, .seed = 7});
//
// A behavior begins in a random initial state and takes a random step among those that the constraints allow, each way
// to a successor being as likely as any other, until there is none or it is `depth_max` states long. Invariants, action
// properties and deadlock are judged; liveness is not. Behavior i is that of seed + i, so that the one that fails can
// be had alone. Cost: O(behaviors x depth) expansions; memory O(depth + initial states).
#pragma once

#include "checker/explore/explorer.h"

namespace kelpie::explore {

struct SimulateOptions {
  std::uint64_t behavior_count = 0;       // --simulate
  std::uint64_t seed = 1;                 // --seed
  std::uint64_t depth_max = 100;          // --depth
  std::uint64_t initial_max = 1'000'000;  // --max-states: initial states to choose from; more: kLimit
  std::optional<bool> check_deadlock;     // overrides the model file
};

[[nodiscard]] ExploreResult Simulate(eval::Evaluator& evaluator, const SimulateOptions& options);

}  // namespace kelpie::explore
