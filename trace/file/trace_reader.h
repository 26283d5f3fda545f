// Reads one trace file, of any format, event by event.
//
//   Result<TraceReader> reader = TraceReader::Open("run-7/n1.1.ktrace");
//   LocatedEvent event;
//   while (true) {
//     Result<bool> more = reader->Next(event);   // check more.ok()
//     if (!*more) break;                         // the history ends
//     ... event.event ...
//   }
//
// Invariants: memory is one buffer and one event, however long the file (ITF: the file). What
// is handed out was written so: a changed byte is an error, or lies in a last frame or line
// that is cut off. Seq runs without gaps in each incarnation, or there is an error. After an
// error, Next gives the same error again. A reader is used by one thread at a time.
//
// With ReaderOptions::salvage the reader goes around damage (errors of class kDamage, but not
// those of the first frame or line, nor contradictions between whole events) and
// says so by an event of kind lost, without count, at the first seq that is missing: before
// the next event of that incarnation unless that is the very next one, and at the end of the
// file for incarnations of which nothing came any more. A gap in seq is such damage, too.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trace/file/located_event.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::file {

class TraceReader {
 public:
  // A path, or "-" for standard input. The first bytes decide the format, and the header, when
  // there is one, has been read afterwards.
  [[nodiscard]] static Result<TraceReader> Open(const std::string& path, const ReaderOptions& options = {});
  TraceReader(TraceReader&&) noexcept;
  TraceReader& operator=(TraceReader&&) noexcept;
  ~TraceReader();

  // nullopt at the end.
  [[nodiscard]] Result<std::optional<LocatedEvent>> Next();
  // The same into an event that is there already, whose memory is used again: reading then
  // allocates next to nothing. False at the end; `out` is of no meaning then, and after errors.
  [[nodiscard]] Result<bool> Next(LocatedEvent& out);

  // Makes Next go on with the event at a position; false: the file has none there, and has been
  // read to its end. Uses the index of a .ktrace file, so that at most some thousand events are
  // read on the way; reads all events up to there where there is none, or with salvage.
  // Requires: Next was not called.
  [[nodiscard]] Result<bool> Seek(const Position& position);

  [[nodiscard]] Format format() const;
  // The header as written; defaults where there is none.
  [[nodiscard]] const Header& header() const;
  [[nodiscard]] bool has_header() const;
  [[nodiscard]] const std::string& file() const;
  // The number of the last event in the file, counted from 1.
  [[nodiscard]] std::uint64_t event_count() const;

  // Once Next gave nullopt: whether the last frame or line was cut off, and where it begins.
  [[nodiscard]] bool torn_tail() const;
  [[nodiscard]] std::uint64_t torn_offset() const;

  // With salvage: what was passed over so far, the first damage_reports_max of it, and all.
  [[nodiscard]] const std::vector<Damage>& damage() const;
  [[nodiscard]] std::uint64_t damage_count() const;
  [[nodiscard]] std::uint64_t dropped_bytes() const;

 private:
  class Impl;
  explicit TraceReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kelpie::trace::file
