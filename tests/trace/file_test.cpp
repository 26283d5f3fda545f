// Files of both formats: whole, cut at every byte, changed at every byte, and their limits.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support.h"
#include "trace/file/frame.h"
#include "trace/file/run.h"
#include "trace/value/proto.h"

namespace kelpie::trace::file {
namespace {

using test::ReadAll;
using test::ReadResult;
using test::Rng;
using test::TempDir;

std::vector<Event> SomeEvents(std::uint64_t seed, std::uint64_t count) {
  Rng rng(seed);
  std::vector<Event> events;
  for (std::uint64_t i = 1; i <= count; ++i) events.push_back(test::RandomEvent(rng, {"n1", 1, i}));
  return events;
}

Header OneNode() {
  Header header;
  header.run = "r";
  header.node = "n1";
  header.incarnation = 1;
  return header;
}

// That reading went well so far: a prefix of what was written, nothing else.
void ExpectPrefix(const ReadResult& result, const std::vector<Event>& events) {
  ASSERT_LE(result.events.size(), events.size());
  for (std::size_t i = 0; i < result.events.size(); ++i) ASSERT_EQ(result.events[i].event, events[i]);
}

std::string Lines(const std::string& a, const std::string& b = "", const std::string& c = "") {
  std::string text;
  for (const std::string& line : {a, b, c}) {
    if (!line.empty()) text += line + "\n";
  }
  return text;
}

void ExpectError(const ReadResult& result, ErrorKind kind) {
  ASSERT_TRUE(result.error);
  EXPECT_EQ(CodeOf(result.error->kind), CodeOf(kind)) << result.error->Render();
}

TEST(File, BothFormatsGiveBackWhatWasWritten) {
  for (const Format format : {Format::kJsonLines, Format::kKtrace}) {
    const std::vector<Event> events = SomeEvents(21, 300);
    TempDir dir;
    const ReadResult result = ReadAll(dir.Write("t", test::FileOf(format, OneNode(), events)), {.buffer_bytes = 64});
    ASSERT_FALSE(result.error) << result.error->Render();
    EXPECT_EQ(result.header, OneNode());
    EXPECT_FALSE(result.torn);
    ASSERT_EQ(result.events.size(), events.size());
    ExpectPrefix(result, events);
  }
}

TEST(File, PlacesPointIntoTheFile) {
  const std::vector<Event> events = SomeEvents(22, 5);
  TempDir dir;
  const std::string lines = test::FileOf(Format::kJsonLines, OneNode(), events);
  const ReadResult result = ReadAll(dir.Write("t.jsonl", lines));
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(result.events[i].line, i + 2);  // behind the header
    EXPECT_EQ(lines[result.events[i].offset], '{');
    EXPECT_EQ(lines[result.events[i].offset - 1], '\n');
    EXPECT_EQ(result.events[i].file, dir.File("t.jsonl"));
  }
  const std::string frames = test::FileOf(Format::kKtrace, OneNode(), events);
  const ReadResult binary = ReadAll(dir.Write("t.ktrace", frames));
  for (std::size_t i = 0; i < 5; ++i) {
    FrameHead head;
    ASSERT_TRUE(ReadFrameHead(std::string_view(frames).substr(binary.events[i].offset), head));
    EXPECT_EQ(head.type, static_cast<std::uint8_t>(FrameType::kEvent));
    EXPECT_EQ(binary.events[i].line, 0U);
  }
}

TEST(Frame, ChecksumIsTheOneOfTheStandard) {
  EXPECT_EQ(ChecksumOf("123456789"), 0xE3069283U);  // RFC 3720 names this value
  EXPECT_EQ(ChecksumOf(""), 0U);
}

TEST(Frame, BytesAreFixed) {
  std::string frame;
  AppendFrame(FrameType::kEvent, "abc", frame);
  ASSERT_EQ(frame.size(), kFrameHeadBytes + 3);
  EXPECT_EQ(frame.substr(0, 8), std::string("\x03\0\0\0\x02\0\0\0", 8));
  EXPECT_EQ(frame.substr(8, 4), "\xB7\x3F\x4B\x36");  // CRC-32C of "abc" is 364b3fb7
  FrameHead head;
  EXPECT_TRUE(ReadFrameHead(frame, head));
  EXPECT_EQ(head.payload_bytes, 3U);
}

TEST(Truncated, AtEveryByteThePrefixReads) {
  for (const Format format : {Format::kJsonLines, Format::kKtrace}) {
    const std::vector<Event> events = SomeEvents(23, 4);
    const std::string bytes = test::FileOf(format, OneNode(), events);
    TempDir dir;
    std::size_t last_count = 0;
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
      const ReadResult result = ReadAll(dir.Write("t", bytes.substr(0, size)));
      ASSERT_FALSE(result.error) << size << " " << result.error->Render();
      ExpectPrefix(result, events);
      ASSERT_GE(result.events.size(), last_count);
      last_count = result.events.size();
      if (result.torn) {
        ASSERT_LT(result.torn_offset, size);
      }
    }
    EXPECT_EQ(last_count, events.size());
  }
}

