// Steps by solving: the same as by enumerating where that is possible, and found where it is not;
// gaps, limits, errors, cores; and two engines that watch one another.
#include <gtest/gtest.h>

#include <algorithm>

#include "checker/refine/guards.h"
#include "tests/checker/symbolic_random.h"
#include "tests/checker/symbolic_support.h"

namespace kelpie::symbolic {
namespace {

using eval::Value;

constexpr const char* kHead = "---- MODULE E ----\nEXTENDS Integers, Sequences, FiniteSets, TLC\n";
constexpr const char* kConfig = "INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE\n";

bool Has(const std::vector<State>& states, const State& state) {
  return std::any_of(states.begin(), states.end(), [&](const State& s) { return eval::SameState(s, state); });
}

// One spec with both engines.
struct Engines {
  explicit Engines(const std::string& body, GuardLimits limits = {}, std::optional<Opcode> fault = {}) {
    std::string why;
    program = folder.Load(kHead + body + "\n====\n", kConfig, &why);
    EXPECT_TRUE(program) << why;
    if (!program) return;
    eval::EvalOptions options;
    options.planted_fault = fault;
    concrete = std::make_unique<eval::Evaluator>(program, eval::ConstantValues{}, options);
    solver = std::make_unique<GuardSolver>(program, eval::ConstantValues{}, *concrete, options.limits, limits, counts);
  }

  using Pinned = std::vector<std::optional<Value>>;
  GuardAnswer Solve(const State& state, const Pinned& pinned = {}, std::vector<PlaceFact> facts = {}) {
    const Pinned none(state.size());
    return solver->Solve(
        {.state = &state, .pinned = pinned.empty() ? &none : &pinned, .facts = std::move(facts), .name = "test"});
  }
  std::vector<GuardCore> Explain(const State& state) { return solver->Explain({.state = &state, .name = "test"}); }
  // Distinct successors by the concrete search.
  std::vector<State> Enumerate(const State& state, const Pinned& pinned, eval::Status* status) {
    eval::SuccessorRequest request;
    request.pinned = pinned.empty() ? nullptr : &pinned;
    std::vector<State> states;
    *status = concrete->Successors(state, request, [&](const eval::Successor& successor) {
      if (!Has(states, successor.state)) states.push_back(successor.state);
      return true;
    });
    return states;
  }
  [[nodiscard]] std::string Text(const resolve::ExprId expr) const {
    return std::to_string(program->expr(expr).span.line);
  }

