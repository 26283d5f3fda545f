// One line of JSON to one header or event, as docs/SEMANTICS.md part 2 has it.
//
//   ParsedLine line;
//   if (!ReadJsonLine(text, depth_max, line, failure)) ...failure says what and where...
//
// Invariants: a line is accepted whole or not at all; what a line leaves out is left at the
// defaults of event.h and told apart by the has_ flags, for the caller to fill in.
#pragma once

#include <string_view>

#include "trace/file/json_cursor.h"
#include "trace/file/json_fields.h"
#include "trace/value/event.h"

namespace kelpie::trace::file {

struct ParsedLine {
  bool is_header = false;
  Header header;  // when is_header
  Event event;    // otherwise
  bool has_node = false;
  bool has_incarnation = false;
  bool has_seq = false;
};

// Overwrites all of `out`, and uses the memory of its event again.
[[nodiscard]] bool ReadJsonLine(std::string_view text, const LineOptions& options, ParsedLine& out,
                                JsonFailure& failure);
[[nodiscard]] inline bool ReadJsonLine(std::string_view text, int depth_max, ParsedLine& out, JsonFailure& failure) {
  return ReadJsonLine(text, LineOptions{.depth_max = depth_max}, out, failure);
}

// One value alone, with nothing after it.
[[nodiscard]] bool ReadJsonValue(std::string_view text, int depth_max, Value& out, JsonFailure& failure);

}  // namespace kelpie::trace::file
