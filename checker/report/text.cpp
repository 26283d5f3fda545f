#include "checker/report/text.h"

#include <algorithm>

#include "checker/report/phrases.h"

namespace kelpie::report {

using Truth = eval::ConjunctValue::Truth;

namespace {

std::string EventName(const refine::EventReference& event) {
  std::string text = event.action.empty() ? "a step" : event.action + "(";
  if (event.action.empty()) return text;
  bool is_first = true;
  for (const auto& [name, value] : event.arguments) {
    text += (is_first ? "" : ", ") + name + " = " + Shorten(value, 40);
    is_first = false;
  }
  return text + ")";
}

std::string Where(const refine::EventReference& event) {
  std::string text = "node " + event.id.node + ", incarnation " + std::to_string(event.id.incarnation) + ", seq " +
                     std::to_string(event.id.seq);
  if (event.id.node.empty()) text = "seq " + std::to_string(event.id.seq);
  const std::size_t slash = event.file.rfind('/');
  const std::string file = slash == std::string::npos ? event.file : event.file.substr(slash + 1);
  if (event.line > 0) return text + ", " + file + ":" + std::to_string(event.line);
  return text + ", " + file + " offset " + std::to_string(event.offset);
}

const char* Question(refine::Check check) {
  switch (check) {
    case refine::Check::kWellFormed: return "check 1: the event is not about this spec";
    case refine::Check::kDisjunct: return "check 2: the claimed operator is no disjunct of Next";
    case refine::Check::kGuard: return "check 3: the guard does not hold";
    case refine::Check::kEffect: return "check 4: the effect is not what was observed";
    case refine::Check::kCompletion: return "check 5: the unobserved cannot be completed";
    case refine::Check::kInvariant: return "check 6: an invariant does not hold";
    case refine::Check::kActionProperty: return "check 7: an action property does not hold";
  }
  return "";
}

// Values of a false formula's parts, those that say nothing new left out.
void WriteParts(const std::vector<eval::ConjunctValue::Part>& parts, const tla::Span& whole,
                const refine::Explanation& explanation, const CheckCase& c, std::vector<std::string>& shown,
                std::string& out) {
  for (const auto& part : parts) {
    const std::string text = OneLine(c.sources->TextOf(part.span));
    if (part.span == whole || std::find(shown.begin(), shown.end(), text) != shown.end()) continue;
    shown.push_back(text);
    out += "        " + Pad(Shorten(text, 40), 28) + " = " + Shorten(eval::ToString(part.value), 120);
    if (!part.variable.empty() && !part.is_primed) {
      const std::string location = observe::PathText(part.variable, part.path);
      for (const auto& writer : explanation.written_by) {
        if (writer.location != location) continue;
        out += "   set by event " + std::to_string(writer.event.index) + ", " + EventName(writer.event);
      }
    }
    out += "\n";
  }
}

void WriteConjunct(const eval::ConjunctValue& conjunct, const refine::Explanation& explanation, const CheckCase& c,
                   std::string& out) {
  const tla::Span& span = c.program->expr(conjunct.expr).span;
  const bool is_false = conjunct.truth == Truth::kFalse;
  const char* truth = is_false                          ? "FALSE"
                      : conjunct.truth == Truth::kTrue  ? "TRUE"
                      : conjunct.truth == Truth::kError ? "error"
                                                        : "?";
  out += is_false ? "  > " : "    ";
  out += Pad(Shorten(OneLine(c.sources->TextOf(span)), 64), 66);
  out += is_false ? Pad(truth, 7) + PlaceText(*c.sources, span) + "\n" : std::string(truth) + "\n";
  if (!is_false) return;
  std::vector<std::string> shown;
  WriteParts(conjunct.parts, span, explanation, c, shown, out);
  for (const auto& cause : conjunct.causes) {
    const tla::Span& inner = c.program->expr(cause.expr).span;
    out += "      because " + Pad(Shorten(OneLine(c.sources->TextOf(inner)), 56), 56) + Pad(" FALSE", 8) +
           PlaceText(*c.sources, inner) + "\n";
    WriteParts(cause.parts, inner, explanation, c, shown, out);
  }
  if (conjunct.expected) out += "        the spec says " + Shorten(eval::ToString(*conjunct.expected), 200) + "\n";
}

// Conjuncts that cannot hold together, none of them dispensable: the reason, by the solver.
void WriteCore(const refine::Explanation& explanation, const CheckCase& c, std::string& out) {
  if (!explanation.has_core) return;
  out += "    cannot hold together";
  out += explanation.core_has_observation ? ", with the places that were observed:\n" : ":\n";
  for (const auto expr : explanation.core) {
    const tla::Span& span = c.program->expr(expr).span;
    out += "      core " + Pad(Shorten(OneLine(c.sources->TextOf(span)), 58), 66) + PlaceText(*c.sources, span) + "\n";
  }
}

void WriteExplanation(const refine::Explanation& explanation, const CheckCase& c, std::string& out) {
  out += std::string("  ") + Question(explanation.check);
  if (!explanation.name.empty()) out += ": " + explanation.name;
  const std::string place = PlaceText(*c.sources, explanation.span);
  if (!place.empty()) out += "   " + place;
  out += "\n";
  if (!explanation.remark.empty()) out += "    " + explanation.remark + "\n";
  for (const auto& conjunct : explanation.conjuncts) WriteConjunct(conjunct, explanation, c, out);
  WriteCore(explanation, c, out);
  if (!explanation.mismatch) return;
  const observe::Mismatch& m = *explanation.mismatch;
  const std::string path = observe::PathText(*c.program, m.path);
  if (explanation.clause.is_known() && explanation.conjuncts.empty()) {
    out += "  > " + Pad(Shorten(OneLine(c.sources->TextOf(explanation.clause)), 64), 73) +
           PlaceText(*c.sources, explanation.clause) + "\n";
  }
  out += "    " + path + (m.remark.empty() ? "" : " " + m.remark) + "\n";
  out += "        the event says  " + Shorten(m.found, 200) + "\n";
  out += "        the spec has    " + (m.expected ? Shorten(eval::ToString(*m.expected), 200) : "no such place") + "\n";
  for (const auto& writer : explanation.written_by) {
    if (writer.location == path) {
      out += "        set by event " + std::to_string(writer.event.index) + ", " + EventName(writer.event) + "\n";
    }
  }
}

// What helps first; then what was tried in vain.
void WriteRepairs(const refine::CheckResult& r, std::string& out) {
  constexpr std::size_t kShownMax = 6;
  std::size_t helps = 0;
  std::string in_vain;
  for (const refine::Repair& repair : r.repairs) {
    if (!repair.helps) {
      in_vain += "    " + repair.text + "\n";
    } else if (++helps <= kShownMax) {
      out += "  accepted if " + repair.text + "\n";
    }
  }
  if (helps > kShownMax) out += "  and " + std::to_string(helps - kShownMax) + " more; --json lists all\n";
  if (!in_vain.empty()) out += "  tried, does not help:\n" + in_vain;
}

void WriteHidden(const refine::CheckResult& r, std::string& out) {
  constexpr std::size_t kShownMax = 20;
  for (std::size_t i = 0; i < r.hidden.size() && i < kShownMax; ++i) {
    const refine::HiddenUse& use = r.hidden[i];
    out += "  hidden between events " + std::to_string(use.before - 1) + " and " + std::to_string(use.before) + ": " +
           use.action + "(";
    for (std::size_t k = 0; k < use.arguments.size(); ++k) {
      out +=
          (k > 0 ? ", " : "") + use.arguments[k].first + " = " + Shorten(eval::ToString(use.arguments[k].second), 40);
    }
    out += use.count > 1 ? ") x" + std::to_string(use.count) + "\n" : ")\n";
  }
  if (r.hidden.size() > kShownMax) {
    out += "  and " + std::to_string(r.hidden.size() - kShownMax) + " more; --json lists all\n";
  }
}

// The places of which a trace says least come first.
void WriteSensitivity(const refine::CheckResult& r, std::string& out) {
  if (!r.sensitivity) return;
  std::vector<refine::SensitivityCount> counts = *r.sensitivity;
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& a, const auto& b) { return a.rejected * b.tried < b.rejected * a.tried; });
  out += "  sensitivity: what was observed, altered, and how often the spec rejects that\n";
  for (const refine::SensitivityCount& c : counts) {
    out += "    " + Pad(c.place, 56) + " " + std::to_string(c.rejected) + " of " + std::to_string(c.tried);
    if (c.undecided > 0) out += ", " + std::to_string(c.undecided) + " undecided";
    out += c.rejected == 0 ? "   anything would do\n" : "\n";
  }
}

