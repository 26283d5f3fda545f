// What of an invariant must be looked at again after a step from a state that satisfies it.
//
//   const Increment increment = FindIncrement(code);
//   if (increment.form == Increment::Form::kForAll) ...   // only for the keys that changed
//
// Three forms, over sets that read no variable: \A x \in S : ... where variables are only read as
// v[x]; v \in [S -> T]; v \subseteq S. Everything else is looked at as a whole. What is not looked
// at again was true and cannot have changed: it reads the same values.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/program/code.h"

namespace kelpie::eval {

struct Increment {
  enum class Form : std::uint8_t { kWhole, kForAll, kFunctionSet, kSubset };
  Form form = Form::kWhole;
  program::NodeId root = program::kNoNode;
  std::vector<program::NodeId> chain;  // kForAll: the quantifiers, outermost first
  // kForAll, by variable: frame slots of the bound variables it is applied to; `whole` where it is
  // read in another way.
  std::vector<std::vector<program::SlotId>> keys;
  std::vector<bool> whole;
};

// Cost: O(nodes).
[[nodiscard]] Increment FindIncrement(const program::Code& code, std::size_t variable_count);

}  // namespace kelpie::eval
