#include "trace/record/drain.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

#include "trace/file/run.h"
#include "trace/file/trace_reader.h"
#include "trace/record/record_decode.h"
#include "trace/record/ring_files.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::record {

namespace {

// Rings are told after so many events, so that a full one gets room soon; each time costs a write.
constexpr std::uint64_t kPublishCount = 1024;

}  // namespace

Status Drain::Fail(Error error) {
  failure_ = error;
  return error;
}

Error Drain::Damage(const RingState& ring, Error error) const {
  char name[32];
  std::snprintf(name, sizeof name, "rings/%04u.ring", ring.header->index);
  error.place.file = directory_ + "/" + name;
  error.place.offset = kPageBytes + (ring.cursor & (ring.header->capacity - 1));
  return error;
}

Status Drain::AddStream(Header header, StreamSlot& slot, DrainStart start) {
  auto stream = std::make_unique<StreamState>();
  stream->slot = &slot;
  stream->header = std::move(header);
  const std::string path =
      directory_ + "/" + file::FileNameOf(stream->header.node, stream->header.incarnation, /*json_lines=*/false);
  std::error_code ignored;
  if (start == DrainStart::kResume && std::filesystem::exists(path, ignored)) {
    Status resumed = Resume(path, *stream);
    if (!resumed.ok()) return resumed;
  }
  const std::uint64_t drained = slot.drained_seq.load(std::memory_order_relaxed);
  if (stream->next_seq <= drained) {
    return Error{.kind = ErrorKind::kSequenceGap,
                 .place = {.file = path},
                 .message = "the trace file lacks events that its recorder had written",
                 .found = "events up to seq " + std::to_string(stream->next_seq - 1),
                 .expected = "events up to seq " + std::to_string(drained),
                 .hint = "put the file back as it was, or remove the folder rings to give up what is in it"};
  }
  if (!stream->writer) {
    Result<file::TraceWriter> writer = file::TraceWriter::Create(path, stream->header);
    if (!writer.ok()) return writer.TakeError();
    stream->writer = std::move(*writer);
    // A run that shows no header is an error to readers; one without events is not.
    Status flushed = stream->writer->Flush();
    if (!flushed.ok()) return flushed;
  }
  streams_.push_back(std::move(stream));
  return Status();
}

// Reads the file to its end. One that is cut off before its header is whole is written anew.
Status Drain::Resume(const std::string& path, StreamState& stream) {
  bool has_header = false;
  {
    Result<file::TraceReader> reader = file::TraceReader::Open(path);
    if (!reader.ok()) return reader.TakeError();
    while (true) {
      Result<std::optional<file::LocatedEvent>> next = reader->Next();
      if (!next.ok()) return next.TakeError();
      if (!next->has_value()) break;
      stream.resumed_seq = (*next)->event.id.seq;
      stream.next_seq = stream.resumed_seq + 1;
    }
    has_header = reader->has_header();
    if (reader->torn_tail()) {
      std::error_code error;
      const std::uint64_t whole = reader->torn_offset();
      counters_.torn_bytes += std::filesystem::file_size(path, error) - whole;
      if (has_header && truncate(path.c_str(), static_cast<off_t>(whole)) != 0) {
        return Error{.kind = ErrorKind::kCannotWrite,
                     .place = {.file = path, .line = 0, .column = 0, .offset = whole},
                     .message = "the torn end of the trace cannot be cut off",
                     .found = std::generic_category().message(errno)};
      }
    }
  }
  if (!has_header) return Status();
  Result<file::TraceWriter> writer = file::TraceWriter::Create(path, stream.header, {.append = true});
  if (!writer.ok()) return writer.TakeError();
  stream.writer = std::move(*writer);
  return Status();
}

void Drain::AddRing(RingHeader& header, const char* data) {
  const std::uint64_t tail = header.tail.load(std::memory_order_relaxed);
  rings_.push_back({.header = &header, .data = data, .cursor = tail, .head = tail});
}

// The record at the cursor, whole. Requires: there is one.
Result<std::string_view> Drain::Front(const RingState& ring) {
  const char* start = ring.data + (ring.cursor & (ring.header->capacity - 1));
  const std::uint64_t bytes = ring.head - ring.cursor;
  if (bytes >= sizeof(RecordHead)) {
    const RecordHead head = HeadOf({start, sizeof(RecordHead)});
    if (head.size_bytes >= sizeof(RecordHead) && head.size_bytes % 8 == 0 && head.size_bytes <= bytes &&
        head.stream < streams_.size()) {
      return std::string_view(start, head.size_bytes);
    }
  }
  return Damage(ring,
                {.kind = ErrorKind::kBadFrame, .message = "a record in a ring is damaged: its head is impossible"});
}

