// check --guards z3|both, from files to verdicts: the same verdicts as the concrete search, verdicts
// where that has none, limits that are inconclusive, reasons by the solver.
#include "tests/cli/cli_fixture.h"

#include "checker/refine/checker.h"
#include "tla/resolve/load.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

class GuardsVerb : public CliTest {
 protected:
  VerbRun CheckWith(const std::string& engine, const std::string& trace, std::vector<std::string> more = {}) {
    std::vector<std::string> args{"check", Path(trace), "--spec", Path("S.tla"), "--guards", engine, "--json"};
    args.erase(args.begin());
    args.insert(args.end(), more.begin(), more.end());
    return Call(RunCheck, args);
  }
  void WriteSpec(const std::string& body) {
    Write("S.tla", "---- MODULE S ----\nEXTENDS Integers\n" + body + "\nSpec == Init /\\ [][Next]_vars\n====\n");
    Write("S.cfg", "SPECIFICATION Spec\nCHECK_DEADLOCK FALSE\n");
  }
  void WriteClock() {
    WriteSpec(
        "VARIABLES clock, seen\nvars == <<clock, seen>>\nInit == clock = 0 /\\ seen = 0\n"
        "AdvanceClock(t) == t > clock /\\ clock' = t /\\ UNCHANGED seen\n"
        "See == clock % 2 = 1 /\\ seen' = clock /\\ UNCHANGED clock\n"
        "Next == See \\/ \\E t \\in Nat : AdvanceClock(t)");
  }
};

constexpr const char* kTickets = R"(CONSTANTS Seats, Buyers
VARIABLES free, held, sold
vars == <<free, held, sold>>
Init == free = Seats /\ held = [b \in Buyers |-> 0] /\ sold = 0
Reserve(b, n) ==
  /\ n <= free
  /\ free' = free - n
  /\ held' = [held EXCEPT ![b] = @ + n]
  /\ UNCHANGED sold
Pay(b, n) ==
  /\ n <= held[b]
  /\ sold' = sold + n
  /\ held' = [held EXCEPT ![b] = @ - n]
  /\ UNCHANGED free
Next == \E b \in Buyers, n \in 1..Seats : Reserve(b, n) \/ Pay(b, n))";

TEST_F(GuardsVerb, AgreeWithTheConcreteSearchOnWhatConformsAndWhatDoesNot) {
  WriteSpec(kTickets);
  Write("S.cfg", "CONSTANTS Seats = 5 Buyers = {\"ann\", \"bob\"}\nSPECIFICATION Spec\nCHECK_DEADLOCK FALSE\n");
  const std::string good =
      "{\"action\": \"Reserve\", \"args\": {\"b\": \"ann\", \"n\": 2}, \"updates\": {\"free\": 3}}\n"
      "{\"action\": \"Reserve\", \"args\": {\"b\": \"bob\"}, \"updates\": {\"free\": 2}}\n"
      "{\"action\": \"Pay\", \"args\": {\"b\": \"ann\"}, \"updates\": [{\"path\": [\"held\", \"ann\"], \"value\": "
      "1}]}\n"
      "{\"action\": \"Reserve\", \"reads\": {\"free\": 2}}\n";
  Write("good.jsonl", good);
  Write("bad.jsonl", good + "{\"action\": \"Pay\", \"args\": {\"b\": \"ann\", \"n\": 4}}\n");
  for (const char* engine : {"concrete", "z3", "both"}) {
    const VerbRun conforms = CheckWith(engine, "good.jsonl");
    ASSERT_EQ(conforms.exit, 0) << engine << conforms.out << conforms.err;
    EXPECT_EQ(conforms.json()["frontier_max"], 4) << engine;
    EXPECT_EQ(conforms.json()["solver"]["queries"].get<int>() > 0, std::string(engine) != "concrete");
    const VerbRun violates = CheckWith(engine, "bad.jsonl");
    ASSERT_EQ(violates.exit, 1) << engine << violates.out << violates.err;
    EXPECT_EQ(violates.json()["failed_at"], 5);
    EXPECT_EQ(violates.json()["check"], 3);
  }
}

TEST_F(GuardsVerb, NameTheConjunctsThatCannotHoldTogether) {
  WriteSpec(kTickets);
  Write("S.cfg", "CONSTANTS Seats = 5 Buyers = {\"ann\", \"bob\"}\nSPECIFICATION Spec\nCHECK_DEADLOCK FALSE\n");
  Write("t.jsonl",
        "{\"action\": \"Reserve\", \"args\": {\"b\": \"ann\", \"n\": 2}}\n{\"action\": \"Pay\", \"args\": {\"b\": "
        "\"ann\", \"n\": 3}}\n");
  const VerbRun run = CheckWith("z3", "t.jsonl");
  ASSERT_EQ(run.exit, 1) << run.out << run.err;
  const json explanation = run.json()["explanations"][0];
  ASSERT_EQ(explanation["core"].size(), 1U) << explanation.dump(1);
  EXPECT_EQ(explanation["core"][0]["text"], "n <= held[b]");
  for (const json& conjunct : explanation["conjuncts"])
    EXPECT_EQ(conjunct["core"], conjunct["text"] == "n <= held[b]") << conjunct;
  const json unasked = CheckWith("concrete", "t.jsonl").json()["explanations"][0];
  EXPECT_TRUE(unasked["core"].is_null());
  EXPECT_TRUE(unasked["conjuncts"][0]["core"].is_null());
}

