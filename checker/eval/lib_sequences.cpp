// SequencesExt: sequences and their elements; folds.
#include <algorithm>

#include "checker/eval/library.h"

namespace kelpie::eval {

namespace {

Value ToBag(Operands& o) {
  const Value function = o.Function(0);
  const Value domain = o.MakeSet({function.items().begin(), function.items().end()});
  std::vector<std::int64_t> counts(domain.size(), 0);
  for (const Value& item : function.items()) {
    const auto keys = domain.items();
    ++counts[static_cast<std::size_t>(std::lower_bound(keys.begin(), keys.end(), item, ValueLess()) - keys.begin())];
  }
  ValueBuilder values(counts.size());
  for (const std::int64_t count : counts) values.Add(Value::Int(count));
  return values.TakeFunction(domain);
}

Value SequenceOf(std::span<const Value> items) { return Value::Sequence({items.begin(), items.end()}); }

// Orders of `size` of the elements, one after another.
void AddOrders(Operands& o, const Value& set, std::size_t size, std::vector<Value>& all) {
  std::vector<Value> order;
  std::vector<bool> is_used(set.size(), false);
  const auto place = [&](const auto& self) -> void {
    if (order.size() == size) {
      all.push_back(Value::Sequence(order));
      return o.CheckSize(all.size());
    }
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (is_used[i]) continue;
      is_used[i] = true;
      order.push_back(set.items()[i]);
      self(self);
      order.pop_back();
      is_used[i] = false;
    }
  };
  place(place);
}

Value SetToSeqs(Operands& o) {
  const Value set = o.Set(0);
  std::vector<Value> all;
  AddOrders(o, set, set.size(), all);
  return o.MakeSet(std::move(all));
}

bool InSetToSeqs(Operands& o, const Value& value) {
  const Value set = o.Set(0);
  if (!value.is_sequence()) return value.is_function() ? false : o.Refuse(value, "a set of sequences");
  if (value.size() != set.size()) return false;
  for (const Value& item : value.items()) {
    if (!o.Contains(set, item)) return false;
  }
  return o.MakeSet({value.items().begin(), value.items().end()}).size() == set.size();
}

Value SetToAllKPermutations(Operands& o) {
  const Value set = o.Set(0);
  std::vector<Value> all;
  for (std::size_t size = 0; size <= set.size(); ++size) AddOrders(o, set, size, all);
  return o.MakeSet(std::move(all));
}

// As SortSeq: insertion keeps equal items in order and asks nothing of the user's order.
Value SetToSortSeq(Operands& o) {
  std::vector<Value> items;
  (void)o.Each(0, [&](const Value& item) {
    auto at = items.end();
    while (at != items.begin() && o.Test(1, {&item, &*(at - 1)})) --at;
    items.insert(at, item);
    return true;
  });
  return Value::Sequence(std::move(items));
}

Value SeqOf(Operands& o) {
  const Value set = o.Set(0);
  const std::int64_t length_max = o.Int(1);
  std::vector<Value> all;
  if (length_max >= 0) all.push_back(Value::Sequence({}));
  std::size_t done = 0;
  for (std::int64_t length = 1; length <= length_max && done < all.size(); ++length) {
    const std::size_t end = all.size();
    for (; done < end; ++done) {
      for (const Value& item : set.items()) all.push_back(all[done].Appended(item));
      o.CheckSize(all.size());
    }
  }
  return o.MakeSet(std::move(all));
}

bool InSeqOf(Operands& o, const Value& value) {
  const std::int64_t length_max = o.Int(1);
  if (!value.is_sequence()) return value.is_function() ? false : o.Refuse(value, "a set of sequences");
  if (static_cast<std::int64_t>(value.size()) > length_max) return false;
  for (const Value& item : value.items()) {
    if (!o.IsIn(0, item)) return false;
  }
  return true;
}

bool HasItem(Operands& o, const Value& sequence, const Value& wanted) {
  for (const Value& item : sequence.items()) {
    if (o.Equal(item, wanted)) return true;
  }
  return false;
}

Value IsSorted(Operands& o) {
  const Value sequence = o.Sequence(0);
  const auto items = sequence.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (std::size_t j = i + 1; j < items.size(); ++j) {
      if (!o.Test(1, {&items[i], &items[j]})) return Value::Bool(false);
    }
  }
  return Value::Bool(true);
}

