// NaturalsInduction and WellFoundedInduction, as far as finite sets go: orders as sets of pairs.
#include "checker/eval/library.h"

namespace kelpie::eval {

namespace {

Value Pair(const Value& a, const Value& b) { return Value::Sequence({a, b}); }

// The pairs of two elements of a set that pass a test, in both orders.
template <typename Test>
Value PairsOf(Operands& o, std::span<const Value> elements, const Test& test) {
  std::vector<Value> pairs;
  for (const Value& a : elements) {
    for (const Value& b : elements) {
      if (test(a, b)) pairs.push_back(Pair(a, b));
      o.CheckSize(pairs.size());
    }
  }
  return o.MakeSet(std::move(pairs));
}

Value IsTransitivelyClosedOn(Operands& o) {
  const Value set = o.Set(1);
  for (const Value& i : set.items()) {
    for (const Value& j : set.items()) {
      for (const Value& k : set.items()) {
        if (o.IsIn(0, Pair(i, j)) && o.IsIn(0, Pair(j, k)) && !o.IsIn(0, Pair(i, k))) return Value::Bool(false);
      }
    }
  }
  return Value::Bool(true);
}

// In a finite set a chain that goes down for ever goes round.
Value IsWellFoundedOn(Operands& o) {
  const Value set = o.Set(1);
  Matrix before(o, set.size());
  for (std::size_t i = 0; i < set.size(); ++i) {
    for (std::size_t j = 0; j < set.size(); ++j) before.at(i, j) = o.IsIn(0, Pair(set.items()[i], set.items()[j]));
  }
  before.Close();
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (before.at(i, i) != 0) return Value::Bool(false);
  }
  return Value::Bool(true);
}

Value TransitiveClosureOn(Operands& o) {
  const Value set = o.Set(1);
  Matrix closure(o, set.size());
  for (std::size_t i = 0; i < set.size(); ++i) {
    for (std::size_t j = 0; j < set.size(); ++j) closure.at(i, j) = o.IsIn(0, Pair(set.items()[i], set.items()[j]));
  }
  closure.Close();
  std::vector<Value> pairs;
  for (std::size_t i = 0; i < set.size(); ++i) {
    for (std::size_t j = 0; j < set.size(); ++j) {
      if (closure.at(i, j) != 0) pairs.push_back(Pair(set.items()[i], set.items()[j]));
    }
  }
  return o.MakeSet(std::move(pairs));
}

Value SetLessThan(Operands& o) {
  const Value bound = o.Any(0);
  std::vector<Value> found;
  (void)o.Each(2, [&](const Value& element) {
    if (o.IsIn(1, Pair(element, bound))) found.push_back(element);
    return true;
  });
  return o.MakeSet(std::move(found));
}

Value PreImage(Operands& o) {
  const Value set = o.Set(1);
  return PairsOf(o, set.items(), [&](const Value& a, const Value& b) {
    const Value image = o.Call(0, {&a});
    return o.IsIn(2, Pair(image, o.Call(0, {&b})));
  });
}

Value LexPairOrdering(Operands& o) {
  const Value first = o.Set(2);
  const Value second = o.Set(3);
  o.CheckSize(first.size() * second.size());
  std::vector<Value> elements;
  for (const Value& a : first.items()) {
    for (const Value& b : second.items()) elements.push_back(Pair(a, b));
  }
  return PairsOf(o, elements, [&](const Value& a, const Value& b) {
    if (o.IsIn(0, Pair(a.items()[0], b.items()[0]))) return true;
    return Same(a.items()[0], b.items()[0]) && o.IsIn(1, Pair(a.items()[1], b.items()[1]));
  });
}

Value LexProductOrdering(Operands& o) {
  const Value set = o.Set(1);
  const std::int64_t length = o.Int(2);
  std::vector<Value> elements{Value::Sequence({})};
  for (std::int64_t i = 0; i < length && !elements.empty(); ++i) {
    std::vector<Value> longer;
    for (const Value& tuple : elements) {
      for (const Value& item : set.items()) longer.push_back(tuple.Appended(item));
      o.CheckSize(longer.size());
    }
    elements = std::move(longer);
  }
  return PairsOf(o, elements, [&](const Value& a, const Value& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (o.IsIn(0, Pair(a.items()[i], b.items()[i]))) return true;
      if (!Same(a.items()[i], b.items()[i])) return false;
    }
    return false;
  });
}

// f is the function that has Def(f, x) at each x of a set.
Value WfInductiveDefines(Operands& o) {
  const Value function = o.Function(0);
  const Value set = o.Set(1);
  if (!o.Equal(function.Domain(), set)) return Value::Bool(false);
  for (const Value& x : set.items()) {
    if (!o.Equal(o.Apply(function, x), o.Call(2, {&function, &x}))) return Value::Bool(false);
  }
  return Value::Bool(true);
}

// f[m] = c, and f[i] = Def(f[i - 1], i) for the other i of m..n.
Value FiniteNatInductive(Operands& o) {
  const Value function = o.Function(0);
  const std::int64_t first = o.Int(3);
  const std::int64_t last = o.Int(4);
  o.CheckSize(last < first ? 0 : static_cast<std::size_t>(last - first));
  std::vector<Value> domain;
  for (std::int64_t i = first; i <= last; ++i) domain.push_back(Value::Int(i));
  if (!o.Equal(function.Domain(), o.MakeSet(std::move(domain)))) return Value::Bool(false);
  for (std::int64_t i = first; i <= last; ++i) {
    const Value place = Value::Int(i);
    const Value before = i > first ? o.Apply(function, Value::Int(i - 1)) : Value();
    if (!o.Equal(o.Apply(function, place), i == first ? o.Any(1) : o.Call(2, {&before, &place})))
      return Value::Bool(false);
  }
  return Value::Bool(true);
}

}  // namespace

void AddOrders(LibraryTable& table) {
  table.Set(Builtin::kFiniteNatInductiveConclusion, FiniteNatInductive);
  table.Set(Builtin::kIsTransitivelyClosedOn, IsTransitivelyClosedOn);
  table.Set(Builtin::kIsWellFoundedOn, IsWellFoundedOn);
  table.Set(Builtin::kSetLessThan, SetLessThan);
  table.Set(Builtin::kWfInductiveDefines, WfInductiveDefines);
  table.Set(Builtin::kTransitiveClosureOn, TransitiveClosureOn);
  table.Set(Builtin::kOpToRel, [](Operands& o) {
    const Value set = o.Set(1);
    return PairsOf(o, set.items(), [&](const Value& a, const Value& b) { return o.Test(0, {&a, &b}); });
  });
  table.Set(Builtin::kPreImage, PreImage);
  table.Set(Builtin::kLexPairOrdering, LexPairOrdering);
  table.Set(Builtin::kLexProductOrdering, LexProductOrdering);
}

}  // namespace kelpie::eval
