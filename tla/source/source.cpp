#include "tla/source/source.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace kelpie::tla {
namespace {

// Bytes that continue a code point look like 10xxxxxx.
bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }

// The byte offset in `line` of a 1-based code-point column, at most the line's length.
std::size_t OffsetOfColumn(std::string_view line, std::uint32_t column) {
  std::size_t offset = 0;
  for (std::uint32_t at = 1; at < column && offset < line.size(); ++at) {
    ++offset;
    while (offset < line.size() && IsContinuation(line[offset])) ++offset;
  }
  return offset;
}

}  // namespace

FileId SourceMap::Add(std::string name, std::string text) {
  File file{.name = std::move(name), .text = std::move(text), .line_starts = {0}};
  // Ends of lines are \n, \r\n and a lone \r.
  for (std::size_t i = 0; i < file.text.size(); ++i) {
    const char c = file.text[i];
    const bool is_lone_cr = c == '\r' && (i + 1 == file.text.size() || file.text[i + 1] != '\n');
    if (c == '\n' || is_lone_cr) file.line_starts.push_back(static_cast<std::uint32_t>(i + 1));
  }
  files_.push_back(std::move(file));
  return FileId{static_cast<std::uint32_t>(files_.size() - 1)};
}

const std::string& SourceMap::name(FileId file) const {
  static const std::string kNone;
  return file.index < files_.size() ? files_[file.index].name : kNone;
}

std::string_view SourceMap::text(FileId file) const {
  return file.index < files_.size() ? std::string_view(files_[file.index].text) : std::string_view();
}

std::string_view SourceMap::Line(FileId file, std::uint32_t line) const {
  if (file.index >= files_.size()) return {};
  const File& f = files_[file.index];
  if (line == 0 || line > f.line_starts.size()) return {};
  const std::size_t begin = f.line_starts[line - 1];
  std::size_t end = line < f.line_starts.size() ? f.line_starts[line] : f.text.size();
  while (end > begin && (f.text[end - 1] == '\n' || f.text[end - 1] == '\r')) --end;
  return std::string_view(f.text).substr(begin, end - begin);
}

Place SourceMap::PlaceOf(const Span& span) const {
  if (!span.is_known()) return {};
  return {.file = name(span.file),
          .line = span.line,
          .column = span.column,
          .end_line = span.end_line,
          .end_column = span.end_column};
}

std::string_view SourceMap::TextOf(const Span& span) const {
  if (!span.is_known() || span.file.index >= files_.size()) return {};
  const File& f = files_[span.file.index];
  if (span.line > f.line_starts.size() || span.end_line > f.line_starts.size()) return {};
  const std::size_t begin = f.line_starts[span.line - 1] + OffsetOfColumn(Line(span.file, span.line), span.column);
  const std::size_t end =
      f.line_starts[span.end_line - 1] + OffsetOfColumn(Line(span.file, span.end_line), span.end_column);
  return begin <= end ? std::string_view(f.text).substr(begin, end - begin) : std::string_view();
}

Span Cover(const Span& a, const Span& b) {
  if (!a.is_known()) return b;
  if (!b.is_known()) return a;
  Span cover = a;
  std::tie(cover.line, cover.column) = std::min(std::tie(a.line, a.column), std::tie(b.line, b.column));
  std::tie(cover.end_line, cover.end_column) =
      std::max(std::tie(a.end_line, a.end_column), std::tie(b.end_line, b.end_column));
  return cover;
}

}  // namespace kelpie::tla
