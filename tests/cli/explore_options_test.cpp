// What `explore` shows when it is asked: all violations, the graph, the changes alone.
#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

class ExploreOptionsTest : public CliTest {
 protected:
  // x goes up to 5 and stays; two invariants and a property break on the way.
  std::string Steps(const std::string& more_of_model) {
    Write("Steps.cfg", "INIT Init\nNEXT Next\n" + more_of_model);
    return Write("Steps.tla",
                 "---- MODULE Steps ----\nEXTENDS Integers\nVARIABLES x, y\nInit == x = 0 /\\ y = \"a\"\n"
                 "Up == x < 5 /\\ x' = x + 1 /\\ UNCHANGED y\nTurn == y' = \"b\\\"\" /\\ UNCHANGED x\n"
                 "Next == Up \\/ Turn\nBelow4 == x < 4\nBelow2 == x < 2\nSlow == [][x' # 3]_x\n"
                 "Bound == x < 3\n====\n");
  }
};

// --- --continue

TEST_F(ExploreOptionsTest, ContinueTellsEachViolationOnceWithItsCount) {
  const std::string spec = Steps("INVARIANTS Below4 Below2\nPROPERTY Slow\n");
  const VerbRun run = Explore({spec, "--continue", "--json"});
  EXPECT_EQ(run.exit, 1);
  const json result = run.json();
  EXPECT_EQ(result["result"], "invariant");
  EXPECT_EQ(result["violated"], "Below2");
  EXPECT_EQ(result["counts_partial"], false);
  EXPECT_EQ(result["states_distinct"], 12);
  ASSERT_EQ(result["violations"].size(), 3U);
  EXPECT_EQ(result["violations"][0]["violated"], "Below2");
  EXPECT_EQ(result["violations"][0]["count"], 4);  // x = 2 and 3, where Below4 holds; the first false one is told
  EXPECT_EQ(result["violations"][0]["trace"].size(), 3U);
  EXPECT_EQ(result["violations"][0]["trace"], result["trace"]);
  EXPECT_EQ(result["violations"][1]["violated"], "Slow");
  EXPECT_EQ(result["violations"][1]["count"], 2);
  EXPECT_EQ(result["violations"][2]["violated"], "Below4");
  EXPECT_EQ(result["violations"][2]["count"], 4);
  EXPECT_EQ(result["violations"][2]["trace"].size(), 5U);
}

TEST_F(ExploreOptionsTest, WithoutItTheFirstViolationEndsIt) {
  const json result = Explore({Steps("INVARIANTS Below4 Below2\n"), "--json"}).json();
  EXPECT_EQ(result["violated"], "Below2");
  EXPECT_TRUE(result["violations"].empty());
  EXPECT_EQ(result["counts_partial"], true);
}

TEST_F(ExploreOptionsTest, ContinueGoesPastADeadlock) {
  Write("Dead.cfg", "INIT Init\nNEXT Next\n");
  const std::string spec = Write("Dead.tla",
                                 "---- MODULE Dead ----\nEXTENDS Integers\nVARIABLE x\nInit == x = 0\n"
                                 "Next == \\/ x < 9 /\\ x' = x + 2\n        \\/ x < 9 /\\ x' = x + 3\n====\n");
  const json result = Explore({spec, "--continue", "--json"}).json();
  EXPECT_EQ(result["result"], "deadlock");
  ASSERT_EQ(result["violations"].size(), 1U);
  EXPECT_EQ(result["violations"][0]["count"], 3);  // 9, 10 and 11
  EXPECT_EQ(result["states_distinct"], 11);        // 0 and 2 to 11
}

TEST_F(ExploreOptionsTest, AnErrorEndsItAllTheSame) {
  const std::string spec = Steps("INVARIANT Below2\n");
  Write("Err.cfg", "INIT Init\nNEXT Next\nINVARIANT Below2\n");
  const std::string wrong = Write("Err.tla",
                                  "---- MODULE Err ----\nEXTENDS Integers\nVARIABLE x\nInit == x = 0\n"
                                  "Next == x' = x + (6 \\div (6 - x)) * 0 + 1\nBelow2 == x < 2\n====\n");
  const VerbRun run = Explore({wrong, "--continue", "--json"});
  EXPECT_EQ(run.exit, 3);
  EXPECT_EQ(run.json()["result"], "evaluation");
  EXPECT_EQ(run.json()["violations"].size(), 1U);
}

