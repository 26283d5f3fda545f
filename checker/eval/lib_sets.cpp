// Folds, FiniteSetsExt and Quorum.
#include <algorithm>

#include "checker/eval/library.h"

namespace kelpie::eval {

namespace {

// op(x, acc) for each element, the least first.
Value FoldSet(Operands& o, std::size_t op, std::size_t set, Value acc) {
  (void)o.Each(set, [&](const Value& element) {
    acc = o.Call(op, {&element, &acc});
    return true;
  });
  return acc;
}

// op(f(x), the fold of the rest), x = choose(S): the element chosen first is outermost.
Value MapThenFoldSet(Operands& o) {
  Value rest = o.Set(4);
  std::vector<Value> chosen;
  while (rest.size() > 0) {
    const Value element = o.Call(3, {&rest});
    if (!o.Contains(rest, element))
      o.Fail(ErrorKind::kOutsideDomain,
             "MapThenFoldSet chose " + ToString(element) + ", no element of " + ToString(rest) + ", and would not end");
    rest = rest.WithoutElement(element);
    chosen.push_back(element);
  }
  Value acc = o.Any(1);
  for (auto element = chosen.rbegin(); element != chosen.rend(); ++element) {
    const Value image = o.Call(2, {&*element});
    acc = o.Call(0, {&image, &acc});
  }
  return acc;
}

Value SumOrProduct(Operands& o, bool is_sum) {
  std::int64_t result = is_sum ? 0 : 1;
  (void)o.Each(0, [&](const Value& element) {
    const std::int64_t number = o.IntOf(element);
    result = is_sum ? o.Plus(number, result) : o.Times(number, result);
    return true;
  });
  return Value::Int(result);
}

Value MapThenSumSet(Operands& o) {
  std::int64_t sum = 0;
  (void)o.Each(1, [&](const Value& element) {
    sum = o.Plus(o.IntOf(o.Call(0, {&element})), sum);
    return true;
  });
  return Value::Int(sum);
}

Value SymDiff(Operands& o) {
  const Value a = o.Set(0);
  const Value b = o.Set(1);
  std::vector<Value> kept;
  for (const Value& element : a.items()) {
    if (!o.Contains(b, element)) kept.push_back(element);
  }
  for (const Value& element : b.items()) {
    if (!o.Contains(a, element)) kept.push_back(element);
  }
  return o.MakeSet(std::move(kept));
}

Value Quantify(Operands& o) {
  std::int64_t count = 0;
  (void)o.Each(0, [&](const Value& element) {
    if (o.Test(1, {&element})) ++count;
    return true;
  });
  return Value::Int(count);
}

Value KSubset(Operands& o) {
  const Value set = o.Set(1);
  const std::int64_t k = o.Int(0);
  if (k < 0 || k > static_cast<std::int64_t>(set.size())) return o.MakeSet({});
  const auto size = static_cast<std::size_t>(k);
  std::vector<std::size_t> picked(size);
  for (std::size_t i = 0; i < size; ++i) picked[i] = i;
  std::vector<Value> subsets;
  while (true) {
    ValueBuilder subset(size);
    for (const std::size_t i : picked) subset.Add(set.items()[i]);
    subsets.push_back(subset.TakeSet());
    o.CheckSize(subsets.size());
    std::size_t i = size;
    while (i > 0 && picked[i - 1] == set.size() - size + i - 1) --i;
    if (i == 0) return o.MakeSet(std::move(subsets));
    ++picked[i - 1];
    for (std::size_t j = i; j < size; ++j) picked[j] = picked[j - 1] + 1;
  }
}

bool InKSubset(Operands& o, const Value& value) {
  const std::int64_t k = o.Int(0);
  if (!value.is_set()) return o.Refuse(value, "a set of sets");
  for (const Value& element : value.items()) {
    if (!o.IsIn(1, element)) return false;
  }
  return k == static_cast<std::int64_t>(value.size());
}

Value Extreme(Operands& o, bool is_max) {
  std::optional<std::int64_t> best;
  (void)o.Each(0, [&](const Value& element) {
    const std::int64_t number = o.IntOf(element);
    best = !best ? number : is_max ? std::max(*best, number) : std::min(*best, number);
    return true;
  });
  if (!best) o.Fail(ErrorKind::kNoWitness, std::string(o.name()) + " of the empty set");
  return Value::Int(*best);
}

// The Range of each function that maps every set to one of its elements.
Value Choices(Operands& o) {
  const Value sets = o.Set(0);
  for (const Value& set : sets.items()) {
    if (!set.is_set()) o.Expected(0, "a set of sets", sets);
    if (set.size() == 0) return o.MakeSet({});
  }
  std::vector<std::size_t> at(sets.size(), 0);
  std::vector<Value> all;
  while (true) {
    std::vector<Value> range;
    for (std::size_t i = 0; i < at.size(); ++i) range.push_back(sets.items()[i].items()[at[i]]);
    all.push_back(o.MakeSet(std::move(range)));
    o.CheckSize(all.size());
    std::size_t i = at.size();
    while (i > 0 && at[i - 1] + 1 == sets.items()[i - 1].size()) at[--i] = 0;
    if (i == 0) return o.MakeSet(std::move(all));
    ++at[i - 1];
  }
}

Value ChooseUnique(Operands& o) {
  std::vector<Value> found;
  (void)o.Each(0, [&](const Value& element) {
    if (o.Test(1, {&element})) found.push_back(element);
    return true;
  });
  if (found.size() != 1)
    o.Fail(ErrorKind::kNoWitness, "ChooseUnique found " + std::to_string(found.size()) + " elements, not one");
  return found.front();
}

// Sets of quorums, as bits: quorum i of the subsets 0..2^n-1 of a base of n.
bool IsQuorumSystem(std::uint32_t system, std::uint32_t subset_count) {
  if (system == 0) return false;
  for (std::uint32_t a = 0; a < subset_count; ++a) {
    if ((system >> a & 1) == 0) continue;
    for (std::uint32_t b = 0; b < subset_count; ++b) {
      const bool is_quorum = (system >> b & 1) != 0;
      if (is_quorum && (a & b) == 0) return false;
      if (!is_quorum && (a & b) == a) return false;
    }
  }
  return true;
}

Value QuorumSystem(Operands& o) {
  const Value base = o.Set(0);
  constexpr std::size_t kBaseMax = 4;  // of 5 elements there are 2^32 sets of subsets
  if (base.size() > kBaseMax) o.CheckSize(SIZE_MAX);
  const std::uint32_t subset_count = 1U << base.size();
  std::vector<Value> subsets;
  for (std::uint32_t bits = 0; bits < subset_count; ++bits) {
    ValueBuilder subset(base.size());
    for (std::size_t i = 0; i < base.size(); ++i) {
      if ((bits >> i & 1) != 0) subset.Add(base.items()[i]);
    }
    subsets.push_back(subset.TakeSet());
  }
  std::vector<Value> systems;
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << subset_count; ++bits) {
    const auto system = static_cast<std::uint32_t>(bits);
    if (!IsQuorumSystem(system, subset_count)) continue;
    std::vector<Value> quorums;
    for (std::uint32_t i = 0; i < subset_count; ++i) {
      if ((system >> i & 1) != 0) quorums.push_back(subsets[i]);
    }
    systems.push_back(o.MakeSet(std::move(quorums)));
  }
  return o.MakeSet(std::move(systems));
}

}  // namespace

