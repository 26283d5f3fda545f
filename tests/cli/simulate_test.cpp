// `explore --simulate`: random behaviors from a seed; a failing one can be had alone. And what `explore` says about
// actions that were never taken.
#include <set>

#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

std::string Explored(const std::string& name) {
  return std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/explore/" + name;
}

class Simulate : public CliTest {
 protected:
  // Two counters; one of them is wrong once it is 7.
  std::string Counters(const std::string& more_of_model) {
    Write("Two.cfg", "INIT Init\nNEXT Next\n" + more_of_model);
    return Write("Two.tla",
                 "---- MODULE Two ----\nEXTENDS Integers\nVARIABLES x, y\nInit == x = 0 /\\ y = 0\n"
                 "Left == x' = x + 1 /\\ UNCHANGED y\nRight == y < 3 /\\ y' = y + 1 /\\ UNCHANGED x\n"
                 "Never == y > 3 /\\ y' = 0 /\\ UNCHANGED x\nNext == Left \\/ Right \\/ Never\n"
                 "Below == x < 7\nSmall == x < 3\nNotBoth == ~(x = 2 /\\ y = 2)\n"
                 "Up == [][x' >= x /\\ x' + y' < 6]_<<x, y>>\n====\n");
  }
  static json WithoutSeconds(json result) {
    result.erase("seconds");
    return result;
  }
};

TEST_F(Simulate, OneSeedGivesOneResult) {
  const std::string spec = Explored("queue.tla");
  const json once = Explore({spec, "--simulate", "20", "--seed", "7", "--depth", "12", "--json"}).json();
  const json again = Explore({spec, "--simulate", "20", "--seed", "7", "--depth", "12", "--json"}).json();
  EXPECT_EQ(once["result"], "ok");
  EXPECT_EQ(once["behaviors"], 20);
  EXPECT_EQ(WithoutSeconds(once), WithoutSeconds(again));
}

TEST_F(Simulate, SeedsDiffer) {
  const std::string spec = Counters("INVARIANT NotBoth\n");
  std::set<std::string> traces;
  for (int seed = 1; seed <= 20; ++seed) {
    const json run = Explore({spec, "--simulate", "50", "--seed", std::to_string(seed * 1000), "--json"}).json();
    ASSERT_EQ(run["result"], "invariant");
    traces.insert(run["trace"].dump());
  }
  EXPECT_GT(traces.size(), 2U);
}

TEST_F(Simulate, AFailureIsReplayedAlone) {
  const std::string spec = Counters("INVARIANT NotBoth\n");
  const json all = Explore({spec, "--simulate", "100", "--seed", "3", "--json"}).json();
  ASSERT_EQ(all["result"], "invariant");
  EXPECT_EQ(all["violated"], "NotBoth");
  const std::string seed = std::to_string(all["seed"].get<std::uint64_t>());
  const VerbRun alone = Explore({spec, "--simulate", "1", "--seed", seed, "--json"});
  EXPECT_EQ(alone.exit, 1);
  EXPECT_EQ(alone.json()["trace"], all["trace"]);
  EXPECT_EQ(alone.json()["behaviors"], 1);
  const VerbRun text = Explore({spec, "--simulate", "100", "--seed", "3"});
  EXPECT_NE(text.out.find("replay: the same call with --simulate 1 --seed " + seed), std::string::npos) << text.out;
}

TEST_F(Simulate, EachStepOfATraceIsAStep) {
  const json run = Explore({Counters("INVARIANT Below\n"), "--simulate", "5", "--json"}).json();
  ASSERT_EQ(run["result"], "invariant");
  const json& trace = run["trace"];
  for (std::size_t i = 1; i < trace.size(); ++i) {
    const json& before = trace[i - 1]["state"];
    const json& after = trace[i]["state"];
    const std::string changed = trace[i]["action"]["name"] == "Left" ? "x" : "y";
    const std::string same = changed == "x" ? "y" : "x";
    EXPECT_NE(before[changed], after[changed]);
    EXPECT_EQ(before[same], after[same]);
  }
}

TEST_F(Simulate, AnActionPropertyIsJudged) {
  const json run = Explore({Counters("PROPERTY Up\n"), "--simulate", "1", "--json"}).json();
  EXPECT_EQ(run["result"], "property");
  EXPECT_EQ(run["violated"], "Up");
  EXPECT_EQ(run["trace"].size(), 7U);
}

