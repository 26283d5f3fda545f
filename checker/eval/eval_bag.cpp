// The module Bags: a bag is a function from its elements to how many copies it has.
#include "checker/eval/scopes.h"
#include "tla/resolve/builtins.h"

namespace kelpie::eval {

namespace {

bool IsBag(const Value& value) {
  if (!value.is_function()) return false;
  for (const Value& count : value.items()) {
    if (!count.is_int() || count.as_int() < 1) return false;
  }
  return true;
}

std::int64_t CopiesOf(const Value& bag, const Value& element) {
  const Value* count = bag.Apply(element);
  return count != nullptr ? count->as_int() : 0;
}

}  // namespace

Value Machine::BagArgument(NodeId id, Value* f) {
  Value bag = Finite(id, f);
  if (!IsBag(bag))
    Fail(ErrorKind::kType, "expected a bag, found " + ToString(bag), id, "a function to positive integers");
  return bag;
}

// Every bag with at most the copies of this one.
Value Machine::SubBags(const Value& bag, NodeId at) {
  const Value domain = bag.Domain();
  std::vector<Value> all;
  std::vector<std::int64_t> counts(domain.size(), 0);
  while (true) {
    std::vector<Value> keys;
    std::vector<Value> values;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      keys.push_back(domain.items()[i]);
      values.push_back(Value::Int(counts[i]));
    }
    all.push_back(Value::Function(Value::SetFromSorted(std::move(keys)), std::move(values)));
    CheckSize(all.size(), at);
    std::size_t i = 0;
    while (i < counts.size() && counts[i] == bag.items()[i].as_int()) counts[i++] = 0;
    if (i == counts.size()) return SetOf(std::move(all), at);
    ++counts[i];
  }
}

namespace {

// Bags under construction: elements and copies in any order, made one value at the end.
class BagBuilder {
 public:
  void Add(const Value& element, std::int64_t count) { counts_[element] += count; }
  [[nodiscard]] Value Take() const {
    std::vector<Value> keys;
    std::vector<Value> values;
    for (const auto& [element, count] : counts_) {
      if (count <= 0) continue;
      keys.push_back(element);
      values.push_back(Value::Int(count));
    }
    return Value::Function(Value::SetFromSorted(std::move(keys)), std::move(values));
  }
  void AddAll(const Value& bag, std::int64_t times) {
    for (std::size_t i = 0; i < bag.size(); ++i) Add(bag.Key(i), times * bag.items()[i].as_int());
  }

 private:
  std::map<Value, std::int64_t, ValueLess> counts_;
};

}  // namespace

Value Machine::EvalBagOperator(NodeId id, const Node& node, Value* f) {
  const auto args = code_->list(node);
  const Builtin builtin = code_->builtins[node.a];
  switch (builtin) {
    case Builtin::kIsABag: return Value::Bool(IsBag(Finite(args[0], f)));
    case Builtin::kBagToSet: return BagArgument(args[0], f).Domain();
    case Builtin::kSetToBag: {
      const Value set = Finite(args[0], f);
      if (!set.is_set()) Fail(ErrorKind::kType, "expected a set, found " + ToString(set), args[0]);
      return Value::Function(set, std::vector<Value>(set.size(), Value::Int(1)));
    }
    case Builtin::kBagIn: {
      const Value element = Finite(args[0], f);
      return Value::Bool(CopiesOf(BagArgument(args[1], f), element) > 0);
    }
    case Builtin::kEmptyBag: return Value::Sequence({});
    case Builtin::kBagAdd:
    case Builtin::kBagRemove: {
      BagBuilder builder;
      builder.AddAll(BagArgument(args[0], f), 1);
      builder.AddAll(BagArgument(args[1], f), builtin == Builtin::kBagAdd ? 1 : -1);
      return builder.Take();
    }
    case Builtin::kBagUnion: {
      BagBuilder builder;
      ForEach(args[0], f, [&](const Value& bag) {
        if (!IsBag(bag)) Fail(ErrorKind::kType, "BagUnion of a set that has " + ToString(bag) + " as an element", id);
        builder.AddAll(bag, 1);
        return true;
      });
      return builder.Take();
    }
    case Builtin::kBagSubsetEq: {
      const Value left = BagArgument(args[0], f);
      const Value right = BagArgument(args[1], f);
      for (std::size_t i = 0; i < left.size(); ++i) {
        if (left.items()[i].as_int() > CopiesOf(right, left.Key(i))) return Value::Bool(false);
      }
      return Value::Bool(true);
    }
    case Builtin::kSubBag: return SubBags(BagArgument(args[0], f), id);
    case Builtin::kBagOfAll: {
      const Value bag = BagArgument(args[1], f);
      BagBuilder builder;
      for (std::size_t i = 0; i < bag.size(); ++i) {
        const Value element = bag.Key(i);
        builder.Add(CallLambda(args[0], f, {&element}), bag.items()[i].as_int());
      }
      return builder.Take();
    }
    case Builtin::kBagCardinality: {
      const Value bag = BagArgument(args[0], f);
      std::int64_t sum = 0;
      for (const Value& count : bag.items()) sum = ArithmeticOn(Opcode::kPlus, sum, count.as_int(), id);
      return Value::Int(sum);
    }
    case Builtin::kCopiesIn: {
      const Value element = Finite(args[0], f);
      return Value::Int(CopiesOf(BagArgument(args[1], f), element));
    }
    default:
      Fail(ErrorKind::kUnsupported, std::string(resolve::InfoOf(builtin).text) + " cannot be evaluated yet", id,
           "docs/SEMANTICS.md, part 5, lists what is not done");
  }
}

}  // namespace kelpie::eval
