// Remarks about the user's text: what is wrong, where, and what the rule is.
//
//   diagnostics.Add(DiagnosticKind::kUndefinedName, span, {.found = "Foo"});
//   std::cerr << Render(sources, diagnostics.list());
//
// Every kind is declared once, in diagnostic_kinds.def. Messages are lower case, without
// a full stop, and say the situation and then the rule.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tla/source/source.h"

namespace kelpie::tla {

enum class Severity { kError, kWarning };

enum class DiagnosticKind {
#define KELPIE_DIAGNOSTIC(name, severity, code, message) name,
#include "tla/source/diagnostic_kinds.def"
#undef KELPIE_DIAGNOSTIC
};

// What a diagnostic fills into its kind's message; empty parts are left out.
struct DiagnosticDetail {
  std::string found;
  std::string expected;
  std::string hint;
};

struct Diagnostic {
  DiagnosticKind kind;
  Severity severity;
  Span span;
  std::string message;  // finished text, the kind's message with the detail filled in
  std::string found;
  std::string expected;
  std::string hint;
};

// The stable code of a kind, e.g. "undefined-name"; JSON carries it.
[[nodiscard]] std::string_view CodeOf(DiagnosticKind kind);

// Collects diagnostics of one command, in order of arrival, up to a limit.
class Diagnostics {
 public:
  // `count_max`: further errors are dropped and counted. Warnings count too.
  explicit Diagnostics(std::size_t count_max = 100) : count_max_(count_max) {}

  void Add(DiagnosticKind kind, const Span& span, DiagnosticDetail detail = {});

  [[nodiscard]] bool has_errors() const { return error_count_ > 0; }
  [[nodiscard]] const std::vector<Diagnostic>& list() const { return list_; }
  [[nodiscard]] std::size_t dropped_count() const { return dropped_count_; }

 private:
  std::size_t count_max_;
  std::size_t error_count_ = 0;
  std::size_t dropped_count_ = 0;
  std::vector<Diagnostic> list_;
};

// "file:line:column: error: message", the source line, a caret under the span, then
// found/expected/hint. One block a diagnostic. Ends with a line break unless empty.
[[nodiscard]] std::string Render(const SourceMap& sources, const std::vector<Diagnostic>& list);

}  // namespace kelpie::tla
