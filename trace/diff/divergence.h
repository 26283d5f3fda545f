// What kind of divergence it is: another content, another order, events more or fewer.
//
//   Divergence d = Classify({left, true}, {right, true}, {}, {});   // the events from the divergence on
//   if (d.kind == DivergenceKind::kInserted) ... the right has d.count events more ...
//
// Content is everything of an event but its id and what orders it (causes, vclock, versions):
// an inserted event shifts the numbers of all later ones, and so what those refer to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "trace/diff/event_diff.h"
#include "trace/diff/ignored_fields.h"
#include "trace/value/event.h"

namespace kelpie::trace::diff {

enum class DivergenceKind : std::uint8_t {
  kNone,
  kContent,     // the event at this place says something else
  kOrderFacts,  // it says the same, and only causes, vclock or versions differ
  kReordered,   // the next `count` events are the same ones in another order
  kInserted,    // the right has `count` events more and then goes on as the left
  kRemoved,     // the left has `count` events more
  kLeftEnds,    // the left has no more events of the node
  kRightEnds,
  kLeftMissing,  // the left has no event of the node at all
  kRightMissing,
  kUnaligned,  // other places, and no common event within the lookahead
};

[[nodiscard]] std::string_view NameOf(DivergenceKind kind);

struct Divergence {
  DivergenceKind kind = DivergenceKind::kNone;
  std::uint64_t count = 0;  // of kReordered, kInserted, kRemoved; else 0
  friend bool operator==(const Divergence&, const Divergence&) = default;
};

// A node's history from the divergence on, as far ahead as is looked: empty when it has ended.
struct Ahead {
  const std::vector<Event>& events;
  bool is_whole;  // the history ends with the last of them
};

// `fields`: how the first events of both differ when they have the same place, else empty.
// Cost: O(|left| x |right|) comparisons of events.
[[nodiscard]] Divergence Classify(const Ahead& left, const Ahead& right,
                                  const std::vector<FieldDifference>& fields, const IgnoredFields& ignored);

// Whether the field is one of those that order events: causes, vclock, versions.
[[nodiscard]] bool IsAboutOrder(const FieldDifference& field);

}  // namespace kelpie::trace::diff
