#include <algorithm>

#include "tests/naive/evaluator_impl.h"

namespace kelpie::naive {

Operand Evaluator::Impl::ApplyBuiltin(Builtin builtin, const std::vector<ExprId>& args, const Expr& e,
                                      const Environment* env) {
  if (const resolve::Replacement* replaced = program_.Replaces(builtin, e.is_instanced)) {
    return ApplyReplacement(*replaced, args, e, env);
  }
  switch (builtin) {
    case Builtin::kNot: return Value::Bool(!EvalBool(args[0], env));
    case Builtin::kImplies: return Value::Bool(!EvalBool(args[0], env) || EvalBool(args[1], env));
    case Builtin::kEquivalent: return Value::Bool(EvalBool(args[0], env) == EvalBool(args[1], env));
    case Builtin::kEqual:
    case Builtin::kNotEqual: {
      const Value a = Eval(args[0], env);
      const Value b = Eval(args[1], env);
      return Value::Bool(EqualValues(a, b, e.span) == (builtin == Builtin::kEqual));
    }
    case Builtin::kIn:
    case Builtin::kNotIn: {
      const Value element = Eval(args[0], env);
      return Value::Bool(Contains(EvalSet(args[1], env), element, e.span) == (builtin == Builtin::kIn));
    }
    case Builtin::kPlus:
    case Builtin::kMinus:
    case Builtin::kNegate:
    case Builtin::kTimes:
    case Builtin::kPower:
    case Builtin::kDiv:
    case Builtin::kMod:
    case Builtin::kInterval:
    case Builtin::kLess:
    case Builtin::kLessEqual:
    case Builtin::kGreater:
    case Builtin::kGreaterEqual: return Arithmetic(builtin, args, e, env);
    case Builtin::kSeq:
    case Builtin::kLen:
    case Builtin::kHead:
    case Builtin::kTail:
    case Builtin::kAppend:
    case Builtin::kConcat:
    case Builtin::kSubSeq:
    case Builtin::kSelectSeq: return SequenceOperation(builtin, args, e, env);
    case Builtin::kMakeFunction:
    case Builtin::kMergeFunctions:
    case Builtin::kPermutations:
    case Builtin::kSortSeq:
    case Builtin::kPrint:
    case Builtin::kPrintT:
    case Builtin::kAssert:
    case Builtin::kJavaTime:
    case Builtin::kToString:
    case Builtin::kTlcEval:
    case Builtin::kTlcGet:
    case Builtin::kTlcSet:
    case Builtin::kRandomElement: return TlcOperation(builtin, args, e, env);
    default: return SetOperation(builtin, args, e, env);
  }
}

namespace {

// Division that floors, as TLA+ and TLC have it: 7 \div (-2) = -4.
std::int64_t FloorDivide(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

bool Power(std::int64_t base, std::int64_t exponent, std::int64_t* result) {
  *result = 1;
  for (std::int64_t i = 0; i < exponent; ++i) {
    if (__builtin_mul_overflow(*result, base, result)) return false;
    // 0, 1 and -1 never overflow, however large the exponent is.
    if (base == 0 || base == 1) return true;
    if (base == -1) {
      *result = exponent % 2 == 0 ? 1 : -1;
      return true;
    }
  }
  return true;
}

}  // namespace

Operand Evaluator::Impl::Arithmetic(Builtin builtin, const std::vector<ExprId>& args, const Expr& e,
                                    const Environment* env) {
  const std::int64_t a = EvalInt(args[0], env);
  const std::int64_t b = args.size() > 1 ? EvalInt(args[1], env) : 0;
  return ArithmeticOn(builtin, a, b, e.span);
}

Operand Evaluator::Impl::ArithmeticOn(Builtin builtin, std::int64_t a, std::int64_t b, const Span& span) {
  std::int64_t result = 0;
  bool fits = true;
  switch (builtin) {
    case Builtin::kLess: return Value::Bool(a < b);
    case Builtin::kLessEqual: return Value::Bool(a <= b);
    case Builtin::kGreater: return Value::Bool(a > b);
    case Builtin::kGreaterEqual: return Value::Bool(a >= b);
    case Builtin::kInterval: {
      auto set = std::make_shared<LazySet>();
      set->kind = LazySetKind::kInterval;
      set->low = a;
      set->high = b;
      return set;
    }
    case Builtin::kPlus: fits = !__builtin_add_overflow(a, b, &result); break;
    case Builtin::kMinus: fits = !__builtin_sub_overflow(a, b, &result); break;
    case Builtin::kNegate: fits = !__builtin_sub_overflow(std::int64_t{0}, a, &result); break;
    case Builtin::kTimes: fits = !__builtin_mul_overflow(a, b, &result); break;
    case Builtin::kPower:
      if (b < 0 || (a == 0 && b == 0))
        Fail(ErrorKind::kArithmetic, "an exponent must be positive, or the base not zero", span);
      fits = Power(a, b, &result);
      break;
    case Builtin::kDiv:
      if (b == 0) Fail(ErrorKind::kArithmetic, "division by zero", span);
      fits = !(a == INT64_MIN && b == -1);
      if (fits) result = FloorDivide(a, b);
      break;
    default:  // kMod
      if (b < 1) Fail(ErrorKind::kArithmetic, "the right side of % must be positive, it is " + std::to_string(b), span);
      result = a - b * FloorDivide(a, b);
      break;
  }
  if (!fits) Fail(ErrorKind::kOverflow, "the result does not fit 64 bits", span);
  return Value::Int(result);
}

Operand Evaluator::Impl::SetOperation(Builtin builtin, const std::vector<ExprId>& args, const Expr& e,
                                      const Environment* env) {
  const auto lazy = [](LazySetKind kind, std::vector<Operand> parts) {
    auto set = std::make_shared<LazySet>();
    set->kind = kind;
    set->parts = std::move(parts);
    return Operand(LazySetPtr(std::move(set)));
  };
  switch (builtin) {
    case Builtin::kNat: return lazy(LazySetKind::kNat, {});
    case Builtin::kIntSet: return lazy(LazySetKind::kInt, {});
    case Builtin::kStringSet: return lazy(LazySetKind::kString, {});
    case Builtin::kAny: return lazy(LazySetKind::kAny, {});
    case Builtin::kBooleanSet: return Value::SetFromSorted({Value::Bool(false), Value::Bool(true)});
    case Builtin::kPowerSet: return lazy(LazySetKind::kPowerSet, {EvalSet(args[0], env)});
    case Builtin::kUnion2:
    case Builtin::kIntersect:
    case Builtin::kSetMinus: {
      const LazySetKind kind = builtin == Builtin::kUnion2      ? LazySetKind::kUnion
                               : builtin == Builtin::kIntersect ? LazySetKind::kIntersect
                                                                : LazySetKind::kMinus;
      Operand a = EvalSet(args[0], env);
      Operand b = EvalSet(args[1], env);
      const bool is_asked = kind == LazySetKind::kMinus && !IsFinite(b);  // S \ Nat is asked, as TLC asks it
      Operand set = lazy(kind, {std::move(a), std::move(b)});
      if (is_asked || !IsFinite(set)) return set;
      return Force(std::move(set), e.span);
    }
    case Builtin::kSubsetEq: {
      const Operand a = EvalSet(args[0], env);
      const Operand b = EvalSet(args[1], env);
      return Value::Bool(ForEach(a, e.span, [&](const Value& element) { return Contains(b, element, e.span); }));
    }
    case Builtin::kBigUnion: {
      std::vector<Value> elements;
      ForEach(EvalSet(args[0], env), e.span, [&](const Value& inner) {
        if (!inner.is_set())
          Fail(ErrorKind::kType, "UNION of a set that has " + eval::ToString(inner) + " as an element", e.span);
        elements.insert(elements.end(), inner.items().begin(), inner.items().end());
        return true;
      });
      return SetOf(std::move(elements), e.span);
    }
    case Builtin::kDomain: {
      const Operand function = EvalLazy(args[0], env);
      if (const LazyFunctionPtr* lazy_function = std::get_if<LazyFunctionPtr>(&function)) {
        if ((*lazy_function)->domains.size() == 1) return (*lazy_function)->domains[0];
        return lazy(LazySetKind::kCross, (*lazy_function)->domains);
      }
      const Value value = Force(function, e.span);
      if (!value.is_function())
        Fail(ErrorKind::kType, "DOMAIN of " + eval::ToString(value) + ", which is no function", e.span);
      return value.Domain();
    }
    case Builtin::kIsFiniteSet: return Value::Bool(IsFinite(EvalSet(args[0], env)));
    case Builtin::kCardinality:
      return Value::Int(static_cast<std::int64_t>(Force(EvalSet(args[0], env), e.span).size()));
    default: Fail(ErrorKind::kUnsupported, "this operator cannot be evaluated", e.span);
  }
}

}  // namespace kelpie::naive