TEST_F(Simulate, ADeadlockIsFoundUnlessItIsAllowed) {
  Write("End.cfg", "INIT Init\nNEXT Next\n");
  const std::string spec = Write("End.tla",
                                 "---- MODULE End ----\nEXTENDS Integers\nVARIABLE x\nInit == x = 0\n"
                                 "Next == x < 4 /\\ x' = x + 1\n====\n");
  const VerbRun dead = Explore({spec, "--simulate", "1", "--json"});
  EXPECT_EQ(dead.exit, 1);
  EXPECT_EQ(dead.json()["result"], "deadlock");
  EXPECT_EQ(dead.json()["trace"].size(), 5U);
  EXPECT_EQ(Explore({spec, "--simulate", "3", "--deadlock", "off", "--json"}).exit, 0);
}

TEST_F(Simulate, ConstraintsEndABehavior) {
  const json run = Explore({Counters("CONSTRAINT Small\nINVARIANT Below\n"), "--simulate", "30", "--json"}).json();
  EXPECT_EQ(run["result"], "ok");
  EXPECT_EQ(run["depth"], 6);  // two steps to the left, three to the right, and the first state
}

TEST_F(Simulate, DepthIsTheLengthOfABehavior) {
  const json run = Explore({Counters(""), "--simulate", "3", "--depth", "9", "--json"}).json();
  EXPECT_EQ(run["result"], "ok");
  EXPECT_EQ(run["depth"], 9);
}

TEST_F(Simulate, TooManyInitialStatesAreALimit) {
  Write("Wide.cfg", "INIT Init\nNEXT Next\n");
  const std::string spec = Write("Wide.tla",
                                 "---- MODULE Wide ----\nEXTENDS Integers\nVARIABLE x\nInit == x \\in 1..1000\n"
                                 "Next == UNCHANGED x\n====\n");
  const VerbRun run = Explore({spec, "--simulate", "3", "--max-states", "100", "--json"});
  EXPECT_EQ(run.exit, 2);
  EXPECT_EQ(run.json()["limit"]["option"], "--max-states");
  EXPECT_EQ(Explore({spec, "--simulate", "3", "--max-states", "1000", "--json"}).exit, 0);
}

TEST_F(Simulate, AnErrorEndsItWithTheBehavior) {
  Write("Err.cfg", "INIT Init\nNEXT Next\n");
  const std::string spec = Write("Err.tla",
                                 "---- MODULE Err ----\nEXTENDS Integers\nVARIABLE x\nInit == x = 3\n"
                                 "Next == x' = x - (1 \\div x) * 0 - 1\n====\n");
  const VerbRun run = Explore({spec, "--simulate", "3", "--json"});
  EXPECT_EQ(run.exit, 3);
  EXPECT_EQ(run.json()["result"], "evaluation");
  EXPECT_EQ(run.json()["trace"].size(), 4U);
}

TEST_F(Simulate, LivenessIsNotDecided) {
  const std::string spec = std::string(KELPIE_SOURCE_DIR) + "/tla/specs/KelpieMigration.tla";
  const std::string config = std::string(KELPIE_SOURCE_DIR) + "/tla/specs/KelpieMigration_Liveness.cfg";
  const json run = Explore({spec, "--config", config, "--simulate", "2", "--json"}).json();
  EXPECT_FALSE(run["properties_undecided"].empty());
}

TEST_F(Simulate, SeedAloneIsRefused) {
  const VerbRun run = Explore({Explored("queue.tla"), "--seed", "3"});
  EXPECT_EQ(run.exit, 3);
  EXPECT_NE(run.err.find("--simulate"), std::string::npos) << run.err;
}

// --- actions

TEST_F(Simulate, CoverageNamesTheActionThatIsNeverTaken) {
  const VerbRun run = Explore({Counters("CONSTRAINT Small\n"), "--coverage"});
  EXPECT_EQ(run.exit, 0) << run.out;
  EXPECT_NE(run.out.find("never taken: Never"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("Left"), std::string::npos);
}

TEST_F(Simulate, ActionsAddUpToTheCounts) {
  const json run = Explore({Explored("queue.tla"), "--json"}).json();
  std::uint64_t generated = 1;  // the initial state
  std::uint64_t distinct = 1;
  for (const json& action : run["actions"]) {
    generated += action["generated"].get<std::uint64_t>();
    distinct += action["distinct"].get<std::uint64_t>();
  }
  EXPECT_EQ(run["states_generated"], generated);
  EXPECT_EQ(run["states_distinct"], distinct);
}

TEST_F(Simulate, TakenStepsAddUpToTheLengths) {
  const json run = Explore({Counters(""), "--simulate", "1", "--depth", "30", "--json"}).json();
  std::uint64_t taken = 0;
  for (const json& action : run["actions"]) taken += action["distinct"].get<std::uint64_t>();
  EXPECT_EQ(taken, 29U);
}

}  // namespace
}  // namespace kelpie::cli
