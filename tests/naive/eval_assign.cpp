// Conjuncts that give primed variables their values, and those that test them.
#include "tests/naive/evaluator_impl.h"

namespace kelpie::naive {

std::optional<std::uint32_t> Evaluator::Impl::AssignedSlot(ExprId id, const Environment* env) {
  const Expr* e = &program_.expr(id);
  // `Op(x)` with a parameter that is later primed or assigned: look through names.
  while (e->kind == ExprKind::kLocal) {
    const Environment* node = Find(env, e->local, e->span);
    if (node->kind != BindingKind::kThunk) return std::nullopt;
    env = node->scope;
    e = &program_.expr(node->expression);
  }
  if (is_init_) return e->kind == ExprKind::kVariable ? std::optional(e->variable.index) : std::nullopt;
  if (e->kind != ExprKind::kPrime) return std::nullopt;
  const Expr* inner = &program_.expr(e->operands[0]);
  while (inner->kind == ExprKind::kLocal) {
    const Environment* node = Find(env, inner->local, inner->span);
    if (node->kind != BindingKind::kThunk) return std::nullopt;
    env = node->scope;
    inner = &program_.expr(node->expression);
  }
  return inner->kind == ExprKind::kVariable ? std::optional(inner->variable.index) : std::nullopt;
}

bool Evaluator::Impl::IsPinned(std::uint32_t slot) const {
  return request_ != nullptr && request_->pinned != nullptr && (*request_->pinned)[slot].has_value();
}

bool Evaluator::Impl::AgreesWith(std::uint32_t slot, const Value& value, const Span& span) const {
  return IsPinned(slot) ? eval::Same(next_[slot], value) : EqualValues(next_[slot], value, span);
}

bool Evaluator::Impl::IsInSet(std::uint32_t slot, const Operand& set, const Span& span) {
  if (!IsPinned(slot)) return Contains(set, next_[slot], span);
  try {
    return Contains(set, next_[slot], span);
  } catch (const EvalFailure& failure) {
    if (failure.error.kind != ErrorKind::kIncomparable) throw;
    return false;
  }
}

bool Evaluator::Impl::Assign(std::uint32_t slot, Value value, Continuation k) {
  next_[slot] = std::move(value);
  assigned_[slot] = true;
  const bool goes_on = k();
  assigned_[slot] = false;
  return goes_on;
}

bool Evaluator::Impl::Passed(ExprId id, const Environment* env, Continuation k) {
  if (request_ == nullptr || request_->nearest == nullptr) return k();
  passed_.push_back({id, env});
  const bool goes_on = k();
  passed_.pop_back();
  return goes_on;
}

bool Evaluator::Impl::ActLeaf(ExprId id, const Environment* env, Continuation k) {
  if (!EvalBool(id, env)) {
    Miss(id, env);
    return true;
  }
  return Passed(id, env, k);
}

bool Evaluator::Impl::ActAssignment(ExprId id, const Expr& e, const Environment* env, Continuation k) {
  const std::optional<std::uint32_t> slot = AssignedSlot(e.operands[0], env);
  if (!slot) return ActLeaf(id, env, k);
  const bool is_assigned = assigned_[*slot];
  if (e.builtin == Builtin::kEqual) {
    Value value = Eval(e.operands[1], env);
    if (!is_assigned) {
      return Passed(id, env, [&] { return Assign(*slot, std::move(value), k); });
    }
    if (!AgreesWith(*slot, value, e.span)) {
      Miss(id, env, slot, std::move(value));
      return true;
    }
    return Passed(id, env, k);
  }
  Operand set = EvalSet(e.operands[1], env);
  if (e.builtin == Builtin::kSubsetEq) {
    auto subsets = std::make_shared<LazySet>();
    subsets->kind = LazySetKind::kPowerSet;
    subsets->parts.push_back(std::move(set));
    set = LazySetPtr(std::move(subsets));
  }
  if (is_assigned) {
    if (!IsInSet(*slot, set, e.span)) {
      Miss(id, env, slot);
      return true;
    }
    return Passed(id, env, k);
  }
  bool is_any = false;
  const bool goes_on = ForEach(set, e.span, [&](const Value& element) {
    is_any = true;
    return Passed(id, env, [&] { return Assign(*slot, element, k); });
  });
  if (!is_any) Miss(id, env, slot);
  return goes_on;
}

bool Evaluator::Impl::ActUnchanged(ExprId id, ExprId what, const Environment* env, Continuation k) {
  const Expr& e = program_.expr(what);
  if (e.kind == ExprKind::kTuple) {
    const std::function<bool(std::size_t)> rest = [&](std::size_t i) -> bool {
      if (i == e.operands.size()) return k();
      return ActUnchanged(id, e.operands[i], env, [&] { return rest(i + 1); });
    };
    return rest(0);
  }
  if (e.kind == ExprKind::kVariable) {
    const std::uint32_t slot = e.variable.index;
    const Value& value = (*state_)[slot];
    if (!assigned_[slot]) return Passed(id, env, [&] { return Assign(slot, value, k); });
    if (!AgreesWith(slot, value, e.span)) {
      Miss(id, env, slot, value);
      return true;
    }
    return Passed(id, env, k);
  }
  if (e.kind == ExprKind::kApply && e.operands.empty() && OuterOf(e.definition, env) == nullptr &&
      !program_.overrides.contains(e.definition.index)) {
    return ActUnchanged(id, spec_.definition(e.definition).body, nullptr, k);
  }
  if (e.kind == ExprKind::kLocal) {
    const Environment* node = Find(env, e.local, e.span);
    if (node->kind == BindingKind::kThunk) return ActUnchanged(id, node->expression, node->scope, k);
  }
  if (!IsUnchanged(what, env)) {
    Miss(id, env);
    return true;
  }
  return Passed(id, env, k);
}

bool Evaluator::Impl::IsUnchanged(ExprId subscript, const Environment* env) {
  const Expr& e = program_.expr(subscript);
  // Slot by slot where possible: an unchanged slot usually is the same object.
  if (e.kind == ExprKind::kTuple) {
    for (const ExprId operand : e.operands) {
      if (!IsUnchanged(operand, env)) return false;
    }
    return true;
  }
  if (e.kind == ExprKind::kVariable && state_ != nullptr && assigned_[e.variable.index]) {
    return EqualValues((*state_)[e.variable.index], next_[e.variable.index], e.span);
  }
  const Value before = Eval(subscript, env);
  const Value after = Force(EvalPrimed(subscript, env, true), e.span);
  return EqualValues(before, after, e.span);
}

}  // namespace kelpie::naive