void AddSets(LibraryTable& table) {
  table.Set(Builtin::kMapThenFoldSet, MapThenFoldSet);
  table.Set(Builtin::kFoldSet, [](Operands& o) { return FoldSet(o, 0, 2, o.Any(1)); });
  table.Set(Builtin::kReduceSet, [](Operands& o) { return FoldSet(o, 0, 1, o.Any(2)); });
  table.Set(Builtin::kSumSet, [](Operands& o) { return SumOrProduct(o, true); });
  table.Set(Builtin::kProductSet, [](Operands& o) { return SumOrProduct(o, false); });
  table.Set(Builtin::kMapThenSumSet, MapThenSumSet);
  table.Set(Builtin::kSymDiff, SymDiff);
  table.Set(Builtin::kQuantify, Quantify);
  table.Set(Builtin::kKSubset, KSubset);
  table.SetMember(Builtin::kKSubset, InKSubset);
  table.Set(Builtin::kMax, [](Operands& o) { return Extreme(o, true); });
  table.Set(Builtin::kMin, [](Operands& o) { return Extreme(o, false); });
  table.Set(Builtin::kChoices, Choices);
  table.Set(Builtin::kChooseUnique, ChooseUnique);
  table.Set(Builtin::kQuorumSystem, QuorumSystem);
}

}  // namespace kelpie::eval
