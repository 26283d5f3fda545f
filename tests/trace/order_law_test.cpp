// trace/order: laws over generated runs, and agreement with the definition taken literally.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "merge_support.h"
#include "support.h"
#include "trace/file/json_write.h"

namespace kelpie::trace::order {
namespace {

using test::Rng;
using test::TempDir;

// A run of `count` events over `nodes` nodes with `incarnations`, all naming `world`.
std::vector<Event> WorldRun(Rng& rng, std::uint64_t nodes, std::uint64_t count) {
  std::vector<Event> events;
  std::map<std::string, EventId> next;
  std::uint64_t others = 0;
  for (std::uint64_t i = 1; i <= count; ++i) {
    const std::string node = "n" + std::to_string(rng.Below(nodes));
    EventId& id = next.try_emplace(node, EventId{node, 1, 0}).first->second;
    if (rng.OneIn(15)) id = {node, id.incarnation + 1, 0};
    ++id.seq;
    Event event{.id = id};
    event.versions["world"] = i;
    if (rng.OneIn(2)) event.versions["other"] = ++others;
    if (rng.OneIn(3) && !events.empty()) event.causes = {events[rng.Below(events.size())].id};
    event.hybrid_ns = static_cast<std::int64_t>(rng.Below(1000));
    events.push_back(std::move(event));
  }
  return events;
}

void WriteByIncarnation(const TempDir& dir, const std::vector<Event>& events, bool binary) {
  std::map<std::pair<std::string, std::uint64_t>, std::vector<Event>> files;
  for (const Event& event : events) files[{event.id.node, event.id.incarnation}].push_back(event);
  for (const auto& [key, list] : files) {
    Header header;
    header.node = key.first;
    header.incarnation = key.second;
    dir.Write(key.first + "." + std::to_string(key.second) + (binary ? ".ktrace" : ".jsonl"),
              test::FileOf(binary ? file::Format::kKtrace : file::Format::kJsonLines, header, list));
  }
}

TEST(Law, AVersionedRunComesBackInItsOrder) {
  Rng rng(31);
  for (int round = 0; round < 20; ++round) {
    const std::uint64_t nodes = 1 + rng.Below(6);
    const std::vector<Event> events = WorldRun(rng, nodes, 1 + rng.Below(120));
    TempDir dir;
    WriteByIncarnation(dir, events, rng.OneIn(2));
    const Merged merged = Merge({dir.path()});
    Ids expected;
    for (const Event& event : events) expected.push_back(ToText(event.id));
    ExpectOrder(merged, expected);
    EXPECT_EQ(merged.unordered, 0U);
    EXPECT_LE(merged.peak, nodes);
  }
}

TEST(Law, OneFileInAnyInterleavingComesBackInItsOrder) {
  Rng rng(32);
  for (int round = 0; round < 20; ++round) {
    const std::vector<Event> events = WorldRun(rng, 4, 100);
    std::map<std::string, std::vector<Event>> lanes;
    for (const Event& event : events) lanes[event.id.node].push_back(event);
    std::string text;
    std::vector<std::string> nodes;
    for (const auto& [node, list] : lanes) nodes.insert(nodes.end(), list.size(), node);
    for (std::size_t i = nodes.size(); i > 1; --i) std::swap(nodes[i - 1], nodes[rng.Below(i)]);
    std::map<std::string, std::size_t> at;
    for (const std::string& node : nodes) {
      file::AppendJson(lanes[node][at[node]++], text);
      text += '\n';
    }
    TempDir dir;
    const Merged merged = Merge({dir.Write("t.jsonl", text)});
    Ids expected;
    for (const Event& event : events) expected.push_back(ToText(event.id));
    ExpectOrder(merged, expected);
  }
}

// The definition, taken literally: of the events whose predecessors are all out, the first by
// (hybrid time, node, incarnation, seq).
Ids Naive(const std::vector<Event>& events, std::optional<std::int64_t> clock_error) {
  const auto precedes = [&](const Event& a, const Event& b) {
    if (a.id.node == b.id.node) return a.id < b.id;
    if (std::count(b.causes.begin(), b.causes.end(), a.id) > 0) return true;
    const auto clock = b.vclock.find(a.id.node);
    if (clock != b.vclock.end() && clock->second >= std::pair(a.id.incarnation, a.id.seq)) return true;
    for (const auto& [object, version] : a.versions) {
      const auto other = b.versions.find(object);
      if (other != b.versions.end() && version < other->second) return true;
    }
    return clock_error && a.hybrid_ns && b.hybrid_ns && *a.hybrid_ns + *clock_error < *b.hybrid_ns;
  };
  std::vector<const Event*> left;
  for (const Event& event : events) left.push_back(&event);
  Ids ids;
  while (!left.empty()) {
    const Event* best = nullptr;
    for (const Event* event : left) {
      const bool ready =
          std::none_of(left.begin(), left.end(), [&](const Event* other) { return precedes(*other, *event); });
      if (ready && (best == nullptr || std::tie(event->hybrid_ns, event->id) < std::tie(best->hybrid_ns, best->id)))
        best = event;
    }
    if (best == nullptr) return {"cycle"};
    ids.push_back(ToText(best->id));
    std::erase(left, best);
  }
  return ids;
}

TEST(Law, AgreesWithTheDefinitionOnPartlyOrderedRuns) {
  Rng rng(33);
  int totals = 0;
  for (int round = 0; round < 300; ++round) {
    // Generated along one order, so that no relation contradicts another.
    std::vector<Event> events;
    std::map<std::string, std::uint64_t> seqs;
    std::map<std::string, std::uint64_t> versions;
    std::map<std::string, std::int64_t> clocks;
    const std::optional<std::int64_t> clock_error = rng.OneIn(2) ? std::optional<std::int64_t>(8) : std::nullopt;
    const bool dense = rng.OneIn(2);
    for (std::int64_t i = 0; i < 25; ++i) {
      const std::string node = "n" + std::to_string(rng.Below(4));
      Event event{.id = {node, 0, ++seqs[node]}};
      if (rng.OneIn(4) && !events.empty()) event.causes = {events[rng.Below(events.size())].id};
      std::erase_if(event.causes, [&](const EventId& id) { return id.node == node && id.seq >= event.id.seq; });
      if (rng.OneIn(4) && !events.empty()) {
        const EventId& known = events[rng.Below(events.size())].id;
        event.vclock[known.node] = {known.incarnation, known.seq};
      }
      if (rng.OneIn(3)) {
        const std::string object = "o" + std::to_string(rng.Below(3));
        versions[object] += dense ? 1 : 1 + rng.Below(3) + (versions[object] == 0 ? 1 : 0);
        event.versions[object] = versions[object];
      }
      // Clocks within 4 of one common time: what the error of 8 orders, really is ordered.
      clocks[node] = std::max(clocks[node], 3 * i + static_cast<std::int64_t>(rng.Below(8)) - 4);
      if (!rng.OneIn(4)) event.hybrid_ns = clocks[node];
      events.push_back(std::move(event));
    }
    const Ids expected = Naive(events, clock_error);
    ASSERT_NE(expected, Ids{"cycle"});
    std::map<std::string, std::vector<Event>> lanes;
    for (const Event& event : events) lanes[event.id.node].push_back(event);
    TempDir dir;
    for (const auto& [node, list] : lanes) {
      Header header;
      header.node = node;
      header.clock_error_ns = clock_error;
      dir.Write(node + ".jsonl", test::FileOf(file::Format::kJsonLines, header, list));
    }
    const Merged merged = Merge({dir.path()});
    ASSERT_FALSE(merged.error) << merged.error->Render();
    ASSERT_EQ(merged.ids, expected) << "round " << round;
    totals += merged.unordered == 0 ? 1 : 0;
    // The same from one file of all nodes, in order of node.
    std::string text = clock_error ? "{\"header\":{\"clock_error_ns\":8}}\n" : "";
    for (const auto& [node, list] : lanes) {
      for (const Event& event : list) {
        file::AppendJson(event, text);
        text += '\n';
      }
    }
    TempDir lone;
    const Merged one = Merge({lone.Write("t.jsonl", text)});
    ASSERT_FALSE(one.error) << one.error->Render();
    ASSERT_EQ(one.ids, expected) << "round " << round;
  }
  EXPECT_LT(totals, 300);
}

}  // namespace
}  // namespace kelpie::trace::order
