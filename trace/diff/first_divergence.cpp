#include "trace/diff/first_divergence.h"

#include <algorithm>
#include <map>
#include <utility>

#include "trace/order/merged_trace.h"

namespace kelpie::trace::diff {

namespace {

// A run in canonical order; nothing when it cannot be read again or has no order.
std::optional<order::MergedTrace> OpenOrdered(const std::vector<std::string>& paths, const DiffOptions& options) {
  if (std::count(paths.begin(), paths.end(), "-") > 0) return std::nullopt;
  order::MergeOptions merge{.lanes = options.lanes, .allow_missing_causes = true};
  Result<order::MergedTrace> trace = order::MergedTrace::Open(paths, merge);
  if (!trace.ok()) return std::nullopt;
  return std::move(*trace);
}

// Rank in a run's canonical order of the first of `sought`, with which one it is.
std::optional<std::pair<std::uint64_t, std::size_t>> FirstOf(const std::vector<std::string>& paths,
                                                             const DiffOptions& options,
                                                             const std::map<EventId, std::size_t>& sought) {
  std::optional<order::MergedTrace> trace = OpenOrdered(paths, options);
  if (!trace || sought.empty()) return std::nullopt;
  for (std::uint64_t rank = 0;; ++rank) {
    const Result<std::optional<file::LocatedEvent>> next = trace->Next();
    if (!next.ok() || !next->has_value()) return std::nullopt;
    const auto found = sought.find((*next)->event.id);
    if (found != sought.end()) return std::pair(rank, found->second);
  }
}

// Where one side's surroundings begin: at the node's event in place of the diverging one, else
// behind the last event that both had, else where the other side's begin.
struct Anchor {
  std::optional<EventId> at;
  std::optional<EventId> behind;
  std::uint64_t index = 0;
};

SideContext ContextOf(const std::vector<std::string>& paths, const DiffOptions& options, const Anchor& anchor) {
  SideContext context;
  std::optional<order::MergedTrace> trace = OpenOrdered(paths, options);
  if (!trace) return context;
  const std::size_t events_max = options.context_count + (anchor.at ? 1 : 0);
  bool is_behind = false;
  for (std::uint64_t index = 1;; ++index) {
    if (context.index != 0 && context.events.size() >= events_max) return context;
    Result<std::optional<file::LocatedEvent>> next = trace->Next();
    if (!next.ok()) return {};
    std::optional<Event> event;
    if (next->has_value()) event = std::move((*next)->event);
    const bool is_start = anchor.at       ? event && event->id == *anchor.at
                          : anchor.behind ? is_behind
                                          : index == anchor.index;
    if (context.index == 0 && (is_start || !event)) context.index = index;
    if (!event) return context;
    if (context.index != 0) {
      if (context.events.size() < events_max) context.events.push_back(std::move(*event));
      continue;
    }
    is_behind = anchor.behind && event->id == *anchor.behind;
    context.before.push_back(std::move(*event));
    if (context.before.size() > options.context_count) context.before.erase(context.before.begin());
  }
}

}  // namespace

void FindFirst(const std::vector<std::string>& left, const std::vector<std::string>& right, const DiffOptions& options,
               RunDifference& out) {
  std::map<EventId, std::size_t> in_left;
  std::map<EventId, std::size_t> in_right;
  for (std::size_t i = 0; i < out.nodes.size(); ++i) {
    const NodeDifference& node = out.nodes[i];
    if (node.outcome == NodeOutcome::kEqual) continue;
    (node.outcome == NodeOutcome::kOnlyRight ? in_right : in_left)[node.at] = i;
    const auto key = [&out](std::size_t index) { return std::pair(out.nodes[index].at.seq, index); };
    if (!out.first || key(i) < key(*out.first)) out.first = i;
  }
  if (!out.first) return;  // only the headers differ
  const auto a = FirstOf(left, options, in_left);
  const auto b = FirstOf(right, options, in_right);
  if (a && (!b || *a <= *b)) out.first = a->second;
  if (b && (!a || *b < *a)) out.first = b->second;

  const NodeDifference& node = out.nodes[*out.first];
  const auto anchor_of = [&node](const std::vector<Event>& events, std::uint64_t index) {
    return Anchor{.at = events.empty() ? std::nullopt : std::optional(events.front().id),
                  .behind = node.last_equal,
                  .index = index};
  };
  // The side that has the event tells the place to one that never had any of the node.
  const bool is_left_first = node.outcome != NodeOutcome::kOnlyRight;
  SideContext& here = is_left_first ? out.first_left : out.first_right;
  SideContext& there = is_left_first ? out.first_right : out.first_left;
  here = ContextOf(is_left_first ? left : right, options, anchor_of(is_left_first ? node.left : node.right, 1));
  there = ContextOf(is_left_first ? right : left, options,
                    anchor_of(is_left_first ? node.right : node.left, std::max<std::uint64_t>(here.index, 1)));
}

}  // namespace kelpie::trace::diff
