// Dispatch: the value of a node, as a value, a reference, a truth or a number.
#include "checker/eval/scopes.h"

namespace kelpie::eval {

const Value& Machine::NextRef(NodeId id, const Node& node) const {
  if (now_.next == nullptr) Fail(ErrorKind::kUnsupported, "a primed variable is read where there is no next state", id);
  if (now_.assigned[node.a] == 0) {
    Fail(ErrorKind::kUnassigned,
         "the variable " + program_.SlotName(node.a) + (now_.is_init ? "" : "'") + " is read before it has a value", id,
         "conjuncts are evaluated in text order: assign it first");
  }
  Watch(node.a);  // of which it may be made
  return now_.next[node.a];
}

const Value& Machine::ConstantRef(NodeId id, const Node& node, Value* f, Value& scratch) {
  if (!constants_[node.a].is_unset()) return constants_[node.a];
  if (node.b != kNoNode) {
    if (node.c == 0) return Ref(node.b, f, scratch);
    Value value = Eval(node.b, f);
    return constants_[node.a] = std::move(value);
  }
  Fail(ErrorKind::kUnsupported, "the constant " + spec_.constants[node.a].name + " has no value", id,
       "assign it in the model file or in the trace's header");
}

const Value& Machine::OnceRef(const Node& node, Value* f, Value& scratch) {
  Value& known = once_[node.a];
  if (!known.is_unset()) return known;
  scratch = Eval(node.b, f);
  return once_[node.a] = scratch;
}

const Value* Machine::Place(NodeId id, Value* f) const {
  const Node& node = nodes_[id];
  return node.op == Opcode::kApply ? FollowPath(node, f) : Leaf(node.op, node.a, f);
}

const Value* Machine::FollowPath(const Node& node, Value* f) const {
  const program::PathStep* const first = code_->paths.data() + node.list;
  const program::PathStep* const last = first + node.list_size;
  if (now_.reads != nullptr && first->op == Opcode::kVariable) [[unlikely]]
    return FollowPathWatched(node, f);
  const Value* at = Leaf(first->op, first->index, f);
  for (const program::PathStep* step = first + 1; step != last; ++step) {
    if (at == nullptr || !at->is_function()) return nullptr;
    if (step->op == Opcode::kLiteral) {
      at = at->ApplyHinted(literals_[step->index], now_.compiled->field_hints[step - code_->paths.data()]);
      continue;
    }
    const Value* argument = step->op == Opcode::kApply ? Place(step->index, f) : Leaf(step->op, step->index, f);
    if (argument == nullptr || argument->is_lazy()) return nullptr;
    at = at->Apply(*argument);
  }
  return at;
}

// Looks an operator's value up by its arguments, when those are at hand and cheap to compare.
const Value& Machine::SharedRef(NodeId, const Node& node, Value* f, Value& scratch) {
  const program::Call& call = code_->calls[node.b];
  // Until the call begins, its memories hold what the arguments of an earlier one were.
  for (const SlotId slot : call.memo_slots) f[slot] = Value::Unset();
  const Value* arguments[2] = {nullptr, nullptr};
  // Multiplicative hashing is enough for a memory that only ever forgets.
  constexpr std::uint64_t kMultiplier = 0x9e3779b97f4a7c15ULL;
  std::uint64_t hash = call.effective.index + now_.generation * 2;
  for (std::size_t i = 0; i < call.parameters.size(); ++i) {
    NodeId parameter = call.parameters[i];
    const Node& given = nodes_[parameter];
    if (given.op == Opcode::kMemo && f[given.a].is_unset()) parameter = given.b;
    arguments[i] = nodes_[parameter].is_place() ? Place(parameter, f) : nullptr;
    if (arguments[i] == nullptr || arguments[i]->kind() >= ValueKind::kSet) {
      scratch = InCall(node, f, [&](NodeId body) { return Eval(body, f); });
      return scratch;
    }
    hash = hash * kMultiplier + arguments[i]->ScalarBits();
  }
  SharedValue& entry = shared_[(hash * kMultiplier) >> (64 - kSharedBits)];
  if (entry.generation == now_.generation && entry.definition == call.effective) {
    bool is_same = true;
    for (std::size_t i = 0; i < call.parameters.size(); ++i)
      is_same = is_same && entry.arguments[i].is_same_object(*arguments[i]);
    if (is_same) return entry.value;
  }
  Value kept[2];
  for (std::size_t i = 0; i < call.parameters.size(); ++i) kept[i] = *arguments[i];
  scratch = InCall(node, f, [&](NodeId body) { return Eval(body, f); });
  if (scratch.is_lazy()) return scratch;
  entry.generation = now_.generation;
  entry.definition = call.effective;
  entry.arguments[0] = std::move(kept[0]);
  entry.arguments[1] = std::move(kept[1]);
  entry.value = scratch;
  return scratch;
}

// The value without a copy where it exists already; `scratch` holds it otherwise.
const Value& Machine::Ref(NodeId id, Value* f, Value& scratch) {
  const Node& node = nodes_[id];
  if (node.is_place()) {
    if (const Value* place = Place(id, f)) return *place;
  }
  switch (node.op) {
    case Opcode::kLiteral: return literals_[node.a];
    case Opcode::kLocal: return f[node.a];
    case Opcode::kVariable:
      if (now_.state == nullptr) Fail(ErrorKind::kUnsupported, "a variable is read where there is no state", id);
      Watch(node.a);
      return now_.state[node.a];
    case Opcode::kNextVariable: return NextRef(id, node);
    case Opcode::kMemo:
      if (f[node.a].is_unset()) {
        Value value = Eval(node.b, f);
        f[node.a] = std::move(value);
      }
      return f[node.a];
    case Opcode::kOnce: return OnceRef(node, f, scratch);
    case Opcode::kConstant: return ConstantRef(id, node, f, scratch);
    case Opcode::kApply: return ApplyRef(id, node, f, scratch);
    default: scratch = Eval(id, f); return scratch;
  }
}

Value Machine::Finite(NodeId id, Value* f) {
  Value value = Eval(id, f);
  return value.is_lazy() ? Force(std::move(value)) : value;
}

Value Machine::Eval(NodeId id, Value* f) {
  const Node& node = nodes_[id];
  switch (node.op) {
    case Opcode::kLiteral: return literals_[node.a];
    case Opcode::kLocal: return f[node.a];
    case Opcode::kVariable:
    case Opcode::kNextVariable:
    case Opcode::kMemo:
    case Opcode::kOnce:
    case Opcode::kConstant:
    case Opcode::kApply: {
      if (node.is_place()) {
        if (const Value* place = Place(id, f)) return *place;
      }
      Value scratch;
      const Value& value = Ref(id, f, scratch);
      return &value == &scratch ? std::move(scratch) : value;
    }
    case Opcode::kInline:
      if ((node.flags & program::kFlagShared) != 0) {
        Value scratch;
        const Value& value = SharedRef(id, node, f, scratch);
        return &value == &scratch ? std::move(scratch) : value;
      }
      return InCall(node, f, [&](NodeId body) { return Eval(body, f); });
    case Opcode::kIf: return Eval(Test(node.a, f) ? node.b : node.c, f);
    case Opcode::kPlus:
    case Opcode::kMinus:
    case Opcode::kNegate:
    case Opcode::kTimes:
    case Opcode::kPower:
    case Opcode::kDiv:
    case Opcode::kMod: return Value::Int(Arithmetic(id, node, f));
    case Opcode::kAnd:
    case Opcode::kOr:
    case Opcode::kNot:
    case Opcode::kEqual:
    case Opcode::kIn:
    case Opcode::kLess: return Value::Bool(Test(id, f));
    case Opcode::kRecord: return EvalRecord(id, node, f);
    case Opcode::kExcept: return EvalExcept(id, node, f);
    case Opcode::kTuple: {
      ValueBuilder builder(node.list_size);
      for (const NodeId item : code_->list(node)) builder.Add(Finite(item, f));
      return builder.TakeSequence();
    }
    default: return EvalOther(id, node, f);
  }
}

Value Machine::EvalOther(NodeId id, const Node& node, Value* f) {
  switch (node.op) {
    case Opcode::kCall: return EvalCall(id, node, f);
    case Opcode::kError: Fail(ErrorKind::kUnsupported, code_->messages[node.a], id);
    case Opcode::kLambda: Fail(ErrorKind::kType, "an operator is used as a value", id);
    case Opcode::kAlways:
    case Opcode::kEventually:
    case Opcode::kLeadsTo:
    case Opcode::kWeakFairness:
    case Opcode::kStrongFairness:
      Fail(ErrorKind::kUnsupported, "a temporal formula has no truth in one state or step", id);
    case Opcode::kCase: return Eval(CaseArm(id, node, f), f);
    case Opcode::kCount: return Value::Bool(TestCounted(node, f));
    case Opcode::kChoose: return EvalChoose(id, node, f);
    case Opcode::kFunction:
    case Opcode::kRecursiveFunction: return EvalFunction(id, node, f);
    case Opcode::kCardinality: {
      const Value* watched = now_.reads != nullptr ? WatchedSize(node.a, ValueKind::kSet) : nullptr;
      if (watched != nullptr) return Value::Int(static_cast<std::int64_t>(watched->size()));
      Value scratch;
      const Value& set = SetRef(node.a, f, scratch);
      if (!set.is_lazy()) return Value::Int(static_cast<std::int64_t>(set.size()));
      return Value::Int(static_cast<std::int64_t>(Force(set).size()));
    }
    case Opcode::kLen:
    case Opcode::kHead:
    case Opcode::kTail:
    case Opcode::kAppend:
    case Opcode::kConcat:
    case Opcode::kSelectSeq: return EvalSequence(id, node, f);
    case Opcode::kSubSeq: return EvalSubSeq(id, node, f);
    case Opcode::kModuleOperator: return EvalModuleOperator(id, node, f);
    default: return EvalCollection(id, node, f);
  }
}

Value Machine::EvalCollection(NodeId id, const Node& node, Value* f) {
  switch (node.op) {
    case Opcode::kSetEnumeration: {
      if (node.list_size == 1) {
        ValueBuilder builder(1);
        builder.Add(Finite(code_->lists[node.list], f));
        return builder.TakeSet();
      }
      std::vector<Value> elements;
      elements.reserve(node.list_size);
      for (const NodeId item : code_->list(node)) elements.push_back(Finite(item, f));
      return SetOf(std::move(elements), id);
    }
    case Opcode::kSetFilter: return EvalSetFilter(id, node, f);
    case Opcode::kSetMap: return EvalSetMap(id, node, f);
    case Opcode::kUnion:
    case Opcode::kIntersect:
    case Opcode::kSetMinus: return EvalSetOperation(id, node, f);
    case Opcode::kBigUnion: return EvalBigUnion(id, node, f);
    case Opcode::kBooleanSet: return Value::SetFromSorted({Value::Bool(false), Value::Bool(true)});
    case Opcode::kDomain: return EvalDomain(id, node, f);
    case Opcode::kNatSet:
    case Opcode::kIntSet:
    case Opcode::kStringSet:
    case Opcode::kAnySet:
    case Opcode::kSeqSet: return MakeLazy(id, f);
    case Opcode::kPowerSet:
    case Opcode::kFunctionSet:
    case Opcode::kRecordSet:
    case Opcode::kCross:
    case Opcode::kInterval: return IsFinite(id, f) ? Listed(id, f) : MakeLazy(id, f);
    default: return Value::Bool(Test(id, f));
  }
}

NodeId Machine::CaseArm(NodeId id, const Node& node, Value* f) {
  const auto arms = code_->list(node);
  for (std::size_t i = 0; i + 1 < arms.size(); i += 2) {
    if (Test(arms[i], f)) return arms[i + 1];
  }
  if (node.a != kNoNode) return node.a;
  Fail(ErrorKind::kNoCase, "no guard of this CASE is true and it has no OTHER", id);
}

Value Machine::EvalChoose(NodeId id, const Node& node, Value* f) {
  const Binder& binder = code_->bound(node)[0];
  if (binder.set == kNoNode) {
    Fail(ErrorKind::kNotEnumerable, "an unbounded CHOOSE cannot be evaluated", id,
         "give it a set, or override the definition by a model value");
  }
  Value chosen = Value::Unset();
  ForEach(binder.set, f, [&](const Value& element) {
    Bind(binder, 0, element, f);
    if (Test(node.a, f)) chosen = element;
    return chosen.is_unset();
  });
  if (chosen.is_unset()) Fail(ErrorKind::kNoWitness, "CHOOSE found no element with the property", id);
  return chosen;
}

}  // namespace kelpie::eval
