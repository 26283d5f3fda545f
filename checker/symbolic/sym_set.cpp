// Sets: as lists of candidates, and described by rules.
#include <algorithm>

#include "checker/eval/value_order.h"
#include "checker/symbolic/sym_evaluator.h"

namespace kelpie::symbolic {

void SymEvaluator::CheckSize(std::size_t size, const Span& span) const {
  if (size <= options_.limits.set_size_max) return;
  Fail(ErrorKind::kSize,
       "a set or function has more than " + std::to_string(options_.limits.set_size_max) + " elements", span);
}

SymValue SymEvaluator::Described(Opcode op, std::vector<SymValue> parts) {
  SymParts made;
  made.op = op;
  made.items = std::move(parts);
  return SymValue::OfParts(SymKind::kDescribed, std::move(made));
}

SymValue SymEvaluator::ExpectSet(SymValue value, const Span& span) {
  if (value.kind() == SymKind::kSet || value.kind() == SymKind::kDescribed || value.kind() == SymKind::kChoice)
    return value;
  if (value.is_concrete() && value.value().is_set()) return value;
  Fail(ErrorKind::kType, "expected a set, found " + ToString(*pool_, value), span);
}

SymValue SymEvaluator::SetOf(std::vector<Member> members, const Span& span) {
  CheckSize(members.size(), span);
  std::vector<Value> certain;
  for (const Member& member : members) {
    if (member.value.is_concrete() && pool_->is_constant(member.when)) certain.push_back(member.value.value());
  }
  if (!eval::MakeSet(certain)) {
    Fail(ErrorKind::kIncomparable, "a set has elements that cannot be compared with one another", span);
  }
  for (std::size_t i = 1; i < members.size(); ++i) {
    if (AreComparable(members[i].value, members[0].value)) continue;
    MayErr(pool_->And(members[0].when, members[i].when), ErrorKind::kIncomparable,
           "a set has elements that cannot be compared with one another", span);
  }
  return SymValue::Set(*pool_, std::move(members));
}

SymValue SymEvaluator::EvalSet(NodeId id, const Node& node) {
  const Span& span = SpanOf(id);
  switch (node.op) {
    case Opcode::kSetEnumeration: {
      std::vector<Member> members;
      for (const NodeId element : code_->list(node)) members.push_back({pool_->True(), EvalForced(element)});
      return SetOf(std::move(members), span);
    }
    case Opcode::kBooleanSet: return Value::SetFromSorted({Value::Bool(false), Value::Bool(true)});
    case Opcode::kNatSet:
    case Opcode::kIntSet:
    case Opcode::kStringSet:
    case Opcode::kAnySet: return Described(node.op, {});
    case Opcode::kInterval: {
      const Term low = EvalInt(node.a);
      return Described(node.op, {SymValue::Int(*pool_, low), SymValue::Int(*pool_, EvalInt(node.b))});
    }
    case Opcode::kPowerSet:
    case Opcode::kSeqSet: return Described(node.op, {ExpectSet(Eval(node.a), span)});
    case Opcode::kFunctionSet: {
      SymValue domain = ExpectSet(Eval(node.a), span);
      return Described(node.op, {std::move(domain), ExpectSet(Eval(node.b), span)});
    }
    case Opcode::kCross:
    case Opcode::kRecordSet: {
      SymParts parts;
      parts.op = node.op;
      for (const NodeId part : code_->list(node)) parts.items.push_back(ExpectSet(Eval(part), span));
      for (std::size_t i = 0; node.op == Opcode::kRecordSet && i < parts.items.size(); ++i) {
        parts.fields.push_back(LiteralValue(node.a + static_cast<std::uint32_t>(i)).value());
      }
      return SymValue::OfParts(SymKind::kDescribed, std::move(parts));
    }
    case Opcode::kSetFilter: return EvalFilter(id, node);
    case Opcode::kSetMap: return EvalSetMap(id, node);
    default: return EvalSetOperation(id, node);
  }
}

SymValue SymEvaluator::EvalSetOperation(NodeId id, const Node& node) {
  const Span& span = SpanOf(id);
  switch (node.op) {
    case Opcode::kUnion:
    case Opcode::kIntersect:
    case Opcode::kSetMinus: {
      SymValue left = ExpectSet(Eval(node.a), span);
      SymValue right = ExpectSet(Eval(node.b), span);
      const SymValue both = Described(node.op, {std::move(left), std::move(right)});
      return IsFinite(both) ? Force(both, span) : both;
    }
    case Opcode::kBigUnion: {
      if (node.is_described()) return DescribedUnion(code_->node(node.a), span);
      std::vector<Member> members;
      for (const Member& inner : List(Eval(node.a), span)) {
        (void)Attempt(inner.when, [&] {
          for (const Member& member : List(inner.value, span))
            members.push_back({pool_->And(inner.when, member.when), member.value});
        });
      }
      return SetOf(std::move(members), span);
    }
    case Opcode::kDomain: {
      const SymValue function = Eval(node.a);
      if (function.kind() == SymKind::kChoice) {
        return Spread(function, [&](const SymValue& v) -> SymValue {
          if (!IsFunction(v))
            Fail(ErrorKind::kType, "DOMAIN of " + ToString(*pool_, v) + ", which is no function", span);
          return DomainOf(v);
        });
      }
      if (function.kind() == SymKind::kRule) return RuleDomain(function);
      if (!IsFunction(function))
        Fail(ErrorKind::kType, "DOMAIN of " + ToString(*pool_, function) + ", which is no function", span);
      return DomainOf(function);
    }
    case Opcode::kCardinality: return Cardinality(ExpectSet(Eval(node.a), span), span);
    case Opcode::kIsFiniteSet: return Value::Bool(IsFinite(ExpectSet(Eval(node.a), span)));
    default: GiveUp("the opcode " + std::string(program::NameOf(node.op)), span);
  }
}

// UNION {A, B, ...} of described sets is A \cup B \cup ...
SymValue SymEvaluator::DescribedUnion(const Node& sets, const Span& span) {
  if (sets.op != Opcode::kSetEnumeration) GiveUp("UNION of sets that are described one by one", span);
  std::optional<SymValue> all;
  for (const NodeId item : code_->list(sets)) {
    SymValue set = ExpectSet(Eval(item), span);
    all = all ? Described(Opcode::kUnion, {std::move(*all), std::move(set)}) : std::move(set);
  }
  return IsFinite(*all) ? Force(*all, span) : *all;
}

// The body of a filter about one element, in the frame that was current where it stands.
Term SymEvaluator::RuleHolds(const SymParts& parts, const SymValue& element) {
  const Node& node = code_->node(parts.node);
  const std::shared_ptr<Frame> saved = frame_;
  frame_ = std::make_shared<Frame>(*parts.frame);
  try {
    BindElement(code_->bound(node)[0], element);
    const Term holds = EvalBool(node.a);
    frame_ = saved;
    return holds;
  } catch (...) {
    frame_ = saved;
    throw;
  }
}

SymValue SymEvaluator::EvalFilter(NodeId id, const Node& node) {
  const Binder& binder = code_->bound(node)[0];
  SymValue base = ExpectSet(Eval(binder.set), SpanOf(id));
  if (base.kind() == SymKind::kDescribed && base.parts().op != Opcode::kInterval) {
    // {f \in [S -> Int] : P(f)} answers membership.
    SymParts parts;
    parts.op = Opcode::kSetFilter;
    parts.items.push_back(std::move(base));
    parts.node = id;
    parts.frame = std::make_shared<const Frame>(*frame_);
    return SymValue::OfParts(SymKind::kDescribed, std::move(parts));
  }
  std::vector<Member> members;
  for (const Member& member : List(base, binder.span)) {
    const Term holds = BoolUnder(
        member.when,
        [&] {
          BindElement(binder, member.value);
          return EvalBool(node.a);
        },
        false);
    members.push_back({pool_->And(member.when, holds), member.value});
  }
  return SetOf(OnlyPossible(std::move(members)), binder.span);
}

SymValue SymEvaluator::EvalSetMap(NodeId id, const Node& node) {
  std::vector<Member> members;
  ForEachBinding(node, 0, pool_->True(), [&](Term guard) {
    (void)Attempt(guard, [&] {
      for (Case& c : JoinCases([&] { return EvalForced(node.a); }))
        members.push_back({pool_->And(guard, c.when), std::move(c.value)});
    });
    CheckSize(members.size(), SpanOf(id));
    return true;
  });
  return SetOf(std::move(members), SpanOf(id));
}

std::vector<Member> SymEvaluator::OnlyPossible(std::vector<Member> members) const {
  std::erase_if(members, [&](const Member& m) { return pool_->is_false(m.when); });
  return members;
}

// --- finite sets and their elements

bool SymEvaluator::IsFinite(const SymValue& set) const {
  if (set.kind() != SymKind::kDescribed) return true;
  const SymParts& parts = set.parts();
  switch (parts.op) {
    case Opcode::kNatSet:
    case Opcode::kIntSet:
    case Opcode::kStringSet:
    case Opcode::kAnySet:
    case Opcode::kSeqSet: return false;
    case Opcode::kInterval: return true;
    case Opcode::kSetMinus: return IsFinite(parts.items[0]);
    case Opcode::kIntersect: return IsFinite(parts.items[0]) || IsFinite(parts.items[1]);
    default:
      return std::all_of(parts.items.begin(), parts.items.end(), [&](const SymValue& part) { return IsFinite(part); });
  }
}

std::vector<Member> SymEvaluator::List(const SymValue& set, const Span& span) {
  if (set.kind() == SymKind::kChoice) {
    std::vector<Member> members;
    for (const Alternative& alternative : set.parts().alternatives) {
      if (!alternative.value.is_set()) {
        MayErr(alternative.when, ErrorKind::kType, "expected a set, found " + eval::ToString(alternative.value), span);
        continue;
      }
      for (const Value& element : alternative.value.items()) members.push_back({alternative.when, element});
    }
    return List(SymValue::Set(*pool_, std::move(members)), span);
  }
  if (set.kind() == SymKind::kDescribed) return ListDescribed(set.parts(), span);
  if (set.kind() != SymKind::kSet && !(set.is_concrete() && set.value().is_set())) {
    Fail(ErrorKind::kType, "expected a set, found " + ToString(*pool_, set), span);
  }
  std::vector<Member> members = MembersOf(*pool_, set);
  // Where all candidates are concrete, in the order in which the set would have them.
  const bool is_concrete =
      std::all_of(members.begin(), members.end(), [](const Member& m) { return m.value.is_concrete(); });
  if (is_concrete && !set.is_concrete()) {
    std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
      return eval::Compare(a.value.value(), b.value.value()) < 0;
    });
  }
  return members;
}