Result<bool> Drain::TakeFront(RingState& ring) {
  Result<std::string_view> front = Front(ring);
  if (!front.ok()) return front.TakeError();
  const RecordHead head = HeadOf(*front);
  StreamState& stream = *streams_[head.stream];
  const std::uint64_t seq = SeqOf(head.ticket);
  const std::uint64_t lost = LostOf(head.ticket);
  const bool was_written = seq != 0 && seq <= stream.resumed_seq;
  if (!was_written && seq < stream.next_seq) {
    return Damage(ring, {.kind = ErrorKind::kSequenceRepeat,
                         .message = "a ring has an event that another one had before",
                         .found = ToText({stream.header.node, stream.header.incarnation, seq})});
  }
  if (!was_written) {
    if (lost != 0 && seq == stream.next_seq + 1) {
      Status written = WriteLost(stream, lost);
      if (!written.ok()) return written.TakeError();
    }
    if (seq != stream.next_seq) return false;
    Result<Event> event = DecodeRecord(*front, definitions_);
    if (!event.ok()) return Damage(ring, event.TakeError());
    Status written = WriteEvent(stream, std::move(*event));
    if (!written.ok()) return written.TakeError();
    ++counters_.event_count;
    ++unpublished_;
  }
  ring.cursor += head.size_bytes;
  return true;
}

Status Drain::WriteEvent(StreamState& stream, Event event) {
  event.id = {.node = stream.header.node, .incarnation = stream.header.incarnation, .seq = stream.next_seq};
  Status written = stream.writer->Append(event);
  if (!written.ok() && written.error().kind == ErrorKind::kUnwritable) {
    ++counters_.unwritable_count;
    if (!unwritable_) unwritable_ = written.TakeError();
    return WriteLost(stream, 1);
  }
  if (written.ok()) ++stream.next_seq;
  return written;
}

Status Drain::WriteLost(StreamState& stream, std::uint64_t count) {
  Event event{.id = {.node = stream.header.node, .incarnation = stream.header.incarnation, .seq = stream.next_seq},
              .kind = EventKind::kLost};
  if (count < kLostMax) event.lost_count = count;
  Status written = stream.writer->Append(event);
  if (!written.ok()) return written;
  counters_.lost_count += count;
  ++stream.next_seq;
  return written;
}

// Hands everything to the operating system, then lets the rings have their bytes back.
Status Drain::Publish() {
  for (const auto& stream : streams_) {
    Status flushed = stream->writer ? stream->writer->Flush() : Status();
    if (!flushed.ok()) return flushed;
    stream->slot->drained_seq.store(stream->next_seq - 1, std::memory_order_relaxed);
  }
  for (RingState& ring : rings_) ring.header->tail.store(ring.cursor, std::memory_order_release);
  unpublished_ = 0;
  return Status();
}

// Goes round the rings until none has a next event.
Result<std::uint64_t> Drain::Sweep() {
  const std::uint64_t before = counters_.event_count;
  for (bool has_moved = true; has_moved;) {
    has_moved = false;
    for (RingState& ring : rings_) {
      while (ring.cursor != ring.head) {
        Result<bool> taken = TakeFront(ring);
        if (!taken.ok()) return taken.TakeError();
        if (!*taken) break;
        has_moved = true;
        if (unpublished_ < kPublishCount) continue;
        Status published = Publish();
        if (!published.ok()) return published.TakeError();
      }
    }
  }
  return counters_.event_count - before;
}

Result<std::uint64_t> Drain::Run() {
  if (failure_) return *failure_;
  for (RingState& ring : rings_) ring.head = ring.header->head.load(std::memory_order_acquire);
  Result<std::uint64_t> swept = Sweep();
  if (!swept.ok()) {
    Error error = swept.TakeError();
    // What was whole before the damage goes out all the same.
    if (ClassOf(error.kind) == ErrorClass::kDamage) {
      Status published = Publish();
      if (!published.ok()) error = published.TakeError();
    }
    return Fail(std::move(error)).TakeError();
  }
  Status published = Publish();
  if (!published.ok()) return Fail(published.TakeError()).TakeError();
  return swept;
}

