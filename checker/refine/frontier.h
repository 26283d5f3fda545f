// The states that explain everything so far, each with the steps that nobody reported on its way.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "checker/eval/value.h"

namespace kelpie::refine {

// A step between two events, in the chain of those before it. Chains share their beginnings.
struct HiddenStep {
  std::uint64_t before = 0;  // the event that it came before, 1-based
  std::string action;
  std::vector<std::pair<std::string, eval::Value>> arguments;
  std::uint64_t count = 1;  // of the chain
  mutable std::shared_ptr<const HiddenStep> earlier;

  HiddenStep() = default;
  HiddenStep(const HiddenStep&) = delete;
  HiddenStep& operator=(const HiddenStep&) = delete;
  ~HiddenStep();  // a long chain without a deep stack
};
using HiddenTrail = std::shared_ptr<const HiddenStep>;

[[nodiscard]] inline std::uint64_t LengthOf(const HiddenTrail& trail) { return trail ? trail->count : 0; }

// Fewer hidden steps, or as many and the last one later: people look for a step near the event that needs it.
[[nodiscard]] bool IsBetter(const HiddenTrail& a, const HiddenTrail& b);

struct Candidate {
  eval::State state;
  HiddenTrail hidden;  // null: every step was an event
};
using Frontier = std::vector<Candidate>;

// Of equal states one is kept, in the place of the first: the one with the fewest hidden steps, and those latest.
void MergeEqual(Frontier& frontier);

}  // namespace kelpie::refine
