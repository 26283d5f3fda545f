#include "trace/record/emitter.h"

#include <utility>

#include "trace/value/event_names.h"
#include "trace/value/proto.h"

namespace kelpie::trace::record {

Emitter& Emitter::operator=(Emitter&& other) noexcept {
  Emitter old(std::move(*this));
  host_ = std::move(other.host_);
  ring_ = other.ring_;
  data_ = other.data_;
  mask_ = other.mask_;
  head_ = other.head_;
  tail_seen_ = other.tail_seen_;
  is_building_ = other.is_building_;
  scratch_ = std::move(other.scratch_);
  return *this;
}

Emitter::~Emitter() {
  if (host_) host_->Release(*ring_);
}

bool Emitter::MakeRoom(std::uint64_t bytes) {
  if (ring_->is_closed.load(std::memory_order_acquire) != 0) return false;
  tail_seen_ = ring_->tail.load(std::memory_order_acquire);
  if (head_ + bytes - tail_seen_ <= mask_ + 1) return true;
  const bool has_room = host_->AwaitRoom(*ring_, head_, bytes);
  tail_seen_ = ring_->tail.load(std::memory_order_acquire);
  return has_room;
}

Result<std::uint64_t> Emitter::Record(Stream stream, const Event& event) {
  Event named = event;
  // Who emitted it and as which event is for the drain to say.
  named.id = {.node = {}, .incarnation = 0, .seq = 1};
  Status writable = CheckWritable(named);
  if (!writable.ok()) return writable.TakeError();
  const std::string payload = EncodeEvent(named);
  const std::uint64_t size = (sizeof(RecordHead) + payload.size() + 7) & ~std::uint64_t{7};
  if (size > (mask_ + 1) / 4) {
    return Error{.kind = ErrorKind::kUnwritable,
                 .message = "an event is longer than a quarter of its ring",
                 .found = std::to_string(size) + " bytes",
                 .expected = std::to_string((mask_ + 1) / 4) + " bytes at most",
                 .hint = "raise ring_bytes, or record the parts that changed"};
  }
  if (!HasRoom(size)) {
    CountLost(*stream.slot);
    Bump(ring_->lost_count);
    return std::uint64_t{0};
  }
  char* start = data_ + (head_ & mask_);
  std::memcpy(start + sizeof(RecordHead), payload.data(), payload.size());
  const std::uint64_t ticket = TakeTicket(*stream.slot, *ring_, stream.index);
  const RecordHead head{.size_bytes = static_cast<std::uint32_t>(size),
                        .stream = stream.index,
                        .type = RecordType::kEvent,
                        .event_kind = static_cast<std::uint8_t>(event.kind),
                        .ticket = ticket,
                        .action = 0,
                        .payload_bytes = static_cast<std::uint32_t>(payload.size())};
  std::memcpy(start, &head, sizeof head);
  head_ += size;
  ring_->head.store(head_, std::memory_order_release);
  Bump(ring_->event_count);
  return SeqOf(ticket);
}

}  // namespace kelpie::trace::record
