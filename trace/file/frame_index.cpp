#include "trace/file/frame_index.h"

#include <algorithm>

#include "trace/file/little_endian.h"

namespace kelpie::trace::file {

namespace {

// Takes numbers and texts off the front of the bytes; zero and empty once they are used up.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : rest_(bytes) {}
  std::uint32_t Number32() { return static_cast<std::uint32_t>(Number(4)); }
  std::uint64_t Number64() { return Number(8); }
  std::string_view Text(std::size_t size) {
    if (rest_.size() < size) return Fail();
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  // Whether that many things of at least that many bytes may still follow.
  bool Fits(std::uint64_t count, std::size_t bytes) {
    if (count > rest_.size() / bytes) Fail();
    return !failed_;
  }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool is_empty() const { return rest_.empty(); }

 private:
  std::string_view Fail() {
    failed_ = true;
    rest_ = {};
    return {};
  }
  std::uint64_t Number(std::size_t size) {
    const std::string_view bytes = Text(size);
    if (failed_) return 0;
    return size == 4 ? Get32(bytes.data()) : Get64(bytes.data());
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

IndexBuilder::IndexBuilder(std::uint64_t interval, FrameIndex index) : interval_(interval), index_(std::move(index)) {
  for (std::size_t i = 0; i < index_.lanes.size(); ++i) {
    lanes_[index_.lanes[i]].number = static_cast<std::uint32_t>(i);
  }
  if (!index_.points.empty()) {
    // The point at the old end: what it says of the lanes goes into the next point.
    for (const auto& [lane, seq] : index_.points.back().changed) {
      LaneState& state = lanes_[index_.lanes[lane]];
      state.last_seq = seq;
      state.has_changed = true;
      changed_.push_back(&state);
    }
    index_.points.pop_back();
  }
}

IndexBuilder::LaneState& IndexBuilder::StateOf(const EventId& id) {
  if (recent_key_ == nullptr || recent_key_->second != id.incarnation || recent_key_->first != id.node) {
    const auto [entry, is_new] = lanes_.try_emplace({id.node, id.incarnation});
    if (is_new) {
      entry->second.number = static_cast<std::uint32_t>(index_.lanes.size());
      index_.lanes.push_back(entry->first);
    }
    recent_key_ = &entry->first;
    recent_ = &entry->second;
  }
  return *recent_;
}

void IndexBuilder::Add(const EventId& id, std::uint64_t offset, bool is_start) {
  const std::uint64_t since = index_.event_count - (index_.points.empty() ? 0 : index_.points.back().events_before);
  if (is_start && (index_.points.empty() || since >= interval_)) {
    index_.points.push_back({.events_before = index_.event_count, .offset = offset, .changed = TakeChanged()});
  }
  LaneState& state = StateOf(id);
  state.last_seq = id.seq;
  if (!state.has_changed) {
    state.has_changed = true;
    changed_.push_back(&state);
  }
  ++index_.event_count;
}

std::vector<std::pair<std::uint32_t, std::uint64_t>> IndexBuilder::TakeChanged() {
  std::vector<std::pair<std::uint32_t, std::uint64_t>> changed;
  for (LaneState* state : changed_) {
    changed.emplace_back(state->number, state->last_seq);
    state->has_changed = false;
  }
  changed_.clear();
  std::sort(changed.begin(), changed.end());
  return changed;
}

FrameIndex IndexBuilder::Finish(std::uint64_t end) const {
  IndexBuilder last = *this;
  last.index_.points.push_back({.events_before = index_.event_count, .offset = end, .changed = {}});
  for (const LaneState* state : changed_)
    last.index_.points.back().changed.emplace_back(state->number, state->last_seq);
  std::sort(last.index_.points.back().changed.begin(), last.index_.points.back().changed.end());
  return last.index_;
}

void AppendIndex(const FrameIndex& index, std::string& out) {
  Append64(index.event_count, out);
  Append32(static_cast<std::uint32_t>(index.lanes.size()), out);
  Append32(static_cast<std::uint32_t>(index.points.size()), out);
  for (const auto& [node, incarnation] : index.lanes) {
    Append64(incarnation, out);
    Append32(static_cast<std::uint32_t>(node.size()), out);
    out += node;
  }
  for (const IndexPoint& point : index.points) {
    Append64(point.events_before, out);
    Append64(point.offset, out);
    Append32(static_cast<std::uint32_t>(point.changed.size()), out);
    for (const auto& [lane, seq] : point.changed) {
      Append32(lane, out);
      Append64(seq, out);
    }
  }
}

bool ReadIndex(std::string_view payload, FrameIndex& out) {
  constexpr std::size_t kLaneBytes = 12;
  constexpr std::size_t kPointBytes = 20;
  Taker in(payload);
  out = FrameIndex();
  out.event_count = in.Number64();
  const std::uint32_t lanes = in.Number32();
  const std::uint32_t points = in.Number32();
  if (!in.Fits(lanes, kLaneBytes)) return false;
  for (std::uint32_t i = 0; i < lanes && !in.failed(); ++i) {
    const std::uint64_t incarnation = in.Number64();
    const std::uint32_t size = in.Number32();
    out.lanes.emplace_back(in.Text(size), incarnation);
  }
  if (!in.Fits(points, kPointBytes)) return false;
  for (std::uint32_t i = 0; i < points && !in.failed(); ++i) {
    IndexPoint& point = out.points.emplace_back();
    point.events_before = in.Number64();
    point.offset = in.Number64();
    const std::uint32_t changed = in.Number32();
    if (!in.Fits(changed, kLaneBytes)) return false;
    for (std::uint32_t j = 0; j < changed; ++j) {
      const std::uint32_t lane = in.Number32();
      point.changed.emplace_back(lane, in.Number64());
      if (lane >= lanes) return false;
    }
  }
  const auto earlier = [](const IndexPoint& a, const IndexPoint& b) {
    return a.offset < b.offset && a.events_before <= b.events_before;
  };
  for (std::size_t i = 1; i < out.points.size(); ++i) {
    if (!earlier(out.points[i - 1], out.points[i])) return false;
  }
  return !in.failed() && in.is_empty() && (out.points.empty() || out.points.back().events_before == out.event_count);
}

const IndexPoint* PointBefore(const FrameIndex& index, const Position& position) {
  const IndexPoint* best = nullptr;
  for (const IndexPoint& point : index.points) {
    bool is_behind = false;
    switch (position.kind) {
      case Position::Kind::kNumber: is_behind = point.events_before >= position.number; break;
      case Position::Kind::kOffset: is_behind = point.offset > position.number; break;
      case Position::Kind::kId:
        for (const auto& [lane, seq] : point.changed) {
          const FrameIndex::Lane& named = index.lanes[lane];
          const bool is_same = named.first == position.id.node && named.second == position.id.incarnation;
          is_behind = is_behind || (is_same && seq >= position.id.seq);
        }
        break;
    }
    if (is_behind) return best;
    best = &point;
  }
  // The last point is the end of all events: nothing comes behind it.
  return position.kind == Position::Kind::kId ? nullptr : best;
}

}  // namespace kelpie::trace::file
