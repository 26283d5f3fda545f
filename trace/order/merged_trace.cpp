#include "trace/order/merged_trace.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "trace/order/happens_before.h"
#include "trace/order/run_header.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::order {

class MergedTrace::Impl {
 public:
  Impl(Lanes lanes, Header header, const MergeOptions& options)
      : header_(std::move(header)),
        lanes_(std::move(lanes)),
        options_(options),
        order_(lanes_, header_.clock_error_ns, options.allow_missing_causes || options.lanes.reader.salvage) {
    lanes_.set_on_read([this](const Event& event) {
      order_.Buffered(event);
      buffered_peak_ = std::max(buffered_peak_, ++buffered_);
    });
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<bool> Next(file::LocatedEvent& out) {
    if (failure_) return Error(*failure_);
    Result<bool> next = FindNext(out);
    if (!next.ok()) failure_ = std::make_unique<Error>(next.error());
    return next;
  }

  Header header_;
  Lanes lanes_;
  MergeOptions options_;
  HappensBefore order_;
  std::size_t buffered_ = 0;
  std::size_t buffered_peak_ = 0;

 private:
  // What is known about the head of a lane, so that it is judged anew only when that changed.
  struct HeadState {
    Lanes::Position position = {0, 0};
    bool is_judged = false;
    Judgement judgement;
  };

  Result<bool> FindNext(file::LocatedEvent& out) {
    while (true) {
      Status filled = lanes_.FillHeads();
      if (!filled.ok()) return filled.TakeError();
      heads_.resize(lanes_.size());
      Result<std::optional<std::size_t>> first = First();
      if (!first.ok()) return first.TakeError();
      const std::optional<std::size_t> lane = *first;
      const std::optional<std::size_t> shared = SharedToRead(lane);
      if (shared) {
        Status read = lanes_.ReadShared(*shared);
        if (!read.ok()) return read.TakeError();
        continue;
      }
      if (!lane) {
        if (AnyHead()) return CycleError();
        return false;
      }
      if (heads_[*lane].judgement.kind == Judgement::Kind::kReadLane) {
        Result<bool> read = lanes_.Read(heads_[*lane].judgement.lane);
        if (!read.ok()) return read.TakeError();
        heads_[*lane].is_judged = false;
        continue;
      }
      return Take(*lane, out);
    }
  }

  // Ties of the canonical order.
  [[nodiscard]] bool ComesFirst(std::size_t a, std::size_t b) const {
    const Event& x = lanes_.Head(a)->event;
    const Event& y = lanes_.Head(b)->event;
    return std::tie(x.hybrid_ns, x.id) < std::tie(y.hybrid_ns, y.id);
  }

  // The first head that is not blocked; it may be undecided.
  Result<std::optional<std::size_t>> First() {
    std::optional<std::size_t> best;
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      const file::LocatedEvent* head = lanes_.Head(lane);
      if (head == nullptr) continue;
      Status judged = JudgeHead(lane, *head);
      if (!judged.ok()) return judged.TakeError();
      if (heads_[lane].judgement.kind == Judgement::Kind::kBlocked) continue;
      if (!best || ComesFirst(lane, *best)) best = lane;
    }
    return best;
  }

  Status JudgeHead(std::size_t lane, const file::LocatedEvent& head) {
    HeadState& state = heads_[lane];
    const Lanes::Position position = {head.event.id.incarnation, head.event.id.seq};
    if (state.is_judged && state.position == position) {
      const Judgement& known = state.judgement;
      if (known.kind == Judgement::Kind::kReady) return Status();
      if (known.kind == Judgement::Kind::kBlocked && !order_.IsGone(known.blocker)) return Status();
    }
    Result<Judgement> judged = order_.Judge(lane);
    if (!judged.ok()) return judged.TakeError();
    state = {.position = position, .is_judged = true, .judgement = std::move(*judged)};
    return Status();
  }

