// What newer writers may do, and what this reader then does: trace/file/FORMAT.md, "Rule of
// evolution". And one round through all formats for random events.
#include <gtest/gtest.h>

#include "support.h"
#include "trace/file/frame.h"
#include "trace/file/itf_writer.h"
#include "trace/value/proto.h"

namespace kelpie::trace::file {
namespace {

using test::ReadAll;
using test::ReadResult;
using test::Rng;
using test::TempDir;

std::string HeaderLine(const std::string& format) { return R"({"header":{"format":")" + format + "\"}}\n"; }

TEST(Evolution, MinorVersionsAreReadAndMajorOnesRefused) {
  TempDir dir;
  for (const std::string format : {"kelpie.trace/1", "kelpie.trace/1.0", "kelpie.trace/1.7", "kelpie.trace/1.123"}) {
    Header header;
    header.format = format;
    EXPECT_FALSE(ReadAll(dir.Write("t", test::FileOf(Format::kKtrace, header, {}))).error) << format;
    EXPECT_FALSE(ReadAll(dir.Write("t", HeaderLine(format))).error) << format;
  }
  for (const std::string format : {"kelpie.trace/2", "kelpie.trace/2.1", "kelpie.trace/18446744073709551615"}) {
    Header header;
    header.format = format;
    for (const std::string& bytes : {test::FileOf(Format::kKtrace, header, {}), HeaderLine(format)}) {
      const ReadResult result = ReadAll(dir.Write("t", bytes), {.salvage = true});
      ASSERT_TRUE(result.error) << format;
      EXPECT_EQ(result.error->kind, ErrorKind::kNewerFormat) << format;
      EXPECT_EQ(result.error->found, format);
      EXPECT_EQ(result.error->expected, "kelpie.trace/1");
      EXPECT_NE(result.error->hint.find("newer version"), std::string::npos);
    }
  }
  for (const std::string format : {"", "kelpie.trace/", "kelpie.trace/1.", "kelpie.trace/01", "kelpie.trace/1.x",
                                   "kelpie.trace/1.01", "kelpie.check/1", "kelpie.trace/18446744073709551616"}) {
    const ReadResult result = ReadAll(dir.Write("t", HeaderLine(format)));
    ASSERT_TRUE(result.error) << format;
    EXPECT_EQ(result.error->kind, ErrorKind::kUnknownFormat) << format;
  }
}

TEST(Evolution, OlderMajorVersionsAreRefusedWithoutTheHint) {
  TempDir dir;
  const ReadResult result = ReadAll(dir.Write("t", HeaderLine("kelpie.trace/0")));
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->kind, ErrorKind::kNewerFormat);
  EXPECT_TRUE(result.error->hint.empty());
}

TEST(Evolution, UnknownFieldsOfMessagesArePassedOver) {
  Event event;
  event.id = {"n1", 1, 1};
  std::string payload = EncodeEvent(event);
  payload += std::string("\xA2\x06\x03new", 6);  // field 100, of bytes
  payload += std::string("\xA8\x06\x07", 3);     // field 101, a number
  std::string bytes = test::FileOf(WriterOptions{.index_interval = 0}, {}, {});
  AppendFrame(FrameType::kEvent, payload, bytes);
  TempDir dir;
  const ReadResult result = ReadAll(dir.Write("t", bytes));
  ASSERT_FALSE(result.error) << result.error->Render();
  EXPECT_EQ(result.events.at(0).event, event);
}

TEST(Evolution, UnknownFieldsOfLinesArePassedOverForNewerMinorVersionsOnly) {
  TempDir dir;
  const std::string line = R"({"seq":1,"later":{"x":[1,{"y":"z"}]},"claims":[{"action":"A","weight":3}],)"
                           R"("causes":[{"node":"a","seq":2,"why":"because"}]})"
                           "\n";
  const ReadResult newer = ReadAll(dir.Write("t", HeaderLine("kelpie.trace/1.1") + line));
  ASSERT_FALSE(newer.error) << newer.error->Render();
  EXPECT_EQ(newer.events.at(0).event.claims.at(0).action, "A");
  EXPECT_EQ(newer.events.at(0).event.causes.at(0), (EventId{"a", 0, 2}));
  for (const std::string format : {"kelpie.trace/1", "kelpie.trace/1.0"}) {
    const ReadResult same = ReadAll(dir.Write("t", HeaderLine(format) + line));
    ASSERT_TRUE(same.error);
    EXPECT_EQ(same.error->kind, ErrorKind::kUnknownField);
    EXPECT_EQ(same.error->place.line, 2U);
  }
  const ReadResult header =
      ReadAll(dir.Write("t", R"({"header":{"format":"kelpie.trace/1.1","colour":"red","run":"r"}})"));
  ASSERT_FALSE(header.error) << header.error->Render();
  EXPECT_EQ(header.header.run, "r");
  // What a newer version calls its own is told by the version, not by the field.
  const ReadResult major = ReadAll(dir.Write("t", R"({"header":{"format":"kelpie.trace/2","colour":"red"}})"));
  EXPECT_EQ(major.error->kind, ErrorKind::kNewerFormat);
}

