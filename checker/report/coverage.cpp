#include "checker/report/coverage.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "checker/report/phrases.h"

namespace kelpie::report {
namespace {

using resolve::ExprId;
using resolve::ExprKind;
using tla::Span;

bool IsBefore(const Span& a, const Span& b) {
  return a.file == b.file && std::tie(a.end_line, a.end_column) <= std::tie(b.line, b.column);
}
bool IsInside(const Span& part, const Span& whole) {
  return part.file == whole.file && std::tie(whole.line, whole.column) <= std::tie(part.line, part.column) &&
         std::tie(part.end_line, part.end_column) <= std::tie(whole.end_line, whole.end_column);
}

class Finder {
 public:
  explicit Finder(const program::Program& program) : program_(program) {
    for (std::uint32_t i = 0; i < program.spec->exprs.size(); ++i) {
      const resolve::Expr& e = program.expr(ExprId{i});
      const bool is_ordered = e.kind == ExprKind::kAnd || e.kind == ExprKind::kOr || e.kind == ExprKind::kBuiltin;
      if (!is_ordered) continue;
      for (const ExprId operand : e.operands) parent_.emplace(operand.index, ExprId{i});
    }
  }

  std::vector<DeadPlace> Run(const std::vector<eval::TruthCount>& truths) {
    for (const eval::TruthCount& truth : truths) {
      const Span& span = SpanOf(truth.expr);
      if (truth.held_count > 0 || !span.is_known()) continue;
      dead_.push_back({{truth.expr, truth.evaluated_count > 0}, Follows(truth.expr, span)});
    }
    std::vector<DeadPlace> told;
    for (const Dead& dead : dead_) {
      if (!dead.follows && !(dead.place.is_reached ? IsExplainedByBody(dead.place) : IsExplainedByUse(dead.place)))
        told.push_back(dead.place);
    }
    return told;
  }

 private:
  [[nodiscard]] const Span& SpanOf(ExprId id) const { return program_.expr(id).span; }

  // Does it follow from a place that is dead already?
  [[nodiscard]] bool Follows(ExprId id, const Span& span) const {
    const auto parent = parent_.find(id.index);
    return std::any_of(dead_.begin(), dead_.end(), [&](const Dead& dead) {
      const Span& known = SpanOf(dead.place.expr);
      if (IsInside(span, known)) return true;
      return parent != parent_.end() && IsInside(known, SpanOf(parent->second)) && IsBefore(known, span);
    });
  }

  [[nodiscard]] ExprId BodyBehind(ExprId id) const {
    const resolve::Expr& e = program_.expr(id);
    return e.kind == ExprKind::kApply ? program_.Body(e.definition) : ExprId();
  }

  // An operator is applied, and its own body has the place that says why it never holds.
  [[nodiscard]] bool IsExplainedByBody(const DeadPlace& place) const {
    const ExprId body = BodyBehind(place.expr);
    return body.is_valid() && std::any_of(dead_.begin(), dead_.end(), [&](const Dead& other) {
             return IsInside(SpanOf(other.place.expr), SpanOf(body));
           });
  }

  // It stands in the body of an operator, and a place where that is applied is never reached.
  [[nodiscard]] bool IsExplainedByUse(const DeadPlace& place) const {
    return std::any_of(dead_.begin(), dead_.end(), [&](const Dead& other) {
      const ExprId body = other.place.is_reached ? ExprId() : BodyBehind(other.place.expr);
      return body.is_valid() && IsInside(SpanOf(place.expr), SpanOf(body));
    });
  }

  struct Dead {
    DeadPlace place;
    bool follows = false;  // from one that is told
  };
  const program::Program& program_;
  std::unordered_map<std::uint32_t, ExprId> parent_;  // whose operands are evaluated one after the other
  std::vector<Dead> dead_;
};

}  // namespace

std::vector<DeadPlace> DeadPlaces(const std::vector<eval::TruthCount>& truths, const program::Program& program) {
  return Finder(program).Run(truths);
}

std::string CoverageText(const explore::ExploreResult& result, const program::Program& program,
                         const tla::SourceMap& sources) {
  std::size_t width = 6;
  for (const explore::ActionCount& action : result.actions) width = std::max(width, action.name.size());
  const auto line = [&](const std::string& name, const std::string& generated, const std::string& distinct) {
    std::string out = "  " + name + std::string(width - name.size(), ' ');
    for (const std::string& number : {generated, distinct}) {
      out += std::string(number.size() < 14 ? 14 - number.size() : 1, ' ') + number;
    }
    return out + "\n";
  };
  std::string out = line("action", "generated", result.behavior_count > 0 ? "taken" : "distinct");
  for (const explore::ActionCount& action : result.actions) {
    out += line(action.name, std::to_string(action.generated_count), std::to_string(action.distinct_count));
  }
  const std::vector<DeadPlace> dead = DeadPlaces(result.truths, program);
  for (const DeadPlace& place : dead) {
    const Span& span = program.expr(place.expr).span;
    out += std::string(place.is_reached ? "  never true:    " : "  never reached: ") +
           Pad(PlaceText(sources, span), 32) + "  " + Shorten(OneLine(sources.TextOf(span)), 64) + "\n";
  }
  const auto held = std::count_if(result.truths.begin(), result.truths.end(),
                                  [](const eval::TruthCount& truth) { return truth.held_count > 0; });
  out += "  " + std::to_string(held) + " of " + std::to_string(result.truths.size()) +
         " guards, branches and conditions were true at least once\n";
  return out;
}

}  // namespace kelpie::report
