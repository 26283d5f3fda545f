// Places and the rendering of remarks.
#include "tla/source/source.h"
#include "gtest/gtest.h"
#include "tla/source/diagnostic.h"

namespace kelpie::tla {
namespace {

Span At(FileId file, std::uint32_t line, std::uint32_t column, std::uint32_t end_line, std::uint32_t end_column) {
  return {file, line, column, end_line, end_column};
}

TEST(Source, LinesEndInAnyWay) {
  SourceMap sources;
  const FileId file = sources.Add("a", "one\ntwo\r\nthree\rfour");
  EXPECT_EQ(sources.Line(file, 1), "one");
  EXPECT_EQ(sources.Line(file, 2), "two");
  EXPECT_EQ(sources.Line(file, 3), "three");
  EXPECT_EQ(sources.Line(file, 4), "four");
  EXPECT_EQ(sources.Line(file, 0), "");
  EXPECT_EQ(sources.Line(file, 5), "");
  EXPECT_EQ(sources.Line(FileId{7}, 1), "");
}

TEST(Source, TextOfCountsCodePoints) {
  SourceMap sources;
  const FileId file = sources.Add("a", "x \xE2\x88\x88 S\n\xC3\xA9t\xC3\xA9 = 1\n");
  EXPECT_EQ(sources.TextOf(At(file, 1, 3, 1, 4)), "\xE2\x88\x88");
  EXPECT_EQ(sources.TextOf(At(file, 1, 5, 2, 4)), "S\n\xC3\xA9t\xC3\xA9");
  EXPECT_EQ(sources.TextOf(At(file, 2, 7, 2, 99)), "1");
  EXPECT_EQ(sources.TextOf(At(file, 9, 1, 9, 2)), "");
  EXPECT_EQ(sources.TextOf({}), "");
}

TEST(Source, CoverTakesTheOuterEnds) {
  const FileId file{0};
  EXPECT_EQ(Cover(At(file, 2, 5, 2, 9), At(file, 1, 7, 2, 6)), At(file, 1, 7, 2, 9));
  EXPECT_EQ(Cover({}, At(file, 1, 1, 1, 2)), At(file, 1, 1, 1, 2));
  EXPECT_EQ(Cover(At(file, 1, 1, 1, 2), {}), At(file, 1, 1, 1, 2));
}

TEST(Source, PlacesNameTheFile) {
  SourceMap sources;
  const FileId file = sources.Add("spec/a.tla", "x");
  const Place place = sources.PlaceOf(At(file, 1, 1, 1, 2));
  EXPECT_EQ(place.file, "spec/a.tla");
  EXPECT_EQ(place.end_column, 2u);
  EXPECT_EQ(sources.PlaceOf({}).line, 0u);
}

std::string RenderOne(const std::string& text, std::uint32_t line, std::uint32_t column, std::uint32_t end_line,
                      std::uint32_t end_column, DiagnosticDetail detail) {
  SourceMap sources;
  const FileId file = sources.Add("a.tla", text);
  Diagnostics diagnostics;
  diagnostics.Add(DiagnosticKind::kUndefinedName, At(file, line, column, end_line, end_column), std::move(detail));
  return Render(sources, diagnostics.list());
}

TEST(Render, CaretStandsUnderTheSpan) {
  EXPECT_EQ(
      RenderOne("x == Foo\n", 1, 6, 1, 9, {.found = "Foo", .hint = "did you mean `Fooo`?"}),
      "a.tla:1:6: error: `Foo` is not defined here; names must be declared or defined before use [undefined-name]\n"
      "  1 | x == Foo\n"
      "    |      ^^^\n"
      "  hint: did you mean `Fooo`?\n");
}

TEST(Render, TabsAreKeptAndCodePointsCounted) {
  const std::string out = RenderOne("\t\xC3\xA9 == Foo\n", 1, 7, 1, 10, {.found = "Foo"});
  EXPECT_NE(out.find("  1 | \t\xC3\xA9 == Foo\n    | \t     ^^^\n"), std::string::npos) << out;
}

TEST(Render, SpansOverLinesEndWithTheLine) {
  const std::string out = RenderOne("x == (1\n  + 2)\n", 1, 6, 2, 7, {.found = "Foo"});
  EXPECT_NE(out.find("  1 | x == (1\n    |      ^^\n"), std::string::npos) << out;
}

TEST(Render, WhatTheMessageLeavesOutIsALineOfItsOwn) {
  const std::string out = RenderOne("x\n", 1, 1, 1, 2, {.found = "x", .expected = "a number"});
  EXPECT_NE(out.find("  expected: a number\n"), std::string::npos) << out;
  EXPECT_EQ(out.find("  found:"), std::string::npos) << out;
}

TEST(Render, LongLinesAreCutAroundThePlace) {
  const std::string out =
      RenderOne(std::string(5000, 'a') + "Foo" + std::string(5000, 'b'), 1, 5001, 1, 5004, {.found = "Foo"});
  EXPECT_LT(out.size(), 700u);
  EXPECT_NE(out.find("aFoob"), std::string::npos);
}

TEST(Render, ControlCharactersAreNotPrinted) {
  const std::string out = RenderOne("x\x1b[31m\x01\n", 1, 1, 1, 2, {.found = "x"});
  EXPECT_EQ(out.find('\x1b'), std::string::npos);
  EXPECT_EQ(out.find('\x01'), std::string::npos);
}

TEST(Render, EmptyFilesAndUnknownPlaces) {
  EXPECT_NE(RenderOne("", 1, 1, 1, 1, {.found = "x"}).find("a.tla:1:1: error:"), std::string::npos);
  SourceMap sources;
  Diagnostics diagnostics;
  diagnostics.Add(DiagnosticKind::kFileUnreadable, {}, {.found = "b.tla", .expected = "there is no such file"});
  EXPECT_EQ(Render(sources, diagnostics.list()),
            "error: cannot read `b.tla`: there is no such file [file-unreadable]\n");
  EXPECT_EQ(Render(sources, {}), "");
}

TEST(Diagnostics, StopsAtItsLimitAndCounts) {
  Diagnostics diagnostics(2);
  for (int i = 0; i < 5; ++i) diagnostics.Add(DiagnosticKind::kNoModule, {});
  EXPECT_EQ(diagnostics.list().size(), 2u);
  EXPECT_EQ(diagnostics.dropped_count(), 3u);
  EXPECT_TRUE(diagnostics.has_errors());
  EXPECT_FALSE(Diagnostics().has_errors());
}

// A name that looks like a placeholder must not be filled in a second time.
TEST(Diagnostics, DetailsAreNotTemplates) {
  Diagnostics diagnostics;
  diagnostics.Add(DiagnosticKind::kSyntax, {}, {.found = "%expected", .expected = "x"});
  EXPECT_EQ(diagnostics.list().front().message, "found %expected, expected x");
}

}  // namespace
}  // namespace kelpie::tla
