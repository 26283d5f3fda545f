// Unknown elements of sets: the set gives the shape, its leaves become unknowns of the solver.
#include <algorithm>

#include "checker/symbolic/sym_evaluator.h"

namespace kelpie::symbolic {

Term SymEvaluator::UnknownInt(const std::string& name) { return pool_->NewInt(name); }

std::vector<Case> SymEvaluator::Unknown(const SymValue& set, const std::string& name, const Span& span) {
  if (set.kind() == SymKind::kChoice) {
    std::vector<Case> cases;
    for (const Alternative& alternative : set.parts().alternatives) {
      const Under under(*this, alternative.when);
      for (Case& c : Unknown(ExpectSet(alternative.value, span), name, span)) {
        cases.push_back({pool_->And(alternative.when, c.when), std::move(c.value)});
      }
    }
    return cases;
  }
  if (set.kind() == SymKind::kDescribed) return UnknownOfDescribed(set, name, span);
  return UnknownOfListed(ExpectSet(set, span), name, span);
}

// One unknown says which candidate it is. Integers are themselves.
std::vector<Case> SymEvaluator::UnknownOfListed(const SymValue& set, const std::string& name, const Span& span) {
  const std::vector<Member> members = OnlyPossible(List(set, span));
  if (members.empty()) return {};
  if (members.size() == 1) return {{members[0].when, members[0].value}};
  const bool is_all_int = set.is_concrete() && std::all_of(members.begin(), members.end(),
                                                           [](const Member& m) { return m.value.value().is_int(); });
  if (is_all_int) {
    const SymValue element = SymValue::Int(*pool_, UnknownInt(name));
    return {{In(element, set, span), element}};
  }
  const Term index = UnknownInt(name);
  std::vector<Case> cases;
  std::vector<Term> in;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Term here = pool_->Equal(index, pool_->Int(static_cast<std::int64_t>(i)));
    cases.push_back({here, members[i].value});
    in.push_back(pool_->And(here, members[i].when));
  }
  const Term is_any = pool_->Or(std::move(in));
  std::vector<Case> classes = MergeClasses(std::move(cases));
  for (Case& c : classes) c.when = pool_->And(c.when, is_any);
  return classes;
}

// Unknown elements of several sets beside one another: values of a function with this DOMAIN.
std::vector<Case> SymEvaluator::UnknownProduct(const std::vector<SymValue>& sets, const Value& domain,
                                               const std::string& name, const Span& span) {
  std::vector<Case> all{{pool_->True(), Value::Sequence({})}};
  std::vector<std::vector<SymValue>> items(1);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const std::string place = name + "[" + eval::ToString(domain.items()[i]) + "]";
    const std::vector<Case> here = Unknown(sets[i], place, span);
    std::vector<Case> longer;
    std::vector<std::vector<SymValue>> longer_items;
    for (std::size_t j = 0; j < all.size(); ++j) {
      for (const Case& c : here) {
        longer.push_back({pool_->And(all[j].when, c.when), c.value});
        longer_items.push_back(items[j]);
        longer_items.back().push_back(c.value);
      }
    }
    if (longer.size() > options_.paths_max)
      GiveUp("an unknown of more than " + std::to_string(options_.paths_max) + " shapes (--max-forks)", span);
    all = std::move(longer);
    items = std::move(longer_items);
  }
  for (std::size_t j = 0; j < all.size(); ++j) all[j].value = SymValue::Function(domain, std::move(items[j]));
  return all;
}

std::vector<Case> SymEvaluator::UnknownOfDescribed(const SymValue& set, const std::string& name, const Span& span) {
  const SymParts& parts = set.parts();
  const auto restrict_to = [&](std::vector<Case> cases, const std::function<Term(const SymValue&)>& test) {
    for (Case& c : cases)
      c.when = pool_->And(c.when, BoolUnder(
                                      c.when, [&] { return test(c.value); }, false));
    std::erase_if(cases, [&](const Case& c) { return pool_->is_false(c.when); });
    return cases;
  };
  switch (parts.op) {
    case Opcode::kNatSet:
    case Opcode::kIntSet:
    case Opcode::kInterval: {
      const SymValue element = SymValue::Int(*pool_, UnknownInt(name));
      return {{In(element, set, span), element}};
    }
    case Opcode::kPowerSet: {
      std::vector<Member> members;
      for (const Member& member : List(parts.items[0], span)) {
        const Term in = pool_->NewBool(name + " has " + ToString(*pool_, member.value));
        members.push_back({pool_->And(in, member.when), member.value});
      }
      return {{pool_->True(), SymValue::Set(*pool_, std::move(members))}};
    }
    case Opcode::kFunctionSet: {
      const SymValue domain = Force(parts.items[0], span);
      if (!domain.is_concrete()) GiveUp("the unknown " + name + ", a function over a set with unknown elements", span);
      return UnknownProduct(std::vector<SymValue>(domain.value().size(), parts.items[1]), domain.value(), name, span);
    }
    case Opcode::kRecordSet: return UnknownProduct(parts.items, Value::SetFromSorted(parts.fields), name, span);
    case Opcode::kCross: return UnknownProduct(parts.items, SequenceDomain(parts.items.size()), name, span);
    case Opcode::kSeqSet: {
      std::vector<Case> cases;
      for (std::size_t n = 0; n <= options_.sequence_length_max; ++n) {
        const std::vector<SymValue> sets(n, parts.items[0]);
        for (Case& c : UnknownProduct(sets, SequenceDomain(n), name, span)) cases.push_back(std::move(c));
      }
      was_cut_ = true;
      return cases;
    }
    case Opcode::kUnion: {
      std::vector<Case> cases = Unknown(parts.items[0], name, span);
      for (Case& c : Unknown(parts.items[1], name, span)) cases.push_back(std::move(c));
      return cases;
    }
    case Opcode::kIntersect: {
      const std::size_t shaped = !IsFinite(parts.items[0]) && IsFinite(parts.items[1]) ? 1 : 0;
      return restrict_to(Unknown(parts.items[shaped], name, span),
                         [&](const SymValue& v) { return In(v, parts.items[1 - shaped], span); });
    }
    case Opcode::kSetMinus:
      return restrict_to(Unknown(parts.items[0], name, span),
                         [&](const SymValue& v) { return pool_->Not(In(v, parts.items[1], span)); });
    case Opcode::kSetFilter:
      return restrict_to(Unknown(parts.items[0], name, span), [&](const SymValue& v) { return RuleHolds(parts, v); });
    default:
      GiveUp("the unknown " + name + ": its set, " + std::string(program::NameOf(parts.op)) + ", gives no shape", span);
  }
}

}  // namespace kelpie::symbolic
