#include "checker/symbolic/sym_value.h"

#include <algorithm>

#include "checker/eval/value_order.h"

namespace kelpie::symbolic {

using eval::ValueKind;

SymValue SymValue::Bool(const TermPool& pool, Term term) {
  if (pool.is_constant(term)) return Value::Bool(pool.node(term).value != 0);
  SymValue made(SymKind::kBool);
  made.term_ = term;
  return made;
}

SymValue SymValue::Int(const TermPool& pool, Term term) {
  if (pool.is_constant(term)) return Value::Int(pool.node(term).value);
  SymValue made(SymKind::kInt);
  made.term_ = term;
  return made;
}

SymValue SymValue::Choice(TermPool& pool, std::vector<Alternative> alternatives) {
  std::vector<Alternative> kept;
  for (Alternative& alternative : alternatives) {
    if (alternative.when == pool.False()) continue;
    const auto known = std::find_if(kept.begin(), kept.end(),
                                    [&](const Alternative& k) { return eval::Same(k.value, alternative.value); });
    if (known != kept.end()) {
      known->when = pool.Or(known->when, alternative.when);
    } else {
      kept.push_back(std::move(alternative));
    }
  }
  if (kept.size() == 1) return kept.front().value;
  for (const Alternative& alternative : kept) {
    if (pool.is_true(alternative.when) && pool.is_constant(alternative.when)) return alternative.value;
  }
  SymParts parts;
  parts.alternatives = std::move(kept);
  return OfParts(SymKind::kChoice, std::move(parts));
}

SymValue SymValue::Function(const Value& domain, std::vector<SymValue> values) {
  const bool is_concrete = std::all_of(values.begin(), values.end(), [](const SymValue& v) { return v.is_concrete(); });
  if (is_concrete) {
    std::vector<Value> items;
    items.reserve(values.size());
    for (const SymValue& value : values) items.push_back(value.value());
    return Value::Function(domain, std::move(items));
  }
  SymParts parts;
  parts.items = std::move(values);
  SymValue made = OfParts(SymKind::kFunction, std::move(parts));
  made.value_ = domain;
  return made;
}

SymValue SymValue::Set(TermPool& pool, std::vector<Member> members) {
  std::vector<Member> kept;
  bool is_concrete = true;
  for (Member& member : members) {
    if (member.when == pool.False()) continue;
    is_concrete = is_concrete && member.value.is_concrete() && member.when == pool.True();
    kept.push_back(std::move(member));
  }
  if (is_concrete) {
    std::vector<Value> elements;
    for (const Member& member : kept) elements.push_back(member.value.value());
    // Elements that cannot be compared were refused where the set was made.
    if (std::optional<Value> set = eval::MakeSet(elements)) return std::move(*set);
  }
  SymParts parts;
  parts.members = std::move(kept);
  return OfParts(SymKind::kSet, std::move(parts));
}

SymValue SymValue::OfParts(SymKind kind, SymParts parts) {
  SymValue made(kind);
  made.parts_ = std::make_shared<const SymParts>(std::move(parts));
  return made;
}

bool SymValue::is_same_object(const SymValue& other) const {
  if (kind_ != other.kind_) return false;
  if (kind_ == SymKind::kConcrete) return eval::Same(value_, other.value_);
  return parts_ == other.parts_ && term_ == other.term_;
}

// --- reading

Value SequenceDomain(std::size_t size) {
  std::vector<Value> indexes;
  for (std::size_t i = 1; i <= size; ++i) indexes.push_back(Value::Int(static_cast<std::int64_t>(i)));
  return Value::SetFromSorted(std::move(indexes));
}

bool IsFunction(const SymValue& value) {
  return value.kind() == SymKind::kFunction || (value.is_concrete() && value.value().is_function());
}

Value DomainOf(const SymValue& function) {
  return function.is_concrete() ? function.value().Domain() : function.domain();
}

bool IsSequence(const SymValue& value) {
  if (value.is_concrete()) return value.value().is_sequence();
  if (value.kind() != SymKind::kFunction) return false;
  const auto keys = value.domain().items();
  return keys.empty() || (keys.front().is_int() && keys.front().as_int() == 1 && keys.back().is_int() &&
                          keys.back().as_int() == static_cast<std::int64_t>(keys.size()));
}

std::vector<SymValue> ItemsOf(const SymValue& function) {
  if (!function.is_concrete()) return function.parts().items;
  std::vector<SymValue> items;
  for (const Value& item : function.value().items()) items.emplace_back(item);
  return items;
}

namespace {
// Values of one class may be compared with one another; -1: a choice, whose alternatives may differ.
int ClassOf(const SymValue& v) {
  switch (v.kind()) {
    case SymKind::kBool: return static_cast<int>(ValueKind::kBool);
    case SymKind::kInt: return static_cast<int>(ValueKind::kInt);
    case SymKind::kFunction:
    case SymKind::kRule: return static_cast<int>(ValueKind::kFunction);
    case SymKind::kSet:
    case SymKind::kDescribed: return static_cast<int>(ValueKind::kSet);
    case SymKind::kChoice: return -1;
    case SymKind::kConcrete: break;
  }
  return static_cast<int>(v.value().is_function() ? ValueKind::kFunction : v.value().kind());
}

}  // namespace

bool AreComparable(const SymValue& a, const SymValue& b) {
  const int left = ClassOf(a);
  const int right = ClassOf(b);
  const int model_value = static_cast<int>(ValueKind::kModelValue);
  return left == right || left < 0 || right < 0 || left == model_value || right == model_value;
}

std::vector<Member> MembersOf(const TermPool& pool, const SymValue& set) {
  if (!set.is_concrete()) return set.parts().members;
  std::vector<Member> members;
  for (const Value& element : set.value().items()) members.push_back({pool.True(), element});
  return members;
}

// --- merging

namespace {

bool IsBoolean(const SymValue& v) { return v.kind() == SymKind::kBool || (v.is_concrete() && v.value().is_bool()); }
bool IsInteger(const SymValue& v) { return v.kind() == SymKind::kInt || (v.is_concrete() && v.value().is_int()); }
bool IsListedSet(const SymValue& v) { return v.kind() == SymKind::kSet || (v.is_concrete() && v.value().is_set()); }
bool IsPlain(const SymValue& v) { return v.is_concrete() || v.kind() == SymKind::kChoice; }

template <typename Test>
bool All(const std::vector<Case>& cases, const Test& test) {
  return std::all_of(cases.begin(), cases.end(), [&](const Case& c) { return test(c.value); });
}

Term BoolTerm(TermPool& pool, const SymValue& v) { return v.is_concrete() ? pool.Bool(v.value().as_bool()) : v.term(); }
Term IntTerm(TermPool& pool, const SymValue& v) { return v.is_concrete() ? pool.Int(v.value().as_int()) : v.term(); }

// A choice between values of one kind is taken apart where others are structured.
std::vector<Case> TakeApart(TermPool& pool, const std::vector<Case>& cases) {
  std::vector<Case> all;
  for (const Case& c : cases) {
    if (c.value.kind() != SymKind::kChoice) {
      all.push_back(c);
      continue;
    }
    for (const Alternative& alternative : c.value.parts().alternatives) {
      all.push_back({pool.And(c.when, alternative.when), alternative.value});
    }
  }
  return all;
}

std::optional<SymValue> MergeFunctions(TermPool& pool, const std::vector<Case>& cases) {
  const Value domain = DomainOf(cases.front().value);
  std::vector<std::vector<SymValue>> items;
  for (const Case& c : cases) {
    if (!eval::Same(domain, DomainOf(c.value))) return std::nullopt;
    items.push_back(ItemsOf(c.value));
  }
  std::vector<SymValue> merged;
  for (std::size_t i = 0; i < domain.size(); ++i) {
    std::vector<Case> entry;
    for (std::size_t j = 0; j < cases.size(); ++j) entry.push_back({cases[j].when, items[j][i]});
    std::optional<SymValue> value = Merge(pool, entry);
    if (!value) return std::nullopt;
    merged.push_back(std::move(*value));
  }
  return SymValue::Function(domain, std::move(merged));
}

SymValue MergeSets(TermPool& pool, const std::vector<Case>& cases) {
  std::vector<Member> members;
  for (const Case& c : cases) {
    for (const Member& member : MembersOf(pool, c.value)) {
      const Term when = pool.And(c.when, member.when);
      const auto known = std::find_if(members.begin(), members.end(),
                                      [&](const Member& m) { return m.value.is_same_object(member.value); });
      if (known != members.end()) {
        known->when = pool.Or(known->when, when);
      } else {
        members.push_back({when, member.value});
      }
    }
  }
  return SymValue::Set(pool, std::move(members));
}

}  // namespace

std::optional<SymValue> Merge(TermPool& pool, const std::vector<Case>& given) {
  if (given.empty()) return std::nullopt;
  if (All(given, [&](const SymValue& v) { return v.is_same_object(given.front().value); })) return given.front().value;
  const std::vector<Case> cases = All(given, IsPlain) ? given : TakeApart(pool, given);
  if (All(cases, IsBoolean)) {
    std::vector<Term> holds;
    for (const Case& c : cases) holds.push_back(pool.And(c.when, BoolTerm(pool, c.value)));
    return SymValue::Bool(pool, pool.Or(std::move(holds)));
  }
  if (All(cases, IsInteger)) {
    Term merged = IntTerm(pool, cases.back().value);
    for (std::size_t i = cases.size() - 1; i-- > 0;)
      merged = pool.Ite(cases[i].when, IntTerm(pool, cases[i].value), merged);
    return SymValue::Int(pool, merged);
  }
  if (All(cases, IsPlain)) {
    std::vector<Alternative> alternatives;
    for (const Case& c : TakeApart(pool, cases)) alternatives.push_back({c.when, c.value.value()});
    return SymValue::Choice(pool, std::move(alternatives));
  }
  if (All(cases, IsFunction)) return MergeFunctions(pool, cases);
  if (All(cases, IsListedSet)) return MergeSets(pool, cases);
  return std::nullopt;
}

// --- under an assignment

std::optional<Value> ValueUnder(const SymValue& v, const Valuation& valuation) {
  switch (v.kind()) {
    case SymKind::kConcrete: return v.value();
    case SymKind::kBool:
    case SymKind::kInt: {
      const auto number = valuation[v.term().index];
      if (!number) return std::nullopt;
      return v.kind() == SymKind::kBool ? Value::Bool(*number != 0) : Value::Int(*number);
    }
    case SymKind::kChoice:
      for (const Alternative& alternative : v.parts().alternatives) {
        if (valuation[alternative.when.index] == 1) return alternative.value;
      }
      return std::nullopt;
    case SymKind::kFunction: {
      std::vector<Value> items;
      for (const SymValue& item : v.parts().items) {
        std::optional<Value> value = ValueUnder(item, valuation);
        if (!value) return std::nullopt;
        items.push_back(std::move(*value));
      }
      return Value::Function(v.domain(), std::move(items));
    }
    case SymKind::kSet: {
      std::vector<Value> elements;
      for (const Member& member : v.parts().members) {
        const auto is_member = valuation[member.when.index];
        if (!is_member) return std::nullopt;
        if (*is_member == 0) continue;
        std::optional<Value> value = ValueUnder(member.value, valuation);
        if (!value) return std::nullopt;
        elements.push_back(std::move(*value));
      }
      return eval::MakeSet(std::move(elements));
    }
    case SymKind::kDescribed:
    case SymKind::kRule: return std::nullopt;
  }
  return std::nullopt;
}

std::string ToString(const TermPool& pool, const SymValue& v) {
  switch (v.kind()) {
    case SymKind::kConcrete: return eval::ToString(v.value());
    case SymKind::kBool:
    case SymKind::kInt: {
      const auto known = pool.known(v.term());
      if (!known) return "?";
      return v.kind() == SymKind::kInt ? std::to_string(*known) : (*known != 0 ? "TRUE" : "FALSE");
    }
    case SymKind::kChoice: return "?";
    case SymKind::kFunction: {
      std::string out = "[";
      for (std::size_t i = 0; i < v.parts().items.size(); ++i) {
        out +=
            (i > 0 ? ", " : "") + eval::ToString(v.domain().items()[i]) + " |-> " + ToString(pool, v.parts().items[i]);
      }
      return out + "]";
    }
    case SymKind::kSet: return "{?}";
    case SymKind::kDescribed: return "a described set";
    case SymKind::kRule: return "a function given by a rule";
  }
  return "?";
}

}  // namespace kelpie::symbolic
