// A small .ktrace file, plain and compressed, cut at every byte and changed at every byte: what
// is read is exactly what was written before, the places are exact, and nothing is invented.
#include <gtest/gtest.h>

#include "support.h"
#include "trace/file/frame.h"
#include "trace/file/frame_block.h"
#include "trace/file/little_endian.h"

namespace kelpie::trace::file {
namespace {

using test::ReadAll;
using test::ReadResult;
using test::Rng;
using test::TempDir;

struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;
  FrameType type = FrameType::kEvent;
  std::size_t event_count = 0;
};

// A file and the frames it is made of, found by their heads.
struct Sample {
  std::vector<Event> events;
  std::string bytes;
  std::vector<Piece> frames;
};

Sample MakeSample(Compression compression) {
  Sample sample;
  Rng rng(31);
  for (std::uint64_t i = 1; i <= 5; ++i) {
    Event event = test::RandomEvent(rng, {"n1", 1, i});
    // An event of kind lost excuses a gap, which the tests below are about.
    if (event.kind == EventKind::kLost) event.kind = EventKind::kStep;
    event.lost_count.reset();
    sample.events.push_back(std::move(event));
  }
  Header header;
  header.node = "n1";
  header.incarnation = 1;
  const WriterOptions options{.compression = compression, .block_bytes = 250};
  sample.bytes = test::FileOf(options, header, sample.events);
  for (std::size_t at = kMagic.size(); at < sample.bytes.size();) {
    FrameHead head;
    EXPECT_TRUE(ReadFrameHead(std::string_view(sample.bytes).substr(at), head));
    Piece piece{
        .begin = at, .end = at + kFrameHeadBytes + head.payload_bytes, .type = static_cast<FrameType>(head.type)};
    if (piece.type == FrameType::kEvent) piece.event_count = 1;
    if (piece.type == FrameType::kBlock) piece.event_count = Get32(sample.bytes.data() + at + kFrameHeadBytes);
    at = piece.end;
    sample.frames.push_back(piece);
  }
  return sample;
}

std::size_t EventsBefore(const Sample& sample, std::size_t byte) {
  std::size_t count = 0;
  for (const Piece& frame : sample.frames) count += frame.end <= byte ? frame.event_count : 0;
  return count;
}

void ExpectEvents(const ReadResult& result, const std::vector<Event>& events, std::size_t count) {
  ASSERT_EQ(result.events.size(), count);
  for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(result.events[i].event, events[i]);
}

class FrameDamage : public testing::TestWithParam<Compression> {};

INSTANTIATE_TEST_SUITE_P(PlainAndZstd, FrameDamage, testing::Values(Compression::kNone, Compression::kZstd),
                         [](const auto& instance) { return instance.param == Compression::kNone ? "Plain" : "Zstd"; });

TEST_P(FrameDamage, TheSampleHasAllThatCanBeHit) {
  const Sample sample = MakeSample(GetParam());
  const FrameType holder = GetParam() == Compression::kNone ? FrameType::kEvent : FrameType::kBlock;
  std::size_t holders = 0;
  for (const Piece& frame : sample.frames) holders += frame.type == holder ? 1 : 0;
  EXPECT_GE(holders, 3U);
  EXPECT_EQ(EventsBefore(sample, sample.bytes.size()), sample.events.size());
  EXPECT_EQ(sample.frames.back().type, FrameType::kTrailer);
  TempDir dir;
  ExpectEvents(ReadAll(dir.Write("t", sample.bytes)), sample.events, sample.events.size());
}

TEST_P(FrameDamage, CutAtEveryByte) {
  const Sample sample = MakeSample(GetParam());
  TempDir dir;
  for (std::size_t size = 0; size < sample.bytes.size(); ++size) {
    const ReadResult result = ReadAll(dir.Write("t", sample.bytes.substr(0, size)), {.buffer_bytes = 64});
    ASSERT_FALSE(result.error) << size << " " << result.error->Render();
    ExpectEvents(result, sample.events, EventsBefore(sample, size));
    bool is_boundary = size == 0 || size == kMagic.size();
    std::size_t cut = 0;
    for (const Piece& frame : sample.frames) {
      if (frame.begin < size) cut = frame.begin;
      is_boundary = is_boundary || frame.end == size;
    }
    ASSERT_EQ(result.torn, !is_boundary) << size;
    if (result.torn) {
      ASSERT_EQ(result.torn_offset, cut) << size;
    }
  }
}

TEST_P(FrameDamage, ChangedAtEveryByte) {
  const Sample sample = MakeSample(GetParam());
  TempDir dir;
  for (std::size_t at = 0; at < sample.bytes.size(); ++at) {
    for (const unsigned mask : {0x01U, 0xFFU}) {
      std::string changed = sample.bytes;
      test::Flip(changed, at, mask);
      const ReadResult result = ReadAll(dir.Write("t", changed), {.buffer_bytes = 64});
      ASSERT_TRUE(result.error) << at;
      if (at < kMagic.size()) {
        ASSERT_EQ(result.error->kind, ErrorKind::kUnknownFormat) << at;
        continue;
      }
      ExpectEvents(result, sample.events, EventsBefore(sample, at));
      for (const Piece& frame : sample.frames) {
        if (at < frame.begin || at >= frame.end) continue;
        const bool is_head = at < frame.begin + kFrameHeadBytes;
        ASSERT_EQ(CodeOf(result.error->kind), CodeOf(is_head ? ErrorKind::kBadFrame : ErrorKind::kBadChecksum)) << at;
        ASSERT_EQ(result.error->place.offset, frame.begin) << at;
      }
    }
  }
}

// What salvage must give when the events of one frame are gone.
std::vector<Event> WithoutFrame(const Sample& sample, const Piece& damaged) {
  std::vector<Event> events;
  std::size_t next = 0;
  for (const Piece& frame : sample.frames) {
    for (std::size_t i = 0; i < frame.event_count; ++i, ++next) {
      if (frame.begin != damaged.begin) {
        events.push_back(sample.events[next]);
      } else if (i == 0) {
        Event lost;
        lost.id = sample.events[next].id;
        lost.kind = EventKind::kLost;
        events.push_back(lost);
      }
    }
  }
  return events;
}

TEST_P(FrameDamage, SalvagedWithAnyByteChanged) {
  const Sample sample = MakeSample(GetParam());
  TempDir dir;
  const ReaderOptions salvage{.buffer_bytes = 64, .salvage = true};
  for (std::size_t at = 0; at < sample.bytes.size(); ++at) {
    std::string changed = sample.bytes;
    test::Flip(changed, at, 0x40U);
    const ReadResult result = ReadAll(dir.Write("t", changed), salvage);
    for (const Piece& frame : sample.frames) {
      if (at < frame.begin || at >= frame.end) continue;
      if (frame.type == FrameType::kHeader) {
        // Without a header nobody knows what the events mean.
        ASSERT_TRUE(result.error) << at;
        continue;
      }
      ASSERT_FALSE(result.error) << at << " " << result.error->Render();
      ASSERT_EQ(result.damage.size(), 1U) << at;
      ASSERT_EQ(result.damage[0].begin, frame.begin) << at;
      ASSERT_EQ(result.damage[0].end, frame.end) << at;
      ASSERT_EQ(result.dropped_bytes, frame.end - frame.begin) << at;
      std::vector<Event> expected = WithoutFrame(sample, frame);
      const bool is_head = at < frame.begin + kFrameHeadBytes;
      if (is_head && frame.event_count == 0) {
        // A head that cannot be read does not tell that its frame held no events.
        Event lost;
        lost.id = {"n1", 1, sample.events.size() + 1};
        lost.kind = EventKind::kLost;
        expected.push_back(lost);
      }
      ExpectEvents(result, expected, expected.size());
    }
  }
}

TEST_P(FrameDamage, SalvagedWithAStretchOfZeros) {
  const Sample sample = MakeSample(GetParam());
  const Piece& first = sample.frames[1];
  const Piece& second = sample.frames[2];
  std::string changed = sample.bytes;
  // From within one frame to within the next, as a block of a disk that was never written.
  const std::size_t from = first.begin + 5;
  std::fill(changed.begin() + static_cast<std::ptrdiff_t>(from),
            changed.begin() + static_cast<std::ptrdiff_t>(second.begin + 20), '\0');
  TempDir dir;
  const ReadResult result = ReadAll(dir.Write("t", changed), {.buffer_bytes = 64, .salvage = true});
  ASSERT_FALSE(result.error) << result.error->Render();
  ASSERT_EQ(result.damage.size(), 1U);
  EXPECT_EQ(result.damage[0].begin, first.begin);
  EXPECT_EQ(result.damage[0].end, second.end);
  EXPECT_EQ(result.events[0].event.kind, EventKind::kLost);
  EXPECT_EQ(result.events[0].event.id.seq, 1U);
  const std::size_t gone = first.event_count + second.event_count;
  ASSERT_EQ(result.events.size(), sample.events.size() - gone + 1);
  EXPECT_EQ(result.events[1].event, sample.events[gone]);
}

TEST_P(FrameDamage, SalvageOfAWholeFileIsTheFile) {
  const Sample sample = MakeSample(GetParam());
  TempDir dir;
  const ReadResult result = ReadAll(dir.Write("t", sample.bytes), {.salvage = true});
  EXPECT_FALSE(result.error);
  EXPECT_TRUE(result.damage.empty());
  ExpectEvents(result, sample.events, sample.events.size());
  // A torn last frame is no damage: the history ends there.
  const ReadResult torn = ReadAll(dir.Write("t", sample.bytes.substr(0, sample.frames[2].end - 1)), {.salvage = true});
  EXPECT_TRUE(torn.torn);
  EXPECT_TRUE(torn.damage.empty());
  ExpectEvents(torn, sample.events, sample.frames[1].event_count);
}

std::string BlockFile(const std::string& payload) {
  std::string bytes = test::FileOf(WriterOptions{.index_interval = 0}, {}, {});
  AppendFrame(FrameType::kBlock, payload, bytes);
  return bytes;
}

TEST(Block, WhatIsNoBlockIsRefusedWhole) {
  BlockBuilder builder(3);
  builder.BeginEvent() += "x";
  builder.EndEvent();
  std::string good;
  ASSERT_TRUE(builder.AppendTo(good));
  TempDir dir;
  const auto refused = [&dir](const std::string& payload, const ReaderOptions& options = {}) {
    const ReadResult result = ReadAll(dir.Write("t", BlockFile(payload)), options);
    EXPECT_TRUE(result.events.empty());
    return result.error ? result.error->kind : ErrorKind::kCannotOpen;
  };
  EXPECT_EQ(refused(good), ErrorKind::kBadMessage);  // a block, of an event that is none
  EXPECT_EQ(refused(""), ErrorKind::kBadBlock);
  EXPECT_EQ(refused(good.substr(0, good.size() - 1)), ErrorKind::kBadBlock);
  EXPECT_EQ(refused(good.substr(0, 8) + "not zstd"), ErrorKind::kBadBlock);
  std::string more_events = good;
  more_events[0] = 2;
  EXPECT_EQ(refused(more_events), ErrorKind::kBadBlock);
  for (const char size : {'\x04', '\x06'}) {
    std::string other_size = good;
    other_size[4] = size;
    EXPECT_EQ(refused(other_size), ErrorKind::kBadBlock) << int{size};
  }
  EXPECT_EQ(refused(good, {.block_bytes_max = 4}), ErrorKind::kTooLong);
}

// A few kilobytes that unpack to a gigabyte: refused by what they state, and held to it.
TEST(Block, BombsAreBounded) {
  BlockBuilder builder(19);
  builder.BeginEvent().append(64U << 20U, '\0');
  builder.EndEvent();
  std::string bomb;
  ASSERT_TRUE(builder.AppendTo(bomb));
  ASSERT_LT(bomb.size(), 64U << 10U);
  TempDir dir;
  const ReadResult stated = ReadAll(dir.Write("t", BlockFile(bomb)), {.block_bytes_max = 1U << 20U});
  ASSERT_TRUE(stated.error);
  EXPECT_EQ(stated.error->kind, ErrorKind::kTooLong);
  EXPECT_NE(stated.error->message.find("block_bytes_max"), std::string::npos);
  // The same, but it states to be small.
  Put32(1000, bomb.data() + 4);
  const ReadResult hidden = ReadAll(dir.Write("t", BlockFile(bomb)), {.block_bytes_max = 1U << 20U});
  ASSERT_TRUE(hidden.error);
  EXPECT_EQ(hidden.error->kind, ErrorKind::kBadBlock);
  // A limit is no damage that one could go around.
  EXPECT_TRUE(ReadAll(dir.Write("t", BlockFile(bomb)), {.salvage = true}).events.size() <= 1);
}

// Lengths near 2^32, with a head that is right: cut off, or over the limit, and never allocated.
TEST(Frame, LargeLengths) {
  TempDir dir;
  for (const std::uint32_t length : {0xFFFFFFFFU, 0x80000000U, (16U << 20U) + 1, 16U << 20U, 100U}) {
    std::string head(kFrameHeadBytes, '\0');
    Put32(length, head.data());
    head[4] = static_cast<char>(FrameType::kEvent);
    Put32(ChecksumOf(std::string_view(head).substr(0, 12)), head.data() + 12);
    const std::string before = test::FileOf(WriterOptions{.index_interval = 0}, {}, {{.id = {"", 0, 1}}});
    const ReadResult result = ReadAll(dir.Write("t", before + head));
    EXPECT_EQ(result.events.size(), 1U);
    if (length > 16U << 20U) {
      ASSERT_TRUE(result.error) << length;
      EXPECT_EQ(result.error->kind, ErrorKind::kTooLong);
      EXPECT_EQ(result.error->place.offset, before.size());
    } else {
      EXPECT_TRUE(result.torn) << length;
      EXPECT_EQ(result.torn_offset, before.size());
    }
  }
}

}  // namespace
}  // namespace kelpie::trace::file
