// trace/diff: what counts as a difference, where it is found, and how it is shown.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "diff_support.h"
#include "support.h"
#include "trace/diff/run_diff.h"
#include "trace/file/json_write.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::diff {
namespace {

using test::Rng;
using test::Runs;
using test::TempDir;
using Fields = std::vector<FieldDifference>;

Event Minimal() { return {.id = {"n1", 1, 1}}; }

Fields CompareUpdates(const std::vector<Update>& left, const std::vector<Update>& right) {
  Event a = Minimal();
  Event b = Minimal();
  a.claims = {{.updates = left}};
  b.claims = {{.updates = right}};
  return CompareEvents(a, b);
}

Update Set(const std::string& variable, Value value) { return {.location = {variable, {}}, .value = std::move(value)}; }

TEST(EventDiff, ClocksDoNotCount) {
  Event a = Minimal();
  a.hybrid_ns = 1;
  a.wall_ns = 2;
  a.true_ns = 3;
  EXPECT_EQ(CompareEvents(a, Minimal()), Fields{});
}

TEST(EventDiff, WhatHasNoOrderIsComparedWithoutIt) {
  const Value one = Value::Int(1);
  const Value two = Value::Int(2);
  EXPECT_EQ(CompareUpdates({Set("x", Value::Set({one, two}))}, {Set("x", Value::Set({two, one}))}), Fields{});
  EXPECT_EQ(CompareUpdates({Set("x", Value::Map({{one, two}, {two, one}}))},
                           {Set("x", Value::Map({{two, one}, {one, two}}))}),
            Fields{});
  EXPECT_EQ(CompareUpdates({Set("x", one), Set("y", two)}, {Set("y", two), Set("x", one)}), Fields{});
  EXPECT_EQ(CompareUpdates({Set("x", Value::Sequence({one, two}))}, {Set("x", Value::Sequence({two, one}))}).size(),
            2U);
  EXPECT_EQ(CompareUpdates({Set("x", one), Set("x", two)}, {Set("x", two), Set("x", one)}).size(), 2U);
}

TEST(EventDiff, ThePlaceIsTheInnermostThatDiffers) {
  const auto row = [](std::int64_t token) {
    return Value::Record({{"holder", Value::String("n1")}, {"token", Value::Int(token)}});
  };
  const Update left{.location = {"leases", {Value::String("a1")}}, .value = row(3)};
  const Update right{.location = {"leases", {Value::String("a1")}}, .value = row(4)};
  EXPECT_EQ(CompareUpdates({left}, {right}), (Fields{{"updates leases[\"a1\"].token", "3", "4"}}));
  EXPECT_EQ(CompareUpdates({left}, {}), (Fields{{"updates leases[\"a1\"]", R"({"holder":"n1","token":3})", ""}}));
}

TEST(EventDiff, EveryFieldIsCompared) {
  const auto differs = [](auto change) {
    Event changed = Minimal();
    changed.claims = {{}};
    Event same = changed;
    change(changed);
    return CompareEvents(changed, same).size() == 1 && CompareEvents(same, changed).size() == 1;
  };
  EXPECT_TRUE(differs([](Event& e) { e.id.node = "n2"; }));
  EXPECT_TRUE(differs([](Event& e) { e.id.incarnation = 2; }));
  EXPECT_TRUE(differs([](Event& e) { e.id.seq = 2; }));
  EXPECT_TRUE(differs([](Event& e) { e.kind = EventKind::kMark; }));
  EXPECT_TRUE(differs([](Event& e) { e.operation = "o"; }));
  EXPECT_TRUE(differs([](Event& e) { e.outcome = Outcome::kOk; }));
  EXPECT_TRUE(differs([](Event& e) { e.lost_count = 0; }));
  EXPECT_TRUE(differs([](Event& e) { e.causes = {{"n2", 1, 1}}; }));
  EXPECT_TRUE(differs([](Event& e) { e.vclock["n2"] = {1, 1}; }));
  EXPECT_TRUE(differs([](Event& e) { e.versions["w"] = 0; }));
  EXPECT_TRUE(differs([](Event& e) { e.group = "g"; }));
  EXPECT_TRUE(differs([](Event& e) { e.claims.clear(); }));
  EXPECT_TRUE(differs([](Event& e) { e.claims[0].spec = "S"; }));
  EXPECT_TRUE(differs([](Event& e) { e.claims[0].action = "A"; }));
  EXPECT_TRUE(differs([](Event& e) { e.claims[0].args.named = {{"x", Value::Unknown()}}; }));
  EXPECT_TRUE(differs([](Event& e) { e.claims[0].args.positional = {Value::Unknown()}; }));
  EXPECT_TRUE(differs([](Event& e) { e.claims[0].reads = {{.location = {"x", {}}}}; }));
  EXPECT_TRUE(differs([](Event& e) { e.claims[0].updates = {Set("x", Value::Unknown())}; }));
  EXPECT_TRUE(differs([](Event& e) { e.claims[0].frame_closed["x"] = false; }));
  EXPECT_TRUE(differs([](Event& e) { e.claims[0].steps = {{}}; }));
  Update add = Set("x", Value::Int(1));
  add.op = UpdateOp::kAdd;
  EXPECT_EQ(CompareUpdates({Set("x", Value::Int(1))}, {add}), (Fields{{"updates x op", "\"set\"", "\"add\""}}));
}

TEST(EventDiff, RandomEventsDifferFromOthersAndNotFromThemselves) {
  Rng rng(51);
  for (std::uint64_t i = 1; i < 300; ++i) {
    const Event a = test::RandomEvent(rng, {"n1", 1, i});
    const Event b = test::RandomEvent(rng, {"n1", 1, i});
    EXPECT_EQ(CompareEvents(a, a), Fields{});
    Event c = b;
    c.hybrid_ns = a.hybrid_ns;
    c.wall_ns = a.wall_ns;
    c.true_ns = a.true_ns;
    EXPECT_EQ(CompareEvents(a, b).empty(), a == c);
  }
}

TEST(RunDiff, EqualRuns) {
  const Result<RunDifference> d = Runs().Left("a", "xyz").Left("b", "p").Right("a", "xyz").Right("b", "p").Compare();
  ASSERT_TRUE(d.ok());
  EXPECT_TRUE(d->equal);
  ASSERT_EQ(d->nodes.size(), 2U);
  EXPECT_EQ(d->nodes[0].equal_count, 3U);
  EXPECT_FALSE(d->first);
}

TEST(RunDiff, AChangedEventWithItsSurroundings) {
  const Result<RunDifference> d = Runs().Left("a", "12345X7890").Right("a", "12345Y78").Compare({.context_count = 2});
  ASSERT_TRUE(d.ok());
  EXPECT_FALSE(d->equal);
  const NodeDifference& node = d->nodes[0];
  EXPECT_EQ(node.outcome, NodeOutcome::kChanged);
  EXPECT_EQ(node.at, (EventId{"a", 0, 6}));
  EXPECT_EQ(node.equal_count, 5U);
  EXPECT_EQ(node.left_count, 10U);
  EXPECT_EQ(node.right_count, 8U);
  EXPECT_EQ(node.fields, (Fields{{"action", "\"X\"", "\"Y\""}}));
  ASSERT_EQ(node.before.size(), 2U);
  EXPECT_EQ(node.before[1].id.seq, 5U);
  ASSERT_EQ(node.left.size(), 3U);
  EXPECT_EQ(node.left[0].id.seq, 6U);
  EXPECT_EQ(node.right.size(), 3U);
}

TEST(RunDiff, AShorterHistoryAndAMissingNode) {
  const Result<RunDifference> d = Runs().Left("a", "xy").Left("b", "p").Right("a", "x").Right("c", "q").Compare();
  ASSERT_TRUE(d.ok());
  ASSERT_EQ(d->nodes.size(), 3U);
  EXPECT_EQ(d->nodes[0].outcome, NodeOutcome::kOnlyLeft);
  EXPECT_EQ(d->nodes[0].at.seq, 2U);
  EXPECT_EQ(d->nodes[1].outcome, NodeOutcome::kOnlyLeft);
  EXPECT_EQ(d->nodes[2].outcome, NodeOutcome::kOnlyRight);
}

TEST(RunDiff, TheFirstOverallIsTheFirstInCanonicalOrder) {
  TempDir dir;
  const auto write = [&dir](const std::string& side, const std::string& a, const std::string& b) {
    // b's event comes before a's by its version, though its node and seq are greater.
    dir.Write(side + "/a.jsonl", "{\"header\":{\"node\":\"a\"}}\n{\"versions\":{\"w\":4},\"action\":\"" + a + "\"}\n");
    dir.Write(
        side + "/b.jsonl",
        "{\"header\":{\"node\":\"b\"}}\n{\"versions\":{\"w\":1}}\n{\"versions\":{\"w\":2},\"action\":\"" + b + "\"}\n");
  };
  write("left", "x", "y");
  write("right", "X", "Y");
  const Result<RunDifference> d = CompareRuns({dir.File("left")}, {dir.File("right")}, {});
  ASSERT_TRUE(d.ok());
  ASSERT_TRUE(d->first);
  EXPECT_EQ(ToText(d->nodes[*d->first].at), "b/0/2");
}

TEST(RunDiff, HeadersOfTheRunCount) {
  const Result<RunDifference> d = Runs()
                                      .Left("a", "x", R"(,"run":"1","constants":{"N":1})")
                                      .Right("a", "x", R"(,"run":"2","constants":{"N":2})")
                                      .Compare();
  ASSERT_TRUE(d.ok());
  EXPECT_FALSE(d->equal);
  EXPECT_EQ(d->headers, (Fields{{"constants.N", "1", "2"}}));
}

TEST(RunDiff, OneFileOfAllNodesEqualsAFileForEach) {
  TempDir dir;
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += std::string("{\"node\":\"") + (i % 3 == 0 ? "a" : "b") + "\",\"action\":\"A" + std::to_string(i) + "\"}\n";
  dir.Write("left/all.jsonl", text);
  std::string a = "{\"header\":{\"node\":\"a\"}}\n";
  std::string b = "{\"header\":{\"node\":\"b\"}}\n";
  for (int i = 0; i < 40; ++i) (i % 3 == 0 ? a : b) += "{\"action\":\"A" + std::to_string(i) + "\"}\n";
  dir.Write("right/a.jsonl", a);
  dir.Write("right/b.jsonl", b);
  Result<RunDifference> d =
      CompareRuns({dir.File("left")}, {dir.File("right")}, {.lanes = {.buffered_events_max = 50}});
  ASSERT_TRUE(d.ok()) << d.error().Render();
  EXPECT_TRUE(d->equal) << RenderText(*d);
  dir.Write("right/c.jsonl", "{\"header\":{\"node\":\"c\"}}\n{}\n");
  d = CompareRuns({dir.File("left")}, {dir.File("right")}, {});
  EXPECT_FALSE(d->equal);
}

TEST(RunDiff, DamageAndAbsenceAreErrors) {
  TempDir dir;
  const std::string good = dir.Write("good.jsonl", "{}\n");
  const std::string bad = dir.Write("bad.jsonl", "{}\n{\"action\":null}\n");
  EXPECT_EQ(CompareRuns({good}, {bad}, {}).error().kind, ErrorKind::kNullValue);
  EXPECT_EQ(CompareRuns({bad}, {good}, {}).error().kind, ErrorKind::kNullValue);
  EXPECT_EQ(CompareRuns({good}, {dir.File("none")}, {}).error().kind, ErrorKind::kCannotOpen);
}

TEST(Render, TextAndJsonSayTheSame) {
  const Result<RunDifference> d = Runs().Left("a", "xX").Right("a", "xY").Compare({.context_count = 1});
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(RenderText(*d),
            "the runs differ: 1 of 1 nodes, first at a/0/2\n\n"
            "a: differs at a/0/2\n"
            "  the event says something else\n"
            "  1 equal event before; 2 events on the left, 2 on the right\n"
            "    action\n      left   \"X\"\n      right  \"Y\"\n"
            "      {\"node\":\"a\",\"seq\":1,\"action\":\"x\"}\n"
            "    < {\"node\":\"a\",\"seq\":2,\"action\":\"X\"}\n"
            "    > {\"node\":\"a\",\"seq\":2,\"action\":\"Y\"}\n");
  const nlohmann::json json = nlohmann::json::parse(RenderJson(*d));
  EXPECT_EQ(json["result"], "differs");
  EXPECT_EQ(json["exit"], 1);
  EXPECT_EQ(json["first"]["seq"], 2);
  EXPECT_EQ(json["nodes"][0]["fields"][0]["left"], "X");
  EXPECT_EQ(json["nodes"][0]["right"][0]["action"], "Y");
  EXPECT_TRUE(json["error"].is_null());
}

}  // namespace
}  // namespace kelpie::trace::diff
