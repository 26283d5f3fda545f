#include "tla/source/diagnostic.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kelpie::tla {
namespace {

struct KindInfo {
  Severity severity;
  std::string_view code;
  std::string_view message;
};

constexpr std::array kKinds = {
#define KELPIE_DIAGNOSTIC(name, severity, code, message) KindInfo{Severity::severity, code, message},
#include "tla/source/diagnostic_kinds.def"
#undef KELPIE_DIAGNOSTIC
};

const KindInfo& InfoOf(DiagnosticKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::string FillIn(std::string_view message, const DiagnosticDetail& detail) {
  constexpr std::string_view kFound = "%found";
  constexpr std::string_view kExpected = "%expected";
  std::string out;
  while (!message.empty()) {
    if (message.starts_with(kFound)) {
      out += detail.found;
      message.remove_prefix(kFound.size());
    } else if (message.starts_with(kExpected)) {
      out += detail.expected;
      message.remove_prefix(kExpected.size());
    } else {
      out += message.front();
      message.remove_prefix(1);
    }
  }
  return out;
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }

std::uint32_t CodePointCount(std::string_view text) {
  return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), [](char c) { return !IsContinuation(c); }));
}

// Spaces up to `column`, tabs where the line has tabs, so that the caret stands under its
// text whatever the terminal's tab width is.
std::string PaddingUnder(std::string_view line, std::uint32_t column) {
  std::string padding;
  std::uint32_t at = 0;
  for (const char c : line) {
    if (IsContinuation(c)) continue;
    if (++at >= column) break;
    padding += c == '\t' ? '\t' : ' ';
  }
  return padding;
}

// Long lines (generated specs, binary files) are cut around the place.
constexpr std::uint32_t kExcerptColumnsMax = 160;

// Control characters of a damaged file must not reach the terminal.
std::string Printable(std::string_view line) {
  std::string out(line);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; },
      '?');
  return out;
}

std::string_view Columns(std::string_view line, std::uint32_t first, std::uint32_t count) {
  std::size_t begin = line.size();
  std::size_t end = line.size();
  std::uint32_t at = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (IsContinuation(line[i])) continue;
    ++at;
    if (at == first) begin = i;
    if (at == first + count) {
      end = i;
      break;
    }
  }
  return line.substr(std::min(begin, end), end - std::min(begin, end));
}

void RenderExcerpt(const SourceMap& sources, const Span& span, std::string& out) {
  std::string_view line = sources.Line(span.file, span.line);
  if (line.empty() && span.column <= 1 && sources.text(span.file).empty()) return;
  std::uint32_t column = span.column;
  const std::uint32_t end_of_line = CodePointCount(line) + 1;
  std::uint32_t end = span.end_line == span.line ? span.end_column : end_of_line;
  if (end_of_line > kExcerptColumnsMax) {
    const std::uint32_t first = column > kExcerptColumnsMax / 2 ? column - kExcerptColumnsMax / 2 : 1;
    line = Columns(line, first, kExcerptColumnsMax);
    column -= first - 1;
    end = std::min(end - (first - 1), kExcerptColumnsMax + 1);
  }
  const std::string number = std::to_string(span.line);
  const std::string printable = Printable(line);
  out += "  " + number + " | " + printable + "\n";
  out += "  " + std::string(number.size(), ' ') + " | " + PaddingUnder(printable + std::string(1, ' '), column);
  out += std::string(end > column ? end - column : 1, '^') + "\n";
}

}  // namespace

std::string_view CodeOf(DiagnosticKind kind) { return InfoOf(kind).code; }

void Diagnostics::Add(DiagnosticKind kind, const Span& span, DiagnosticDetail detail) {
  const KindInfo& info = InfoOf(kind);
  if (info.severity == Severity::kError) ++error_count_;
  if (list_.size() >= count_max_) {
    ++dropped_count_;
    return;
  }
  std::string message = FillIn(info.message, detail);
  list_.push_back({.kind = kind,
                   .severity = info.severity,
                   .span = span,
                   .message = std::move(message),
                   .found = std::move(detail.found),
                   .expected = std::move(detail.expected),
                   .hint = std::move(detail.hint)});
}

std::string Render(const SourceMap& sources, const std::vector<Diagnostic>& list) {
  std::string out;
  for (const Diagnostic& diagnostic : list) {
    const Span& span = diagnostic.span;
    if (span.is_known()) {
      out += sources.name(span.file) + ":" + std::to_string(span.line) + ":" + std::to_string(span.column) + ": ";
    }
    out += diagnostic.severity == Severity::kError ? "error: " : "warning: ";
    out += diagnostic.message + " [" + std::string(CodeOf(diagnostic.kind)) + "]\n";
    if (span.is_known()) RenderExcerpt(sources, span, out);
    // Found and expected are lines of their own only where the message leaves them out.
    const auto add_line = [&](std::string_view label, const std::string& text) {
      if (!text.empty() && diagnostic.message.find(text) == std::string::npos)
        out += "  " + std::string(label) + text + "\n";
    };
    add_line("found:    ", diagnostic.found);
    add_line("expected: ", diagnostic.expected);
    add_line("hint: ", diagnostic.hint);
  }
  return out;
}

}  // namespace kelpie::tla
