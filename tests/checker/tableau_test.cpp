// Formulas in negation normal form, and their automata.
#include <gtest/gtest.h>

#include "checker/liveness/tableau.h"

namespace kelpie::liveness {
namespace {

using Op = eval::TemporalFormula::Op;

// Formulas put together by hand: atoms 0, 1, ... about states, 10, 11, ... about steps.
class FormulaMaker {
 public:
  std::uint32_t Atom(eval::AtomId atom) { return Add({.op = Op::kAtom, .atom = atom, .is_step = atom >= 10}); }
  std::uint32_t Make(Op op, std::vector<std::uint32_t> parts) { return Add({.op = op, .parts = std::move(parts)}); }
  eval::TemporalFormula Take(std::uint32_t root) {
    made_.root = root;
    return std::move(made_);
  }

 private:
  std::uint32_t Add(eval::TemporalFormula::Node node) {
    made_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(made_.nodes.size() - 1);
  }
  eval::TemporalFormula made_;
};

std::string Normal(FormulaMaker& maker, std::uint32_t root, bool is_denied) {
  FormulaTable table;
  return table.Text(table.Add(maker.Take(root), is_denied));
}

TEST(FormulaTable, PushesNegationInwards) {
  FormulaMaker m;
  const std::uint32_t p = m.Atom(0);
  EXPECT_EQ(Normal(m, m.Make(Op::kAlways, {m.Make(Op::kEventually, {p})}), true), "(true U (false R ~p0))");
  const std::uint32_t q = m.Atom(0);
  EXPECT_EQ(Normal(m, m.Make(Op::kLeadsTo, {q, m.Atom(1)}), true), "(true U (p0 /\\ (false R ~p1)))");
  const std::uint32_t r = m.Atom(0);
  EXPECT_EQ(Normal(m, m.Make(Op::kNot, {m.Make(Op::kImplies, {r, m.Atom(1)})}), false), "(p0 /\\ ~p1)");
}

TEST(FormulaTable, FairnessIsWrittenOut) {
  for (const bool is_weak : {true, false}) {
    FormulaMaker m;
    const std::uint32_t taken = m.Atom(10);
    const std::uint32_t fair = m.Make(is_weak ? Op::kWeakFairness : Op::kStrongFairness, {taken, m.Atom(1)});
    const std::string plain = Normal(m, fair, false);
    EXPECT_EQ(plain, is_weak ? "((false R (true U ~p1)) \\/ (false R (true U s10)))"
                             : "((true U (false R ~p1)) \\/ (false R (true U s10)))");
  }
}

TEST(FormulaTable, EqualFormulasAreOne) {
  FormulaMaker m;
  const std::uint32_t a = m.Make(Op::kAnd, {m.Atom(0), m.Atom(1)});
  const std::uint32_t b = m.Make(Op::kAnd, {m.Atom(1), m.Atom(0)});
  EXPECT_EQ(Normal(m, m.Make(Op::kOr, {a, b}), false), "(p0 /\\ p1)");
}

TEST(FormulaTable, RepeatedOperatorsAreOne) {
  FormulaMaker m;
  const std::uint32_t p = m.Make(Op::kEventually, {m.Atom(0)});
  EXPECT_EQ(Normal(m, m.Make(Op::kEventually, {p}), false), "(true U p0)");
}

Tableau TableauOf(FormulaMaker& maker, std::uint32_t root) {
  FormulaTable table;
  const FormulaId formula = table.Add(maker.Take(root), false);
  return *MakeTableau(table, formula, 1'000);
}

TEST(Tableau, Always) {
  FormulaMaker m;
  const std::uint32_t p = m.Atom(0);
  EXPECT_EQ(Dump(TableauOf(m, m.Make(Op::kAlways, {p}))), "initial 0\n0: p0 -> 0 keeps\n");
}

TEST(Tableau, EventuallyPromises) {
  FormulaMaker m;
  const std::uint32_t p = m.Atom(0);
  // 0 keeps the promise now, 1 puts it off, 2 is what comes after it was kept.
  EXPECT_EQ(Dump(TableauOf(m, m.Make(Op::kEventually, {p}))),
            "initial 0 1\n0: p0 -> 2 keeps 0\n1: -> 0 1 keeps\n2: -> 2 keeps 0\n");
}

TEST(Tableau, AboutSteps) {
  FormulaMaker m;
  const std::uint32_t p = m.Atom(10);
  EXPECT_EQ(Dump(TableauOf(m, m.Make(Op::kAlways, {m.Make(Op::kNot, {p})}))), "initial 0\n0: ~s10 -> 0 keeps\n");
}

TEST(Tableau, AContradictionHasNoNode) {
  FormulaMaker m;
  const std::uint32_t p = m.Atom(0);
  const Tableau t = TableauOf(m, m.Make(Op::kAnd, {p, m.Make(Op::kNot, {p})}));
  EXPECT_TRUE(t.initial.empty());
  EXPECT_TRUE(t.nodes.empty());
}

TEST(Tableau, TooLargeIsNothing) {
  FormulaMaker m;
  std::vector<std::uint32_t> parts;
  for (eval::AtomId i = 0; i < 8; ++i) parts.push_back(m.Make(Op::kEventually, {m.Atom(i)}));
  FormulaTable table;
  const std::uint32_t all = m.Make(Op::kAnd, parts);
  const FormulaId formula = table.Add(m.Take(all), false);
  EXPECT_FALSE(MakeTableau(table, formula, 20).has_value());
  EXPECT_TRUE(MakeTableau(table, formula, 10'000).has_value());
}

}  // namespace
}  // namespace kelpie::liveness
