// Operators of the module Sequences, and operators given as arguments.
#include "checker/eval/scopes.h"

namespace kelpie::eval {

Value Machine::SequenceArgument(NodeId id, Value* f, const char* op) {
  Value value = Finite(id, f);
  if (!value.is_sequence())
    Fail(ErrorKind::kType, std::string(op) + " expects a sequence, found " + ToString(value), id);
  return value;
}

Value Machine::CallLambda(NodeId lambda, Value* f, std::initializer_list<const Value*> args) {
  const Node& node = nodes_[lambda];
  std::size_t i = 0;
  for (const Value* argument : args) f[code_->lists[node.list + i++]] = *argument;
  return Finite(node.a, f);
}

namespace {
Value Slice(const Value& sequence, std::size_t from, std::size_t to) {
  ValueBuilder builder(to - from);
  for (std::size_t i = from; i < to; ++i) builder.Add(sequence.items()[i]);
  return builder.TakeSequence();
}
}  // namespace

Value Machine::EvalSequence(NodeId id, const Node& node, Value* f) {
  switch (node.op) {
    case Opcode::kLen: {
      const Value* watched = now_.reads != nullptr ? WatchedSize(node.a, ValueKind::kSequence) : nullptr;
      if (watched != nullptr) return Value::Int(static_cast<std::int64_t>(watched->size()));
      Value scratch;
      const Value& value = Ref(node.a, f, scratch);
      if (value.kind() == ValueKind::kString)
        return Value::Int(static_cast<std::int64_t>(value.symbol().text().size()));
      if (!value.is_sequence()) Fail(ErrorKind::kType, "Len expects a sequence, found " + ToString(value), id);
      return Value::Int(static_cast<std::int64_t>(value.size()));
    }
    case Opcode::kHead:
    case Opcode::kTail: {
      const bool is_head = node.op == Opcode::kHead;
      const Value value = SequenceArgument(node.a, f, is_head ? "Head" : "Tail");
      if (value.size() == 0) {
        Fail(ErrorKind::kOutsideDomain, std::string(is_head ? "Head" : "Tail") + " of the empty sequence", id);
      }
      return is_head ? value.items().front() : Slice(value, 1, value.size());
    }
    case Opcode::kAppend: {
      const Value value = SequenceArgument(node.a, f, "Append");
      return value.Appended(Finite(node.b, f));
    }
    case Opcode::kConcat: {
      const Value left = Finite(node.a, f);
      const Value right = Finite(node.b, f);
      if (left.kind() == ValueKind::kString && right.kind() == ValueKind::kString) {
        return Value::String(left.symbol().text() + right.symbol().text());
      }
      if (!left.is_sequence() || !right.is_sequence()) {
        Fail(ErrorKind::kType, "\\o expects two sequences, found " + ToString(left) + " and " + ToString(right), id);
      }
      ValueBuilder builder(left.size() + right.size());
      for (const Value& item : left.items()) builder.Add(item);
      for (const Value& item : right.items()) builder.Add(item);
      return builder.TakeSequence();
    }
    default: {  // kSelectSeq
      const Value value = SequenceArgument(node.a, f, "SelectSeq");
      ValueBuilder kept(value.size());
      for (const Value& item : value.items()) {
        const Value keep = CallLambda(node.b, f, {&item});
        if (!keep.is_bool()) Fail(ErrorKind::kType, "the test of SelectSeq gave " + ToString(keep), id);
        if (keep.as_bool()) kept.Add(item);
      }
      return kept.TakeSequence();
    }
  }
}

Value Machine::EvalSubSeq(NodeId id, const Node& node, Value* f) {
  const Value value = Finite(node.a, f);
  const bool is_string = value.kind() == ValueKind::kString;  // TLC takes strings for sequences here
  if (!is_string && !value.is_sequence()) {
    Fail(ErrorKind::kType, "SubSeq expects a sequence, found " + ToString(value), node.a);
  }
  const std::size_t length = is_string ? value.symbol().text().size() : value.size();
  const std::int64_t from = Int(node.b, f);
  const std::int64_t to = Int(node.c, f);
  if (from > to) return is_string ? Value::String("") : Value::Sequence({});
  if (from < 1 || to > static_cast<std::int64_t>(length)) {
    Fail(ErrorKind::kOutsideDomain,
         "SubSeq from " + std::to_string(from) + " to " + std::to_string(to) + " of a sequence of length " +
             std::to_string(length),
         id);
  }
  const auto first = static_cast<std::size_t>(from - 1);
  const auto last = static_cast<std::size_t>(to);
  return is_string ? Value::String(value.symbol().text().substr(first, last - first)) : Slice(value, first, last);
}

}  // namespace kelpie::eval