std::vector<Member> SymEvaluator::ListDescribed(const SymParts& parts, const Span& span) {
  switch (parts.op) {
    case Opcode::kInterval: {
      const std::int64_t low = Concretize(ToInt(parts.items[0], span), span);
      const std::int64_t high = Concretize(ToInt(parts.items[1], span), span);
      std::vector<Member> members;
      if (low > high) return members;
      CheckSize(static_cast<std::size_t>(static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low)), span);
      for (std::int64_t i = low;; ++i) {
        members.push_back({pool_->True(), Value::Int(i)});
        if (i == high) return members;
      }
    }
    case Opcode::kPowerSet: return ListSubsets(List(parts.items[0], span), span);
    case Opcode::kFunctionSet:
    case Opcode::kRecordSet:
    case Opcode::kCross: return ListProduct(parts, span);
    case Opcode::kUnion: {
      std::vector<Member> members = List(parts.items[0], span);
      for (Member& member : List(parts.items[1], span)) members.push_back(std::move(member));
      return members;
    }
    case Opcode::kIntersect:
    case Opcode::kSetMinus:
    case Opcode::kSetFilter: {
      const std::size_t listed = parts.op == Opcode::kIntersect && !IsFinite(parts.items[0]) ? 1 : 0;
      std::vector<Member> members = List(parts.items[listed], span);
      for (Member& member : members) {
        const Term in = BoolUnder(
            member.when,
            [&] {
              if (parts.op == Opcode::kSetFilter) return RuleHolds(parts, member.value);
              return In(member.value, parts.items[1 - listed], span);
            },
            false);
        member.when = pool_->And(member.when, parts.op == Opcode::kSetMinus ? pool_->Not(in) : in);
      }
      return OnlyPossible(std::move(members));
    }
    default: Fail(ErrorKind::kNotEnumerable, "an infinite set would have to be listed", span);
  }
}

