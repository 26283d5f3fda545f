// What a reader says about files that are no trace; private to this room.
#pragma once

#include <string>
#include <string_view>

#include "trace/value/result.h"

namespace kelpie::trace::file {

// kUnknownFormat, with a guess at what the first bytes are instead.
[[nodiscard]] Error NoTrace(const std::string& path, std::string_view first_bytes);

// "89 4b 54", at most eight bytes.
[[nodiscard]] std::string HexOf(std::string_view bytes);

}  // namespace kelpie::trace::file
