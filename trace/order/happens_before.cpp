#include "trace/order/happens_before.h"

#include <algorithm>
#include <utility>

#include "trace/value/event_names.h"

namespace kelpie::trace::order {

namespace {

Lanes::Position PositionOf(const EventId& id) { return {id.incarnation, id.seq}; }

Place PlaceOf(const file::LocatedEvent& event) {
  return {.file = event.file, .line = event.line, .column = 0, .offset = event.offset};
}

Judgement Blocked(Blocker blocker) { return {.kind = Judgement::Kind::kBlocked, .blocker = std::move(blocker)}; }

// Not decided without an event that is not there yet, of this lane or a shared file.
Judgement Undecided(const Lanes& lanes, std::size_t lane) {
  if (lanes.CanRead(lane)) return {.kind = Judgement::Kind::kReadLane, .blocker = {}, .lane = lane};
  return {.kind = Judgement::Kind::kReadShared};
}

bool CanGrow(const Lanes& lanes, std::size_t lane) { return lanes.CanRead(lane) || !lanes.unread_shared().empty(); }

Error VersionError(ErrorKind kind, const file::LocatedEvent& event, const std::string& object, std::uint64_t version,
                   const EventId& before, std::uint64_t version_before) {
  return {.kind = kind,
          .place = PlaceOf(event),
          .message = kind == ErrorKind::kRepeatedVersion
                         ? "two events name the same version of an object"
                         : "an event names an older version of an object than an event before it",
          .found = ToText(event.event.id) + " has version " + std::to_string(version) + " of " + object + ", " +
                   ToText(before) + " version " + std::to_string(version_before),
          .expected = "each version once, counting up along every node and cause"};
}

}  // namespace

void HappensBefore::Buffered(const Event& event) {
  for (const auto& [name, version] : event.versions) objects_[name].buffered.insert(version);
}

Result<Judgement> HappensBefore::Judge(std::size_t lane) {
  missing_of_event_ = 0;
  Result<Judgement> judged = JudgeEvent(lane);
  // An event is judged ready once, but may be blocked often before.
  if (judged.ok() && judged->kind == Judgement::Kind::kReady) missing_causes_ += missing_of_event_;
  return judged;
}

// A definite blocker outweighs what is undecided: it spares reading ahead.
Result<Judgement> HappensBefore::JudgeEvent(std::size_t lane) {
  const file::LocatedEvent& head = *lanes_.Head(lane);
  Judgement worst;
  // Whether the judgement is final; takes it over unless another undecided one came first.
  const auto is_final = [&worst](const Result<Judgement>& judged) {
    if (!judged.ok()) return true;
    if (judged->kind == Judgement::Kind::kBlocked) return true;
    if (judged->kind != Judgement::Kind::kReady && worst.kind == Judgement::Kind::kReady) worst = *judged;
    return false;
  };
  for (const EventId& cause : head.event.causes) {
    const bool is_cause = true;
    Result<Judgement> judged = JudgePosition(head, lane, cause.node, PositionOf(cause), is_cause);
    if (is_final(judged)) return judged;
  }
  for (const auto& [node, position] : head.event.vclock) {
    const bool is_cause = false;
    Result<Judgement> judged = JudgePosition(head, lane, node, position, is_cause);
    if (is_final(judged)) return judged;
  }
  for (const auto& [name, version] : head.event.versions) {
    Result<Judgement> judged = JudgeVersion(head, lane, name, version);
    if (is_final(judged)) return judged;
  }
  Result<Judgement> judged = JudgeHybrid(head.event, lane);
  if (is_final(judged)) return judged;
  return worst;
}

Result<Judgement> HappensBefore::JudgePosition(const file::LocatedEvent& event, std::size_t own_lane,
                                               const std::string& node, Lanes::Position position, bool is_cause) {
  const EventId named{.node = node, .incarnation = position.first, .seq = position.second};
  const std::optional<std::size_t> lane = lanes_.Find(node);
  // A vector clock's entry with seq 0 knows of an incarnation, but of no event in it.
  const bool names_event = is_cause || position.second != 0;
  if (lane == own_lane) {
    const Lanes::Position own = PositionOf(event.event.id);
    const bool is_earlier = is_cause ? position < own : position <= own;
    if (!is_earlier) {
      return Error{
          .kind = ErrorKind::kOrderCycle,
          .place = PlaceOf(event),
          .message = "an event names itself or a later event of its node as earlier",
          .found = ToText(event.event.id) + " names " + ToText(named) + (is_cause ? " as a cause" : " in its vclock"),
          .expected = "an event before it"};
    }
    if (position == own || !names_event || lanes_.WasPopped(*lane, position)) return Judgement();
    return JudgeMissing(event, named);
  }
  if (!lane) {
    if (!lanes_.unread_shared().empty()) return Judgement{.kind = Judgement::Kind::kReadShared};
    return names_event ? JudgeMissing(event, named) : Judgement();
  }
  if (lanes_.Done(*lane) >= position) {
    return !names_event || lanes_.WasPopped(*lane, position) ? Judgement() : JudgeMissing(event, named);
  }
  const file::LocatedEvent* head = lanes_.Head(*lane);
  if (head != nullptr && PositionOf(head->event.id) <= position) {
    return Blocked({.kind = Blocker::Kind::kPosition, .lane = *lane, .position = position});
  }
  if (head == nullptr && CanGrow(lanes_, *lane)) return Undecided(lanes_, *lane);
  return names_event ? JudgeMissing(event, named) : Judgement();
}

Result<Judgement> HappensBefore::JudgeMissing(const file::LocatedEvent& event, const EventId& missing) {
  if (allow_missing_causes_) {
    ++missing_of_event_;
    return Judgement();
  }
  return Error{.kind = ErrorKind::kMissingCause,
               .place = PlaceOf(event),
               .message = "an event names an earlier one that no file holds",
               .found = ToText(event.event.id) + " names " + ToText(missing),
               .expected = "every named event to be recorded",
               .hint = "a file of the run is missing, or its end was lost"};
}

Status HappensBefore::CheckVersion(const file::LocatedEvent& event, const std::string& name, std::uint64_t version,
                                   const Object& object) const {
  if (!object.is_named || version > object.version) return Status();
  const ErrorKind kind = version == object.version ? ErrorKind::kRepeatedVersion : ErrorKind::kVersionOrder;
  return VersionError(kind, event, name, version, IdAt(object.lane, object.position), object.version);
}

Result<Judgement> HappensBefore::JudgeVersion(const file::LocatedEvent& event, std::size_t own_lane,
                                              const std::string& name, std::uint64_t version) {
  const Object& object = objects_[name];
  Status consistent = CheckVersion(event, name, version, object);
  if (!consistent.ok()) return consistent.TakeError();
  // The version before it is out (or it is the first): nothing can lie between.
  if (object.is_named ? version == object.version + 1 : version <= 1) return Judgement();
  // The event's own version is among the buffered ones.
  const std::uint64_t smallest = *object.buffered.begin();
  if (smallest < version) {
    for (const file::LocatedEvent& later : lanes_.Buffered(own_lane)) {
      const auto named = later.event.versions.find(name);
      if (named == later.event.versions.end() || named->second != smallest) continue;
      return VersionError(ErrorKind::kVersionOrder, later, name, smallest, event.event.id, version);
    }
    return Blocked({.kind = Blocker::Kind::kVersion, .object = name, .version = smallest});
  }
  // A node's versions count up, so its first naming decides for all its later ones.
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    if (lane == own_lane || !lanes_.CanRead(lane)) continue;
    const auto& buffered = lanes_.Buffered(lane);
    const bool is_named = std::any_of(buffered.begin(), buffered.end(), [&name](const file::LocatedEvent& other) {
      return other.event.versions.contains(name);
    });
    if (!is_named) return Judgement{.kind = Judgement::Kind::kReadLane, .blocker = {}, .lane = lane};
  }
  if (!lanes_.unread_shared().empty()) return Judgement{.kind = Judgement::Kind::kReadShared};
  return Judgement();
}

