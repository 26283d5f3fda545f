#include "checker/explore/explorer.h"

namespace kelpie::explore {

const char* NameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk: return "ok";
    case Outcome::kInvariant: return "invariant";
    case Outcome::kProperty: return "property";
    case Outcome::kDeadlock: return "deadlock";
    case Outcome::kAssert: return "assert";
    case Outcome::kAssumption: return "assumption";
    case Outcome::kPostcondition: return "postcondition";
    case Outcome::kEvaluation: return "evaluation";
    case Outcome::kLimit: return "limit";
  }
  return "?";
}

}  // namespace kelpie::explore
