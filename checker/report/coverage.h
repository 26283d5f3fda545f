// What an exploration never reached: guards that were never true, branches that were never taken, conclusions whose
// premise never held. They look like safety and are none.
//
//   for (const DeadPlace& dead : DeadPlaces(result.truths, program)) ...
//
// Only the outermost and first is told: what follows from it (the conjuncts behind a guard that is never true, what
// stands inside a branch that is never reached, the application of an operator whose body says why) is left out.
// Cost: O(truths x places told).
#pragma once

#include <string>
#include <vector>

#include "checker/explore/explorer.h"
#include "checker/program/program.h"

namespace kelpie::report {

struct DeadPlace {
  resolve::ExprId expr;
  bool is_reached = false;  // it was evaluated, and never true
};

[[nodiscard]] std::vector<DeadPlace> DeadPlaces(const std::vector<eval::TruthCount>& truths,
                                                const program::Program& program);

// How often each action was taken, a line each; then the places, if truths were counted.
[[nodiscard]] std::string CoverageText(const explore::ExploreResult& result, const program::Program& program,
                                       const tla::SourceMap& sources);

}  // namespace kelpie::report
