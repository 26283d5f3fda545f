// `explore --coverage`: what was never reached or never true, and only what says why. Counting changes no result.
#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

class Coverage : public CliTest {
 protected:
  std::string Spec(const std::string& definitions, const std::string& more_of_model = "") {
    Write("Cover.cfg", "INIT Init\nNEXT Next\n" + more_of_model);
    return Write("Cover.tla", "---- MODULE Cover ----\nEXTENDS Integers\nVARIABLES x, y\nInit == x = 0 /\\ y = 0\n" +
                                  definitions + "====\n");
  }
  // The lines about dead places: "never true: Cover.tla:6 text", without the space between.
  std::vector<std::string> Dead(const std::string& spec) {
    const VerbRun run = Explore({spec, "--coverage", "--deadlock", "off"});
    std::istringstream in(run.out);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
      if (line.find("  never true:") != 0 && line.find("  never reached:") != 0) continue;
      std::string words;
      std::istringstream parts(line);
      for (std::string word; parts >> word;) words += (words.empty() ? "" : " ") + word;
      lines.push_back(words);
    }
    return lines;
  }
  using Lines = std::vector<std::string>;
};

TEST_F(Coverage, AGuardThatIsNeverTrue) {
  EXPECT_EQ(Dead(Spec("Up == x < 3 /\\ x' = x + 1 /\\ UNCHANGED y\n"
                      "Never == x > 5 /\\ y = 0 /\\ y' = 1 /\\ UNCHANGED x\nNext == Up \\/ Never\n")),
            (Lines{"never true: Cover.tla:6 x > 5"}));
}

TEST_F(Coverage, TheApplicationIsToldWhereTheBodyDoesNotSayWhy) {
  EXPECT_EQ(Dead(Spec("Up == x < 3 /\\ x' = x + 1 /\\ UNCHANGED y\nNone == FALSE\nNext == Up \\/ None\n")),
            (Lines{"never true: Cover.tla:7 None"}));
}

TEST_F(Coverage, ABranchThatIsNeverTaken) {
  EXPECT_EQ(
      Dead(Spec("Next == /\\ x < 3\n        /\\ IF y = 0 THEN x' = x + 1 ELSE x' = x - 1\n        /\\ UNCHANGED y\n")),
      (Lines{"never reached: Cover.tla:6 x' = x - 1"}));
}

TEST_F(Coverage, AnArmThatIsNeverTaken) {
  EXPECT_EQ(Dead(Spec("Next == /\\ x < 3\n        /\\ CASE y = 0 -> x' = x + 1\n             [] y = 1 -> x' = 7\n"
                      "             [] OTHER -> x' = 8\n        /\\ UNCHANGED y\n")),
            (Lines{"never reached: Cover.tla:7 x' = 7", "never reached: Cover.tla:8 x' = 8"}));
}

TEST_F(Coverage, AnInvariantThatIsTrueForNothing) {
  EXPECT_EQ(Dead(Spec("Next == x < 3 /\\ x' = x + 1 /\\ UNCHANGED y\nInv == y = 1 => x > 10\n", "INVARIANT Inv\n")),
            (Lines{"never true: Cover.tla:6 y = 1"}));
}

TEST_F(Coverage, AQuantifierOverNothing) {
  EXPECT_EQ(Dead(Spec("Next == x < 3 /\\ x' = x + 1 /\\ UNCHANGED y\nInv == \\A k \\in 1..y : k > 0 /\\ k < 3\n",
                      "INVARIANT Inv\n")),
            (Lines{"never reached: Cover.tla:6 k > 0"}));
}

TEST_F(Coverage, WhatIsBehindADeadGuardIsNotTold) {
  EXPECT_EQ(
      Dead(Spec(
          "Next == \\/ x < 3 /\\ x' = x + 1 /\\ UNCHANGED y\n"
          "        \\/ /\\ x = 9\n           /\\ \\E k \\in 1..2 : y' = k /\\ k > 1\n           /\\ UNCHANGED x\n")),
      (Lines{"never true: Cover.tla:6 x = 9"}));
}

