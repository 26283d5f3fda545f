// Each rule must pass a sample that keeps it and fail one that breaks it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tidy/rules.h"
#include "tests/tidy/sample.h"

namespace kelpie::tidy {
namespace {

using testing::HasSubstr;

constexpr const char* kRooms = R"(# Rooms
| room | sentence | may include |
| --- | --- | --- |
| tla/source | text with positions | - |
| tla/ast | syntax as data -> trees | below |
| trace/value | events | - |
| impl/env | the seam | - |
| impl/sim | a world | below |
| impl/node | one process | below, trace/value |
| checker/program | compiled | tla |
| checker/eval | values | below, tla |
| checker/observe | observations | checker/eval, trace |

| library | header prefix | allowed rooms |
| --- | --- | --- |
| protobuf | google/protobuf/, trace.pb.h | trace/value |
| clocks | chrono | - |
)";

class RulesTest : public testing::Test {
 protected:
  RulesTest() { sample_.Write("docs/ROOMS.md", kRooms); }
  // The findings of an include of `what` in a file of `room`.
  std::string Include(const std::string& room, const std::string& what) {
    sample_.Write(room + "/file.cpp", "// Text.\n#include " + what + "\n");
    return ToText(CheckIncludes(sample_.Read()));
  }
  Sample sample_;
};

TEST_F(RulesTest, DownIsAllowed) {
  EXPECT_EQ(Include("impl/node", "\"impl/sim/world.h\""), "");
  EXPECT_EQ(Include("impl/node", "\"trace/value/event.h\""), "");
  EXPECT_EQ(Include("checker/eval", "\"tla/ast/ast.h\""), "");
  EXPECT_EQ(Include("checker/observe", "\"trace/value/event.h\""), "");
  EXPECT_EQ(Include("impl/env", "<vector>"), "");
  EXPECT_EQ(Include("trace/value", "<google/protobuf/arena.h>"), "");
  EXPECT_EQ(Include("trace/value", "\"trace.pb.h\""), "");
}

TEST_F(RulesTest, UpIsNot) {
  EXPECT_THAT(Include("impl/sim", "\"impl/node/emit.h\""),
              HasSubstr("impl/sim/file.cpp:2: impl/sim may not include impl/node"));
}

TEST_F(RulesTest, TheJudgedDoesNotSeeTheJudge) {
  EXPECT_THAT(Include("impl/node", "\"checker/eval/value.h\""), HasSubstr("may not include checker/eval"));
}
TEST_F(RulesTest, ATreeDoesNotSeeAnother) {
  EXPECT_THAT(Include("trace/value", "\"tla/source/source.h\""), HasSubstr("may not include tla/source"));
}
TEST_F(RulesTest, OnlyListedRoomsOfOnesOwnTree) {
  EXPECT_THAT(Include("checker/observe", "\"checker/program/program.h\""),
              HasSubstr("may not include checker/program"));
}
TEST_F(RulesTest, SpacesDoNotHideAnInclude) {
  sample_.Write("tla/source/a.h", "  #  include   \"trace/value/event.h\"\n");
  EXPECT_THAT(ToText(CheckIncludes(sample_.Read())), HasSubstr("tla/source may not include trace/value"));
}
TEST_F(RulesTest, DoorsAreKept) {
  EXPECT_THAT(Include("impl/node", "<google/protobuf/arena.h>"), HasSubstr("impl/node is no door of protobuf"));
}
TEST_F(RulesTest, AStandardHeaderCanHaveADoor) {
  EXPECT_THAT(Include("impl/sim", "<chrono>"), HasSubstr("impl/sim is no door of clocks"));
}
TEST_F(RulesTest, AnUnknownLibraryNeedsARow) {
  EXPECT_THAT(Include("impl/sim", "<boost/asio.hpp>"), HasSubstr("without a row"));
}
TEST_F(RulesTest, RoomsAreIncludedByTheirFullPath) {
  EXPECT_THAT(Include("impl/sim", "\"world.h\""), HasSubstr("full path"));
}
TEST_F(RulesTest, RoomsSeeNoTests) {
  EXPECT_THAT(Include("impl/sim", "\"tests/tidy/rules.h\""), HasSubstr("full path"));
}
TEST_F(RulesTest, AFolderThatIsNoRoom) {
  EXPECT_THAT(Include("impl/extra", "<vector>"), HasSubstr("impl/extra is no room of the table"));
}
TEST_F(RulesTest, ATableThatBreaksTheTreesDirections) {
  std::string page = kRooms;
  page.replace(page.find("| trace/value | events | - |"), 28, "| trace/value | events | tla |");
  sample_.Write("docs/ROOMS.md", page);
  EXPECT_THAT(ToText(CheckIncludes(sample_.Read())), HasSubstr("directions forbid it"));
}
TEST_F(RulesTest, ATableThatNamesWhatComesLater) {
  std::string page = kRooms;
  page.replace(page.find("| impl/env | the seam | - |"), 27, "| impl/env | the seam | impl/sim |");
  sample_.Write("docs/ROOMS.md", page);
  EXPECT_THAT(ToText(CheckIncludes(sample_.Read())), HasSubstr("does not stand above it"));
}
TEST_F(RulesTest, NoTableNoPass) {
  sample_.Write("docs/ROOMS.md", "# Rooms\n");
  EXPECT_FALSE(CheckIncludes(sample_.Read()).empty());
  EXPECT_FALSE(CheckReadmes(sample_.Read()).empty());
}

TEST_F(RulesTest, LibrariesDependDownOnly) {
  sample_.Write("impl/CMakeLists.txt",
                "kelpie_room(impl/node SOURCES a.cpp\n  DEPENDS impl/sim trace/value LINKS x)\n");
  EXPECT_EQ(ToText(CheckDependencies(sample_.Read())), "");
  sample_.Write("impl/CMakeLists.txt", "kelpie_room(impl/sim SOURCES a.cpp\n  DEPENDS impl/env\n  impl/node)\n");
  EXPECT_THAT(ToText(CheckDependencies(sample_.Read())), HasSubstr("impl/sim may not depend on impl/node"));
}

TEST_F(RulesTest, AReadmeBeginsWithTheSentence) {
  sample_.Write("tla/ast/ast.h", "");
  EXPECT_THAT(ToText(CheckReadmes(sample_.Read())), HasSubstr("tla/ast/README.md: is missing"));
  sample_.Write("tla/ast/README.md", "# tla/ast \u2014 syntax as data \u2192 trees\n\nMore.\n");
  EXPECT_EQ(ToText(CheckReadmes(sample_.Read())), "");
  sample_.Write("tla/ast/README.md", "Syntax as data -> trees.\n\nMore.\n");
  EXPECT_EQ(ToText(CheckReadmes(sample_.Read())), "");
  sample_.Write("tla/ast/README.md", "# tla/ast \u2014 something else\n");
  EXPECT_THAT(ToText(CheckReadmes(sample_.Read())), HasSubstr("must begin with the room's sentence"));
  sample_.Write("tla/ast/README.md", "# tla/source \u2014 syntax as data -> trees\n");
  EXPECT_FALSE(CheckReadmes(sample_.Read()).empty());
}

TEST_F(RulesTest, LongFiles) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "int x;\n";
  sample_.Write("impl/sim/world.cpp", text);
  EXPECT_TRUE(CheckLengths(sample_.Read()).empty());
  sample_.Write("impl/sim/world.cpp", text + "int y;\n");
  EXPECT_THAT(ToText(CheckLengths(sample_.Read())), HasSubstr("has 401 lines"));
}