  // A shared file that must be read further before `lane`'s head may be given out.
  std::optional<std::size_t> SharedToRead(std::optional<std::size_t> lane) const {
    const std::vector<std::size_t>& unread = lanes_.unread_shared();
    if (unread.empty()) return std::nullopt;
    const bool is_ready = lane && heads_[*lane].judgement.kind == Judgement::Kind::kReady;
    // The one with the fewest events at hand, so that files of one node stay level.
    std::optional<std::size_t> least;
    for (const std::size_t file : unread) {
      const std::size_t enough = lanes_.IsNodeless(file) ? 1 : std::max<std::size_t>(options_.shared_window, 1);
      if (is_ready && lanes_.BufferedOf(file) >= enough) continue;
      const bool is_versioned = lanes_.ReadCountOf(file) >= options_.versioned_after;
      if (is_ready && is_versioned && order_.IsNextVersion(lanes_.Head(*lane)->event, lanes_.CommonObjects(file))) {
        continue;
      }
      if (!least || lanes_.BufferedOf(file) < lanes_.BufferedOf(*least)) least = file;
    }
    if (lane && heads_[*lane].judgement.kind == Judgement::Kind::kReadLane) return std::nullopt;
    return least;
  }

  [[nodiscard]] bool AnyHead() const {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      if (lanes_.Head(lane) != nullptr) return true;
    }
    return false;
  }

  Result<bool> Take(std::size_t lane, file::LocatedEvent& out) {
    lanes_.Pop(lane, out);
    heads_[lane].is_judged = false;
    --buffered_;
    Status emitted = order_.Emit(lane, out);
    if (!emitted.ok()) return emitted.TakeError();
    return true;
  }

  // Every head waits for another: follow who waits for whom until a lane comes again.
  Error CycleError() const {
    std::vector<std::size_t> path;
    std::size_t lane = 0;
    while (lanes_.Head(lane) == nullptr) ++lane;
    while (std::find(path.begin(), path.end(), lane) == path.end()) {
      path.push_back(lane);
      lane = order_.Explain(heads_[lane].judgement.blocker).lane;
    }
    path.erase(path.begin(), std::find(path.begin(), path.end(), lane));
    constexpr std::size_t kLinksMax = 6;
    std::string found;
    for (std::size_t i = 0; i < std::min(path.size(), kLinksMax); ++i) {
      const HappensBefore::Reason reason = order_.Explain(heads_[path[i]].judgement.blocker);
      const EventId& next = lanes_.Head(reason.lane)->event.id;
      found += (i == 0 ? "" : "; ") + ToText(lanes_.Head(path[i])->event.id) + " comes after " + ToText(reason.id) +
               " (" + reason.text + ")";
      if (next != reason.id) found += ", and that after " + ToText(next);
    }
    if (path.size() > kLinksMax) found += "; and so on through " + std::to_string(path.size()) + " nodes";
    const file::LocatedEvent& first = *lanes_.Head(path[0]);
    return {.kind = ErrorKind::kOrderCycle,
            .place = {.file = first.file, .line = first.line, .column = 0, .offset = first.offset},
            .message = "events wait for each other: their seq, causes, versions and clocks contradict each other",
            .found = std::move(found),
            .expected = "at least one order of all events"};
  }

  std::vector<HeadState> heads_;
  std::unique_ptr<Error> failure_;
};

MergedTrace::MergedTrace(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MergedTrace::MergedTrace(MergedTrace&&) noexcept = default;
MergedTrace& MergedTrace::operator=(MergedTrace&&) noexcept = default;
MergedTrace::~MergedTrace() = default;

Result<MergedTrace> MergedTrace::Open(const std::vector<std::string>& paths, const MergeOptions& options) {
  Result<Lanes> lanes = Lanes::Open(paths, options.lanes);
  if (!lanes.ok()) return lanes.TakeError();
  Result<Header> header = MergeHeaders(lanes->files());
  if (!header.ok()) return header.TakeError();
  return MergedTrace(std::make_unique<Impl>(std::move(*lanes), std::move(*header), options));
}

Result<bool> MergedTrace::Next(file::LocatedEvent& out) { return impl_->Next(out); }

Result<std::optional<file::LocatedEvent>> MergedTrace::Next() {
  file::LocatedEvent event;
  Result<bool> more = Next(event);
  if (!more.ok()) return more.TakeError();
  if (!*more) return std::optional<file::LocatedEvent>();
  return std::optional<file::LocatedEvent>(std::move(event));
}

const Header& MergedTrace::header() const { return impl_->header_; }
const std::vector<FileFacts>& MergedTrace::files() const { return impl_->lanes_.files(); }
std::uint64_t MergedTrace::unordered_pairs() const { return impl_->order_.unordered_pairs(); }
std::uint64_t MergedTrace::event_count() const { return impl_->order_.event_count(); }
std::uint64_t MergedTrace::missing_causes() const { return impl_->order_.missing_causes(); }
std::size_t MergedTrace::buffered_peak() const { return impl_->buffered_peak_; }

}  // namespace kelpie::trace::order
