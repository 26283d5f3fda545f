// The verbs that write traces, and `cat` of a part: formats there and back, places, salvage, and
// that nothing half-written is left.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support.h"
#include "trace/cli/trace_verbs.h"
#include "trace/file/frame.h"

namespace kelpie::trace::cli {
namespace {

using nlohmann::json;
using test::TempDir;

struct Outcome {
  int exit = 0;
  std::string out;
  std::string err;
};

Outcome Trace(std::vector<std::string> arguments) {
  std::vector<const char*> argv = {"trace"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::ostringstream out;
  std::ostringstream err;
  Outcome outcome;
  outcome.exit = RunTrace(static_cast<int>(argv.size()), argv.data(), out, err);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t LineCount(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// n1 with `count` events; every third one changes x.
std::vector<Event> SomeEvents(std::uint64_t count) {
  std::vector<Event> events;
  for (std::uint64_t i = 1; i <= count; ++i) {
    Event event;
    event.id = {"n1", 1, i};
    event.claims = {{.spec = "S", .action = "A"}};
    if (i % 3 == 1) {
      event.claims[0].updates = {{.location = {"x", {}}, .value = Value::Int(static_cast<std::int64_t>(i))}};
    }
    events.push_back(std::move(event));
  }
  return events;
}

std::string WriteFile(const TempDir& dir, const std::string& name, std::uint64_t count) {
  Header header;
  header.node = "n1";
  header.incarnation = 1;
  header.constants = {{"N", Value::Int(3)}};
  return dir.Write(name, test::FileOf(file::WriterOptions{.format = file::FormatOfName(name), .index_interval = 4},
                                      header, SomeEvents(count)));
}

TEST(CatPart, ByNumberIdAndByte) {
  TempDir dir;
  const std::string path = WriteFile(dir, "t.ktrace", 50);
  const Outcome all = Trace({"cat", "--no-header", path});
  ASSERT_EQ(LineCount(all.out), 50U);
  const auto line = [&all](std::size_t number) {
    std::istringstream in(all.out);
    std::string text;
    for (std::size_t i = 0; i < number; ++i) std::getline(in, text);
    return text + "\n";
  };
  const Outcome numbers = Trace({"cat", "--no-header", path, "--from", "7", "--to", "9"});
  EXPECT_EQ(numbers.exit, 0) << numbers.err;
  EXPECT_EQ(numbers.out, line(7) + line(8) + line(9));
  EXPECT_EQ(Trace({"cat", "--no-header", path, "--from", "n1/1/7", "--to", "n1/1/9"}).out, numbers.out);
  const test::ReadResult read = test::ReadAll(path);
  const Outcome bytes = Trace({"cat", "--no-header", path, "--from", "@" + std::to_string(read.events[6].offset),
                               "--to", "@" + std::to_string(read.events[8].offset)});
  EXPECT_EQ(bytes.out, numbers.out);
  EXPECT_EQ(Trace({"cat", "--no-header", path, "--from", "50"}).out, line(50));
  EXPECT_EQ(Trace({"cat", "--no-header", path, "--to", "1"}).out, line(1));
  EXPECT_TRUE(Contains(Trace({"cat", path, "--from", "50"}).out, "header"));
  // The part is a trace again, cut out of a longer one.
  const std::string part = dir.Write("part.jsonl", Trace({"cat", path, "--from", "7"}).out);
  EXPECT_EQ(Trace({"verify", part}).exit, 1);
  EXPECT_EQ(Trace({"verify", "--any-first-seq", part}).exit, 0);
}

TEST(CatPart, OfSeveralFilesIsOfTheirOrder) {
  TempDir dir;
  dir.Write("run/a.0.jsonl", "{\"header\":{\"node\":\"a\"}}\n{\"hybrid_ns\":1}\n{\"hybrid_ns\":4}\n");
  dir.Write("run/b.0.jsonl", "{\"header\":{\"node\":\"b\"}}\n{\"hybrid_ns\":2}\n{\"hybrid_ns\":3}\n");
  const Outcome outcome = Trace({"cat", "--no-header", dir.File("run"), "--from", "2", "--to", "b/0/2"});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "{\"node\":\"b\",\"seq\":1,\"hybrid_ns\":2}\n{\"node\":\"b\",\"seq\":2,\"hybrid_ns\":3}\n");
  EXPECT_EQ(Trace({"cat", dir.File("run"), "--from", "@5"}).exit, 3);
}

TEST(CatPart, PlacesThatAreNotThere) {
  TempDir dir;
  const std::string path = WriteFile(dir, "t.ktrace", 5);
  for (const std::string place : {"6", "n1/1/6", "n2/1/1", "@100000", "0", "x", "n1/1", "n1/1/x", "@", "-1"}) {
    const Outcome outcome = Trace({"cat", "--no-header", path, "--from=" + place});
    EXPECT_EQ(outcome.exit, 3) << place;
    EXPECT_TRUE(Contains(outcome.err, std::string(CodeOf(ErrorKind::kNoSuchEvent)))) << place << outcome.err;
    EXPECT_TRUE(outcome.out.empty()) << place;
  }
  EXPECT_EQ(Trace({"cat", path, "--to", "n1/1/6"}).exit, 3);
  EXPECT_EQ(Trace({"cat", path, "--to", "6"}).exit, 0);
}

TEST(ConvertFormats, AroundTheCircleAndBack) {
  TempDir dir;
  const std::string start = WriteFile(dir, "t.ktrace", 40);
  EXPECT_EQ(Trace({"convert", start, dir.File("t.jsonl")}).exit, 0);
  const Outcome zstd = Trace({"convert", "--zstd", "--block-bytes", "300", dir.File("t.jsonl"), dir.File("z.ktrace")});
  EXPECT_EQ(zstd.exit, 0) << zstd.err;
  EXPECT_LT(std::filesystem::file_size(dir.File("z.ktrace")), std::filesystem::file_size(start));
  EXPECT_EQ(Trace({"convert", dir.File("z.ktrace"), dir.File("t.itf.json")}).exit, 0);
  EXPECT_EQ(Trace({"convert", "--index-interval", "4", dir.File("t.itf.json"), dir.File("back.ktrace")}).exit, 0);
  EXPECT_EQ(test::BytesOf(dir.File("back.ktrace")), test::BytesOf(start));
  EXPECT_EQ(Trace({"convert", "--format", "jsonl", start, dir.File("named.ktrace")}).exit, 0);
  EXPECT_EQ(test::BytesOf(dir.File("named.ktrace")), test::BytesOf(dir.File("t.jsonl")));
}

TEST(ConvertFormats, FoldersAreCompressedInPlaceOfTheOtherFormat) {
  TempDir dir;
  WriteFile(dir, "run/n1.1.ktrace", 40);
  EXPECT_EQ(Trace({"convert", "--zstd", dir.File("run"), dir.File("zipped")}).exit, 0);
  EXPECT_TRUE(std::filesystem::exists(dir.File("zipped/n1.1.ktrace")));
  EXPECT_EQ(Trace({"cat", dir.File("zipped")}).out, Trace({"cat", dir.File("run")}).out);
  EXPECT_EQ(Trace({"convert", "--format", "itf", dir.File("run"), dir.File("itf")}).exit, 0);
  EXPECT_EQ(Trace({"cat", dir.File("itf/n1.1.itf.json")}).out, Trace({"cat", dir.File("run")}).out);
}

TEST(ConvertFormats, ItfSaysHowMuchIsUnknown) {
  TempDir dir;
  const std::string path = dir.Write("t.jsonl", "{\"updates\":{\"x\":1}}\n{\"updates\":{\"y\":1}}\n");
  const Outcome outcome = Trace({"convert", "--json", path, dir.File("t.itf.json")});
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_EQ(json::parse(outcome.out)["unknown_values"], 1);  // y of the first state
  EXPECT_TRUE(Contains(outcome.err, "1 values of states are unknown"));
  EXPECT_EQ(json::parse(test::BytesOf(dir.File("t.itf.json")))["states"].size(), 2U);
  EXPECT_EQ(Trace({"convert", "-", dir.File("u.itf.json")}).exit, 3);
  EXPECT_EQ(Trace({"merge", "-", "--out", dir.File("u.itf.json")}).exit, 3);
}

TEST(ConvertFormats, NothingHalfWrittenIsLeft) {
  TempDir dir;
  const std::string bad = dir.Write("bad.jsonl", "{\"updates\":{\"x\":1}}\n{\"action\":null}\n{}\n");
  dir.Write("old.ktrace", "as it was");
  for (const std::string name : {"old.ktrace", "new.ktrace", "new.jsonl", "new.itf.json"}) {
    EXPECT_EQ(Trace({"convert", bad, dir.File(name)}).exit, 3) << name;
    EXPECT_EQ(Trace({"merge", bad, "--out", dir.File(name)}).exit, 3) << name;
  }
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path())) files += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(files, 2U);
  EXPECT_EQ(test::BytesOf(dir.File("old.ktrace")), "as it was");
  EXPECT_EQ(Trace({"convert", bad, dir.File("no/such/folder/t.ktrace")}).exit, 3);
}

TEST(SalvageOption, WritesWhatCanBeReadAndSaysWhatNot) {
  TempDir dir;
  const std::string whole = WriteFile(dir, "t.ktrace", 20);
  std::string bytes = test::BytesOf(whole);
  const std::uint64_t at = test::ReadAll(whole).events[9].offset;
  test::Flip(bytes, at, 1);
  const std::string path = dir.Write("damaged.ktrace", bytes);
  EXPECT_EQ(Trace({"convert", path, dir.File("out.jsonl")}).exit, 3);
  EXPECT_FALSE(std::filesystem::exists(dir.File("out.jsonl")));
  const Outcome outcome = Trace({"convert", "--salvage", "--json", path, dir.File("out.jsonl")});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_TRUE(Contains(outcome.err, "bytes " + std::to_string(at) + " to ")) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)["damage"][0]["begin"], at);
  EXPECT_EQ(json::parse(outcome.out)["damage"][0]["code"], "bad-frame");
  EXPECT_EQ(json::parse(outcome.out)["events"], 20);
  EXPECT_EQ(Trace({"verify", dir.File("out.jsonl")}).exit, 0);
  EXPECT_TRUE(
      Contains(test::BytesOf(dir.File("out.jsonl")), R"({"node":"n1","incarnation":1,"seq":10,"kind":"lost"})"));
  EXPECT_EQ(Trace({"cat", "--salvage", path}).out, Trace({"cat", dir.File("out.jsonl")}).out);
  EXPECT_EQ(Trace({"cat", "--salvage", "--by-file", path}).exit, 0);
  EXPECT_EQ(Trace({"stats", path}).exit, 3);
  const json stats = json::parse(Trace({"stats", "--salvage", "--json", path}).out);
  EXPECT_EQ(stats["kinds"]["lost"], 1);
  EXPECT_GT(stats["files"][0]["dropped_bytes"], 16);
  const Outcome verified = Trace({"verify", path});
  EXPECT_EQ(verified.exit, 1);
  EXPECT_TRUE(Contains(verified.out, "damaged in 1 places")) << verified.out;
}

TEST(WriteOptions, NonsenseIsRefused) {
  TempDir dir;
  const std::string path = WriteFile(dir, "t.ktrace", 2);
  const std::string out = dir.File("u.ktrace");
  EXPECT_EQ(Trace({"convert", path, out, "--format", "xml"}).exit, 3);
  EXPECT_EQ(Trace({"convert", path, out, "--zstd", "--zstd-level", "0"}).exit, 3);
  EXPECT_EQ(Trace({"convert", path, out, "--zstd", "--block-bytes", "0"}).exit, 3);
  EXPECT_EQ(Trace({"verify", path, "--block-bytes-max", "x"}).exit, 3);
  EXPECT_FALSE(std::filesystem::exists(out));
}

}  // namespace
}  // namespace kelpie::trace::cli
