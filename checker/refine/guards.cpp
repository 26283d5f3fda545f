#include "checker/refine/guards.h"

#include <algorithm>

#include "checker/eval/value_order.h"

namespace kelpie::refine {

using eval::State;
using observe::ObservedStep;
using symbolic::GuardAnswer;

Guards::Guards(std::shared_ptr<const program::Program> program, const eval::ConstantValues& constants,
               eval::Evaluator& evaluator, GuardOptions options, eval::EvalLimits eval_limits)
    : program_(program),
      evaluator_(evaluator),
      options_(options),
      solver_(program, constants, evaluator, eval_limits, options.limits, counts_) {}

LimitReached ToLimit(const symbolic::Incomplete& incomplete) {
  return {incomplete.name, incomplete.value, incomplete.option.empty() ? incomplete.reason : incomplete.option};
}

// Facts that name a value are put to the solver; the others are asked of what it finds.
symbolic::GuardRequest Guards::Request(const State& state, const ObservedStep& step, const Pinned& pinned,
                                       const std::string& event) const {
  symbolic::GuardRequest request;
  request.state = &state;
  request.claim = step.action ? &*step.action : nullptr;
  request.pinned = &pinned;
  for (const observe::Fact& fact : step.updates) {
    const bool is_place = fact.op == trace::UpdateOp::kSet && fact.pattern.is_exact() && !fact.path.steps.empty();
    if (is_place) request.facts.push_back({fact.path.slot, fact.path.steps, fact.pattern.value()});
  }
  request.name = event;
  return request;
}

std::string Guards::TextOf(const tla::Span& span) const {
  return span.is_known() ? "line " + std::to_string(span.line) + ", column " + std::to_string(span.column) : "";
}

GuardAnswer Guards::Solve(const State& state, const ObservedStep& step, const Pinned& pinned,
                          const std::string& event) {
  GuardAnswer answer = solver_.Solve(Request(state, step, pinned, event));
  if (answer.disagreement) {
    const std::string place = TextOf(answer.disagreement->span);
    throw Disagreement("the two guard engines disagree at " + event + (place.empty() ? "" : ", conjunct at " + place) +
                       ": " + answer.disagreement->values);
  }
  return answer;
}

namespace {

bool Has(const std::vector<State>& states, const State& state) {
  return std::any_of(states.begin(), states.end(), [&](const State& s) { return eval::SameState(s, state); });
}

// Variables in which a state differs from another, with the values of both.
std::string Difference(const program::Program& program, const State& before, const State& after) {
  std::string text;
  for (std::size_t slot = 0; slot < before.size(); ++slot) {
    if (eval::Same(before[slot], after[slot])) continue;
    text += (text.empty() ? "" : ", ") + program.spec->variables[slot].name + ": " + eval::ToString(before[slot]) +
            " -> " + eval::ToString(after[slot]);
  }
  return text.empty() ? "no variable changes" : text;
}

}  // namespace

std::string Guards::Obstacle(const State& state, const ObservedStep& step, const State& next) {
  const Pinned pinned(next.begin(), next.end());
  eval::NearestMiss nearest;
  eval::SuccessorRequest request;
  request.claim = step.action ? &*step.action : nullptr;
  request.pinned = &pinned;
  request.nearest = &nearest;
  (void)evaluator_.Successors(state, request, [](const eval::Successor&) { return true; });
  for (const eval::ConjunctValue& conjunct : nearest.conjuncts) {
    if (conjunct.truth == eval::ConjunctValue::Truth::kFalse) return TextOf(program_->expr(conjunct.expr).span);
  }
  return "";
}

void Guards::Compare(const State& state, const ObservedStep& step, const Pinned& pinned, const std::string& event,
                     const std::vector<State>& concrete, const eval::Status& concrete_status,
                     const GuardAnswer& answer) {
  std::vector<State> solved;
  for (const symbolic::FoundStep& found : answer.steps) {
    if (!observe::FirstUpdateMismatch(step, state, found.next)) solved.push_back(found.next);
  }
  const auto disagree = [&](const std::string& what, const std::string& conjunct, const State& next) {
    throw Disagreement("the two guard engines disagree at " + event + ": only " + what + " finds the step " +
                       Difference(*program_, state, next) +
                       (conjunct.empty() ? "" : "; the other stops at the conjunct at " + conjunct));
  };
  for (const State& next : solved) {
    // A search that ended in an error has not seen everything.
    if (!concrete_status && !Has(concrete, next)) disagree("the solver", Obstacle(state, step, next), next);
  }
  if (answer.incomplete) return;
  for (const State& next : concrete) {
    if (Has(solved, next)) continue;
    std::string conjunct;
    const Pinned whole(next.begin(), next.end());
    for (const symbolic::GuardCore& core : solver_.Explain(Request(state, step, whole, event))) {
      if (!core.conjuncts.empty()) conjunct = TextOf(program_->expr(core.conjuncts.back()).span);
    }
    disagree("the concrete search", conjunct, next);
  }
  (void)pinned;
  if (concrete_status && !answer.error) {
    throw Disagreement("the two guard engines disagree at " + event +
                       ": only the concrete search errs: " + concrete_status->message +
                       (concrete_status->span.is_known() ? ", " + TextOf(concrete_status->span) : ""));
  }
}

void Guards::AddCore(const State& state, const ObservedStep& step, const Pinned& pinned, const std::string& event,
                     Explanation& explanation) {
  const std::vector<symbolic::GuardCore> cores = solver_.Explain(Request(state, step, pinned, event));
  // The way whose reasons are conjuncts of the explained one.
  std::size_t best = 0;
  std::size_t best_shared = 0;
  for (std::size_t i = 0; i < cores.size(); ++i) {
    std::size_t shared = 0;
    for (const auto expr : cores[i].conjuncts) {
      shared += std::any_of(explanation.conjuncts.begin(), explanation.conjuncts.end(),
                            [&](const auto& c) { return c.expr == expr; })
                    ? 1
                    : 0;
    }
    if (i == 0 || shared > best_shared) {
      best = i;
      best_shared = shared;
    }
  }
  if (cores.empty()) return;
  explanation.core = cores[best].conjuncts;
  explanation.has_core = true;
  explanation.core_has_observation = cores[best].has_observation;
}

}  // namespace kelpie::refine
