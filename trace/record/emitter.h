// The emitting side: a thread's ring, and events built in place in it.
//
//   Emitter emitter = *recorder.NewEmitter();                     // one for each thread
//   emitter.Step(n1, write).Arg(node).Arg(3).Set(leases, {a1, holder}, node).Commit();
//
// An event counts from Commit on, all of it or nothing: a process killed before has not
// emitted it, one killed after has not lost it. Commit takes the event's seq, so call it at
// the linearization point: seq is the order of the commits, whatever threads they are of.
// Cost: some tens of nanoseconds; no allocation, no lock and no system call, unless the ring
// is full. Record() is the slow way for events of any shape.
#pragma once

#include <cstring>
#include <initializer_list>
#include <memory>
#include <utility>

#include "trace/record/scalar.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::record {

// What an emitter asks of its recorder when it cannot go on by itself.
class EmitterHost {
 public:
  virtual ~EmitterHost() = default;
  // Waits, if that is the policy, until `bytes` fit behind `head`. False: the event is lost.
  [[nodiscard]] virtual bool AwaitRoom(RingHeader& ring, std::uint64_t head, std::uint64_t bytes) = 0;
  virtual void Release(RingHeader& ring) = 0;
};

// Says in the ring which ticket is about to be taken. Never seen with the stream of another.
inline void TellTried(RingHeader& ring, std::uint16_t stream, std::uint64_t ticket) {
  if (ring.tried_stream.load(std::memory_order_relaxed) != stream) {
    ring.tried_ticket.store(0, std::memory_order_release);
    ring.tried_stream.store(stream, std::memory_order_release);
  }
  ring.tried_ticket.store(ticket, std::memory_order_release);
}

// Takes the next seq of a stream together with what was lost before it; lock-free. Returns
// the ticket of the event: its seq, and the count of lost events that the seq before stands for.
inline std::uint64_t TakeTicket(StreamSlot& slot, RingHeader& ring, std::uint16_t stream) {
  std::uint64_t seen = slot.ticket.load(std::memory_order_relaxed);
  while (true) {
    const std::uint64_t lost = LostOf(seen);
    const std::uint64_t seq = SeqOf(seen) + (lost != 0 ? 1 : 0);
    if (lost != 0) [[unlikely]]
      TellTried(ring, stream, TicketOf(seq, lost));
    // Release: what was tried is told before it is taken.
    if (slot.ticket.compare_exchange_weak(seen, TicketOf(seq + 1, 0), std::memory_order_release,
                                          std::memory_order_relaxed)) {
      return TicketOf(seq, lost);
    }
  }
}

// One more event of the stream that nobody will report.
inline void CountLost(StreamSlot& slot) {
  std::uint64_t seen = slot.ticket.load(std::memory_order_relaxed);
  while (LostOf(seen) < kLostMax &&
         !slot.ticket.compare_exchange_weak(seen, seen + TicketOf(0, 1), std::memory_order_relaxed)) {
  }
}

class Emitter;

// An event under construction. Left without Commit it never was.
class [[nodiscard]] Emission {
 public:
  Emission(const Emission&) = delete;
  Emission& operator=(const Emission&) = delete;
  inline ~Emission();

  // The next argument of the action. Scalar::Unknown(): one that was not observed.
  Emission& Arg(const Scalar& value) {
    PutScalar(value);
    return *this;
  }
  // What holds after the step at the place variable[path..]; an empty path is all of it.
  Emission& Set(Variable variable, std::initializer_list<Scalar> path, const Scalar& value) {
    return Update(UpdateOp::kSet, variable, path, value);
  }
  Emission& Update(UpdateOp op, Variable variable, std::initializer_list<Scalar> path, const Scalar& value) {
    PutPlace(PartTag::kUpdate, static_cast<std::uint8_t>(op), variable, path);
    PutScalar(value);
    return *this;
  }
  // What held before the step.
  Emission& Read(Variable variable, std::initializer_list<Scalar> path, const Scalar& value) {
    PutPlace(PartTag::kRead, 0, variable, path);
    PutScalar(value);
    return *this;
  }
  Emission& Version(Name object, std::uint64_t version) {
    if (Fits(13)) Put(PartTag::kVersion), Put(object.id), Put(version);
    return *this;
  }
  // An event that came before: what a message carries so that its receiver can say so.
  Emission& Cause(Name node, std::uint64_t incarnation, std::uint64_t seq) {
    if (Fits(21)) Put(PartTag::kCause), Put(node.id), Put(incarnation), Put(seq);
    return *this;
  }
  Emission& HybridNs(std::int64_t ns) { return Number(PartTag::kHybridNs, static_cast<std::uint64_t>(ns)); }
  Emission& WallNs(std::int64_t ns) { return Number(PartTag::kWallNs, static_cast<std::uint64_t>(ns)); }
  Emission& TrueNs(std::int64_t ns) { return Number(PartTag::kTrueNs, static_cast<std::uint64_t>(ns)); }
  // Pairs a call with its return; `id` is a text or a name.
  Emission& Operation(const Scalar& id) { return Text(PartTag::kOperation, id); }
  Emission& Group(const Scalar& id) { return Text(PartTag::kGroup, id); }
  Emission& Result(Outcome outcome) { return Number(PartTag::kOutcome, static_cast<std::uint64_t>(outcome)); }

