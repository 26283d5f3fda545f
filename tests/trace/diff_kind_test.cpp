// trace/diff: of which kind a divergence is, what --ignore leaves out, and what surrounds the first.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "diff_support.h"
#include "support.h"
#include "tests/support/golden.h"
#include "trace/cli/trace_verbs.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::diff {
namespace {

using test::Runs;
using Kind = DivergenceKind;

Divergence KindOf(const std::string& left, const std::string& right, const DiffOptions& options = {}) {
  Result<RunDifference> d = Runs().Left("a", left).Right("a", right).Compare(options);
  EXPECT_TRUE(d.ok());
  return d.ok() && !d->nodes.empty() ? d->nodes[0].divergence : Divergence{};
}

TEST(DivergenceKind, ContentInsertionAndOrderAreToldApart) {
  EXPECT_EQ(KindOf("abcdef", "abcdef"), (Divergence{Kind::kNone, 0}));
  EXPECT_EQ(KindOf("abcdef", "abXdef"), (Divergence{Kind::kContent, 0}));
  EXPECT_EQ(KindOf("abcdef", "abXYcdef"), (Divergence{Kind::kInserted, 2}));
  EXPECT_EQ(KindOf("abXYZcdef", "abcdef"), (Divergence{Kind::kRemoved, 3}));
  EXPECT_EQ(KindOf("abcdef", "abdcef"), (Divergence{Kind::kReordered, 2}));
  EXPECT_EQ(KindOf("abcdef", "abdefc"), (Divergence{Kind::kReordered, 4}));
  EXPECT_EQ(KindOf("abc", "abcde"), (Divergence{Kind::kLeftEnds, 0}));
  EXPECT_EQ(KindOf("abcde", "abc"), (Divergence{Kind::kRightEnds, 0}));
  EXPECT_EQ(KindOf("", "abc"), (Divergence{Kind::kLeftMissing, 0}));
  EXPECT_EQ(KindOf("abc", ""), (Divergence{Kind::kRightMissing, 0}));
}

TEST(DivergenceKind, RepetitionIsNoInsertion) {
  // What follows the changed event agrees with itself two places on.
  EXPECT_EQ(KindOf("ababababab", "Cbabababab"), (Divergence{Kind::kContent, 0}));
  EXPECT_EQ(KindOf("aaaa", "aaba"), (Divergence{Kind::kContent, 0}));
}

TEST(DivergenceKind, OneAgreeingEventIsNoInsertion) {
  EXPECT_EQ(KindOf("abcdef", "aXbYZW"), (Divergence{Kind::kContent, 0}));
  EXPECT_EQ(KindOf("ab", "aXb"), (Divergence{Kind::kInserted, 1})) << "the left ends there, so one is all there is";
}

TEST(DivergenceKind, OnlyTheLookaheadIsLookedAt) {
  EXPECT_EQ(KindOf("abcdef", "aXYZbcdef", {.context_count = 0, .lookahead_count = 2}), (Divergence{Kind::kContent, 0}));
  EXPECT_EQ(KindOf("abcdef", "aXYZbcdef", {.context_count = 0, .lookahead_count = 6}),
            (Divergence{Kind::kInserted, 3}));
}

TEST(DivergenceKind, AnEarlyRestartIsTheLossOfWhatTheOtherStillDid) {
  Result<RunDifference> d = Runs().Left("a", "abcd efg").Right("a", "ab efg").Compare();
  ASSERT_TRUE(d.ok());
  const NodeDifference& node = d->nodes[0];
  EXPECT_EQ(node.outcome, NodeOutcome::kOnlyLeft);
  EXPECT_EQ(node.divergence, (Divergence{Kind::kRemoved, 2}));
  EXPECT_EQ(node.incarnations.at(0).left, 4U);
  EXPECT_EQ(node.incarnations.at(0).right, 2U);
  EXPECT_EQ(node.incarnations.at(1).left, 3U);
  EXPECT_EQ(node.incarnations.at(1).right, 3U);
}

TEST(DivergenceKind, AnIncarnationMoreAndNothingInCommon) {
  Result<RunDifference> d = Runs().Left("a", "ab").Right("a", "ab cd").Compare();
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->nodes[0].divergence, (Divergence{Kind::kLeftEnds, 0}));
  EXPECT_EQ(d->nodes[0].incarnations.at(1).right, 2U);
  EXPECT_EQ(KindOf("abcd", "ab efg"), (Divergence{Kind::kUnaligned, 0}));
}

