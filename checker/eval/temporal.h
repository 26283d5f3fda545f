// Temporal formulas taken apart down to what has a truth in one state or one step.
//
//   Result<TemporalFormula> f = evaluator.Temporal(property);
//   Result<bool> holds = evaluator.HoldsAtom(f.value().nodes[i].atom, state, &next);
//
// Quantifiers are written out: their sets must not depend on the state. Operators are put in place. An atom is the
// largest part without a temporal operator; equal atoms of one formula are one.
// Source: Specifying Systems, chapter 8 and section 16.2.4 (WF, SF).
#pragma once

#include <cstdint>
#include <vector>

#include "tla/source/source.h"

namespace kelpie::eval {

using AtomId = std::uint32_t;  // of one evaluator

struct TemporalFormula {
  enum class Op : std::uint8_t {
    kAtom,
    kNot,
    kAnd,
    kOr,
    kImplies,
    kEquivalent,
    kAlways,
    kEventually,
    kLeadsTo,
    kWeakFairness,    // WF_v(A): parts are the atoms <<A>>_v and ENABLED <<A>>_v
    kStrongFairness,  // SF_v(A): as kWeakFairness
  };
  struct Node {
    Op op = Op::kAtom;
    AtomId atom = 0;                   // of kAtom
    bool is_step = false;              // kAtom: it is about a step, not about a state
    std::vector<std::uint32_t> parts;  // indices of nodes
    tla::Span span;
  };
  std::vector<Node> nodes;
  std::uint32_t root = 0;
};

}  // namespace kelpie::eval
