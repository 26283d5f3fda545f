// Small pieces of the sentences of this room.
#pragma once

#include <string>
#include <string_view>

#include "tla/source/source.h"

namespace kelpie::report {

// "file.tla:12", without folders; empty for an unknown place.
[[nodiscard]] std::string PlaceText(const tla::SourceMap& sources, const tla::Span& span);
// The same words with single spaces between them.
[[nodiscard]] std::string OneLine(std::string_view text);
// At most `length_max` bytes, the last three of them dots when something was cut; never half a character.
[[nodiscard]] std::string Shorten(std::string text, std::size_t length_max);
[[nodiscard]] std::string Pad(std::string text, std::size_t width);
// "12 ms", "3.4 s".
[[nodiscard]] std::string Seconds(double seconds);

}  // namespace kelpie::report