TEST_F(Coverage, AnOperatorThatIsNeverAppliedIsToldWhereItWouldBe) {
  EXPECT_EQ(Dead(Spec("Far(k) == k > 3 /\\ k < 9\nUp == x < 3 /\\ x' = x + 1 /\\ UNCHANGED y\n"
                      "Next == Up \\/ (x = 9 /\\ Far(x) /\\ UNCHANGED <<x, y>>)\n")),
            (Lines{"never true: Cover.tla:7 x = 9"}));
}

TEST_F(Coverage, NothingIsDeadWhereAllIsReached) {
  const std::string spec = Spec(
      "Next == \\/ x < 3 /\\ x' = x + 1 /\\ UNCHANGED y\n        \\/ x = 3 /\\ x' = 0 /\\ UNCHANGED y\n"
      "Inv == x > 2 => x = 3\n",
      "INVARIANT Inv\n");
  EXPECT_EQ(Dead(spec), Lines{});
  const VerbRun run = Explore({spec, "--coverage"});
  EXPECT_NE(run.out.find("10 of 10 guards, branches and conditions"), std::string::npos) << run.out;
}

TEST_F(Coverage, CountsAreThoseOfTheSearch) {
  const json run =
      Explore({Spec("Next == \\/ x < 3 /\\ x' = x + 1 /\\ UNCHANGED y\n        \\/ x = 9 /\\ UNCHANGED <<x, y>>\n"),
               "--coverage", "--deadlock", "off", "--json"})
          .json();
  std::map<std::pair<int, int>, std::pair<int, int>> counts;
  for (const json& condition : run["conditions"]) {
    counts[{condition["place"]["line"], condition["place"]["column"]}] = {condition["evaluated"], condition["true"]};
  }
  EXPECT_EQ((counts[{5, 12}]), (std::pair(4, 3)));  // x < 3, in each of four states
  EXPECT_EQ((counts[{6, 12}]), (std::pair(4, 0)));  // x = 9
  EXPECT_EQ((counts[{6, 22}]), (std::pair(0, 0)));  // what is behind it
}

TEST_F(Coverage, ASimulationCountsToo) {
  const VerbRun run =
      Explore({Spec("Next == \\/ x < 3 /\\ x' = x + 1 /\\ UNCHANGED y\n        \\/ x = 9 /\\ UNCHANGED <<x, y>>\n"),
               "--coverage", "--deadlock", "off", "--simulate", "3"});
  EXPECT_NE(run.out.find("taken"), std::string::npos);
  EXPECT_NE(run.out.find("never true:    Cover.tla:6"), std::string::npos) << run.out;
}

TEST_F(Coverage, WithoutItNothingIsCounted) {
  const json run =
      Explore({Spec("Next == x < 3 /\\ x' = x + 1 /\\ UNCHANGED y\n"), "--deadlock", "off", "--json"}).json();
  EXPECT_TRUE(run["conditions"].empty());
}

TEST_F(Coverage, CountingChangesNoResult) {
  std::ifstream in(std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/tlc_counts.json");
  const json table = json::parse(in);
  std::size_t compared = 0;
  for (const json& facts : table["models"]) {
    if (facts["states_generated"].is_number() && facts["states_generated"] > 2'000) continue;
    const std::string root = std::string(KELPIE_SOURCE_DIR) + "/";
    const std::string spec = root + facts["spec"].get<std::string>();
    const std::string config = root + facts["config"].get<std::string>();
    json without = Explore({spec, "--config", config, "--json"}).json();
    json with = Explore({spec, "--config", config, "--json", "--coverage"}).json();
    for (json* result : {&without, &with}) {
      result->erase("seconds");
      result->erase("conditions");
    }
    EXPECT_EQ(without, with) << config;
    ++compared;
  }
  EXPECT_GT(compared, 50U);
}

}  // namespace
}  // namespace kelpie::cli
