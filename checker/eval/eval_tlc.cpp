// Operators of the module TLC.
#include <algorithm>

#include "checker/eval/scopes.h"
#include "tla/resolve/builtins.h"

namespace kelpie::eval {

Value Machine::MergeFunctions(const Value& left, const Value& right, NodeId at) {
  if (!left.is_function() || !right.is_function()) Fail(ErrorKind::kType, "@@ expects two functions", at);
  const Value left_domain = left.Domain();
  const Value right_domain = right.Domain();
  std::vector<Value> keys(left_domain.items().begin(), left_domain.items().end());
  keys.insert(keys.end(), right_domain.items().begin(), right_domain.items().end());
  const Value domain = SetOf(std::move(keys), at);
  ValueBuilder values(domain.size());
  for (const Value& key : domain.items()) {
    const Value* value = left.Apply(key);
    values.Add(value != nullptr ? *value : *right.Apply(key));
  }
  return values.TakeFunction(domain);
}

Value Machine::Permutations(const Value& set, NodeId at) {
  constexpr std::size_t kBaseMax = 9;  // 10! is beyond the limit of a set
  if (set.size() > kBaseMax) CheckSize(SIZE_MAX, at);
  std::vector<Value> image(set.items().begin(), set.items().end());
  std::vector<Value> all;
  do {
    all.push_back(Value::Function(set, image));
  } while (std::next_permutation(image.begin(), image.end(),
                                 [](const Value& a, const Value& b) { return Compare(a, b) < 0; }));
  return SetOf(std::move(all), at);
}

Value Machine::SortSequence(NodeId id, const Node& node, Value* f) {
  const auto args = code_->list(node);
  const Value value = SequenceArgument(args[0], f, "SortSeq");
  std::vector<Value> items;
  // Insertion keeps equal items in order and needs no strict weak ordering from the user.
  for (const Value& item : value.items()) {
    auto at = items.end();
    while (at != items.begin()) {
      const Value before = CallLambda(args[1], f, {&item, &*(at - 1)});
      if (!before.is_bool()) Fail(ErrorKind::kType, "the order of SortSeq gave " + ToString(before), id);
      if (!before.as_bool()) break;
      --at;
    }
    items.insert(at, item);
  }
  return Value::Sequence(std::move(items));
}

Value Machine::EvalModuleOperator(NodeId id, const Node& node, Value* f) {
  const auto print = [this](const std::string& text) {
    if (options_.print) options_.print(text);
  };
  const auto args = code_->list(node);
  switch (code_->builtins[node.a]) {
    case Builtin::kMakeFunction: {
      const Value key = Finite(args[0], f);
      return Value::Function(Value::SetFromSorted({key}), {Finite(args[1], f)});
    }
    case Builtin::kMergeFunctions: {
      const Value left = Finite(args[0], f);
      return MergeFunctions(left, Finite(args[1], f), id);
    }
    case Builtin::kPermutations: {
      const Value set = Finite(args[0], f);
      if (!set.is_set()) Fail(ErrorKind::kType, "expected a set, found " + ToString(set), args[0]);
      return Permutations(set, id);
    }
    case Builtin::kSortSeq: return SortSequence(id, node, f);
    case Builtin::kPrint: {
      const Value text = Finite(args[0], f);
      Value value = Finite(args[1], f);
      print(ToString(text) + "  " + ToString(value));
      return value;
    }
    case Builtin::kPrintT: print(ToString(Finite(args[0], f))); return Value::Bool(true);
    case Builtin::kAssert:
      if (!Test(args[0], f)) Fail(ErrorKind::kAssert, "the assertion is false: " + ToString(Finite(args[1], f)), id);
      return Value::Bool(true);
    case Builtin::kToString: return Value::String(ToString(Finite(args[0], f)));
    case Builtin::kTlcEval: return Finite(args[0], f);
    case Builtin::kRandomElement: {
      // Deterministic on purpose: same inputs, same answers.
      const Value set = Finite(args[0], f);
      if (!set.is_set()) Fail(ErrorKind::kType, "expected a set, found " + ToString(set), args[0]);
      if (set.size() == 0) Fail(ErrorKind::kNoWitness, "RandomElement of the empty set", id);
      return set.items().front();
    }
    default: break;
  }
  if (!resolve::IsLibrary(code_->builtins[node.a])) return EvalExtension(id, node, f);
  return node.is_described() && !IsFinite(id, f) ? MakeLazy(id, f) : EvalLibrary(id, node, f);
}

}  // namespace kelpie::eval
