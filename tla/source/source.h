// Text with positions, and remarks about it.
//
//   SourceMap sources;
//   FileId file = sources.Add("Counter.tla", text);
//   Place p = sources.PlaceOf(span);              // "Counter.tla", 3, 5, 3, 9
//
// A Span is what every later stage carries; a Place is what people and JSON see.
// Invariant: spans are only meaningful together with the SourceMap that made them.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace kelpie::tla {

// Index of a file in its SourceMap.
struct FileId {
  std::uint32_t index = 0;
  friend bool operator==(FileId, FileId) = default;
};

// A piece of one file. Lines and columns are 1-based, columns count code points
// (a tab is one), the end is exclusive. line == 0 means "no place" (built-ins).
struct Span {
  FileId file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;

  [[nodiscard]] bool is_known() const { return line != 0; }
  friend bool operator==(const Span&, const Span&) = default;
};

// A Span with its file's name written out, as reports and JSON show it.
struct Place {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
};

// Owns the text of every file that a command read. Addresses of texts are stable.
class SourceMap {
 public:
  // Takes a file's whole text. Cost: O(text) for the line index.
  FileId Add(std::string name, std::string text);

  [[nodiscard]] const std::string& name(FileId file) const;
  [[nodiscard]] std::string_view text(FileId file) const;
  // A line without its end-of-line characters; empty when out of range. `line` is 1-based.
  [[nodiscard]] std::string_view Line(FileId file, std::uint32_t line) const;
  [[nodiscard]] Place PlaceOf(const Span& span) const;
  // The exact source text of a span, line breaks kept. Empty for unknown spans.
  [[nodiscard]] std::string_view TextOf(const Span& span) const;

 private:
  struct File {
    std::string name;
    std::string text;
    std::vector<std::uint32_t> line_starts;  // byte offset of each line
  };
  std::deque<File> files_;
};

// The smallest span that covers both. Requires: same file, or one of them unknown.
[[nodiscard]] Span Cover(const Span& a, const Span& b);

}  // namespace kelpie::tla
