#include "trace/diff/run_diff.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "trace/diff/first_divergence.h"
#include "trace/order/run_header.h"

namespace kelpie::trace::diff {

namespace {

using order::Lanes;

enum class HeadState : std::uint8_t { kThere, kUnread, kEnded };

// The next event of a node, read when it can be had from the node's own files; a file of
// several nodes is read by the caller, for both sides in step.
Result<HeadState> HeadOf(Lanes& lanes, const std::string& node) {
  const std::optional<std::size_t> lane = lanes.Find(node);
  if (lane) {
    while (lanes.Head(*lane) == nullptr && lanes.CanRead(*lane)) {
      Result<bool> read = lanes.Read(*lane);
      if (!read.ok()) return read.TakeError();
    }
    if (lanes.Head(*lane) != nullptr) return HeadState::kThere;
  }
  return lanes.unread_shared().empty() ? HeadState::kEnded : HeadState::kUnread;
}

Event Pop(Lanes& lanes, const std::string& node) { return std::move(lanes.Pop(*lanes.Find(node)).event); }

std::pair<std::uint64_t, std::uint64_t> PositionOf(const EventId& id) { return {id.incarnation, id.seq}; }

// The comparison of one node, as far as its events are at hand.
class NodeComparison {
 public:
  NodeComparison(Lanes* left, Lanes* right, const std::string& node, const DiffOptions* options)
      : left_(left), right_(right), options_(options) {
    out_.node = node;
  }

  // Goes on until an event is missing that a file of several nodes may still bring.
  Status Advance() {
    while (true) {
      Result<HeadState> left = HeadOf(*left_, out_.node);
      if (!left.ok()) return left.TakeError();
      Result<HeadState> right = HeadOf(*right_, out_.node);
      if (!right.ok()) return right.TakeError();
      const bool has_left = *left == HeadState::kThere;
      const bool has_right = *right == HeadState::kThere;
      if (!has_left && !has_right) return Status();
      if (out_.outcome != NodeOutcome::kEqual) {
        if (has_left) TakeLeft();
        if (has_right) TakeRight();
        continue;
      }
      if (*left == HeadState::kUnread || *right == HeadState::kUnread) return Status();
      Compare(has_left, has_right);
    }
  }

  NodeDifference Finish() {
    out_.is_in_left = left_->Find(out_.node).has_value();
    out_.is_in_right = right_->Find(out_.node).has_value();
    if (out_.outcome == NodeOutcome::kEqual) return std::move(out_);
    out_.before.assign(recent_.begin(), recent_.end());
    const bool is_left_whole = out_.left_count - out_.equal_count == out_.left.size();
    const bool is_right_whole = out_.right_count - out_.equal_count == out_.right.size();
    out_.divergence =
        Classify({out_.left, is_left_whole}, {out_.right, is_right_whole}, out_.fields, options_->ignored);
    if (out_.left_count == 0) out_.divergence.kind = DivergenceKind::kLeftMissing;
    if (out_.right_count == 0) out_.divergence.kind = DivergenceKind::kRightMissing;
    for (std::vector<Event>* side : {&out_.left, &out_.right}) {
      if (side->size() > 1 + options_->context_count) side->resize(1 + options_->context_count);
    }
    return std::move(out_);
  }

 private:
  void TakeLeft() {
    ++out_.left_count;
    Keep(Pop(*left_, out_.node), &EventCounts::left, out_.left);
  }

  void TakeRight() {
    ++out_.right_count;
    Keep(Pop(*right_, out_.node), &EventCounts::right, out_.right);
  }

  void Keep(Event event, std::uint64_t EventCounts::*side, std::vector<Event>& kept) {
    ++(out_.incarnations[event.id.incarnation].*side);
    const std::size_t kept_max = 1 + std::max(options_->context_count, options_->lookahead_count);
    if (kept.size() < kept_max) kept.push_back(std::move(event));
  }

