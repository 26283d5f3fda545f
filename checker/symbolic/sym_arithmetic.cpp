// Integers. A sum that leaves 64 bits is an error for numbers and no concern of formulas: every
// witness is evaluated again with numbers.
#include "checker/symbolic/sym_evaluator.h"

namespace kelpie::symbolic {

SymValue SymEvaluator::EvalArithmetic(NodeId id, const Node& node) {
  const Term a = EvalInt(node.a);
  if (node.op == Opcode::kNegate) return ArithmeticOn(Opcode::kMinus, pool_->Int(0), a, SpanOf(id));
  return ArithmeticOn(node.op, a, EvalInt(node.b), SpanOf(id));
}

SymValue SymEvaluator::ArithmeticOn(Opcode op, Term a, Term b, const Span& span) {
  const bool is_concrete = pool_->is_constant(a) && pool_->is_constant(b);
  Term result;
  switch (op) {
    case Opcode::kLess: return SymValue::Bool(*pool_, pool_->Less(a, b));
    case Opcode::kLessEqual: return SymValue::Bool(*pool_, pool_->LessEqual(a, b));
    case Opcode::kGreater: return SymValue::Bool(*pool_, pool_->Less(b, a));
    case Opcode::kGreaterEqual: return SymValue::Bool(*pool_, pool_->LessEqual(b, a));
    case Opcode::kPlus: result = pool_->Add(a, b); break;
    case Opcode::kMinus: result = pool_->Subtract(a, b); break;
    case Opcode::kTimes: result = pool_->Multiply(a, b); break;
    case Opcode::kPower: return PowerOf(a, b, span);
    case Opcode::kDiv:
      MayErr(pool_->Equal(b, pool_->Int(0)), ErrorKind::kArithmetic, "division by zero", span);
      result = pool_->Divide(a, b);
      break;
    default:  // kMod
      MayErr(pool_->Less(b, pool_->Int(1)), ErrorKind::kArithmetic, "the right side of % must be positive", span);
      result = pool_->Modulo(a, b);
      break;
  }
  if (is_concrete && !pool_->is_constant(result)) Fail(ErrorKind::kOverflow, "the result does not fit 64 bits", span);
  return SymValue::Int(*pool_, result);
}

SymValue SymEvaluator::PowerOf(Term a, Term b, const Span& span) {
  const std::int64_t exponent = Concretize(b, span);
  MayErr(pool_->And(pool_->Equal(a, pool_->Int(0)), pool_->Bool(exponent == 0)), ErrorKind::kArithmetic,
         "an exponent must be positive, or the base not zero", span);
  if (exponent < 0) Fail(ErrorKind::kArithmetic, "an exponent must be positive, or the base not zero", span);
  constexpr std::int64_t kExponentMax = 64;  // beyond it only 0, 1 and -1 fit
  const auto base = pool_->known(a);
  if (base == 0 || base == 1) return Value::Int(exponent == 0 ? 1 : *base);
  if (base == -1) return Value::Int(exponent % 2 == 0 ? 1 : -1);
  if (exponent > kExponentMax) {
    if (base) Fail(ErrorKind::kOverflow, "the result does not fit 64 bits", span);
    GiveUp("a power with an exponent of more than 64", span);
  }
  Term result = pool_->Int(1);
  for (std::int64_t i = 0; i < exponent; ++i) result = pool_->Multiply(result, a);
  if (pool_->is_constant(a) && !pool_->is_constant(result))
    Fail(ErrorKind::kOverflow, "the result does not fit 64 bits", span);
  return SymValue::Int(*pool_, result);
}

}  // namespace kelpie::symbolic
