#include "checker/liveness/formula.h"

#include <utility>

namespace kelpie::liveness {

using Op = eval::TemporalFormula::Op;

FormulaTable::FormulaTable() : formulas_{{FormulaOp::kTrue}, {FormulaOp::kFalse}} {}

FormulaId FormulaTable::Make(FormulaOp op, std::uint32_t a, std::uint32_t b, bool is_step) {
  const auto [known, is_new] = known_.emplace(std::make_tuple(op, a, b), static_cast<FormulaId>(formulas_.size()));
  if (is_new) formulas_.push_back({op, a, b, is_step});
  return known->second;
}

FormulaId FormulaTable::And(FormulaId a, FormulaId b) {
  if (a > b) std::swap(a, b);
  if (a == kFalseId || b == kFalseId) return kFalseId;
  if (a == kTrueId || a == b) return b;
  return Make(FormulaOp::kAnd, a, b);
}

FormulaId FormulaTable::Or(FormulaId a, FormulaId b) {
  if (a > b) std::swap(a, b);
  if (a == kTrueId || b == kTrueId) return kTrueId;
  if (a == kFalseId || a == b) return b;
  return Make(FormulaOp::kOr, a, b);
}

FormulaId FormulaTable::Until(FormulaId a, FormulaId b) {
  if (b == kTrueId || b == kFalseId || a == kFalseId) return b;
  if (a == kTrueId && formulas_[b].op == FormulaOp::kUntil && formulas_[b].a == kTrueId) return b;  // <><>p
  return Make(FormulaOp::kUntil, a, b);
}

FormulaId FormulaTable::Release(FormulaId a, FormulaId b) {
  if (b == kTrueId || b == kFalseId || a == kTrueId) return b;
  if (a == kFalseId && formulas_[b].op == FormulaOp::kRelease && formulas_[b].a == kFalseId) return b;  // [][]p
  return Make(FormulaOp::kRelease, a, b);
}

FormulaId FormulaTable::Add(const eval::TemporalFormula& formula, bool is_denied) {
  return Add(formula, formula.root, is_denied);
}

FormulaId FormulaTable::Add(const eval::TemporalFormula& formula, std::uint32_t index, bool is_denied) {
  const eval::TemporalFormula::Node& node = formula.nodes[index];
  const auto part = [&](std::size_t i, bool denied) { return Add(formula, node.parts[i], denied); };
  switch (node.op) {
    case Op::kAtom: return Make(FormulaOp::kLiteral, node.atom, is_denied ? 1 : 0, node.is_step);
    case Op::kNot: return part(0, !is_denied);
    case Op::kAnd:
    case Op::kOr: {
      const bool is_and = (node.op == Op::kAnd) != is_denied;
      FormulaId all = is_and ? kTrueId : kFalseId;
      for (std::size_t i = 0; i < node.parts.size(); ++i) {
        const FormulaId one = part(i, is_denied);
        all = is_and ? And(all, one) : Or(all, one);
      }
      return all;
    }
    // Parts are added left to right: ids, and with them the order of everything, are the same for every compiler.
    case Op::kImplies: {
      const FormulaId left = part(0, !is_denied);
      const FormulaId right = part(1, is_denied);
      return is_denied ? And(left, right) : Or(left, right);
    }
    case Op::kEquivalent: {
      const FormulaId left = part(0, false);
      const FormulaId both = And(left, part(1, is_denied));
      const FormulaId not_left = part(0, true);
      const FormulaId neither = And(not_left, part(1, !is_denied));
      return Or(both, neither);
    }
    case Op::kAlways: return is_denied ? Eventually(part(0, true)) : Always(part(0, false));
    case Op::kEventually: return is_denied ? Always(part(0, true)) : Eventually(part(0, false));
    case Op::kLeadsTo:
      if (is_denied) {
        const FormulaId cause = part(0, false);
        return Eventually(And(cause, Always(part(1, true))));
      } else {
        const FormulaId no_cause = part(0, true);
        return Always(Or(no_cause, Eventually(part(1, false))));
      }
    case Op::kWeakFairness:
    case Op::kStrongFairness: {
      const bool is_weak = node.op == Op::kWeakFairness;
      const FormulaId enabled = part(1, !is_denied);  // denied in the formula, plain in its negation
      if (is_denied) {
        const FormulaId owed = is_weak ? Eventually(Always(enabled)) : Always(Eventually(enabled));
        return And(owed, Eventually(Always(part(0, true))));
      }
      const FormulaId excused = is_weak ? Always(Eventually(enabled)) : Eventually(Always(enabled));
      return Or(excused, Always(Eventually(part(0, false))));
    }
  }
  return kTrueId;
}

std::string FormulaTable::Text(FormulaId id) const {
  const Formula& f = formulas_[id];
  const auto both = [&](const char* op) { return "(" + Text(f.a) + op + Text(f.b) + ")"; };
  switch (f.op) {
    case FormulaOp::kTrue: return "true";
    case FormulaOp::kFalse: return "false";
    case FormulaOp::kLiteral: return (f.b == 1 ? "~" : "") + std::string(f.is_step ? "s" : "p") + std::to_string(f.a);
    case FormulaOp::kAnd: return both(" /\\ ");
    case FormulaOp::kOr: return both(" \\/ ");
    case FormulaOp::kUntil: return both(" U ");
    case FormulaOp::kRelease: return both(" R ");
  }
  return "?";
}

}  // namespace kelpie::liveness
