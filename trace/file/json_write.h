// Headers, events and values as JSON text, the form that json_read.h reads.
//
//   std::string line;
//   AppendJson(event, line);        // {"node":"n1","incarnation":1,"seq":7,"spec":...}
//
// Invariants: one line, no line break; the same event gives the same bytes; reading gives
// back an equal event, with one exception: a record that has a field whose name begins with
// `#` becomes the equal map, since in JSON it would be a tag. An event with one claim is
// written in the short form.
#pragma once

#include <string>
#include <string_view>

#include "trace/value/event.h"

namespace kelpie::trace::file {

// Require: CheckWritable(event or header).ok().
void AppendJson(const Event& event, std::string& out);
void AppendJson(const Header& header, std::string& out);  // {"header":{..}}
void AppendJson(const Value& value, std::string& out);
void AppendJsonString(std::string_view text, std::string& out);

}  // namespace kelpie::trace::file
