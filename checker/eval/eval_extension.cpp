// Operators of TLCExt and Reals, and the registers of TLCGet and TLCSet.
#include "checker/eval/scopes.h"
#include "tla/resolve/builtins.h"

namespace kelpie::eval {

const Value* Machine::Register(const Value& key) const {
  const auto found = registers_.find(key);
  return found != registers_.end() ? &found->second : nullptr;
}

// Does evaluating the node end in an error whose text is `text`? Any other outcome is FALSE.
bool Machine::ErrsWith(NodeId id, Value* f, const Value& text) {
  const Context saved = now_;
  try {
    (void)Finite(id, f);
  } catch (const EvalFailure& failure) {
    now_ = saved;
    return text.kind() == ValueKind::kString && failure.error.message == text.symbol().text();
  }
  return false;
}

Value Machine::EvalExtension(NodeId id, const Node& node, Value* f) {
  const auto args = code_->list(node);
  const Builtin builtin = code_->builtins[node.a];
  switch (builtin) {
    case Builtin::kDivide: {
      const std::int64_t a = Int(args[0], f);
      const std::int64_t b = Int(args[1], f);
      if (b == 0) Fail(ErrorKind::kArithmetic, "division by zero", id);
      if (a % b != 0)
        Fail(ErrorKind::kArithmetic, std::to_string(a) + " / " + std::to_string(b) + " is no integer", id,
             "of the reals, only integers are values here");
      return Value::Int(ArithmeticOn(Opcode::kDiv, a, b, id));
    }
    case Builtin::kInfinity:
      Fail(ErrorKind::kUnsupported, "Infinity is no value", id, "of the reals, only integers are values here");
    case Builtin::kAssertEq: {
      const Value a = Finite(args[0], f);
      const Value b = Finite(args[1], f);
      const bool is_equal = EqualValues(a, b, id);
      if (!is_equal && options_.print) options_.print("AssertEq: " + ToString(a) + " and " + ToString(b));
      return Value::Bool(is_equal);
    }
    case Builtin::kAssertError: return Value::Bool(ErrsWith(args[1], f, Finite(args[0], f)));
    case Builtin::kTlcModelValue: {
      const Value name = Finite(args[0], f);
      if (name.kind() != ValueKind::kString)
        Fail(ErrorKind::kType, "TLCModelValue expects a string, found " + ToString(name), id);
      return Value::ModelValue(name.symbol().text());
    }
    case Builtin::kTlcNoOp:
    case Builtin::kTlcCache: return Finite(args[0], f);
    case Builtin::kTlcFp: return Value::Int(static_cast<std::int64_t>(Finite(args[0], f).hash() & 0x7fffffff));
    case Builtin::kTlcSet: {
      const Value key = Finite(args[0], f);
      const Value value = Finite(args[1], f);
      if (!IsRegister(key)) {
        SetRunning(key, value, id);
      } else {
        registers_[key] = key.kind() == ValueKind::kString && key.symbol().text().starts_with("-D")
                              ? Value::String(ToString(value))
                              : value;
      }
      return Value::Bool(true);
    }
    case Builtin::kTlcGet:
    case Builtin::kTlcGetOrDefault: {
      const Value key = Finite(args[0], f);
      if (const Value* known = Register(key)) return *known;
      if (builtin == Builtin::kTlcGetOrDefault) return Finite(args[1], f);
      return RunningValue(key, args.size() > 1, id);
    }
    case Builtin::kTrace: return TraceValue(id);
    case Builtin::kTeTrace:
    case Builtin::kTePosition: return ToolboxValue(builtin, id);
    case Builtin::kTlcGetAndSet: {
      const Value key = Finite(args[0], f);
      const Value* known = Register(key);
      const Value old = known != nullptr ? *known : Finite(args[3], f);
      const Value given = Finite(args[2], f);
      registers_[key] = CallLambda(args[1], f, {&old, &given});
      return old;
    }
    default: return EvalBagOperator(id, node, f);
  }
  Fail(ErrorKind::kUnsupported,
       std::string(resolve::InfoOf(builtin).text) + " of this name depends on a running exploration", id);
}

}  // namespace kelpie::eval
