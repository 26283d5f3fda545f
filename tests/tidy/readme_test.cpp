// What the README shows is what the files hold and what the programs print.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <regex>

#include "tests/tidy/source_tree.h"

namespace kelpie::tidy {
namespace {

using testing::Contains;
using testing::HasSubstr;

const SourceTree& Repository() {
  static const SourceTree tree = SourceTree::Read(KELPIE_SOURCE_DIR);
  return tree;
}

// The texts between ``` lines.
std::vector<std::string> FencedBlocks(const SourceFile& page) {
  std::vector<std::string> blocks;
  bool is_inside = false;
  for (const std::string& line : page.lines) {
    if (line.starts_with("```")) {
      is_inside = !is_inside;
      if (is_inside) blocks.emplace_back();
    } else if (is_inside) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

std::string FileText(const std::string& path) {
  std::string text;
  FILE* file = std::fopen((std::string(KELPIE_SOURCE_DIR) + "/" + path).c_str(), "rb");
  if (file == nullptr) return "no file " + path;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  std::fclose(file);
  return text;
}

struct Outcome {
  int exit = -1;
  std::string output;
};

// What `./kelpie ARGUMENTS` prints, in the repository's folder.
Outcome Kelpie(const std::string& arguments) {
  const std::string command = std::string("cd '") + KELPIE_SOURCE_DIR + "' && '" + KELPIE_BINARY_DIR +
                              "/bin/kelpie-checker' " + arguments + " 2>&1";
  Outcome run;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return run;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) run.output += static_cast<char>(c);
  const int status = pclose(pipe);
  run.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return run;
}

// Without what differs from run to run: times, and blanks at the ends of lines.
std::string Steady(std::string text) {
  text = std::regex_replace(text, std::regex("[0-9.]+ m?s\\b"), "N ms");
  text = std::regex_replace(text, std::regex(" +\n"), "\n");
  while (text.ends_with("\n")) text.pop_back();
  return text;
}

const SourceFile& Readme() {
  const SourceFile* page = Repository().Find("README.md");
  static const SourceFile none;
  return page != nullptr ? *page : none;
}

TEST(ReadmeTest, ShowsTheTwoCommands) {
  EXPECT_THAT(Readme().Text(), HasSubstr("./kelpie demo"));
  EXPECT_THAT(Readme().Text(), HasSubstr("./kelpie test"));
}

TEST(ReadmeTest, ShowsTheFilesAsTheyAre) {
  const auto blocks = FencedBlocks(Readme());
  for (const char* path : {"Tickets.tla", "Tickets.cfg", "tickets.jsonl"}) {
    EXPECT_THAT(blocks, Contains(FileText(std::string("docs/ten-minutes/") + path))) << path;
  }
}

TEST(ReadmeTest, TheBrokenTraceDiffersInItsLastLineOnly) {
  const std::vector<std::string> good = Split(FileText("docs/ten-minutes/tickets.jsonl"), '\n');
  std::vector<std::string> broken = Split(FileText("docs/ten-minutes/tickets-broken.jsonl"), '\n');
  ASSERT_EQ(good.size(), 10U);
  ASSERT_EQ(broken.size(), 10U);
  EXPECT_THAT(FencedBlocks(Readme()), Contains(broken.back() + "\n"));
  EXPECT_NE(broken.back(), good.back());
  broken.back() = good.back();
  EXPECT_EQ(broken, good);
}

TEST(ReadmeTest, TheGoodTraceConforms) {
  const Outcome run = Kelpie("check docs/ten-minutes/tickets.jsonl --spec docs/ten-minutes/Tickets.tla --json");
  EXPECT_EQ(run.exit, 0) << run.output;
  EXPECT_THAT(run.output, HasSubstr("\"verdict\": \"conforms\""));
}

TEST(ReadmeTest, TheBrokenTraceViolatesAtItsLastEvent) {
  const Outcome run = Kelpie("check docs/ten-minutes/tickets-broken.jsonl --spec docs/ten-minutes/Tickets.tla --json");
  EXPECT_EQ(run.exit, 1) << run.output;
  EXPECT_THAT(run.output, HasSubstr("\"verdict\": \"violates\""));
  EXPECT_THAT(run.output, HasSubstr("\"failed_at\": 10,"));
  EXPECT_THAT(run.output, HasSubstr("\"check\": 3,"));
}

// Blocks that begin with `$ ./kelpie check|explore|parse`, run again.
TEST(ReadmeTest, TranscriptsAreReal) {
  std::size_t count = 0;
  for (const std::string& block : FencedBlocks(Readme())) {
    const std::size_t end = block.find('\n');
    const std::string command = block.substr(0, end);
    std::smatch match;
    if (!std::regex_match(command, match, std::regex(R"(\$ \./kelpie ((check|explore|parse) docs/.*))"))) continue;
    ++count;
    EXPECT_EQ(Steady(Kelpie(match[1]).output), Steady(block.substr(end + 1))) << command;
  }
  EXPECT_GE(count, 3U);
}

}  // namespace
}  // namespace kelpie::tidy
