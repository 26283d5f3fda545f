// `explore --workers N` gives what one worker gives, byte for byte: counts, actions, counterexamples, violations that
// were gone past, the graph.
#include <atomic>
#include <stdexcept>

#include "checker/cli/worker_pool.h"
#include "tests/cli/cli_fixture.h"

namespace kelpie::cli {
namespace {

using nlohmann::json;

// Small models with one worker take milliseconds; the table has them in every style. Smaller ones under sanitizers.
std::uint64_t GeneratedMax() {
  const char* text = std::getenv("KELPIE_EXPLORE_GENERATED_MAX");
  return text != nullptr ? std::stoull(text) / 10 : 12'000;
}

std::vector<json> Models() {
  std::ifstream in(std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/tlc_counts.json");
  const json table = json::parse(in);
  std::vector<json> models;
  for (const json& facts : table["models"]) {
    if (!facts["states_generated"].is_number() || facts["states_generated"] <= GeneratedMax()) models.push_back(facts);
  }
  return models;
}

class Workers : public CliTest {
 protected:
  static json Result(const std::string& spec, const std::string& config, const std::string& workers,
                     std::vector<std::string> more = {}) {
    std::vector<std::string> args = {spec, "--config", config, "--workers", workers, "--json"};
    args.insert(args.end(), more.begin(), more.end());
    json result = Explore(args).json();
    result.erase("seconds");
    return result;
  }
};

TEST_F(Workers, GiveWhatOneGives) {
  const std::string root = std::string(KELPIE_SOURCE_DIR) + "/";
  const std::vector<json> models = Models();
  ASSERT_GE(models.size(), 60U);
  for (const json& facts : models) {
    const std::string spec = root + facts["spec"].get<std::string>();
    const std::string config = root + facts["config"].get<std::string>();
    const json one = Result(spec, config, "1");
    EXPECT_EQ(one, Result(spec, config, "2")) << config;
    EXPECT_EQ(one, Result(spec, config, "5")) << config;
  }
}

TEST_F(Workers, GoOnAsOneDoes) {
  const std::string root = std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/explore/";
  for (const char* name : {"counter_limit", "jugs_fails", "symmetry", "queue"}) {
    const std::string spec = root + (std::string(name) == "jugs_fails" ? "jugs" : name) + ".tla";
    const std::string config = root + name + ".cfg";
    EXPECT_EQ(Result(spec, config, "1", {"--continue"}), Result(spec, config, "3", {"--continue"})) << name;
  }
}

TEST_F(Workers, DrawTheGraphThatOneDraws) {
  const std::string spec = std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/explore/queue.tla";
  for (const char* form : {"dot", "json"}) {
    const VerbRun one = Explore({spec, "--dump-graph", form, "--workers", "1"});
    EXPECT_EQ(one.out, Explore({spec, "--dump-graph", form, "--workers", "4"}).out);
    EXPECT_FALSE(one.out.empty());
  }
}

TEST_F(Workers, AreOneWhereOrderCanBeSeen) {
  Write("Prints.cfg", "INIT Init\nNEXT Next\n");
  const std::string spec = Write("Prints.tla",
                                 "---- MODULE Prints ----\nEXTENDS Integers, TLC\nVARIABLE x\nInit == x = 0\n"
                                 "Next == x < 5 /\\ PrintT(x) /\\ x' = x + 1\n====\n");
  const VerbRun run = Explore({spec, "--workers", "4", "--deadlock", "off"});
  EXPECT_EQ(run.exit, 0);
  EXPECT_EQ(run.err, "0\n1\n2\n3\n4\n");
  EXPECT_NE(run.out.find("one worker:"), std::string::npos) << run.out;
}

TEST_F(Workers, MeetTheSameErrorFirst) {
  Write("Err.cfg", "INIT Init\nNEXT Next\n");
  const std::string spec = Write("Err.tla",
                                 "---- MODULE Err ----\nEXTENDS Integers\nVARIABLES x, y\nInit == x = 0 /\\ y = 0\n"
                                 "Next == \\/ x' = x + 1 /\\ UNCHANGED y\n        \\/ y' = y + 1 /\\ UNCHANGED x\n"
                                 "        \\/ x + y = 40 /\\ x' = 1 \\div (x - 17) /\\ y' = y\n====\n");
  const std::string config = Path("Err.cfg");
  const json one = Result(spec, config, "1");
  EXPECT_EQ(one["result"], "evaluation");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(one, Result(spec, config, "3"));
}

TEST_F(Workers, RecursionEndsInAnErrorOnEachThread) {
  Write("Deep.cfg", "INIT Init\nNEXT Next\n");
  const std::string spec = Write("Deep.tla",
                                 "---- MODULE Deep ----\nEXTENDS Integers\nVARIABLE x\nRECURSIVE Down(_)\n"
                                 "Down(n) == Down(n + 1)\nInit == x \\in 1..2000\n"
                                 "Next == IF x = 1500 THEN x' = Down(x) ELSE UNCHANGED x\n====\n");
  const VerbRun run = Explore({spec, "--workers", "4", "--json"});
  EXPECT_EQ(run.exit, 3);
  EXPECT_EQ(run.json()["diagnostics"][0]["code"], "evaluation-max-depth");
}

TEST_F(Workers, StopAtTheSameLimit) {
  const std::string root = std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/explore/queue";
  for (const char* limit : {"10", "57", "100"}) {
    EXPECT_EQ(Result(root + ".tla", root + ".cfg", "1", {"--max-states", limit}),
              Result(root + ".tla", root + ".cfg", "3", {"--max-states", limit}));
    EXPECT_EQ(Result(root + ".tla", root + ".cfg", "1", {"--depth", "3"}),
              Result(root + ".tla", root + ".cfg", "3", {"--depth", "3"}));
  }
}

TEST_F(Workers, ANumberIsExpected) {
  const std::string spec = std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/explore/queue.tla";
  for (const char* wrong : {"0", "-1", "many", "257"}) EXPECT_EQ(Explore({spec, "--workers", wrong}).exit, 3) << wrong;
  EXPECT_EQ(Explore({spec, "--workers", "auto"}).exit, 0);
}

// --- the threads themselves

TEST(WorkerPoolTest, EachJobRunsOnceARound) {
  WorkerPool pool(4);
  std::vector<std::atomic<int>> runs(4);
  for (std::size_t round = 1; round <= 2'000; ++round) {
    const std::size_t count = 1 + round % 4;
    std::atomic<std::size_t> sum = 0;
    pool.Run(count, [&](std::size_t worker) {
      ++runs[worker];
      sum += worker + 1;
    });
    ASSERT_EQ(sum, count * (count + 1) / 2);
  }
  EXPECT_EQ(runs[0], 2'000);
  EXPECT_EQ(runs[3], 500);
}

TEST(WorkerPoolTest, AnExceptionIsThrownToTheCaller) {
  WorkerPool pool(3);
  for (const std::size_t thrower : {0U, 1U, 2U}) {
    EXPECT_THROW(pool.Run(3,
                          [&](std::size_t worker) {
                            if (worker == thrower) throw std::runtime_error("no");
                          }),
                 std::runtime_error);
  }
  std::atomic<int> after = 0;
  pool.Run(3, [&](std::size_t) { ++after; });
  EXPECT_EQ(after, 3);
}

// A frame of its own: the caller's thread must not have it.
[[gnu::noinline]] std::size_t UseLargeFrame() {
  volatile char large[32 << 20];
  for (std::size_t i = 0; i < sizeof large; i += 4096) large[i] = 1;
  return static_cast<std::size_t>(large[4096]);
}

TEST(WorkerPoolTest, ThreadsHaveALargeStack) {
  WorkerPool pool(2);
  std::atomic<std::size_t> sum = 0;
  pool.Run(2, [&](std::size_t worker) {
    if (worker == 1) sum += UseLargeFrame();
  });
  EXPECT_EQ(sum, 1U);
}

}  // namespace
}  // namespace kelpie::cli