TEST(DivergenceKind, OtherCausesAreAnotherOrderAndNotAnotherContent) {
  const auto compare = [](const std::string& left, const std::string& right) {
    Runs runs;
    runs.File("left/a.jsonl", left + "\n").File("right/a.jsonl", right + "\n");
    Result<RunDifference> d = runs.Compare();
    EXPECT_TRUE(d.ok());
    return d->nodes[0].divergence.kind;
  };
  EXPECT_EQ(compare(R"({"action":"A","versions":{"w":1}})", R"({"action":"A","versions":{"w":2}})"), Kind::kOrderFacts);
  EXPECT_EQ(compare(R"({"action":"A","vclock":{"a":[0,1]}})", R"({"action":"A"})"), Kind::kOrderFacts);
  EXPECT_EQ(compare(R"({"action":"A","versions":{"w":1}})", R"({"action":"B","versions":{"w":2}})"), Kind::kContent);
  EXPECT_EQ(compare(R"({"kind":"mark"})", R"({"kind":"end"})"), Kind::kContent);
}

TEST(DivergenceKind, AnInsertionIsSeenThoughItShiftsWhatOthersReferTo) {
  const auto events = [](const std::string& actions, int first) {
    std::string text = "{\"header\":{\"node\":\"a\"}}\n";
    for (const char action : actions) {
      text += std::string("{\"action\":\"") + action + "\",\"versions\":{\"w\":" + std::to_string(first++) + "}}\n";
    }
    return text;
  };
  Runs runs;
  runs.File("left/a.jsonl", events("abcde", 1)).File("right/a.jsonl", events("abXcde", 1));
  Result<RunDifference> d = runs.Compare();
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->nodes[0].divergence, (Divergence{Kind::kInserted, 1}));
}

// --- what is left out

Event Full() {
  Event e{.id = {"a", 0, 1}};
  e.claims = {{.spec = "S", .action = "A"}};
  return e;
}

std::size_t CountOf(const Event& left, const Event& right, std::initializer_list<const char*> names) {
  IgnoredFields ignored;
  for (const char* name : names) EXPECT_TRUE(ignored.Add(name)) << name;
  return CompareEvents(left, right, ignored).size();
}

TEST(Ignore, EachFieldHidesItselfAndNothingElse) {
  const std::vector<std::pair<const char*, void (*)(Event&)>> changes = {
      {"kind", [](Event& e) { e.kind = EventKind::kMark; }},
      {"spec", [](Event& e) { e.claims[0].spec = "T"; }},
      {"action", [](Event& e) { e.claims[0].action = "B"; }},
      {"args",
       [](Event& e) {
         e.claims[0].args.named = {{"n", Value::Int(1)}};
       }},
      {"reads",
       [](Event& e) {
         e.claims[0].reads = {{.location = {"x", {}}, .value = Value::Int(1)}};
       }},
      {"updates",
       [](Event& e) {
         e.claims[0].updates = {{.location = {"x", {}}, .value = Value::Int(1)}};
       }},
      {"frame", [](Event& e) { e.claims[0].frame_closed["x"] = true; }},
      {"steps", [](Event& e) { e.claims[0].steps = {{.action = "C"}}; }},
      {"operation", [](Event& e) { e.operation = "o"; }},
      {"outcome", [](Event& e) { e.outcome = Outcome::kOk; }},
      {"lost_count", [](Event& e) { e.lost_count = 3; }},
      {"causes",
       [](Event& e) {
         e.causes = {{"b", 0, 1}};
       }},
      {"vclock",
       [](Event& e) {
         e.vclock["b"] = {0, 1};
       }},
      {"versions", [](Event& e) { e.versions["w"] = 1; }},
      {"group", [](Event& e) { e.group = "g"; }},
  };
  for (const auto& [name, change] : changes) {
    Event changed = Full();
    change(changed);
    EXPECT_EQ(CountOf(changed, Full(), {}), 1U) << name;
    for (const auto& [other, unused] : changes) {
      EXPECT_EQ(CountOf(changed, Full(), {other}), std::string(other) == name ? 0U : 1U) << name << ", " << other;
    }
  }
}

