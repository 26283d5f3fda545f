// Steps that nobody reports: which actions may happen unseen between two events, and how often.
//
//   HiddenOptions hidden{.actions = {{"RenewSession", 3}}};
//   Checker checker(program, header, constants, {.hidden = hidden}, {});
//
// docs/SEMANTICS.md, part 1: between two adjacent events each declared action may be taken up to its bound; the bound
// is part of what is claimed, so that a trace that needs more violates. `steps_max` is a budget for all of them
// together: a search that reaches it is no longer complete. A hidden step keeps the invariants and action properties,
// as any step.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "checker/eval/value.h"

namespace kelpie::refine {

struct HiddenAction {
  std::string name;
  std::uint32_t times_max = 1;  // between two adjacent events
};

struct HiddenOptions {
  std::vector<HiddenAction> actions;
  std::uint64_t steps_max = 10;  // --max-hidden
};

// What was taken on the way that explains the trace; equal steps in a row are one entry.
struct HiddenUse {
  std::uint64_t before = 0;  // event
  std::string action;
  std::vector<std::pair<std::string, eval::Value>> arguments;
  std::uint64_t count = 0;
};

}  // namespace kelpie::refine
