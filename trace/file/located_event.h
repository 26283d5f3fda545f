// What a reader of trace files is told and gives: its limits, an event with its place in the
// file, places to go to, and what damage it went around. trace_reader.h is the reader.
#pragma once

#include <cstdint>
#include <string>

#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::file {

enum class Format : std::uint8_t { kJsonLines, kKtrace, kItf };

struct ReaderOptions {
  int depth_max = 200;                       // of values, and of `steps`; deeper: kTooDeep
  std::size_t line_bytes_max = 16U << 20U;   // longer: kTooLong
  std::size_t frame_bytes_max = 16U << 20U;  // longer, as written: kTooLong
  std::size_t block_bytes_max = 64U << 20U;  // of a compressed block once unpacked; more: kTooLong
  std::size_t itf_bytes_max = 256U << 20U;   // of an ITF file, which is held whole; more: kTooLong
  std::size_t buffer_bytes = 256U << 10U;    // of the file at a time; grows up to a line or frame
  bool any_first_seq = false;                // each incarnation may begin at any seq
  bool salvage = false;                      // go on behind damage; see TraceReader
  std::size_t damage_reports_max = 1'000;    // kept by damage(); further ones are counted only
};

struct LocatedEvent {
  Event event;
  std::string file;
  std::uint64_t offset = 0;  // of the event's line or frame; of the block it lies in
  std::uint64_t line = 0;    // 1-based; 0 in a .ktrace file
};

// Where reading shall begin: at the n-th event of the file, counted from 1; at the event with
// an id; or at the first event that begins at or behind a byte of the file.
struct Position {
  enum class Kind : std::uint8_t { kNumber, kId, kOffset };
  Kind kind = Kind::kNumber;
  std::uint64_t number = 1;  // of the event, or of the byte
  EventId id;
};

// Bytes that a salvaging reader passed over.
struct Damage {
  Error error;
  std::uint64_t begin = 0;  // end exclusive
  std::uint64_t end = 0;
};

}  // namespace kelpie::trace::file