// By size, and by elements within one size, as TLC lists them.
std::vector<Member> SymEvaluator::ListSubsets(const std::vector<Member>& base, const Span& span) {
  constexpr std::size_t kBaseMax = 40;
  if (base.size() > kBaseMax) CheckSize(SIZE_MAX, span);
  CheckSize(std::size_t{1} << base.size(), span);
  std::vector<std::uint64_t> masks(std::size_t{1} << base.size());
  for (std::size_t mask = 0; mask < masks.size(); ++mask) masks[mask] = mask;
  const auto reversed = [&](std::uint64_t mask) {  // the first element weighs most
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < base.size(); ++i) out |= ((mask >> i) & 1U) << (base.size() - 1 - i);
    return out;
  };
  std::sort(masks.begin(), masks.end(), [&](std::uint64_t a, std::uint64_t b) {
    const int sizes = __builtin_popcountll(a) - __builtin_popcountll(b);
    return sizes != 0 ? sizes < 0 : reversed(a) > reversed(b);
  });
  std::vector<Member> subsets;
  for (const std::uint64_t mask : masks) {
    std::vector<Member> members;
    std::vector<Term> all;
    for (std::size_t i = 0; i < base.size(); ++i) {
      if (((mask >> i) & 1U) == 0) continue;
      members.push_back({pool_->True(), base[i].value});
      all.push_back(base[i].when);
    }
    subsets.push_back({pool_->And(std::move(all)), SymValue::Set(*pool_, std::move(members))});
  }
  return OnlyPossible(std::move(subsets));
}