  // The event happened; once. Returns its seq; 0: it is lost (the ring is full and the policy
  // is to count, the recorder is closed, it has more parts than kRecordBytesMax holds, or
  // another event of this emitter is being built).
  inline std::uint64_t Commit();

 private:
  friend class Emitter;
  friend class EmissionProbe;  // tests stop a process between these steps

  inline Emission(Emitter& emitter, Stream stream, EventKind kind, Action action, char* start, bool has_room);

  inline std::uint64_t Seal();
  inline std::uint64_t TakeSeq();
  inline void Publish(std::uint64_t size);
  inline std::uint64_t Lose();
  inline void End();

  [[nodiscard]] bool Fits(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - cursor_) >= bytes) return true;
    is_too_large_ = true;
    return false;
  }
  template <typename T>
  void Put(T value) {
    std::memcpy(cursor_, &value, sizeof value);
    cursor_ += sizeof value;
  }
  void PutScalar(const Scalar& value) {
    const std::size_t text_bytes = value.is_text() ? value.bits() : 0;
    if (text_bytes > kRecordBytesMax || !Fits(9 + text_bytes)) {
      is_too_large_ = true;
      return;
    }
    Put(value.kind());
    Put(value.bits());
    if (text_bytes != 0) {
      std::memcpy(cursor_, value.text(), text_bytes);
      cursor_ += text_bytes;
    }
  }
  void PutPlace(PartTag tag, std::uint8_t op, Variable variable, std::initializer_list<Scalar> path) {
    if (!Fits(7) || path.size() > 255) {
      is_too_large_ = true;
      return;
    }
    Put(tag);
    Put(op);
    Put(static_cast<std::uint8_t>(path.size()));
    Put(variable.id);
    for (const Scalar& step : path) PutScalar(step);
  }
  Emission& Number(PartTag tag, std::uint64_t number) {
    if (Fits(9)) Put(tag), Put(number);
    return *this;
  }
  Emission& Text(PartTag tag, const Scalar& text) {
    if (Fits(1)) Put(tag);
    PutScalar(text);
    return *this;
  }

  Emitter& emitter_;
  StreamSlot* slot_;
  char* start_;
  char* cursor_;
  char* end_;
  bool has_room_;
  bool is_too_large_ = false;
  bool is_done_ = false;
};

// A ring of one thread. Used by one thread at a time; may move to another thread that is
// ordered behind. The ring is given back when the object dies, and outlives the recorder.
class Emitter {
 public:
  Emitter(std::shared_ptr<EmitterHost> host, RingHeader& ring, char* data)
      : host_(std::move(host)),
        ring_(&ring),
        data_(data),
        mask_(ring.capacity - 1),
        head_(ring.head.load(std::memory_order_relaxed)),
        tail_seen_(ring.tail.load(std::memory_order_acquire)) {}
  Emitter(Emitter&&) noexcept = default;
  Emitter& operator=(Emitter&& other) noexcept;
  ~Emitter();

  // A step of the spec. Requires: the Emission before is committed or left.
  Emission Step(Stream stream, Action action) { return Begin(stream, EventKind::kStep, action); }
  // Any kind; with Action{} the event claims nothing unless it has arguments, reads or updates.
  Emission Begin(Stream stream, EventKind kind, Action action) {
    const bool has_room = HasRoom(kRecordBytesMax);
    return Emission(*this, stream, kind, action, has_room ? data_ + (head_ & mask_) : scratch_.get(), has_room);
  }

