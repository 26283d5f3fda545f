// Holds a stream of events to "seq counts from 1 without gaps in each incarnation".
//
//   SequenceCheck check(any_first_seq);
//   event.id.seq = check.Expected(event.id);        // when a line leaves it out
//   Status status = check.Accept(event.id, event.kind);
//
// Behind an event of kind lost, seq may go on at any greater number: the numbers between are
// of what was lost. Memory is one entry for each (node, incarnation) of the stream.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::file {

class SequenceCheck {
 public:
  using Key = std::pair<std::string, std::uint64_t>;  // node, incarnation

  // With `any_first_seq` the first seq of each incarnation may be any: a trace cut out of a
  // longer one.
  explicit SequenceCheck(bool any_first_seq) : any_first_seq_(any_first_seq) {}

  // The seq that the next event of id's node and incarnation has.
  [[nodiscard]] std::uint64_t Expected(const EventId& id) { return LaneOf(id).last + 1; }
  // kSequenceGap, kSequenceRepeat; the place is the caller's to fill in.
  [[nodiscard]] Status Accept(const EventId& id, EventKind kind);
  // Goes on behind an event that lies before where reading began.
  void Seed(const Key& key, std::uint64_t last) { lanes_[key].last = last; }

  // From here on each incarnation may have lost events, known from its next seq: ..
  void Damage() { ++epoch_; }
  // .. whether the incarnation has had no event since.
  [[nodiscard]] bool IsInDoubt(const EventId& id) { return LaneOf(id).epoch < epoch_; }
  // One incarnation in doubt, the first by its key, as the id that its next event would have;
  // false: none.
  [[nodiscard]] bool NextInDoubt(EventId& id) const;
  [[nodiscard]] bool is_empty() const { return lanes_.empty(); }
  [[nodiscard]] bool is_damaged() const { return epoch_ != 0; }
  // Whether Accept would call it a gap.
  [[nodiscard]] bool IsGap(const EventId& id) { return id.seq > LaneOf(id).last + 1 && !MayJump(LaneOf(id)); }

 private:
  struct Lane {
    std::uint64_t last = 0;
    std::uint64_t epoch = 0;
    bool is_lost = false;  // the last event was of kind lost
  };
  Lane& LaneOf(const EventId& id);
  [[nodiscard]] bool MayJump(const Lane& lane) const { return lane.is_lost || (lane.last == 0 && any_first_seq_); }

  bool any_first_seq_;
  std::uint64_t epoch_ = 0;
  std::map<Key, Lane> lanes_;
  // Nearly every event is of the node before it; spares the search.
  const Key* recent_key_ = nullptr;
  Lane* recent_ = nullptr;
};

}  // namespace kelpie::trace::file
