// Repairs: what would have to be otherwise for the event to be accepted. Each one is tried, none is guessed.
//
//   Budget budget{.repairs_max = 2000};
//   for (const Repair& repair : result.repairs) if (repair.helps) Print(repair.text);
//
// docs/SEMANTICS.md, part 3. Tried from the frontier that died: an argument other than the claimed one, one observed
// place ignored, the event before it left out or after it, one step of Next before it that nobody reported, and another
// action in place of the claimed one. A repair is about this event, and says nothing of those behind it. `repairs_max`
// bounds the states that are looked at for all of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/observe/observation.h"
#include "checker/refine/frontier.h"

namespace kelpie::refine {

enum class RepairKind : std::uint8_t { kArgument, kIgnore, kSwap, kWithoutPrevious, kHidden, kOtherAction };
// As JSON has it: argument, ignore, swap, without_previous, hidden, other_action.
[[nodiscard]] const char* NameOf(RepairKind kind);

struct Repair {
  RepairKind kind = RepairKind::kArgument;
  bool helps = false;  // false: all of this kind were tried in vain
  std::string text;    // "the argument token were 14"
};

// The event before the present one, and the frontier that it met; for events that are one step.
struct PreviousStep {
  Frontier frontier;
  observe::ObservedStep step;
  std::uint64_t index = 0;  // 0: there is none
};

}  // namespace kelpie::refine
