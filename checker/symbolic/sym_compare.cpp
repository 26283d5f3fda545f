// Equality, membership, inclusion.
#include <algorithm>

#include "checker/eval/value_order.h"
#include "checker/symbolic/sym_evaluator.h"

namespace kelpie::symbolic {

using eval::ValueKind;

namespace {

bool IsSetLike(const SymValue& v) {
  return v.kind() == SymKind::kSet || v.kind() == SymKind::kDescribed || (v.is_concrete() && v.value().is_set());
}

bool HasKindsApart(const std::vector<Member>& a, const std::vector<Member>& b) {
  if (a.empty() || b.empty()) return false;
  const auto is_other = [&](const Member& m) {
    return m.value.kind() == SymKind::kChoice || !AreComparable(m.value, a.front().value);
  };
  return std::any_of(a.begin(), a.end(), is_other) || std::any_of(b.begin(), b.end(), is_other);
}

bool IsModelValue(const SymValue& v) { return v.is_concrete() && v.value().kind() == ValueKind::kModelValue; }

}  // namespace

// Values of different kinds. A model value may be compared with anything and differs from it.
Term SymEvaluator::Refuse(const SymValue& a, const SymValue& b, const Span& span, bool is_strict) {
  if (!is_strict || IsModelValue(a) || IsModelValue(b)) return pool_->False();
  Fail(ErrorKind::kIncomparable, "cannot compare " + ToString(*pool_, a) + " with " + ToString(*pool_, b), span);
}

Term SymEvaluator::Equals(const SymValue& a, const SymValue& b, const Span& span, bool is_strict) {
  if (a.is_concrete() && b.is_concrete()) {
    if (!is_strict) return pool_->Bool(eval::Same(a.value(), b.value()));
    const std::optional<bool> equal = eval::Equal(a.value(), b.value());
    return equal ? pool_->Bool(*equal) : Refuse(a, b, span, true);
  }
  if (a.kind() == SymKind::kChoice || b.kind() == SymKind::kChoice) {
    const bool is_left = a.kind() == SymKind::kChoice;
    const SymValue result = Spread(is_left ? a : b, [&](const SymValue& v) {
      return SymValue::Bool(*pool_, is_left ? Equals(v, b, span, is_strict) : Equals(a, v, span, is_strict));
    });
    return ToBool(result, span);
  }
  const auto is_bool = [](const SymValue& v) {
    return v.kind() == SymKind::kBool || (v.is_concrete() && v.value().is_bool());
  };
  const auto is_int = [](const SymValue& v) {
    return v.kind() == SymKind::kInt || (v.is_concrete() && v.value().is_int());
  };
  if (is_bool(a) && is_bool(b)) return pool_->Iff(ToBool(a, span), ToBool(b, span));
  if (is_int(a) && is_int(b)) return pool_->Equal(ToInt(a, span), ToInt(b, span));
  if (a.kind() == SymKind::kRule || b.kind() == SymKind::kRule) {
    return Equals(Force(a, span), Force(b, span), span, is_strict);
  }
  if (IsFunction(a) && IsFunction(b)) return EqualFunctions(a, b, span, is_strict);
  if (IsSetLike(a) && IsSetLike(b)) return EqualSets(a, b, span, is_strict);
  return Refuse(a, b, span, is_strict);
}

Term SymEvaluator::EqualFunctions(const SymValue& a, const SymValue& b, const Span& span, bool is_strict) {
  const Value left = DomainOf(a);
  const Value right = DomainOf(b);
  if (left.size() != right.size()) return pool_->False();
  if (!eval::Same(left, right)) {
    if (is_strict && !eval::Equal(left, right)) return Refuse(a, b, span, true);
    return pool_->False();
  }
  const std::vector<SymValue> left_items = ItemsOf(a);
  const std::vector<SymValue> right_items = ItemsOf(b);
  Term all = pool_->True();
  for (std::size_t i = 0; i < left_items.size() && !pool_->is_false(all); ++i) {
    all = pool_->And(all, BoolUnder(
                              all, [&] { return Equals(left_items[i], right_items[i], span, is_strict); }, false));
  }
  return all;
}

// TLC compares the sizes of two sets first, and looks at elements of different kinds only when
// these are equal.
Term SymEvaluator::EqualSets(const SymValue& a, const SymValue& b, const Span& span, bool is_strict) {
  if (!is_strict || !HasKindsApart(List(a, span), List(b, span))) return EqualElements(a, b, span, is_strict);
  const Term same_size = pool_->Equal(ToInt(Cardinality(a, span), span), ToInt(Cardinality(b, span), span));
  const Term same = EqualElements(a, b, span, false);
  (void)BoolUnder(
      same_size, [&] { return EqualElements(a, b, span, true); }, false);
  return same;
}

Term SymEvaluator::EqualElements(const SymValue& a, const SymValue& b, const Span& span, bool is_strict) {
  const auto in_other = [&](const std::vector<Member>& members, const std::vector<Member>& others) {
    Term all = pool_->True();
    for (const Member& member : members) {
      std::vector<Term> equal;
      for (const Member& other : others) {
        const Term both = pool_->And(member.when, other.when);
        equal.push_back(pool_->And(
            other.when, BoolUnder(
                            both, [&] { return Equals(member.value, other.value, span, is_strict); }, false)));
      }
      all = pool_->And(all, pool_->Implies(member.when, pool_->Or(std::move(equal))));
    }
    return all;
  };
  const std::vector<Member> left = List(a, span);
  const std::vector<Member> right = List(b, span);
  return pool_->And(in_other(left, right), in_other(right, left));
}

// --- membership

Term SymEvaluator::In(const SymValue& element, const SymValue& set, const Span& span) {
  if (element.kind() == SymKind::kChoice) {
    const SymValue result =
        Spread(element, [&](const SymValue& v) { return SymValue::Bool(*pool_, In(v, set, span)); });
    return ToBool(result, span);
  }
  if (set.kind() == SymKind::kChoice) {
    const SymValue result =
        Spread(set, [&](const SymValue& v) { return SymValue::Bool(*pool_, In(element, v, span)); });
    return ToBool(result, span);
  }
  if (set.kind() == SymKind::kDescribed) return InDescribed(element, set, span);
  if (!IsSetLike(set)) Fail(ErrorKind::kType, "expected a set, found " + ToString(*pool_, set), span);
  return InListed(Force(element, span), set, span);
}

Term SymEvaluator::InListed(const SymValue& element, const SymValue& set, const Span& span) {
  if (set.is_concrete()) {
    const auto items = set.value().items();
    if (items.empty()) return pool_->False();
    if (element.is_concrete()) {
      bool refused = false;
      (void)eval::CompareChecked(items.front(), element.value(), &refused);
      if (refused) return Refuse(element, items.front(), span, true);
      return pool_->Bool(set.value().Contains(element.value()));
    }
    // Distinct sorted integers from the first to the last without a gap are an interval.
    const bool is_interval =
        items.front().is_int() && items.back().is_int() && element.kind() == SymKind::kInt &&
        items.back().as_int() - items.front().as_int() == static_cast<std::int64_t>(items.size()) - 1;
    if (is_interval) {
      return pool_->And(pool_->LessEqual(pool_->Int(items.front().as_int()), element.term()),
                        pool_->LessEqual(element.term(), pool_->Int(items.back().as_int())));
    }
  }
  std::vector<Term> equal;
  for (const Member& member : MembersOf(*pool_, set)) {
    equal.push_back(
        pool_->And(member.when, BoolUnder(
                                    member.when, [&] { return Equals(element, member.value, span); }, false)));
  }
  return pool_->Or(std::move(equal));
}

Term SymEvaluator::Subset(const SymValue& a, const SymValue& b, const Span& span) {
  if (a.kind() == SymKind::kChoice) {
    const SymValue result = Spread(a, [&](const SymValue& v) { return SymValue::Bool(*pool_, Subset(v, b, span)); });
    return ToBool(result, span);
  }
  if (!IsSetLike(a)) Fail(ErrorKind::kType, "expected a set, found " + ToString(*pool_, a), span);
  Term all = pool_->True();
  for (const Member& member : List(a, span)) {
    const Term reached = pool_->And(all, member.when);
    all = pool_->And(all, pool_->Implies(member.when, BoolUnder(
                                                          reached, [&] { return In(member.value, b, span); }, true)));
    if (pool_->is_false(all)) break;
  }
  return all;
}

Term SymEvaluator::InProduct(const SymValue& element, const SymParts& parts, const Span& span) {
  const bool is_cross = parts.op == Opcode::kCross;
  const std::vector<SymValue> items = ItemsOf(element);
  const Value domain = DomainOf(element);
  Term all = pool_->True();
  for (std::size_t i = 0; i < parts.items.size() && !pool_->is_false(all); ++i) {
    std::size_t at = i;
    if (!is_cross) {
      // By name: fields and DOMAIN are both sorted, but need not be the same.
      const auto keys = domain.items();
      const auto found =
          std::find_if(keys.begin(), keys.end(), [&](const Value& k) { return eval::Same(k, parts.fields[i]); });
      if (found == keys.end()) return pool_->False();
      at = static_cast<std::size_t>(found - keys.begin());
    }
    all = pool_->And(all, BoolUnder(
                              all, [&] { return In(items[at], parts.items[i], span); }, false));
  }
  return all;
}

Term SymEvaluator::InDescribed(const SymValue& given, const SymValue& set, const Span& span) {
  const SymParts& parts = set.parts();
  const auto fail = [&](const char* what) -> Term {
    if (IsModelValue(given)) return pool_->False();
    Fail(ErrorKind::kIncomparable, "cannot decide whether " + ToString(*pool_, given) + " is in " + what, span);
  };
  const auto in_part = [&](std::size_t i) { return In(given, parts.items[i], span); };
  switch (parts.op) {
    case Opcode::kAnySet: return pool_->True();
    case Opcode::kNatSet:
    case Opcode::kIntSet:
    case Opcode::kInterval: {
      const bool is_int = given.kind() == SymKind::kInt || (given.is_concrete() && given.value().is_int());
      if (parts.op == Opcode::kInterval) {
        const Term low = ToInt(parts.items[0], span);
        const Term high = ToInt(parts.items[1], span);
        if (!is_int && pool_->is_true(pool_->Less(high, low))) return pool_->False();
        if (!is_int) return fail("a set of integers");
        const Term element = ToInt(given, span);
        return pool_->And(pool_->LessEqual(low, element), pool_->LessEqual(element, high));
      }
      if (!is_int) return fail("a set of integers");
      return parts.op == Opcode::kIntSet ? pool_->True() : pool_->LessEqual(pool_->Int(0), ToInt(given, span));
    }
    case Opcode::kStringSet:
      if (given.is_concrete() && given.value().kind() == ValueKind::kString) return pool_->True();
      return fail("STRING");
    case Opcode::kUnion: {
      const Term left = in_part(0);
      return pool_->Or(left, BoolUnder(
                                 pool_->Not(left), [&] { return in_part(1); }, false));
    }
    case Opcode::kIntersect:
    case Opcode::kSetMinus: {
      const Term left = in_part(0);
      const Term right = BoolUnder(
          left, [&] { return in_part(1); }, false);
      return pool_->And(left, parts.op == Opcode::kIntersect ? right : pool_->Not(right));
    }
    case Opcode::kSetFilter: {
      const Term left = in_part(0);
      return pool_->And(left, BoolUnder(
                                  left, [&] { return RuleHolds(parts, given); }, false));
    }
    case Opcode::kPowerSet:
      if (!IsSetLike(given)) return fail("a set of sets");
      return Subset(given, parts.items[0], span);
    default: return InStructured(Force(given, span), parts, span);
  }
}

// In a set of functions, records, tuples or sequences.
Term SymEvaluator::InStructured(const SymValue& element, const SymParts& parts, const Span& span) {
  const auto fail = [&](const char* what) -> Term {
    if (IsModelValue(element)) return pool_->False();
    Fail(ErrorKind::kIncomparable, "cannot decide whether " + ToString(*pool_, element) + " is in " + what, span);
  };
  switch (parts.op) {
    case Opcode::kFunctionSet: {
      if (!IsFunction(element)) return fail("a set of functions");
      Term all = Equals(DomainOf(element), Force(parts.items[0], span), span);
      for (const SymValue& item : ItemsOf(element)) {
        if (pool_->is_false(all)) break;
        all = pool_->And(all, BoolUnder(
                                  all, [&] { return In(item, parts.items[1], span); }, false));
      }
      return all;
    }
    case Opcode::kRecordSet: {
      const auto is_string = [](const Value& k) { return k.kind() == ValueKind::kString; };
      const bool is_function = IsFunction(element);
      const Value domain = is_function ? DomainOf(element) : Value::SetFromSorted({});
      if (domain.size() == 0 || !std::all_of(domain.items().begin(), domain.items().end(), is_string))
        return fail("a set of records");
      return domain.size() == parts.items.size() ? InProduct(element, parts, span) : pool_->False();
    }
    case Opcode::kCross:
      if (!IsFunction(element)) return fail("a set of tuples");
      if (!IsSequence(element) || DomainOf(element).size() != parts.items.size()) return pool_->False();
      return InProduct(element, parts, span);
    default: {  // kSeqSet
      if (!IsSequence(element)) return fail("a set of sequences");
      Term all = pool_->True();
      for (const SymValue& item : ItemsOf(element)) {
        all = pool_->And(all, BoolUnder(
                                  all, [&] { return In(item, parts.items[0], span); }, false));
      }
      return all;
    }
  }
}

}  // namespace kelpie::symbolic
