#include "trace/value/result.h"

#include <array>

namespace kelpie::trace {

namespace {

struct Facts {
  std::string_view code;
  ErrorClass error_class;
};

constexpr auto kFacts = std::to_array<Facts>({
#define KELPIE_TRACE_ERROR(name, code, class) {code, ErrorClass::class},
#include "trace/value/error_kinds.def"
#undef KELPIE_TRACE_ERROR
});

}  // namespace

std::string_view CodeOf(ErrorKind kind) { return kFacts[static_cast<std::size_t>(kind)].code; }

ErrorClass ClassOf(ErrorKind kind) { return kFacts[static_cast<std::size_t>(kind)].error_class; }

std::string Error::Render() const {
  std::string text;
  if (!place.file.empty()) {
    text += place.file;
    if (place.line != 0) {
      text += ":" + std::to_string(place.line);
      if (place.column != 0) text += ":" + std::to_string(place.column);
    }
    text += ": ";
  }
  text += "error[";
  text += CodeOf(kind);
  text += "]: " + message;
  const bool has_offset = ClassOf(kind) == ErrorClass::kDamage || place.offset != 0;
  if (has_offset && !place.file.empty()) text += " (byte " + std::to_string(place.offset) + ")";
  text += "\n";
  if (!found.empty()) text += "  found:    " + found + "\n";
  if (!expected.empty()) text += "  expected: " + expected + "\n";
  if (!hint.empty()) text += "  hint:     " + hint + "\n";
  return text;
}

}  // namespace kelpie::trace
