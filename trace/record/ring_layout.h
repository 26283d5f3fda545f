// What lies in the memory-mapped files of a run that is being recorded; README.md has the why.
//
//   DIR/rings/control       ControlPage: the ticket of each stream
//   DIR/rings/definitions   frames (trace/file/frame.h): names given out before they were used
//   DIR/rings/0001.ring     RingHeader, then a byte ring of records; one for each thread
//
// Integers are of this machine. A file that is still being made is named *.new, so a file
// under its final name is whole. Invariant of a ring: bytes from `tail` to `head` are whole
// records; a record counts from the moment `head` passed it, and that store is its last.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace kelpie::trace::record {

inline constexpr std::uint32_t kLayoutVersion = 2;
inline constexpr char kControlMagic[8] = {'K', 'T', 'R', 'C', 'C', 'T', 'L', '\n'};
inline constexpr char kRingMagic[8] = {'K', 'T', 'R', 'R', 'I', 'N', 'G', '\n'};

inline constexpr std::size_t kPageBytes = 4096;
inline constexpr std::size_t kLineBytes = 64;         // of the processor's cache
inline constexpr std::size_t kStreamsMax = 64;        // (node, incarnation) of one process
inline constexpr std::size_t kRecordBytesMax = 1024;  // of a record that an Emission builds

static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "tickets are shared between mappings");

// The ticket of a stream: seq of its next event below, and above how many events were lost
// since its last one. The highest count means "so many or more".
inline constexpr unsigned kLostShift = 44;
inline constexpr std::uint64_t kSeqMask = (std::uint64_t{1} << kLostShift) - 1;
inline constexpr std::uint64_t kLostMax = (std::uint64_t{1} << (64U - kLostShift)) - 1;

constexpr std::uint64_t SeqOf(std::uint64_t ticket) { return ticket & kSeqMask; }
constexpr std::uint64_t LostOf(std::uint64_t ticket) { return ticket >> kLostShift; }
constexpr std::uint64_t TicketOf(std::uint64_t seq, std::uint64_t lost) { return seq | (lost << kLostShift); }

struct alignas(kLineBytes) StreamSlot {
  std::atomic<std::uint64_t> ticket{TicketOf(1, 0)};
  std::atomic<std::uint64_t> drained_seq{0};  // up to here the trace file has it
};

struct ControlPage {
  char magic[8];
  std::uint32_t version;
  std::uint32_t reserved;
  StreamSlot streams[kStreamsMax];
};

struct RingHeader {
  char magic[8];
  std::uint32_t version;
  std::uint32_t index;
  std::uint64_t capacity;  // bytes of records behind this page; a power of two
  // Written by the emitting thread only.
  alignas(kLineBytes) std::atomic<std::uint64_t> head;
  std::atomic<std::uint64_t> event_count;
  std::atomic<std::uint64_t> lost_count;
  std::atomic<std::uint64_t> too_large_count;  // of those lost: more than a record holds
  std::atomic<std::uint64_t> wait_count;
  std::atomic<std::uint64_t> wait_ns;
  // The ticket with losses that the thread tried to take last, written before it tried: killed
  // between taking and publishing it, the thread leaves the count of the losses nowhere else.
  std::atomic<std::uint64_t> tried_ticket;
  std::atomic<std::uint64_t> tried_stream;
  // Written by the draining thread only.
  alignas(kLineBytes) std::atomic<std::uint64_t> tail;
  std::atomic<std::uint32_t> is_closed;
};
static_assert(sizeof(RingHeader) <= kPageBytes);

enum class RecordType : std::uint8_t {
  kParts = 1,  // parts as listed below
  kEvent = 2,  // an Event of trace.proto, whole
};

// Begins every record. Records are multiples of 8 bytes.
struct RecordHead {
  std::uint32_t size_bytes;  // of the whole record
  std::uint16_t stream;      // index of the slot
  RecordType type;
  std::uint8_t event_kind;      // EventKind; kParts only
  std::uint64_t ticket;         // as it was taken: seq of this event, and what was lost just before it
  std::uint32_t action;         // 0: no claim; kParts only
  std::uint32_t payload_bytes;  // kEvent only
};
static_assert(sizeof(RecordHead) == 24);

// A scalar is its kind and 8 bytes; texts carry their length there and their bytes behind.
enum class ScalarKind : std::uint8_t {
  kFalse = 1,
  kTrue,
  kInt,
  kUnsigned,
  kName,       // a string that was interned
  kModelName,  // the same as a model value
  kText,
  kModelText,
  kUnknown,  // not observed
};

// A part begins with a byte: the kind of a scalar, which is the next argument of the action,
// or one of these. 0 ends the parts.
enum class PartTag : std::uint8_t {
  kEnd = 0,
  kUpdate = 32,  // u8 op, u8 path count, u32 variable; path and value as scalars
  kRead,         // u8 0, u8 path count, u32 variable; path and value as scalars
  kVersion,      // u32 name, u64
  kCause,        // u32 name, u64 incarnation, u64 seq
  kHybridNs,     // u64
  kWallNs,       // u64
  kTrueNs,       // u64
  kOperation,    // a scalar that is a text
  kGroup,        // a scalar that is a text
  kOutcome,      // u64
};

}  // namespace kelpie::trace::record
