// trace/order: one order out of many files. Each scene is a few short lines; the answer is the
// list of ids.
#include <gtest/gtest.h>

#include "merge_support.h"
#include "support.h"
#include "trace/order/merged_trace.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::order {
namespace {

using test::Rng;
using test::TempDir;

// A run of files given as text; the name of each does not matter.
class Scene {
 public:
  Scene& File(const std::string& text) {
    dir_.Write("f" + std::to_string(count_++) + ".jsonl", text);
    return *this;
  }
  // A file of one node; each line leaves out node and seq.
  Scene& Node(const std::string& node, const std::vector<std::string>& fields, const std::string& header = "") {
    std::string text = "{\"header\":{\"node\":\"" + node + "\"" + header + "}}\n";
    for (const std::string& line : fields) text += "{" + line + "}\n";
    return File(text);
  }
  Merged Merge(const MergeOptions& options = {}) const { return order::Merge({dir_.path()}, options); }

 private:
  TempDir dir_;
  int count_ = 0;
};

void ExpectError(const Merged& merged, ErrorKind kind, const std::vector<std::string>& named) {
  ASSERT_TRUE(merged.error);
  EXPECT_EQ(CodeOf(merged.error->kind), CodeOf(kind)) << merged.error->Render();
  for (const std::string& name : named)
    EXPECT_NE(merged.error->Render().find(name), std::string::npos) << merged.error->Render();
}

std::string World(int version) { return "\"versions\":{\"world\":" + std::to_string(version) + "}"; }

TEST(Order, VersionsOfOneObjectAreATotalOrder) {
  const Merged merged =
      Scene().Node("b", {World(1), World(4)}).Node("a", {World(2), World(5)}).Node("c", {World(3)}).Merge();
  ExpectOrder(merged, {"b/0/1", "a/0/1", "c/0/1", "b/0/2", "a/0/2"});
  EXPECT_EQ(merged.unordered, 0U);
  EXPECT_LE(merged.peak, 3U);
}

TEST(Order, VersionsNeedNotBeginAtOneNorBeDense) {
  ExpectOrder(Scene().Node("a", {World(70), World(100)}).Node("b", {World(60), World(71)}).Merge(),
              {"b/0/1", "a/0/1", "b/0/2", "a/0/2"});
}

TEST(Order, SparseVersionsAreFoundFurtherBack) {
  // a waits for b's third event, which no head shows.
  ExpectOrder(Scene().Node("a", {"\"versions\":{\"x\":9}"}).Node("b", {"", "", "\"versions\":{\"x\":4}", ""}).Merge(),
              {"b/0/1", "b/0/2", "b/0/3", "a/0/1", "b/0/4"});
}

TEST(Order, CausesComeFirst) {
  const Merged merged = Scene().Node("a", {R"("causes":[["b",0,2]])", ""}).Node("b", {"", "", ""}).Merge();
  ExpectOrder(merged, {"b/0/1", "b/0/2", "a/0/1", "a/0/2", "b/0/3"});
  EXPECT_EQ(merged.unordered, 1U);  // a2 and b3
}

TEST(Order, VectorClocksComeFirst) {
  ExpectOrder(Scene()
                  .Node("a", {R"("vclock":{"a":[0,1],"b":[0,1]})", R"("vclock":{"b":[0,2]})"})
                  .Node("b", {R"("vclock":{"b":[0,1]})", "", ""})
                  .Merge(),
              {"b/0/1", "a/0/1", "b/0/2", "a/0/2", "b/0/3"});
}

TEST(Order, ConcurrentEventsGoByTimeNodeAndSequence) {
  const Merged by_time = Scene()
                             .Node("a", {R"("hybrid_ns":5)", R"("hybrid_ns":9)"})
                             .Node("b", {R"("hybrid_ns":3)", R"("hybrid_ns":9)"})
                             .Merge();
  ExpectOrder(by_time, {"b/0/1", "a/0/1", "a/0/2", "b/0/2"});
  EXPECT_EQ(by_time.unordered, 2U);
  ExpectOrder(Scene().Node("b", {"", ""}).Node("a", {"", ""}).Merge(), {"a/0/1", "a/0/2", "b/0/1", "b/0/2"});
}

TEST(Order, HybridTimeOrdersBeyondItsError) {
  const std::string error = R"(,"clock_error_ns":10)";
  // 20 is more than 10 apart from 5: the order is causal, though "a" comes before "b".
  const Merged apart = Scene().Node("a", {R"("hybrid_ns":20)"}, error).Node("b", {R"("hybrid_ns":5)"}, error).Merge();
  ExpectOrder(apart, {"b/0/1", "a/0/1"});
  EXPECT_EQ(apart.unordered, 0U);
  const Merged close = Scene().Node("a", {R"("hybrid_ns":15)"}, error).Node("b", {R"("hybrid_ns":5)"}, error).Merge();
  EXPECT_EQ(close.unordered, 1U);
  // Events between, without a time, do not hide it.
  ExpectOrder(Scene().Node("a", {R"("hybrid_ns":20)"}, error).Node("b", {"", "", R"("hybrid_ns":5)"}, error).Merge(),
              {"b/0/1", "b/0/2", "b/0/3", "a/0/1"});
}

TEST(Order, IncarnationsFollowEachOther) {
  ExpectOrder(Scene()
                  .Node("a", {World(4)}, R"(,"incarnation":2)")
                  .Node("a", {World(1), World(2)}, R"(,"incarnation":1)")
                  .Node("b", {World(3)}, R"(,"incarnation":1)")
                  .Merge(),
              {"a/1/1", "a/1/2", "b/1/1", "a/2/1"});
}

TEST(Order, ALoneFileWithoutNodesIsInFileOrder) {
  Scene scene;
  std::string text;
  for (int i = 0; i < 50; ++i) text += "{\"hybrid_ns\":" + std::to_string(100 - i) + "}\n";
  const Merged merged = scene.File(text).Merge();
  EXPECT_FALSE(merged.error);
  EXPECT_EQ(merged.ids.size(), 50U);
  EXPECT_EQ(merged.ids[1], "event 2");
  EXPECT_LE(merged.peak, 2U);
  EXPECT_EQ(merged.unordered, 0U);
}

TEST(Order, AFileOfSeveralNodesIsTakenApart) {
  const std::string text = R"({"node":"b","versions":{"w":2}})"
                           "\n"
                           R"({"node":"a","versions":{"w":1}})"
                           "\n"
                           R"({"node":"b","versions":{"w":3}})"
                           "\n"
                           R"({"node":"a","versions":{"w":4}})"
                           "\n";
  ExpectOrder(Scene().File(text).Merge(), {"a/0/1", "b/0/1", "b/0/2", "a/0/2"});
  ExpectOrder(Scene().File("{\"node\":\"b\"}\n{\"node\":\"a\"}\n").Merge(), {"a/0/1", "b/0/1"});
}

TEST(Order, FilesOfOneNodeWithoutHeadersJoin) {
  ExpectOrder(Scene()
                  .File(R"({"node":"a","incarnation":2,"seq":1})"
                        "\n")
                  .File(R"({"node":"a","incarnation":1,"seq":1})"
                        "\n"
                        R"({"node":"a","incarnation":1,"seq":2})"
                        "\n")
                  .Merge(),
              {"a/1/1", "a/1/2", "a/2/1"});
}

TEST(Order, AnEmptyTraceHasNoEvents) {
  ExpectOrder(Scene().File("").Merge(), {});
  ExpectOrder(Scene().Node("a", {}).Node("b", {}).Merge(), {});
}

TEST(Contradiction, VersionsAgainstSeq) {
  ExpectError(Scene().Node("a", {World(2), World(1)}).Merge(), ErrorKind::kVersionOrder, {"a/0/2", "a/0/1", "world"});
  ExpectError(Scene().Node("a", {World(3), World(1)}).Node("b", {World(2)}).Merge(), ErrorKind::kVersionOrder,
              {"a/0/2", "a/0/1"});
}

TEST(Contradiction, TheSameVersionTwice) {
  ExpectError(Scene().Node("a", {World(1)}).Node("b", {World(1)}).Merge(), ErrorKind::kRepeatedVersion,
              {"a/0/1", "b/0/1"});
  ExpectError(Scene().Node("a", {World(1), World(1)}).Merge(), ErrorKind::kRepeatedVersion, {"a/0/1", "a/0/2"});
}

TEST(Contradiction, CausesInACircle) {
  ExpectError(Scene().Node("a", {R"("causes":[["b",0,1]])"}).Node("b", {R"("causes":[["a",0,1]])"}).Merge(),
              ErrorKind::kOrderCycle, {"a/0/1", "b/0/1"});
  ExpectError(Scene().Node("a", {R"("causes":[["a",0,1]])"}).Merge(), ErrorKind::kOrderCycle, {"a/0/1"});
  ExpectError(Scene().Node("a", {R"("causes":[["a",0,2]])", ""}).Merge(), ErrorKind::kOrderCycle, {"a/0/2"});
  ExpectError(Scene().Node("a", {R"("vclock":{"a":[0,2]})", ""}).Merge(), ErrorKind::kOrderCycle, {"a/0/2"});
}

TEST(Contradiction, VersionsAgainstCauses) {
  const Merged two = Scene().Node("a", {World(1) + R"(,"causes":[["b",0,1]])"}).Node("b", {World(2)}).Merge();
  ExpectError(two, ErrorKind::kOrderCycle,
              {"a/0/1 comes after b/0/1 (which it names as earlier)",
               "b/0/1 comes after a/0/1 (which has version 1 of world)"});
  const Merged further =
      Scene().Node("a", {World(5) + R"(,"causes":[["b",0,2]])"}).Node("b", {World(6), World(7)}).Merge();
  ExpectError(further, ErrorKind::kOrderCycle,
              {"a/0/1 comes after b/0/2 (which it names as earlier), and that after b/0/1"});
}

TEST(Contradiction, CausesNobodyRecorded) {
  const auto scene = [](const std::string& cause) {
    return Scene().Node("a", {"\"causes\":[" + cause + "]"}).Node("b", {"", ""}).Merge();
  };
  ExpectError(scene(R"(["b",0,3])"), ErrorKind::kMissingCause, {"a/0/1", "b/0/3"});
  ExpectError(scene(R"(["c",0,1])"), ErrorKind::kMissingCause, {"c/0/1"});
  ExpectError(scene(R"(["b",7,1])"), ErrorKind::kMissingCause, {"b/7/1"});
  ExpectError(Scene().Node("a", {R"("vclock":{"b":[0,9]})"}).Node("b", {""}).Merge(), ErrorKind::kMissingCause,
              {"b/0/9"});
  ExpectError(Scene()
                  .Node("a", {R"("causes":[["b",1,5]])"})
                  .Node("b", {""}, R"(,"incarnation":1)")
                  .Node("b", {""}, R"(,"incarnation":2)")
                  .Merge(),
              ErrorKind::kMissingCause, {"b/1/5"});
  const Merged lost = Scene()
                          .Node("a", {R"("causes":[["b",0,3],["b",0,2]])"})
                          .Node("b", {"", ""})
                          .Merge({.allow_missing_causes = true});
  ExpectOrder(lost, {"b/0/1", "b/0/2", "a/0/1"});
  EXPECT_EQ(lost.missing, 1U);
}

TEST(Contradiction, HybridTimeGoesBack) {
  const std::string error = R"(,"clock_error_ns":1)";
  ExpectError(Scene().Node("a", {R"("hybrid_ns":5)", R"("hybrid_ns":4)"}, error).Merge(), ErrorKind::kTimeOrder,
              {"a/0/2"});
  ExpectOrder(Scene().Node("a", {R"("hybrid_ns":5)", R"("hybrid_ns":4)"}).Merge(), {"a/0/1", "a/0/2"});
  ExpectError(Scene()
                  .Node("a", {R"("hybrid_ns":50,"causes":[["b",0,1]])"}, error)
                  .Node("b", {R"("hybrid_ns":90)"}, error)
                  .Merge(),
              ErrorKind::kOrderCycle, {"a/0/1", "b/0/1"});
}

TEST(Contradiction, EventsRecordedTwice) {
  ExpectError(Scene().Node("a", {""}).Node("a", {""}).Merge(), ErrorKind::kRepeatedEvent, {"a/0"});
  ExpectError(Scene().File("{\"node\":\"a\"}\n").File("{\"node\":\"a\"}\n").Merge(), ErrorKind::kRepeatedEvent,
              {"a/0/1"});
  ExpectError(Scene().File("{}\n").File("{}\n").Merge(), ErrorKind::kRepeatedEvent, {"event 1"});
}

TEST(Contradiction, FilesOfDifferentRuns) {
  ExpectError(Scene().Node("a", {}, R"(,"run":"x")").Node("b", {}, R"(,"run":"y")").Merge(), ErrorKind::kDifferentRuns,
              {"run"});
  ExpectError(Scene().Node("a", {}, R"(,"constants":{"N":1})").Node("b", {}, R"(,"constants":{"N":2})").Merge(),
              ErrorKind::kDifferentRuns, {"constant N"});
  ExpectError(Scene()
                  .Node("a", {}, R"(,"specs":[{"name":"M","digest":"1"}])")
                  .Node("b", {}, R"(,"specs":[{"name":"M","digest":"2"}])")
                  .Merge(),
              ErrorKind::kDifferentRuns, {"M"});
  const Merged merged =
      Scene()
          .Node("a", {}, R"(,"run":"x","specs":["M"],"constants":{"N":1},"clock_error_ns":5)")
          .Node("b", {}, R"(,"specs":[{"name":"M","digest":"1"}],"constants":{"K":2},"clock_error_ns":7)")
          .Merge();
  EXPECT_FALSE(merged.error);
  EXPECT_EQ(merged.header.run, "x");
  EXPECT_EQ(merged.header.nodes, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(merged.header.specs, (std::vector<SpecReference>{{.name = "M", .digest = "1"}}));
  EXPECT_EQ(merged.header.constants.size(), 2U);
  EXPECT_EQ(merged.header.clock_error_ns, 7);
}

TEST(Contradiction, SomeEventsWithoutNode) {
  ExpectError(Scene().File("{\"node\":\"a\"}\n{}\n").Merge(), ErrorKind::kMixedForms, {});
}

TEST(Limit, ReadingAheadEnds) {
  const MergeOptions options{.lanes = {.buffered_events_max = 3}};
  ExpectError(Scene().Node("a", {"\"versions\":{\"x\":9}"}).Node("b", {"", "", "", "", ""}).Merge(options),
              ErrorKind::kTooManyBuffered, {"buffered_events_max"});
}

TEST(Limit, DamageIsPassedOn) {
  ExpectError(Scene().Node("a", {"", "\"action\":null"}).Merge(), ErrorKind::kNullValue, {});
  EXPECT_EQ(Merge({}).error->kind, ErrorKind::kEmptyRun);
  EXPECT_EQ(Merge({"/nonexistent"}).error->kind, ErrorKind::kCannotOpen);
}

}  // namespace
}  // namespace kelpie::trace::order
