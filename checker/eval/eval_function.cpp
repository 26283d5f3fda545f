// Functions: made, applied, changed.
#include "checker/eval/scopes.h"

namespace kelpie::eval {

// --- application

const Value& Machine::ApplyTo(const Value& function, const Value& argument, NodeId at) {
  if (!function.is_function()) Fail(ErrorKind::kType, ToString(function) + " is applied like a function", at);
  const Value* result = function.Apply(argument);
  if (result == nullptr) {
    const bool is_field = function.is_record() && argument.kind() == ValueKind::kString;
    Fail(ErrorKind::kOutsideDomain,
         is_field
             ? "the record " + ToString(function) + " has no field " + argument.symbol().text()
             : "the function " + ToString(function) + " is applied to " + ToString(argument) + ", outside its DOMAIN",
         at);
  }
  return *result;
}

const Value& Machine::ApplyRef(NodeId id, const Node& node, Value* f, Value& scratch) {
  // [x \in S |-> e][k] needs one value, not all.
  const Node& function_node = nodes_[node.a];
  if (function_node.op == Opcode::kFunction && function_node.c == 1 &&
      code_->binders[function_node.b].slots.size() == 1) {
    const Binder& binder = code_->binders[function_node.b];
    const Value argument = Finite(node.b, f);
    if (!Contains(binder.set, f, argument, id)) {
      Fail(ErrorKind::kOutsideDomain, "the function is applied to " + ToString(argument) + ", outside its DOMAIN", id);
    }
    Bind(binder, 0, argument, f);
    scratch = Finite(function_node.a, f);
    return scratch;
  }
  if (now_.reads != nullptr && function_node.op == Opcode::kVariable && now_.state != nullptr) [[unlikely]]
    return ApplyVariableWatched(id, node, f, scratch);
  if (now_.reads != nullptr && (function_node.op == Opcode::kMemo || function_node.op == Opcode::kExcept))
      [[unlikely]] {
    const Value argument = Finite(node.b, f);
    const std::optional<Value> part = PartThrough(node.a, argument, f);
    if (part && !part->is_unset()) {
      scratch = *part;
      return scratch;
    }
  }
  Value held;
  const Value& function = Ref(node.a, f, held);
  Value argument_held;
  const Value& argument = Ref(node.b, f, argument_held);
  if (function.is_lazy() || argument.is_lazy()) {
    const Value rule = function;
    const Value given = Force(argument);
    scratch = rule.is_lazy() ? ApplyRule(rule, given, id) : ApplyTo(rule, given, id);
    return scratch;
  }
  const Value& result = ApplyTo(function, argument, id);
  // A part of a temporary must outlive it.
  if (&function != &held) return result;
  scratch = result;
  return scratch;
}

// A rule's values are computed when asked for, and remembered up to a number: a function of the time
// would be asked for another value in every state.
Value Machine::ApplyRule(const Value& lazy, const Value& argument, NodeId at) {
  const auto& rule = *static_cast<const LazyRule*>(lazy.lazy());
  if (const auto known = rule.known.find(argument); known != rule.known.end()) return known->second;
  const CallScope scope(*this, at, "a recursive function");
  Value result = AskLazy(lazy, [&](NodeId id, Value* f) {
    const Node& node = nodes_[id];
    if (node.op != Opcode::kFunction && node.op != Opcode::kRecursiveFunction) {
      if (node.is_described()) Fail(ErrorKind::kType, "a set is applied like a function", id);
      const Value value = Eval(id, f);  // an argument that could not be evaluated
      return value.is_lazy() ? ApplyRule(value, argument, id) : Value(ApplyTo(value, argument, id));
    }
    const auto binders = code_->bound(node);
    if (!IsArgument(binders, argument, f, id)) {
      FailAt(ErrorKind::kOutsideDomain, "the function is applied to " + ToString(argument) + ", outside its DOMAIN",
             SpanOf(id));
    }
    BindArgument(binders, argument, f, id);
    if (const SlotId self = code_->lists[node.list]; self != kNoNode) f[self] = lazy;
    return Finite(node.a, f);
  });
  constexpr std::size_t kKnownMax = 100'000;
  if (rule.known.size() >= kKnownMax) rule.known.clear();
  rule.known.emplace(argument, result);
  return result;
}

namespace {
std::size_t CountArguments(std::span<const Binder> binders) {
  std::size_t count = 0;
  for (const Binder& binder : binders) count += binder.is_tuple ? 1 : binder.slots.size();
  return count;
}
}  // namespace

bool Machine::IsArgument(std::span<const Binder> binders, const Value& argument, Value* f, NodeId at) {
  const std::size_t count = CountArguments(binders);
  if (count > 1 && (!argument.is_sequence() || argument.size() != count)) return false;
  std::size_t part = 0;
  for (const Binder& binder : binders) {
    const std::size_t times = binder.is_tuple ? 1 : binder.slots.size();
    for (std::size_t i = 0; i < times; ++i, ++part) {
      if (!Contains(binder.set, f, count == 1 ? argument : argument.items()[part], at)) return false;
    }
  }
  return true;
}

void Machine::BindArgument(std::span<const Binder> binders, const Value& argument, Value* f, NodeId) const {
  const bool is_single = CountArguments(binders) == 1;
  std::size_t part = 0;
  for (const Binder& binder : binders) {
    const std::size_t times = binder.is_tuple ? 1 : binder.slots.size();
    for (std::size_t i = 0; i < times; ++i, ++part) Bind(binder, i, is_single ? argument : argument.items()[part], f);
  }
}

// --- construction

// The DOMAIN of a constructor: the set of its one variable, or tuples of several.
Value Machine::DomainOf(std::span<const Binder> binders, Value* f, NodeId at) {
  if (CountArguments(binders) == 1) {
    Value domain = Finite(binders[0].set, f);
    if (!domain.is_set()) Fail(ErrorKind::kType, "expected a set, found " + ToString(domain), binders[0].set);
    CheckSize(domain.size(), at);
    return domain;
  }
  std::vector<Value> keys;
  ForEachBinding(binders, f, at, [&] {
    ValueBuilder key(CountArguments(binders));
    for (const Binder& binder : binders) {
      if (binder.is_tuple) {
        ValueBuilder tuple(binder.slots.size());
        for (const SlotId slot : binder.slots) tuple.Add(f[slot]);
        key.Add(tuple.TakeSequence());
      } else {
        for (const SlotId slot : binder.slots) key.Add(f[slot]);
      }
    }
    keys.push_back(key.TakeSequence());
    CheckSize(keys.size(), at);
    return true;
  });
  return SetOf(std::move(keys), at);
}

Value Machine::EvalFunction(NodeId id, const Node& node, Value* f) {
  const auto binders = code_->bound(node);
  bool is_finite = node.op == Opcode::kFunction;
  for (const Binder& binder : binders) is_finite = is_finite && IsFinite(binder.set, f);
  if (!is_finite) return MakeLazy(id, f);
  const Value domain = DomainOf(binders, f, id);
  try {
    ValueBuilder values(domain.size());
    for (const Value& key : domain.items()) {
      BindArgument(binders, key, f, id);
      values.Add(Finite(node.a, f));
    }
    return values.TakeFunction(domain);
  } catch (const EvalFailure&) {
    return MakeLazy(id, f);  // the error is met if the value in question is asked for, as in TLC
  }
}

Value Machine::EvalRecord(NodeId id, const Node& node, Value* f) {
  Value& domain = now_.compiled->domains[id];
  if (domain.is_unset()) {
    ValueBuilder names(node.list_size);
    for (std::uint32_t i = 0; i < node.list_size; ++i) names.Add(literals_[node.a + i]);
    domain = names.TakeSet();
  }
  ValueBuilder values(node.list_size);
  for (const NodeId item : code_->list(node)) values.Add(Finite(item, f));
  return values.TakeFunction(domain);
}

// --- EXCEPT

Value Machine::UpdateAt(Value base, const program::Update& update, std::size_t step, Value* f) {
  if (step == update.path.size()) {
    f[update.at] = std::move(base);
    return Finite(update.value, f);
  }
  if (!base.is_function())
    FailAt(ErrorKind::kType, "EXCEPT changes " + ToString(base) + ", which is no function", update.span);
  Value scratch;
  const Value& key = Ref(update.path[step], f, scratch);
  const Value* old = base.Apply(key);
  // TLC leaves the function as it is and warns; so do the semantics of TLA+.
  if (old == nullptr) return base;
  const auto index = static_cast<std::size_t>(old - base.items().data());
  Value changed = UpdateAt(*old, update, step + 1, f);
  if (!base.is_sole_owner()) return base.WithItem(index, std::move(changed));
  base.ReplaceItem(index, std::move(changed));
  return base;
}

Value Machine::EvalExcept(NodeId, const Node& node, Value* f) {
  Value value = Finite(node.a, f);
  for (const program::Update& update : code_->updates_of(node)) value = UpdateAt(std::move(value), update, 0, f);
  return value;
}

}  // namespace kelpie::eval
