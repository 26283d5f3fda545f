// Bound variables, and functions given by a rule.
#include "tests/naive/evaluator_impl.h"

namespace kelpie::naive {

// --- bindings

const Environment* Evaluator::Impl::BindElement(const Bound& bound, const Value& element, const Environment* env) {
  if (!bound.is_tuple) return BindValue(env, bound.locals[0], element);
  if (!element.is_sequence() || element.size() != bound.locals.size()) {
    Fail(ErrorKind::kType,
         "expected a tuple of " + std::to_string(bound.locals.size()) + ", found " + eval::ToString(element),
         bound.span);
  }
  for (std::size_t i = 0; i < bound.locals.size(); ++i) env = BindValue(env, bound.locals[i], element.items()[i]);
  return env;
}

bool Evaluator::Impl::ForEachBinding(const std::vector<Bound>& bounds, std::size_t index, const Environment* env,
                                     FunctionRef<bool(const Environment*)> visit) {
  if (index == bounds.size()) return visit(env);
  const Bound& bound = bounds[index];
  if (!bound.set.is_valid()) {
    Fail(ErrorKind::kNotEnumerable, "an unbounded quantifier cannot be evaluated", bound.span, "give it a set");
  }
  const Operand set = EvalSet(bound.set, env);
  const std::size_t mark = arena_.Mark();
  const std::size_t local_count = bound.is_tuple ? 1 : bound.locals.size();
  // `x, y \in S` is one set and two variables.
  const std::function<bool(std::size_t, const Environment*)> bind = [&](std::size_t i,
                                                                        const Environment* inner) -> bool {
    if (i == local_count) return ForEachBinding(bounds, index + 1, inner, visit);
    return ForEach(set, bound.span, [&](const Value& element) {
      const Environment* extended =
          bound.is_tuple ? BindElement(bound, element, inner) : BindValue(inner, bound.locals[i], element);
      const bool goes_on = bind(i + 1, extended);
      if (i == 0) arena_.Release(mark);
      return goes_on;
    });
  };
  return bind(0, env);
}

Operand Evaluator::Impl::EvalSetMap(const Expr& e, const Environment* env) {
  std::vector<Value> elements;
  ForEachBinding(e.bounds, 0, env, [&](const Environment* inner) {
    elements.push_back(Eval(e.operands[0], inner));
    CheckSize(elements.size(), e.span);
    return true;
  });
  return SetOf(std::move(elements), e.span);
}

Operand Evaluator::Impl::EvalSetFilter(ExprId id, const Expr& e, const Environment* env) {
  Operand base = EvalSet(e.bounds[0].set, env);
  // Lazily described sets stay so: {f \in [S -> Int] : P(f)} answers membership.
  if (std::holds_alternative<LazySetPtr>(base)) {
    auto set = std::make_shared<LazySet>();
    set->kind = LazySetKind::kFilter;
    set->parts.push_back(std::move(base));
    set->expr = id;
    set->scope = env;
    set->is_primed = is_primed_;
    return set;
  }
  std::vector<Value> elements;
  for (const Value& element : std::get<Value>(base).items()) {
    const std::size_t mark = arena_.Mark();
    if (EvalBool(e.operands[0], BindElement(e.bounds[0], element, env))) elements.push_back(element);
    arena_.Release(mark);
  }
  return Value::SetFromSorted(std::move(elements));
}

// --- functions

// The second: its DOMAIN is finite.
std::pair<LazyFunctionPtr, bool> Evaluator::Impl::MakeRule(ExprId id, const Environment* env) {
  const Expr& e = program_.expr(id);
  auto function = std::make_shared<LazyFunction>();
  function->expr = id;
  function->scope = env;
  function->is_primed = is_primed_;
  bool is_finite = true;
  for (const Bound& bound : e.bounds) {
    Operand set = EvalSet(bound.set, env);
    is_finite = is_finite && IsFinite(set);
    const std::size_t count = bound.is_tuple ? 1 : bound.locals.size();
    for (std::size_t i = 0; i < count; ++i) function->domains.push_back(set);
  }
  return {function, is_finite};
}

Operand Evaluator::Impl::MakeFunction(ExprId id, const Environment* env) {
  const Expr& e = program_.expr(id);
  const auto [function, is_finite] = MakeRule(id, env);
  if (!is_finite || e.kind != ExprKind::kFunction) return function;
  try {
    return Force(function, e.span);
  } catch (const EvalFailure&) {
    return function;  // the error is met if the value in question is asked for, as in TLC
  }
}

const Environment* Evaluator::Impl::BindRule(LazyFunction& function, const Value& argument, const Span& span) {
  const Expr& e = program_.expr(function.expr);
  const bool is_single = function.domains.size() == 1;
  const auto outside = [&] {
    Fail(ErrorKind::kOutsideDomain, "the function is applied to " + eval::ToString(argument) + ", outside its DOMAIN",
         span);
  };
  if (!is_single && (!argument.is_sequence() || argument.size() != function.domains.size())) outside();
  for (std::size_t i = 0; i < function.domains.size(); ++i) {
    if (!Contains(function.domains[i], is_single ? argument : argument.items()[i], span)) outside();
  }
  const Environment* env = function.scope;
  if (e.kind == ExprKind::kRecursiveFunction) {
    Environment& self = arena_.Push(env);
    self.local = e.local;
    self.kind = BindingKind::kSelf;
    self.function = &function;
    env = &self;
  }
  std::size_t at = 0;
  for (const Bound& bound : e.bounds) {
    if (bound.is_tuple) {
      env = BindElement(bound, is_single ? argument : argument.items()[at], env);
      ++at;
      continue;
    }
    for (const LocalId local : bound.locals) env = BindValue(env, local, is_single ? argument : argument.items()[at++]);
  }
  return env;
}

const Value& Evaluator::Impl::ApplyLazyFunction(LazyFunction& function, const Value& argument, const Span& span) {
  if (const auto known = function.known.find(argument); known != function.known.end()) return known->second;
  const Expr& e = program_.expr(function.expr);
  if (++depth_ > options_.limits.depth_max) {
    depth_ = 0;
    Fail(ErrorKind::kDepth,
         "a recursive function is applied more than " + std::to_string(options_.limits.depth_max) + " deep", span,
         "a recursion that does not end, or raise --max-depth");
  }
  const std::size_t mark = arena_.Mark();
  const Environment* env = BindRule(function, argument, span);
  const Value result = Force(EvalPrimed(e.operands[0], env, function.is_primed), e.span);
  arena_.Release(mark);
  if (depth_ > 0) --depth_;
  return function.known.emplace(argument, result).first->second;
}

Value Evaluator::Impl::ApplyFunction(const Operand& function, const Value& argument, const Span& span) {
  if (const LazyFunctionPtr* lazy = std::get_if<LazyFunctionPtr>(&function)) {
    return ApplyLazyFunction(**lazy, argument, span);
  }
  const Value* value = std::get_if<Value>(&function);
  if (value == nullptr || !value->is_function()) {
    Fail(ErrorKind::kType,
         (value != nullptr ? eval::ToString(*value) : std::string("a set")) + " is applied like a function", span);
  }
  const Value* result = value->Apply(argument);
  if (result == nullptr) {
    const bool is_field = value->is_record() && argument.kind() == ValueKind::kString;
    Fail(ErrorKind::kOutsideDomain,
         is_field ? "the record " + eval::ToString(*value) + " has no field " + argument.symbol().text()
                  : "the function " + eval::ToString(*value) + " is applied to " + eval::ToString(argument) +
                        ", outside its DOMAIN",
         span);
  }
  return *result;
}

}  // namespace kelpie::naive