TEST(Truncated, ZerosBehindTheEndAreATornTail) {
  for (const Format format : {Format::kJsonLines, Format::kKtrace}) {
    const std::vector<Event> events = SomeEvents(24, 3);
    TempDir dir;
    const std::string bytes = test::FileOf(format, OneNode(), events);
    const ReadResult result = ReadAll(dir.Write("t", bytes + std::string(5000, '\0')), {.buffer_bytes = 64});
    ASSERT_FALSE(result.error) << result.error->Render();
    EXPECT_EQ(result.events.size(), 3U);
    EXPECT_TRUE(result.torn);
    EXPECT_EQ(result.torn_offset, bytes.size());
    const ReadResult damaged = ReadAll(dir.Write("t", bytes + std::string(5000, '\0') + "x\n"), {.buffer_bytes = 64});
    EXPECT_TRUE(damaged.error);
  }
}

// A bit changed anywhere: an error, or a shorter history that says it is torn. Never another event.
TEST(Changed, AtEveryByteOfAFrameFile) {
  const std::vector<Event> events = SomeEvents(25, 2);
  const std::string bytes = test::FileOf(Format::kKtrace, OneNode(), events);
  TempDir dir;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const unsigned mask : {1U, 64U}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ mask);
      const ReadResult result = ReadAll(dir.Write("t", changed));
      ASSERT_TRUE(result.error || result.torn) << "byte " << at << " mask " << mask;
      ExpectPrefix(result, events);
    }
  }
}

TEST(Changed, NoByteOfALineFileCrashes) {
  const std::vector<Event> events = SomeEvents(26, 2);
  const std::string bytes = test::FileOf(Format::kJsonLines, OneNode(), events);
  TempDir dir;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const unsigned mask : {4U, 128U}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ mask);
      ReadAll(dir.Write("t", changed));
    }
  }
}

// The frame that begins at `start` with other flags, its checksums right.
std::string WithFlags(std::string bytes, std::size_t start, std::uint8_t flags) {
  bytes[start + 5] = static_cast<char>(flags);
  const std::uint32_t crc = ChecksumOf(std::string_view(bytes).substr(start, 12));
  for (unsigned i = 0; i < 4; ++i) bytes[start + 12 + i] = static_cast<char>((crc >> (8 * i)) & 0xFFU);
  return bytes;
}

