// Runs verbs in this process on files of a temporary folder, as a user would.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

#include "checker/cli/verbs.h"

namespace kelpie::cli {

struct VerbRun {
  int exit = -1;
  std::string out;
  std::string err;
  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(out); }
};

class CliTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("kelpie-" + std::to_string(::getpid()) + "-" + test->test_suite_name() + "-" + test->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  void CopyTestdata(const std::string& name) {
    std::filesystem::copy_file(std::filesystem::path(KELPIE_SOURCE_DIR) / "tests/cli/testdata" / name, folder_ / name,
                               std::filesystem::copy_options::overwrite_existing);
  }
  [[nodiscard]] std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  using Verb = int (*)(int, const char* const*, std::ostream&, std::ostream&);
  static VerbRun Call(Verb verb, std::vector<std::string> args) {
    args.insert(args.begin(), "kelpie");
    std::vector<const char*> argv;
    for (const std::string& arg : args) argv.push_back(arg.c_str());
    std::ostringstream out;
    std::ostringstream err;
    VerbRun run;
    run.exit = verb(static_cast<int>(argv.size()), argv.data(), out, err);
    run.out = out.str();
    run.err = err.str();
    return run;
  }
  static VerbRun Check(std::vector<std::string> args) { return Call(RunCheck, std::move(args)); }
  static VerbRun Explore(std::vector<std::string> args) { return Call(RunExplore, std::move(args)); }
  static VerbRun Parse(std::vector<std::string> args) { return Call(RunParse, std::move(args)); }

  std::filesystem::path folder_;
};

}  // namespace kelpie::cli
