#include "tla/syntax/utf8.h"

namespace kelpie::syntax {

std::optional<std::size_t> FindInvalidUtf8(std::string_view text) {
  const auto byte_at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  std::size_t i = 0;
  while (i < text.size()) {
    const unsigned lead = byte_at(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    // The table of well-formed byte sequences (The Unicode Standard, table 3-7): the second
    // byte's range depends on the first, all later ones are 80..BF.
    std::size_t size = 0;
    unsigned low = 0x80;
    unsigned high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      size = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      size = 3;
      if (lead == 0xE0) low = 0xA0;
      if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      size = 4;
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;
    } else {
      return i;
    }
    if (byte_at(i + 1) < low || byte_at(i + 1) > high) return i;
    for (std::size_t k = 2; k < size; ++k) {
      if (byte_at(i + k) < 0x80 || byte_at(i + k) > 0xBF) return i;
    }
    i += size;
  }
  return std::nullopt;
}

}  // namespace kelpie::syntax
