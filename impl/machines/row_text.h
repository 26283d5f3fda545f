// Rows as one line of text: "1 name=value ..", where 1 is the version of the format; names and values hold no blanks.
//
//   std::string text = "1 holder=n1 token=4";
//   NumberIn<std::int64_t>(text, "token")  // 4
//
// A row that does not parse is a mistake of ours (only our machines write these keys) and ends the process.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include "impl/env/check.h"

namespace kelpie::machines {

// The text behind "name=" in a row, up to the next blank.
[[nodiscard]] std::string_view FieldIn(std::string_view text, std::string_view name);

template <typename Integer>
[[nodiscard]] Integer NumberIn(std::string_view text, std::string_view name) {
  const std::string_view digits = FieldIn(text, name);
  Integer value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  IMPL_CHECK(parsed.ec == std::errc() && parsed.ptr == digits.data() + digits.size(),
             "row with a bad number: " + std::string(text));
  return value;
}

}  // namespace kelpie::machines
