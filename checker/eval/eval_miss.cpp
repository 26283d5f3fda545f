// Why there was no successor: the way that came furthest, conjunct by conjunct.
#include "checker/eval/evaluator_impl.h"

namespace kelpie::eval {

// Keeps the way that passed the most conjuncts below the claimed operator; ties keep the
// first, which is the first in text order.
void Evaluator::Impl::Miss(ExprId id, const Environment* env, std::optional<std::uint32_t> slot,
                           std::optional<Value> expected) {
  if (request_ == nullptr || request_->nearest == nullptr) return;
  if (request_->claim != nullptr && !is_entered_) return;
  NearestMiss& best = *request_->nearest;
  const bool is_first = best.conjuncts.empty() && !best.error;
  if (!is_first && passed_.size() <= best.passed_count) return;
  best = NearestMiss{};
  best.passed_count = passed_.size();
  best.is_guard = program_.expr(id).level < Level::kAction;
  best.action = CurrentAction();
  // Describing evaluates; it must not be described itself.
  const SuccessorRequest* saved = request_;
  request_ = nullptr;
  std::vector<ConjunctValue> conjuncts;
  for (const PassedLeaf& leaf : passed_) {
    const bool repeats = !conjuncts.empty() && conjuncts.back().expr == leaf.expr;  // UNCHANGED <<x, y>>
    if (!repeats) conjuncts.push_back(Describe(leaf.expr, leaf.env, ConjunctValue::Truth::kTrue));
  }
  ConjunctValue missed = Describe(id, env, ConjunctValue::Truth::kFalse);
  missed.slot = slot;
  missed.expected = std::move(expected);
  conjuncts.push_back(std::move(missed));
  for (const AndFrame* frame = and_top_; frame != nullptr; frame = frame->outer) {
    const Expr& e = program_.expr(frame->expr);
    for (std::size_t i = frame->index + 1; i < e.operands.size(); ++i) {
      ConjunctValue::Truth truth = ConjunctValue::Truth::kUnknown;
      if (program_.expr(e.operands[i]).level < Level::kAction) {
        try {
          truth = EvalBool(e.operands[i], frame->env) ? ConjunctValue::Truth::kTrue : ConjunctValue::Truth::kFalse;
        } catch (const EvalFailure&) {
          truth = ConjunctValue::Truth::kError;
        }
      }
      conjuncts.push_back(Describe(e.operands[i], frame->env, truth));
    }
  }
  request_ = saved;
  best.conjuncts = std::move(conjuncts);
}

void Evaluator::Impl::MissError(const EvalError& error) {
  if (request_ == nullptr || request_->nearest == nullptr) return;
  request_->nearest->error = error;
}

ConjunctValue Evaluator::Impl::Describe(ExprId id, const Environment* env, ConjunctValue::Truth truth) {
  ConjunctValue conjunct;
  conjunct.expr = id;
  conjunct.truth = truth;
  CollectParts(id, env, conjunct.parts, 0);
  if (truth == ConjunctValue::Truth::kFalse && program_.expr(id).level <= Level::kState) {
    CollectCauses(id, env, conjunct.causes);
  }
  return conjunct;
}

// Follows a false state predicate inwards to the first part of it that is false: through
// conjunctions, the conclusion of an implication, LET and the operators that it applies.
void Evaluator::Impl::CollectCauses(ExprId id, const Environment* env, std::vector<ConjunctValue::Cause>& causes) {
  constexpr std::size_t kCausesMax = 6;
  const Expr& e = program_.expr(id);
  const auto follow = [&](ExprId part, const Environment* scope) {
    if (causes.size() >= kCausesMax) return;
    ConjunctValue::Cause cause{part, {}};
    CollectParts(part, scope, cause.parts, 0);
    causes.push_back(std::move(cause));
    CollectCauses(part, scope, causes);
  };
  try {
    if (e.kind == ExprKind::kAnd) {
      for (const ExprId operand : e.operands) {
        if (EvalBool(operand, env)) continue;
        follow(operand, env);
        return;
      }
    } else if (e.kind == ExprKind::kBuiltin && e.builtin == Builtin::kImplies) {
      follow(e.operands[1], env);
    } else if (e.kind == ExprKind::kApply && !program_.overrides.contains(e.definition.index)) {
      const Definition& definition = spec_.definition(e.definition);
      const Environment* inner = BindParameters(definition, e.operands, env, OuterOf(e.definition, env));
      const Expr& body = program_.expr(definition.body);
      if (body.kind == ExprKind::kAnd || body.kind == ExprKind::kApply) {
        CollectCauses(definition.body, inner, causes);
      } else {
        follow(definition.body, inner);
      }
    } else if (e.kind == ExprKind::kLet) {
      CollectCauses(e.operands[0], PushLet(id, env), causes);
    }
  } catch (const EvalFailure&) {
    return;  // the causes found so far are still right
  }
}

// A variable, or f[i].g... over one: its value and its place in the state.
bool Evaluator::Impl::AddPlace(ExprId id, const Environment* env, std::vector<ConjunctValue::Part>& parts) {
  std::vector<ExprId> steps;
  ExprId root = id;
  while (true) {
    const Expr& e = program_.expr(root);
    if (e.kind != ExprKind::kFunctionApply && e.kind != ExprKind::kField) break;
    steps.push_back(root);
    root = e.operands[0];
  }
  const bool is_primed = program_.expr(root).kind == ExprKind::kPrime;
  const Expr& base = program_.expr(is_primed ? program_.expr(root).operands[0] : root);
  if (base.kind != ExprKind::kVariable) return false;
  ConjunctValue::Part part;
  part.span = program_.expr(id).span;
  part.is_primed = is_primed;
  part.variable = spec_.variables[base.variable.index].name;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const Expr& e = program_.expr(*step);
    part.path.push_back(e.kind == ExprKind::kField ? Value::String(e.text) : Eval(e.operands[1], env));
  }
  part.value = Eval(id, env);
  parts.push_back(std::move(part));
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const Expr& e = program_.expr(*step);
    if (e.kind == ExprKind::kFunctionApply) CollectParts(e.operands[1], env, parts, 1);
  }
  return true;
}