TEST_F(ExploreOptionsTest, ContinueWithoutAViolationIsAPass) {
  const VerbRun run = Explore({Steps(""), "--continue"});
  EXPECT_EQ(run.exit, 0) << run.out;
}

TEST_F(ExploreOptionsTest, TheTextHasEachTrace) {
  const VerbRun run = Explore({Steps("INVARIANTS Below4 Below2\n"), "--continue"});
  EXPECT_NE(run.out.find("invariant Below2 is violated: 4 times"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("invariant Below4 is violated\n\nstate 1"), std::string::npos) << run.out;
}

// --- --difftrace

TEST_F(ExploreOptionsTest, DifftraceShowsChangesAlone) {
  const std::string spec = Steps("INVARIANT Below2\n");
  const std::string all = Explore({spec}).out;
  const std::string changes = Explore({spec, "--difftrace"}).out;
  const auto count = [](const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(count(all, "y = "), 3U) << all;
  EXPECT_EQ(count(changes, "y = "), 1U) << changes;
  EXPECT_EQ(count(changes, "x = "), 3U) << changes;
}

// --- --dump-graph

TEST_F(ExploreOptionsTest, TheGraphHasStatesAndSteps) {
  const VerbRun run = Explore({Steps(""), "--dump-graph", "json"});
  EXPECT_EQ(run.exit, 0);
  const json graph = run.json();
  EXPECT_EQ(graph["format"], "kelpie.graph/1");
  EXPECT_EQ(graph["complete"], true);
  ASSERT_EQ(graph["states"].size(), 12U);
  EXPECT_EQ(graph["states"][0]["initial"], true);
  EXPECT_EQ(graph["states"][1]["initial"], false);
  EXPECT_EQ(graph["states"][0]["state"]["y"], "a");
  EXPECT_EQ(graph["steps"].size(), 22U);  // Up: 2 x 5; Turn: from each of the 12
  for (const json& step : graph["steps"]) {
    const json& from = graph["states"][step["from"].get<std::size_t>() - 1]["state"];
    const json& to = graph["states"][step["to"].get<std::size_t>() - 1]["state"];
    EXPECT_EQ(step["action"] == "Up", from["x"] != to["x"]);
  }
  EXPECT_NE(run.err.find("no error"), std::string::npos) << "people's text goes to standard error";
}

TEST_F(ExploreOptionsTest, DotQuotesWhatStandsInQuotes) {
  const VerbRun run = Explore({Steps("CONSTRAINT Bound\n"), "--dump-graph", "dot"});
  EXPECT_EQ(run.out.rfind("digraph \"Steps\" {\n", 0), 0U) << run.out;
  EXPECT_NE(run.out.find("1 [label=\"x = 0\\ly = \\\"a\\\"\\l\", style=filled];"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("1 -> 2 [label=\"Up\"];"), std::string::npos);
  EXPECT_EQ(run.out.find("x = 3"), std::string::npos) << "what the constraint cuts off is not there";
}

TEST_F(ExploreOptionsTest, AGraphOfAFailureIsAsFarAsItWent) {
  const VerbRun run = Explore({Steps("INVARIANT Below2\n"), "--dump-graph", "json"});
  EXPECT_EQ(run.exit, 1);
  EXPECT_EQ(run.json()["complete"], false);
  EXPECT_GE(run.json()["states"].size(), 3U);
}

TEST_F(ExploreOptionsTest, TheGraphGoesToAFile) {
  const VerbRun run = Explore({Steps(""), "--dump-graph", "json", "--out", Path("graph.json"), "--json"});
  EXPECT_EQ(run.exit, 0);
  EXPECT_EQ(run.json()["format"], "kelpie.explore/1");
  std::ifstream in(Path("graph.json"));
  EXPECT_EQ(json::parse(in)["states"].size(), 12U);
}

TEST_F(ExploreOptionsTest, TwoResultsOnOneStreamAreRefused) {
  const VerbRun run = Explore({Steps(""), "--dump-graph", "json", "--json"});
  EXPECT_EQ(run.exit, 3);
  EXPECT_NE(run.err.find("--out"), std::string::npos);
  EXPECT_EQ(Explore({Steps(""), "--dump-graph", "svg"}).exit, 3);
  EXPECT_EQ(Explore({Steps(""), "--out", Path("g")}).exit, 3);
  EXPECT_EQ(Explore({Steps(""), "--dump-graph", "dot", "--out", Path("no/such/folder")}).exit, 3);
}

}  // namespace
}  // namespace kelpie::cli