void WriteCoverage(const CheckCase& c, std::string& out) {
  const auto& r = c.result;
  std::size_t taken = 0;
  for (const auto& [name, count] : r.coverage) taken += count > 0 ? 1 : 0;
  out += "  checked " + std::to_string(r.event_count) + " events (" + std::to_string(r.ignored_count) +
         " ignored) in " + Seconds(c.seconds) + "; " + std::to_string(taken) + " of " +
         std::to_string(r.coverage.size()) + " actions seen";
  if (!r.vacuity.never_taken.empty()) {
    out += " (never: ";
    for (std::size_t i = 0; i < r.vacuity.never_taken.size(); ++i)
      out += (i > 0 ? ", " : "") + r.vacuity.never_taken[i];
    out += ")";
  }
  out += "\n";
  WriteHidden(r, out);
  WriteSensitivity(r, out);
  for (const std::string& name : r.vacuity.trivial_invariants) {
    out += "  note: " + name + " never had a true antecedent; it says nothing about this trace\n";
  }
  for (const std::string& warning : r.warnings) out += "  warning: " + warning + "\n";
}

void WriteBadInput(const CheckCase& c, std::string& out) {
  const auto& bad = *c.result.bad_input;
  std::string place;
  if (c.result.failed_at && !c.result.failed_at->file.empty()) {
    place = c.result.failed_at->file + (c.result.failed_at->line > 0
                                            ? ":" + std::to_string(c.result.failed_at->line)
                                            : " offset " + std::to_string(c.result.failed_at->offset));
  }
  out += "  " + (place.empty() ? "" : place + ": ") + "error[" + bad.code + "]: " + bad.message + "\n";
  if (!bad.found.empty()) out += "    found:    " + bad.found + "\n";
  if (!bad.expected.empty()) out += "    expected: " + bad.expected + "\n";
  if (!bad.hint.empty()) out += "    hint:     " + bad.hint + "\n";
}

}  // namespace

