// The code of programs, as text: what names became, which slots are remembered, what is called.
// KELPIE_UPDATE_GOLDEN=1 rewrites the files after a wanted change.
#include <gtest/gtest.h>

#include <filesystem>

#include "checker/cli/spec_loading.h"
#include "checker/program/compile.h"
#include "tests/support/golden.h"

namespace kelpie::testing {
namespace {

std::string Dump(const std::string& spec_file) {
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  const cli::LoadedSpec loaded = cli::LoadProgram(spec_file, "", false, {}, sources, diagnostics);
  return loaded.program ? program::DumpProgram(*loaded.program) : tla::Render(sources, diagnostics.list());
}

TEST(ProgramGolden, DumpsAreAsKept) {
  const std::filesystem::path root = KELPIE_SOURCE_DIR;
  const std::filesystem::path kept = root / "tests/checker/testdata";
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kept)) {
    if (entry.path().extension() != ".tla") continue;
    std::filesystem::path golden = entry.path();
    golden.replace_extension(".program");
    EXPECT_TRUE(test::CompareGolden(golden, Dump(entry.path().string())));
    ++count;
  }
  EXPECT_GE(count, 3U);
}

// A limit of the compiler is an error with the option that raises it, not a crash.
TEST(Compile, RefusesWhatGrowsBeyondTheLimit) {
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  const std::string file = std::string(KELPIE_SOURCE_DIR) + "/tests/checker/testdata/Calls.tla";
  const cli::LoadedSpec loaded = cli::LoadProgram(file, "", false, {}, sources, diagnostics);
  ASSERT_NE(loaded.program, nullptr);
  const program::CompileResult made =
      program::Compile(*loaded.program, loaded.program->next, program::Mode::kStep, {.nodes_max = 5});
  EXPECT_EQ(made.code, nullptr);
  EXPECT_EQ(made.option, "--max-code");
  const program::CompileResult deep =
      program::Compile(*loaded.program, loaded.program->next, program::Mode::kStep, {.depth_max = 3});
  EXPECT_EQ(deep.code, nullptr);
  EXPECT_EQ(deep.option, "--max-depth");
}

}  // namespace
}  // namespace kelpie::testing
