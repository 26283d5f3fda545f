#include "trace/file/sniff.h"

namespace kelpie::trace::file {

std::string HexOf(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes.substr(0, 8)) {
    if (!text.empty()) text += ' ';
    text += kHex[static_cast<unsigned char>(c) >> 4U];
    text += kHex[static_cast<unsigned char>(c) & 15U];
  }
  return text;
}

Error NoTrace(const std::string& path, std::string_view first_bytes) {
  std::string hint;
  if (first_bytes.starts_with("\xEF\xBB\xBF")) hint = "save the file as UTF-8 without a byte order mark";
  if (first_bytes.starts_with("\x1F\x8B") || first_bytes.starts_with("\x28\xB5\x2F\xFD"))
    hint = "decompress the file first";
  if (first_bytes.starts_with("[")) hint = "JSON lines have one object a line and no array around them";
  return {.kind = ErrorKind::kUnknownFormat,
          .place = {.file = path},
          .message = "the file is no trace",
          .found = "first bytes " + HexOf(first_bytes),
          .expected = "JSON lines, beginning with `{`, or a .ktrace file",
          .hint = std::move(hint)};
}

}  // namespace kelpie::trace::file