void Evaluator::Impl::CollectParts(ExprId id, const Environment* env, std::vector<ConjunctValue::Part>& parts,
                                   std::size_t depth) {
  constexpr std::size_t kDepthMax = 12;  // deeper parts help nobody read a report
  constexpr std::size_t kPartsMax = 24;
  if (depth > kDepthMax || parts.size() >= kPartsMax) return;
  const Expr& e = program_.expr(id);
  try {
    switch (e.kind) {
      case ExprKind::kVariable:
      case ExprKind::kFunctionApply:
      case ExprKind::kField:
        if (AddPlace(id, env, parts)) return;
        if (e.kind != ExprKind::kVariable) parts.push_back({.span = e.span, .value = Eval(id, env)});
        break;
      case ExprKind::kLocal: {
        ConjunctValue::Part part{.span = e.span, .value = Eval(id, env)};
        part.is_local = true;
        parts.push_back(std::move(part));
        return;
      }
      case ExprKind::kConstant:
      case ExprKind::kApply:
        if (e.level <= Level::kState) {
          Operand value = EvalLazy(id, env);
          if (const Value* finite = std::get_if<Value>(&value)) parts.push_back({.span = e.span, .value = *finite});
        }
        break;
      case ExprKind::kForAll:
      case ExprKind::kExists:
      case ExprKind::kChoose:
      case ExprKind::kSetFilter:
      case ExprKind::kSetMap:
      case ExprKind::kFunction:
      case ExprKind::kRecursiveFunction:
      case ExprKind::kLambda:
        for (const Bound& bound : e.bounds) {
          if (bound.set.is_valid()) CollectParts(bound.set, env, parts, depth + 1);
        }
        return;  // the bodies are about names that have no value here
      case ExprKind::kLet:
        return;
      default: break;
    }
  } catch (const EvalFailure&) {
    return;  // a part without a value is left out
  }
  for (const ExprId operand : e.operands) CollectParts(operand, env, parts, depth + 1);
}

}  // namespace kelpie::eval
