// Why no candidate survived a step: the nearest one, looked at once more.
#include <algorithm>

#include "checker/refine/checker.h"

namespace kelpie::refine {

using eval::State;
using observe::ObservedStep;

namespace {

using resolve::Expr;
using resolve::ExprId;
using resolve::ExprKind;

// Finds the text in an action that says what a place of the next state is.
class ClauseFinder {
 public:
  ClauseFinder(const program::Program& program, const observe::StatePath& path) : program_(program), path_(path) {}

  tla::Span Find(ExprId id, std::size_t depth = 0) const {
    constexpr std::size_t kDepthMax = 100;  // a deeper action is shown without the clause
    const Expr& e = program_.expr(id);
    if (depth > kDepthMax || e.level < resolve::Level::kAction) return {};
    if (e.kind == ExprKind::kBuiltin) return Assigns(e) ? RightSide(e) : tla::Span{};
    if (e.kind == ExprKind::kUnchanged) return Lists(e.operands[0], depth) ? e.span : tla::Span{};
    if (e.kind == ExprKind::kApply) {
      const auto& definition = program_.spec->definition(program_.Effective(e.definition));
      return Find(definition.body, depth + 1).is_known() ? e.span : tla::Span{};
    }
    for (const ExprId operand : e.operands) {
      if (const tla::Span found = Find(operand, depth + 1); found.is_known()) return found;
    }
    for (const auto& arm : e.arms) {
      if (const tla::Span found = Find(arm.value, depth + 1); found.is_known()) return found;
    }
    return {};
  }

 private:
  bool Assigns(const Expr& e) const {
    if (e.operands.size() != 2) return false;
    const Expr& left = program_.expr(e.operands[0]);
    if (left.kind != ExprKind::kPrime) return false;
    const Expr& variable = program_.expr(left.operands[0]);
    return variable.kind == ExprKind::kVariable && variable.variable.index == path_.slot;
  }

  // Of several EXCEPT clauses the one whose fields are those of the path.
  tla::Span RightSide(const Expr& e) const {
    const Expr& right = program_.expr(e.operands[1]);
    if (right.kind != ExprKind::kExcept || right.updates.size() < 2) return e.span;
    for (const auto& update : right.updates) {
      if (update.path.size() > path_.steps.size()) continue;
      bool agrees = true;
      for (std::size_t i = 0; i < update.path.size(); ++i) {
        const Expr& step = program_.expr(update.path[i]);
        if (step.kind != ExprKind::kString) continue;
        const eval::Value& at = path_.steps[i];
        agrees = agrees && at.kind() == eval::ValueKind::kString && at.symbol().text() == step.text;
      }
      if (agrees) return update.span;
    }
    return e.span;
  }

  bool Lists(ExprId id, std::size_t depth) const {
    const Expr& e = program_.expr(id);
    if (e.kind == ExprKind::kVariable) return e.variable.index == path_.slot;
    if (e.kind == ExprKind::kApply && e.operands.empty() && depth < 100) {
      return Lists(program_.Body(e.definition), depth + 1);
    }
    if (e.kind != ExprKind::kTuple) return false;
    return std::any_of(e.operands.begin(), e.operands.end(), [&](ExprId operand) { return Lists(operand, depth + 1); });
  }

