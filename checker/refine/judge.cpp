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
  for (const program::PredicatePart& part : invariant_parts_) {
    bool must_look = known == nullptr;
    for (const std::uint32_t slot : part.slots) {
      // Identity is enough: a slot that was rebuilt to an equal value is merely looked at again.
      must_look = must_look || !state[slot].is_same_object((*known)[slot]);
    }
    if (!must_look) continue;
    parts_to_judge_.push_back(part.expr);
    invariant_of_part_.push_back(part.source);
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

// Identity is enough: the values are held, so none of them can have become another one.
bool Checker::IsKnown(const KnownStep& known, const State& state, const State& next) {
  if (known.before.empty()) return false;
  for (std::size_t i = 0; i < known.part.slots.size(); ++i) {
    const std::uint32_t slot = known.part.slots[i];
    if (!known.before[i].is_same_object(state[slot]) || !known.after[i].is_same_object(next[slot])) return false;
  }
  return true;
}

std::optional<std::string> Checker::BrokenProperty(const State& state, const State& next) {
  const std::vector<program::ActionProperty>& properties = program_->action_properties;
  for (std::size_t i = 0; i < properties.size(); ++i) {
    KnownStep& known = known_steps_[i];
    if (IsKnown(known, state, next)) continue;
    if (known.part.is_pure) {
      // Where the action is false, or has no value, the subscript decides.
      const auto is_true = evaluator_->Holds(properties[i].action, &state, &next);
      if (is_true.ok() && is_true.value()) {
        known.before.clear();
        known.after.clear();
        for (const std::uint32_t slot : known.part.slots) {
          known.before.push_back(state[slot]);
          known.after.push_back(next[slot]);
        }
        continue;
      }
    }
    const auto broken = evaluator_->FirstBroken({&properties[i], 1}, state, next);
    if (!broken.ok()) {
      step_error_ = broken.error();
      return "";
    }
    if (broken.value()) return properties[i].name;
  }
  return std::nullopt;
}

// An invariant P => Q says nothing while P is false.
void Checker::NoteTriviality(const State& state) {
  for (std::size_t i = 0; i < program_->invariants.size(); ++i) {
    if (antecedent_met_[i]) continue;
    const resolve::Expr& e = program_->expr(program_->invariants[i].expr);
    if (e.kind != resolve::ExprKind::kBuiltin || e.builtin != resolve::Builtin::kImplies) {
      antecedent_met_[i] = true;
      continue;
    }
    const auto holds = evaluator_->Holds(e.operands[0], &state, nullptr);
    antecedent_met_[i] = holds.ok() && holds.value();
  }
}

}  // namespace kelpie::refine
