#include "trace/file/trace_reader.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "trace/file/frame_source.h"
#include "trace/file/input.h"
#include "trace/file/itf_source.h"
#include "trace/file/line_source.h"
#include "trace/file/sequence_check.h"
#include "trace/file/sniff.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::file {

class TraceReader::Impl {
 public:
  Impl(Input input, const ReaderOptions& options)
      : input_(std::move(input)), options_(options), sequence_(options.any_first_seq) {}

  Status Start() {
    Status sniffed = Sniff();
    return sniffed.ok() && source_ ? source_->Start() : std::move(sniffed);
  }

  Result<bool> Next(LocatedEvent& out) {
    if (failure_) return Error(*failure_);
    if (ended_) return false;
    while (true) {
      Result<bool> more = held_ ? TakeHeld(out) : source_->Next(out, left_out_);
      if (!more.ok()) {
        Status around = GoAround(more.TakeError());
        if (!around.ok()) return Failed(around.TakeError());
        continue;
      }
      if (!*more) return End(out);
      Status accepted = Accept(out);
      if (!accepted.ok()) return Failed(accepted.TakeError());
      ++event_count_;
      return true;
    }
  }

  Result<bool> Seek(const Position& position) {
    if (failure_) return Error(*failure_);
    if (frames_ != nullptr && !options_.salvage) {
      Result<std::optional<FrameIndex>> index = frames_->ReadIndexOfFile();
      if (!index.ok()) return Failed(index.TakeError());
      if (*index) {
        Status jumped = Jump(**index, position);
        if (!jumped.ok()) return Failed(jumped.TakeError());
      }
    }
    LocatedEvent event;
    while (true) {
      Result<bool> more = Next(event);
      if (!more.ok() || !*more) return more;
      const bool is_there = position.kind == Position::Kind::kNumber ? event_count_ >= position.number
                            : position.kind == Position::Kind::kId   ? event.event.id == position.id
                                                                     : event.offset >= position.number;
      if (!is_there) continue;
      sought_ = std::move(event);
      return true;
    }
  }

  // Next, behind a Seek.
  Result<bool> NextSought(LocatedEvent& out) {
    if (!sought_) return Next(out);
    out = std::move(*sought_);
    sought_.reset();
    return true;
  }

  Input input_;
  ReaderOptions options_;
  Format format_ = Format::kJsonLines;
  std::unique_ptr<EventSource> source_;  // nullptr: the file has nothing to read
  std::uint64_t event_count_ = 0;
  std::optional<std::uint64_t> torn_magic_;
  std::vector<Damage> damage_;
  std::uint64_t damage_count_ = 0;
  std::uint64_t dropped_bytes_ = 0;

 private:
  Error Failed(Error error) {
    failure_ = std::make_unique<Error>(error);
    return error;
  }

  [[nodiscard]] Place PlaceOf(const LocatedEvent& event) const {
    return {.file = input_.path(), .line = event.line, .column = 0, .offset = event.offset};
  }