TEST(Ignore, PartsByName) {
  Event left = Full();
  Event right = Full();
  left.claims[0].args.named = {{"n", Value::Int(1)}, {"t", Value::Int(10)}};
  right.claims[0].args.named = {{"n", Value::Int(1)}, {"t", Value::Int(20)}};
  left.claims[0].updates = {{.location = {"clock", {Value::String("a")}}, .value = Value::Int(10)}};
  right.claims[0].updates = {{.location = {"clock", {Value::String("a")}}, .value = Value::Int(20)}};
  EXPECT_EQ(CountOf(left, right, {}), 2U);
  EXPECT_EQ(CountOf(left, right, {"args.t"}), 1U);
  EXPECT_EQ(CountOf(left, right, {"args.t", "updates.clock"}), 0U);
  EXPECT_EQ(CountOf(left, right, {"args.n", "updates.clocks", "reads.clock"}), 2U);
}

TEST(Ignore, WhatAlignsOrIsNoFieldIsRefused) {
  IgnoredFields ignored;
  for (const char* name : {"node", "incarnation", "seq", "", "nonsense", "kind.x", "args.", ".x", "hybrid_ns"}) {
    EXPECT_FALSE(ignored.Add(name)) << name;
  }
  EXPECT_TRUE(ignored.names().empty());
  EXPECT_TRUE(ignored.Add("args.a.b"));
  EXPECT_TRUE(ignored.Has("args", "a.b"));
  EXPECT_FALSE(ignored.Has("args", "a"));
}

TEST(Ignore, HeadersToo) {
  Runs runs;
  runs.Left("a", "x", R"(,"constants":{"N":1,"M":1})").Right("a", "x", R"(,"constants":{"N":2,"M":1})");
  IgnoredFields other;
  IgnoredFields same;
  ASSERT_TRUE(other.Add("constants.M"));
  ASSERT_TRUE(same.Add("constants.N"));
  EXPECT_FALSE(runs.Compare({.ignored = other})->equal);
  EXPECT_TRUE(runs.Compare({.ignored = same})->equal);
}

// --- the first of all, and the whole as text

// b's change is the earlier one by its versions; c has no file on the right.
void WriteThreeNodes(Runs& runs) {
  const auto line = [](int version, const std::string& action) {
    return "{\"action\":\"" + action + "\",\"versions\":{\"w\":" + std::to_string(version) + "}}\n";
  };
  runs.File("left/a.jsonl", "{\"header\":{\"node\":\"a\"}}\n" + line(1, "Start") + line(4, "Old") + line(6, "Last"));
  runs.File("left/b.jsonl", "{\"header\":{\"node\":\"b\"}}\n" + line(2, "Take") + line(3, "Give"));
  runs.File("left/c.jsonl", "{\"header\":{\"node\":\"c\"}}\n" + line(5, "Rest"));
  runs.File("right/a.jsonl", "{\"header\":{\"node\":\"a\"}}\n" + line(1, "Start") + line(4, "New") + line(5, "Last"));
  runs.File("right/b.jsonl", "{\"header\":{\"node\":\"b\"}}\n" + line(2, "Take") + line(3, "Keep"));
}

std::vector<std::string> IdsOf(const std::vector<Event>& events) {
  std::vector<std::string> ids;
  for (const Event& event : events) ids.push_back(trace::ToText(event.id));
  return ids;
}

TEST(FirstOfAll, HasTheSurroundingsOfBothRuns) {
  Runs runs;
  WriteThreeNodes(runs);
  const Result<RunDifference> d = runs.Compare({.context_count = 1});
  ASSERT_TRUE(d.ok()) << d.error().Render();
  ASSERT_TRUE(d->first);
  EXPECT_EQ(d->nodes[*d->first].node, "b");
  EXPECT_EQ(d->first_left.index, 3U);
  EXPECT_EQ(IdsOf(d->first_left.before), std::vector<std::string>{"b/0/1"});
  EXPECT_EQ(IdsOf(d->first_left.events), (std::vector<std::string>{"b/0/2", "a/0/2"}));
  EXPECT_EQ(IdsOf(d->first_right.events), (std::vector<std::string>{"b/0/2", "a/0/2"}));
}

TEST(FirstOfAll, ASideWithoutTheEventShowsWhereItWouldBe) {
  Runs runs;
  runs.Left("a", "xyz").Left("b", "pq").Right("a", "xyz").Right("b", "p");
  const Result<RunDifference> d = runs.Compare({.context_count = 1});
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(IdsOf(d->first_left.events), (std::vector<std::string>{"b/0/2"}));
  EXPECT_EQ(d->first_left.index, 5U);
  EXPECT_EQ(IdsOf(d->first_right.before), (std::vector<std::string>{"b/0/1"}));
  EXPECT_TRUE(d->first_right.events.empty());
  EXPECT_EQ(d->first_right.index, 5U);
}