Value Reverse(Operands& o) {
  const Value sequence = o.Sequence(0);
  return Value::Sequence({sequence.items().rbegin(), sequence.items().rend()});
}

Value Remove(Operands& o) {
  const Value sequence = o.Sequence(0);
  if (sequence.size() == 0) return sequence;  // what is unwanted may have no value then
  const Value unwanted = o.Any(1);
  std::vector<Value> kept;
  for (const Value& item : sequence.items()) {
    if (!o.Equal(item, unwanted)) kept.push_back(item);
  }
  return Value::Sequence(std::move(kept));
}

Value ReplaceAll(Operands& o) {
  const Value sequence = o.Sequence(0);
  if (sequence.size() == 0) return sequence;
  const Value old = o.Any(1);
  const Value with = o.Any(2);
  std::vector<Value> items;
  for (const Value& item : sequence.items()) items.push_back(o.Equal(item, old) ? with : item);
  return Value::Sequence(std::move(items));
}

// The first or last place from..to with the test, or 0.
Value Select(Operands& o, bool is_part, bool is_last) {
  const Value sequence = o.Sequence(0);
  const auto length = static_cast<std::int64_t>(sequence.size());
  const std::int64_t from = is_part ? o.Int(1) : 1;
  const std::int64_t to = is_part ? o.Int(2) : length;
  if (from > to) return Value::Int(0);
  if (from < 1 || to > length)
    o.Fail(ErrorKind::kOutsideDomain, std::string(o.name()) + " would look at places " + std::to_string(from) + " to " +
                                          std::to_string(to) + " of a sequence of length " + std::to_string(length));
  for (std::int64_t i = 0; i <= to - from; ++i) {
    const std::int64_t place = is_last ? to - i : from + i;
    const Value& item = sequence.items()[static_cast<std::size_t>(place - 1)];
    if (o.Test(is_part ? 3 : 1, {&item})) return Value::Int(place);
  }
  return Value::Int(0);
}

Value WithoutPlace(const Value& sequence, std::size_t place) {
  std::vector<Value> items(sequence.items().begin(), sequence.items().end());
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(place));
  return Value::Sequence(std::move(items));
}

Value RemoveFirst(Operands& o) {
  const Value sequence = o.Sequence(0);
  const Value unwanted = o.Any(1);
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    if (o.Equal(sequence.items()[i], unwanted)) return WithoutPlace(sequence, i);
  }
  return sequence;
}

Value RemoveFirstMatch(Operands& o) {
  const Value sequence = o.Sequence(0);
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    if (o.Test(1, {&sequence.items()[i]})) return WithoutPlace(sequence, i);
  }
  return sequence;
}

Value ReplaceAt(Operands& o) {
  const Value function = o.Function(0);
  const Value place = o.Any(1);
  return function.Apply(place) == nullptr ? function : function.With(place, o.Any(2));
}

Value SeqMod(Operands& o) {
  const std::int64_t a = o.Int(0);
  const std::int64_t b = o.Int(1);
  if (b <= 0) o.Fail(ErrorKind::kArithmetic, "SeqMod by " + std::to_string(b) + ", which is not positive");
  const std::int64_t rest = (a % b + b) % b;
  return Value::Int(rest == 0 ? b : rest);
}

// From the first to the last item, or back; the accumulator stands where `is_left` says.
Value Fold(Operands& o, std::size_t base, std::size_t sequence, bool is_left, bool is_of_places) {
  const Value folded = o.Sequence(sequence);
  Value acc = o.Any(base);
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const std::size_t at = is_left ? i : folded.size() - 1 - i;
    const Value item = is_of_places ? Value::Int(static_cast<std::int64_t>(at) + 1) : folded.items()[at];
    acc = is_left ? o.Call(0, {&acc, &item}) : o.Call(0, {&item, &acc});
  }
  return acc;
}

Value FoldSeq(Operands& o) {
  const Value function = o.Function(2);
  Value acc = o.Any(1);
  for (const Value& item : function.items()) acc = o.Call(0, {&item, &acc});
  return acc;
}

