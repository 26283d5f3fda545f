// The door to protobuf: headers and events to bytes of trace.proto and back. No header of
// protobuf is seen above this file.
//
//   std::string bytes = EncodeEvent(event);
//   Result<Event> back = DecodeEvent(bytes);       // *back == event
//
// Same event, same bytes, on every machine. Decoding skips fields it does not know, and
// reports (kBadMessage, kTooDeep, kTooLong) everything that is not a message of this version:
// a value of no kind, an enumerator it does not know, a repeated key, text that is not UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace {

struct DecodeLimits {
  int depth_max = 200;                         // of values and of `steps`; deeper: kTooDeep
  std::size_t message_bytes_max = 64U << 20U;  // longer: kTooLong
};

// Requires: CheckWritable(event).ok().
[[nodiscard]] std::string EncodeEvent(const Event& event);
// The same, appended to `out`; spares a copy where frames are built.
void AppendEvent(const Event& event, std::string& out);
// Requires: CheckWritable(header).ok().
[[nodiscard]] std::string EncodeHeader(const Header& header);

// Places of errors are the caller's to fill in.
[[nodiscard]] Result<Event> DecodeEvent(std::string_view bytes, const DecodeLimits& limits = {});
// The same into an event that is there already; its memory is used again. After a failure it
// is valid, and of no meaning.
[[nodiscard]] Status DecodeEvent(std::string_view bytes, const DecodeLimits& limits, Event& out);
[[nodiscard]] Result<Header> DecodeHeader(std::string_view bytes, const DecodeLimits& limits = {});

}  // namespace kelpie::trace
