// Golden files: the text that a test wants is kept in a file beside its input.
//
//   EXPECT_TRUE(CompareGolden(folder / "Lists.ast", DumpAst(*module)));
//
// KELPIE_UPDATE_GOLDEN=1 rewrites files that differ instead of failing, so that a change of many is
// read as one difference of text. Never where CI is set: there a stale file fails, whatever else
// the environment says. A file is replaced as a whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace kelpie::test {

enum class GoldenMode : bool { kCompare, kUpdate };

// What the two variables ask for, KELPIE_UPDATE_GOLDEN and CI; null: not set.
[[nodiscard]] GoldenMode GoldenModeOf(const char* update, const char* ci);
// Of this process's environment.
[[nodiscard]] GoldenMode CurrentGoldenMode();

// Success when the file holds exactly `text`. Else: in kCompare a failure that names the first
// line that differs and how to rewrite; in kUpdate the file is written, standard error says so.
[[nodiscard]] testing::AssertionResult CompareGolden(const std::filesystem::path& path, std::string_view text,
                                                     GoldenMode mode = CurrentGoldenMode());

}  // namespace kelpie::test
