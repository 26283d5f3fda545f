// Liveness against TLC: every specification and property of the modules in tests/testdata/liveness; and what is
// refused.
#include "tests/cli/cli_fixture.h"

#include <algorithm>
#include <map>
#include <set>

namespace kelpie::cli {
namespace {

struct Row {
  std::string module;
  std::string specification;
  std::string property;
  std::string result;  // TLC's: ok, property, or refused
  std::string ours;    // where TLC refuses
};

std::vector<Row> Rows() {
  std::ifstream in(std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/liveness.tsv");
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == '\t') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    fields.resize(5);
    rows.push_back({fields[0], fields[1], fields[2], fields[3], fields[4]});
  }
  return rows;
}

class Liveness : public CliTest {
 protected:
  VerbRun Run(const std::string& body, const std::string& more_cfg = "", std::vector<std::string> options = {}) {
    const std::string spec = Write("M.tla", "---- MODULE M ----\nEXTENDS Naturals, TLC\n" + body + "\n====\n");
    const std::string config = Write("M.cfg", "SPECIFICATION Spec\nPROPERTY P\nCHECK_DEADLOCK FALSE\n" + more_cfg);
    std::vector<std::string> args = {spec, "--config", config, "--json"};
    args.insert(args.end(), options.begin(), options.end());
    return Explore(args);
  }
};

TEST_F(Liveness, AgreesWithTlc) {
  const std::vector<Row> rows = Rows();
  EXPECT_GE(rows.size(), 400U);
  std::map<std::string, std::set<std::string>> verdicts;
  for (const Row& row : rows) {
    const std::string config = Write(
        "M.cfg", "SPECIFICATION " + row.specification + "\nPROPERTY " + row.property + "\nCHECK_DEADLOCK FALSE\n");
    const VerbRun run = Explore({std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/liveness/" + row.module + ".tla",
                                 "--config", config, "--json"});
    const nlohmann::json found = run.json();
    EXPECT_EQ(found["result"], row.result == "refused" ? row.ours : row.result)
        << row.module << " " << row.specification << " " << row.property << "\n"
        << run.out;
    EXPECT_EQ(run.exit, found["result"] == "ok" ? 0 : 1);
    verdicts[row.module + " " + row.property].insert(found["result"].get<std::string>());
  }
  // Properties whose verdict depends on the fairness alone.
  const auto flips =
      std::count_if(verdicts.begin(), verdicts.end(), [](const auto& v) { return v.second.size() == 2; });
  EXPECT_GE(flips, 30);
}

const std::string kClock = "VARIABLE x\nInit == x = 0\nNext == x' = (x + 1) % 3\n";

TEST_F(Liveness, ALassoIsReported) {
  const nlohmann::json found = Run("VARIABLE x\nInit == x = 0\nNext == (x < 3 /\\ x' = x + 1) \\/ (x = 3 /\\ x' = "
                                   "2)\nSpec == Init /\\ [][Next]_x /\\ "
                                   "WF_x(Next)\nP == <>[](x = 3)")
                                   .json();
  EXPECT_EQ(found["result"], "property");
  EXPECT_EQ(found["violated"], "P");
  ASSERT_EQ(found["trace"].size(), 4U);
  EXPECT_EQ(found["loop_to"], 3);
  EXPECT_EQ(found["trace"][3]["state"]["x"], 3);
}

TEST_F(Liveness, StutteringForEverIsABehavior) {
  const nlohmann::json found = Run(kClock + "Spec == Init /\\ [][Next]_x\nP == <>(x = 2)").json();
  EXPECT_EQ(found["result"], "property");
  EXPECT_EQ(found["loop_to"], found["trace"].size());
}

TEST_F(Liveness, SkippedIsUndecided) {
  const VerbRun run = Run(kClock + "Spec == Init /\\ [][Next]_x\nP == <>(x = 2)", "", {"--skip-liveness"});
  EXPECT_EQ(run.exit, 0);
  EXPECT_EQ(run.json()["properties_undecided"], nlohmann::json::array({"P"}));
}

TEST_F(Liveness, WhatBreaksFirstLeavesItUndecided) {
  const nlohmann::json found =
      Run(kClock + "Spec == Init /\\ [][Next]_x\nP == <>(x = 2)\nLow == x < 2", "INVARIANT Low\n").json();
  EXPECT_EQ(found["result"], "invariant");
  EXPECT_EQ(found["properties_undecided"], nlohmann::json::array({"P"}));
}

TEST_F(Liveness, ALargeAutomatonIsALimit) {
  const VerbRun run =
      Run(kClock + "Spec == Init /\\ [][Next]_x\nP == \\E i \\in 0..20 : []<>(x = i)", "", {"--max-tableau", "10"});
  EXPECT_EQ(run.exit, 2);
  EXPECT_EQ(run.json()["limit"]["option"], "--max-tableau");
}

TEST_F(Liveness, AQuantifierMayNotDependOnTheState) {
  const VerbRun run = Run(kClock + "Spec == Init /\\ [][Next]_x\nP == \\A i \\in 0..x : <>(x = i)");
  EXPECT_EQ(run.exit, 3);
  EXPECT_EQ(run.json()["result"], "evaluation");
}

TEST_F(Liveness, AnErrorInsideIsReportedWithItsState) {
  const VerbRun run = Run(kClock + "Spec == Init /\\ [][Next]_x /\\ WF_x(Next)\nP == []<>(<<5, 6>>[x] = 5)");
  EXPECT_EQ(run.exit, 3);
  const nlohmann::json found = run.json();
  EXPECT_EQ(found["result"], "evaluation");
  ASSERT_EQ(found["trace"].size(), 1U);
  EXPECT_EQ(found["trace"][0]["state"]["x"], 0);
}

TEST_F(Liveness, ATemporalFormulaInAPlaceForPredicatesIsAnError) {
  const VerbRun run = Run(kClock + "Spec == Init /\\ [][Next]_x\nP == {<>(x = 1)} = {TRUE}");
  EXPECT_EQ(run.exit, 3);
}

// Two processes are interchangeable, so that 1 and 2 take turns in one reduced state; in the full graph process a
// starves.
TEST_F(Liveness, SymmetryHidesNothing) {
  const std::string body =
      "CONSTANT Procs\nVARIABLE turn\nInit == turn \\in Procs\nNext == turn' \\in Procs\nSpec == Init /\\ "
      "[][Next]_turn\nSym == "
      "Permutations(Procs)\nP == \\A p \\in Procs : <>(turn = p)";
  const nlohmann::json found = Run(body, "CONSTANT Procs = {a, b}\nSYMMETRY Sym\n").json();
  EXPECT_EQ(found["result"], "property");
  EXPECT_EQ(found["states_distinct"], 1);
}

// Without the VIEW there are infinitely many states; n grows in every step, which a comparison of representatives would
// deny.
TEST_F(Liveness, AStepOfAViewArrivesWhereItReallyDoes) {
  const std::string body =
      "VARIABLES n, m\nInit == n = 0 /\\ m = 0\nNext == n' = n + 1 /\\ m' = (m + 1) % 3\nSpec == Init /\\ "
      "[][Next]_<<n, m>> /\\ "
      "WF_<<n, m>>(Next)\nView == m\nP == []<><<n' > n>>_n\nQ == <>[](n < 2)";
  EXPECT_EQ(Run(body, "VIEW View\n").json()["result"], "ok");
}

TEST_F(Liveness, ConstraintsCutSteps) {
  const std::string body =
      "VARIABLE x\nInit == x = 0\nNext == x' = x + 1\nSpec == Init /\\ [][Next]_x /\\ WF_x(Next)\nSmall == x < 4\nP == "
      "<>(x = 3)";
  EXPECT_EQ(Run(body, "CONSTRAINT Small\n").json()["result"], "ok");
}

}  // namespace
}  // namespace kelpie::cli
