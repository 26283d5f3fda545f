// Membership, asked of sets without making them.
#include "checker/eval/scopes.h"

namespace kelpie::eval {

void Machine::FailMember(const Value& value, const char* what, NodeId at) const {
  Fail(ErrorKind::kIncomparable, "cannot decide whether " + ToString(value) + " is in " + what, at);
}

bool Machine::ContainsValue(const Value& set, const Value& value, NodeId at) {
  if (set.is_lazy()) {
    return AskLazy(set, [&](NodeId rule, Value* f) { return Contains(rule, f, value, rule); });
  }
  if (!set.is_set()) Fail(ErrorKind::kType, "expected a set, found " + ToString(set), at);
  // A set of one kind is searched by order; what cannot be compared with its elements is an error.
  if (set.size() == 0) return false;
  bool refused = false;
  const Value& sample = set.items().front();
  if (sample.kind() != value.kind() || value.kind() >= ValueKind::kSet) (void)CompareChecked(sample, value, &refused);
  if (refused) FailMember(value, ToString(set).c_str(), at);
  return set.Contains(value);
}

bool Machine::InInteger(NodeId, const Node& node, Value* f, const Value& value, NodeId at) {
  if (node.op == Opcode::kInterval) {
    const std::int64_t low = Int(node.a, f);
    const std::int64_t high = Int(node.b, f);
    if (value.is_int()) return value.as_int() >= low && value.as_int() <= high;
    if (low > high) return false;
  } else if (value.is_int()) {
    return node.op == Opcode::kIntSet || value.as_int() >= 0;
  }
  if (value.kind() == ValueKind::kModelValue) return false;
  FailMember(value, "a set of integers", at);
}

// Evaluates what making the set would evaluate, so that its errors are met as TLC meets them.
void Machine::Touch(NodeId id, Value* f) {
  const Node& node = nodes_[id];
  if (!node.is_fixed_set()) return TouchOnce(id, node, f);
  std::vector<std::uint8_t>& is_touched = now_.compiled->is_touched;
  if (is_touched[id] != 0) return;
  TouchOnce(id, node, f);
  is_touched[id] = 1;
}

void Machine::TouchOnce(NodeId id, const Node& node, Value* f) {
  switch (node.op) {
    case Opcode::kInterval:
      (void)Int(node.a, f);
      (void)Int(node.b, f);
      return;
    case Opcode::kPowerSet:
    case Opcode::kSeqSet: Touch(node.a, f); return;
    case Opcode::kFunctionSet:
    case Opcode::kUnion:
    case Opcode::kIntersect:
    case Opcode::kSetMinus:
      Touch(node.a, f);
      Touch(node.b, f);
      return;
    case Opcode::kRecordSet:
    case Opcode::kCross:
      for (const NodeId part : code_->list(node)) Touch(part, f);
      return;
    case Opcode::kBigUnion:
      if (!node.is_described()) break;
      (void)ForEachPart(node, f, [&](NodeId part) {
        Touch(part, f);
        return true;
      });
      return;
    case Opcode::kSetFilter:
      if (!node.is_described()) break;
      Touch(code_->bound(node)[0].set, f);
      return;
    case Opcode::kOnce:
      if (!node.is_described()) break;
      Touch(node.b, f);
      return;
    case Opcode::kInline:
      if (!node.is_described()) break;
      InCall(node, f, [&](NodeId body) { Touch(body, f); });
      return;
    case Opcode::kIf:
      if (!node.is_described()) break;
      Touch(Test(node.a, f) ? node.b : node.c, f);
      return;
    case Opcode::kNatSet:
    case Opcode::kIntSet:
    case Opcode::kStringSet:
    case Opcode::kAnySet: return;
    case Opcode::kModuleOperator:
      if (IsAskedLibrarySet(node)) return;
      break;
    default: break;
  }
  Value scratch;
  (void)SetRef(id, f, scratch);
}

bool Machine::InTwo(NodeId id, const Node& node, Value* f, const Value& value, NodeId at) {
  const auto of_two = [&](auto in_left, auto in_right) {
    if (node.op == Opcode::kUnion) return in_left() || in_right();
    return in_left() && in_right() == (node.op == Opcode::kIntersect);
  };
  if (node.is_described()) {
    Touch(id, f);
    return of_two([&] { return Contains(node.a, f, value, at); }, [&] { return Contains(node.b, f, value, at); });
  }
  Value left;
  Value right;
  const Value& a = SetRef(node.a, f, left);
  const Value& b = SetRef(node.b, f, right);
  return of_two([&] { return ContainsValue(a, value, at); }, [&] { return ContainsValue(b, value, at); });
}

bool Machine::InFunctionSet(const Node& node, Value* f, const Value& value, NodeId at) {
  if (!value.is_function()) FailMember(value, "a set of functions", at);
  Value scratch;
  const Value& domain = SetRef(node.a, f, scratch);
  const bool is_same = value.kind() == ValueKind::kFunction && value.domain_ref().is_same_object(domain);
  if (!is_same && !EqualValues(value.Domain(), domain, at)) return false;
  for (const Value& item : value.items()) {
    if (!Contains(node.b, f, item, at)) return false;
  }
  return true;
}

// Tuples, records, sets and sequences by their parts.
bool Machine::InStructure(const Node& node, Value* f, const Value& value, NodeId at) {
  if (value.kind() == ValueKind::kModelValue) return false;
  const auto all_in = [&](NodeId set) {
    for (const Value& item : value.items()) {
      if (!Contains(set, f, item, at)) return false;
    }
    return true;
  };
  switch (node.op) {
    case Opcode::kPowerSet:
      if (!value.is_set()) FailMember(value, "a set of sets", at);
      return all_in(node.a);
    case Opcode::kSeqSet:
      if (!value.is_sequence()) FailMember(value, "a set of sequences", at);
      return all_in(node.a);
    case Opcode::kFunctionSet: return InFunctionSet(node, f, value, at);
    case Opcode::kCross: {
      if (!value.is_function()) FailMember(value, "a set of tuples", at);
      if (!value.is_sequence() || value.size() != node.list_size) return false;
      for (std::uint32_t i = 0; i < node.list_size; ++i) {
        if (!Contains(code_->lists[node.list + i], f, value.items()[i], at)) return false;
      }
      return true;
    }
    default: break;
  }
  // Names are in the order of their text on both sides: equal DOMAINs agree place by place.
  bool is_domain = value.kind() == ValueKind::kFunction && value.size() == node.list_size;
  const std::span<const Value> names = is_domain ? value.domain_ref().items() : std::span<const Value>();
  for (std::uint32_t i = 0; is_domain && i < node.list_size; ++i)
    is_domain = names[i].is_same_object(literals_[node.a + i]);
  if (!is_domain) {
    if (!value.is_record()) FailMember(value, "a set of records", at);
    return false;
  }
  for (std::uint32_t i = 0; i < node.list_size; ++i) {
    if (!Contains(code_->lists[node.list + i], f, value.items()[i], at)) return false;
  }
  return true;
}

// Scalars of one kind are compared one by one; anything else as the set that it is.
bool Machine::InEnumeration(NodeId id, const Node& node, Value* f, const Value& value, NodeId at) {
  bool is_plain = value.kind() < ValueKind::kSet;
  bool is_found = false;
  for (const NodeId item : code_->list(node)) {
    Value scratch;
    const Value& element = Ref(item, f, scratch);
    if (element.kind() != value.kind()) is_plain = false;
    if (!is_plain) return ContainsValue(Eval(id, f), value, at);
    is_found = is_found || element.is_same_object(value);
  }
  return is_found;
}

bool Machine::InDomain(const Node& node, Value* f, const Value& value, NodeId at) {
  Value scratch;
  const Value& function = Ref(node.a, f, scratch);
  if (function.kind() == ValueKind::kFunction) return ContainsValue(function.domain_ref(), value, at);
  if (function.is_sequence() && (value.is_int() || function.size() == 0)) {
    return function.size() > 0 && value.as_int() >= 1 && value.as_int() <= static_cast<std::int64_t>(function.size());
  }
  return ContainsValue(EvalDomain(static_cast<NodeId>(&node - nodes_), node, f), value, at);
}

bool Machine::Contains(NodeId id, Value* f, const Value& value, NodeId at) {
  const Node& node = nodes_[id];
  switch (node.op) {
    case Opcode::kAnySet: return true;
    case Opcode::kNatSet:
    case Opcode::kIntSet:
    case Opcode::kInterval: return InInteger(id, node, f, value, at);
    case Opcode::kStringSet:
      if (value.kind() == ValueKind::kString) return true;
      if (value.kind() == ValueKind::kModelValue) return false;
      FailMember(value, "STRING", at);
    case Opcode::kBooleanSet:
      if (value.is_bool()) return true;
      if (value.kind() == ValueKind::kModelValue) return false;
      FailMember(value, "BOOLEAN", at);
    case Opcode::kPowerSet:
    case Opcode::kFunctionSet:
    case Opcode::kRecordSet:
    case Opcode::kCross:
    case Opcode::kSeqSet: {
      const bool is_in = InStructure(node, f, value, at);
      // Parts that were not asked would have been made, and may be errors.
      if (!is_in || value.size() == 0) Touch(id, f);
      return is_in;
    }
    case Opcode::kUnion:
    case Opcode::kIntersect:
    case Opcode::kSetMinus: return InTwo(id, node, f, value, at);
    case Opcode::kSetEnumeration: return InEnumeration(id, node, f, value, at);
    case Opcode::kSetFilter: {
      // A listed set is filtered as a whole, errors of all its elements included, as TLC does.
      if (!node.is_described()) break;
      const Binder& binder = code_->bound(node)[0];
      if (!Contains(binder.set, f, value, at)) {
        Touch(id, f);
        return false;
      }
      Bind(binder, 0, value, f);
      return Test(node.a, f);
    }
    case Opcode::kBigUnion: {
      if (!node.is_described()) break;
      bool is_in = false;
      (void)ForEachPart(node, f, [&](NodeId part) {
        if (is_in) {
          Touch(part, f);
        } else {
          is_in = Contains(part, f, value, at);
        }
        return true;
      });
      return is_in;
    }
    case Opcode::kDomain: return InDomain(node, f, value, at);
    case Opcode::kModuleOperator: return InLibrarySet(id, node, f, value, at);
    case Opcode::kOnce:
      if (!node.is_described() || !once_[node.a].is_unset()) break;
      return Contains(node.b, f, value, at);
    case Opcode::kConstant:
      if (!node.is_described() || !constants_[node.a].is_unset()) break;
      return Contains(node.b, f, value, at);
    case Opcode::kInline: return InCall(node, f, [&](NodeId body) { return Contains(body, f, value, at); });
    case Opcode::kIf: return Contains(Test(node.a, f) ? node.b : node.c, f, value, at);
    default: break;
  }
  Value scratch;
  if (now_.reads != nullptr && node.op == Opcode::kVariable && now_.state != nullptr && now_.state[node.a].is_set()) {
    now_.reads->AddMember(node.a, value);
    return ContainsValue(now_.state[node.a], value, at);
  }
  return ContainsValue(Ref(id, f, scratch), value, at);
}

}  // namespace kelpie::eval
