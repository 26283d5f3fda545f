// Values of JSON text: an array is a sequence, an object a record, a whole number an integer.
//
//   JsonFault fault;
//   std::optional<Value> log = ReadJsonLines(text, {}, fault);
//   if (!log) Report(fault.line, fault.column, fault.message, fault.hint);
//
// Nothing is rounded, cut or dropped: null, numbers that are no integers of 64 bits and names that stand twice in one
// object are faults. `1.0` and `1e3` are integers. Text is UTF-8.
// Cost: O(text), and O(n log n) for the n names of one object. Source: RFC 8259.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "checker/eval/value.h"

namespace kelpie::eval {

struct JsonLimits {
  std::size_t depth_max = 2'000;      // --max-depth: arrays and objects inside each other
  std::size_t size_max = 2'000'000;  // --max-set: elements of one array or object, lines
};

// Why there is no value, and where: 1-based, columns count code points.
struct JsonFault {
  std::size_t line = 0;
  std::size_t column = 0;
  std::string message;
  std::string hint;
};

// The one value that the text is.
[[nodiscard]] std::optional<Value> ReadJson(std::string_view text, const JsonLimits& limits, JsonFault& fault);
// The values of its lines as a sequence; blank lines are skipped. A line ends at \n, \r or both.
[[nodiscard]] std::optional<Value> ReadJsonLines(std::string_view text, const JsonLimits& limits, JsonFault& fault);

}  // namespace kelpie::eval
