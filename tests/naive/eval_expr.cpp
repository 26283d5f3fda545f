#include <algorithm>

#include "tests/naive/evaluator_impl.h"

namespace kelpie::naive {

Evaluator::Impl::Impl(const program::Program& program, ConstantValues constants, EvalOptions options)
    : program_(program), spec_(*program.spec), constants_(std::move(constants)), options_(std::move(options)) {
  literals_.resize(spec_.exprs.size());
  for (std::size_t i = 0; i < spec_.exprs.size(); ++i) {
    const Expr& e = spec_.exprs[i];
    if (e.kind == ExprKind::kString || e.kind == ExprKind::kField) literals_[i] = Value::String(e.text);
  }
  constant_cache_.resize(spec_.constants.size());
  definition_cache_.resize(spec_.definitions.size());
  next_.resize(spec_.variables.size());
  assigned_.assign(spec_.variables.size(), false);
}

void Evaluator::Impl::Fail(ErrorKind kind, std::string message, const Span& span, std::string hint) const {
  throw EvalFailure{EvalError{kind, std::move(message), span, std::move(hint), {}}};
}

bool Evaluator::Impl::EqualValues(const Value& a, const Value& b, const Span& span) const {
  const std::optional<bool> equal = eval::Equal(a, b);
  if (!equal) {
    Fail(ErrorKind::kIncomparable, "cannot compare " + eval::ToString(a) + " with " + eval::ToString(b), span,
         "values of different kinds are neither equal nor different in TLA+");
  }
  return *equal;
}

Value Evaluator::Impl::SetOf(std::vector<Value> elements, const Span& span) const {
  CheckSize(elements.size(), span);
  std::optional<Value> set = eval::MakeSet(std::move(elements));
  if (!set) {
    Fail(ErrorKind::kIncomparable, "a set has elements that cannot be compared with one another", span,
         "elements of a set must be of one kind, for TLC too");
  }
  return std::move(*set);
}

bool Evaluator::Impl::EvalBool(ExprId id, const Environment* env) {
  const Operand operand = EvalLazy(id, env);
  const Value* value = std::get_if<Value>(&operand);
  if (value == nullptr || !value->is_bool()) {
    Fail(ErrorKind::kType,
         "expected TRUE or FALSE, found " + (value != nullptr ? eval::ToString(*value) : "a set or function"),
         program_.expr(id).span);
  }
  return value->as_bool();
}

std::int64_t Evaluator::Impl::EvalInt(ExprId id, const Environment* env) {
  const Value value = Eval(id, env);
  if (!value.is_int())
    Fail(ErrorKind::kType, "expected an integer, found " + eval::ToString(value), program_.expr(id).span);
  return value.as_int();
}

Operand Evaluator::Impl::EvalQuantifier(const Expr& e, const Environment* env) {
  const bool is_exists = e.kind == ExprKind::kExists;
  bool found = false;
  ForEachBinding(e.bounds, 0, env, [&](const Environment* inner) {
    const bool holds = EvalBool(e.operands[0], inner);
    found = holds == is_exists;
    return !found;
  });
  return Value::Bool(found == is_exists);
}

Operand Evaluator::Impl::EvalCase(const Expr& e, const Environment* env) {
  for (const auto& arm : e.arms) {
    if (!arm.guard.is_valid() || EvalBool(arm.guard, env)) return EvalLazy(arm.value, env);
  }
  Fail(ErrorKind::kNoCase, "no guard of this CASE is true and it has no OTHER", e.span);
}

Operand Evaluator::Impl::EvalRecord(const Expr& e, const Environment* env) {
  std::vector<std::pair<Symbol, Value>> fields;
  fields.reserve(e.fields.size());
  for (std::size_t i = 0; i < e.fields.size(); ++i)
    fields.emplace_back(eval::Intern(e.fields[i]), Eval(e.operands[i], env));
  return Value::Record(std::move(fields));
}

Value Evaluator::Impl::UpdateAt(const Value& base, const resolve::ExceptUpdate& update, std::size_t step,
                                const Environment* env, const Span& span) {
  if (step == update.path.size()) return Eval(update.value, BindValue(env, update.at_local, base));
  if (!base.is_function()) {
    Fail(ErrorKind::kType, "EXCEPT changes " + eval::ToString(base) + ", which is no function", update.span);
  }
  const Value key = Eval(update.path[step], env);
  const Value* old = base.Apply(key);
  // TLC leaves the function as it is and warns; so do the semantics of TLA+.
  if (old == nullptr) return base;
  Value changed = UpdateAt(*old, update, step + 1, env, span);
  return base.With(key, std::move(changed));
}

Operand Evaluator::Impl::EvalExcept(const Expr& e, const Environment* env) {
  Value value = Eval(e.operands[0], env);
  for (const auto& update : e.updates) value = UpdateAt(value, update, 0, env, e.span);
  return value;
}

// The kinds that specs are mostly made of; the rest is apart so that this frame stays small.
Operand Evaluator::Impl::EvalLazy(ExprId id, const Environment* env) {
  const Expr& e = program_.expr(id);
  switch (e.kind) {
    case ExprKind::kBool: return Value::Bool(e.integer != 0);
    case ExprKind::kInt:
      if (!e.text.empty()) Fail(ErrorKind::kOverflow, "the number " + e.text + " does not fit 64 bits", e.span);
      return Value::Int(e.integer);
    case ExprKind::kString: return literals_[id.index];
    case ExprKind::kConstant: return e.operands.empty() ? Constant(e.constant, e.span) : ApplyConstant(e, env);
    case ExprKind::kVariable: return EvalVariable(e);
    case ExprKind::kLocal:
    case ExprKind::kAt: return EvalLocal(e, env);
    case ExprKind::kApply: return ApplyDefinition(e, env);
    case ExprKind::kBuiltin: return ApplyBuiltin(e.builtin, e.operands, e, env);
    case ExprKind::kAnd:
      for (const ExprId operand : e.operands) {
        if (!EvalBool(operand, env)) return Value::Bool(false);
      }
      return Value::Bool(true);
    case ExprKind::kOr:
      for (const ExprId operand : e.operands) {
        if (EvalBool(operand, env)) return Value::Bool(true);
      }
      return Value::Bool(false);
    case ExprKind::kIf: return EvalLazy(e.operands[EvalBool(e.operands[0], env) ? 1 : 2], env);
    case ExprKind::kForAll:
    case ExprKind::kExists: return EvalQuantifier(e, env);
    case ExprKind::kFunctionApply: return ApplyFunction(EvalLazy(e.operands[0], env), Eval(e.operands[1], env), e.span);
    case ExprKind::kField: return ApplyFunction(EvalLazy(e.operands[0], env), literals_[id.index], e.span);
    case ExprKind::kPrime: return EvalPrimed(e.operands[0], env, true);
    default: return EvalConstructor(id, e, env);
  }
}

// Expressions that build a value, and those about steps.
Operand Evaluator::Impl::EvalConstructor(ExprId id, const Expr& e, const Environment* env) {
  switch (e.kind) {
    case ExprKind::kApplyLocal: {
      const Environment* node = Find(env, e.local, e.span);
      return CallOperator(node->expression, node->scope, EvalAll(e.operands, env), e.span);
    }
    case ExprKind::kLet: return EvalLazy(e.operands[0], PushLet(id, env));
    case ExprKind::kLabel: return EvalLazy(e.operands[0], env);
    case ExprKind::kCase: return EvalCase(e, env);
    case ExprKind::kChoose: return EvalChoose(e, env);
    case ExprKind::kSetEnumeration: return SetOf(EvalAll(e.operands, env), e.span);
    case ExprKind::kTuple: return Value::Sequence(EvalAll(e.operands, env));
    case ExprKind::kSetFilter: return EvalSetFilter(id, e, env);
    case ExprKind::kSetMap: return EvalSetMap(e, env);
    case ExprKind::kFunction:
    case ExprKind::kRecursiveFunction: return MakeFunction(id, env);
    case ExprKind::kFunctionSet:
    case ExprKind::kCross:
    case ExprKind::kRecordSet: return EvalSetOfFunctions(e, env);
    case ExprKind::kExcept: return EvalExcept(e, env);
    case ExprKind::kRecord: return EvalRecord(e, env);
    case ExprKind::kUnchanged: return Value::Bool(IsUnchanged(e.operands[0], env));
    case ExprKind::kEnabled: return Value::Bool(Enabled(e.operands[0], env));
    case ExprKind::kSquareAction: return Value::Bool(EvalBool(e.operands[0], env) || IsUnchanged(e.operands[1], env));
    case ExprKind::kAngleAction: return Value::Bool(EvalBool(e.operands[0], env) && !IsUnchanged(e.operands[1], env));
    case ExprKind::kCompose: return Value::Bool(HoldsComposed(e, env));
    default:
      Fail(ErrorKind::kUnsupported, "this formula has no value in a state or a step", e.span,
           "temporal formulas are properties, not expressions");
  }
}

std::vector<Value> Evaluator::Impl::EvalAll(const std::vector<ExprId>& ids, const Environment* env) {
  std::vector<Value> values;
  values.reserve(ids.size());
  for (const ExprId id : ids) values.push_back(Eval(id, env));
  return values;
}

Operand Evaluator::Impl::EvalChoose(const Expr& e, const Environment* env) {
  if (!e.bounds[0].set.is_valid()) {
    Fail(ErrorKind::kNotEnumerable, "an unbounded CHOOSE cannot be evaluated", e.span,
         "give it a set, or override the definition by a model value");
  }
  std::optional<Value> chosen;
  ForEach(EvalSet(e.bounds[0].set, env), e.span, [&](const Value& element) {
    if (EvalBool(e.operands[0], BindElement(e.bounds[0], element, env))) chosen = element;
    return !chosen.has_value();
  });
  if (!chosen) Fail(ErrorKind::kNoWitness, "CHOOSE found no element with the property", e.span);
  return *chosen;
}

Operand Evaluator::Impl::EvalSetOfFunctions(const Expr& e, const Environment* env) {
  auto set = std::make_shared<LazySet>();
  if (e.kind != ExprKind::kRecordSet) {
    set->kind = e.kind == ExprKind::kCross ? LazySetKind::kCross : LazySetKind::kFunctionSet;
    for (const ExprId operand : e.operands) set->parts.push_back(EvalSet(operand, env));
    return set;
  }
  std::vector<std::pair<Symbol, Operand>> fields;
  for (std::size_t i = 0; i < e.fields.size(); ++i)
    fields.emplace_back(eval::Intern(e.fields[i]), EvalSet(e.operands[i], env));
  std::sort(fields.begin(), fields.end(),
            [](const auto& a, const auto& b) { return eval::CompareText(a.first, b.first) < 0; });
  set->kind = LazySetKind::kRecordSet;
  for (auto& [name, part] : fields) {
    set->fields.push_back(name);
    set->parts.push_back(std::move(part));
  }
  return set;
}

}  // namespace kelpie::naive
