// What the sources of impl/ themselves must keep to.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace kelpie::impl_test {
namespace {

namespace fs = std::filesystem;

struct Source {
  std::string path;  // below impl/
  std::vector<std::string> lines;
};

std::vector<Source> Sources() {
  const fs::path root = fs::path(KELPIE_SOURCE_DIR) / "impl";
  std::vector<Source> sources;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
    Source source{entry.path().lexically_relative(root).string(), {}};
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) source.lines.push_back(line);
    sources.push_back(std::move(source));
  }
  return sources;
}

// Elsewhere a bug is a value that is handed on: named in an option, never asked about.
TEST(SourcesTest, BugsAreReadInMachinesOnly) {
  int read = 0;
  for (const Source& source : Sources()) {
    for (const std::string& line : source.lines) {
      const bool reads = line.find("Has(Bug::") != std::string::npos || line.find("bug ==") != std::string::npos ||
                         line.find("bug !=") != std::string::npos || line.find("switch (bug") != std::string::npos;
      if (!reads) continue;
      ++read;
      EXPECT_TRUE(source.path.starts_with("machines/lease/") || source.path.starts_with("machines/wal/") ||
                  source.path.starts_with("machines/migration/"))
          << source.path << ": " << line;
    }
    const bool may_name = source.path.starts_with("machines/") || source.path == "cluster/cluster.h" ||
                          source.path == "cluster/cluster.cpp" || source.path.starts_with("cluster/log_cluster.") ||
                          source.path.starts_with("cluster/migration_cluster.") || source.path == "main/system.cpp" ||
                          source.path == "main/simulate_verb.cpp";
    for (const std::string& line : source.lines) {
      const bool names = line.find("Bug") != std::string::npos || line.find("bug") != std::string::npos;
      const bool in_comment = line.find("//") != std::string::npos;
      EXPECT_TRUE(!names || may_name || in_comment) << source.path << ": " << line;
    }
  }
  EXPECT_GE(read, 40);
}

TEST(SourcesTest, EveryBugIsReadExactlyOnce) {
  std::ifstream list(fs::path(KELPIE_SOURCE_DIR) / "impl/machines/bugs.def");
  int bugs = 0;
  for (std::string line; std::getline(list, line);) {
    if (!line.starts_with("KELPIE_BUG(")) continue;
    ++bugs;
    const std::string name = line.substr(11, line.find(',') - 11);
    int reads = 0;
    for (const Source& source : Sources()) {
      for (const std::string& l : source.lines) reads += l.find("Has(Bug::" + name + ")") != std::string::npos ? 1 : 0;
    }
    EXPECT_EQ(reads, 1) << name;
  }
  EXPECT_EQ(bugs, 40);
}

TEST(SourcesTest, NothingDependsOnChanceOrPlatform) {
  const std::vector<std::string> forbidden = {"unordered_",    "double",       "float",        "std::rand",
                                              "random_device", "system_clock", "steady_clock", "std::thread",
                                              "<mutex>",       "time("};
  const std::vector<std::string> threads = {"std::thread", "<mutex>"};  // what works in real time has them
  for (const Source& source : Sources()) {
    const bool is_of_the_real_world = source.path.starts_with("rocks/") || source.path.starts_with("wal/");
    for (const std::string& line : source.lines) {
      const std::string code = line.substr(0, line.find("//"));
      for (const std::string& word : forbidden) {
        if (is_of_the_real_world && std::find(threads.begin(), threads.end(), word) != threads.end()) continue;
        EXPECT_EQ(code.find(word), std::string::npos) << source.path << ": " << line;
      }
    }
  }
}

TEST(SourcesTest, FilesStayShort) {
  for (const Source& source : Sources()) EXPECT_LT(source.lines.size(), 400U) << source.path;
}

}  // namespace
}  // namespace kelpie::impl_test