bool HappensBefore::IsApart(std::int64_t earlier, std::int64_t later) const {
  if (later <= earlier) return false;
  const std::uint64_t distance = static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier);
  return *clock_error_ns_ >= 0 && distance > static_cast<std::uint64_t>(*clock_error_ns_);
}

Judgement HappensBefore::JudgeHybrid(const Event& event, std::size_t own_lane) const {
  if (!clock_error_ns_ || !event.hybrid_ns) return {};
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    if (lane == own_lane) continue;
    const auto& buffered = lanes_.Buffered(lane);
    const auto timed = std::find_if(buffered.begin(), buffered.end(),
                                    [](const file::LocatedEvent& other) { return other.event.hybrid_ns.has_value(); });
    if (timed == buffered.end()) {
      if (lanes_.CanRead(lane)) return {.kind = Judgement::Kind::kReadLane, .blocker = {}, .lane = lane};
      continue;
    }
    if (!IsApart(*timed->event.hybrid_ns, *event.hybrid_ns)) continue;
    return Blocked({.kind = Blocker::Kind::kHybridTime, .lane = lane, .position = PositionOf(timed->event.id)});
  }
  return {};
}

bool HappensBefore::IsGone(const Blocker& blocker) const {
  if (blocker.kind != Blocker::Kind::kVersion) {
    const file::LocatedEvent* head = lanes_.Head(blocker.lane);
    return head == nullptr || PositionOf(head->event.id) > blocker.position;
  }
  const auto object = objects_.find(blocker.object);
  return object != objects_.end() && object->second.is_named && object->second.version >= blocker.version;
}

