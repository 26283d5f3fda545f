// Terms: folding, known values, and the solver's arithmetic against ours.
#include <gtest/gtest.h>

#include "checker/symbolic/solver.h"

namespace kelpie::symbolic {
namespace {

TEST(Terms, FoldConstantsAndShareEqualTerms) {
  TermPool pool;
  const Term x = pool.NewInt("x");
  EXPECT_EQ(pool.Add(pool.Int(2), pool.Int(3)), pool.Int(5));
  EXPECT_EQ(pool.Less(x, pool.Int(3)), pool.Less(x, pool.Int(3)));
  EXPECT_EQ(pool.And(pool.True(), pool.Less(x, x)), pool.False());
  const Term guard = pool.Less(x, pool.Int(3));
  EXPECT_EQ(pool.And(guard, pool.Not(guard)), pool.False());
  EXPECT_EQ(pool.Or(guard, pool.Not(guard)), pool.True());
  EXPECT_EQ(pool.Not(pool.Not(guard)), guard);
  EXPECT_EQ(pool.Ite(pool.True(), x, pool.Int(1)), x);
  EXPECT_FALSE(pool.NewInt("x") == pool.NewInt("x"));
}

TEST(Terms, KeepWhatDoesNotFitOpen) {
  TermPool pool;
  EXPECT_FALSE(pool.is_constant(pool.Add(pool.Int(INT64_MAX), pool.Int(1))));
  EXPECT_FALSE(pool.known(pool.Multiply(pool.Int(INT64_MIN), pool.Int(-1))));
  EXPECT_FALSE(pool.is_constant(pool.Divide(pool.Int(1), pool.Int(0))));
  EXPECT_FALSE(pool.is_constant(pool.Modulo(pool.Int(1), pool.Int(-2))));
}

TEST(Terms, KnowTheValuesOfLiftedLeavesAndNothingElse) {
  TermPool pool;
  const Term lifted = pool.NewInt("s", 7);
  const Term open = pool.NewInt("x");
  EXPECT_EQ(pool.known(pool.Add(lifted, pool.Int(1))), 8);
  EXPECT_TRUE(pool.is_false(pool.Less(lifted, pool.Int(3))));
  EXPECT_FALSE(pool.is_constant(pool.Less(lifted, pool.Int(3))));
  EXPECT_FALSE(pool.known(pool.Add(lifted, open)));
  EXPECT_TRUE(pool.is_false(pool.And(pool.Less(open, lifted), pool.Less(lifted, pool.Int(3)))));
}

TEST(Terms, FloorAsTlcDoes) {
  EXPECT_EQ(FloorDivide(7, -2), -4);
  EXPECT_EQ(FloorDivide(-7, -2), 3);
  EXPECT_EQ(FloorModulo(-7, 3), 2);
  EXPECT_FALSE(FloorDivide(1, 0));
  EXPECT_FALSE(FloorModulo(1, 0));
}

TEST(SolverDoor, DividesAsWeDo) {
  TermPool pool;
  SolverCounts counts;
  SolverStart start = StartSolver(pool, {}, counts);
  ASSERT_TRUE(start.solver) << start.error;
  const Term a = pool.NewInt("a");
  const Term b = pool.NewInt("b");
  for (std::int64_t x = -9; x <= 9; ++x) {
    for (std::int64_t y = -4; y <= 4; ++y) {
      if (y == 0) continue;
      std::vector<Term> wrong{pool.Equal(a, pool.Int(x)), pool.Equal(b, pool.Int(y)),
                              pool.Not(pool.Equal(pool.Divide(a, b), pool.Int(*FloorDivide(x, y))))};
      EXPECT_EQ(start.solver->Check("div", wrong), Answer::kUnsat) << x << " \\div " << y;
      if (y < 1) continue;
      wrong[2] = pool.Not(pool.Equal(pool.Modulo(a, b), pool.Int(*FloorModulo(x, y))));
      EXPECT_EQ(start.solver->Check("mod", wrong), Answer::kUnsat) << x << " % " << y;
    }
  }
  EXPECT_EQ(counts.unknown, 0U);
  EXPECT_GT(counts.queries, 100U);
}

TEST(SolverDoor, GivesModelsThatHold) {
  TermPool pool;
  SolverCounts counts;
  SolverStart start = StartSolver(pool, {}, counts);
  ASSERT_TRUE(start.solver) << start.error;
  const Term a = pool.NewInt("a");
  const Term p = pool.NewBool("p");
  const Term all =
      pool.And({pool.Less(pool.Int(3), a), pool.Iff(p, pool.Equal(pool.Modulo(a, pool.Int(5)), pool.Int(2))), p});
  start.solver->Assert(all);
  ASSERT_EQ(start.solver->Check("model", {}), Answer::kSat);
  const auto model = start.solver->Model();
  ASSERT_TRUE(model);
  EXPECT_EQ(pool.EvaluateAll(*model)[all.index], 1);
}

TEST(SolverDoor, HoldsLiftedLeavesAfterALevelIsLeft) {
  TermPool pool;
  SolverCounts counts;
  SolverStart start = StartSolver(pool, {}, counts);
  ASSERT_TRUE(start.solver) << start.error;
  const Term lifted = pool.NewInt("s", 7);
  const Term wrong = pool.Equal(lifted, pool.Int(8));
  for (int i = 0; i < 2; ++i) {
    start.solver->Push();
    EXPECT_EQ(start.solver->Check("lifted", {&wrong, 1}), Answer::kUnsat);
    start.solver->Pop();
  }
  EXPECT_EQ(start.solver->Check("lifted", {&wrong, 1}), Answer::kUnsat);
}

TEST(SolverDoor, ShrinksCoresUntilNothingCanBeLeftOut) {
  TermPool pool;
  SolverCounts counts;
  SolverStart start = StartSolver(pool, {}, counts);
  ASSERT_TRUE(start.solver) << start.error;
  const Term a = pool.NewInt("a");
  const Term b = pool.NewInt("b");
  const std::vector<Term> all{pool.Less(a, pool.Int(10)), pool.Less(pool.Int(0), b), pool.Less(pool.Int(20), a),
                              pool.Less(b, pool.Int(5)), pool.Less(pool.Int(30), a)};
  ASSERT_EQ(start.solver->Check("core", all), Answer::kUnsat);
  const std::vector<std::size_t> core = ShrinkCore(*start.solver, "core", all);
  ASSERT_EQ(core.size(), 2U);
  for (std::size_t left_out = 0; left_out < core.size(); ++left_out) {
    const Term rest = all[core[1 - left_out]];
    EXPECT_EQ(start.solver->Check("rest", {&rest, 1}), Answer::kSat);
  }
}

TEST(SolverDoor, AnswersUnknownWithAReasonWhenItsResourcesEnd) {
  TermPool pool;
  SolverCounts counts;
  SolverStart start = StartSolver(pool, {.resource_max = 1}, counts);
  ASSERT_TRUE(start.solver) << start.error;
  const Term a = pool.NewInt("a");
  const Term b = pool.NewInt("b");
  const Term cube = pool.Equal(pool.Multiply(a, pool.Multiply(a, a)), pool.Add(pool.Multiply(b, b), pool.Int(7)));
  EXPECT_EQ(start.solver->Check("hard", {&cube, 1}), Answer::kUnknown);
  EXPECT_FALSE(start.solver->reason().empty());
  EXPECT_EQ(counts.unknown, 1U);
  EXPECT_EQ(counts.unknown_reason.rfind("hard: ", 0), 0U);
}

}  // namespace
}  // namespace kelpie::symbolic
