// Sequences, and the operators of other modules.
#include <algorithm>

#include "checker/eval/value_order.h"
#include "checker/symbolic/sym_evaluator.h"
#include "tla/resolve/builtins.h"

namespace kelpie::symbolic {

using eval::ValueKind;
using resolve::Builtin;

SymValue SymEvaluator::SequenceOf(std::vector<SymValue> items) {
  const Value domain = SequenceDomain(items.size());
  return SymValue::Function(domain, std::move(items));
}

SymValue SymEvaluator::ExpectSequence(const SymValue& value, const char* op, const Span& span) {
  if (IsSequence(value)) return value;
  Fail(ErrorKind::kType, std::string(op) + " expects a sequence, found " + ToString(*pool_, value), span);
}

namespace {
bool IsString(const SymValue& v) { return v.is_concrete() && v.value().kind() == ValueKind::kString; }
const std::string& TextOf(const SymValue& v) { return v.value().symbol().text(); }
}  // namespace

SymValue SymEvaluator::EvalSequence(NodeId id, const Node& node) {
  const Span& span = SpanOf(id);
  const SymValue first = EvalForced(node.a);
  if (node.op == Opcode::kSelectSeq) return SelectSequence(first, node.b, span);
  const SymValue second =
      node.op == Opcode::kAppend || node.op == Opcode::kConcat ? EvalForced(node.b) : SymValue(Value());
  const Term from = node.op == Opcode::kSubSeq ? EvalInt(node.b) : pool_->Int(0);
  const Term to = node.op == Opcode::kSubSeq ? EvalInt(node.c) : pool_->Int(0);
  return SequenceOn(node.op, first, second, from, to, span);
}

SymValue SymEvaluator::SequenceOn(Opcode op, const SymValue& first, const SymValue& second, Term from, Term to,
                                  const Span& span) {
  if (first.kind() == SymKind::kChoice) {
    return Spread(first, [&](const SymValue& v) { return SequenceOn(op, v, second, from, to, span); });
  }
  if (op == Opcode::kConcat && second.kind() == SymKind::kChoice) {
    return Spread(second, [&](const SymValue& v) { return SequenceOn(op, first, v, from, to, span); });
  }
  switch (op) {
    case Opcode::kLen:
      if (IsString(first)) return Value::Int(static_cast<std::int64_t>(TextOf(first).size()));
      return Value::Int(static_cast<std::int64_t>(DomainOf(ExpectSequence(first, "Len", span)).size()));
    case Opcode::kHead:
    case Opcode::kTail: {
      const char* name = op == Opcode::kHead ? "Head" : "Tail";
      std::vector<SymValue> items = ItemsOf(ExpectSequence(first, name, span));
      if (items.empty()) Fail(ErrorKind::kOutsideDomain, std::string(name) + " of the empty sequence", span);
      if (op == Opcode::kHead) return items.front();
      items.erase(items.begin());
      return SequenceOf(std::move(items));
    }
    case Opcode::kAppend: {
      std::vector<SymValue> items = ItemsOf(ExpectSequence(first, "Append", span));
      items.push_back(second);
      return SequenceOf(std::move(items));
    }
    case Opcode::kConcat: {
      if (IsString(first) && IsString(second)) return Value::String(TextOf(first) + TextOf(second));
      std::vector<SymValue> items = ItemsOf(ExpectSequence(first, "\\o", span));
      for (SymValue& item : ItemsOf(ExpectSequence(second, "\\o", span))) items.push_back(std::move(item));
      return SequenceOf(std::move(items));
    }
    default: return SubSequence(first, from, to, span);
  }
}

SymValue SymEvaluator::SubSequence(const SymValue& sequence, Term from_term, Term to_term, const Span& span) {
  const bool is_string = IsString(sequence);  // TLC takes strings for sequences here
  if (!is_string) (void)ExpectSequence(sequence, "SubSeq", span);
  if (Decide(pool_->Less(to_term, from_term))) return is_string ? Value::String("") : Value::Sequence({});
  const auto length = static_cast<std::int64_t>(is_string ? TextOf(sequence).size() : DomainOf(sequence).size());
  const Term outside = pool_->Or(pool_->Less(from_term, pool_->Int(1)), pool_->Less(pool_->Int(length), to_term));
  if (Decide(outside))
    Fail(ErrorKind::kOutsideDomain, "SubSeq of a sequence of length " + std::to_string(length), span);
  const std::int64_t from = Concretize(from_term, span);
  const std::int64_t to = Concretize(to_term, span);
  if (is_string)
    return Value::String(
        TextOf(sequence).substr(static_cast<std::size_t>(from - 1), static_cast<std::size_t>(to - from + 1)));
  const std::vector<SymValue> items = ItemsOf(sequence);
  return SequenceOf({items.begin() + (from - 1), items.begin() + to});
}

SymValue SymEvaluator::CallLambda(NodeId lambda, const std::vector<SymValue>& args) {
  const Node& node = code_->node(lambda);
  for (std::size_t i = 0; i < args.size(); ++i) frame_->slots[code_->lists[node.list + i]].value = args[i];
  return Eval(node.a);
}

SymValue SymEvaluator::SelectSequence(const SymValue& sequence, NodeId test, const Span& span) {
  if (sequence.kind() == SymKind::kChoice) {
    return Spread(sequence, [&](const SymValue& v) { return SelectSequence(v, test, span); });
  }
  std::vector<SymValue> kept;
  for (const SymValue& item : ItemsOf(ExpectSequence(sequence, "SelectSeq", span))) {
    if (Decide(ToBool(CallLambda(test, {item}), span))) kept.push_back(item);
  }
  return SequenceOf(std::move(kept));
}

SymValue SymEvaluator::SortSequence(const SymValue& sequence, NodeId order, const Span& span) {
  std::vector<SymValue> items;
  for (const SymValue& item : ItemsOf(ExpectSequence(sequence, "SortSeq", span))) {
    std::size_t at = items.size();
    while (at > 0 && Decide(ToBool(CallLambda(order, {item, items[at - 1]}), span))) --at;
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(at), item);
  }
  return SequenceOf(std::move(items));
}

