// Why no candidate survived a step: the nearest one, looked at once more.
#include <algorithm>

#include "checker/refine/checker.h"

namespace kelpie::refine {

using eval::State;
using observe::ObservedStep;

void Checker::Violate(const ObservedStep& step, const EventReference& where, bool is_stutter) {
  result_.verdict = Verdict::kViolates;
  result_.failed_at = where;
  is_final_ = true;
  constexpr std::size_t kExplainedMax = 16;  // more candidates of one frontier say the same
  std::vector<Explanation> explanations;
  for (std::size_t i = 0; i < frontier_.size() && i < kExplainedMax; ++i) {
    explanations.push_back(ExplainCandidate(frontier_[i], step, is_stutter));
  }
  // The candidate that came furthest is the nearest.
  std::stable_sort(explanations.begin(), explanations.end(),
                   [](const Explanation& a, const Explanation& b) { return a.check > b.check; });
  for (Explanation& explanation : explanations) AddWriters(explanation);
  result_.check = explanations.front().check;
  constexpr std::size_t kReportedMax = 3;
  if (explanations.size() > kReportedMax) explanations.resize(kReportedMax);
  result_.explanations = std::move(explanations);
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
    explanation.arguments = successor.action.arguments;
    explanation.span = successor.action.span;
    if (*check == Check::kEffect) {
      explanation.mismatch = observe::FirstUpdateMismatch(step, state, successor.state);
    } else if (*check == Check::kInvariant) {
      explanation.name = BrokenInvariant(successor.state).value_or("");
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
  }
  if (explanation.mismatch) {
    add(program_->spec->variables[explanation.mismatch->path.slot].name, explanation.mismatch->path.steps);
  }
}

}  // namespace kelpie::refine
