#include "trace/file/sequence_check.h"

#include "trace/value/event_names.h"

namespace kelpie::trace::file {

SequenceCheck::Lane& SequenceCheck::LaneOf(const EventId& id) {
  if (recent_key_ == nullptr || recent_key_->second != id.incarnation || recent_key_->first != id.node) {
    const auto entry = lanes_.try_emplace({id.node, id.incarnation}).first;
    recent_key_ = &entry->first;
    recent_ = &entry->second;
  }
  return *recent_;
}

bool SequenceCheck::NextInDoubt(EventId& id) const {
  for (const auto& [key, lane] : lanes_) {
    if (lane.epoch == epoch_) continue;
    id = {.node = key.first, .incarnation = key.second, .seq = lane.last + 1};
    return true;
  }
  return false;
}

Status SequenceCheck::Accept(const EventId& id, EventKind kind) {
  Lane& lane = LaneOf(id);
  const bool is_first = lane.last == 0;
  if (id.seq == lane.last + 1 || (MayJump(lane) && id.seq > lane.last)) {
    lane = {.last = id.seq, .epoch = epoch_, .is_lost = kind == EventKind::kLost};
    return Status();
  }
  const bool repeated = id.seq <= lane.last;
  return Error{.kind = repeated ? ErrorKind::kSequenceRepeat : ErrorKind::kSequenceGap,
               .message = repeated ? "a seq comes again or goes back; in one incarnation it counts up by one"
                                   : "events are missing before this one; in one incarnation seq counts up by one",
               .found = ToText(id),
               .expected = "seq " + std::to_string(lane.last + 1),
               .hint = is_first ? "a trace that was cut out of a longer one needs an option to say so"
                                : "the writer states losses by an event of kind lost"};
}

}  // namespace kelpie::trace::file