  Status Sniff() {
    Result<bool> enough = input_.Ensure(kMagic.size());
    if (!enough.ok()) return enough.TakeError();
    const std::string_view head = input_.data().substr(0, kMagic.size());
    if (head == kMagic) {
      format_ = Format::kKtrace;
      input_.Consume(kMagic.size());
      auto source = std::make_unique<FrameSource>(input_, options_);
      frames_ = source.get();
      source_ = std::move(source);
      return Status();
    }
    if (!*enough && kMagic.starts_with(head)) {
      ended_ = true;  // without a byte no event was written, which is a trace, if an empty one
      if (head.empty()) return Status();
      format_ = Format::kKtrace;
      torn_magic_ = 0;
      return Status();
    }
    Result<bool> is_itf = LooksLikeItf(input_);
    if (!is_itf.ok()) return is_itf.TakeError();
    const std::size_t first = input_.data().find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && input_.data()[first] != '{') {
      return NoTrace(input_.path(), input_.data().substr(0, kMagic.size()));
    }
    if (*is_itf) {
      format_ = Format::kItf;
      source_ = std::make_unique<ItfSource>(input_, options_);
    } else {
      source_ = std::make_unique<LineSource>(input_, options_);
    }
    return Status();
  }

  // Fills in what a line left out, and holds the event to the header and to the order of seq.
  Status Accept(LocatedEvent& located) {
    const Header& header = source_->header();
    EventId& id = located.event.id;
    if (left_out_.node && !header.node.empty()) id.node = header.node;
    if (left_out_.incarnation && !header.node.empty()) id.incarnation = header.incarnation;
    Status status;
    if (!header.node.empty() && (id.node != header.node || id.incarnation != header.incarnation)) {
      status = Error{.kind = ErrorKind::kWrongNode,
                     .message = "an event of another node or incarnation than the file's header states",
                     .found = ToText(id),
                     .expected = header.node + "/" + std::to_string(header.incarnation),
                     .hint = "a file of several nodes has no node in its header"};
    } else {
      if (options_.salvage) HoldBehindLoss(located);
      if (left_out_.seq && !held_) id.seq = sequence_.Expected(id);
      status = sequence_.Accept(located.event.id, located.event.kind);
    }
    if (status.ok()) return status;
    Error error = status.TakeError();
    error.place = PlaceOf(located);
    return error;
  }

  // When events of its incarnation are missing before `located`, keeps it for the next call and
  // makes it the event that says so.
  void HoldBehindLoss(LocatedEvent& located) {
    EventId id = located.event.id;
    const bool is_doubtful = sequence_.IsInDoubt(id);
    if (left_out_.seq ? !is_doubtful : !sequence_.IsGap(id)) return;
    const std::uint64_t expected = sequence_.Expected(id);
    if (!is_doubtful) {
      Report(Error{.kind = ErrorKind::kSequenceGap,
                   .place = PlaceOf(located),
                   .message = "events are missing before this one, and no byte says why",
                   .found = ToText(id),
                   .expected = "seq " + std::to_string(expected)},
             located.offset, located.offset);
    }
    id.seq = expected;
    held_ = std::make_unique<LocatedEvent>(std::move(located));
    held_left_out_ = left_out_;
    located = LostEvent(std::move(id), held_->offset, held_->line);
  }

  LocatedEvent LostEvent(EventId id, std::uint64_t offset, std::uint64_t line) const {
    LocatedEvent lost{.file = input_.path(), .offset = offset, .line = line};
    lost.event.id = std::move(id);
    lost.event.kind = EventKind::kLost;
    return lost;
  }

  Result<bool> TakeHeld(LocatedEvent& out) {
    out = std::move(*held_);
    held_.reset();
    left_out_ = held_left_out_;
    return true;
  }

  // Behind damage that may be passed over; otherwise the error.
  Status GoAround(Error error) {
    if (!options_.salvage || ClassOf(error.kind) != ErrorClass::kDamage) return error;
    Result<Resumed> resumed = source_->Resume();
    if (!resumed.ok()) return resumed.TakeError();
    Report(std::move(error), resumed->begin, resumed->end);
    if (resumed->may_hold_events) sequence_.Damage();
    return Status();
  }

  void Report(Error error, std::uint64_t begin, std::uint64_t end) {
    ++damage_count_;
    dropped_bytes_ += end - begin;
    if (damage_.size() < options_.damage_reports_max) {
      damage_.push_back({.error = std::move(error), .begin = begin, .end = end});
    }
  }

  // The end of the file, or one more event that says that an incarnation may have lost its end.
  Result<bool> End(LocatedEvent& out) {
    EventId id;
    const Header& header = source_->header();
    if (sequence_.is_empty() && sequence_.is_damaged()) {
      id = {.node = header.node, .incarnation = header.incarnation, .seq = 1};
    } else if (!sequence_.NextInDoubt(id)) {
      ended_ = true;
      return false;
    }
    out = LostEvent(std::move(id), input_.offset(), 0);
    Status accepted = sequence_.Accept(out.event.id, out.event.kind);
    if (!accepted.ok()) return accepted.TakeError();
    ++event_count_;
    return true;
  }

  // To the last frame of the index from which reading still meets the position.
  Status Jump(const FrameIndex& index, const Position& position) {
    const IndexPoint* point = PointBefore(index, position);
    if (point == nullptr) return Status();
    for (const IndexPoint& before : index.points) {
      for (const auto& [lane, seq] : before.changed) sequence_.Seed(index.lanes[lane], seq);
      if (&before == point) break;
    }
    event_count_ = point->events_before;
    return frames_->SeekTo(point->offset);
  }

  FrameSource* frames_ = nullptr;  // source_, when it is one
  SequenceCheck sequence_;
  LeftOut left_out_;
  std::unique_ptr<LocatedEvent> held_;  // an event that comes behind a loss
  LeftOut held_left_out_;
  std::optional<LocatedEvent> sought_;
  bool ended_ = false;
  std::unique_ptr<Error> failure_;
};

TraceReader::TraceReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TraceReader::TraceReader(TraceReader&&) noexcept = default;
TraceReader& TraceReader::operator=(TraceReader&&) noexcept = default;
TraceReader::~TraceReader() = default;

Result<TraceReader> TraceReader::Open(const std::string& path, const ReaderOptions& options) {
  constexpr std::size_t kBufferMin = 64;
  Result<Input> input = Input::Open(path, std::max(options.buffer_bytes, kBufferMin));
  if (!input.ok()) return input.TakeError();
  auto impl = std::make_unique<Impl>(std::move(*input), options);
  Status started = impl->Start();
  if (!started.ok()) return started.TakeError();
  return TraceReader(std::move(impl));
}

Result<bool> TraceReader::Next(LocatedEvent& out) {
  Result<bool> more = impl_->NextSought(out);
  if (more.ok() && *more) out.file = impl_->input_.path();
  return more;
}

Result<std::optional<LocatedEvent>> TraceReader::Next() {
  LocatedEvent event;
  Result<bool> more = Next(event);
  if (!more.ok()) return more.TakeError();
  if (!*more) return std::optional<LocatedEvent>();
  return std::optional<LocatedEvent>(std::move(event));
}

Result<bool> TraceReader::Seek(const Position& position) { return impl_->Seek(position); }
Format TraceReader::format() const { return impl_->format_; }

const Header& TraceReader::header() const {
  static const Header kNone;
  return impl_->source_ ? impl_->source_->header() : kNone;
}

bool TraceReader::has_header() const { return impl_->source_ && impl_->source_->has_header(); }
const std::string& TraceReader::file() const { return impl_->input_.path(); }
std::uint64_t TraceReader::event_count() const { return impl_->event_count_; }

bool TraceReader::torn_tail() const {
  return impl_->source_ ? impl_->source_->torn_offset().has_value() : impl_->torn_magic_.has_value();
}

std::uint64_t TraceReader::torn_offset() const {
  return impl_->source_ ? impl_->source_->torn_offset().value_or(0) : impl_->torn_magic_.value_or(0);
}

const std::vector<Damage>& TraceReader::damage() const { return impl_->damage_; }
std::uint64_t TraceReader::damage_count() const { return impl_->damage_count_; }
std::uint64_t TraceReader::dropped_bytes() const { return impl_->dropped_bytes_; }

}  // namespace kelpie::trace::file
