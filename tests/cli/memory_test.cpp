// --max-memory and --spill: a limit that is named, and files that hold what memory shall not.
#include <filesystem>

#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

class Memory : public CliTest {
 protected:
  // 600 times 600 states of two small numbers: large tables, few values.
  std::string Pairs() {
    Write("Pairs.cfg", "INIT Init\nNEXT Next\n");
    return Write(
        "Pairs.tla",
        "---- MODULE Pairs ----\nEXTENDS Integers\nVARIABLES x, y\nInit == x = 0 /\\ y = 0\n"
        "Next == \\/ x' = (x + 1) % 600 /\\ UNCHANGED y\n        \\/ y' = (y + 1) % 600 /\\ UNCHANGED x\n====\n");
  }
  // 300,000 states of one value each.
  std::string Values() {
    Write("Values.cfg", "INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE\n");
    return Write("Values.tla",
                 "---- MODULE Values ----\nEXTENDS Integers\nVARIABLE x\nInit == x = <<0, {}>>\n"
                 "Next == x[1] < 300000 /\\ x' = <<x[1] + 1, {x[1]}>>\n====\n");
  }
};

TEST_F(Memory, IsReportedAlikeInEveryRun) {
  const json first = Explore({Values(), "--json", "--max-states", "1000"}).json();
  const json second = Explore({Values(), "--json", "--max-states", "1000", "--workers", "2"}).json();
  EXPECT_GT(first["memory_bytes"].get<std::uint64_t>(), 100'000U);
  EXPECT_EQ(first["memory_bytes"], second["memory_bytes"]);
  EXPECT_EQ(first["spilled_bytes"], 0);
}

TEST_F(Memory, BeyondTheLimitItEndsAndNamesTheOption) {
  const VerbRun run = Explore({Pairs(), "--max-memory", "4", "--json"});
  EXPECT_EQ(run.exit, 2);
  const json result = run.json();
  EXPECT_EQ(result["result"], "limit");
  EXPECT_EQ(result["limit"]["option"], "--max-memory");
  EXPECT_LT(result["states_distinct"].get<std::uint64_t>(), 360'000U);
}

TEST_F(Memory, TablesInFilesGiveTheSameCounts) {
  const json whole = Explore({Pairs(), "--json"}).json();
  for (const char* workers : {"1", "2"}) {
    const VerbRun run =
        Explore({Pairs(), "--max-memory", "4", "--spill", folder_.string(), "--workers", workers, "--json"});
    EXPECT_EQ(run.exit, 0);
    const json result = run.json();
    EXPECT_EQ(result["states_distinct"], 360'000);
    for (const char* field : {"states_generated", "states_distinct", "depth"}) EXPECT_EQ(result[field], whole[field]);
    EXPECT_GT(result["spilled_bytes"].get<std::uint64_t>(), 4'000'000U);
    EXPECT_LT(result["memory_bytes"].get<std::uint64_t>(), 4'000'000U);
  }
  // The files had no names.
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    EXPECT_TRUE(entry.path().extension() == ".tla" || entry.path().extension() == ".cfg") << entry.path();
  }
}

TEST_F(Memory, ValuesStayInMemoryAndCount) {
  const VerbRun run = Explore({Values(), "--max-memory", "8", "--spill", folder_.string(), "--json"});
  EXPECT_EQ(run.exit, 2);
  EXPECT_EQ(run.json()["limit"]["option"], "--max-memory");
}

TEST_F(Memory, ADirectoryThatTakesNoFilesIsAnError) {
  const VerbRun run = Explore({Pairs(), "--max-memory", "4", "--spill", "/proc", "--json"});
  EXPECT_EQ(run.exit, 3);
  EXPECT_NE(run.json()["diagnostics"][0]["message"].get<std::string>().find("/proc: there can be no file"),
            std::string::npos);
  const VerbRun missing = Explore({Pairs(), "--max-memory", "4", "--spill", Path("none")});
  EXPECT_EQ(missing.exit, 3);
  const VerbRun alone = Explore({Pairs(), "--spill", folder_.string()});
  EXPECT_EQ(alone.exit, 3);
}

}  // namespace
}  // namespace kelpie::cli