TEST_F(GuardsVerb, SolveForATimeThatNobodyTold) {
  WriteClock();
  Write("told.jsonl",
        "{\"action\": \"AdvanceClock\", \"updates\": {\"clock\": 70001}}\n{\"action\": \"See\", \"updates\": "
        "{\"seen\": 70001}}\n");
  EXPECT_EQ(CheckWith("z3", "told.jsonl").exit, 0);
  // The concrete search would have to list Nat.
  EXPECT_EQ(CheckWith("concrete", "told.jsonl").exit, 3);
  Write("even.jsonl", "{\"action\": \"AdvanceClock\", \"updates\": {\"clock\": 70002}}\n{\"action\": \"See\"}\n");
  const VerbRun even = CheckWith("z3", "even.jsonl");
  EXPECT_EQ(even.exit, 1) << even.out << even.err;
  EXPECT_EQ(even.json()["failed_at"], 2);
}

TEST_F(GuardsVerb, AreInconclusiveWhereStepsHaveNoEnd) {
  WriteClock();
  Write("t.jsonl", "{\"action\": \"AdvanceClock\"}\n{\"action\": \"See\", \"updates\": {\"seen\": 80001}}\n");
  const VerbRun run = CheckWith("z3", "t.jsonl", {"--max-witnesses", "3"});
  ASSERT_EQ(run.exit, 2) << run.out << run.err;
  EXPECT_EQ(run.json()["limit"]["name"], "max-witnesses");
  EXPECT_EQ(run.json()["limit"]["option"], "--max-witnesses");
  EXPECT_EQ(run.json()["complete"], false);
}

TEST_F(GuardsVerb, ConformEvenWhereNotAllStepsWereFound) {
  WriteClock();
  Write("t.jsonl",
        "{\"action\": \"AdvanceClock\"}\n{\"action\": \"AdvanceClock\", \"updates\": {\"clock\": 9000000}}\n");
  const VerbRun run = CheckWith("z3", "t.jsonl", {"--max-witnesses", "3"});
  ASSERT_EQ(run.exit, 0) << run.out << run.err;
  EXPECT_EQ(run.json()["complete"], false);
}

TEST_F(GuardsVerb, AreInconclusiveWhenTheSolverGivesUp) {
  WriteSpec(
      "VARIABLE x\nvars == x\nInit == x = 0\n"
      "Cube(a, b, c) == a > 1 /\\ b > 1 /\\ a * a * a + b * b * b = c * c * c /\\ x' = c\nNext == \\E a, b, c \\in Nat "
      ": Cube(a, b, c)");
  Write("t.jsonl", "{\"action\": \"Cube\"}\n");
  const VerbRun run = CheckWith("z3", "t.jsonl", {"--solver-resources", "1000"});
  ASSERT_EQ(run.exit, 2) << run.out << run.err;
  EXPECT_EQ(run.json()["limit"]["name"], "solver");
  EXPECT_GT(run.json()["solver"]["unknown"].get<int>(), 0);
}

TEST_F(GuardsVerb, AreInconclusiveAndNameTheVariableWithoutAShape) {
  WriteSpec(
      "VARIABLE x\nvars == x\nInit == x = 0\nTake(who) == x' = IF who = \"a\" THEN 1 ELSE 2\nNext == \\E who \\in "
      "STRING : Take(who)");
  Write("t.jsonl", "{\"action\": \"Take\", \"updates\": {\"x\": 3}}\n");
  const VerbRun run = CheckWith("z3", "t.jsonl");
  ASSERT_EQ(run.exit, 2) << run.out << run.err;
  EXPECT_EQ(run.json()["limit"]["name"], "unsupported");
  EXPECT_NE(run.out.find("who"), std::string::npos);
}

TEST_F(GuardsVerb, RefuseAnEngineThatDoesNotExist) {
  WriteClock();
  Write("t.jsonl", "{\"action\": \"AdvanceClock\"}\n");
  EXPECT_EQ(CheckWith("cvc", "t.jsonl").exit, 3);
  EXPECT_EQ(CheckWith("z3", "t.jsonl", {"--max-witnesses", "0"}).exit, 3);
}

// A wrong operator of one engine is an error of ours, not a verdict.
TEST_F(GuardsVerb, ThrowWhenTheEnginesDisagree) {
  WriteSpec("VARIABLE x\nvars == x\nInit == x = 0\nUp(n) == n < 2 /\\ x' = x + n\nNext == \\E n \\in 1..3 : Up(n)");
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  const auto spec = resolve::LoadSpec(Path("S.tla"), {}, sources, diagnostics);
  const auto model = resolve::LoadModel(Path("S.cfg"), *spec, {}, sources, diagnostics);
  const auto program = program::BuildProgram(spec, model, diagnostics);
  ASSERT_TRUE(program);
  trace::Event event;
  event.claims.push_back({.action = "Up"});
  for (const auto& [fault, is_caught] : std::vector<std::pair<std::optional<program::Opcode>, bool>>{
           {std::nullopt, false}, {program::Opcode::kLess, true}, {program::Opcode::kPlus, true}}) {
    eval::EvalOptions options;
    options.planted_fault = fault;
    refine::Checker checker(program, {}, {}, {}, options, {.engine = refine::GuardEngine::kBoth});
    refine::EventReference where;
    where.index = 1;
    std::string what;
    try {
      (void)checker.Feed(event, where);
    } catch (const refine::Disagreement& disagreement) {
      what = disagreement.what();
    }
    EXPECT_EQ(!what.empty(), is_caught) << what;
    if (!is_caught) continue;
    EXPECT_NE(what.find("event 1, Up"), std::string::npos) << what;
  }
}

}  // namespace
}  // namespace kelpie::cli
