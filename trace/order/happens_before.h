// Whether all that precedes a node's next event has been given out; the causal order itself.
//
//   HappensBefore order(lanes, clock_error_ns, allow_missing);
//   Verdict v = order.Judge(lane);           // ready, blocked by .., or read more of ..
//   order.Emit(lane, event);                 // records it as given out; checks it once more
//
// Invariants: what is ready stays ready; a verdict "blocked" holds until its blocker is
// given out. Positions and versions are compared, events are never stored.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "trace/order/lanes.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::order {

// Something that has not been given out yet and must be.
struct Blocker {
  enum class Kind : std::uint8_t { kPosition, kVersion, kHybridTime };
  Kind kind = Kind::kPosition;
  std::size_t lane = 0;               // kPosition, kHybridTime: of that lane, up to
  Lanes::Position position = {0, 0};  // this event
  std::string object;                 // kVersion: of that object
  std::uint64_t version = 0;          // this version
};

struct Judgement {
  enum class Kind : std::uint8_t {
    kReady,
    kBlocked,     // see blocker
    kReadLane,    // undecided before one more event of `lane` is read
    kReadShared,  // undecided before the shared files are read further
  };
  Kind kind = Kind::kReady;
  Blocker blocker;
  std::size_t lane = 0;
};

class HappensBefore {
 public:
  HappensBefore(Lanes& lanes, std::optional<std::int64_t> clock_error_ns, bool allow_missing_causes)
      : lanes_(lanes), clock_error_ns_(clock_error_ns), allow_missing_causes_(allow_missing_causes) {}

  // To be called with every event as it is buffered.
  void Buffered(const Event& event);

  // Requires: lanes.Head(lane) != nullptr. Errors: kMissingCause, kRepeatedVersion,
  // kVersionOrder, kOrderCycle (an event that names itself or a later one of its node).
  [[nodiscard]] Result<Judgement> Judge(std::size_t lane);
  // Whether a blocker is no longer ahead: given out since, or its node went past it or ended.
  [[nodiscard]] bool IsGone(const Blocker& blocker) const;
  // The blocker as an event that is buffered or still to be read, with its lane, and why it
  // comes first in words.
  struct Reason {
    std::size_t lane = 0;
    EventId id;
    std::string text;
  };
  [[nodiscard]] Reason Explain(const Blocker& blocker) const;

  // Whether nothing unread of a file in which every event names one of `objects` can come
  // before `event`: it has the very next version of one of them.
  [[nodiscard]] bool IsNextVersion(const Event& event, const std::vector<std::string>& objects) const;

  // Requires: `event` was just popped from `lane`, and was ready.
  [[nodiscard]] Status Emit(std::size_t lane, const file::LocatedEvent& event);

  [[nodiscard]] std::uint64_t event_count() const { return event_count_; }
  [[nodiscard]] std::uint64_t unordered_pairs() const { return unordered_pairs_; }
  [[nodiscard]] std::uint64_t missing_causes() const { return missing_causes_; }

 private:
  struct Object {
    bool is_named = false;  // by an event that was given out
    std::uint64_t version = 0;
    std::size_t lane = 0;
    Lanes::Position position = {0, 0};
    std::uint64_t event_number = 0;
    std::multiset<std::uint64_t> buffered;  // versions that buffered events name
  };

  [[nodiscard]] Result<Judgement> JudgeEvent(std::size_t lane);
  [[nodiscard]] Result<Judgement> JudgePosition(const file::LocatedEvent& event, std::size_t own_lane,
                                                const std::string& node, Lanes::Position position, bool is_cause);
  [[nodiscard]] Result<Judgement> JudgeMissing(const file::LocatedEvent& event, const EventId& missing);
  [[nodiscard]] Result<Judgement> JudgeVersion(const file::LocatedEvent& event, std::size_t own_lane,
                                               const std::string& name, std::uint64_t version);
  [[nodiscard]] Judgement JudgeHybrid(const Event& event, std::size_t own_lane) const;
  [[nodiscard]] Status CheckVersion(const file::LocatedEvent& event, const std::string& name, std::uint64_t version,
                                    const Object& object) const;
  [[nodiscard]] bool FollowsPrevious(std::size_t lane, const Event& event) const;
  [[nodiscard]] bool IsApart(std::int64_t earlier, std::int64_t later) const;
  [[nodiscard]] EventId IdAt(std::size_t lane, Lanes::Position position) const {
    return {.node = lanes_.NodeOf(lane), .incarnation = position.first, .seq = position.second};
  }

  Lanes& lanes_;
  std::optional<std::int64_t> clock_error_ns_;
  bool allow_missing_causes_;
  std::unordered_map<std::string, Object> objects_;
  std::vector<std::optional<std::int64_t>> last_hybrid_;  // by lane
  std::uint64_t event_count_ = 0;
  std::uint64_t unordered_pairs_ = 0;
  std::uint64_t missing_causes_ = 0;
  std::uint64_t missing_of_event_ = 0;  // while one event is judged
  std::size_t previous_lane_ = 0;
  Lanes::Position previous_position_ = {0, 0};
  std::optional<std::int64_t> previous_hybrid_;
};

}  // namespace kelpie::trace::order
