// Elements of sets one after another, in a fixed order.
#include <algorithm>

#include "checker/eval/scopes.h"

namespace kelpie::eval {

void Machine::Bind(const Binder& binder, std::size_t slot, const Value& element, Value* f) const {
  if (!binder.is_tuple) {
    f[binder.slots[slot]] = element;
    return;
  }
  if (!element.is_sequence() || element.size() != binder.slots.size()) {
    FailAt(ErrorKind::kType,
           "expected a tuple of " + std::to_string(binder.slots.size()) + ", found " + ToString(element), binder.span);
  }
  for (std::size_t i = 0; i < binder.slots.size(); ++i) f[binder.slots[i]] = element.items()[i];
}

bool Machine::ForEachBinding(std::span<const Binder> binders, Value* f, NodeId at, FunctionRef<bool()> visit) {
  if (binders.empty()) return visit();
  const Binder& binder = binders.front();
  if (binder.set == kNoNode) {
    FailAt(ErrorKind::kNotEnumerable, "an unbounded quantifier cannot be evaluated", binder.span, "give it a set");
  }
  const std::span<const Binder> rest = binders.subspan(1);
  const std::size_t count = binder.is_tuple ? 1 : binder.slots.size();
  if (count == 1) {
    return ForEach(binder.set, f, [&](const Value& element) {
      Bind(binder, 0, element, f);
      return rest.empty() ? visit() : ForEachBinding(rest, f, at, visit);
    });
  }
  // `x, y \in S` is one set and several variables.
  const Value set = nodes_[binder.set].is_described() ? Value::Unset() : Eval(binder.set, f);
  const auto each = [&](ElementVisitor go) {
    return set.is_unset() ? ForEach(binder.set, f, go) : ForEachValue(set, binder.set, go);
  };
  const auto bind = [&](const auto& self, std::size_t i) -> bool {
    if (i == count) return ForEachBinding(rest, f, at, visit);
    return each([&](const Value& element) {
      f[binder.slots[i]] = element;
      return self(self, i + 1);
    });
  };
  return bind(bind, 0);
}

bool Machine::ForEachValue(const Value& set, NodeId at, ElementVisitor visit) {
  if (set.is_lazy()) {
    Compiled& outside = *now_.compiled;
    const std::size_t outside_size = frame_size_;
    return AskLazy(set, [&](NodeId rule, Value* f) {
      Compiled& inside = *now_.compiled;
      const std::size_t inside_size = frame_size_;
      return ForEachDescribed(rule, f, [&](const Value& element) {
        // The visitor belongs to the code outside.
        Enter(outside);
        frame_size_ = outside_size;
        const bool goes_on = visit(element);
        Enter(inside);
        frame_size_ = inside_size;
        return goes_on;
      });
    });
  }
  if (!set.is_set()) Fail(ErrorKind::kType, "expected a set, found " + ToString(set), at);
  for (const Value& element : set.items()) {
    if (!visit(element)) return false;
  }
  return true;
}

bool Machine::ForEach(NodeId id, Value* f, ElementVisitor visit) {
  if (nodes_[id].is_described() || nodes_[id].op == Opcode::kInterval) return ForEachDescribed(id, f, visit);
  // A copy: what the visitor does may replace the place where the set is kept.
  const Value set = Eval(id, f);
  return ForEachValue(set, id, visit);
}

// The elements of a described set that is the same in every state, if there are not too many: made once.
const FixedElements& Machine::FixedElementsOf(NodeId id, Value* f) {
  constexpr std::size_t kElementsMax = 1024;
  std::vector<std::unique_ptr<FixedElements>>& all = now_.compiled->fixed_elements;
  if (all.empty()) all.resize(code_->nodes.size());
  if (all[id] != nullptr) return *all[id];
  auto made = std::make_unique<FixedElements>();
  try {
    made->is_kept = ForEachMade(id, nodes_[id], f, [&](const Value& element) {
      made->elements.push_back(element);
      return made->elements.size() <= kElementsMax;
    });
  } catch (const EvalFailure&) {
    made->is_kept = false;  // met again where somebody visits so far
  }
  if (!made->is_kept) made->elements = {};
  return *(all[id] = std::move(made));
}

bool Machine::ForEachMade(NodeId id, const Node& node, Value* f, ElementVisitor visit) {
  switch (node.op) {
    case Opcode::kPowerSet: return ForEachSubset(id, node.a, f, visit);
    case Opcode::kFunctionSet: return ForEachFunction(id, node, f, visit);
    default: return ForEachProduct(id, node, f, visit);
  }
}

// By its description, whether or not the set could be made.
bool Machine::ForEachDescribed(NodeId id, Value* f, ElementVisitor visit) {
  const Node& node = nodes_[id];
  switch (node.op) {
    case Opcode::kInterval: return ForEachInterval(id, node, f, visit);
    case Opcode::kPowerSet:
    case Opcode::kFunctionSet:
    case Opcode::kRecordSet:
    case Opcode::kCross: {
      if (!node.is_fixed_set()) return ForEachMade(id, node, f, visit);
      const FixedElements& fixed = FixedElementsOf(id, f);
      if (!fixed.is_kept) return ForEachMade(id, node, f, visit);
      return std::all_of(fixed.elements.begin(), fixed.elements.end(), visit);
    }
    case Opcode::kSetFilter: {
      const Binder& binder = code_->bound(node)[0];
      return ForEach(binder.set, f, [&](const Value& element) {
        Bind(binder, 0, element, f);
        return !Test(node.a, f) || visit(element);
      });
    }
    case Opcode::kUnion:
    case Opcode::kIntersect:
    case Opcode::kSetMinus: Touch(id, f); return ForEachOfTwo(id, node, f, visit);
    case Opcode::kOnce:
      if (!once_[node.a].is_unset()) return ForEachValue(Value(once_[node.a]), id, visit);
      return ForEach(node.b, f, visit);
    case Opcode::kConstant:
      if (!constants_[node.a].is_unset()) break;
      return ForEach(node.b, f, visit);
    case Opcode::kInline: return InCall(node, f, [&](NodeId body) { return ForEach(body, f, visit); });
    case Opcode::kIf: return ForEach(Test(node.a, f) ? node.b : node.c, f, visit);
    case Opcode::kModuleOperator:
      if (!node.is_described()) break;
      return ForEachValue(EvalLibrary(id, node, f), id, visit);
    case Opcode::kBigUnion:
      if (IsFinite(id, f)) break;
      [[fallthrough]];
    case Opcode::kNatSet:
    case Opcode::kIntSet:
    case Opcode::kStringSet:
    case Opcode::kAnySet:
    case Opcode::kSeqSet:
      Fail(ErrorKind::kNotEnumerable, "an infinite set would have to be listed", id,
           "choose from a finite set, or let the event say which element it is");
    default: break;
  }
  return ForEachValue(Eval(id, f), id, visit);
}

bool Machine::ForEachInterval(NodeId id, const Node& node, Value* f, ElementVisitor visit) {
  const std::int64_t low = Int(node.a, f);
  const std::int64_t high = Int(node.b, f);
  if (low > high) return true;
  CheckSize(static_cast<std::size_t>(static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low)), id);
  for (std::int64_t i = low;; ++i) {
    if (!visit(Value::Int(i))) return false;
    if (i == high) return true;
  }
}

