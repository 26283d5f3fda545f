// Model files against what TLC makes of them: tests/testdata/configurations.tsv.
#include "tests/cli/cli_fixture.h"

#include <algorithm>
#include <regex>

namespace kelpie::cli {
namespace {

struct Row {
  std::string name;
  std::string shown;          // an expression
  std::string configuration;  // text of the model file
  std::string result;         // TLC's, in the words of explore; `refused`: it does not start
  std::string counts;         // generated and distinct, where the result is ok
  std::string value;          // of `shown`, without spaces around brackets and commas
  std::string ours;           // where we differ on purpose: the result, and for ok the value when that differs
};

std::string Unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
    } else {
      ++i;
      out += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
    }
  }
  return out;
}

std::vector<Row> Rows() {
  std::ifstream in(std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/configurations.tsv");
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == '\t') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    fields.resize(7);
    rows.push_back({fields[0], fields[1], Unescaped(fields[2]), fields[3], fields[4], fields[5], fields[6]});
  }
  return rows;
}

class Configurations : public CliTest, public ::testing::WithParamInterface<Row> {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    for (const char* name : {"Configured.tla", "ConfiguredPart.tla", "ConfiguredInner.tla"}) {
      std::filesystem::copy_file(std::filesystem::path(KELPIE_SOURCE_DIR) / "tests/testdata/configurations" / name,
                                 folder_ / name);
    }
  }
};

TEST_P(Configurations, AsTlc) {
  const Row& row = GetParam();
  const std::string spec =
      Write("M.tla", "---- MODULE M ----\nEXTENDS Configured\nASSUME PrintT(<<\"shown\", " + row.shown + ">>)\n====\n");
  const std::string config = Write("M.cfg", row.configuration);
  const VerbRun run = Explore({spec, "--config", config, "--json"});
  const nlohmann::json found = run.json();

  std::string value;
  std::smatch match;
  if (std::regex_search(run.err, match, std::regex("<<\"shown\", (.*)>>\n"))) {
    value = std::regex_replace(match[1].str(), std::regex("\\s*([<>{},|])\\s*"), "$1");
  }
  const std::size_t space = row.ours.find(' ');
  const bool is_value_ours = space != std::string::npos;
  const std::string result = row.ours.empty() ? row.result : row.ours.substr(0, space);
  if (result == "refused") {
    // What is wrong with the file is said at once; what depends on values, when they are asked for.
    EXPECT_TRUE(found["result"] == "bad_input" || found["result"] == "evaluation") << run.out;
    EXPECT_EQ(run.exit, 3);
  } else {
    EXPECT_EQ(found["result"], result) << run.out;
  }
  if (found["result"] == "bad_input" || found["result"] == "evaluation") {
    ASSERT_FALSE(found["diagnostics"].empty());
    EXPECT_NE(found["diagnostics"][0]["message"], "");
  }
  if (result != "ok") return;
  if (is_value_ours || row.ours.empty()) {
    EXPECT_EQ(value, is_value_ours ? row.ours.substr(space + 1) : row.value);
    EXPECT_EQ(std::to_string(found["states_generated"].get<int>()) + " " +
                  std::to_string(found["states_distinct"].get<int>()),
              row.counts);
  }
}

INSTANTIATE_TEST_SUITE_P(Tlc, Configurations, ::testing::ValuesIn(Rows()),
                         [](const ::testing::TestParamInfo<Row>& row) {
                           std::string name = row.param.name;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
                           return name;
                         });

TEST(ConfigurationTable, IsThere) { EXPECT_GE(Rows().size(), 110U); }

}  // namespace
}  // namespace kelpie::cli
