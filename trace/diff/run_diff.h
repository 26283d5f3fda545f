// Aligns two runs by node, incarnation and seq, and finds where each node first differs.
//
//   Result<RunDifference> d = CompareRuns({"base/"}, {"head/"}, {});
//   out << RenderText(*d);     exit(d->equal ? 0 : 1)
//
// No spec is involved: an event differs when what was recorded differs (event_diff.h), clocks
// aside. Behind a node's first divergence its events are only counted, and as many of them as
// the lookahead looked at to tell what kind of divergence it is (divergence.h): once one is
// inserted or lost, the numbers of all later ones are shifted. Memory: the lookahead for each
// node and side, and what files of several nodes pile up.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "trace/diff/divergence.h"
#include "trace/diff/event_diff.h"
#include "trace/diff/ignored_fields.h"
#include "trace/order/lanes.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::diff {

struct DiffOptions {
  order::LaneOptions lanes;
  std::size_t context_count = 3;     // events before and behind a divergence that are kept
  std::size_t lookahead_count = 32;  // events behind it that are looked at for its kind
  IgnoredFields ignored;
};

enum class NodeOutcome : std::uint8_t {
  kEqual,
  kChanged,   // both have the event, and it differs
  kOnlyLeft,  // the right history ends or leaves the event out
  kOnlyRight,
};

struct EventCounts {
  std::uint64_t left = 0;
  std::uint64_t right = 0;
};

struct NodeDifference {
  std::string node;
  NodeOutcome outcome = NodeOutcome::kEqual;
  Divergence divergence;
  bool is_in_left = true;  // a file of the run names the node, or an event does
  bool is_in_right = true;
  std::uint64_t left_count = 0;  // events of the node
  std::uint64_t right_count = 0;
  std::uint64_t equal_count = 0;      // before the divergence
  std::optional<EventId> last_equal;  // the last of those
  std::map<std::uint64_t, EventCounts> incarnations;
  EventId at;                           // the diverging event; meaningless when equal
  std::vector<FieldDifference> fields;  // of kChanged
  std::vector<Event> before;            // equal events, the last is next to the divergence
  std::vector<Event> left;              // the diverging event, if there, and those behind it
  std::vector<Event> right;
};

// One side's surroundings of the first divergence of all, in canonical order.
struct SideContext {
  std::uint64_t index = 0;    // 1-based, of the first of `events`; 0: not known
  std::vector<Event> before;  // the last is next to the divergence
  std::vector<Event> events;  // the diverging event, if there, and those behind it
};

struct RunDifference {
  bool equal = true;
  std::vector<NodeDifference> nodes;  // by name
  std::vector<FieldDifference> headers;
  // Index of the node whose divergence comes first in the canonical order of the left run (of
  // the right run for events that only it has).
  std::optional<std::size_t> first;
  SideContext first_left;
  SideContext first_right;
  std::vector<std::string> ignored;  // fields that were left out
  std::vector<std::string> torn;     // files whose last frame or line was cut off
};

// Each side: files, directories, "-". Errors are those of reading; runs that cannot be
// ordered are compared all the same, and `first` falls back to the smallest seq.
[[nodiscard]] Result<RunDifference> CompareRuns(const std::vector<std::string>& left,
                                                const std::vector<std::string>& right, const DiffOptions& options);

[[nodiscard]] std::string RenderText(const RunDifference& difference);
// One object: {"format":"kelpie.diff/1","result":"equal"|"differs","exit",..}
[[nodiscard]] std::string RenderJson(const RunDifference& difference);

}  // namespace kelpie::trace::diff