  // Decides on the heads of the two sides; at least one is there, and the other has ended if
  // it is not.
  void Compare(bool has_left, bool has_right) {
    const Event* left = has_left ? &left_->Head(*left_->Find(out_.node))->event : nullptr;
    const Event* right = has_right ? &right_->Head(*right_->Find(out_.node))->event : nullptr;
    const bool same_place = left != nullptr && right != nullptr && PositionOf(left->id) == PositionOf(right->id);
    if (same_place) {
      out_.fields = CompareEvents(*left, *right, options_->ignored);
      if (out_.fields.empty()) {
        EventCounts& counts = out_.incarnations[left->id.incarnation];
        ++counts.left;
        ++counts.right;
        recent_.push_back(Pop(*left_, out_.node));
        out_.last_equal = recent_.back().id;
        if (recent_.size() > options_->context_count) recent_.pop_front();
        Pop(*right_, out_.node);
        ++out_.equal_count;
        ++out_.left_count;
        ++out_.right_count;
        return;
      }
    }
    const bool left_first = right == nullptr || (left != nullptr && PositionOf(left->id) <= PositionOf(right->id));
    out_.outcome = same_place ? NodeOutcome::kChanged : left_first ? NodeOutcome::kOnlyLeft : NodeOutcome::kOnlyRight;
    out_.at = left_first ? left->id : right->id;
  }

  Lanes* left_;
  Lanes* right_;
  const DiffOptions* options_;
  std::deque<Event> recent_;
  NodeDifference out_;
};

class RunComparison {
 public:
  RunComparison(Lanes* left, Lanes* right, const DiffOptions* options)
      : left_(left), right_(right), options_(options) {}

  Status CompareAll() {
    while (true) {
      for (Lanes* side : {left_, right_}) {
        for (std::size_t lane = 0; lane < side->size(); ++lane) {
          const std::string& node = side->NodeOf(lane);
          NodeComparison& pair = nodes_.try_emplace(node, left_, right_, node, options_).first->second;
          Status advanced = pair.Advance();
          if (!advanced.ok()) return advanced;
        }
      }
      const bool left_done = left_->unread_shared().empty();
      const bool right_done = right_->unread_shared().empty();
      if (left_done && right_done) return Status();
      // In step, so that little piles up when both runs were written in about one order.
      const bool take_left = !left_done && (right_done || read_left_ <= read_right_);
      Lanes* side = take_left ? left_ : right_;
      ++(take_left ? read_left_ : read_right_);
      Status read = side->ReadShared(side->unread_shared().front());
      if (!read.ok()) return read;
    }
  }

  std::map<std::string, NodeComparison>& nodes() { return nodes_; }

 private:
  Lanes* left_;
  Lanes* right_;
  const DiffOptions* options_;
  std::uint64_t read_left_ = 0;
  std::uint64_t read_right_ = 0;
  std::map<std::string, NodeComparison> nodes_;
};

void AddTorn(const Lanes& lanes, std::vector<std::string>& out) {
  for (const order::FileFacts& file : lanes.files()) {
    if (file.torn_tail) out.push_back(file.path + " at byte " + std::to_string(file.torn_offset));
  }
}

}  // namespace

Result<RunDifference> CompareRuns(const std::vector<std::string>& left, const std::vector<std::string>& right,
                                  const DiffOptions& options) {
  Result<Lanes> left_lanes = Lanes::Open(left, options.lanes);
  if (!left_lanes.ok()) return left_lanes.TakeError();
  Result<Lanes> right_lanes = Lanes::Open(right, options.lanes);
  if (!right_lanes.ok()) return right_lanes.TakeError();
  RunComparison comparison(&*left_lanes, &*right_lanes, &options);
  Status compared = comparison.CompareAll();
  if (!compared.ok()) return compared.TakeError();

  RunDifference out;
  for (auto& [name, node] : comparison.nodes()) {
    out.nodes.push_back(node.Finish());
    if (out.nodes.back().outcome != NodeOutcome::kEqual) out.equal = false;
  }
  Result<Header> header = order::MergeHeaders(left_lanes->files());
  if (!header.ok()) return header.TakeError();
  Result<Header> right_header = order::MergeHeaders(right_lanes->files());
  if (!right_header.ok()) return right_header.TakeError();
  out.headers = CompareHeaders(*header, *right_header, options.ignored);
  if (!out.headers.empty()) out.equal = false;
  out.ignored = options.ignored.names();
  if (!out.equal) FindFirst(left, right, options, out);
  AddTorn(*left_lanes, out.torn);
  AddTorn(*right_lanes, out.torn);
  return out;
}

}  // namespace kelpie::trace::diff
