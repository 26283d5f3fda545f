#include "trace/file/sequence_check.h"

#include "trace/value/event_names.h"

namespace kelpie::trace::file {

std::uint64_t& SequenceCheck::LastOf(const EventId& id) {
  if (recent_key_ == nullptr || recent_key_->second != id.incarnation || recent_key_->first != id.node) {
    const auto entry = last_.try_emplace({id.node, id.incarnation}, 0).first;
    recent_key_ = &entry->first;
    recent_last_ = &entry->second;
  }
  return *recent_last_;
}

std::uint64_t SequenceCheck::Expected(const EventId& id) { return LastOf(id) + 1; }

Status SequenceCheck::Accept(const EventId& id) {
  std::uint64_t& last = LastOf(id);
  const bool is_first = last == 0;
  if (id.seq == last + 1 || (is_first && any_first_seq_ && id.seq != 0)) {
    last = id.seq;
    return Status();
  }
  const bool repeated = id.seq <= last;
  return Error{.kind = repeated ? ErrorKind::kSequenceRepeat : ErrorKind::kSequenceGap,
               .message = repeated ? "a seq comes again or goes back; in one incarnation it counts up by one"
                                   : "events are missing before this one; in one incarnation seq counts up by one",
               .found = ToText(id),
               .expected = "seq " + std::to_string(last + 1),
               .hint = is_first ? "a trace that was cut out of a longer one needs an option to say so"
                                : "the writer states losses by an event of kind lost"};
}

}  // namespace kelpie::trace::file