TEST(Damage, OfFramesIsNamedWithItsByte) {
  const std::string payload = EncodeEvent({.id = {"", 0, 1}});
  std::string head(kMagic);
  AppendFrame(FrameType::kHeader, EncodeHeader({}), head);
  std::string event;
  AppendFrame(FrameType::kEvent, payload, event);
  TempDir dir;

  const auto read = [&dir](const std::string& bytes, const ReaderOptions& options = {}) {
    return ReadAll(dir.Write("t", bytes), options);
  };
  EXPECT_FALSE(read(head + event).error);

  std::string bad = event;
  bad[0] = static_cast<char>(bad[0] + 1);
  ReadResult result = read(head + bad + event);
  ExpectError(result, ErrorKind::kBadFrame);
  EXPECT_EQ(result.error->place.offset, head.size());
  bad = event;
  bad.back() = static_cast<char>(bad.back() + 1);
  result = read(head + event + bad);
  ExpectError(result, ErrorKind::kBadChecksum);
  EXPECT_EQ(result.error->place.offset, head.size() + event.size());
  EXPECT_EQ(result.events.size(), 1U);

  std::string not_event;
  AppendFrame(FrameType::kEvent, "not protobuf", not_event);
  ExpectError(read(head + not_event), ErrorKind::kBadMessage);
  std::string not_header(kMagic);
  AppendFrame(FrameType::kHeader, "\x01", not_header);
  ExpectError(read(not_header), ErrorKind::kBadMessage);
  ExpectError(read(std::string(kMagic) + event), ErrorKind::kMisplacedHeader);
  ExpectError(read(head + event + head.substr(kMagic.size())), ErrorKind::kMisplacedHeader);
  ExpectError(read(WithFlags(head, kMagic.size(), 1)), ErrorKind::kNewerFormat);
  ExpectError(read(head + WithFlags(event, 0, 1)), ErrorKind::kNewerFormat);
  EXPECT_FALSE(read(head + WithFlags(event, 0, kFlagSkippable)).error);
  std::string unknown;
  AppendFrame(static_cast<FrameType>(9), "x", unknown);
  ExpectError(read(head + unknown + event), ErrorKind::kNewerFormat);
  Header newer;
  newer.format = "kelpie.trace/2";
  ExpectError(read(test::FileOf(Format::kKtrace, newer, {})), ErrorKind::kNewerFormat);
  ExpectError(read(test::FileOf(Format::kJsonLines, newer, {})), ErrorKind::kNewerFormat);
  ExpectError(read(head + event, {.frame_bytes_max = payload.size() - 1}), ErrorKind::kTooLong);
}

TEST(Damage, SkippableFramesOfAnUnknownTypeArePassedOver) {
  std::string bytes(kMagic);
  AppendFrame(FrameType::kHeader, EncodeHeader({}), bytes);
  const std::size_t start = bytes.size();
  AppendFrame(static_cast<FrameType>(9), "index", bytes);
  bytes = WithFlags(bytes, start, kFlagSkippable);
  AppendFrame(FrameType::kEvent, EncodeEvent({.id = {"", 0, 1}}), bytes);
  TempDir dir;
  const ReadResult result = ReadAll(dir.Write("t", bytes));
  ASSERT_FALSE(result.error) << result.error->Render();
  EXPECT_EQ(result.events.size(), 1U);
}

TEST(Lines, DefaultsComeFromTheHeaderAndTheOrder) {
  TempDir dir;
  const ReadResult result = ReadAll(dir.Write("t", R"({"header":{"node":"n1","incarnation":3}})"
                                                   "\n\n  {\"action\":\"A\"}\r\n{\"seq\":2}\n{}"));
  ASSERT_FALSE(result.error) << result.error->Render();
  ASSERT_EQ(result.events.size(), 3U);
  EXPECT_EQ(result.events[0].event.id, (EventId{"n1", 3, 1}));
  EXPECT_EQ(result.events[2].event.id, (EventId{"n1", 3, 3}));
  EXPECT_EQ(result.events[0].line, 3U);
  EXPECT_FALSE(result.torn);
}

TEST(Lines, SeqRunsWithoutGapsInEachIncarnation) {
  TempDir dir;
  const auto read = [&dir](const std::string& text, bool any = false) {
    return ReadAll(dir.Write("t", text), {.any_first_seq = any});
  };
  EXPECT_FALSE(read(Lines(R"({"node":"a","seq":1})", R"({"node":"b","seq":1})", R"({"node":"a","seq":2})")).error);
  EXPECT_FALSE(read(Lines(R"({"seq":1})", R"({"incarnation":1,"seq":1})")).error);
  ReadResult result = read(Lines(R"({"seq":1})", R"({"seq":3})"));
  ExpectError(result, ErrorKind::kSequenceGap);
  EXPECT_EQ(result.error->place.line, 2U);
  EXPECT_EQ(result.error->place.offset, 10U);
  ExpectError(read(Lines(R"({"seq":1})", R"({"seq":1})")), ErrorKind::kSequenceRepeat);
  ExpectError(read(Lines(R"({"seq":2})")), ErrorKind::kSequenceGap);
  EXPECT_FALSE(read(Lines(R"({"seq":5})", R"({"seq":6})"), true).error);
  ExpectError(read(Lines(R"({"seq":5})", R"({"seq":7})"), true), ErrorKind::kSequenceGap);
}

