// The repository's rules, each a function from its files to the places that break it.
//
//   Findings findings = CheckIncludes(tree);
//   EXPECT_TRUE(findings.empty()) << ToText(findings);
//
// tidy_test.cpp applies them to the repository, rules_test.cpp to samples that must fail.
#pragma once

#include "tests/tidy/source_tree.h"

namespace kelpie::tidy {

// --- against docs/ROOMS.md
[[nodiscard]] Findings CheckIncludes(const SourceTree& tree);      // directions and doors
[[nodiscard]] Findings CheckDependencies(const SourceTree& tree);  // kelpie_room(... DEPENDS ...)
[[nodiscard]] Findings CheckReadmes(const SourceTree& tree);       // every room's, first line

// --- text
[[nodiscard]] Findings CheckLengths(const SourceTree& tree);  // code files of at most 400 lines
[[nodiscard]] Findings CheckNames(const SourceTree& tree);    // no room for everything
[[nodiscard]] Findings CheckMarks(const SourceTree& tree);    // nothing left to do later
[[nodiscard]] Findings CheckPaths(const SourceTree& tree);    // no absolute path of one machine
[[nodiscard]] Findings CheckPages(const SourceTree& tree);    // pages that are mentioned exist

// --- lists
[[nodiscard]] Findings CheckTestLists(const SourceTree& tree);    // every _test.cpp and every folder of tests
[[nodiscard]] Findings CheckSourceLists(const SourceTree& tree);  // every .cpp of a room
[[nodiscard]] Findings CheckCodes(const SourceTree& tree);        // codes of diagnostics are unique

// --- decisions: tables `guarantee | spec | invariant or property | configuration | test` in docs/adr
[[nodiscard]] Findings CheckAdrs(const SourceTree& tree);
// --- gaps: docs/GAPS.md names what closes each, and every planted bug
[[nodiscard]] Findings CheckGaps(const SourceTree& tree);

}  // namespace kelpie::tidy