  const program::Program& program_;
  const observe::StatePath& path_;
};

}  // namespace

void Checker::Violate(const ObservedStep& step, const EventReference& where, bool is_stutter) {
  result_.verdict = Verdict::kViolates;
  result_.failed_at = where;
  is_final_ = true;
  constexpr std::size_t kExplainedMax = 16;  // more candidates of one frontier say the same
  std::vector<Explanation> explanations;
  for (std::size_t i = 0; i < frontier_.size() && i < kExplainedMax; ++i) {
    explanations.push_back(ExplainCandidate(frontier_[i].state, step, is_stutter));
    if (!guards_ || is_stutter) continue;
    const auto pinned = observe::PinnedValues(step, program_->spec->variables.size());
    guards_->AddCore(frontier_[i].state, step, pinned, EventName(step), explanations.back());
  }
  // The candidate that came furthest is the nearest.
  std::stable_sort(explanations.begin(), explanations.end(),
                   [](const Explanation& a, const Explanation& b) { return a.check > b.check; });
  for (Explanation& explanation : explanations) {
    AddWriters(explanation);
    if (!explanation.mismatch || explanation.check != Check::kEffect || is_stutter) continue;
    const auto named = program_->spec->FindDefinition(step.action_name);
    const auto body = named ? program_->Body(*named) : program_->next;
    explanation.clause = ClauseFinder(*program_, explanation.mismatch->path).Find(body);
  }
  result_.check = explanations.front().check;
  constexpr std::size_t kReportedMax = 3;
  if (explanations.size() > kReportedMax) explanations.resize(kReportedMax);
  result_.explanations = std::move(explanations);
  TryRepairs(step, where, is_stutter);
}

Explanation Checker::ExplainCandidate(const State& state, const ObservedStep& step, bool is_stutter) {
  Explanation explanation;
  explanation.action = step.action_name;
  if (auto mismatch = observe::FirstReadMismatch(step.reads, state)) {
    explanation.check = is_stutter ? Check::kEffect : Check::kGuard;
    explanation.mismatch = std::move(mismatch);
    explanation.remark = "the state before the step is not what the event read";
    return explanation;
  }
  if (is_stutter) {
    explanation.check = Check::kEffect;
    explanation.mismatch = observe::FirstUpdateMismatch(step, state, state);
    explanation.remark = "the state is not what the event observed";
    return explanation;
  }
  ExplainMiss(state, step, explanation);
  return explanation;
}

// Without pinned values the action's own successors are found, if it is enabled: then the
// effect is to blame and can be shown as found and expected. Else the false guard is.
void Checker::ExplainMiss(const State& state, const ObservedStep& step, Explanation& explanation) {
  const auto pinned = observe::PinnedValues(step, program_->spec->variables.size());
  eval::NearestMiss nearest;
  eval::SuccessorRequest request;
  request.claim = step.action ? &*step.action : nullptr;
  request.pinned = &pinned;
  request.nearest = &nearest;
  std::optional<Check> latest;
  (void)evaluator_->Successors(state, request, [&](const eval::Successor& successor) {
    const auto check = JudgeSuccessor(state, step, successor.state);
    if (!check || (latest && *latest >= *check)) return true;
    latest = check;
    explanation.check = *check;
    const eval::ActionInstance action = successor.action();
    explanation.arguments = action.arguments;
    explanation.span = action.span;
    if (*check == Check::kEffect) {
      explanation.mismatch = observe::FirstUpdateMismatch(step, state, successor.state);
    } else if (*check == Check::kInvariant) {
      explanation.name = BrokenInvariant(successor.state, nullptr).value_or("");
    } else {
      explanation.name = BrokenProperty(state, successor.state).value_or("");
    }
    return true;
  });
  if (latest) {
    if (!explanation.name.empty()) {
      if (const auto named = program_->spec->FindDefinition(explanation.name)) {
        explanation.span = program_->spec->definition(*named).name_span;
      }
    }
    return;
  }
  explanation.conjuncts = nearest.conjuncts;
  explanation.arguments = nearest.action.arguments;
  explanation.span = nearest.action.span;
  explanation.check = nearest.is_guard ? Check::kGuard : Check::kEffect;
  for (const eval::ConjunctValue& conjunct : nearest.conjuncts) {
    if (conjunct.truth != eval::ConjunctValue::Truth::kFalse || !conjunct.slot || nearest.is_guard) continue;
    observe::Mismatch mismatch;
    mismatch.path.slot = *conjunct.slot;
    mismatch.expected = conjunct.expected;
    mismatch.found_value = pinned[*conjunct.slot];
    mismatch.found = mismatch.found_value ? eval::ToString(*mismatch.found_value) : "?";
    explanation.mismatch = std::move(mismatch);
    break;
  }
  if (nearest.conjuncts.empty() && step.action) {
    explanation.remark = "no instance of " + step.action_name + " has the claimed arguments";
  }
}

void Checker::AddWriters(Explanation& explanation) {
  const auto add = [&](const std::string& variable, const std::vector<eval::Value>& path) {
    const auto slot = program_->spec->FindVariable(variable);
    if (!slot) return;
    const std::string location = observe::PathText(variable, path);
    for (const Writer& known : explanation.written_by) {
      if (known.location == location) return;
    }
    if (auto event = writers_.Find(slot->index, path)) explanation.written_by.push_back({location, std::move(*event)});
  };
  for (const auto& conjunct : explanation.conjuncts) {
    if (conjunct.truth != eval::ConjunctValue::Truth::kFalse) continue;
    for (const auto& part : conjunct.parts) {
      if (!part.variable.empty() && !part.is_primed) add(part.variable, part.path);
    }
    for (const auto& cause : conjunct.causes) {
      for (const auto& part : cause.parts) {
        if (!part.variable.empty() && !part.is_primed) add(part.variable, part.path);
      }
    }
  }
  if (explanation.mismatch) {
    add(program_->spec->variables[explanation.mismatch->path.slot].name, explanation.mismatch->path.steps);
  }
}

}  // namespace kelpie::refine