TEST_F(RulesTest, NamesWithoutSubject) {
  sample_.Write("impl/sim/network_world.cpp", "");
  EXPECT_TRUE(CheckNames(sample_.Read()).empty());
  sample_.Write("impl/util/clock.cpp", "");
  sample_.Write("tests/helpers.h", "");
  EXPECT_EQ(CheckNames(sample_.Read()).size(), 2U);
}

TEST_F(RulesTest, UnfinishedMarks) {
  sample_.Write("impl/sim/world.cpp", "// A method, and a mastodon.\n");
  EXPECT_TRUE(CheckMarks(sample_.Read()).empty());
  sample_.Write("impl/sim/world.cpp", std::string("\n// TO") + "DO: more\n");
  EXPECT_THAT(ToText(CheckMarks(sample_.Read())), HasSubstr("impl/sim/world.cpp:2: an unfinished mark"));
  sample_.Write("impl/sim/world.cpp", std::string("(FIX") + "ME)\n");
  EXPECT_EQ(CheckMarks(sample_.Read()).size(), 1U);
}

TEST_F(RulesTest, PathsOfOneMachine) {
  sample_.Write("docs/guide.md", "See tests/home/x and https://example.org/home/x.\n");
  EXPECT_TRUE(CheckPaths(sample_.Read()).empty());
  sample_.Write("docs/guide.md", std::string("Run /ho") + "me/anna/kelpie/run.\n");
  EXPECT_EQ(CheckPaths(sample_.Read()).size(), 1U);
}

