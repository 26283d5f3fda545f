// Operators of the modules Sequences and TLC, and operators passed as arguments.
#include <algorithm>

#include "tests/naive/evaluator_impl.h"

namespace kelpie::naive {

Value Evaluator::Impl::SequenceArgument(ExprId id, const Environment* env, const char* op) {
  Value value = Eval(id, env);
  if (!value.is_sequence()) {
    Fail(ErrorKind::kType, std::string(op) + " expects a sequence, found " + eval::ToString(value),
         program_.expr(id).span);
  }
  return value;
}

Operand Evaluator::Impl::SequenceOperation(Builtin builtin, const std::vector<ExprId>& args, const Expr& e,
                                           const Environment* env) {
  const auto copy = [](const Value& sequence) {
    return std::vector<Value>(sequence.items().begin(), sequence.items().end());
  };
  switch (builtin) {
    case Builtin::kSeq: {
      auto set = std::make_shared<LazySet>();
      set->kind = LazySetKind::kSeq;
      set->parts.push_back(EvalSet(args[0], env));
      return set;
    }
    case Builtin::kLen: {
      const Value value = Eval(args[0], env);
      if (value.kind() == ValueKind::kString)
        return Value::Int(static_cast<std::int64_t>(value.symbol().text().size()));
      if (!value.is_sequence())
        Fail(ErrorKind::kType, "Len expects a sequence, found " + eval::ToString(value), e.span);
      return Value::Int(static_cast<std::int64_t>(value.size()));
    }
    case Builtin::kHead:
    case Builtin::kTail: {
      const bool is_head = builtin == Builtin::kHead;
      const Value value = SequenceArgument(args[0], env, is_head ? "Head" : "Tail");
      if (value.size() == 0) {
        Fail(ErrorKind::kOutsideDomain, std::string(is_head ? "Head" : "Tail") + " of the empty sequence", e.span);
      }
      if (is_head) return value.items().front();
      return Value::Sequence({value.items().begin() + 1, value.items().end()});
    }
    case Builtin::kAppend: {
      std::vector<Value> items = copy(SequenceArgument(args[0], env, "Append"));
      items.push_back(Eval(args[1], env));
      return Value::Sequence(std::move(items));
    }
    case Builtin::kConcat: {
      const Value left = Eval(args[0], env);
      const Value right = Eval(args[1], env);
      if (left.kind() == ValueKind::kString && right.kind() == ValueKind::kString) {
        return Value::String(left.symbol().text() + right.symbol().text());
      }
      if (!left.is_sequence() || !right.is_sequence()) {
        Fail(ErrorKind::kType,
             "\\o expects two sequences, found " + eval::ToString(left) + " and " + eval::ToString(right), e.span);
      }
      std::vector<Value> items = copy(left);
      items.insert(items.end(), right.items().begin(), right.items().end());
      return Value::Sequence(std::move(items));
    }
    case Builtin::kSubSeq: {
      const Value value = Eval(args[0], env);
      const bool is_string = value.kind() == ValueKind::kString;  // TLC takes strings for sequences here
      if (!is_string && !value.is_sequence()) {
        Fail(ErrorKind::kType, "SubSeq expects a sequence, found " + eval::ToString(value),
             program_.expr(args[0]).span);
      }
      const std::size_t length = is_string ? value.symbol().text().size() : value.size();
      const std::int64_t from = EvalInt(args[1], env);
      const std::int64_t to = EvalInt(args[2], env);
      if (from > to) return is_string ? Value::String("") : Value::Sequence({});
      if (from < 1 || to > static_cast<std::int64_t>(length)) {
        Fail(ErrorKind::kOutsideDomain,
             "SubSeq from " + std::to_string(from) + " to " + std::to_string(to) + " of a sequence of length " +
                 std::to_string(length),
             e.span);
      }
      if (is_string) {
        return Value::String(
            value.symbol().text().substr(static_cast<std::size_t>(from - 1), static_cast<std::size_t>(to - from + 1)));
      }
      return Value::Sequence({value.items().begin() + (from - 1), value.items().begin() + to});
    }
    default: {  // kSelectSeq
      const Value value = SequenceArgument(args[0], env, "SelectSeq");
      std::vector<Value> items;
      for (const Value& item : value.items()) {
        const Value keep = Force(CallOperator(args[1], env, {item}, e.span), e.span);
        if (!keep.is_bool()) Fail(ErrorKind::kType, "the test of SelectSeq gave " + eval::ToString(keep), e.span);
        if (keep.as_bool()) items.push_back(item);
      }
      return Value::Sequence(std::move(items));
    }
  }
}

Value Evaluator::Impl::Permutations(const Value& set, const Span& span) {
  if (set.size() > 9) CheckSize(SIZE_MAX, span);
  std::vector<Value> image(set.items().begin(), set.items().end());
  std::vector<Value> all;
  do {
    all.push_back(Value::Function(set, image));
  } while (std::next_permutation(image.begin(), image.end(),
                                 [](const Value& a, const Value& b) { return eval::Compare(a, b) < 0; }));
  return SetOf(std::move(all), span);
}

Operand Evaluator::Impl::TlcOperation(Builtin builtin, const std::vector<ExprId>& args, const Expr& e,
                                      const Environment* env) {
  const auto print = [this](const std::string& text) {
    if (options_.print) options_.print(text);
  };
  switch (builtin) {
    case Builtin::kMakeFunction:
      return Value::Function(Value::SetFromSorted({Eval(args[0], env)}), {Eval(args[1], env)});
    case Builtin::kMergeFunctions: {
      const Value left = Eval(args[0], env);
      const Value right = Eval(args[1], env);
      if (!left.is_function() || !right.is_function()) Fail(ErrorKind::kType, "@@ expects two functions", e.span);
      const Value left_domain = left.Domain();
      const Value right_domain = right.Domain();
      std::vector<Value> keys(left_domain.items().begin(), left_domain.items().end());
      keys.insert(keys.end(), right_domain.items().begin(), right_domain.items().end());
      const Value domain = SetOf(std::move(keys), e.span);
      std::vector<Value> values;
      for (const Value& key : domain.items()) {
        const Value* value = left.Apply(key);
        values.push_back(value != nullptr ? *value : *right.Apply(key));
      }
      return Value::Function(domain, std::move(values));
    }
    case Builtin::kPermutations: return Permutations(Force(EvalSet(args[0], env), e.span), e.span);
    case Builtin::kSortSeq: {
      const Value value = SequenceArgument(args[0], env, "SortSeq");
      std::vector<Value> items;
      // Insertion keeps equal items in order and needs no strict weak ordering from the user.
      for (const Value& item : value.items()) {
        auto at = items.end();
        while (at != items.begin()) {
          const Value before = Force(CallOperator(args[1], env, {item, *(at - 1)}, e.span), e.span);
          if (!before.is_bool()) Fail(ErrorKind::kType, "the order of SortSeq gave " + eval::ToString(before), e.span);
          if (!before.as_bool()) break;
          --at;
        }
        items.insert(at, item);
      }
      return Value::Sequence(std::move(items));
    }
    case Builtin::kPrint: {
      const Value text = Eval(args[0], env);
      const Value value = Eval(args[1], env);
      print(eval::ToString(text) + "  " + eval::ToString(value));
      return value;
    }
    case Builtin::kPrintT: print(eval::ToString(Eval(args[0], env))); return Value::Bool(true);
    case Builtin::kAssert: {
      const bool holds = EvalBool(args[0], env);
      if (!holds) {
        const Value text = Eval(args[1], env);
        Fail(ErrorKind::kAssert, "the assertion is false: " + eval::ToString(text), e.span);
      }
      return Value::Bool(true);
    }
    case Builtin::kToString: return Value::String(eval::ToString(Eval(args[0], env)));
    case Builtin::kTlcEval: return Eval(args[0], env);
    case Builtin::kRandomElement: {
      // Deterministic on purpose: same inputs, same answers.
      const Value set = Force(EvalSet(args[0], env), e.span);
      if (set.size() == 0) Fail(ErrorKind::kNoWitness, "RandomElement of the empty set", e.span);
      return set.items().front();
    }
    default:
      Fail(ErrorKind::kUnsupported, "this operator of module TLC has no value here", e.span,
           "JavaTime, TLCGet and TLCSet depend on a running TLC");
  }
}

// A built-in operator that was passed as an argument, such as the < of SortSeq(s, <).
Operand Evaluator::Impl::CallBuiltin(Builtin builtin, const std::vector<Value>& args, const Span& span) {
  switch (builtin) {
    case Builtin::kEqual: return Value::Bool(EqualValues(args[0], args[1], span));
    case Builtin::kNotEqual: return Value::Bool(!EqualValues(args[0], args[1], span));
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
    case Builtin::kGreaterEqual:
      for (const Value& arg : args) {
        if (!arg.is_int()) Fail(ErrorKind::kType, "expected an integer, found " + eval::ToString(arg), span);
      }
      return ArithmeticOn(builtin, args[0].as_int(), args.size() > 1 ? args[1].as_int() : 0, span);
    case Builtin::kUnion2:
    case Builtin::kIntersect:
    case Builtin::kSetMinus: {
      LazySet set{.kind = builtin == Builtin::kUnion2      ? LazySetKind::kUnion
                          : builtin == Builtin::kIntersect ? LazySetKind::kIntersect
                                                           : LazySetKind::kMinus};
      for (const Value& arg : args) {
        if (!arg.is_set()) Fail(ErrorKind::kType, "expected a set, found " + eval::ToString(arg), span);
        set.parts.emplace_back(arg);
      }
      return Force(Operand(LazySetPtr(std::make_shared<LazySet>(std::move(set)))), span);
    }
    default:
      Fail(ErrorKind::kUnsupported, "this built-in operator cannot be passed as an argument", span,
           "wrap it, as in LAMBDA x : Len(x)");
  }
}

Operand Evaluator::Impl::CallOperator(ExprId op, const Environment* op_scope, const std::vector<Value>& args,
                                      const Span& span) {
  const Expr& e = program_.expr(op);
  if (e.kind == ExprKind::kLambda) {
    const Environment* env = op_scope;
    std::size_t at = 0;
    for (const Bound& bound : e.bounds) {
      for (const LocalId local : bound.locals) env = BindValue(env, local, args[at++]);
    }
    return EvalLazy(e.operands[0], env);
  }
  if (e.kind == ExprKind::kOperatorRef && e.definition.is_valid()) {
    const DefinitionId id = program_.Effective(e.definition);
    const Definition& definition = spec_.definition(id);
    const Environment* env = OuterOf(id, op_scope);
    if (definition.parameters.size() != args.size())
      Fail(ErrorKind::kType, "wrong number of arguments for " + definition.name, span);
    for (std::size_t i = 0; i < args.size(); ++i) env = BindValue(env, definition.parameters[i].local, args[i]);
    if (++depth_ > options_.limits.depth_max) {
      depth_ = 0;
      Fail(ErrorKind::kDepth, "operators are applied too deep in " + definition.name, span, "raise --max-depth");
    }
    Operand result = EvalLazy(definition.body, env);
    if (depth_ > 0) --depth_;
    return result;
  }
  if (e.kind == ExprKind::kOperatorRef) {
    const Environment* node = Find(op_scope, e.local, span);
    return CallOperator(node->expression, node->scope, args, span);
  }
  if (e.kind == ExprKind::kBuiltinRef) {
    return CallBuiltin(e.builtin, args, e.span);
  }
  Fail(ErrorKind::kType, "expected an operator", span);
}

}  // namespace kelpie::naive
