// The index at the end of a .ktrace file: where to begin reading for a given event.
//
//   IndexBuilder builder(1024);
//   builder.Add(event.id, frame_offset, true);         // for each event, in order
//   AppendIndex(builder.index(), payload);             // trace/file/FORMAT.md has the bytes
//   const IndexPoint* point = PointBefore(index, position);
//
// Invariants: points are in the order of the file; a point's events_before and the last seq of
// every lane before it are what reading from the file's beginning to it would have counted.
// Memory: about 32 bytes for every `interval` events.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trace/file/located_event.h"
#include "trace/value/event.h"

namespace kelpie::trace::file {

struct IndexPoint {
  std::uint64_t events_before = 0;
  std::uint64_t offset = 0;                                      // of a frame
  std::vector<std::pair<std::uint32_t, std::uint64_t>> changed;  // lane -> its last seq before this point
};

struct FrameIndex {
  using Lane = std::pair<std::string, std::uint64_t>;  // node, incarnation
  std::uint64_t event_count = 0;
  std::vector<Lane> lanes;
  std::vector<IndexPoint> points;
};

class IndexBuilder {
 public:
  explicit IndexBuilder(std::uint64_t interval) : interval_(interval) {}
  // Goes on with the index of a file that is appended to.
  IndexBuilder(std::uint64_t interval, FrameIndex index);

  // `is_start`: a reader may begin at `offset` with this event.
  void Add(const EventId& id, std::uint64_t offset, bool is_start);
  // With a last point at `end`, so that the lanes' last numbers are all there.
  [[nodiscard]] FrameIndex Finish(std::uint64_t end) const;

 private:
  struct LaneState {
    std::uint32_t number = 0;
    std::uint64_t last_seq = 0;
    bool has_changed = false;
  };
  [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint64_t>> TakeChanged();
  LaneState& StateOf(const EventId& id);

  std::uint64_t interval_;
  FrameIndex index_;
  std::map<FrameIndex::Lane, LaneState> lanes_;
  std::vector<LaneState*> changed_;
  const FrameIndex::Lane* recent_key_ = nullptr;  // nearly every event is of the node before it
  LaneState* recent_ = nullptr;
};

void AppendIndex(const FrameIndex& index, std::string& out);
// False: the bytes are no index.
[[nodiscard]] bool ReadIndex(std::string_view payload, FrameIndex& out);

// The last point at which reading may begin so that `position` still comes; nullptr: the index
// knows none, or that the file has no such event.
[[nodiscard]] const IndexPoint* PointBefore(const FrameIndex& index, const Position& position);

}  // namespace kelpie::trace::file
