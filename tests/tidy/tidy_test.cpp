// The repository keeps its own rules.
#include <gtest/gtest.h>

#include "tests/tidy/rules.h"

namespace kelpie::tidy {
namespace {

const SourceTree& Repository() {
  static const SourceTree tree = SourceTree::Read(KELPIE_SOURCE_DIR);
  return tree;
}

void ExpectNone(const Findings& findings) {
  EXPECT_TRUE(findings.empty()) << findings.size() << " places:\n" << ToText(findings);
}

// A walk that finds nothing proves nothing.
TEST(TidyTest, TheRepositoryIsSeen) {
  EXPECT_GT(Repository().files().size(), 100U);
  EXPECT_TRUE(Repository().Exists("checker/refine/checker.cpp"));
  EXPECT_TRUE(Repository().Exists("impl/machines"));
  EXPECT_NE(Repository().Find("kelpie"), nullptr);
  EXPECT_FALSE(Repository().Exists("build"));
}

TEST(TidyTest, IncludesGoDownAndThroughDoors) { ExpectNone(CheckIncludes(Repository())); }
TEST(TidyTest, LibrariesDependDown) { ExpectNone(CheckDependencies(Repository())); }
TEST(TidyTest, EveryRoomSaysWhatItIs) { ExpectNone(CheckReadmes(Repository())); }
TEST(TidyTest, FilesAreShort) { ExpectNone(CheckLengths(Repository())); }
TEST(TidyTest, FilesAreNamedForTheirSubject) { ExpectNone(CheckNames(Repository())); }
TEST(TidyTest, NothingIsMarkedForLater) { ExpectNone(CheckMarks(Repository())); }
TEST(TidyTest, NoPathsOfOneMachine) { ExpectNone(CheckPaths(Repository())); }
TEST(TidyTest, MentionedPagesExist) { ExpectNone(CheckPages(Repository())); }
TEST(TidyTest, EveryTestIsBuilt) { ExpectNone(CheckTestLists(Repository())); }
TEST(TidyTest, EverySourceIsBuilt) { ExpectNone(CheckSourceLists(Repository())); }
TEST(TidyTest, CodesAreUnique) { ExpectNone(CheckCodes(Repository())); }
TEST(TidyTest, DecisionsNameWhatHoldsThemUp) { ExpectNone(CheckAdrs(Repository())); }
TEST(TidyTest, GapsNameWhatClosesThem) { ExpectNone(CheckGaps(Repository())); }

}  // namespace
}  // namespace kelpie::tidy
