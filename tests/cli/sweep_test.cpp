// The whole way, many times: simulated runs of each system checked against its specification.
// Clean seeds conform and contain the situations in which a mistake would show; every planted
// bug is caught at the check and the conjunct that its declaration names.
#include "impl/machines/bugs.h"
#include "impl/main/simulate_verb.h"
#include "impl/main/system.h"
#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

std::string OneLine(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\n' || c == '\t';
    if (!is_space) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

struct PlantedBug {
  const char* name;
  const char* spec;
  int check;
  const char* action;
  const char* conjunct;
};

constexpr PlantedBug kBugs[] = {
#define KELPIE_BUG(name, spec, description, check, action, conjunct) {#name, #spec, check, action, conjunct},
#include "impl/machines/bugs.def"
#undef KELPIE_BUG
};

class Sweep : public CliTest {
 protected:
  // The run's summary; the run is in Path("run").
  json Simulate(int seed, const std::string& bug, const std::string& system = "lease", int steps = 3000) {
    std::vector<std::string> args{"--seed",   std::to_string(seed),
                                  "--steps",  std::to_string(steps),
                                  "--nodes",  "3",
                                  "--system", system,
                                  "--out",    Path("run"),
                                  "--force",  "--json"};
    if (!bug.empty()) args.insert(args.end(), {"--bug", bug});
    const VerbRun run = Call(cluster::RunSimulate, args);
    EXPECT_EQ(run.exit, 0) << run.err;
    return run.json();
  }
  VerbRun CheckRun(const std::string& spec = "KelpieLease") {
    return Check({Path("run"), "--spec", std::string(KELPIE_SOURCE_DIR) + "/tla/specs/" + spec + ".tla", "--json"});
  }
  void ExpectCleanRunsToBeWorthChecking(const std::string& system, const std::string& spec, int steps);
  static std::string Replay(int seed, const std::string& bug, const std::string& system = "lease", int steps = 3000) {
    return "replay: ./kelpie simulate --system " + system + " --seed " + std::to_string(seed) + " --steps " +
           std::to_string(steps) + " --nodes 3" + (bug.empty() ? "" : " --bug " + bug) +
           " --out run && ./kelpie check run";
  }
};

int SeedCount() {
  const char* count = std::getenv("KELPIE_SWEEP_SEEDS");  // 50 in CI, 500 under the label nightly
  return count != nullptr ? std::atoi(count) : 50;
}

TEST_F(Sweep, CleanSeedsConformAndAreWorthChecking) {
  std::map<std::string, std::vector<std::uint64_t>> counts;
  std::map<std::string, std::uint64_t> coverage;
  for (int seed = 1; seed <= SeedCount(); ++seed) {
    const json summary = Simulate(seed, "");
    const VerbRun run = CheckRun();
    ASSERT_EQ(run.exit, 0) << Replay(seed, "") << "\n" << run.out.substr(0, 4000);
    const json result = run.json();
    for (const auto& [action, count] : result["coverage"].items()) coverage[action] += count.get<std::uint64_t>();
    for (const char* name : {"takeovers", "unknown_commits", "late_landings", "fenced_writes", "crashes", "lapses"}) {
      counts[name].push_back(summary["summary"][name].get<std::uint64_t>());
    }
  }
  for (const auto& [action, count] : coverage) EXPECT_GT(count, 0U) << action << " never happened";
  for (auto& [name, values] : counts) {
    std::sort(values.begin(), values.end());
    std::uint64_t total = 0;
    for (const std::uint64_t value : values) total += value;
    EXPECT_GT(total, 0U) << name << " never happened";
    std::cout << "  " << name << ": median " << values[values.size() / 2] << ", total " << total << "\n";
  }
  EXPECT_GE(counts["takeovers"][counts["takeovers"].size() / 2], 3U);
  EXPECT_GE(counts["unknown_commits"][counts["unknown_commits"].size() / 2], 2U);
}

// The system's runs conform; over all of them every action was taken and everything that is counted happened.
void Sweep::ExpectCleanRunsToBeWorthChecking(const std::string& system, const std::string& spec, int steps) {
  std::map<std::string, std::uint64_t> totals;
  std::map<std::string, std::uint64_t> coverage;
  for (int seed = 1; seed <= SeedCount(); ++seed) {
    const json summary = Simulate(seed, "", system, steps);
    const VerbRun run = CheckRun(spec);
    ASSERT_EQ(run.exit, 0) << Replay(seed, "", system, steps) << "\n" << run.out.substr(0, 4000);
    for (const auto& [action, count] : run.json()["coverage"].items()) coverage[action] += count.get<std::uint64_t>();
    for (const auto& [name, count] : summary["summary"].items()) totals[name] += count.get<std::uint64_t>();
  }
  for (const auto& [action, count] : coverage) EXPECT_GT(count, 0U) << action << " never happened";
  for (const auto& [name, count] : totals) EXPECT_GT(count, 0U) << name << " never happened";
}

TEST_F(Sweep, CleanLogsConformAndAreWorthChecking) { ExpectCleanRunsToBeWorthChecking("log", "KelpieWAL", 1500); }
TEST_F(Sweep, CleanMigrationsConformAndAreWorthChecking) {
  ExpectCleanRunsToBeWorthChecking("migration", "KelpieMigration", 3000);
}

class SweepBug : public Sweep, public ::testing::WithParamInterface<PlantedBug> {};

TEST_P(SweepBug, IsCaughtWhereItsDeclarationSays) {
  const PlantedBug& bug = GetParam();
  const std::string system = cluster::SystemOf(bug.spec);
  const auto replay = [&](int seed) { return Replay(seed, bug.name, system); };
  for (int seed = 1; seed <= 8; ++seed) {
    (void)Simulate(seed, bug.name, system);
    const VerbRun run = CheckRun(bug.spec);
    if (run.exit == 0) continue;
    ASSERT_EQ(run.exit, 1) << replay(seed) << "\n" << run.out.substr(0, 4000);
    const json result = run.json();
    const json& explanation = result["explanations"][0];
    EXPECT_EQ(result["check"], bug.check) << run.out.substr(0, 4000);
    EXPECT_EQ(explanation["action"], bug.action);
    bool is_named = false;
    std::string texts;
    for (const json& conjunct : explanation["conjuncts"]) {
      if (conjunct["value"] != false) continue;
      const std::string text = OneLine(conjunct["text"].get<std::string>());
      texts += "\n  " + text;
      is_named = is_named || text == bug.conjunct;
    }
    EXPECT_TRUE(is_named) << "expected " << bug.conjunct << ", false are" << texts << "\n" << replay(seed);
    (void)Simulate(seed, "", system);
    EXPECT_EQ(CheckRun(bug.spec).exit, 0) << "the same seed without the bug must conform";
    std::cout << "  caught at seed " << seed << ", event " << result["failed_at"] << "\n";
    return;
  }
  FAIL() << bug.name << " was not caught in 8 seeds; " << replay(1);
}

INSTANTIATE_TEST_SUITE_P(All, SweepBug, ::testing::ValuesIn(kBugs),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace kelpie::cli