std::vector<Member> SymEvaluator::ListProduct(const SymParts& parts, const Span& span) {
  std::vector<std::vector<Member>> choices;
  Value domain;
  if (parts.op == Opcode::kFunctionSet) {
    const SymValue keys = Force(parts.items[0], span);
    if (!keys.is_concrete()) GiveUp("a set of functions over a set with unknown elements", span);
    domain = keys.value();
    const std::vector<Member> range = domain.size() == 0 ? std::vector<Member>{} : List(parts.items[1], span);
    choices.assign(domain.size(), range);
  } else {
    for (const SymValue& part : parts.items) choices.push_back(List(part, span));
    domain = parts.op == Opcode::kCross ? SequenceDomain(parts.items.size()) : Value::SetFromSorted(parts.fields);
  }
  // An odometer; the last place turns fastest.
  std::vector<Member> all;
  if (std::any_of(choices.begin(), choices.end(), [](const auto& list) { return list.empty(); })) return all;
  std::vector<std::size_t> at(choices.size(), 0);
  while (true) {
    std::vector<SymValue> items;
    std::vector<Term> when;
    for (std::size_t i = 0; i < at.size(); ++i) {
      items.push_back(choices[i][at[i]].value);
      when.push_back(choices[i][at[i]].when);
    }
    all.push_back({pool_->And(std::move(when)), SymValue::Function(domain, std::move(items))});
    CheckSize(all.size(), span);
    std::size_t i = at.size();
    while (i > 0 && at[i - 1] + 1 == choices[i - 1].size()) at[--i] = 0;
    if (i == 0) return OnlyPossible(std::move(all));
    ++at[i - 1];
  }
}

SymValue SymEvaluator::Cardinality(const SymValue& set, const Span& span) {
  const SymValue listed = Force(set, span);
  if (listed.kind() == SymKind::kChoice) {
    return Spread(listed, [&](const SymValue& v) { return Cardinality(ExpectSet(v, span), span); });
  }
  if (listed.is_concrete()) return Value::Int(static_cast<std::int64_t>(listed.value().size()));
  const std::vector<Member> members = List(listed, span);
  Term count = pool_->Int(0);
  for (std::size_t i = 0; i < members.size(); ++i) {
    // Candidates may be equal: only the first of those that are in the set counts.
    std::vector<Term> counted{members[i].when};
    for (std::size_t j = 0; j < i; ++j) {
      const Term both = pool_->And(members[i].when, members[j].when);
      const Term equal = BoolUnder(
          both, [&] { return Equals(members[i].value, members[j].value, span); }, false);
      counted.push_back(pool_->Not(pool_->And(members[j].when, equal)));
    }
    count = pool_->Add(count, pool_->Ite(pool_->And(std::move(counted)), pool_->Int(1), pool_->Int(0)));
  }
  return SymValue::Int(*pool_, count);
}

SymValue SymEvaluator::Force(const SymValue& value, const Span& span) {
  switch (value.kind()) {
    case SymKind::kDescribed: return SetOf(List(value, span), span);
    case SymKind::kRule: return ForceRule(value, span);
    default: return value;
  }
}

}  // namespace kelpie::symbolic
