// Holds a stream of events to "seq counts from 1 without gaps in each incarnation".
//
//   SequenceCheck check(any_first_seq);
//   event.id.seq = check.Expected(event.id);        // when a line leaves it out
//   Status status = check.Accept(event.id);
//
// Memory is one entry for each (node, incarnation) of the stream.
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
  // With `any_first_seq` the first seq of each incarnation may be any: a trace cut out of a
  // longer one.
  explicit SequenceCheck(bool any_first_seq) : any_first_seq_(any_first_seq) {}

  // The seq that the next event of id's node and incarnation has.
  [[nodiscard]] std::uint64_t Expected(const EventId& id);
  // kSequenceGap, kSequenceRepeat; the place is the caller's to fill in.
  [[nodiscard]] Status Accept(const EventId& id);

 private:
  using Key = std::pair<std::string, std::uint64_t>;
  std::uint64_t& LastOf(const EventId& id);

  bool any_first_seq_;
  std::map<Key, std::uint64_t> last_;
  // Nearly every event is of the node before it; spares the search.
  const Key* recent_key_ = nullptr;
  std::uint64_t* recent_last_ = nullptr;
};

}  // namespace kelpie::trace::file
