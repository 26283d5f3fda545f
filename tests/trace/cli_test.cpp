// The verbs `trace` and `diff`: output, exit codes, and that --json is one object and no more.
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

Outcome Run(const std::string& verb, std::vector<std::string> arguments) {
  std::vector<const char*> argv = {verb.c_str()};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::ostringstream out;
  std::ostringstream err;
  Outcome outcome;
  outcome.exit = (verb == "trace" ? RunTrace : RunDiff)(static_cast<int>(argv.size()), argv.data(), out, err);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

Outcome Trace(std::vector<std::string> arguments) { return Run("trace", std::move(arguments)); }
Outcome Diff(std::vector<std::string> arguments) { return Run("diff", std::move(arguments)); }

bool Contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Two nodes, one order; b has the lost and the mark.
std::string WriteRun(const TempDir& dir, const std::string& name = "run") {
  dir.Write(name + "/a.0.jsonl", R"({"header":{"run":"r","node":"a","constants":{"N":3}}})"
                                 "\n"
                                 R"({"spec":"S","action":"A","versions":{"w":1},"hybrid_ns":10})"
                                 "\n"
                                 R"({"spec":"S","action":"B","versions":{"w":3},"hybrid_ns":30})"
                                 "\n");
  dir.Write(name + "/b.0.jsonl", R"({"header":{"run":"r","node":"b"}})"
                                 "\n"
                                 R"({"kind":"mark","versions":{"w":2},"hybrid_ns":20})"
                                 "\n");
  return dir.File(name);
}

TEST(Cat, CanonicalOrderWithOneHeader) {
  TempDir dir;
  const Outcome outcome = Trace({"cat", WriteRun(dir)});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(outcome.out, R"({"header":{"format":"kelpie.trace/1","run":"r","nodes":["a","b"],"constants":{"N":3}}})"
                         "\n"
                         R"({"node":"a","seq":1,"spec":"S","action":"A","versions":{"w":1},"hybrid_ns":10})"
                         "\n"
                         R"({"node":"b","seq":1,"kind":"mark","versions":{"w":2},"hybrid_ns":20})"
                         "\n"
                         R"({"node":"a","seq":2,"spec":"S","action":"B","versions":{"w":3},"hybrid_ns":30})"
                         "\n");
  EXPECT_EQ(Trace({"cat", "--json", dir.File("run")}).out, outcome.out);
  // What cat prints is a trace again, of the same events.
  const std::string again = dir.Write("again.jsonl", outcome.out);
  EXPECT_EQ(Trace({"cat", again}).out, outcome.out);
  EXPECT_EQ(Diff({dir.File("run"), again}).exit, 0);
  const Outcome bare = Trace({"cat", "--no-header", "--by-file", dir.File("run")});
  EXPECT_FALSE(Contains(bare.out, "header"));
  EXPECT_LT(bare.out.find("\"B\""), bare.out.find("\"mark\""));
}

TEST(Cat, DamageEndsItWithThePlace) {
  TempDir dir;
  const Outcome outcome = Trace({"cat", dir.Write("t.jsonl", "{}\n{\"action\":null}\n{}\n")});
  EXPECT_EQ(outcome.exit, 3);
  EXPECT_EQ(outcome.out, "{\"seq\":1}\n");
  EXPECT_TRUE(Contains(outcome.err, "t.jsonl:2:11: error[null-value]")) << outcome.err;
}

TEST(Stats, CountsAndNamesFirstAndLast) {
  TempDir dir;
  const Outcome text = Trace({"stats", WriteRun(dir)});
  EXPECT_EQ(text.exit, 0);
  EXPECT_TRUE(Contains(text.out, "3  events of 2 files")) << text.out;
  EXPECT_TRUE(Contains(text.out, "first a/0/1, last a/0/2"));
  const Outcome outcome = Trace({"stats", "--json", dir.File("run")});
  const json stats = json::parse(outcome.out);
  EXPECT_EQ(stats["format"], "kelpie.trace.stats/1");
  EXPECT_EQ(stats["events"], 3);
  EXPECT_EQ(stats["nodes"][0]["events"], 2);
  EXPECT_EQ(stats["kinds"]["mark"], 1);
  EXPECT_EQ(stats["specs"]["S"]["B"], 1);
  EXPECT_EQ(stats["last"]["seq"], 2);
  EXPECT_EQ(stats["hybrid_ns_last"], 30);
  EXPECT_EQ(stats["total_order"], true);
  EXPECT_EQ(stats["header"]["run"], "r");
  EXPECT_TRUE(outcome.err.empty());
}

TEST(Stats, AnEmptyTrace) {
  TempDir dir;
  const json stats = json::parse(Trace({"stats", "--json", dir.Write("t.jsonl", "")}).out);
  EXPECT_EQ(stats["events"], 0);
  EXPECT_TRUE(stats["first"].is_null());
  EXPECT_EQ(Trace({"stats", dir.File("t.jsonl")}).exit, 0);
}

TEST(Verify, WholeTornDamagedAndUnreadable) {
  TempDir dir;
  const Outcome whole = Trace({"verify", WriteRun(dir)});
  EXPECT_EQ(whole.exit, 0);
  EXPECT_TRUE(Contains(whole.out, "order: total"));

  const Outcome torn = Trace({"verify", dir.Write("torn.jsonl", "{}\n{\"se")});
  EXPECT_EQ(torn.exit, 0);
  EXPECT_TRUE(Contains(torn.out, "cut off at byte 3")) << torn.out;

  std::string bytes = test::FileOf(file::Format::kKtrace, {}, {{.id = {"", 0, 1}}, {.id = {"", 0, 2}}});
  const std::uint64_t second = test::ReadAll(dir.Write("whole.ktrace", bytes)).events[1].offset;
  test::Flip(bytes, second + file::kFrameHeadBytes, 1);
  const Outcome damaged = Trace({"verify", "--json", dir.Write("damaged.ktrace", bytes)});
  EXPECT_EQ(damaged.exit, 1);
  const json report = json::parse(damaged.out);
  EXPECT_EQ(report["result"], "damaged");
  EXPECT_EQ(report["files"][0]["events"], 1);
  EXPECT_EQ(report["files"][0]["format"], "ktrace");
  EXPECT_EQ(report["files"][0]["error"]["code"], "bad-checksum");
  EXPECT_EQ(report["files"][0]["error"]["place"]["offset"], second);
  const json& stretch = report["files"][0]["damage"][0];
  EXPECT_EQ(stretch["begin"], second);
  EXPECT_EQ(stretch["code"], "bad-checksum");
  EXPECT_EQ(stretch["dropped_bytes"], report["files"][0]["dropped_bytes"]);
  EXPECT_EQ(report["files"][0]["salvaged_events"], 2);
  EXPECT_TRUE(report["order"].is_null());

  EXPECT_EQ(Trace({"verify", dir.Write("no.jsonl", "hello\n")}).exit, 3);
  EXPECT_EQ(Trace({"verify", dir.File("none")}).exit, 3);
  // Both at once: what cannot be read outweighs what is damaged.
  EXPECT_EQ(Trace({"verify", dir.File("damaged.ktrace"), dir.File("no.jsonl")}).exit, 3);
}

TEST(Verify, OrdersThatContradictAreDamage) {
  TempDir dir;
  const std::string path = dir.Write("t.jsonl", R"({"versions":{"w":2}})"
                                                "\n"
                                                R"({"versions":{"w":1}})"
                                                "\n");
  const Outcome outcome = Trace({"verify", "--json", path});
  EXPECT_EQ(outcome.exit, 1);
  EXPECT_EQ(json::parse(outcome.out)["error"]["code"], "version-order");
  // A node may lose its end, and so causes of others.
  const std::string lost = dir.Write("lost.jsonl", R"({"node":"a","causes":[["b",0,1]]})"
                                                   "\n");
  const json report = json::parse(Trace({"verify", "--json", lost}).out);
  EXPECT_EQ(report["exit"], 0);
  EXPECT_EQ(report["order"]["missing_causes"], 1);
}

TEST(Convert, ThereAndBackAgain) {
  TempDir dir;
  const std::string run = WriteRun(dir);
  EXPECT_EQ(Trace({"convert", run, dir.File("binary")}).exit, 0);
  EXPECT_TRUE(std::filesystem::exists(dir.File("binary/a.0.ktrace")));
  EXPECT_EQ(Trace({"convert", dir.File("binary"), dir.File("back")}).exit, 0);
  EXPECT_EQ(Diff({run, dir.File("back")}).exit, 0);
  const std::string canonical = Trace({"cat", dir.File("back")}).out;
  EXPECT_EQ(Trace({"cat", run}).out, canonical);
  const Outcome one = Trace({"convert", "--json", run + "/a.0.jsonl", dir.File("a.ktrace")});
  EXPECT_EQ(json::parse(one.out)["events"], 2);
  EXPECT_EQ(test::BytesOf(dir.File("a.ktrace")).substr(0, 8), file::kMagic);
  EXPECT_EQ(Trace({"convert", dir.File("a.ktrace"), dir.File("a.ktrace")}).exit, 3);
  EXPECT_EQ(test::ReadAll(dir.File("a.ktrace")).events.size(), 2U);
}

TEST(Merge, OneFileInCanonicalOrder) {
  TempDir dir;
  const std::string run = WriteRun(dir);
  const Outcome outcome = Trace({"merge", run, "--out", dir.File("m.jsonl"), "--json"});
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_EQ(json::parse(outcome.out)["files"], 2);
  EXPECT_EQ(test::BytesOf(dir.File("m.jsonl")), Trace({"cat", run}).out);
  EXPECT_EQ(Trace({"merge", run, "--out", run + "/a.0.jsonl"}).exit, 3);
  EXPECT_EQ(Trace({"merge", run}).exit, 3);
}

TEST(DiffVerb, EqualDifferentAndBadInput) {
  TempDir dir;
  const std::string run = WriteRun(dir);
  const std::string other = WriteRun(dir, "other");
  EXPECT_EQ(Diff({run, other}).exit, 0);
  dir.Write("other/b.0.jsonl", R"({"header":{"run":"r","node":"b"}})"
                               "\n"
                               R"({"kind":"end","versions":{"w":2}})"
                               "\n");
  const Outcome text = Diff({run, other});
  EXPECT_EQ(text.exit, 1);
  EXPECT_TRUE(Contains(text.out, "first at b/0/1")) << text.out;
  EXPECT_EQ(json::parse(Diff({run, other, "--json"}).out)["first"]["node"], "b");
  const Outcome bad = Diff({run, dir.File("none"), "--json"});
  EXPECT_EQ(bad.exit, 3);
  EXPECT_EQ(json::parse(bad.out)["error"]["code"], "cannot-open");
  EXPECT_TRUE(Contains(bad.err, "cannot be opened"));
}

TEST(Options, HelpIsASuccessAndNonsenseIsNot) {
  for (const char* verb : {"cat", "stats", "verify", "convert", "merge", "recover"}) {
    const Outcome help = Trace({verb, "--help"});
    EXPECT_EQ(help.exit, 0) << verb;
    EXPECT_TRUE(Contains(help.out, "--json")) << verb;
    EXPECT_EQ(Trace({verb}).exit, 3) << verb;
    EXPECT_EQ(Trace({verb, "--nonsense"}).exit, 3) << verb;
  }
  EXPECT_EQ(Diff({"--help"}).exit, 0);
  EXPECT_EQ(Diff({"a"}).exit, 3);
  EXPECT_EQ(Trace({}).exit, 3);
  EXPECT_EQ(Trace({"bogus"}).exit, 3);
  EXPECT_EQ(Trace({"--help"}).exit, 0);
}

TEST(Options, LimitsReachTheReader) {
  TempDir dir;
  const std::string path = dir.Write("t.jsonl", "{\"seq\":5,\"args\":[[[1]]]}\n");
  EXPECT_EQ(Trace({"verify", path}).exit, 1);
  EXPECT_EQ(Trace({"verify", "--any-first-seq", path}).exit, 0);
  EXPECT_EQ(Trace({"verify", "--any-first-seq", "--depth-max", "2", path}).exit, 3);
  EXPECT_EQ(Trace({"verify", "--any-first-seq", "--line-bytes-max", "10", path}).exit, 3);
}

}  // namespace
}  // namespace kelpie::trace::cli