TEST(Lines, TornOnlyAtTheEnd) {
  TempDir dir;
  ReadResult result = ReadAll(dir.Write("t", "{\"seq\":1}\n{\"seq\":2"));
  EXPECT_FALSE(result.error);
  EXPECT_TRUE(result.torn);
  EXPECT_EQ(result.torn_offset, 10U);
  result = ReadAll(dir.Write("t", "{\"seq\":1}\n{\"seq\":2\n{\"seq\":3}\n"));
  ExpectError(result, ErrorKind::kJsonSyntax);
  EXPECT_EQ(result.error->place.line, 2U);
  EXPECT_EQ(result.error->place.column, 9U);
  EXPECT_EQ(result.error->place.offset, 18U);
  // Not cut but wrong: no end of a history excuses it.
  ExpectError(ReadAll(dir.Write("t", "{\"seq\":1}\n{\"seq\":2,,")), ErrorKind::kJsonSyntax);
  ExpectError(ReadAll(dir.Write("t", "{\"seq\":1}\n{\"seq\":null}")), ErrorKind::kNullValue);
  result = ReadAll(dir.Write("t", "{\n  \"seq\":1\n}\n"));
  ExpectError(result, ErrorKind::kJsonSyntax);
  EXPECT_NE(result.error->hint.find("one whole object a line"), std::string::npos);
}

TEST(Lines, HeadersComeFirstAndBindTheNode) {
  TempDir dir;
  ExpectError(ReadAll(dir.Write("t", Lines(R"({"seq":1})", R"({"header":{}})"))), ErrorKind::kMisplacedHeader);
  const ReadResult result = ReadAll(dir.Write("t", Lines(R"({"header":{"node":"n1"}})", R"({"node":"n2","seq":1})")));
  ExpectError(result, ErrorKind::kWrongNode);
  EXPECT_EQ(result.error->place.line, 2U);
  ExpectError(ReadAll(dir.Write("t", Lines("{}", std::string(100, ' ') + "{}")), {.line_bytes_max = 50}),
              ErrorKind::kTooLong);
  ExpectError(ReadAll(dir.Write("t", R"({"args":[[[1]]]})"), {.depth_max = 2}), ErrorKind::kTooDeep);
}

TEST(Lines, AnErrorStays) {
  TempDir dir;
  Result<TraceReader> reader = TraceReader::Open(dir.Write("t", Lines("{}", "{x}", "{}")));
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE(reader->Next().ok());
  EXPECT_FALSE(reader->Next().ok());
  EXPECT_FALSE(reader->Next().ok());
  EXPECT_EQ(reader->event_count(), 1U);
}

TEST(Sniff, WhatIsNoTraceIsRefused) {
  TempDir dir;
  for (const std::string text :
       {"[1]\n", "hello", "\xEF\xBB\xBF{}\n", "\x1F\x8B\x08 gz", "\x89PNG\r\n\x1A\n", "null"}) {
    ExpectError(ReadAll(dir.Write("t", text)), ErrorKind::kUnknownFormat);
  }
  EXPECT_FALSE(ReadAll(dir.Write("t", "")).error);
  EXPECT_FALSE(ReadAll(dir.Write("t", "\n \n")).error);
  ExpectError(ReadAll(dir.File("nothing")), ErrorKind::kCannotOpen);
  ExpectError(ReadAll(dir.path()), ErrorKind::kCannotOpen);
}

