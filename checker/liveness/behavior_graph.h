// All states and steps of a specification that was explored, as a graph.
//
//   for (std::uint64_t i = graph.offsets[s]; i < graph.offsets[s + 1]; ++i) Visit(graph.targets[i]);
//
// A behavior of the specification is an infinite path from an initial state; at every state it may also stay where it
// is (a stuttering step), which no entry of `targets` stands for. Threads: read only.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "checker/eval/value.h"

namespace kelpie::liveness {

struct BehaviorGraph {
  std::function<eval::State(std::uint32_t)> state;  // by number; cost: O(variables)
  std::vector<std::uint32_t> initial;
  std::vector<std::uint64_t> offsets{0};  // by state and one more: where its steps begin in `targets`
  std::vector<std::uint32_t> targets;     // different ones for one state
  // Where a VIEW takes states for one, a step arrives at another state of the same view: by step, its number for `arrival`.
  // Empty: at the target itself.
  std::vector<std::uint32_t> arrivals;
  std::function<eval::State(std::uint32_t)> arrival;

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(offsets.size() - 1); }
  [[nodiscard]] std::uint64_t step_count() const { return targets.size(); }
};

}  // namespace kelpie::liveness
