#include "checker/report/phrases.h"

#include <cstdio>

namespace kelpie::report {

std::string PlaceText(const tla::SourceMap& sources, const tla::Span& span) {
  if (!span.is_known()) return "";
  const tla::Place place = sources.PlaceOf(span);
  const std::size_t slash = place.file.rfind('/');
  return (slash == std::string::npos ? place.file : place.file.substr(slash + 1)) + ":" + std::to_string(place.line);
}

std::string OneLine(std::string_view text) {
  std::string out;
  bool is_space = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (space) {
      is_space = !out.empty();
      continue;
    }
    if (is_space) out += ' ';
    is_space = false;
    out += c;
  }
  return out;
}

std::string Shorten(std::string text, std::size_t length_max) {
  if (text.size() <= length_max) return text;
  text.resize(length_max - 3);
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
  return text + "...";
}

std::string Pad(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string Seconds(double seconds) {
  char buffer[32];
  if (seconds < 1) {
    std::snprintf(buffer, sizeof buffer, "%.0f ms", seconds * 1000);
  } else {
    std::snprintf(buffer, sizeof buffer, "%.1f s", seconds);
  }
  return buffer;
}

}  // namespace kelpie::report