  SpecFolder folder;
  std::shared_ptr<const program::Program> program;
  std::unique_ptr<eval::Evaluator> concrete;
  SolverCounts counts;
  std::unique_ptr<GuardSolver> solver;
};

State Ints(std::initializer_list<std::int64_t> values) {
  State state;
  for (const std::int64_t value : values) state.push_back(Value::Int(value));
  return state;
}

std::vector<std::int64_t> FirstOf(const GuardAnswer& answer) {
  std::vector<std::int64_t> values;
  for (const FoundStep& step : answer.steps) values.push_back(step.next[0].as_int());
  std::sort(values.begin(), values.end());
  return values;
}

// --- what enumeration cannot do

TEST(Guards, FindAllStepsOfAnUnboundedArgumentThatGuardsBound) {
  Engines e("VARIABLE x\nInit == x = 0\nMove(t) == t > x /\\ t < x + 4 /\\ x' = t\nNext == \\E t \\in Nat : Move(t)");
  const GuardAnswer answer = e.Solve(Ints({7}));
  EXPECT_FALSE(answer.incomplete);
  EXPECT_FALSE(answer.error);
  EXPECT_EQ(FirstOf(answer), (std::vector<std::int64_t>{8, 9, 10}));
  EXPECT_GE(e.counts.queries, 4U);
  EXPECT_EQ(e.counts.unknown, 0U);
}

TEST(Guards, InvertAnObservedNextValue) {
  Engines e("VARIABLE x\nInit == x = 0\nAdvance(t) == t > x /\\ x' = 3 * t + 1\nNext == \\E t \\in Nat : Advance(t)");
  EXPECT_EQ(FirstOf(e.Solve(Ints({7}), {Value::Int(100)})), (std::vector<std::int64_t>{100}));
  EXPECT_TRUE(e.Solve(Ints({7}), {Value::Int(101)}).steps.empty());
  EXPECT_TRUE(e.Solve(Ints({70}), {Value::Int(100)}).steps.empty());
}

TEST(Guards, AreIncompleteWhereStepsHaveNoEnd) {
  GuardLimits limits;
  limits.witnesses_max = 5;
  Engines e("VARIABLE x\nInit == x = 0\nMove(t) == t > x /\\ x' = t\nNext == \\E t \\in Nat : Move(t)", limits);
  const GuardAnswer answer = e.Solve(Ints({7}));
  ASSERT_TRUE(answer.incomplete);
  EXPECT_EQ(answer.incomplete->name, "max-witnesses");
  EXPECT_EQ(answer.incomplete->option, "--max-witnesses");
  EXPECT_FALSE(answer.steps.empty());
}

TEST(Guards, SolveForMembershipsFunctionsAndRecords) {
  Engines subset(
      "VARIABLE S\nInit == S = {}\nNext == \\E U \\in SUBSET (1..6) : Cardinality(U) = 2 /\\ 3 \\in U /\\ S' = U");
  EXPECT_EQ(subset.Solve({Value::SetFromSorted({})}).steps.size(), 5U);
  Engines function(
      "VARIABLE f\nInit == f = <<>>\nNext == f' \\in {g \\in [1..3 -> Int] : \\A i \\in 1..3 : g[i] \\in i..(i + 1)}");
  EXPECT_EQ(function.Solve({Value::Sequence({})}).steps.size(), 8U);
  const GuardAnswer fixed = function.Solve({Value::Sequence({})}, {}, {{0, {Value::Int(2)}, Value::Int(3)}});
  EXPECT_EQ(fixed.steps.size(), 4U);
  EXPECT_TRUE(function.Solve({Value::Sequence({})}, {}, {{0, {Value::Int(2)}, Value::Int(4)}}).steps.empty());
  Engines record(
      "VARIABLE r\nInit == r = 0\nPut(q) == q.n < 2 /\\ (q.k = \"a\" => q.n = 0) /\\ r' = q\n"
      "Next == \\E q \\in [k : {\"a\", \"b\"}, n : Nat] : Put(q)");
  EXPECT_EQ(record.Solve({Value::Int(0)}).steps.size(), 3U);
}

TEST(Guards, SolveForAnElementOfASetOfRecords) {
  Engines e(
      "VARIABLES m, n\nInit == m = {} /\\ n = 0\n"
      "Next == \\E q \\in m : q.k = \"go\" /\\ q.v > n /\\ n' = q.v /\\ m' = (m \\ {q}) \\cup {[q EXCEPT !.k = "
      "\"done\"]}");
  const auto message = [](const char* kind, std::int64_t v) {
    return Value::Record({{eval::Intern("k"), Value::String(kind)}, {eval::Intern("v"), Value::Int(v)}});
  };
  const Value set = *eval::MakeSet({message("go", 1), message("go", 5), message("go", 6), message("stop", 9)});
  const State state{set, Value::Int(3)};
  const GuardAnswer answer = e.Solve(state);
  EXPECT_FALSE(answer.incomplete);
  ASSERT_EQ(answer.steps.size(), 2U);
  eval::Status status;
  for (const State& next : e.Enumerate(state, {}, &status)) {
    EXPECT_TRUE(std::any_of(answer.steps.begin(), answer.steps.end(),
                            [&](const FoundStep& s) { return eval::SameState(s.next, next); }));
  }
}

// --- what it does not do is said

TEST(Guards, NameTheVariableWhoseSetGivesNoShape) {
  Engines e("VARIABLE x\nInit == x = 0\nNext == \\E who \\in STRING : x' = IF who = \"a\" THEN 1 ELSE 2");
  const GuardAnswer answer = e.Solve(Ints({7}));
  ASSERT_TRUE(answer.incomplete);
  EXPECT_EQ(answer.incomplete->name, "unsupported");
  EXPECT_NE(answer.incomplete->reason.find("who"), std::string::npos) << answer.incomplete->reason;
}

TEST(Guards, LeaveOutNoGapOnAWayThatNothingTakes) {
  Engines e("VARIABLE x\nInit == x = 0\nNext == \\/ x > 9 /\\ (\\E who \\in STRING : x' = 1)\n        \\/ x' = 2");
  EXPECT_FALSE(e.Solve(Ints({7})).incomplete);
  EXPECT_TRUE(e.Solve(Ints({17})).incomplete);
}

TEST(Guards, SayWhenTheSolverGivesUp) {
  GuardLimits limits;
  limits.solver.resource_max = 1;
  Engines e(
      "VARIABLE x\nInit == x = 0\nCube(a, b, c) == a > 1 /\\ b > 1 /\\ a * a * a + b * b * b = c * c * c /\\ x' = c\n"
      "Next == \\E a, b, c \\in Nat : Cube(a, b, c)",
      limits);
  const GuardAnswer answer = e.Solve(Ints({7}));
  ASSERT_TRUE(answer.incomplete);
  EXPECT_EQ(answer.incomplete->name, "solver");
  EXPECT_EQ(answer.incomplete->option, "--solver-resources");
  EXPECT_TRUE(answer.steps.empty());
  EXPECT_GT(e.counts.unknown, 0U);
  EXPECT_FALSE(e.counts.unknown_reason.empty());
}

// --- errors under conditions

TEST(Guards, FindAnErrorThatSomeArgumentMeets) {
  Engines e("VARIABLE x\nInit == x = 0\nTake(a) == 6 \\div a = 3 /\\ x' = a\nNext == \\E a \\in 0..3 : Take(a)");
  const GuardAnswer answer = e.Solve(Ints({7}));
  ASSERT_TRUE(answer.error);
  EXPECT_EQ(answer.error->kind, ErrorKind::kArithmetic);
  EXPECT_EQ(FirstOf(answer), (std::vector<std::int64_t>{2}));
}

TEST(Guards, FindNoErrorBehindAGuard) {
  for (const char* guard :
       {"a # 0 /\\ 6 \\div a = 3", "(a = 0 \\/ 6 \\div a = 3) /\\ a > 0", "(IF a = 0 THEN FALSE ELSE 6 \\div a = 3)",
        "(CASE a = 0 -> FALSE [] OTHER -> 6 \\div a = 3)", "(a \\in 1..3 => 6 \\div a = 3) /\\ a > 0"}) {
    Engines e(std::string("VARIABLE x\nInit == x = 0\nNext == \\E a \\in 0..3 : ") + guard + " /\\ x' = a");
    const GuardAnswer answer = e.Solve(Ints({7}));
    EXPECT_FALSE(answer.error) << guard << answer.error->message;
    EXPECT_EQ(FirstOf(answer), (std::vector<std::int64_t>{2})) << guard;
  }
}

TEST(Guards, FindApplicationsOutsideADomainAndCasesWithoutAnArm) {
  for (const char* guard :
       {"<<1, 2, 3>>[a] = 2", "(CASE a = 1 -> FALSE [] a = 2 -> TRUE [] a = 3 -> FALSE)", "(a = \"one\" \\/ TRUE)",
        "Head(SubSeq(<<1, 2>>, 1, a)) = 1", "(CHOOSE k \\in 1..a : TRUE) = 1"}) {
    Engines e(std::string("VARIABLE x\nInit == x = 0\nNext == \\E a \\in 0..3 : ") + guard + " /\\ x' = a");
    EXPECT_TRUE(e.Solve(Ints({7})).error) << guard;
    eval::Status status;
    (void)e.Enumerate(Ints({7}), {}, &status);
    EXPECT_TRUE(status) << guard;
  }
}

// --- reasons

TEST(Guards, GiveAnIrreducibleCore) {
  Engines e(
      "VARIABLE x\nInit == x = 0\n"
      "Next == \\E a \\in Nat :\n"  // line 5 of the module
      "  /\\ a > x\n"               // 6
      "  /\\ a % 2 = 0\n"           // 7
      "  /\\ a < x + 3\n"           // 8
      "  /\\ x = x\n"               // 9
      "  /\\ a * 2 > 100\n"         // 10
      "  /\\ x' = a");
  const auto cores = e.Explain(Ints({7}));
  ASSERT_EQ(cores.size(), 1U);
  std::vector<std::string> lines;
  for (const auto expr : cores[0].conjuncts) lines.push_back(e.Text(expr));
  EXPECT_EQ(lines, (std::vector<std::string>{"8", "10"}));
  EXPECT_FALSE(cores[0].has_observation);
}

TEST(Guards, GiveTheFalseGuardOfKnownValuesAsTheCore) {
  Engines e(
      "VARIABLES x, y\nInit == x = 0 /\\ y = 0\nNext ==\n  /\\ x > 3\n  /\\ y > 3\n  /\\ x' = x + 1\n  /\\ y' = y");
  const auto cores = e.Explain(Ints({7, 1}));
  ASSERT_EQ(cores.size(), 1U);
  ASSERT_EQ(cores[0].conjuncts.size(), 1U);
  EXPECT_EQ(e.Text(cores[0].conjuncts[0]), "7");
}

// --- two engines

TEST(Guards, CatchAWrongOperatorOfTheConcreteEngine) {
  struct Wrong {
    Opcode op;
    const char* guard;
  };
  for (const Wrong& wrong : std::vector<Wrong>{{Opcode::kLess, "a < 2"},
                                               {Opcode::kGreaterEqual, "a >= 2"},
                                               {Opcode::kPlus, "a + x = 3"},
                                               {Opcode::kIn, "a \\in {1, 2}"},
                                               {Opcode::kEqual, "a = 2"},
                                               {Opcode::kUnion, "a \\in ({1} \\cup {2})"},
                                               {Opcode::kDiv, "a \\div 2 = 1"},
                                               {Opcode::kExists, "(\\E k \\in 1..2 : k = a)"}}) {
    const std::string spec =
        std::string("VARIABLE x\nInit == x = 0\nNext == \\E a \\in 0..3 : ") + wrong.guard + " /\\ x' = a";
    const State state = Ints({1});
    const observe::ObservedStep step{};
    const refine::Guards::Pinned pinned(1);
    for (const bool is_wrong : {false, true}) {
      Engines e(spec, {}, is_wrong ? std::optional(wrong.op) : std::nullopt);
      refine::Guards guards(e.program, {}, *e.concrete, {.engine = refine::GuardEngine::kBoth}, {});
      eval::Status status;
      const std::vector<State> concrete = e.Enumerate(state, {}, &status);
      std::string what;
      try {
        const GuardAnswer answer = guards.Solve(state, step, pinned, "event 7, A");
        guards.Compare(state, step, pinned, "event 7, A", concrete, status, answer);
      } catch (const refine::Disagreement& disagreement) {
        what = disagreement.what();
      }
      EXPECT_EQ(is_wrong, !what.empty()) << wrong.guard << ": " << what;
      if (!is_wrong) continue;
      EXPECT_NE(what.find("event 7"), std::string::npos) << what;
      EXPECT_NE(what.find("line"), std::string::npos) << what;
    }
  }
}

// --- random guards

class RandomGuards : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomGuards, HaveTheStepsThatEnumerationFinds) {
  RandomExpressions random(GetParam());
  std::size_t step_count = 0;
  std::size_t gap_count = 0;
  constexpr int kSpecs = 12;
  for (int i = 0; i < kSpecs; ++i) {
    const std::string guard = random.Bool(2);
    const std::string body = RandomExpressions::Variables(
        "\\E a \\in 0..3, b \\in S :\n  /\\ a " + std::string(i % 2 == 0 ? "> b" : "+ b >= x") + "\n  /\\ " + guard +
        "\n  /\\ x' = a + " + random.Int(1) +
        "\n  /\\ (y' = b \\/ y' \\in {a, b})\n  /\\ S' = S \\cup {a}\n  /\\ UNCHANGED <<p, q, T, f, g, r, s>>");
    Engines e(body);
    ASSERT_TRUE(e.program);
    for (int j = 0; j < 3; ++j) {
      const State state = random.State();
      Engines::Pinned pinned;
      eval::Status status;
      std::vector<State> expected = e.Enumerate(state, {}, &status);
      if (j == 2 && !expected.empty()) {
        pinned.resize(state.size());
        pinned[0] = expected.back()[0];
        expected = e.Enumerate(state, pinned, &status);
      }
      const GuardAnswer answer = e.Solve(state, pinned);
      if (answer.incomplete) {
        ++gap_count;
        continue;
      }
      std::string where = body.substr(body.find("Next ==")) + "\n state";
      for (const Value& value : state) where += " " + eval::ToString(value);
      EXPECT_FALSE(answer.disagreement) << where << answer.disagreement->values;
      if (status) {
        EXPECT_TRUE(answer.error) << where << "\nconcrete: " << status->message;
        continue;
      }
      EXPECT_FALSE(answer.error) << where << "\nsymbolic: " << answer.error->message;
      EXPECT_EQ(answer.steps.size(), expected.size()) << where;
      for (const FoundStep& step : answer.steps) EXPECT_TRUE(Has(expected, step.next)) << where;
      step_count += expected.size();
    }
  }
  EXPECT_GT(step_count, 20U);
  EXPECT_LT(gap_count, 6U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomGuards, ::testing::Range<std::uint64_t>(100, 106));

}  // namespace
}  // namespace kelpie::symbolic
