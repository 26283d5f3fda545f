// `explore` against TLC's recorded answers: the same result for every model, the same counts
// where it is ok, a counterexample of the same length where it is not.
#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

json Models() {
  std::ifstream in(std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/tlc_counts.json");
  return json::parse(in)["models"];
}

// Larger models wait for the night (KELPIE_EXPLORE_ALL); half a million generated states take some seconds, under
// sanitizers many times that, so that the bound is set there.
std::uint64_t GeneratedMax() {
  const char* text = std::getenv("KELPIE_EXPLORE_GENERATED_MAX");
  return text != nullptr ? std::stoull(text) : 500'000;
}

struct Model {
  std::string name;
  json facts;
};

std::vector<Model> Selected(bool is_nightly) {
  std::vector<Model> models;
  for (const json& facts : Models()) {
    const bool is_large = facts["states_generated"].is_number() && facts["states_generated"] > GeneratedMax();
    if (is_large != is_nightly) continue;
    std::string name = std::filesystem::path(facts["config"].get<std::string>()).stem().string();
    std::replace_if(
        name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
    models.push_back({name, facts});
  }
  return models;
}

// Where we differ on purpose; checker/README.md has the reasons.
const std::map<std::string, std::string> kDeliberate = {
    {"bad_level", "bad_input"},           // TLC notices a primed invariant only when it evaluates it
    {"error_overflow", "deadlock"},       // TLC's integers end at 32 bits
};

class ExploreTable : public CliTest, public ::testing::WithParamInterface<Model> {
 protected:
  static void CheckModel(const std::string& name, const json& facts) {
    const std::string root = std::string(KELPIE_SOURCE_DIR) + "/";
    const VerbRun run = Explore(
        {root + facts["spec"].get<std::string>(), "--config", root + facts["config"].get<std::string>(), "--json"});
    const json ours = run.json();
    const auto deliberate = kDeliberate.find(name);
    const std::string expected =
        deliberate != kDeliberate.end() ? deliberate->second : facts["result"].get<std::string>();
    EXPECT_EQ(ours["result"], expected) << run.out.substr(0, 3000);
    if (expected == "bad_input") {
      EXPECT_EQ(run.exit, 3);
      return;
    }
    if (facts["violated"].is_string() && (expected == "invariant" || expected == "property")) {
      EXPECT_EQ(ours["violated"], facts["violated"]);
    }
    if (expected == "ok") {
      EXPECT_EQ(run.exit, 0);
      EXPECT_EQ(ours["states_generated"], facts["states_generated"]);
      EXPECT_EQ(ours["states_distinct"], facts["states_distinct"]);
      EXPECT_EQ(ours["depth"], facts["depth"]);
    } else if (facts["trace_length"].is_number() && expected == facts["result"] && expected != "evaluation") {
      EXPECT_EQ(ours["trace"].size(), facts["trace_length"]) << run.out.substr(0, 3000);
    }
  }
};

TEST_P(ExploreTable, AgreesWithTlc) { CheckModel(GetParam().name, GetParam().facts); }

INSTANTIATE_TEST_SUITE_P(Tlc, ExploreTable, ::testing::ValuesIn(Selected(false)),
                         [](const auto& tested) { return tested.param.name; });

class ExploreLarge : public ExploreTable {};

TEST_P(ExploreLarge, AgreesWithTlc) {
  if (std::getenv("KELPIE_EXPLORE_ALL") == nullptr) GTEST_SKIP() << "runs under the label nightly";
  CheckModel(GetParam().name, GetParam().facts);
}

INSTANTIATE_TEST_SUITE_P(Tlc, ExploreLarge, ::testing::ValuesIn(Selected(true)),
                         [](const auto& tested) { return tested.param.name; });

TEST(ExploreTableItself, IsWorthTheName) {
  EXPECT_GE(Selected(false).size(), 60U);
  EXPECT_FALSE(Selected(true).empty());
}

class ExploreLimits : public CliTest {};

TEST_F(ExploreLimits, ReachingOneIsNoPass) {
  const std::string spec = std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/explore/queue.tla";
  const VerbRun states = Explore({spec, "--max-states", "10", "--json"});
  EXPECT_EQ(states.exit, 2);
  EXPECT_EQ(states.json()["result"], "limit");
  EXPECT_EQ(states.json()["limit"]["option"], "--max-states");
  const VerbRun depth = Explore({spec, "--depth", "2", "--json"});
  EXPECT_EQ(depth.exit, 2);
  EXPECT_EQ(depth.json()["limit"]["option"], "--depth");
}

TEST_F(ExploreLimits, DeepRecursionEndsInAnError) {
  Write("Deep.tla",
        "---- MODULE Deep ----\nEXTENDS Integers\nVARIABLE x\nRECURSIVE Down(_)\nDown(n) == Down(n + 1)\n"
        "Init == x = 0\nNext == x' = Down(x)\n====\n");
  Write("Deep.cfg", "INIT Init\nNEXT Next\n");
  const VerbRun run = Explore({Path("Deep.tla"), "--json"});
  EXPECT_EQ(run.exit, 3);
  EXPECT_EQ(run.json()["diagnostics"][0]["code"], "evaluation-max-depth");
}

TEST_F(ExploreLimits, ALargeSetEndsInAnError) {
  Write("Large.tla",
        "---- MODULE Large ----\nEXTENDS Integers\nVARIABLE x\nInit == x = {y \\in 1..100000000 : y > 3}\n"
        "Next == UNCHANGED x\n====\n");
  Write("Large.cfg", "INIT Init\nNEXT Next\n");
  const VerbRun run = Explore({Path("Large.tla"), "--json"});
  EXPECT_EQ(run.exit, 3);
  EXPECT_EQ(run.json()["diagnostics"][0]["code"], "evaluation-max-set");
}

TEST_F(ExploreLimits, AFalsePostconditionIsNoPass) {
  Write("Post.tla", "---- MODULE Post ----\nVARIABLE x\nInit == x = 0\nNext == UNCHANGED x\nDone == FALSE\n====\n");
  Write("Post.cfg", "INIT Init\nNEXT Next\nPOSTCONDITION Done\n");
  const VerbRun run = Explore({Path("Post.tla"), "--json"});
  EXPECT_EQ(run.exit, 1);
  EXPECT_EQ(run.json()["result"], "postcondition");
  EXPECT_EQ(run.json()["violated"], "Done");
}

TEST_F(ExploreLimits, TheTextShowsActionsAndChanges) {
  const std::string folder = std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/explore/";
  const VerbRun run = Explore({folder + "counter_limit.tla"});
  EXPECT_EQ(run.exit, 1);
  EXPECT_NE(run.out.find("invariant Below is violated"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("state 1: initial"), std::string::npos);
}

}  // namespace
}  // namespace kelpie::cli