std::string ErrorText(const eval::EvalError& error, const tla::SourceMap& sources) {
  std::string out;
  if (error.span.is_known()) {
    const tla::Place place = sources.PlaceOf(error.span);
    out += place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": ";
  }
  out += std::string("error[evaluation-") + eval::NameOf(error.kind) + "]: " + error.message + "\n";
  if (error.span.is_known()) {
    out += "  | " + std::string(sources.Line(error.span.file, error.span.line)) + "\n  | ";
    out.append(error.span.column > 0 ? error.span.column - 1 : 0, ' ');
    const std::uint32_t width = error.span.end_line == error.span.line && error.span.end_column > error.span.column
                                    ? error.span.end_column - error.span.column
                                    : 1;
    out.append(width, '^');
    out += "\n";
  }
  if (!error.hint.empty()) out += "  hint: " + error.hint + "\n";
  for (const auto& frame : error.frames) {
    out += "  in " + frame.operator_name + ", applied at " + PlaceText(sources, frame.span) + "\n";
  }
  return out;
}

std::string CheckText(const CheckCase& c) {
  const auto& r = c.result;
  std::string out = c.trace + ": ";
  switch (r.verdict) {
    case refine::Verdict::kConforms: out += "conforms to " + r.spec + "\n"; break;
    case refine::Verdict::kViolates:
      out += r.spec + " violated at event " + std::to_string(r.failed_at ? r.failed_at->index : 0);
      if (r.failed_at && r.failed_at->id.seq > 0) out += "   (" + Where(*r.failed_at) + ")";
      out += "\n\n";
      if (r.failed_at && r.failed_at->id.seq > 0) out += "  the event claims   " + EventName(*r.failed_at) + "\n";
      for (const auto& explanation : r.explanations) WriteExplanation(explanation, c, out);
      WriteRepairs(r, out);
      out += "\n";
      break;
    case refine::Verdict::kInconclusive:
      out += "inconclusive about " + r.spec + ": the limit " + (r.limit ? r.limit->name : "?") + " (" +
             std::to_string(r.limit ? r.limit->value : 0) + ") was reached";
      if (r.failed_at && r.failed_at->index > 0) out += " at event " + std::to_string(r.failed_at->index);
      out += r.limit ? "; raise it with " + r.limit->option + "\n" : "\n";
      break;
    case refine::Verdict::kEvaluation:
      out += r.spec + " cannot be evaluated";
      if (r.failed_at && r.failed_at->index > 0)
        out += " at event " + std::to_string(r.failed_at->index) + "   (" + Where(*r.failed_at) + ")";
      out += "\n";
      if (r.error) out += ErrorText(*r.error, *c.sources);
      break;
    case refine::Verdict::kBadInput:
      out += "cannot be checked" + (r.spec.empty() ? std::string() : " against " + r.spec) + "\n";
      if (r.bad_input) WriteBadInput(c, out);
      out += tla::Render(*c.sources, c.diagnostics);
      return out;
  }
  WriteCoverage(c, out);
  if (r.verdict == refine::Verdict::kViolates) out += "  replay: " + c.replay + "\n";
  return out;
}

}  // namespace kelpie::report
