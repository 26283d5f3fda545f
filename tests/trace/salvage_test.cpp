// Reading on behind damage: what is said to be lost, of whom, and what is not gone around.
#include <gtest/gtest.h>

#include "support.h"
#include "trace/file/frame.h"
#include "trace/order/merged_trace.h"
#include "trace/value/event_names.h"
#include "trace/value/proto.h"

namespace kelpie::trace::file {
namespace {

using test::ReadAll;
using test::ReadResult;
using test::TempDir;

// "a/0/1" for an event, "-a/0/2" for one that says what is lost.
std::vector<std::string> Names(const ReadResult& result) {
  std::vector<std::string> names;
  for (const LocatedEvent& event : result.events) {
    EXPECT_FALSE(event.event.kind == EventKind::kLost && event.event.lost_count);
    names.push_back((event.event.kind == EventKind::kLost ? "-" : "") + ToText(event.event.id));
  }
  return names;
}

using Ids = std::vector<std::string>;

const ReaderOptions kSalvage{.salvage = true};

TEST(Salvage, OfLinesWithSeqSaysWhatIsMissing) {
  TempDir dir;
  const std::string header = R"({"header":{"node":"a"}})"
                             "\n";
  const ReadResult result =
      ReadAll(dir.Write("t", header + "{\"seq\":1}\n{\"seq\":2,,}\n{nothing}\n{\"seq\":4}\n"), kSalvage);
  ASSERT_FALSE(result.error) << result.error->Render();
  EXPECT_EQ(Names(result), (Ids{"a/0/1", "-a/0/2", "a/0/4"}));
  ASSERT_EQ(result.damage.size(), 2U);
  EXPECT_EQ(result.damage[0].begin, header.size() + 10);
  EXPECT_EQ(result.damage[0].end, header.size() + 22);
  EXPECT_EQ(result.damage[0].error.place.line, 3U);
  EXPECT_EQ(result.damage[1].begin, result.damage[0].end);
  EXPECT_EQ(result.dropped_bytes, 22U);
}

TEST(Salvage, OfLinesWithoutSeqTakesEachBadLineForALoss) {
  TempDir dir;
  const ReadResult result = ReadAll(dir.Write("t", "{}\n{x}\n{}\n{}\n{y}\n"), kSalvage);
  ASSERT_FALSE(result.error);
  EXPECT_EQ(Names(result), (Ids{"event 1", "-event 2", "event 3", "event 4", "-event 5"}));
}

TEST(Salvage, DamageThatCostNothingSaysNothing) {
  TempDir dir;
  const ReadResult result = ReadAll(dir.Write("t", "{\"seq\":1}\n# a remark\n{\"seq\":2}\n"), kSalvage);
  ASSERT_FALSE(result.error);
  EXPECT_EQ(Names(result), (Ids{"event 1", "event 2"}));
  EXPECT_EQ(result.damage.size(), 1U);
}

TEST(Salvage, AGapIsALossToo) {
  TempDir dir;
  const ReadResult result = ReadAll(dir.Write("t", "{\"seq\":1}\n{\"seq\":5}\n{\"seq\":6}\n"), kSalvage);
  ASSERT_FALSE(result.error);
  EXPECT_EQ(Names(result), (Ids{"event 1", "-event 2", "event 5", "event 6"}));
  ASSERT_EQ(result.damage.size(), 1U);
  EXPECT_EQ(result.damage[0].error.kind, ErrorKind::kSequenceGap);
  EXPECT_EQ(result.dropped_bytes, 0U);
  const ReadResult first = ReadAll(dir.Write("t", "{\"seq\":3}\n"), kSalvage);
  EXPECT_EQ(Names(first), (Ids{"-event 1", "event 3"}));
  const ReadResult cut_out = ReadAll(dir.Write("t", "{\"seq\":3}\n"), {.any_first_seq = true, .salvage = true});
  EXPECT_EQ(Names(cut_out), (Ids{"event 3"}));
}

// A node of which nothing comes any more may have lost its end; one that goes on without a gap
// has lost nothing.
TEST(Salvage, OfAFileOfSeveralNodesAsksEachOfThem) {
  TempDir dir;
  const ReadResult result = ReadAll(dir.Write("t", R"({"node":"a","seq":1})"
                                                   "\n"
                                                   R"({"node":"b","seq":1})"
                                                   "\n"
                                                   R"({"node":"c","seq":1})"
                                                   "\n"
                                                   "{broken\n"
                                                   R"({"node":"b","seq":3})"
                                                   "\n"
                                                   R"({"node":"c","seq":2})"
                                                   "\n"
                                                   R"({"node":"d","seq":2})"
                                                   "\n"
                                                   R"({"node":"d","seq":3})"
                                                   "\n"),
                                    kSalvage);
  ASSERT_FALSE(result.error);
  EXPECT_EQ(Names(result),
            (Ids{"a/0/1", "b/0/1", "c/0/1", "-b/0/2", "b/0/3", "c/0/2", "-d/0/1", "d/0/2", "d/0/3", "-a/0/2"}));
}

TEST(Salvage, ABeginningThatIsDamagedIsNotGoneAround) {
  TempDir dir;
  // The first line might have been the header, with the constants.
  EXPECT_TRUE(ReadAll(dir.Write("t", "{broken\n{\"seq\":1}\n"), kSalvage).error);
  std::string bytes = test::FileOf(Format::kKtrace, {}, {{.id = {"", 0, 1}}});
  test::Flip(bytes, kMagic.size() + kFrameHeadBytes, 1);
  const ReadResult result = ReadAll(dir.Write("t", bytes), kSalvage);
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->kind, ErrorKind::kBadChecksum);
}

TEST(Salvage, ContradictionsAndLimitsAreNotGoneAround) {
  TempDir dir;
  const auto error_of = [&dir](const std::string& text, ReaderOptions options = {}) {
    options.salvage = true;
    const ReadResult result = ReadAll(dir.Write("t", text), options);
    return result.error ? result.error->kind : ErrorKind::kCannotOpen;
  };
  EXPECT_EQ(error_of("{\"seq\":1}\n{\"seq\":1}\n"), ErrorKind::kSequenceRepeat);
  EXPECT_EQ(error_of("{\"header\":{\"node\":\"a\"}}\n{\"node\":\"b\",\"seq\":1}\n"), ErrorKind::kWrongNode);
  EXPECT_EQ(error_of("{}\n" + std::string(100, ' ') + "{}\n", {.line_bytes_max = 50}), ErrorKind::kTooLong);
  EXPECT_EQ(error_of("{}\n{\"args\":[[[1]]]}\n", {.depth_max = 2}), ErrorKind::kTooDeep);
}

TEST(Salvage, EverythingBehindTheFirstEventLost) {
  TempDir dir;
  Header header;
  header.node = "a";
  std::string bytes = test::FileOf(WriterOptions{.index_interval = 0}, header, {});
  const std::size_t at = bytes.size();
  bytes += std::string(1000, 'x');
  const ReadResult result = ReadAll(dir.Write("t", bytes), {.buffer_bytes = 64, .salvage = true});
  ASSERT_FALSE(result.error);
  EXPECT_EQ(Names(result), (Ids{"-a/0/1"}));
  EXPECT_EQ(result.damage.at(0).begin, at);
  EXPECT_EQ(result.damage.at(0).end, bytes.size());
}

TEST(Salvage, ReportsAreBoundedAndTheirCountIsNot) {
  TempDir dir;
  std::string text = "{}\n";
  for (int i = 0; i < 50; ++i) text += "{x}\n";
  Result<TraceReader> reader = TraceReader::Open(dir.Write("t", text), {.salvage = true, .damage_reports_max = 7});
  LocatedEvent event;
  while (*reader->Next(event)) {
  }
  EXPECT_EQ(reader->damage().size(), 7U);
  EXPECT_EQ(reader->damage_count(), 50U);
  EXPECT_EQ(reader->dropped_bytes(), 200U);
}

// What a salvaged trace is converted to is a trace that reads without salvage.
TEST(Salvage, ItsEventsCanBeWrittenAndReadAgain) {
  TempDir dir;
  const ReadResult salvaged = ReadAll(dir.Write("t", "{}\n{\"seq\":2,,}\n{\"seq\":3,,}\n{\"seq\":4}\n"), kSalvage);
  ASSERT_FALSE(salvaged.error);
  std::vector<Event> events;
  for (const LocatedEvent& event : salvaged.events) events.push_back(event.event);
  for (const Format format : {Format::kKtrace, Format::kJsonLines}) {
    const ReadResult again = ReadAll(dir.Write("u", test::FileOf(format, {}, events)));
    ASSERT_FALSE(again.error) << again.error->Render();
    EXPECT_EQ(Names(again), (Ids{"event 1", "-event 2", "event 4"}));
  }
}

TEST(Salvage, MergesWithTheOtherNodes) {
  TempDir dir;
  dir.Write("run/a.0.jsonl", R"({"header":{"node":"a"}})"
                             "\n"
                             R"({"seq":1,"hybrid_ns":1})"
                             "\n{broken\n"
                             R"({"seq":3,"hybrid_ns":9})"
                             "\n");
  dir.Write("run/b.0.jsonl", R"({"header":{"node":"b"}})"
                             "\n"
                             R"({"seq":1,"hybrid_ns":5,"causes":[["a",0,2]]})"
                             "\n");
  order::MergeOptions options;
  EXPECT_FALSE(order::MergedTrace::Open({dir.File("run")}, options)->Next()->value().event.id.seq != 1);
  options.lanes.reader.salvage = true;
  Result<order::MergedTrace> trace = order::MergedTrace::Open({dir.File("run")}, options);
  ASSERT_TRUE(trace.ok());
  Ids ids;
  while (true) {
    Result<std::optional<LocatedEvent>> next = trace->Next();
    ASSERT_TRUE(next.ok()) << next.error().Render();
    if (!next->has_value()) break;
    ids.push_back(((*next)->event.kind == EventKind::kLost ? "-" : "") + ToText((*next)->event.id));
  }
  // The lost event stands at the seq that b names as its cause.
  EXPECT_EQ(ids, (Ids{"a/0/1", "-a/0/2", "b/0/1", "a/0/3"}));
  EXPECT_EQ(trace->files()[0].damage.size(), 1U);
  EXPECT_EQ(trace->files()[0].dropped_bytes, 8U);
}

}  // namespace
}  // namespace kelpie::trace::file
