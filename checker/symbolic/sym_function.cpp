// Functions: by rule, applied, changed at a place; records.
#include <algorithm>

#include "checker/eval/value_order.h"
#include "checker/symbolic/sym_evaluator.h"

namespace kelpie::symbolic {

namespace {
struct Entry {
  Value key;
  SymValue value;
};
}  // namespace

// The elements of a set on the present path; what is open is decided.
std::vector<Value> SymEvaluator::Definite(const std::vector<Member>& members, const Span& span) {
  std::vector<Value> elements;
  for (const Member& member : members) {
    if (!Decide(member.when)) continue;
    switch (member.value.kind()) {
      case SymKind::kConcrete: elements.push_back(member.value.value()); break;
      case SymKind::kInt: elements.push_back(Value::Int(Concretize(member.value.term(), span))); break;
      case SymKind::kBool: elements.push_back(Value::Bool(Decide(member.value.term()))); break;
      case SymKind::kChoice: {
        const auto& alternatives = member.value.parts().alternatives;
        std::size_t at = 0;
        while (at + 1 < alternatives.size() && !Decide(alternatives[at].when)) ++at;
        elements.push_back(alternatives[at].value);
        break;
      }
      default: GiveUp("a DOMAIN with unknown elements of this shape", span);
    }
  }
  return elements;
}

SymValue SymEvaluator::EvalFunction(NodeId id, const Node& node) {
  SymParts rule;
  rule.op = node.op;
  rule.node = id;
  rule.frame = std::make_shared<const Frame>(*frame_);
  bool is_finite = true;
  for (const Binder& binder : code_->bound(node)) {
    SymValue set = ExpectSet(Eval(binder.set), binder.span);
    is_finite = is_finite && IsFinite(set);
    const std::size_t count = binder.is_tuple ? 1 : binder.slots.size();
    for (std::size_t i = 0; i < count; ++i) rule.items.push_back(set);
  }
  SymValue function = SymValue::OfParts(SymKind::kRule, std::move(rule));
  return is_finite && node.op == Opcode::kFunction ? ForceRule(function, SpanOf(id)) : function;
}

SymValue SymEvaluator::RuleDomain(const SymValue& rule) {
  const std::vector<SymValue>& domains = rule.parts().items;
  return domains.size() == 1 ? domains[0] : Described(Opcode::kCross, domains);
}

SymValue SymEvaluator::ForceRule(const SymValue& rule, const Span& span) {
  std::vector<Value> keys = Definite(List(RuleDomain(rule), span), span);
  const std::optional<Value> domain = eval::MakeSet(std::move(keys));
  if (!domain) Fail(ErrorKind::kIncomparable, "a DOMAIN has elements that cannot be compared with one another", span);
  std::vector<SymValue> values;
  for (const Value& key : domain->items())
    values.push_back(Force(Join([&] { return ApplyRule(rule, key, span); }), span));
  return SymValue::Function(*domain, std::move(values));
}

SymValue SymEvaluator::ApplyRule(const SymValue& rule, const SymValue& argument, const Span& span) {
  const SymParts& parts = rule.parts();
  if (argument.is_concrete()) {
    const auto known = known_applications_.find(&parts);
    if (known != known_applications_.end()) {
      if (const auto value = known->second.values.find(argument.value()); value != known->second.values.end())
        return value->second;
    }
  }
  const DepthScope depth(*this, span);
  const Node& node = code_->node(parts.node);
  const bool is_single = parts.items.size() == 1;
  const auto outside = [&](Term when) {
    MayErr(when, ErrorKind::kOutsideDomain,
           "the function is applied to " + ToString(*pool_, argument) + ", outside its DOMAIN", span);
  };
  if (!is_single && (!IsSequence(argument) || DomainOf(argument).size() != parts.items.size())) outside(pool_->True());
  const std::vector<SymValue> arguments = is_single ? std::vector<SymValue>{argument} : ItemsOf(argument);
  for (std::size_t i = 0; i < parts.items.size(); ++i) outside(pool_->Not(In(arguments[i], parts.items[i], span)));
  const std::shared_ptr<Frame> saved = frame_;
  frame_ = std::make_shared<Frame>(*parts.frame);
  try {
    if (parts.op == Opcode::kRecursiveFunction) frame_->slots[code_->lists[node.list]].value = rule;
    std::size_t at = 0;
    for (const Binder& binder : code_->bound(node)) {
      if (binder.is_tuple) {
        BindElement(binder, arguments[at++]);
        continue;
      }
      for (const auto slot : binder.slots) frame_->slots[slot].value = arguments[at++];
    }
    SymValue value = EvalForced(node.a);
    frame_ = saved;
    if (argument.is_concrete() && value.is_concrete() && open_decisions_ == 0) {
      auto& known = known_applications_.try_emplace(&parts, KnownApplications{rule, {}}).first->second;
      known.values.emplace(argument.value(), value);
    }
    return value;
  } catch (...) {
    frame_ = saved;
    throw;
  }
}

// --- application

SymValue SymEvaluator::Apply(const SymValue& function, const SymValue& argument, const Span& span) {
  if (function.kind() == SymKind::kChoice) {
    return Spread(function, [&](const SymValue& v) { return Apply(v, argument, span); });
  }
  if (argument.kind() == SymKind::kChoice) {
    return Spread(argument, [&](const SymValue& v) { return Apply(function, v, span); });
  }
  if (function.kind() == SymKind::kRule) return ApplyRule(function, argument, span);
  if (!IsFunction(function)) Fail(ErrorKind::kType, ToString(*pool_, function) + " is applied like a function", span);
  return ApplyAt(function, argument, span);
}

SymValue SymEvaluator::ApplyAt(const SymValue& function, const SymValue& argument, const Span& span) {
  const auto outside = [&] {
    return "the function " + ToString(*pool_, function) + " is applied to " + ToString(*pool_, argument) +
           ", outside its DOMAIN";
  };
  if (argument.is_concrete()) {
    if (function.is_concrete()) {
      const Value* found = function.value().Apply(argument.value());
      if (found == nullptr) Fail(ErrorKind::kOutsideDomain, outside(), span);
      return *found;
    }
    bool is_found = false;
    const std::size_t at = KeyIndex(function.domain(), argument.value(), &is_found);
    if (!is_found) Fail(ErrorKind::kOutsideDomain, outside(), span);
    return function.parts().items[at];
  }
  const Value domain = DomainOf(function);
  const std::vector<SymValue> items = ItemsOf(function);
  std::vector<Case> cases;
  std::vector<Term> inside;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Term here = Equals(argument, domain.items()[i], span, false);
    if (pool_->is_false(here)) continue;
    inside.push_back(here);
    cases.push_back({here, items[i]});
  }
  MayErr(pool_->Not(pool_->Or(std::move(inside))), ErrorKind::kOutsideDomain, outside(), span);
  if (cases.empty()) Fail(ErrorKind::kOutsideDomain, outside(), span);
  return MergeOrFork(std::move(cases));
}

