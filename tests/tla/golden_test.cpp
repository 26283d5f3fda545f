// Each stage's dump of each module in testdata/ is compared with the file kept beside it;
// KELPIE_UPDATE_GOLDEN=1 rewrites the files. Modules named fail_* have their diagnostics compared.
#include <algorithm>
#include <vector>

#include "front_end.h"
#include "tests/support/golden.h"
#include "tla/syntax/dump.h"
#include "tla/syntax/parse.h"

namespace kelpie {
namespace {

namespace fs = std::filesystem;

const fs::path kTestdata = fs::path(KELPIE_SOURCE_DIR) / "tests/tla/testdata";

std::vector<std::string> Modules() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kTestdata)) {
    if (entry.path().extension() == ".tla") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void Compare(const std::string& file, const std::string& text) {
  EXPECT_TRUE(test::CompareGolden(kTestdata / file, text));
}

class Golden : public testing::TestWithParam<std::string> {
 protected:
  // Dumps show paths as they were given; relative ones are the same on every machine.
  void SetUp() override {
    before_ = fs::current_path();
    fs::current_path(kTestdata);
  }
  void TearDown() override { fs::current_path(before_); }

 private:
  fs::path before_;
};

bool IsFailing(const std::string& name) { return name.starts_with("fail_"); }

TEST_P(Golden, Stages) {
  const std::string name = GetParam();
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  const tla::FileId file = sources.Add(name + ".tla", test::ReadAll(name + ".tla"));
  if (IsFailing(name)) {
    EXPECT_EQ(resolve::LoadSpec(name + ".tla", {}, sources, diagnostics), nullptr);
    return Compare(name + ".diagnostics", tla::Render(sources, diagnostics.list()));
  }
  Compare(name + ".tokens", syntax::DumpTokens(file, sources, {}, diagnostics));
  const auto module = syntax::ParseModule(file, sources, {}, diagnostics);
  ASSERT_TRUE(module) << tla::Render(sources, diagnostics.list());
  Compare(name + ".ast", syntax::DumpAst(*module));
  const auto spec = resolve::LoadSpec(name + ".tla", {}, sources, diagnostics);
  ASSERT_NE(spec, nullptr) << tla::Render(sources, diagnostics.list());
  Compare(name + ".resolved", resolve::DumpResolved(*spec));
  EXPECT_TRUE(diagnostics.list().empty());
}

INSTANTIATE_TEST_SUITE_P(Modules, Golden, testing::ValuesIn(Modules()), [](const auto& one) { return one.param; });

// --- coverage: every kind has an example

std::string AllGoldens(const std::string& extension) {
  std::string all;
  for (const std::string& name : Modules()) all += test::ReadAll(kTestdata / (name + extension)) + "\n";
  return all;
}

// True when `word` stands as a whole word, possibly behind a role such as "when ".
bool HasWord(const std::string& text, const std::string& word) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const char after = at + word.size() < text.size() ? text[at + word.size()] : '\n';
    if ((at == 0 || text[at - 1] == ' ' || text[at - 1] == '\n') && (after == ' ' || after == '\n')) return true;
  }
  return false;
}

TEST(GoldenCoverage, EveryNodeKind) {
  const std::string all = AllGoldens(".ast");
#define KELPIE_NODE_KIND(name, text) EXPECT_TRUE(HasWord(all, text)) << "no golden has the node kind " #name;
#include "tla/ast/node_kinds.def"
#undef KELPIE_NODE_KIND
}

TEST(GoldenCoverage, EveryExprKind) {
  const std::string all = AllGoldens(".resolved");
#define KELPIE_EXPR_KIND(name, text) EXPECT_TRUE(HasWord(all, text)) << "no golden has the expression kind " #name;
#include "tla/resolve/expr_kinds.def"
#undef KELPIE_EXPR_KIND
}

TEST(GoldenCoverage, EveryBuiltin) {
  const std::string all = AllGoldens(".resolved");
#define KELPIE_BUILTIN(name, module, text, arity, level) \
  EXPECT_TRUE(HasWord(all, "builtin " text)) << "no golden has the built-in " #name;
#include "tla/resolve/builtins.def"
#undef KELPIE_BUILTIN
}

TEST(GoldenCoverage, EveryTokenKind) {
  // Words of proofs are removed before the dump; raw kinds have become others.
  const std::string kAbsent = " ProofBegin ProofWord Qed Step Junction Bracket ";
  const std::string all = AllGoldens(".tokens");
#define KELPIE_TOKEN(name, grammar_name, spelling, text)                                           \
  {                                                                                                \
    const std::string kind = std::string(#name).substr(1);                                         \
    EXPECT_TRUE(HasWord(kAbsent, kind) || HasWord(all, kind)) << "no golden has the token " #name; \
  }
#include "tla/syntax/tokens.def"
#undef KELPIE_TOKEN
}

TEST(GoldenCoverage, EveryFileHasItsModule) {
  for (const auto& entry : fs::directory_iterator(kTestdata)) {
    if (entry.path().extension() == ".tla") continue;
    EXPECT_TRUE(fs::exists(fs::path(entry.path()).replace_extension(".tla"))) << entry.path() << " belongs to nothing";
  }
}

}  // namespace
}  // namespace kelpie