TEST(Run, IsTheTracesOfAFolderInOrder) {
  TempDir dir;
  for (const std::string name :
       {"run/n2.1.jsonl", "run/n1.1.ktrace", "run/n1.2.ndjson", "run/readme.txt", "run/x.json", "run/sub/n3.jsonl"}) {
    dir.Write(name, "");
  }
  std::filesystem::create_directories(dir.File("run/folder.jsonl"));
  Result<std::vector<std::string>> files = OpenRun(dir.File("run"));
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(*files, (std::vector<std::string>{dir.File("run/n1.1.ktrace"), dir.File("run/n1.2.ndjson"),
                                              dir.File("run/n2.1.jsonl")}));
  EXPECT_EQ(OpenRun("-")->at(0), "-");
  std::filesystem::create_directories(dir.File("empty"));
  const Result<std::vector<std::string>> none = OpenRun(dir.File("empty"));
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().kind, ErrorKind::kEmptyRun);
  EXPECT_EQ(FileNameOf("a/../b", 2, true), "a%2F%2E%2E%2Fb.2.jsonl");
}

TEST(Writer, RefusesAndStaysWhole) {
  TempDir dir;
  const std::string path = dir.File("t.ktrace");
  Result<TraceWriter> writer = TraceWriter::Create(path, OneNode());
  ASSERT_TRUE(writer.ok());
  EXPECT_TRUE(writer->Append({.id = {"n1", 1, 1}}).ok());
  const auto refused = [&writer](const Event& event) {
    const Status status = writer->Append(event);
    return status.ok() ? "" : std::string(CodeOf(status.error().kind));
  };
  EXPECT_EQ(refused({.id = {"n1", 1, 3}}), "sequence-gap");
  EXPECT_EQ(refused({.id = {"n1", 1, 1}}), "sequence-repeat");
  EXPECT_EQ(refused({.id = {"n2", 1, 2}}), "unwritable-event");
  EXPECT_EQ(refused({.id = {"n1", 1, 2}, .group = "\xFF"}), CodeOf(ErrorKind::kUnwritable));
  EXPECT_TRUE(writer->Append({.id = {"n1", 1, 2}}).ok());
  EXPECT_TRUE(writer->Close().ok());
  EXPECT_EQ(refused({.id = {"n1", 1, 3}}), CodeOf(ErrorKind::kCannotWrite));
  EXPECT_EQ(ReadAll(path).events.size(), 2U);
}

TEST(Writer, RefusesWhatReadersWouldFindTooLong) {
  TempDir dir;
  for (const Format format : {Format::kJsonLines, Format::kKtrace}) {
    const std::string path = dir.File("t");
    Result<TraceWriter> writer = TraceWriter::Create(path, OneNode(), {.format = format, .event_bytes_max = 200});
    ASSERT_TRUE(writer.ok());
    const Status refused = writer->Append({.id = {"n1", 1, 1}, .group = std::string(300, 'x')});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind, ErrorKind::kUnwritable);
    EXPECT_TRUE(writer->Append({.id = {"n1", 1, 1}}).ok());
    EXPECT_TRUE(writer->Close().ok());
    EXPECT_EQ(ReadAll(path).events.size(), 1U);
  }
}

TEST(Writer, GoesOnBehindTheEnd) {
  for (const Format format : {Format::kJsonLines, Format::kKtrace}) {
    TempDir dir;
    const std::string path = dir.File("t");
    ASSERT_TRUE(TraceWriter::Create(path, OneNode(), {.format = format})->Append({.id = {"n1", 1, 1}}).ok());
    ASSERT_TRUE(
        TraceWriter::Create(path, OneNode(), {.format = format, .append = true})->Append({.id = {"n1", 1, 2}}).ok());
    const ReadResult result = ReadAll(path);
    EXPECT_FALSE(result.error);
    EXPECT_EQ(result.events.size(), 2U);
  }
}

TEST(Writer, TellsWhatTheDiskSays) {
  const Result<TraceWriter> nowhere = TraceWriter::Create("/nonexistent/folder/t", {});
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().kind, ErrorKind::kCannotOpen);
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP();
  Result<TraceWriter> full = TraceWriter::Create("/dev/full", {});
  ASSERT_TRUE(full.ok());
  ASSERT_TRUE(full->Append({.id = {"n1", 1, 1}}).ok());
  const Status status = full->Flush();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind, ErrorKind::kCannotWrite);
}

}  // namespace
}  // namespace kelpie::trace::file
