#include <algorithm>

#include "tests/naive/evaluator_impl.h"

namespace kelpie::naive {

// --- the ways through a formula

bool Evaluator::Impl::CanReach(ExprId id) const {
  return request_ != nullptr && request_->claim != nullptr && request_->claim->paths->reaches[id.index];
}

// As for TLC: what follows when every variable has its value is true in one way or not at all.
bool Evaluator::Impl::IsSettled() const {
  const bool is_counted = request_ != nullptr && request_->nearest == nullptr && (is_init_ || request_->count_ways);
  return is_counted && std::find(assigned_.begin(), assigned_.end(), false) == assigned_.end();
}

bool Evaluator::Impl::ActAnd(ExprId id, const Expr& e, std::size_t index, const Environment* env, Continuation k,
                             bool is_named) {
  if (index == e.operands.size()) return k();
  bool is_name_ahead = false;
  for (std::size_t i = index; i < e.operands.size(); ++i)
    is_name_ahead = is_name_ahead || (is_named && program::IsNamedOperand(program_, e, i));
  if (index > 0 && !is_name_ahead && IsSettled()) {
    for (; index < e.operands.size(); ++index) {
      if (!EvalBool(e.operands[index], env)) return true;
    }
    return k();
  }
  const AndFrame frame{id, index, env, and_top_};
  and_top_ = &frame;
  const bool goes_on = Act(
      e.operands[index], env,
      [&] {
        and_top_ = frame.outer;
        const bool more = ActAnd(id, e, index + 1, env, k, is_named);
        and_top_ = &frame;
        return more;
      },
      is_named && program::IsNamedOperand(program_, e, index));
  and_top_ = frame.outer;
  return goes_on;
}

bool Evaluator::Impl::ActOr(ExprId id, const Expr& e, const Environment* env, Continuation k, bool is_named) {
  const bool must_reach = !is_entered_ && CanReach(id);
  for (const ExprId operand : e.operands) {
    if (must_reach && !CanReach(operand)) continue;
    if (!Act(operand, env, k, is_named)) return false;
  }
  return true;
}

// The value that the claim gives a bound variable: by the parameter it is passed for, or by name.
const Value* Evaluator::Impl::ClaimedBound(const Bound& bound) const {
  if (request_ == nullptr || request_->claim == nullptr || bound.is_tuple || bound.locals.size() != 1) return nullptr;
  const ClaimedAction& claim = *request_->claim;
  const LocalId local = bound.locals[0];
  if (!is_entered_) {
    const auto parameter = claim.paths->parameter_of_binder.find(local.index);
    if (parameter != claim.paths->parameter_of_binder.end()) {
      const std::optional<Value>& value = claim.parameters[parameter->second];
      if (value) return &*value;
    }
  }
  if (claim.bound.empty()) return nullptr;
  const auto name = claim.paths->bound_names.find(local.index);
  if (name == claim.paths->bound_names.end()) return nullptr;
  for (const auto& [bound_name, value] : claim.bound) {
    if (bound_name == name->second) return &value;
  }
  return nullptr;
}

bool Evaluator::Impl::ActExists(ExprId id, const Expr& e, std::size_t index, const Environment* env, Continuation k,
                                bool is_named) {
  if (index == e.bounds.size()) return Act(e.operands[0], env, k, is_named);
  const Bound& bound = e.bounds[index];
  if (!bound.set.is_valid()) {
    Fail(ErrorKind::kNotEnumerable, "an unbounded quantifier cannot be evaluated", bound.span, "give it a set");
  }
  const Operand set = EvalSet(bound.set, env);
  if (!bound.is_tuple && bound.locals.size() > 1) {
    const std::function<bool(std::size_t, const Environment*)> bind = [&](std::size_t i,
                                                                          const Environment* inner) -> bool {
      if (i == bound.locals.size()) return ActExists(id, e, index + 1, inner, k, is_named);
      const auto go = [&](const Value& element) { return bind(i + 1, BindValue(inner, bound.locals[i], element)); };
      Bound single{.locals = {bound.locals[i]}, .is_tuple = false, .set = bound.set, .span = bound.span};
      if (const Value* claimed = ClaimedBound(single)) return !Contains(set, *claimed, bound.span) || go(*claimed);
      return ForEach(set, bound.span, go);
    };
    return bind(0, env);
  }
  const auto go = [&](const Value& element) {
    const std::size_t mark = arena_.Mark();
    const bool goes_on = ActExists(id, e, index + 1, BindElement(bound, element, env), k, is_named);
    arena_.Release(mark);
    return goes_on;
  };
  if (const Value* claimed = ClaimedBound(bound)) {
    if (Contains(set, *claimed, bound.span)) return go(*claimed);
    Miss(id, env);
    return true;
  }
  bool is_any = false;
  const bool goes_on = ForEach(set, bound.span, [&](const Value& element) {
    is_any = true;
    return go(element);
  });
  if (!is_any) Miss(id, env);
  return goes_on;
}

bool Evaluator::Impl::ActForAll(const Expr& e, const std::vector<const Environment*>& envs, std::size_t index,
                                Continuation k) {
  if (index == envs.size()) return k();
  if (index > 0 && IsSettled()) return !EvalBool(e.operands[0], envs[index]) || ActForAll(e, envs, index + 1, k);
  return Act(
      e.operands[0], envs[index], [&] { return ActForAll(e, envs, index + 1, k); }, false);
}

bool Evaluator::Impl::ActIfCase(ExprId id, const Expr& e, const Environment* env, Continuation k, bool is_named) {
  const auto branch = [&](ExprId taken) {
    if (!is_entered_ && CanReach(id) && !CanReach(taken)) {
      Miss(id, env);
      return true;
    }
    return Act(taken, env, k, is_named);
  };
  if (e.kind == ExprKind::kIf) return branch(e.operands[EvalBool(e.operands[0], env) ? 1 : 2]);
  for (const auto& arm : e.arms) {
    if (!arm.guard.is_valid() || EvalBool(arm.guard, env)) return branch(arm.value);
  }
  Fail(ErrorKind::kNoCase, "no guard of this CASE is true and it has no OTHER", e.span);
}

bool Evaluator::Impl::ClaimAgrees(const Definition& definition, const Environment* env) {
  const ClaimedAction& claim = *request_->claim;
  for (std::size_t i = 0; i < definition.parameters.size(); ++i) {
    if (i >= claim.parameters.size() || !claim.parameters[i]) continue;
    Expr local{
        .kind = ExprKind::kLocal, .span = definition.parameters[i].span, .local = definition.parameters[i].local};
    const Value actual = Force(EvalLocal(local, env), local.span);
    if (!eval::Same(actual, *claim.parameters[i])) return false;
  }
  return true;
}

bool Evaluator::Impl::ActApply(ExprId id, const Expr& e, const Environment* env, Continuation k, bool is_named) {
  const DefinitionId effective = program_.Effective(e.definition);
  if (program_.overrides.contains(effective.index)) return ActLeaf(id, env, k);  // a value stands for it
  const Definition& definition = spec_.definition(effective);
  if (++depth_ > options_.limits.depth_max) {
    depth_ = 0;
    Fail(ErrorKind::kDepth, "operators are applied too deep in " + definition.name, e.span, "raise --max-depth");
  }
  const Environment* inner = BindParameters(definition, e.operands, env, OuterOf(effective, env));
  const ExprId saved_expr = action_expr_;
  const Environment* saved_env = action_env_;
  const bool saved_entered = is_entered_;
  if (is_named) {
    action_expr_ = id;
    action_env_ = inner;
    if (request_ != nullptr && request_->claim != nullptr && !is_entered_ &&
        request_->claim->paths->definition == effective) {
      if (!ClaimAgrees(definition, inner)) {
        action_expr_ = saved_expr;
        action_env_ = saved_env;
        --depth_;
        return true;
      }
      is_entered_ = true;
    }
  }
  bool goes_on = true;
  try {
    goes_on = Act(definition.body, inner, k, is_named);
  } catch (EvalFailure& failure) {
    if (failure.error.frames.size() < 20) failure.error.frames.push_back({definition.name, e.span});
    throw;
  }
  action_expr_ = saved_expr;
  action_env_ = saved_env;
  is_entered_ = saved_entered;
  if (depth_ > 0) --depth_;
  return goes_on;
}

// The rule of a function, untabulated, where it is written down or named.
Operand Evaluator::Impl::FunctionOf(ExprId id, const Environment* env) {
  const Expr& e = program_.expr(id);
  const bool is_rule = e.kind == ExprKind::kFunction || e.kind == ExprKind::kRecursiveFunction;
  if (is_rule) return MakeRule(id, env).first;
  if (e.kind == ExprKind::kLabel) return FunctionOf(e.operands[0], env);
  if (e.kind == ExprKind::kLocal) {
    const Environment* node = Find(env, e.local, e.span);
    if (node->kind == BindingKind::kThunk) return FunctionOf(node->expression, node->scope);
  }
  if (e.kind == ExprKind::kApply && e.operands.empty()) {
    const DefinitionId effective = program_.Effective(e.definition);
    if (!program_.overrides.contains(effective.index)) {
      return FunctionOf(spec_.definition(effective).body, OuterOf(effective, env));
    }
  }
  return EvalLazy(id, env);
}

bool Evaluator::Impl::ActFunction(ExprId id, const Expr& e, const Environment* env, Continuation k) {
  const Operand function = FunctionOf(e.operands[0], env);
  const auto* rule = std::get_if<LazyFunctionPtr>(&function);
  if (rule == nullptr) return ActLeaf(id, env, k);
  const Environment* inner = BindRule(**rule, Eval(e.operands[1], env), e.span);
  if (++depth_ > options_.limits.depth_max) {
    depth_ = 0;
    Fail(ErrorKind::kDepth, "a recursive function is applied too deep", e.span, "raise --max-depth");
  }
  const bool goes_on = Act(program_.expr((*rule)->expr).operands[0], inner, k, false);
  if (depth_ > 0) --depth_;
  return goes_on;
}

bool Evaluator::Impl::Act(ExprId id, const Environment* env, Continuation k, bool is_named) {
  const Expr& e = program_.expr(id);
  const bool count_ways = request_ != nullptr && request_->count_ways;
  // A guard has one truth; only who counts as TLC does splits it into its ways.
  if (e.level <= Level::kState && !is_init_ && !count_ways) return ActLeaf(id, env, k);
  switch (e.kind) {
    case ExprKind::kAnd: return ActAnd(id, e, 0, env, k, is_named);
    case ExprKind::kOr: return ActOr(id, e, env, k, is_named);
    case ExprKind::kExists: return ActExists(id, e, 0, env, k, is_named);
    case ExprKind::kForAll: {
      std::vector<const Environment*> envs;
      // Bindings are kept, not released: every one is needed until the last conjunct.
      for (const Bound& bound : e.bounds) {
        if (!bound.set.is_valid())
          Fail(ErrorKind::kNotEnumerable, "an unbounded quantifier cannot be evaluated", bound.span);
      }
      envs.push_back(env);
      for (const Bound& bound : e.bounds) {
        const std::size_t times = bound.is_tuple ? 1 : bound.locals.size();
        for (std::size_t i = 0; i < times; ++i) {
          std::vector<const Environment*> extended;
          for (const Environment* outer : envs) {
            ForEach(EvalSet(bound.set, env), bound.span, [&](const Value& element) {
              extended.push_back(bound.is_tuple ? BindElement(bound, element, outer)
                                                : BindValue(outer, bound.locals[i], element));
              return true;
            });
          }
          envs = std::move(extended);
        }
      }
      return ActForAll(e, envs, 0, k);
    }
    case ExprKind::kIf:
    case ExprKind::kCase: return ActIfCase(id, e, env, k, is_named);
    case ExprKind::kLet: return Act(e.operands[0], PushLet(id, env), k, is_named);
    case ExprKind::kLabel: return Act(e.operands[0], env, k, is_named);
    case ExprKind::kApply: return ActApply(id, e, env, k, is_named);
    case ExprKind::kFunctionApply: return ActFunction(id, e, env, k);
    case ExprKind::kLocal: {
      const Environment* node = Find(env, e.local, e.span);
      if (node->kind == BindingKind::kThunk) return Act(node->expression, node->scope, k, is_named);
      return ActLeaf(id, env, k);
    }
    case ExprKind::kUnchanged:
      if (is_init_) return ActLeaf(id, env, k);
      return ActUnchanged(id, e.operands[0], env, k);
    case ExprKind::kSquareAction:
      return Act(e.operands[0], env, k, is_named) && ActUnchanged(id, e.operands[1], env, k);
    case ExprKind::kAngleAction:
      return Act(
          e.operands[0], env, [&] { return IsUnchanged(e.operands[1], env) || k(); }, is_named);
    case ExprKind::kCompose: return ActCompose(id, e, env, k);
    case ExprKind::kBuiltin:
      if (e.builtin == Builtin::kEqual || e.builtin == Builtin::kIn || e.builtin == Builtin::kSubsetEq) {
        return ActAssignment(id, e, env, k);
      }
      // As for TLC: P is a truth, Q takes part in the step.
      if (e.builtin == Builtin::kImplies) {
        return EvalBool(e.operands[0], env) ? Act(e.operands[1], env, k, false) : Passed(id, env, k);
      }
      return ActLeaf(id, env, k);
    default: return ActLeaf(id, env, k);
  }
}

}  // namespace kelpie::naive
