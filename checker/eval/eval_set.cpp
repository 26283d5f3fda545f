// Sets: made, or visited element by element without being made.
#include "checker/eval/scopes.h"

namespace kelpie::eval {

void Machine::CheckSize(std::size_t size, NodeId at) const {
  if (size > options_.limits.set_size_max) {
    Fail(ErrorKind::kSize,
         "a set or function has more than " + std::to_string(options_.limits.set_size_max) + " elements", at,
         "raise --max-set, or make the set smaller");
  }
}

Value Machine::SetOf(std::vector<Value> elements, NodeId at) {
  CheckSize(elements.size(), at);
  std::optional<Value> set = MakeSet(std::move(elements));
  if (!set) {
    Fail(ErrorKind::kIncomparable, "a set has elements that cannot be compared with one another", at,
         "elements of a set must be of one kind, for TLC too");
  }
  return std::move(*set);
}

Value Machine::MakeLazy(NodeId id, Value* f) {
  auto rule = std::make_unique<LazyRule>();
  rule->compiled = now_.compiled;
  rule->node = id;
  rule->frame.assign(f, f + frame_size_);
  rule->destroy = [](const LazyObject* object) { delete static_cast<const LazyRule*>(object); };
  return Value::Lazy(rule.release());
}

const Value& Machine::SetRef(NodeId id, Value* f, Value& scratch) {
  const Value& value = Ref(id, f, scratch);
  if (!value.is_set() && !value.is_lazy()) Fail(ErrorKind::kType, "expected a set, found " + ToString(value), id);
  return value;
}

// Makes a rule a value: lists the set, tabulates the function.
Value Machine::Force(Value value) {
  if (!value.is_lazy()) return value;
  return AskLazy(value, [&](NodeId node, Value* f) {
    const Opcode op = nodes_[node].op;
    if (op != Opcode::kFunction && op != Opcode::kRecursiveFunction) {
      const bool is_set = nodes_[node].is_described() || op == Opcode::kSetFilter || op == Opcode::kUnion ||
                          op == Opcode::kIntersect || op == Opcode::kSetMinus || op == Opcode::kInterval;
      return is_set ? Listed(node, f) : Finite(node, f);  // or an argument that could not be evaluated
    }
    const Value domain = DomainOf(code_->bound(nodes_[node]), f, node);
    ValueBuilder values(domain.size());
    for (const Value& key : domain.items()) values.Add(ApplyRule(value, key, node));
    return values.TakeFunction(domain);
  });
}

Value Machine::Listed(NodeId id, Value* f) {
  std::vector<Value> elements;
  ForEachDescribed(id, f, [&](const Value& element) {
    elements.push_back(element);
    CheckSize(elements.size(), id);
    return true;
  });
  return SetOf(std::move(elements), id);
}

bool Machine::IsFinite(NodeId id, Value* f) {
  const Node& node = nodes_[id];
  switch (node.op) {
    case Opcode::kNatSet:
    case Opcode::kIntSet:
    case Opcode::kStringSet:
    case Opcode::kAnySet:
    case Opcode::kSeqSet: return false;
    case Opcode::kInterval:
    case Opcode::kBooleanSet:
    case Opcode::kSetEnumeration:
    case Opcode::kSetMap: return true;
    case Opcode::kBigUnion:
      return !node.is_described() || ForEachPart(node, f, [&](NodeId part) { return IsFinite(part, f); });
    case Opcode::kPowerSet: return IsFinite(node.a, f);
    case Opcode::kSetFilter: return IsFinite(code_->bound(node)[0].set, f);
    case Opcode::kSetMinus: return IsFinite(node.a, f);
    case Opcode::kIntersect: return IsFinite(node.a, f) || IsFinite(node.b, f);
    case Opcode::kUnion:
    case Opcode::kFunctionSet: return IsFinite(node.a, f) && IsFinite(node.b, f);
    case Opcode::kModuleOperator:
      if (node.is_described()) return IsFiniteLibrarySet(node, f);
      break;
    case Opcode::kRecordSet:
    case Opcode::kCross:
      for (const NodeId part : code_->list(node)) {
        if (!IsFinite(part, f)) return false;
      }
      return true;
    case Opcode::kOnce:
      if (node.is_described()) return IsFinite(node.b, f);
      break;
    case Opcode::kInline:
      if (node.is_described()) return InCall(node, f, [&](NodeId body) { return IsFinite(body, f); });
      break;
    case Opcode::kIf:
      if (node.is_described()) return IsFinite(Test(node.a, f) ? node.b : node.c, f);
      break;
    default: break;
  }
  Value scratch;
  const Value& set = SetRef(id, f, scratch);
  if (!set.is_lazy()) return true;
  return AskLazy(set, [&](NodeId rule, Value* frame) {
    return nodes_[rule].op != Opcode::kFunction && nodes_[rule].op != Opcode::kRecursiveFunction &&
           IsFinite(rule, frame);
  });
}

// --- operations

namespace {
// Two sorted lists as one; `keep` says from which elements go in: left only, both, right only.
Value Merge(const Value& a, const Value& b, bool left, bool both, bool right, bool* refused) {
  const auto x = a.items();
  const auto y = b.items();
  ValueBuilder out(x.size() + (right ? y.size() : 0));
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < x.size() && j < y.size()) {
    const int order = CompareChecked(x[i], y[j], refused);
    if (order < 0) {
      if (left) out.Add(x[i]);
      ++i;
    } else if (order > 0) {
      if (right) out.Add(y[j]);
      ++j;
    } else {
      if (both) out.Add(x[i]);
      ++i;
      ++j;
    }
  }
  for (; left && i < x.size(); ++i) out.Add(x[i]);
  for (; right && j < y.size(); ++j) out.Add(y[j]);
  return out.TakeSet();
}
}  // namespace