TEST(FirstOfAll, RunsWithoutAnOrderFallBackToTheSmallestSeq) {
  Runs runs;
  // The causes contradict each other, so there is no order; the comparison by node does not mind.
  runs.File("left/a.jsonl", "{\"node\":\"a\",\"causes\":[[\"b\",0,1]]}\n{\"node\":\"a\",\"action\":\"X\"}\n");
  runs.File("left/b.jsonl", "{\"node\":\"b\",\"causes\":[[\"a\",0,1]],\"action\":\"P\"}\n");
  runs.File("right/a.jsonl", "{\"node\":\"a\",\"causes\":[[\"b\",0,1]]}\n{\"node\":\"a\",\"action\":\"Y\"}\n");
  runs.File("right/b.jsonl", "{\"node\":\"b\",\"causes\":[[\"a\",0,1]],\"action\":\"Q\"}\n");
  const Result<RunDifference> d = runs.Compare();
  ASSERT_TRUE(d.ok()) << d.error().Render();
  EXPECT_EQ(trace::ToText(d->nodes[*d->first].at), "b/0/1");
  EXPECT_NE(RenderText(*d).find("not known"), std::string::npos);
  EXPECT_TRUE(nlohmann::json::parse(RenderJson(*d))["first"]["left"].is_null());
}

TEST(GoldenDiff, TextAndJson) {
  const std::filesystem::path folder = std::filesystem::path(KELPIE_SOURCE_DIR) / "tests/trace/testdata";
  Runs runs;
  WriteThreeNodes(runs);
  const Result<RunDifference> d = runs.Compare({.context_count = 2});
  ASSERT_TRUE(d.ok());
  EXPECT_TRUE(kelpie::test::CompareGolden(folder / "diff_three_nodes.txt", RenderText(*d)));
  const std::string json = nlohmann::ordered_json::parse(RenderJson(*d)).dump(1) + "\n";
  EXPECT_TRUE(kelpie::test::CompareGolden(folder / "diff_three_nodes.json", json));
  const Result<RunDifference> restart = Runs().Left("a", "abcd efg").Right("a", "ab efg").Compare();
  ASSERT_TRUE(restart.ok());
  EXPECT_TRUE(kelpie::test::CompareGolden(folder / "diff_restart.txt", RenderText(*restart)));
}

TEST(DiffOptions, IgnoreAndContextReachTheComparison) {
  Runs runs;
  WriteThreeNodes(runs);
  const auto run = [&runs](std::vector<const char*> more, std::string& text) {
    const std::string left = runs.Path("left");
    const std::string right = runs.Path("right");
    std::vector<const char*> argv = {"diff", left.c_str(), right.c_str()};
    argv.insert(argv.end(), more.begin(), more.end());
    std::ostringstream out;
    std::ostringstream err;
    const int exit = cli::RunDiff(static_cast<int>(argv.size()), argv.data(), out, err);
    text = out.str() + err.str();
    return exit;
  };
  std::string text;
  EXPECT_EQ(run({"--ignore", "action", "--ignore", "versions", "--json"}, text), 1) << "c is still missing";
  const nlohmann::json json = nlohmann::json::parse(text);
  EXPECT_EQ(json["ignored"], nlohmann::json({"action", "versions"}));
  EXPECT_EQ(json["first"]["node"], "c");
  EXPECT_EQ(json["nodes"][2]["divergence"]["kind"], "right_missing");
  EXPECT_EQ(json["nodes"][2]["in_right"], false);
  EXPECT_EQ(run({"--context", "0", "--json"}, text), 1);
  EXPECT_EQ(nlohmann::json::parse(text)["nodes"][0]["left"].size(), 1U);
  EXPECT_EQ(run({"--ignore", "seq"}, text), 3);
  EXPECT_NE(text.find("no such field: seq; one of kind, spec"), std::string::npos) << text;
  EXPECT_EQ(run({"--lookahead", "-1"}, text), 3);
  EXPECT_EQ(run({"--lookahead", "1000000"}, text), 3);
}

}  // namespace
}  // namespace kelpie::trace::diff
