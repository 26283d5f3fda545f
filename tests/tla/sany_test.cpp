// Every small module and every damaged one is accepted or refused as SANY does it.
#include <map>
#include <set>

#include "front_end.h"
#include "sany_corpus.h"

namespace kelpie {
namespace {

// What is different on purpose, with the reason. A row that agrees again is reported.
const std::map<std::string, std::string>& Deliberate() {
  static const std::map<std::string, std::string> reasons = {
#include "sany_differences.inc"
  };
  return reasons;
}

std::string Judge(const std::string& file_name, const std::string& text, const std::filesystem::path& library,
                  bool& is_accepted) {
  test::FrontEnd fe;
  fe.Write(file_name, text);
  if (!library.empty()) fe.options.library_paths = {library.string()};
  is_accepted = fe.Load(file_name) != nullptr;
  return fe.Rendered();
}

void Compare(const std::string& key, bool expected, bool is_accepted, const std::string& text,
             const std::string& rendered, std::set<std::string>& used) {
  const auto reason = Deliberate().find(key);
  if (reason != Deliberate().end()) {
    used.insert(key);
    EXPECT_NE(is_accepted, expected) << key << " agrees with SANY now; strike it from the differences";
    return;
  }
  EXPECT_EQ(is_accepted, expected) << key << ": SANY " << (expected ? "accepts" : "refuses") << " this\n"
                                   << text << rendered;
}

TEST(Sany, EveryCase) {
  std::set<std::string> used;
  const std::vector<test::SanyCase> cases = test::ReadCases();
  EXPECT_GE(cases.size(), 1000u);
  for (const test::SanyCase& one : cases) {
    bool is_accepted = false;
    const std::string rendered = Judge("M.tla", one.text, {}, is_accepted);
    Compare(one.name, one.is_accepted, is_accepted, one.text, rendered, used);
    // Refusing without a word, or accepting with an error, would be worse than being wrong.
    EXPECT_EQ(rendered.find(": error:") != std::string::npos, !is_accepted) << one.name << "\n" << rendered;
  }
  for (const auto& [key, reason] : Deliberate()) {
    EXPECT_TRUE(used.contains(key) || key.find(' ') != std::string::npos) << key << " is no case";
  }
}

TEST(Sany, EveryMutation) {
  std::map<std::string, test::SanyModule> modules;
  for (test::SanyModule& module : test::ReadModules()) modules.emplace(module.name, module);
  const std::vector<test::SanyMutation> rows = test::ReadMutations();
  EXPECT_GE(rows.size(), 600u);
  std::set<std::string> mutated;
  std::set<std::string> used;
  for (const test::SanyMutation& row : rows) {
    const auto module = modules.find(row.module);
    ASSERT_NE(module, modules.end()) << row.module;
    mutated.insert(row.module);
    const std::string& text = module->second.text;
    const std::optional<std::string> damaged = Apply(row.mutation, text, test::TokensOf(text));
    ASSERT_TRUE(damaged && test::DigestOf(*damaged) == row.digest)
        << row.module << " was changed: its answers have to be recorded again, see tests/testdata/sany/README.md";
    bool is_accepted = false;
    const std::string rendered = Judge(module->second.file_name, *damaged, module->second.directory, is_accepted);
    const std::string key = row.module + " " + std::string(NameOf(row.mutation.kind)) + " " +
                            std::to_string(row.mutation.token) + " " + std::to_string(row.mutation.by);
    Compare(key, row.is_accepted, is_accepted, *damaged, rendered, used);
  }
  EXPECT_GE(mutated.size(), 200u);
}

TEST(Sany, MutationsDoWhatTheySay) {
  const std::string text = "x == 1 \\* one two\n  + 2 (* 3 *) /\\ \"a b\"\n";
  const auto tokens = test::TokensOf(text);
  const auto apply = [&](test::MutationKind kind, std::size_t token, int by) {
    return Apply({kind, token, by}, text, tokens).value_or("nothing");
  };
  EXPECT_EQ(tokens.size(), 7u);
  EXPECT_EQ(apply(test::MutationKind::kDelete, 3, 0), "x == 1 \\* one two\n   2 (* 3 *) /\\ \"a b\"\n");
  EXPECT_EQ(apply(test::MutationKind::kMove, 2, 1), "x ==  \\* one two\n  + 1 2 (* 3 *) /\\ \"a b\"\n");
  EXPECT_EQ(apply(test::MutationKind::kMove, 6, -1), "x == 1 \\* one two\n  + 2 (* 3 *) \"a b\" /\\ \n");
  EXPECT_EQ(apply(test::MutationKind::kIndent, 3, 2), "x == 1 \\* one two\n    + 2 (* 3 *) /\\ \"a b\"\n");
  EXPECT_EQ(apply(test::MutationKind::kIndent, 3, -2), "x == 1 \\* one two\n+ 2 (* 3 *) /\\ \"a b\"\n");
  EXPECT_EQ(apply(test::MutationKind::kIndent, 3, -3), "nothing");
  EXPECT_EQ(apply(test::MutationKind::kMove, 0, -1), "nothing");
}

}  // namespace
}  // namespace kelpie