Value FlattenSeq(Operands& o) {
  const Value parts = o.SequenceOrText(0);
  if (LengthOf(parts) == 0) return parts;
  if (!parts.is_sequence()) o.Expected(0, "a sequence of sequences", parts);
  if (parts.size() == 1) return parts.items().front();
  const bool is_text = parts.items().front().kind() == ValueKind::kString;
  std::string text;
  std::vector<Value> items;
  for (const Value& part : parts.items()) {
    if (is_text ? part.kind() != ValueKind::kString : !part.is_sequence())
      o.Expected(0, is_text ? "strings like the first one" : "sequences in the sequence", part);
    if (is_text) text += part.symbol().text();
    items.insert(items.end(), part.items().begin(), part.items().end());
    o.CheckSize(items.size());
  }
  return is_text ? Value::String(text) : Value::Sequence(std::move(items));
}

Value Zip(Operands& o) {
  const Value left = o.Sequence(0);
  const Value right = o.Sequence(1);
  std::vector<Value> pairs;
  for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i)
    pairs.push_back(Value::Sequence({left.items()[i], right.items()[i]}));
  return Value::Sequence(std::move(pairs));
}

Value Interleave(Operands& o) {
  const Value left = o.Sequence(0);
  const Value right = o.Sequence(1);
  if (left.size() != right.size())
    o.Fail(ErrorKind::kNoCase, "Interleave of sequences of lengths " + std::to_string(left.size()) + " and " +
                                   std::to_string(right.size()));
  if (left.size() == 0) return Value::Sequence({left, right});
  std::vector<Value> items;
  for (std::size_t i = 0; i < left.size(); ++i) {
    items.push_back(Value::Sequence({left.items()[i]}));
    items.push_back(Value::Sequence({right.items()[i]}));
  }
  return Value::Sequence(std::move(items));
}

}  // namespace

void AddSequences(LibraryTable& table) {
  table.Set(Builtin::kToSet, [](Operands& o) {
    const Value function = o.Function(0);
    return o.MakeSet({function.items().begin(), function.items().end()});
  });
  table.Set(Builtin::kToBag, ToBag);
  table.Set(Builtin::kSetToSeq, [](Operands& o) { return SequenceOf(o.Set(0).items()); });
  table.Set(Builtin::kSetToSeqs, SetToSeqs);
  table.SetMember(Builtin::kSetToSeqs, InSetToSeqs);
  table.Set(Builtin::kSetToSortSeq, SetToSortSeq);
  table.Set(Builtin::kSetToAllKPermutations, SetToAllKPermutations);
  table.Set(Builtin::kSeqOf, SeqOf);
  table.SetMember(Builtin::kSeqOf, InSeqOf);
  table.Set(Builtin::kBoundedSeq, SeqOf);
  table.SetMember(Builtin::kBoundedSeq, InSeqOf);
  table.Set(Builtin::kSeqContains, [](Operands& o) {
    const Value sequence = o.Sequence(0);
    return Value::Bool(HasItem(o, sequence, o.Any(1)));
  });
  table.Set(Builtin::kIsSorted, IsSorted);
  table.Set(Builtin::kReverse, Reverse);
  table.Set(Builtin::kRemove, Remove);
  table.Set(Builtin::kReplaceAll, ReplaceAll);
  table.Set(Builtin::kSelectInSeq, [](Operands& o) { return Select(o, false, false); });
  table.Set(Builtin::kSelectInSubSeq, [](Operands& o) { return Select(o, true, false); });
  table.Set(Builtin::kSelectLastInSeq, [](Operands& o) { return Select(o, false, true); });
  table.Set(Builtin::kSelectLastInSubSeq, [](Operands& o) { return Select(o, true, true); });
  table.Set(Builtin::kRemoveFirst, RemoveFirst);
  table.Set(Builtin::kRemoveFirstMatch, RemoveFirstMatch);
  table.Set(Builtin::kReplaceAt, ReplaceAt);
  table.Set(Builtin::kSeqMod, SeqMod);
  table.Set(Builtin::kFoldSeq, FoldSeq);
  table.Set(Builtin::kFoldLeft, [](Operands& o) { return Fold(o, 1, 2, true, false); });
  table.Set(Builtin::kFoldRight, [](Operands& o) { return Fold(o, 2, 1, false, false); });
  table.Set(Builtin::kFoldLeftDomain, [](Operands& o) { return Fold(o, 1, 2, true, true); });
  table.Set(Builtin::kFoldRightDomain, [](Operands& o) { return Fold(o, 2, 1, false, true); });
  table.Set(Builtin::kFlattenSeq, FlattenSeq);
  table.Set(Builtin::kZip, Zip);
  table.Set(Builtin::kInterleave, Interleave);
}

}  // namespace kelpie::eval
