// Functions and BagsExt: functions as sets of pairs, folds over them, bags.
#include <algorithm>

#include "checker/eval/library.h"

namespace kelpie::eval {

namespace {

Value Restriction(Operands& o, const Value& function, const Value& domain) {
  ValueBuilder values(domain.size());
  for (const Value& key : domain.items()) values.Add(o.Apply(function, key));
  return values.TakeFunction(domain);
}

Value RestrictBy(Operands& o, bool by_value) {
  const Value function = o.Function(0);
  std::vector<Value> kept;
  for (std::size_t i = 0; i < function.size(); ++i) {
    const Value key = function.Key(i);
    const Value item = function.items()[i];
    if (o.Test(1, {by_value ? &item : &key})) kept.push_back(key);
  }
  return Restriction(o, function, o.MakeSet(std::move(kept)));
}

Value IsRestriction(Operands& o) {
  const Value narrow = o.Function(0);
  const Value wide = o.Function(1);
  const Value wide_domain = wide.Domain();
  for (std::size_t i = 0; i < narrow.size(); ++i) {
    if (!o.Contains(wide_domain, narrow.Key(i))) return Value::Bool(false);
  }
  for (std::size_t i = 0; i < narrow.size(); ++i) {
    if (!o.Equal(narrow.items()[i], o.Apply(wide, narrow.Key(i)))) return Value::Bool(false);
  }
  return Value::Bool(true);
}

Value Pointwise(Operands& o) {
  const Value left = o.Function(0);
  const Value right = o.Applicable(1);
  ValueBuilder values(left.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Value other = o.Apply(right, left.Key(i));
    values.Add(o.Call(2, {&left.items()[i], &other}));
  }
  return values.TakeFunction(left.Domain());
}

Value RangeOf(Operands& o, const Value& function) {
  return o.MakeSet({function.items().begin(), function.items().end()});
}

// t from the first s with f[s] = t; from the first s of all when t is no value of f.
Value Inverse(Operands& o) {
  const Value function = o.Function(0);
  const Value from = o.Set(1);
  const Value to = o.Set(2);
  const Value range = RangeOf(o, function);
  ValueBuilder values(to.size());
  for (const Value& wanted : to.items()) {
    const bool is_value = o.Contains(range, wanted);
    const auto found = std::find_if(from.items().begin(), from.items().end(), [&](const Value& candidate) {
      return !is_value || o.Equal(o.Apply(function, candidate), wanted);
    });
    if (found == from.items().end())
      o.Fail(ErrorKind::kNoWitness, "Inverse finds no element of " + ToString(from) + " for " + ToString(wanted));
    values.Add(*found);
  }
  return values.TakeFunction(to);
}

Value AntiFunction(Operands& o) {
  const Value function = o.Function(0);
  std::vector<std::pair<Value, Value>> entries;
  for (std::size_t i = 0; i < function.size(); ++i) entries.emplace_back(function.items()[i], function.Key(i));
  if (RangeOf(o, function).size() != entries.size())
    o.Fail(ErrorKind::kOutsideDomain, "AntiFunction of " + ToString(function) + ", which has a value twice");
  return o.MakeFunction(std::move(entries));
}

bool IsInjective(Operands& o, const Value& function) { return RangeOf(o, function).size() == function.size(); }

enum class Jection : std::uint8_t { kInjection, kSurjection, kBijection };

bool IsJection(Operands& o, const Value& function, const Value& to, Jection wanted) {
  if (wanted != Jection::kSurjection && !IsInjective(o, function)) return false;
  return wanted == Jection::kInjection || RangeOf(o, function).size() == to.size();
}

Value Jections(Operands& o, Jection wanted) {
  const Value from = o.Set(0);
  const Value to = o.Set(1);
  std::vector<Value> found;
  std::vector<std::size_t> image(from.size());
  std::vector<std::size_t> uses(to.size(), 0);
  std::size_t used = 0;
  const auto place = [&](const auto& self, std::size_t i) -> void {
    if (i == from.size()) {
      if (wanted != Jection::kInjection && used != to.size()) return;
      ValueBuilder values(from.size());
      for (const std::size_t at : image) values.Add(to.items()[at]);
      found.push_back(values.TakeFunction(from));
      return o.CheckSize(found.size());
    }
    // No way is left to reach all that is still to be reached.
    if (wanted != Jection::kInjection && to.size() - used > from.size() - i) return;
    for (std::size_t at = 0; at < to.size(); ++at) {
      if (wanted != Jection::kSurjection && uses[at] > 0) continue;
      if (uses[at]++ == 0) ++used;
      image[i] = at;
      self(self, i + 1);
      if (--uses[at] == 0) --used;
    }
  };
  if (wanted != Jection::kSurjection && from.size() > to.size()) return o.MakeSet({});
  place(place, 0);
  return o.MakeSet(std::move(found));
}

bool InJections(Operands& o, const Value& value, Jection wanted) {
  const Value from = o.Set(0);
  if (!value.is_function()) return o.Refuse(value, "a set of functions");
  if (!o.Equal(value.Domain(), from)) return false;
  for (const Value& item : value.items()) {
    if (!o.IsIn(1, item)) return false;
  }
  return IsJection(o, value, wanted == Jection::kInjection ? Value() : o.Set(1), wanted);
}

template <Jection kWanted>
void AddJection(LibraryTable& table, Builtin set, Builtin exists) {
  table.Set(set, [](Operands& o) { return Jections(o, kWanted); });
  table.SetMember(set, [](Operands& o, const Value& value) { return InJections(o, value, kWanted); });
  table.Set(exists, [](Operands& o) {
    const std::size_t from = o.Set(0).size();
    const std::size_t to = o.Set(1).size();
    if (kWanted == Jection::kBijection) return Value::Bool(from == to);
    if (kWanted == Jection::kInjection) return Value::Bool(from <= to);
    return Value::Bool(from >= to && (to > 0 || from == 0));
  });
}

// --- folds

// op(f[x], acc) for each x of a set, the least first.
Value FoldFunctionOnSet(Operands& o) {
  const Value function = o.Applicable(2);
  Value acc = o.Any(1);
  (void)o.Each(3, [&](const Value& key) {
    const Value item = o.Apply(function, key);
    acc = o.Call(0, {&item, &acc});
    return true;
  });
  return acc;
}

Value FoldFunction(Operands& o) {
  const Value function = o.Function(2);
  Value acc = o.Any(1);
  for (const Value& item : function.items()) acc = o.Call(0, {&item, &acc});
  return acc;
}

Value SumFunctionOnSet(Operands& o) {
  const Value function = o.Applicable(0);
  std::int64_t sum = 0;
  (void)o.Each(1, [&](const Value& key) {
    sum = o.Plus(o.IntOf(o.Apply(function, key)), sum);
    return true;
  });
  return Value::Int(sum);
}

Value SumFunction(Operands& o) {
  const Value function = o.Function(0);
  std::int64_t sum = 0;
  for (const Value& item : function.items()) sum = o.Plus(o.IntOf(item), sum);
  return Value::Int(sum);
}

// --- bags

// With `change` copies of x more; nothing happens to what is not there and would become less.
Value Changed(Operands& o, const Value& bag, const Value& element, std::int64_t change) {
  const Value domain = bag.Domain();
  if (!o.Contains(domain, element)) {
    if (change < 0) return bag;
    std::vector<std::pair<Value, Value>> entries{{element, Value::Int(change)}};
    for (std::size_t i = 0; i < bag.size(); ++i) entries.emplace_back(bag.Key(i), bag.items()[i]);
    return o.MakeFunction(std::move(entries));
  }
  const std::int64_t copies = o.IntOf(o.Apply(bag, element));
  if (change < 0 && copies == 1) return Restriction(o, bag, domain.WithoutElement(element));
  return bag.With(element, Value::Int(o.Plus(copies, change)));
}

Value BagRemoveAll(Operands& o) {
  const Value bag = o.Function(0);
  const Value domain = bag.Domain();
  const Value element = o.Any(1);
  return o.Contains(domain, element) ? Restriction(o, bag, domain.WithoutElement(element)) : bag;
}

std::int64_t CopiesAt(Operands& o, const Value& bag, std::size_t place) {
  const Value& copies = bag.items()[place];
  if (!copies.is_int() || copies.as_int() < 1)
    o.Fail(ErrorKind::kType, std::string(o.name()) + " expects a bag, found " + ToString(bag));
  o.CheckSize(static_cast<std::size_t>(copies.as_int()));  // copies are taken one by one
  return copies.as_int();
}

// op(acc, x) for each copy.
Value FoldBag(Operands& o) {
  const Value bag = o.Function(2);
  Value acc = o.Any(1);
  for (std::size_t i = 0; i < bag.size(); ++i) {
    const Value element = bag.Key(i);
    for (std::int64_t left = CopiesAt(o, bag, i); left > 0; --left) acc = o.Call(0, {&acc, &element});
  }
  return acc;
}

// op(h, the fold of the rest) with h the op of all copies of one element, the least element outermost.
Value MapThenFoldBag(Operands& o) {
  const Value bag = o.Function(4);
  const Value base = o.Any(1);
  Value acc = base;
  for (std::size_t i = bag.size(); i > 0; --i) {
    const Value element = bag.Key(i - 1);
    Value handled = base;
    for (std::int64_t left = CopiesAt(o, bag, i - 1); left > 0; --left) {
      const Value image = o.Call(2, {&element});
      handled = o.Call(0, {&handled, &image});
    }
    acc = o.Call(0, {&handled, &acc});
  }
  return acc;
}

Value SumOrProductOfBag(Operands& o, bool is_sum) {
  const Value bag = o.Function(0);
  std::int64_t result = is_sum ? 0 : 1;
  for (std::size_t i = 0; i < bag.size(); ++i) {
    const std::int64_t element = o.IntOf(bag.Key(i));
    const std::int64_t copies = CopiesAt(o, bag, i);
    if (is_sum) {
      result = o.Plus(result, o.Times(element, copies));
    } else {
      for (std::int64_t left = copies; left > 0; --left) result = o.Times(result, element);
    }
  }
  return Value::Int(result);
}

}  // namespace

void AddFunctions(LibraryTable& table) {
  table.Set(Builtin::kRestrict, [](Operands& o) {
    const Value function = o.Applicable(0);
    return Restriction(o, function, o.Set(1));
  });
  table.Set(Builtin::kRestrictDomain, [](Operands& o) { return RestrictBy(o, false); });
  table.Set(Builtin::kRestrictValues, [](Operands& o) { return RestrictBy(o, true); });
  table.Set(Builtin::kIsRestriction, IsRestriction);
  table.Set(Builtin::kRange, [](Operands& o) { return RangeOf(o, o.Function(0)); });
  table.Set(Builtin::kPointwise, Pointwise);
  table.Set(Builtin::kInverse, Inverse);
  table.Set(Builtin::kAntiFunction, AntiFunction);
  table.Set(Builtin::kIsInjective, [](Operands& o) { return Value::Bool(IsInjective(o, o.Function(0))); });
  AddJection<Jection::kInjection>(table, Builtin::kInjection, Builtin::kExistsInjection);
  AddJection<Jection::kSurjection>(table, Builtin::kSurjection, Builtin::kExistsSurjection);
  AddJection<Jection::kBijection>(table, Builtin::kBijection, Builtin::kExistsBijection);
  table.Set(Builtin::kFoldFunctionOnSet, FoldFunctionOnSet);
  table.Set(Builtin::kFoldFunction, FoldFunction);
  table.Set(Builtin::kSumFunctionOnSet, SumFunctionOnSet);
  table.Set(Builtin::kSumFunction, SumFunction);
  table.Set(Builtin::kBagAddOne, [](Operands& o) {
    const Value bag = o.Function(0);
    return Changed(o, bag, o.Any(1), 1);
  });
  table.Set(Builtin::kBagRemoveOne, [](Operands& o) {
    const Value bag = o.Function(0);
    return Changed(o, bag, o.Any(1), -1);
  });
  table.Set(Builtin::kBagRemoveAll, BagRemoveAll);
  table.Set(Builtin::kMapThenFoldBag, MapThenFoldBag);
  table.Set(Builtin::kFoldBag, FoldBag);
  table.Set(Builtin::kSumBag, [](Operands& o) { return SumOrProductOfBag(o, true); });
  table.Set(Builtin::kProductBag, [](Operands& o) { return SumOrProductOfBag(o, false); });
}

}  // namespace kelpie::eval
