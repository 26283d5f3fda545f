// The golden machinery itself: a stale or missing file fails, only an update rewrites, never in CI.
#include "tests/support/golden.h"

#include <unistd.h>

#include <fstream>
#include <sstream>

namespace kelpie::test {
namespace {

namespace fs = std::filesystem;

class GoldenFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("kelpie-golden-" + std::to_string(getpid()));
    fs::create_directories(folder_);
    path_ = folder_ / "one.txt";
  }
  void TearDown() override { fs::remove_all(folder_); }
  void Write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }
  [[nodiscard]] std::string Text() const {
    std::stringstream text;
    text << std::ifstream(path_, std::ios::binary).rdbuf();
    return text.str();
  }
  fs::path folder_;
  fs::path path_;
};

TEST_F(GoldenFile, EqualTextPassesAndIsNotWritten) {
  Write("a\nb\n");
  const auto before = fs::last_write_time(path_);
  EXPECT_TRUE(CompareGolden(path_, "a\nb\n", GoldenMode::kCompare));
  EXPECT_TRUE(CompareGolden(path_, "a\nb\n", GoldenMode::kUpdate));
  EXPECT_EQ(fs::last_write_time(path_), before);
}

TEST_F(GoldenFile, AStaleFileFailsAndStays) {
  Write("a\nb\nc\n");
  const auto result = CompareGolden(path_, "a\nx\nc\n", GoldenMode::kCompare);
  EXPECT_FALSE(result);
  const std::string message = result.message();
  EXPECT_NE(message.find("line 2\n    kept |b\n    now  |x"), std::string::npos) << message;
  EXPECT_NE(message.find("KELPIE_UPDATE_GOLDEN=1"), std::string::npos);
  EXPECT_EQ(Text(), "a\nb\nc\n");
}

TEST_F(GoldenFile, OneByteAtTheEndIsADifference) {
  Write("a\n");
  EXPECT_FALSE(CompareGolden(path_, "a", GoldenMode::kCompare));
  EXPECT_FALSE(CompareGolden(path_, "a\n\n", GoldenMode::kCompare));
  EXPECT_FALSE(CompareGolden(path_, "", GoldenMode::kCompare));
}

TEST_F(GoldenFile, AMissingFileFailsAlsoForEmptyText) {
  EXPECT_FALSE(CompareGolden(path_, "", GoldenMode::kCompare));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(GoldenFile, AnUpdateRewritesAndThenItPasses) {
  Write("old\n");
  EXPECT_TRUE(CompareGolden(path_, "new\n", GoldenMode::kUpdate));
  EXPECT_EQ(Text(), "new\n");
  EXPECT_TRUE(CompareGolden(path_, "new\n", GoldenMode::kCompare));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator{}), 1) << "something is left over";
}

TEST_F(GoldenFile, AnUpdateThatCannotWriteFails) {
  EXPECT_FALSE(CompareGolden(folder_ / "none" / "one.txt", "new\n", GoldenMode::kUpdate));
}

TEST(GoldenMode, UpdatesOnlyWhenAskedAndNeverInCi) {
  EXPECT_EQ(GoldenModeOf(nullptr, nullptr), GoldenMode::kCompare);
  EXPECT_EQ(GoldenModeOf("0", nullptr), GoldenMode::kCompare);
  EXPECT_EQ(GoldenModeOf("yes", nullptr), GoldenMode::kCompare);
  EXPECT_EQ(GoldenModeOf("1", nullptr), GoldenMode::kUpdate);
  EXPECT_EQ(GoldenModeOf("1", ""), GoldenMode::kUpdate);
  EXPECT_EQ(GoldenModeOf("1", "false"), GoldenMode::kUpdate);
  EXPECT_EQ(GoldenModeOf("1", "true"), GoldenMode::kCompare);
  EXPECT_EQ(GoldenModeOf("1", "1"), GoldenMode::kCompare);
}

TEST(GoldenMode, TheScriptOfCiSetsCi) {
  std::stringstream text;
  text << std::ifstream(std::string(KELPIE_SOURCE_DIR) + "/.ci/run").rdbuf();
  EXPECT_NE(text.str().find("\nexport CI=true\n"), std::string::npos);
}

}  // namespace
}  // namespace kelpie::test
