// Simulated runs of the lease cluster, decided by both engines: clean ones conform, and planted bugs
// violate at the event and the check at which the concrete search alone says they do.
#include "impl/main/simulate_verb.h"
#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

class GuardSweep : public CliTest {
 protected:
  void Simulate(int seed, int steps, const std::string& bug) {
    std::vector<std::string> args{"--seed",  std::to_string(seed),
                                  "--steps", std::to_string(steps),
                                  "--nodes", "3",
                                  "--out",   Path("run"),
                                  "--force", "--json"};
    if (!bug.empty()) args.insert(args.end(), {"--bug", bug});
    const VerbRun run = Call(cluster::RunSimulate, args);
    ASSERT_EQ(run.exit, 0) << run.err;
  }
  VerbRun CheckRun(const std::string& engine) {
    return Check({Path("run"), "--spec", std::string(KELPIE_SOURCE_DIR) + "/tla/specs/KelpieLease.tla", "--guards",
                  engine, "--json"});
  }
};

TEST_F(GuardSweep, CleanRunsConformByBothEngines) {
  for (const int seed : {1, 2}) {
    Simulate(seed, 200, "");
    const VerbRun run = CheckRun("both");
    ASSERT_EQ(run.exit, 0) << run.out.substr(0, 4000) << run.err;
    EXPECT_GT(run.json()["solver"]["queries"].get<int>(), 100);
    EXPECT_EQ(run.json()["solver"]["unknown"], 0);
    EXPECT_EQ(run.json()["complete"], true);
  }
}

TEST_F(GuardSweep, PlantedBugsViolateTheSameWayAndHaveACore) {
  for (const auto& [bug, seed] : std::vector<std::pair<std::string, int>>{
           {"blind_takeover", 1}, {"deadline_from_reply", 1}, {"token_reset", 1}}) {
    Simulate(seed, 600, bug);
    const VerbRun expected = CheckRun("concrete");
    ASSERT_EQ(expected.exit, 1) << bug << expected.out.substr(0, 2000);
    const VerbRun run = CheckRun("both");
    ASSERT_EQ(run.exit, 1) << bug << run.out.substr(0, 4000) << run.err;
    EXPECT_EQ(run.json()["failed_at"], expected.json()["failed_at"]) << bug;
    EXPECT_EQ(run.json()["check"], expected.json()["check"]) << bug;
    EXPECT_FALSE(run.json()["explanations"][0]["core"].is_null()) << bug;
  }
}

}  // namespace
}  // namespace kelpie::cli
