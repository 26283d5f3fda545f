// Well-formedness of UTF-8, checked before any text reaches the lexer generator's runtime.
//
//   if (auto bad = FindInvalidUtf8(text)) ... text[*bad] is the first byte that is no UTF-8
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace kelpie::syntax {

// The offset of the first byte that does not belong to a well-formed sequence (overlong forms,
// surrogates and code points past U+10FFFF are not well formed). O(text).
[[nodiscard]] std::optional<std::size_t> FindInvalidUtf8(std::string_view text);

// Bytes of the code point that begins with `lead`. Requires: well-formed text.
[[nodiscard]] inline std::size_t CodePointSize(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace kelpie::syntax