TEST(Evolution, UnknownFramesAreSkippedOrRefused) {
  for (const bool skippable : {true, false}) {
    std::string bytes = test::FileOf(WriterOptions{.index_interval = 0}, {}, {{.id = {"", 0, 1}}});
    const std::size_t at = bytes.size();
    AppendFrame(static_cast<FrameType>(77), "from the future", bytes, skippable ? kFlagSkippable : 0);
    AppendFrame(FrameType::kEvent, EncodeEvent({.id = {"", 0, 2}}), bytes);
    TempDir dir;
    for (const bool salvage : {true, false}) {
      const ReadResult result = ReadAll(dir.Write("t", bytes), {.salvage = salvage});
      EXPECT_EQ(result.events.size(), skippable ? 2U : 1U);
      ASSERT_EQ(result.error.has_value(), !skippable);
      if (skippable) continue;
      EXPECT_EQ(result.error->kind, ErrorKind::kNewerFormat);
      EXPECT_EQ(result.error->place.offset, at);
    }
  }
}

// ---- one round through all formats ----

std::vector<Event> ReadEvents(const std::string& path) {
  const ReadResult result = ReadAll(path);
  EXPECT_FALSE(result.error) << result.error->Render();
  std::vector<Event> events;
  for (const LocatedEvent& event : result.events) events.push_back(event.event);
  return events;
}

TEST(RoundTrip, RandomEventsThroughAllFormats) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Rng rng(seed);
    Header header = test::RandomHeader(rng);
    std::vector<Event> events;
    for (std::uint64_t i = 1; i <= 25; ++i) events.push_back(test::RandomEvent(rng, {"n1", 1, i}));
    TempDir dir;
    const auto check = [&](const std::string& path) {
      ASSERT_EQ(ReadEvents(path), events) << path << " seed " << seed;
      ASSERT_EQ(ReadAll(path).header, header) << path << " seed " << seed;
    };
    check(dir.Write("t.ktrace", test::FileOf(WriterOptions{.index_interval = 3}, header, events)));
    const WriterOptions zstd{.compression = Compression::kZstd, .block_bytes = 700};
    check(dir.Write("z.ktrace", test::FileOf(zstd, header, events)));
    check(dir.Write("t.jsonl", test::FileOf(Format::kJsonLines, header, events)));
    std::set<std::string> variables;
    for (const Event& event : events) CollectVariables(event, variables);
    bool has_clash = false;
    for (const auto& [name, value] : header.constants) has_clash = has_clash || variables.contains(name);
    Result<ItfWriter> writer = ItfWriter::Create(dir.File("t.itf.json"), header, variables);
    ASSERT_EQ(writer.ok(), !has_clash);
    if (has_clash) continue;
    for (const Event& event : events) ASSERT_TRUE(writer->Append(event).ok());
    ASSERT_TRUE(writer->Close().ok());
    check(dir.File("t.itf.json"));
  }
}

// Unlike events into one place: nothing of an earlier one shines through.
TEST(RoundTrip, ReadingIntoOneEventLeavesNothingBehind) {
  Rng rng(5);
  Event reused;
  for (std::uint64_t i = 1; i <= 3000; ++i) {
    const Event event = test::RandomEvent(rng, {i % 3 == 0 ? "" : "n1", rng.Below(2), i});
    ASSERT_TRUE(DecodeEvent(EncodeEvent(event), {}, reused).ok());
    ASSERT_EQ(reused, event);
    // The other way round, through a value that was copied and compared.
    Event copy = reused;
    ASSERT_EQ(copy, event);
  }
}

}  // namespace
}  // namespace kelpie::trace::file
