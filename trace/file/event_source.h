// What the formats of trace files have in common for TraceReader: events one after another,
// and the way on behind damage. One class a format; private to this room.
//
//   Status status = source.Start();                    // reads the header when there is one
//   Result<bool> more = source.Next(out, left_out);    // false: the history ends
//   if (!more.ok()) Result<Resumed> on = source.Resume();
//
// Invariant: an event is handed out whole or not at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "trace/file/located_event.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::file {

// Fields of an id that the text did not give.
struct LeftOut {
  bool node = false;
  bool incarnation = false;
  bool seq = false;
};

// The bytes that Resume passed over, and whether an event may have been among them.
struct Resumed {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool may_hold_events = true;
};

class EventSource {
 public:
  EventSource() = default;
  EventSource(const EventSource&) = delete;
  EventSource& operator=(const EventSource&) = delete;
  virtual ~EventSource() = default;

  [[nodiscard]] virtual Status Start() = 0;
  // Overwrites all of `out` except its file. False: the history ends, properly or torn.
  [[nodiscard]] virtual Result<bool> Next(LocatedEvent& out, LeftOut& left_out) = 0;
  // Requires: the last Next failed by damage. Goes behind it; Next then reads on.
  [[nodiscard]] virtual Result<Resumed> Resume() = 0;

  [[nodiscard]] const Header& header() const { return header_; }
  [[nodiscard]] bool has_header() const { return has_header_; }
  // Where the last frame or line begins that is cut off.
  [[nodiscard]] const std::optional<std::uint64_t>& torn_offset() const { return torn_offset_; }

 protected:
  Header header_;
  bool has_header_ = false;
  std::optional<std::uint64_t> torn_offset_;
};

// Whether this version reads files whose header states `format`, and as which minor version of
// its own major one; FORMAT.md, "Rule of evolution". The place is the caller's to fill in.
[[nodiscard]] Result<std::uint64_t> MinorVersionOf(std::string_view format);

}  // namespace kelpie::trace::file
