// Truth values and numbers.
#include <utility>

#include "checker/eval/scopes.h"

namespace kelpie::eval {

bool Machine::EqualValues(const Value& a, const Value& b, NodeId at) {
  if (a.is_lazy() || b.is_lazy()) {
    const Value left = a.is_lazy() ? Force(a) : a;
    const Value right = b.is_lazy() ? Force(b) : b;
    return EqualValues(left, right, at);
  }
  const std::optional<bool> equal = Equal(a, b);
  if (!equal) {
    Fail(ErrorKind::kIncomparable, "cannot compare " + ToString(a) + " with " + ToString(b), at,
         "values of different kinds are neither equal nor different in TLA+");
  }
  return *equal;
}

// The small cases only, so that the frame of this much-called function stays small; what needs a
// value of its own is a function of its own.
bool Machine::Test(NodeId id, Value* f) {
  while (true) {
    const Node& node = nodes_[id];
    switch (node.op) {
      case Opcode::kAnd: {
        const NodeId* operands = code_->lists.data() + node.list;
        for (std::uint32_t i = 0; i + 1 < node.list_size; ++i) {
          if (!Test(operands[i], f)) return false;
        }
        if (node.list_size == 0) return true;
        id = operands[node.list_size - 1];
        continue;
      }
      case Opcode::kOr: {
        const NodeId* operands = code_->lists.data() + node.list;
        for (std::uint32_t i = 0; i + 1 < node.list_size; ++i) {
          if (Test(operands[i], f)) return true;
        }
        if (node.list_size == 0) return false;
        id = operands[node.list_size - 1];
        continue;
      }
      case Opcode::kNot: return !Test(node.a, f);
      case Opcode::kImplies:
        if (!Test(node.a, f)) return true;
        id = node.b;
        continue;
      case Opcode::kIf: id = Test(node.a, f) ? node.b : node.c; continue;
      case Opcode::kLess: return Int(node.a, f) < Int(node.b, f);
      case Opcode::kLessEqual: return Int(node.a, f) <= Int(node.b, f);
      case Opcode::kGreater: return Int(node.a, f) > Int(node.b, f);
      case Opcode::kGreaterEqual: return Int(node.a, f) >= Int(node.b, f);
      case Opcode::kEqual: return TestEqual(id, node, f);
      case Opcode::kNotEqual: return !TestEqual(id, node, f);
      case Opcode::kIn: return TestIn(id, node, f);
      case Opcode::kNotIn: return !TestIn(id, node, f);
      case Opcode::kForAll:
      case Opcode::kExists: return TestQuantifier(id, node, f);
      case Opcode::kInline: return TestInline(id, node, f);
      default: break;
    }
    if (node.is_place()) {
      const Value* place = Place(id, f);
      if (place != nullptr && place->is_bool()) return place->as_bool();
    }
    return TestOther(id, node, f);
  }
}

bool Machine::TestEqual(NodeId id, const Node& node, Value* f) {
  const Value* left = nodes_[node.a].is_place() ? Place(node.a, f) : nullptr;
  const Value* right = nodes_[node.b].is_place() ? Place(node.b, f) : nullptr;
  if (left != nullptr && right != nullptr && left->kind() == right->kind() && left->kind() < ValueKind::kSet) {
    return left->is_same_object(*right);
  }
  Value left_held;
  Value right_held;
  const Value& a = left != nullptr ? *left : Ref(node.a, f, left_held);
  const Value& b = right != nullptr ? *right : Ref(node.b, f, right_held);
  return (a.is_same_object(b) && !a.is_lazy()) || EqualValues(a, b, id);
}

bool Machine::TestIn(NodeId id, const Node& node, Value* f) {
  const Value element = Finite(node.a, f);
  return Contains(node.b, f, element, id);
}

bool Machine::TestInline(NodeId id, const Node& node, Value* f) {
  if ((node.flags & program::kFlagShared) == 0) return InCall(node, f, [&](NodeId body) { return Test(body, f); });
  Value scratch;
  const Value& value = SharedRef(id, node, f, scratch);
  return value.is_bool() ? value.as_bool() : TestOther(id, node, f);
}

bool Machine::TestOther(NodeId id, const Node& node, Value* f) {
  switch (node.op) {
    case Opcode::kEquivalent: return Test(node.a, f) == Test(node.b, f);
    case Opcode::kSubsetEq: {
      bool is_any = false;
      const bool is_made = IsMadeToBeAsked(*code_, node.b);
      Value made;
      const bool are_in = ForEach(node.a, f, [&](const Value& element) {
        if (is_made && !is_any) made = Eval(node.b, f);
        is_any = true;
        return is_made ? ContainsValue(made, element, id) : Contains(node.b, f, element, id);
      });
      if (!is_any) Touch(node.b, f);  // no element asked for it
      return are_in;
    }
    case Opcode::kIsFiniteSet: Touch(node.a, f); return IsFinite(node.a, f);
    case Opcode::kAssign:
    case Opcode::kAssignIn:
    case Opcode::kAssignSubset:
    case Opcode::kUnchanged:
    case Opcode::kUnchangedValue:
    case Opcode::kEnabled:
    case Opcode::kSquare:
    case Opcode::kAngle:
    case Opcode::kCompose: return TestStep(id, node, f);
    case Opcode::kCount: return TestCounted(node, f);
    default: break;
  }
  Value scratch;
  const Value& value = Ref(id, f, scratch);
  if (!value.is_bool()) {
    Fail(ErrorKind::kType, "expected TRUE or FALSE, found " + (value.is_lazy() ? "a set or function" : ToString(value)),
         id);
  }
  return value.as_bool();
}

bool Machine::TestStep(NodeId id, const Node& node, Value* f) {
  switch (node.op) {
    case Opcode::kAssign: {
      const Value& given = NextRef(id, node);
      Value scratch;
      return EqualValues(given, Ref(node.b, f, scratch), id);
    }
    case Opcode::kAssignIn:
    case Opcode::kAssignSubset: return InAssigned(node, f, Value(NextRef(id, node)), id);
    case Opcode::kUnchanged:
      if (now_.state == nullptr) Fail(ErrorKind::kUnsupported, "a variable is read where there is no state", id);
      Watch(node.a);
      return EqualValues(now_.state[node.a], NextRef(id, node), id);
    case Opcode::kUnchangedValue: {
      const Value before = Finite(node.a, f);
      return EqualValues(before, Finite(node.b, f), id);
    }
    case Opcode::kEnabled: return Enabled(node, f);
    case Opcode::kCompose: return TestCompose(node, f);
    case Opcode::kSquare: return Test(node.a, f) || Test(node.b, f);
    default: return Test(node.a, f) && !Test(node.b, f);  // kAngle
  }
}

bool Machine::TestQuantifier(NodeId, const Node& node, Value* f) {
  const bool is_exists = node.op == Opcode::kExists;
  return HasDecisive(node, 0, 0, f, is_exists) == is_exists;
}

// Is there a binding that decides the quantifier: one that satisfies \E, one that breaks \A? Sets that
// are there already are gone through in place: quantifiers over constants are most of an invariant.
bool Machine::HasDecisive(const Node& node, std::size_t index, std::size_t slot, Value* f, bool wanted) {
  const Binder& binder = code_->binders[node.b + index];
  if (binder.set == kNoNode) {
    FailAt(ErrorKind::kNotEnumerable, "an unbounded quantifier cannot be evaluated", binder.span, "give it a set");
  }
  const bool is_last_slot = binder.is_tuple || slot + 1 == binder.slots.size();
  const bool is_innermost = is_last_slot && index + 1 == node.c;
  // A test that is the same for all values: where it is false, so is every antecedent of \A and every
  // conjunction of \E. It is met with the first value, as in text order.
  NodeId once = is_innermost ? code_->lists[node.list + 2] : kNoNode;
  bool is_decided = false;
  const auto go = [&](const Value& element) {
    Bind(binder, slot, element, f);
    if (once != kNoNode && !Test(std::exchange(once, kNoNode), f)) return false;
    is_decided = is_innermost
                     ? Test(node.a, f) == wanted
                     : HasDecisive(node, is_last_slot ? index + 1 : index, is_last_slot ? 0 : slot + 1, f, wanted);
    return !is_decided;
  };
  const Value* place = nodes_[binder.set].is_place() ? Place(binder.set, f) : nullptr;
  if (place == nullptr || !place->is_set()) {
    (void)ForEach(binder.set, f, go);
    return is_decided;
  }
  const Value set = *place;  // a copy: what is evaluated may replace the place
  for (const Value& element : set.items()) {
    if (!go(element)) break;
  }
  return is_decided;
}

std::int64_t Machine::Int(NodeId id, Value* f) {
  const Node& node = nodes_[id];
  if (node.is_place()) {
    const Value* place = Place(id, f);
    if (place != nullptr && place->is_int()) return place->as_int();
  }
  return IntOther(id, node, f);
}

std::int64_t Machine::IntOther(NodeId id, const Node& node, Value* f) {
  switch (node.op) {
    case Opcode::kPlus:
    case Opcode::kMinus:
    case Opcode::kNegate:
    case Opcode::kTimes:
    case Opcode::kPower:
    case Opcode::kDiv:
    case Opcode::kMod: return Arithmetic(id, node, f);
    case Opcode::kInline:
      if ((node.flags & program::kFlagShared) != 0) break;
      return InCall(node, f, [&](NodeId body) { return Int(body, f); });
    default: break;
  }
  Value scratch;
  const Value& value = Ref(id, f, scratch);
  if (!value.is_int() && value.is_lazy()) Fail(ErrorKind::kType, "expected an integer, found a set or function", id);
  if (!value.is_int()) Fail(ErrorKind::kType, "expected an integer, found " + ToString(value), id);
  return value.as_int();
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

std::int64_t Machine::Arithmetic(NodeId id, const Node& node, Value* f) {
  const std::int64_t a = Int(node.a, f);
  const std::int64_t b = node.op == Opcode::kNegate ? 0 : Int(node.b, f);
  return ArithmeticOn(node.op, a, b, id);
}

std::int64_t Machine::ArithmeticOn(Opcode op, std::int64_t a, std::int64_t b, NodeId id) const {
  std::int64_t result = 0;
  bool fits = true;
  switch (op) {
    case Opcode::kPlus: fits = !__builtin_add_overflow(a, b, &result); break;
    case Opcode::kMinus: fits = !__builtin_sub_overflow(a, b, &result); break;
    case Opcode::kNegate: fits = !__builtin_sub_overflow(std::int64_t{0}, a, &result); break;
    case Opcode::kTimes: fits = !__builtin_mul_overflow(a, b, &result); break;
    case Opcode::kPower:
      if (b < 0 || (a == 0 && b == 0))
        Fail(ErrorKind::kArithmetic, "an exponent must be positive, or the base not zero", id);
      fits = Power(a, b, &result);
      break;
    case Opcode::kDiv:
      if (b == 0) Fail(ErrorKind::kArithmetic, "division by zero", id);
      fits = !(a == INT64_MIN && b == -1);
      if (fits) result = FloorDivide(a, b);
      break;
    default:  // kMod
      if (b < 1) Fail(ErrorKind::kArithmetic, "the right side of % must be positive, it is " + std::to_string(b), id);
      result = a - b * FloorDivide(a, b);
      break;
  }
  if (!fits) Fail(ErrorKind::kOverflow, "the result does not fit 64 bits", id);
  return result;
}

}  // namespace kelpie::eval