// Subsets in the order of size, and by elements within one size: TLC's order for CHOOSE.
bool Machine::ForEachSubset(NodeId id, NodeId of, Value* f, ElementVisitor visit) {
  const Value base = Finite(of, f);
  if (!base.is_set()) Fail(ErrorKind::kType, "expected a set, found " + ToString(base), of);
  const std::span<const Value> items = base.items();
  constexpr std::size_t kBaseMax = 40;  // 2^40 subsets are beyond every limit
  if (items.size() > kBaseMax) CheckSize(SIZE_MAX, id);
  std::vector<std::size_t> picked;
  for (std::size_t size = 0; size <= items.size(); ++size) {
    picked.resize(size);
    for (std::size_t i = 0; i < size; ++i) picked[i] = i;
    while (true) {
      ValueBuilder subset(size);
      for (const std::size_t i : picked) subset.Add(items[i]);
      if (!visit(subset.TakeSet())) return false;
      std::size_t i = size;
      while (i > 0 && picked[i - 1] == items.size() - size + i - 1) --i;
      if (i == 0) break;
      ++picked[i - 1];
      for (std::size_t j = i; j < size; ++j) picked[j] = picked[j - 1] + 1;
    }
  }
  return true;
}

namespace {
// An odometer over lists of choices; the last place turns fastest.
bool ForEachChoice(const std::vector<std::span<const Value>>& choices,
                   FunctionRef<bool(const std::vector<std::size_t>&)> visit) {
  for (const auto& list : choices) {
    if (list.empty()) return true;
  }
  std::vector<std::size_t> at(choices.size(), 0);
  while (true) {
    if (!visit(at)) return false;
    std::size_t i = choices.size();
    while (i > 0 && at[i - 1] + 1 == choices[i - 1].size()) at[--i] = 0;
    if (i == 0) return true;
    ++at[i - 1];
  }
}
}  // namespace

