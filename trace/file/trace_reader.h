// Reads one trace file, of either format, event by event.
//
//   Result<TraceReader> reader = TraceReader::Open("run-7/n1.1.ktrace");
//   while (true) {
//     Result<std::optional<LocatedEvent>> next = reader->Next();   // check next.ok()
//     if (!next->has_value()) break;                               // the history ends
//     ... (*next)->event ...
//   }
//
// Invariants: memory is one buffer and one event, however long the file. What is handed out
// was written so: a changed byte is an error, or lies in a last frame or line that is cut off.
// Seq runs without gaps in each incarnation, or there is an error. After an error, Next gives
// the same error again. A reader is used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::file {

enum class Format : std::uint8_t { kJsonLines, kKtrace };

struct ReaderOptions {
  int depth_max = 200;                       // of values, and of `steps`; deeper: kTooDeep
  std::size_t line_bytes_max = 16U << 20U;   // longer: kTooLong
  std::size_t frame_bytes_max = 16U << 20U;  // longer: kTooLong
  std::size_t buffer_bytes = 256U << 10U;    // of the file at a time; grows up to a line or frame
  bool any_first_seq = false;                // each incarnation may begin at any seq
};

struct LocatedEvent {
  Event event;
  std::string file;
  std::uint64_t offset = 0;  // of the event's line or frame
  std::uint64_t line = 0;    // 1-based; 0 in a .ktrace file
};

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

  [[nodiscard]] Format format() const;
  // The header as written; defaults where there is none.
  [[nodiscard]] const Header& header() const;
  [[nodiscard]] bool has_header() const;
  [[nodiscard]] const std::string& file() const;
  [[nodiscard]] std::uint64_t event_count() const;  // so far

  // Once Next gave nullopt: whether the last frame or line was cut off, and where it begins.
  [[nodiscard]] bool torn_tail() const;
  [[nodiscard]] std::uint64_t torn_offset() const;

 private:
  class Impl;
  explicit TraceReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kelpie::trace::file
