// Steps by the solver, and the comparison of the two engines.
#include <algorithm>

#include "checker/refine/checker.h"

namespace kelpie::refine {

using eval::State;
using eval::Value;
using observe::ObservedStep;

std::string Checker::EventName(const ObservedStep& step) const {
  const std::string action = step.action_name.empty() ? "" : ", " + step.action_name;
  return "event " + std::to_string(present_.index) + action;
}

void Checker::NoteGap(const symbolic::Incomplete& incomplete) {
  result_.is_complete = false;
  if (lost_) return;
  lost_ = ToLimit(incomplete);
  result_.warnings.push_back("event " + std::to_string(present_.index) + ": not all steps were found: " +
                             incomplete.reason + (incomplete.option.empty() ? "" : " (" + incomplete.option + ")"));
}

void Checker::SolveCandidate(const State& state, const ObservedStep& step,
                             const std::vector<std::optional<Value>>& pinned, Frontier& next) {
  const symbolic::GuardAnswer answer = guards_->Solve(state, step, pinned, EventName(step));
  for (const symbolic::FoundStep& found : answer.steps) {
    const auto failed = JudgeSuccessor(state, step, found.next);
    if (!failed && next.empty()) taken_ = found.action;
    if (!failed) next.push_back({found.next, nullptr});
    is_break_seen_ = is_break_seen_ || (failed && *failed >= Check::kInvariant);
  }
  if (answer.error) step_error_ = answer.error;
  if (answer.incomplete) NoteGap(*answer.incomplete);
}

// The concrete search once more, for its states alone: what breaks an invariant is compared too.
void Checker::CompareEngines(const State& state, const ObservedStep& step,
                             const std::vector<std::optional<Value>>& pinned) {
  eval::SuccessorRequest request;
  request.claim = step.action ? &*step.action : nullptr;
  request.pinned = &pinned;
  std::vector<State> states;
  const auto visit = [&](const eval::Successor& successor) {
    if (!observe::FirstUpdateMismatch(step, state, successor.state)) states.push_back(successor.state);
    return true;
  };
  eval::Status status = evaluator_->Successors(state, request, visit);
  if (status) {
    states.clear();
    request.pinned = nullptr;
    status = evaluator_->Successors(state, request, visit);
  }
  const std::string event = EventName(step);
  const symbolic::GuardAnswer answer = guards_->Solve(state, step, pinned, event);
  guards_->Compare(state, step, pinned, event, states, status, answer);
}

}  // namespace kelpie::refine
