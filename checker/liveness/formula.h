// Linear temporal logic in negation normal form: what a behavior has to satisfy.
//
//   FormulaTable table;
//   FormulaId broken = table.Add(temporal_formula, true);   // its negation
//
// Equal formulas have one id. A position of a behavior is a state and the step that leaves it, so an atom about a step
// is a literal like one about a state. WF_v(A) is []<>~ENABLED <<A>>_v \/ []<><<A>>_v, SF_v(A) is <>[]~ENABLED \/
// []<><<A>>. Source: Manna and Pnueli, The Temporal Logic of Reactive and Concurrent Systems; Specifying Systems,
// section 8.4.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "checker/eval/temporal.h"

namespace kelpie::liveness {

using FormulaId = std::uint32_t;

enum class FormulaOp : std::uint8_t {
  kTrue,
  kFalse,
  kLiteral,  // a: atom; b: 1 when it is denied
  kAnd,
  kOr,
  kUntil,    // b comes true, and a holds up to there
  kRelease,  // b holds up to and with where a comes true, which may be never
};

struct Formula {
  FormulaOp op = FormulaOp::kTrue;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  bool is_step = false;  // kLiteral: about a step
};

class FormulaTable {
 public:
  FormulaTable();
  // The formula, or its negation. Cost: its size; equivalences double it for each one inside another.
  [[nodiscard]] FormulaId Add(const eval::TemporalFormula& formula, bool is_denied);
  [[nodiscard]] FormulaId Add(const eval::TemporalFormula& formula, std::uint32_t node, bool is_denied);
  [[nodiscard]] FormulaId And(FormulaId a, FormulaId b);
  [[nodiscard]] FormulaId Or(FormulaId a, FormulaId b);

  [[nodiscard]] const Formula& operator[](FormulaId id) const { return formulas_[id]; }
  [[nodiscard]] std::size_t size() const { return formulas_.size(); }
  // For messages and tests: "(true U (p3 /\ ~p1))"; a step's atom is an s.
  [[nodiscard]] std::string Text(FormulaId id) const;

  static constexpr FormulaId kTrueId = 0;
  static constexpr FormulaId kFalseId = 1;

 private:
  [[nodiscard]] FormulaId Make(FormulaOp op, std::uint32_t a, std::uint32_t b, bool is_step = false);
  [[nodiscard]] FormulaId Until(FormulaId a, FormulaId b);
  [[nodiscard]] FormulaId Release(FormulaId a, FormulaId b);
  [[nodiscard]] FormulaId Always(FormulaId a) { return Release(kFalseId, a); }
  [[nodiscard]] FormulaId Eventually(FormulaId a) { return Until(kTrueId, a); }

  std::vector<Formula> formulas_;
  std::map<std::tuple<FormulaOp, std::uint32_t, std::uint32_t>, FormulaId> known_;
};

}  // namespace kelpie::liveness
