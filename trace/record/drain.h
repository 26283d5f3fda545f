// Turns the records of all rings into trace files, in the order of seq.
//
//   Drain drain("run-7", definitions);
//   drain.AddStream(0, slot, DrainStart::kNew);  drain.AddRing(ring.header(), ring.data());
//   Result<std::uint64_t> count = drain.Run();        // what is there now
//   Status status = drain.Finish();                   // nobody emits any more
//
// Invariants: a ring's bytes are given back only after the events are with the operating
// system, and an event that a file has already is not written again; so a drain that is killed
// and begun anew writes every event once. After a failure to write, every call fails alike and
// the rings keep what is not written. One thread at a time; emitting threads go on.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trace/file/trace_writer.h"
#include "trace/record/definitions.h"
#include "trace/record/ring_layout.h"
#include "trace/value/result.h"

namespace kelpie::trace::record {

struct DrainCounters {
  std::uint64_t event_count = 0;       // taken from rings
  std::uint64_t lost_count = 0;        // reported as lost; the highest ticket count means at least so many
  std::uint64_t hole_count = 0;        // seqs taken by threads that were killed before they published
  std::uint64_t unwritable_count = 0;  // events no format can carry, written as lost(1)
  std::uint64_t torn_bytes = 0;        // cut off from files that end in half a frame
};

enum class DrainStart : std::uint8_t { kNew, kResume };

class Drain {
 public:
  Drain(std::string directory, const Definitions& definitions)
      : directory_(std::move(directory)), definitions_(definitions) {}

  // Streams in the order of their index. kNew: its file must not be there. kResume: a file that
  // is there is read, its torn end is cut off, and what it has is skipped in the rings.
  [[nodiscard]] Status AddStream(Header header, StreamSlot& slot, DrainStart start);
  [[nodiscard]] std::size_t stream_count() const { return streams_.size(); }
  void AddRing(RingHeader& header, const char* data);

  // Writes what was published before the call, as far as no earlier seq is still on its way.
  // Returns the number of events.
  [[nodiscard]] Result<std::uint64_t> Run();
  // Requires: no thread emits. Writes all that is left; for a seq that was taken and never
  // published, and for losses at the end, lost events. Closes the files.
  [[nodiscard]] Status Finish();

  [[nodiscard]] const DrainCounters& counters() const { return counters_; }
  // The first event that could not be written, if any.
  [[nodiscard]] const Error* unwritable() const { return unwritable_ ? &*unwritable_ : nullptr; }

 private:
  struct StreamState {
    StreamSlot* slot = nullptr;
    Header header;
    std::optional<file::TraceWriter> writer;
    std::uint64_t next_seq = 1;
    std::uint64_t resumed_seq = 0;  // the file had it before this drain began
  };
  struct RingState {
    RingHeader* header = nullptr;
    const char* data = nullptr;
    std::uint64_t cursor = 0;
    std::uint64_t head = 0;
  };

  Status Resume(const std::string& path, StreamState& stream);
  Result<bool> TakeFront(RingState& ring);  // false: it waits for an earlier seq
  Result<std::string_view> Front(const RingState& ring);
  Status WriteEvent(StreamState& stream, Event event);
  Status WriteLost(StreamState& stream, std::uint64_t count);
  Status Publish();
  Result<std::uint64_t> Sweep();
  Status FillHoles();
  Status FillTo(std::size_t stream_index, std::uint64_t end);
  Status TellLastLosses(std::size_t stream_index);
  // Losses whose ticket was tried: by the seq that stands for them, their count.
  [[nodiscard]] std::map<std::uint64_t, std::uint64_t> TriedLosses(std::size_t stream_index) const;
  Status Fail(Error error);
  Error Damage(const RingState& ring, Error error) const;
  Error MissingError(const StreamState& stream, std::uint64_t first) const;

  std::string directory_;
  const Definitions& definitions_;
  std::vector<std::unique_ptr<StreamState>> streams_;
  std::vector<RingState> rings_;
  std::uint64_t unpublished_ = 0;  // events written since the rings were told
  DrainCounters counters_;
  std::optional<Error> unwritable_;
  std::optional<Error> failure_;
};

}  // namespace kelpie::trace::record