// A ticket with losses grows until one thread takes it, so of those that threads tried at one
// seq the highest is the one that was taken.
std::map<std::uint64_t, std::uint64_t> Drain::TriedLosses(std::size_t stream_index) const {
  std::map<std::uint64_t, std::uint64_t> losses;
  for (const RingState& ring : rings_) {
    const std::uint64_t ticket = ring.header->tried_ticket.load(std::memory_order_acquire);
    const std::uint64_t stream = ring.header->tried_stream.load(std::memory_order_acquire);
    if (LostOf(ticket) == 0 || SeqOf(ticket) == 0 || stream != stream_index) continue;
    std::uint64_t& count = losses[SeqOf(ticket) - 1];
    count = std::max(count, LostOf(ticket));
  }
  return losses;
}

// Writes what stands for the seqs below `end`, none of which any ring holds: losses, and for
// each thread at most one event that it had taken a seq for.
Status Drain::FillTo(std::size_t stream_index, std::uint64_t end) {
  StreamState& stream = *streams_[stream_index];
  const std::map<std::uint64_t, std::uint64_t> losses = TriedLosses(stream_index);
  const auto told =
      static_cast<std::uint64_t>(std::distance(losses.lower_bound(stream.next_seq), losses.lower_bound(end)));
  if (end - stream.next_seq > told + rings_.size()) return MissingError(stream, end);
  while (stream.next_seq < end) {
    const auto found = losses.find(stream.next_seq);
    if (found == losses.end()) ++counters_.hole_count;
    Status written = WriteLost(stream, found == losses.end() ? 1 : found->second);
    if (!written.ok()) return written;
  }
  return Status();
}

// Every front waits for a seq that was taken and never published, or for a record behind such
// a front. Only what no ring holds anywhere is filled in.
Status Drain::FillHoles() {
  constexpr std::uint64_t kNone = ~std::uint64_t{0};
  std::vector<std::uint64_t> least(streams_.size(), kNone);
  for (RingState ring : rings_) {
    while (ring.cursor != ring.head) {
      Result<std::string_view> front = Front(ring);
      if (!front.ok()) return front.TakeError();
      const RecordHead head = HeadOf(*front);
      const std::uint64_t first = SeqOf(head.ticket) - (LostOf(head.ticket) != 0 ? 1 : 0);
      least[head.stream] = std::min(least[head.stream], first);
      ring.cursor += head.size_bytes;
    }
  }
  bool has_moved = false;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    if (least[i] == kNone || least[i] <= streams_[i]->next_seq) continue;
    Status filled = FillTo(i, least[i]);
    if (!filled.ok()) return filled;
    has_moved = true;
  }
  // No hole and no progress: the rings contradict themselves.
  if (!has_moved) return MissingError(*streams_.front(), 0);
  return Status();
}

// Losses at the end stand at the ticket's own seq, or were taken with it by a thread that did
// not publish; a seq that was only taken is where the history ends.
Status Drain::TellLastLosses(std::size_t stream_index) {
  StreamState& stream = *streams_[stream_index];
  const std::uint64_t ticket = stream.slot->ticket.load(std::memory_order_relaxed);
  std::uint64_t end = stream.next_seq;
  for (const auto& [seq, count] : TriedLosses(stream_index)) {
    if (seq < SeqOf(ticket)) end = std::max(end, seq + 1);
  }
  if (LostOf(ticket) != 0) end = std::max(end, SeqOf(ticket));
  Status filled = FillTo(stream_index, end);
  if (!filled.ok() || LostOf(ticket) == 0 || stream.next_seq > SeqOf(ticket)) return filled;
  return WriteLost(stream, LostOf(ticket));
}

Error Drain::MissingError(const StreamState& stream, std::uint64_t first) const {
  return {.kind = ErrorKind::kSequenceGap,
          .place = {.file = directory_ + "/" + std::string(kRingsFolder)},
          .message = "the rings lack events: more seqs are missing than there were threads",
          .found = ToText({stream.header.node, stream.header.incarnation, first}),
          .expected = "seq " + std::to_string(stream.next_seq)};
}

Status Drain::Finish() {
  const auto is_empty = [this] {
    return std::all_of(rings_.begin(), rings_.end(), [](const RingState& ring) { return ring.cursor == ring.head; });
  };
  while (true) {
    Result<std::uint64_t> count = Run();
    if (!count.ok()) return count.TakeError();
    if (is_empty()) break;
    Status filled = FillHoles();
    if (!filled.ok()) return Fail(filled.TakeError());
  }
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    Status told = TellLastLosses(i);
    if (!told.ok()) return Fail(told.TakeError());
  }
  Status published = Publish();
  if (!published.ok()) return Fail(published.TakeError());
  for (const auto& stream : streams_) {
    Status closed = stream->writer->Close();
    if (!closed.ok()) return Fail(closed.TakeError());
  }
  return Status();
}

}  // namespace kelpie::trace::record