  // Events of any shape: collections, several claims, large integers, vector clocks. Allocates
  // and encodes on the calling thread (microseconds). Returns seq, 0 when lost as by Commit.
  // An event that cannot be written, or is longer than a quarter of the ring, is refused.
  [[nodiscard]] Result<std::uint64_t> Record(Stream stream, const Event& event);

 private:
  friend class Emission;
  friend class EmissionProbe;
  // Two events built at the same place would be neither.
  bool HasRoom(std::uint64_t bytes) {
    if (is_building_) [[unlikely]]
      return false;
    return (head_ + bytes - tail_seen_ <= mask_ + 1 && ring_->is_closed.load(std::memory_order_relaxed) == 0) ||
           MakeRoom(bytes);
  }
  bool MakeRoom(std::uint64_t bytes);
  void Bump(std::atomic<std::uint64_t>& counter) {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  std::shared_ptr<EmitterHost> host_;
  RingHeader* ring_;
  char* data_;
  std::uint64_t mask_;
  std::uint64_t head_;
  std::uint64_t tail_seen_;
  bool is_building_ = false;
  // Where an event without room is built, so that building needs to ask only once.
  std::unique_ptr<char[]> scratch_ = std::make_unique<char[]>(kRecordBytesMax);
};

inline Emission::Emission(Emitter& emitter, Stream stream, EventKind kind, Action action, char* start, bool has_room)
    : emitter_(emitter),
      slot_(stream.slot),
      start_(start),
      cursor_(start + sizeof(RecordHead)),
      // 8 bytes stay free for the end of the parts.
      end_(start + kRecordBytesMax - sizeof(std::uint64_t)),
      has_room_(has_room) {
  RecordHead head{.size_bytes = 0,
                  .stream = stream.index,
                  .type = RecordType::kParts,
                  .event_kind = static_cast<std::uint8_t>(kind),
                  .ticket = 0,
                  .action = action.id,
                  .payload_bytes = 0};
  std::memcpy(start_, &head, sizeof head);
  if (has_room) emitter_.is_building_ = true;
}

inline Emission::~Emission() {
  if (!is_done_) End();
}

// Whatever is added behind is not written: its place is another event's.
inline void Emission::End() {
  is_done_ = true;
  cursor_ = end_;
  if (has_room_) emitter_.is_building_ = false;
}

// Ends the parts; returns the record's size.
inline std::uint64_t Emission::Seal() {
  const std::uint64_t zeros = 0;
  std::memcpy(cursor_, &zeros, sizeof zeros);
  const std::uint64_t size = (static_cast<std::uint64_t>(cursor_ - start_) + 8) & ~std::uint64_t{7};
  const auto size_bytes = static_cast<std::uint32_t>(size);
  std::memcpy(start_, &size_bytes, sizeof size_bytes);
  return size;
}

inline std::uint64_t Emission::TakeSeq() {
  std::uint16_t stream = 0;
  std::memcpy(&stream, start_ + offsetof(RecordHead, stream), sizeof stream);
  const std::uint64_t ticket = TakeTicket(*slot_, *emitter_.ring_, stream);
  std::memcpy(start_ + offsetof(RecordHead, ticket), &ticket, sizeof ticket);
  return SeqOf(ticket);
}

inline void Emission::Publish(std::uint64_t size) {
  emitter_.head_ += size;
  emitter_.ring_->head.store(emitter_.head_, std::memory_order_release);
  emitter_.Bump(emitter_.ring_->event_count);
}

inline std::uint64_t Emission::Lose() {
  if (is_done_) return 0;
  CountLost(*slot_);
  emitter_.Bump(emitter_.ring_->lost_count);
  if (is_too_large_) emitter_.Bump(emitter_.ring_->too_large_count);
  End();
  return 0;
}

inline std::uint64_t Emission::Commit() {
  if (!has_room_ || is_too_large_ || is_done_) [[unlikely]]
    return Lose();
  const std::uint64_t size = Seal();
  const std::uint64_t seq = TakeSeq();
  Publish(size);
  End();
  return seq;
}

}  // namespace kelpie::trace::record