SymValue SymEvaluator::MergeFunctions(const SymValue& left, const SymValue& right, const Span& span) {
  if (left.kind() == SymKind::kChoice)
    return Spread(left, [&](const SymValue& v) { return MergeFunctions(v, right, span); });
  if (right.kind() == SymKind::kChoice)
    return Spread(right, [&](const SymValue& v) { return MergeFunctions(left, v, span); });
  if (!IsFunction(left) || !IsFunction(right)) Fail(ErrorKind::kType, "@@ expects two functions", span);
  const Value left_domain = DomainOf(left);
  const Value right_domain = DomainOf(right);
  std::vector<Value> keys(left_domain.items().begin(), left_domain.items().end());
  keys.insert(keys.end(), right_domain.items().begin(), right_domain.items().end());
  const std::optional<Value> domain = eval::MakeSet(std::move(keys));
  if (!domain) Fail(ErrorKind::kIncomparable, "a DOMAIN has elements that cannot be compared with one another", span);
  std::vector<SymValue> values;
  for (const Value& key : domain->items())
    values.push_back(ApplyAt(left_domain.Contains(key) ? left : right, key, span));
  return SymValue::Function(*domain, std::move(values));
}

SymValue SymEvaluator::EvalModule(NodeId id, const Node& node) {
  const Span& span = SpanOf(id);
  const auto args = code_->list(node);
  const Builtin builtin = code_->builtins[node.a];
  switch (builtin) {
    case Builtin::kMakeFunction: {
      const std::vector<Value> key = Definite({{pool_->True(), EvalForced(args[0])}}, span);
      return SymValue::Function(Value::SetFromSorted(key), {EvalForced(args[1])});
    }
    case Builtin::kMergeFunctions: {
      const SymValue left = EvalForced(args[0]);
      return MergeFunctions(left, EvalForced(args[1]), span);
    }
    case Builtin::kPermutations: {
      const SymValue set = EvalForced(args[0]);
      if (!set.is_concrete() || !set.value().is_set()) GiveUp("Permutations of a set with unknown elements", span);
      constexpr std::size_t kPermutedMax = 9;
      if (set.value().size() > kPermutedMax) CheckSize(SIZE_MAX, span);
      std::vector<Value> image(set.value().items().begin(), set.value().items().end());
      std::vector<Member> all;
      const auto before = [](const Value& a, const Value& b) { return eval::Compare(a, b) < 0; };
      do {
        all.push_back({pool_->True(), Value::Function(set.value(), image)});
      } while (std::next_permutation(image.begin(), image.end(), before));
      return SetOf(std::move(all), span);
    }
    case Builtin::kSortSeq: {
      const SymValue sequence = EvalForced(args[0]);
      if (sequence.kind() != SymKind::kChoice) return SortSequence(sequence, args[1], span);
      return Spread(sequence, [&](const SymValue& v) { return SortSequence(v, args[1], span); });
    }
    case Builtin::kPrint: return EvalForced(args[1]);
    case Builtin::kPrintT: return Value::Bool(true);
    case Builtin::kTlcEval: return EvalForced(args[0]);
    case Builtin::kAssert: {
      MayErr(pool_->Not(EvalBool(args[0])), ErrorKind::kAssert, "the assertion is false", span);
      return Value::Bool(true);
    }
    case Builtin::kToString: {
      const SymValue value = EvalForced(args[0]);
      if (value.is_concrete()) return Value::String(eval::ToString(value.value()));
      if (value.kind() != SymKind::kChoice) GiveUp("ToString of an unknown", span);
      return Spread(value, [](const SymValue& v) { return Value::String(eval::ToString(v.value())); });
    }
    default: GiveUp("the operator " + std::string(resolve::InfoOf(builtin).text), span);
  }
}

}  // namespace kelpie::symbolic