Value Machine::EvalSetOperation(NodeId id, const Node& node, Value* f) {
  if (node.is_described()) return IsFinite(id, f) ? Listed(id, f) : MakeLazy(id, f);
  Value left;
  Value right;
  const Value& a = SetRef(node.a, f, left);
  const Value& b = SetRef(node.b, f, right);
  if (a.is_lazy() || b.is_lazy()) return IsFinite(id, f) ? Listed(id, f) : MakeLazy(id, f);
  bool refused = false;
  Value result;
  // One element put in or taken out: only that entry is looked at and hashed.
  if (b.size() == 1 && node.op != Opcode::kIntersect && a.size() > 0) {
    (void)CompareChecked(a.items().front(), b.items().front(), &refused);
    if (!refused) {
      const Value& element = b.items().front();
      return node.op == Opcode::kUnion ? a.WithElement(element) : a.WithoutElement(element);
    }
  }
  refused = false;
  switch (node.op) {
    case Opcode::kUnion: result = Merge(a, b, true, true, true, &refused); break;
    case Opcode::kIntersect: result = Merge(a, b, false, true, false, &refused); break;
    default: result = Merge(a, b, true, false, false, &refused); break;
  }
  if (refused) {
    Fail(ErrorKind::kIncomparable, "the elements of " + ToString(a) + " and " + ToString(b) + " cannot be compared", id,
         "elements of a set must be of one kind, for TLC too");
  }
  CheckSize(result.size(), id);
  return result;
}

Value Machine::EvalSetFilter(NodeId id, const Node& node, Value* f) {
  const Binder& binder = code_->bound(node)[0];
  // Described sets stay so: {f \in [S -> Int] : P(f)} answers membership.
  if (node.is_described()) return IsFinite(id, f) ? Listed(id, f) : MakeLazy(id, f);
  const Value base = Eval(binder.set, f);
  if (base.is_lazy()) return IsFinite(binder.set, f) ? Listed(id, f) : MakeLazy(id, f);
  if (!base.is_set()) Fail(ErrorKind::kType, "expected a set, found " + ToString(base), binder.set);
  ValueBuilder kept(base.size());
  for (const Value& element : base.items()) {
    Bind(binder, 0, element, f);
    if (Test(node.a, f)) kept.Add(element);
  }
  return kept.TakeSet();
}

Value Machine::EvalSetMap(NodeId id, const Node& node, Value* f) {
  std::vector<Value> elements;
  ForEachBinding(code_->bound(node), f, id, [&] {
    elements.push_back(Finite(node.a, f));
    CheckSize(elements.size(), id);
    return true;
  });
  return SetOf(std::move(elements), id);
}

// The sets of a described UNION, each bound as it stands. False: the visitor stopped.
bool Machine::ForEachPart(const Node& big_union, Value* f, FunctionRef<bool(NodeId)> visit) {
  const Node& sets = nodes_[big_union.a];
  if (sets.op == Opcode::kSetMap)
    return ForEachBinding(code_->bound(sets), f, big_union.a, [&] { return visit(sets.a); });
  for (const NodeId item : code_->list(sets)) {
    if (!visit(item)) return false;
  }
  return true;
}

Value Machine::EvalBigUnion(NodeId id, const Node& node, Value* f) {
  if (node.is_described() && !IsFinite(id, f)) return MakeLazy(id, f);
  std::vector<Value> elements;
  ForEach(node.a, f, [&](const Value& inner) {
    if (!inner.is_set()) Fail(ErrorKind::kType, "UNION of a set that has " + ToString(inner) + " as an element", id);
    elements.insert(elements.end(), inner.items().begin(), inner.items().end());
    return true;
  });
  return SetOf(std::move(elements), id);
}

Value Machine::EvalDomain(NodeId id, const Node& node, Value* f) {
  Value scratch;
  const Value& function = Ref(node.a, f, scratch);
  if (function.is_lazy()) {
    return AskLazy(function, [&](NodeId rule, Value* frame) {
      const Opcode op = nodes_[rule].op;
      if (op != Opcode::kFunction && op != Opcode::kRecursiveFunction) {
        Fail(ErrorKind::kType, "DOMAIN of a set", rule);
      }
      const auto binders = code_->bound(nodes_[rule]);
      if (binders.size() == 1 && binders[0].slots.size() == 1) return Eval(binders[0].set, frame);
      return Force(function).Domain();
    });
  }
  if (!function.is_function()) Fail(ErrorKind::kType, "DOMAIN of " + ToString(function) + ", which is no function", id);
  return function.Domain();
}

}  // namespace kelpie::eval