std::size_t SymEvaluator::KeyIndex(const Value& domain, const Value& key, bool* is_found) {
  const auto keys = domain.items();
  const auto at = std::lower_bound(keys.begin(), keys.end(), key,
                                   [](const Value& a, const Value& b) { return eval::Compare(a, b) < 0; });
  *is_found = at != keys.end() && eval::Same(*at, key);
  return static_cast<std::size_t>(at - keys.begin());
}

// --- EXCEPT, records

SymValue SymEvaluator::UpdateAt(const SymValue& base, const program::Update& update, const std::vector<SymValue>& path,
                                std::size_t step) {
  if (step == path.size()) {
    frame_->slots[update.at].value = base;
    return EvalForced(update.value);
  }
  if (base.kind() == SymKind::kChoice) {
    return Spread(base, [&](const SymValue& v) { return UpdateAt(v, update, path, step); });
  }
  if (!IsFunction(base)) {
    Fail(ErrorKind::kType, "EXCEPT changes " + ToString(*pool_, base) + ", which is no function", update.span);
  }
  const Value domain = DomainOf(base);
  std::vector<SymValue> items = ItemsOf(base);
  // What is outside the DOMAIN changes nothing; so do the semantics of TLA+.
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Term here = Equals(path[step], domain.items()[i], update.span, false);
    if (pool_->is_false(here)) continue;
    const SymValue old = items[i];
    if (pool_->is_constant(here)) {
      items[i] = UpdateAt(old, update, path, step + 1);
      break;
    }
    std::vector<Case> cases;
    (void)Attempt(here, [&] {
      for (Case& c : JoinCases([&] { return UpdateAt(old, update, path, step + 1); })) {
        cases.push_back({pool_->And(here, c.when), std::move(c.value)});
      }
    });
    if (!pool_->is_true(here)) cases.push_back({pool_->Not(here), old});
    items[i] = MergeOrFork(std::move(cases));
  }
  return SymValue::Function(domain, std::move(items));
}

SymValue SymEvaluator::EvalExcept(NodeId id, const Node& node) {
  SymValue value = EvalForced(node.a);
  for (const program::Update& update : code_->updates_of(node)) {
    std::vector<SymValue> path;
    for (const NodeId step : update.path) path.push_back(EvalForced(step));
    value = UpdateAt(value, update, path, 0);
  }
  (void)id;
  return value;
}

SymValue SymEvaluator::EvalRecord(const Node& node) {
  const auto values = code_->list(node);
  std::vector<Value> names;
  std::vector<SymValue> items;
  for (std::size_t i = 0; i < values.size(); ++i) {
    names.push_back(LiteralValue(node.a + static_cast<std::uint32_t>(i)).value());
    items.push_back(EvalForced(values[i]));
  }
  return SymValue::Function(Value::SetFromSorted(std::move(names)), std::move(items));
}

}  // namespace kelpie::symbolic
