// A cycle that keeps all promises of a tableau and is fair: with the way to it, a behavior.
//
//   std::optional<Lasso> lasso = FindFairCycle(product, constraints);
//
// Strong fairness is Streett's condition: where an action is never taken, the states that enable it are taken away and
// what is left is searched again. Cost: O((places + moves) * (1 + strong constraints)); memory 12 bytes a place.
// Source: Emerson and Lei, Modalities for model checking (1987); Lichtenstein and Pnueli (1985).
#pragma once

#include <optional>
#include <span>

#include "checker/liveness/product.h"

namespace kelpie::liveness {

// WF_v(A) or SF_v(A) of the specification.
struct FairnessConstraint {
  bool is_strong = false;
  eval::AtomId angle = 0;    // <<A>>_v
  eval::AtomId enabled = 0;  // ENABLED <<A>>_v
};

struct Lasso {
  std::vector<std::uint32_t> states;  // from an initial one; the last one goes on with states[loop_to]
  std::size_t loop_to = 0;            // the last one: it stays there for ever
};

[[nodiscard]] std::optional<Lasso> FindFairCycle(Product& product, std::span<const FairnessConstraint> constraints);

}  // namespace kelpie::liveness
