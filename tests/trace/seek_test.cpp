// Going to a place in a file: by number, by id and by byte; with the index and without, with an
// index that is damaged, and behind a file that was appended to.
#include <gtest/gtest.h>

#include "support.h"
#include "trace/file/frame.h"
#include "trace/file/frame_index.h"

namespace kelpie::trace::file {
namespace {

using test::Rng;
using test::TempDir;

// Three nodes in one file, two incarnations of one of them, mixed by a seed.
std::vector<Event> MixedEvents(std::size_t count) {
  Rng rng(41);
  std::vector<FrameIndex::Lane> lanes = {{"n1", 1}, {"n2", 1}, {"n2", 2}, {"n3", 7}};
  std::vector<std::uint64_t> seqs(lanes.size(), 0);
  std::vector<Event> events;
  while (events.size() < count) {
    const std::size_t lane = rng.Below(lanes.size());
    Event event;
    event.id = {lanes[lane].first, lanes[lane].second, ++seqs[lane]};
    event.group = std::string(rng.Below(40), 'g');
    events.push_back(std::move(event));
  }
  return events;
}

Position Number(std::uint64_t number) { return {.kind = Position::Kind::kNumber, .number = number}; }
Position Id(const EventId& id) { return {.kind = Position::Kind::kId, .id = id}; }
Position Byte(std::uint64_t byte) { return {.kind = Position::Kind::kOffset, .number = byte}; }

// The events from a position on; an error ends the test.
std::vector<Event> From(const std::string& path, const Position& position, const ReaderOptions& options = {}) {
  Result<TraceReader> reader = TraceReader::Open(path, options);
  EXPECT_TRUE(reader.ok());
  Result<bool> there = reader->Seek(position);
  EXPECT_TRUE(there.ok()) << there.error().Render();
  std::vector<Event> events;
  LocatedEvent event;
  while (true) {
    Result<bool> more = reader->Next(event);
    EXPECT_TRUE(more.ok()) << more.error().Render();
    if (!more.ok() || !*more) return events;
    events.push_back(event.event);
  }
}

std::vector<Event> Tail(const std::vector<Event>& events, std::size_t from) {
  return {events.begin() + static_cast<std::ptrdiff_t>(from), events.end()};
}

TEST(Seek, FindsWhatReadingFindsInEveryFormat) {
  const std::vector<Event> events = MixedEvents(200);
  TempDir dir;
  const std::vector<WriterOptions> all = {
      {.format = Format::kJsonLines}, {.index_interval = 0},
      {.index_interval = 1},          {.index_interval = 7},
      {.index_interval = 1000},       {.compression = Compression::kZstd, .block_bytes = 500, .index_interval = 5}};
  for (const WriterOptions& options : all) {
    const std::string path = dir.Write("t", test::FileOf(options, {}, events));
    const test::ReadResult whole = test::ReadAll(path);
    ASSERT_FALSE(whole.error);
    for (std::size_t i = 0; i < events.size(); i += 3) {
      ASSERT_EQ(From(path, Number(i + 1)), Tail(events, i));
      ASSERT_EQ(From(path, Id(events[i].id)), Tail(events, i));
      // Events of one block all begin at its byte.
      std::size_t first = i;
      while (first > 0 && whole.events[first - 1].offset == whole.events[i].offset) --first;
      ASSERT_EQ(From(path, Byte(whole.events[i].offset)), Tail(events, first));
      ASSERT_EQ(From(path, Byte(first == 0 ? 0 : whole.events[first - 1].offset + 1)), Tail(events, first));
    }
    EXPECT_TRUE(From(path, Number(events.size() + 1)).empty());
    EXPECT_TRUE(From(path, Number(1'000'000'000'000)).empty());
    EXPECT_TRUE(From(path, Id({"n1", 1, 10'000})).empty());
    EXPECT_TRUE(From(path, Id({"nobody", 1, 1})).empty());
    EXPECT_TRUE(From(path, Byte(UINT64_MAX)).empty());
  }
}

TEST(Seek, NumbersEventsAsReadingDoes) {
  const std::vector<Event> events = MixedEvents(100);
  TempDir dir;
  const std::string path = dir.Write("t", test::FileOf(WriterOptions{.index_interval = 10}, {}, events));
  Result<TraceReader> reader = TraceReader::Open(path);
  ASSERT_TRUE(*reader->Seek(Id(events[56].id)));
  LocatedEvent event;
  ASSERT_TRUE(*reader->Next(event));
  EXPECT_EQ(reader->event_count(), 57U);
  // Seq is held to what the index says came before.
  while (*reader->Next(event)) {
  }
  EXPECT_EQ(reader->event_count(), 100U);
}

// The index is read, or else damage before the place sought would be met.
TEST(Seek, PassesOverWhatLiesBefore) {
  const std::vector<Event> events = MixedEvents(100);
  std::string bytes = test::FileOf(WriterOptions{.index_interval = 10}, {}, events);
  TempDir dir;
  const std::uint64_t second = test::ReadAll(dir.Write("t", bytes)).events[1].offset;
  test::Flip(bytes, second + kFrameHeadBytes, 1);
  const std::string path = dir.Write("t", bytes);
  EXPECT_EQ(From(path, Number(50)), Tail(events, 49));
  EXPECT_EQ(From(path, Id(events[49].id)), Tail(events, 49));
  Result<TraceReader> reader = TraceReader::Open(path);
  EXPECT_FALSE(reader->Seek(Number(3)).ok());
}

TEST(Seek, AnIndexThatIsDamagedIsNotUsed) {
  const std::vector<Event> events = MixedEvents(60);
  const WriterOptions options{.index_interval = 8};
  const std::string bytes = test::FileOf(options, {}, events);
  const std::string bare = test::FileOf(WriterOptions{.index_interval = 0}, {}, events);
  TempDir dir;
  for (std::size_t at = bare.size(); at < bytes.size(); ++at) {
    std::string changed = bytes;
    test::Flip(changed, at, 0x10);
    const std::string path = dir.Write("t", changed);
    Result<TraceReader> reader = TraceReader::Open(path);
    Result<bool> there = reader->Seek(Id(events[40].id));
    ASSERT_TRUE(there.ok() && *there) << at;
    LocatedEvent event;
    ASSERT_TRUE(*reader->Next(event));
    ASSERT_EQ(event.event, events[40]);
  }
}

// An index whose checksums are right and that leads elsewhere: the ids do not go on from it.
TEST(Seek, AnIndexThatLiesIsFoundOut) {
  const std::vector<Event> events = MixedEvents(60);
  std::string bytes = test::FileOf(WriterOptions{.index_interval = 0}, {}, events);
  TempDir dir;
  const std::uint64_t offset = test::ReadAll(dir.Write("t", bytes)).events[30].offset;
  IndexBuilder builder(1000);
  builder.Add(events[0].id, offset, true);
  std::string payload;
  AppendIndex(builder.Finish(bytes.size()), payload);
  const std::uint64_t index_at = bytes.size();
  AppendFrame(FrameType::kIndex, payload, bytes, kFlagSkippable);
  std::string trailer(8, '\0');
  for (unsigned i = 0; i < 8; ++i) trailer[i] = static_cast<char>((index_at >> (8 * i)) & 0xFFU);
  AppendFrame(FrameType::kTrailer, trailer, bytes, kFlagSkippable);
  Result<TraceReader> reader = TraceReader::Open(dir.Write("t", bytes));
  const Result<bool> there = reader->Seek(Number(1));
  ASSERT_FALSE(there.ok());
  EXPECT_EQ(there.error().kind, ErrorKind::kSequenceGap);
}

TEST(Seek, GoesOnInFilesThatWereAppendedTo) {
  for (const Compression compression : {Compression::kNone, Compression::kZstd}) {
    const std::vector<Event> events = MixedEvents(90);
    TempDir dir;
    const std::string path = dir.File("t");
    for (std::size_t part = 0; part < 3; ++part) {
      const WriterOptions options{
          .append = part != 0, .compression = compression, .block_bytes = 200, .index_interval = 4};
      Result<TraceWriter> writer = TraceWriter::Create(path, {}, options);
      ASSERT_TRUE(writer.ok());
      for (std::size_t i = 30 * part; i < 30 * part + 30; ++i) ASSERT_TRUE(writer->Append(events[i]).ok());
      ASSERT_TRUE(writer->Close().ok());
    }
    for (std::size_t i = 0; i < events.size(); ++i) {
      ASSERT_EQ(From(path, Number(i + 1)), Tail(events, i));
      ASSERT_EQ(From(path, Id(events[i].id)), Tail(events, i));
    }
    if (compression != Compression::kNone) continue;
    // Only the last index is left, and the bytes are those of one writing.
    EXPECT_EQ(test::BytesOf(path), test::FileOf(WriterOptions{.index_interval = 4}, {}, events));
  }
}

TEST(Seek, CannotGoBackInAPipe) {
  TempDir dir;
  const std::string path = dir.File("t");
  // A file that is no file on a disk is read through.
  const std::vector<Event> events = MixedEvents(5);
  dir.Write("u", test::FileOf(Format::kKtrace, {}, events));
  ASSERT_EQ(std::system(("mkfifo " + path + " && (cat " + dir.File("u") + " > " + path + " &)").c_str()), 0);
  EXPECT_EQ(From(path, Number(4)), Tail(events, 3));
}

TEST(Index, ReadsBackAndRefusesTheRest) {
  IndexBuilder builder(3);
  const std::vector<Event> events = MixedEvents(50);
  for (std::size_t i = 0; i < events.size(); ++i) builder.Add(events[i].id, 100 + 10 * i, true);
  std::string payload;
  AppendIndex(builder.Finish(1000), payload);
  FrameIndex index;
  ASSERT_TRUE(ReadIndex(payload, index));
  EXPECT_EQ(index.event_count, 50U);
  EXPECT_EQ(index.points.size(), 18U);  // 17 beginnings, and the end
  EXPECT_EQ(index.points.back().offset, 1000U);
  std::string again;
  AppendIndex(index, again);
  EXPECT_EQ(again, payload);
  for (std::size_t size = 0; size < payload.size(); ++size) {
    ASSERT_FALSE(ReadIndex(std::string_view(payload).substr(0, size), index)) << size;
  }
  EXPECT_FALSE(ReadIndex(payload + "x", index));
  // Counts that are not there: no memory is taken for them.
  std::string hostile = payload;
  for (const std::size_t at : {8U, 12U}) {
    hostile = payload;
    hostile.replace(at, 4, "\xFF\xFF\xFF\xFF");
    EXPECT_FALSE(ReadIndex(hostile, index));
  }
}

}  // namespace
}  // namespace kelpie::trace::file
