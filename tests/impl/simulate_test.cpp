// The verb: options, exit codes, the directory it leaves behind.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "impl/machines/bugs.h"
#include "impl/main/simulate_verb.h"
#include "trace/file/run.h"
#include "trace/file/trace_reader.h"

namespace kelpie::impl_test {
namespace {

namespace fs = std::filesystem;

struct Result {
  int exit = 0;
  std::string out;
  std::string err;
};

Result Simulate(const std::vector<std::string>& args) {
  std::vector<const char*> argv = {"simulate"};
  for (const std::string& arg : args) argv.push_back(arg.c_str());
  std::ostringstream out;
  std::ostringstream err;
  Result result;
  result.exit = cluster::RunSimulate(static_cast<int>(argv.size()), argv.data(), out, err);
  result.out = out.str();
  result.err = err.str();
  return result;
}

class SimulateTest : public testing::Test {
 protected:
  void SetUp() override {
    const testing::TestInfo* info = testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::path(KELPIE_BINARY_DIR) / "simulate_test" / info->name();
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  [[nodiscard]] std::string In(const std::string& name) const { return (root_ / name).string(); }
  // File name -> bytes.
  static std::map<std::string, std::string> Contents(const std::string& directory) {
    std::map<std::string, std::string> contents;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory)) {
      std::ifstream file(entry.path(), std::ios::binary);
      std::ostringstream text;
      text << file.rdbuf();
      contents[entry.path().filename().string()] = text.str();
    }
    return contents;
  }
  fs::path root_;
};

TEST_F(SimulateTest, SameOptionsSameBytes) {
  for (const std::string format : {"jsonl", "ktrace"}) {
    for (const std::string run : {"a", "b"}) {
      const Result result = Simulate({"--seed", "5", "--steps", "500", "--format", format, "--out", In(format + run)});
      ASSERT_EQ(result.exit, 0) << result.err;
      EXPECT_NE(result.out.find("takeovers"), std::string::npos);
    }
    EXPECT_EQ(Contents(In(format + "a")), Contents(In(format + "b")));
  }
  EXPECT_TRUE(Contents(In("jsonla")).contains("n1.1.jsonl"));
  EXPECT_TRUE(Contents(In("jsonla")).contains("world.1.jsonl"));
  EXPECT_TRUE(Contents(In("ktracea")).contains("store.1.ktrace"));
  EXPECT_TRUE(Contents(In("ktracea")).contains("run.json"));
}

TEST_F(SimulateTest, BothFormatsTellTheSame) {
  std::map<std::string, std::vector<trace::Event>> events;
  for (const std::string format : {"jsonl", "ktrace"}) {
    ASSERT_EQ(Simulate({"--seed", "6", "--steps", "400", "--format", format, "--out", In(format)}).exit, 0);
    const auto files = trace::file::OpenRun(In(format));
    ASSERT_TRUE(files.ok());
    for (const std::string& path : files.value()) {
      auto reader = trace::file::TraceReader::Open(path);
      ASSERT_TRUE(reader.ok()) << reader.error().Render();
      while (true) {
        auto event = reader->Next();
        ASSERT_TRUE(event.ok()) << event.error().Render();
        if (!event.value()) break;
        events[format].push_back((*event.value()).event);
      }
    }
  }
  EXPECT_GT(events["jsonl"].size(), 400U);
  EXPECT_EQ(events["jsonl"], events["ktrace"]);
}

TEST_F(SimulateTest, JsonIsOneObjectAndIsKeptWithTheRun) {
  const Result result = Simulate({"--seed", "5", "--steps", "100", "--json", "--out", In("run")});
  ASSERT_EQ(result.exit, 0);
  EXPECT_EQ(result.out, Contents(In("run"))["run.json"]);
  EXPECT_TRUE(result.out.starts_with("{\"format\":\"kelpie.simulate/1\",\"seed\":5,"));
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
  EXPECT_TRUE(result.err.empty());
}

TEST_F(SimulateTest, ListsBugs) {
  const Result result = Simulate({"--list-bugs"});
  EXPECT_EQ(result.exit, 0);
  EXPECT_EQ(static_cast<std::size_t>(std::count(result.out.begin(), result.out.end(), '\n')),
            machines::AllBugs().size());
  EXPECT_TRUE(result.out.starts_with("heartbeat_ownership  "));
  EXPECT_NE(Simulate({"--list-bugs", "--json"}).out.find("\"action\":\"RequestWrite\""), std::string::npos);
}

TEST_F(SimulateTest, ABugNamesItsSystem) {
  const Result result = Simulate({"--bug", "ack_before_sync", "--steps", "100", "--json", "--out", In("run")});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_NE(result.out.find("\"system\":\"log\",\"clients\":2"), std::string::npos) << result.out;
  const Result other = Simulate({"--bug", "ack_before_sync", "--system", "lease", "--out", In("other")});
  EXPECT_EQ(other.exit, 3);
  EXPECT_NE(other.err.find("is one of the system log; leave --system out"), std::string::npos) << other.err;
}

TEST_F(SimulateTest, BadOptionsExitWithThree) {
  const std::vector<std::vector<std::string>> bad = {
      {},
      {"--seed", "x", "--out", In("run")},
      {"--nodes", "0", "--out", In("run")},
      {"--rho", "1000", "--out", In("run")},
      {"--format", "xml", "--out", In("run")},
      {"--system", "weather", "--out", In("run")},
      {"--system", "log", "--clients", "0", "--out", In("run")},
      {"--no-such-option", "--out", In("run")},
  };
  for (const std::vector<std::string>& args : bad) {
    const Result result = Simulate(args);
    EXPECT_EQ(result.exit, 3);
    EXPECT_FALSE(result.err.empty());
    EXPECT_TRUE(result.out.empty());
  }
  EXPECT_TRUE(fs::is_empty(root_));
}

TEST_F(SimulateTest, AnUnknownBugNamesTheKnownOnes) {
  const Result result = Simulate({"--bug", "gremlins", "--out", In("run")});
  EXPECT_EQ(result.exit, 3);
  EXPECT_NE(result.err.find("gremlins"), std::string::npos);
  EXPECT_NE(result.err.find("no_fencing"), std::string::npos);
}

TEST_F(SimulateTest, NeverWritesIntoWhatIsNotItsOwn) {
  const std::vector<std::string> args = {"--steps", "100", "--out", In("run")};
  ASSERT_EQ(Simulate(args).exit, 0);
  const Result again = Simulate(args);
  EXPECT_EQ(again.exit, 3);
  EXPECT_NE(again.err.find("--force"), std::string::npos);
  std::vector<std::string> forced = args;
  forced.push_back("--force");
  EXPECT_EQ(Simulate(forced).exit, 0);
  std::ofstream(root_ / "run" / "letter.txt") << "dear";
  EXPECT_EQ(Simulate(forced).exit, 3);
  EXPECT_TRUE(fs::exists(root_ / "run" / "letter.txt"));
  std::ofstream(root_ / "file") << "x";
  EXPECT_EQ(Simulate({"--steps", "100", "--out", In("file")}).exit, 3);
}

TEST_F(SimulateTest, AnEmptyDirectoryIsUsedAndNothingPartialStays) {
  fs::create_directories(root_ / "run");
  ASSERT_EQ(Simulate({"--steps", "100", "--out", In("run/")}).exit, 0);
  std::size_t entries = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(root_)) {
    ++entries;
    EXPECT_EQ(entry.path().filename(), "run");
  }
  EXPECT_EQ(entries, 1U);
}

}  // namespace
}  // namespace kelpie::impl_test