HappensBefore::Reason HappensBefore::Explain(const Blocker& blocker) const {
  if (blocker.kind != Blocker::Kind::kVersion) {
    const bool is_named = blocker.kind == Blocker::Kind::kPosition;
    return {.lane = blocker.lane,
            .id = IdAt(blocker.lane, blocker.position),
            .text = is_named ? "which it names as earlier" : "earlier by hybrid time"};
  }
  Reason reason;
  reason.text = "which has version " + std::to_string(blocker.version) + " of " + blocker.object;
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    for (const file::LocatedEvent& event : lanes_.Buffered(lane)) {
      const auto named = event.event.versions.find(blocker.object);
      if (named == event.event.versions.end() || named->second != blocker.version) continue;
      reason.lane = lane;
      reason.id = event.event.id;
      return reason;
    }
  }
  return reason;
}

bool HappensBefore::IsNextVersion(const Event& event, const std::vector<std::string>& objects) const {
  return std::any_of(objects.begin(), objects.end(), [&](const std::string& name) {
    const auto version = event.versions.find(name);
    if (version == event.versions.end()) return false;
    const auto object = objects_.find(name);
    if (object == objects_.end() || !object->second.is_named) return version->second <= 1;
    return version->second == object->second.version + 1;
  });
}

// Of two neighbours in an order that respects all causes, a relation over a third event would
// put that event between them; so direct relations decide.
bool HappensBefore::FollowsPrevious(std::size_t lane, const Event& event) const {
  if (event_count_ == 0 || lane == previous_lane_) return true;
  const std::string& node = lanes_.NodeOf(previous_lane_);
  for (const EventId& cause : event.causes) {
    if (cause.node == node && PositionOf(cause) == previous_position_) return true;
  }
  const auto clock = event.vclock.find(node);
  if (clock != event.vclock.end() && Lanes::Position(clock->second) >= previous_position_) return true;
  for (const auto& [name, version] : event.versions) {
    const auto object = objects_.find(name);
    if (object != objects_.end() && object->second.is_named && object->second.event_number == event_count_) return true;
  }
  return clock_error_ns_ && previous_hybrid_ && event.hybrid_ns && IsApart(*previous_hybrid_, *event.hybrid_ns);
}

Status HappensBefore::Emit(std::size_t lane, const file::LocatedEvent& located) {
  const Event& event = located.event;
  if (!FollowsPrevious(lane, event)) ++unordered_pairs_;
  last_hybrid_.resize(std::max(last_hybrid_.size(), lane + 1));
  if (clock_error_ns_ && event.hybrid_ns && last_hybrid_[lane] && *event.hybrid_ns < *last_hybrid_[lane]) {
    return Error{.kind = ErrorKind::kTimeOrder,
                 .place = PlaceOf(located),
                 .message = "hybrid time goes back within a node, and the header orders by it",
                 .found = ToText(event.id) + " at " + std::to_string(*event.hybrid_ns),
                 .expected = "at least " + std::to_string(*last_hybrid_[lane])};
  }
  if (event.hybrid_ns) last_hybrid_[lane] = event.hybrid_ns;
  ++event_count_;
  for (const auto& [name, version] : event.versions) {
    Object& object = objects_[name];
    object.buffered.erase(object.buffered.find(version));
    Status consistent = CheckVersion(located, name, version, object);
    if (!consistent.ok()) return consistent;
    object.is_named = true;
    object.version = version;
    object.lane = lane;
    object.position = PositionOf(event.id);
    object.event_number = event_count_;
  }
  previous_lane_ = lane;
  previous_position_ = PositionOf(event.id);
  previous_hybrid_ = event.hybrid_ns;
  return Status();
}

}  // namespace kelpie::trace::order