TEST_F(RulesTest, PagesThatDoNotExist) {
  sample_.Write("impl/sim/world.h", "// docs/ROOMS.md says so, ROOMS.md too, and ROOMS section 2.\n");
  EXPECT_EQ(ToText(CheckPages(sample_.Read())), "");
  sample_.Write("impl/sim/world.h", "// As elsewhere/PAGE.md has it.\n");
  EXPECT_THAT(ToText(CheckPages(sample_.Read())), HasSubstr("`elsewhere/PAGE.md` is mentioned"));
  sample_.Write("impl/sim/world.h", "// As docs/guides has it.\n");
  EXPECT_EQ(CheckPages(sample_.Read()).size(), 1U);
  sample_.Write("impl/sim/world.h", "// RULES part 3.\n");
  EXPECT_EQ(CheckPages(sample_.Read()).size(), 1U);
}

TEST_F(RulesTest, TestsThatAreNotListed) {
  sample_.Write("tests/CMakeLists.txt", "foreach(folder sim)\n");
  sample_.Write("tests/sim/CMakeLists.txt", "kelpie_test(sim SOURCES world_test.cpp)\n# and late_test.cpp\n");
  sample_.Write("tests/sim/world_test.cpp", "");
  EXPECT_EQ(ToText(CheckTestLists(sample_.Read())), "");
  sample_.Write("tests/sim/old_world_test.cpp", "");
  EXPECT_THAT(ToText(CheckTestLists(sample_.Read())), HasSubstr("tests/sim/old_world_test.cpp"));
  sample_.Write("tests/sim/late_test.cpp", "");
  EXPECT_EQ(CheckTestLists(sample_.Read()).size(), 2U) << "a comment is no list";
  sample_.Write("tests/lost/CMakeLists.txt", "");
  EXPECT_THAT(ToText(CheckTestLists(sample_.Read())), HasSubstr("does not add this folder"));
}

TEST_F(RulesTest, SourcesThatAreNotListed) {
  sample_.Write("impl/CMakeLists.txt",
                "kelpie_room(impl/sim SOURCES world.cpp deep/clock.cpp)\nadd_executable(x main/x.cpp)\n");
  sample_.Write("impl/sim/world.cpp", "");
  sample_.Write("impl/sim/deep/clock.cpp", "");
  sample_.Write("impl/main/x.cpp", "");
  EXPECT_EQ(ToText(CheckSourceLists(sample_.Read())), "");
  sample_.Write("impl/sim/forgotten.cpp", "");
  EXPECT_EQ(CheckSourceLists(sample_.Read()).size(), 1U);
}

TEST_F(RulesTest, CodesThatAreNotUnique) {
  sample_.Write("tla/source/kinds.def", "KELPIE_DIAGNOSTIC(kA, kError, \"a-b\", \"text\")\n");
  EXPECT_TRUE(CheckCodes(sample_.Read()).empty());
  sample_.Write("trace/value/kinds.def", "\nKELPIE_TRACE_ERROR(kB, \"a-b\", kInput)\n");
  EXPECT_THAT(ToText(CheckCodes(sample_.Read())),
              HasSubstr("trace/value/kinds.def:2: the code `a-b` is that of tla/source/kinds.def:1"));
  sample_.Write("trace/value/kinds.def", "KELPIE_TRACE_ERROR(kB, \"Bad Code\", kInput)\n");
  EXPECT_EQ(CheckCodes(sample_.Read()).size(), 1U);
}

}  // namespace
}  // namespace kelpie::tidy
