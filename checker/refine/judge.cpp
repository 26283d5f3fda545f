// What is asked of each successor: agreement with the event, invariants, action properties.
#include "checker/refine/checker.h"

namespace kelpie::refine {

using eval::State;
using observe::ObservedStep;

std::optional<Check> Checker::JudgeSuccessor(const State& state, const ObservedStep& step, const State& next) {
  if (const auto mismatch = observe::FirstUpdateMismatch(step, state, next)) {
    if (mismatch->is_impossible) impossible_ = mismatch;
    return Check::kEffect;
  }
  if (BrokenInvariant(next, &state)) return Check::kInvariant;
  if (BrokenProperty(state, next)) return Check::kActionProperty;
  return std::nullopt;
}

std::optional<std::string> Checker::BrokenInvariant(const State& state, const State* known) {
  parts_to_judge_.clear();
  invariant_of_part_.clear();
  for (const program::InvariantPart& part : invariant_parts_) {
    bool must_look = known == nullptr;
    for (const std::uint32_t slot : part.slots) {
      // Identity is enough: a slot that was rebuilt to an equal value is merely looked at again.
      must_look = must_look || !state[slot].is_same_object((*known)[slot]);
    }
    if (!must_look) continue;
    parts_to_judge_.push_back(part.expr);
    invariant_of_part_.push_back(part.invariant);
  }
  if (!parts_to_judge_.empty()) {
    const auto first = evaluator_->FirstFalse(parts_to_judge_, state, known);
    if (!first.ok()) {
      step_error_ = first.error();
      return "";
    }
    if (first.value()) return program_->invariants[invariant_of_part_[*first.value()]].name;
  }
  NoteTriviality(state);
  return std::nullopt;
}

std::optional<std::string> Checker::BrokenProperty(const State& state, const State& next) {
  const auto broken = evaluator_->FirstBroken(program_->action_properties, state, next);
  if (!broken.ok()) {
    step_error_ = broken.error();
    return "";
  }
  if (broken.value()) return program_->action_properties[*broken.value()].name;
  return std::nullopt;
}

// An invariant P => Q says nothing while P is false.
void Checker::NoteTriviality(const State& state) {
  for (std::size_t i = 0; i < program_->invariants.size(); ++i) {
    if (antecedent_met_[i]) continue;
    const resolve::Expr& e = program_->expr(program_->Body(program_->invariants[i].definition));
    if (e.kind != resolve::ExprKind::kBuiltin || e.builtin != resolve::Builtin::kImplies) {
      antecedent_met_[i] = true;
      continue;
    }
    const auto holds = evaluator_->Holds(e.operands[0], &state, nullptr);
    antecedent_met_[i] = holds.ok() && holds.value();
  }
}

}  // namespace kelpie::refine
