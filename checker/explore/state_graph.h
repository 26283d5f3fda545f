// The states and steps that an exploration found, for those who draw them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checker/explore/state_store.h"
#include "checker/program/program.h"

namespace kelpie::explore {

struct GraphStep {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  resolve::DefinitionId definition;  // of the action; invalid: an unnamed disjunct
  friend bool operator==(const GraphStep&, const GraphStep&) = default;
};

// A view, valid while it is shown. A step is there once, whatever the number of ways to it; steps are in the order of
// the states they leave. States that the constraints cut off are not there.
struct StateGraph {
  const StateStore& store;
  std::span<const std::uint32_t> initial;
  std::span<const GraphStep> steps;
  bool is_complete = false;  // every state was expanded
};

}  // namespace kelpie::explore