bool Machine::ForEachFunction(NodeId id, const Node& node, Value* f, ElementVisitor visit) {
  const Value domain = Finite(node.a, f);
  if (!domain.is_set()) Fail(ErrorKind::kType, "expected a set, found " + ToString(domain), node.a);
  if (domain.size() == 0) return visit(Value::Sequence({}));
  if (!IsFinite(node.b, f)) {
    Fail(ErrorKind::kNotEnumerable, "an infinite set would have to be listed", id,
         "choose from a finite set, or let the event say which element it is");
  }
  const Value range = Finite(node.b, f);
  if (!range.is_set()) Fail(ErrorKind::kType, "expected a set, found " + ToString(range), node.b);
  const std::vector<std::span<const Value>> choices(domain.size(), range.items());
  return ForEachChoice(choices, [&](const std::vector<std::size_t>& at) {
    ValueBuilder values(at.size());
    for (const std::size_t i : at) values.Add(range.items()[i]);
    return visit(values.TakeFunction(domain));
  });
}

bool Machine::ForEachProduct(NodeId, const Node& node, Value* f, ElementVisitor visit) {
  std::vector<Value> sets;
  std::vector<std::span<const Value>> choices;
  for (const NodeId part : code_->list(node)) {
    sets.push_back(Finite(part, f));
    if (!sets.back().is_set()) Fail(ErrorKind::kType, "expected a set, found " + ToString(sets.back()), part);
  }
  for (const Value& set : sets) choices.push_back(set.items());
  Value domain;
  if (node.op == Opcode::kRecordSet) {
    ValueBuilder names(node.list_size);
    for (std::uint32_t i = 0; i < node.list_size; ++i) names.Add(literals_[node.a + i]);
    domain = names.TakeSet();
  }
  return ForEachChoice(choices, [&](const std::vector<std::size_t>& at) {
    ValueBuilder values(at.size());
    for (std::size_t i = 0; i < at.size(); ++i) values.Add(choices[i][at[i]]);
    return visit(node.op == Opcode::kCross ? values.TakeSequence() : values.TakeFunction(domain));
  });
}

// Collected first: the elements come in the order of the set, not of its parts.
bool Machine::ForEachOfTwo(NodeId id, const Node& node, Value* f, ElementVisitor visit) {
  std::vector<Value> elements;
  const auto take = [&](const Value& element) {
    elements.push_back(element);
    CheckSize(elements.size(), id);
    return true;
  };
  Value made = Value::Unset();
  const auto take_if = [&](NodeId other, bool is_wanted) {
    const bool is_made = IsMadeToBeAsked(*code_, other);
    return [&, other, is_wanted, is_made](const Value& element) {
      if (is_made && made.is_unset()) made = Eval(other, f);
      const bool is_in = is_made ? ContainsValue(made, element, id) : Contains(other, f, element, id);
      return is_in != is_wanted || take(element);
    };
  };
  switch (node.op) {
    case Opcode::kUnion:
      (void)ForEach(node.a, f, take);
      (void)ForEach(node.b, f, take);
      break;
    case Opcode::kIntersect:
      if (IsFinite(node.a, f)) {
        (void)ForEach(node.a, f, take_if(node.b, true));
      } else {
        (void)ForEach(node.b, f, take_if(node.a, true));
      }
      break;
    default: (void)ForEach(node.a, f, take_if(node.b, false)); break;
  }
  return ForEachValue(SetOf(std::move(elements), id), id, visit);
}

}  // namespace kelpie::eval
