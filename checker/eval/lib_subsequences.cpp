// SequencesExt: parts of sequences and strings.
#include <algorithm>

#include "checker/eval/library.h"

namespace kelpie::eval {

namespace {

bool IsText(const Value& value) { return value.kind() == ValueKind::kString; }

Value InsertAt(Operands& o) {
  const Value sequence = o.SequenceOrText(0);
  const std::int64_t place = o.Int(1);
  const Value before = PartOf(o, sequence, 1, o.Plus(place, -1));
  const Value after = PartOf(o, sequence, place, LengthOf(sequence));
  return Join(o, Join(o, before, Value::Sequence({o.Any(2)})), after);
}

Value RemoveAt(Operands& o) {
  const Value sequence = o.SequenceOrText(0);
  const std::int64_t place = o.Int(1);
  const Value before = PartOf(o, sequence, 1, o.Plus(place, -1));
  return Join(o, before, PartOf(o, sequence, o.Plus(place, 1), LengthOf(sequence)));
}

Value Last(Operands& o) {
  const Value sequence = o.Sequence(0);
  if (sequence.size() == 0) o.Fail(ErrorKind::kOutsideDomain, "Last of the empty sequence");
  return sequence.items().back();
}

// Does `whole` have `part` at this place, from 0?
bool HasAt(Operands& o, const Value& whole, const Value& part, std::size_t place) {
  if (IsText(part)) return whole.symbol().text().compare(place, part.symbol().text().size(), part.symbol().text()) == 0;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (!o.Equal(part.items()[i], whole.items()[place + i])) return false;
  }
  return true;
}

void CheckSameKind(Operands& o, const Value& a, const Value& b) {
  if (IsText(a) != IsText(b))
    o.Fail(ErrorKind::kIncomparable, std::string(o.name()) + " would compare " + ToString(a) + " and " + ToString(b));
}

// The first place from `from` on where `part` begins, from 0; nothing when there is none.
std::optional<std::size_t> FindPart(Operands& o, const Value& whole, const Value& part, std::size_t from) {
  CheckSameKind(o, whole, part);
  const auto whole_size = static_cast<std::size_t>(LengthOf(whole));
  const auto part_size = static_cast<std::size_t>(LengthOf(part));
  for (std::size_t place = from; place + part_size <= whole_size; ++place) {
    if (HasAt(o, whole, part, place)) return place;
  }
  return std::nullopt;
}

// Does t begin with s?
bool IsPrefix(Operands& o, const Value& s, const Value& t) {
  CheckSameKind(o, s, t);
  return LengthOf(s) <= LengthOf(t) && HasAt(o, t, s, 0);
}

Value IsPrefixOf(Operands& o, bool is_strict) {
  const Value s = o.SequenceOrText(0);
  const Value t = o.SequenceOrText(1);
  return Value::Bool(IsPrefix(o, s, t) && (!is_strict || LengthOf(s) != LengthOf(t)));
}

Value IsSuffixOf(Operands& o, bool is_strict) {
  const Value s = o.Sequence(0);
  const Value t = o.Sequence(1);
  if (s.size() > t.size() || (is_strict && s.size() == t.size())) return Value::Bool(false);
  for (std::size_t i = 1; i <= s.size(); ++i) {
    if (!o.Equal(s.items()[s.size() - i], t.items()[t.size() - i])) return Value::Bool(false);
  }
  return Value::Bool(true);
}

std::vector<Value> PrefixesOf(Operands& o, const Value& sequence) {
  std::vector<Value> all;
  for (std::int64_t length = 0; length <= LengthOf(sequence); ++length) all.push_back(PartOf(o, sequence, 1, length));
  return all;
}

// What all have in common at the beginning; the elements are sequences, or all are strings.
Value CommonPrefix(Operands& o, const Value& set) {
  Value common = set.items().front();
  for (const Value& other : set.items()) {
    if (!other.is_sequence() && !IsText(other)) o.Expected(0, "a set of sequences", set);
    while (!IsPrefix(o, common, other)) common = PartOf(o, common, 1, LengthOf(common) - 1);
  }
  return common;
}

Value LongestCommonPrefix(Operands& o) {
  const Value set = o.Set(0);
  if (set.size() == 0) o.Fail(ErrorKind::kNoWitness, "LongestCommonPrefix of no sequence at all");
  return CommonPrefix(o, set);
}

Value CommonPrefixes(Operands& o) {
  const Value set = o.Set(0);
  if (set.size() == 0) return set;
  return o.MakeSet(PrefixesOf(o, CommonPrefix(o, set)));
}

Value Suffixes(Operands& o) {
  const Value sequence = o.Sequence(0);
  const auto length = static_cast<std::int64_t>(sequence.size());
  std::vector<Value> all;
  for (std::int64_t from = 1; from <= length + 1; ++from) all.push_back(PartOf(o, sequence, from, length));
  return o.MakeSet(std::move(all));
}

Value SubSeqs(Operands& o) {
  const Value sequence = o.SequenceOrText(0);
  std::vector<Value> all;
  for (std::int64_t from = 1; from <= LengthOf(sequence); ++from) {
    for (std::int64_t to = from; to <= LengthOf(sequence); ++to) all.push_back(PartOf(o, sequence, from, to));
    o.CheckSize(all.size());
  }
  all.push_back(PartOf(o, sequence, 1, 0));
  return o.MakeSet(std::move(all));
}

Value AllSubSeqs(Operands& o) {
  const Value sequence = o.Sequence(0);
  constexpr std::size_t kLengthMax = 40;  // 2^40 parts are beyond every limit
  if (sequence.size() > kLengthMax) o.CheckSize(SIZE_MAX);
  const std::uint64_t count = std::uint64_t{1} << sequence.size();
  o.CheckSize(count);
  std::vector<Value> all;
  for (std::uint64_t bits = 0; bits < count; ++bits) {
    std::vector<Value> items;
    for (std::size_t i = 0; i < sequence.size(); ++i) {
      if ((bits >> i & 1) != 0) items.push_back(sequence.items()[i]);
    }
    all.push_back(Value::Sequence(std::move(items)));
  }
  return o.MakeSet(std::move(all));
}

Value IndexFirstSubSeq(Operands& o) {
  const Value part = o.SequenceOrText(0);
  const Value whole = o.SequenceOrText(1);
  const std::optional<std::size_t> place = FindPart(o, whole, part, 0);
  if (!place) o.Fail(ErrorKind::kNoWitness, ToString(part) + " is no part of " + ToString(whole));
  return Value::Int(static_cast<std::int64_t>(*place) + 1);
}

// `whole` with `size` places from `place` on, from 1, replaced.
Value Replaced(Operands& o, const Value& whole, std::int64_t place, std::int64_t size, const Value& with) {
  const Value before = PartOf(o, whole, 1, o.Plus(place, -1));
  return Join(o, Join(o, before, with), PartOf(o, whole, o.Plus(place, size), LengthOf(whole)));
}

Value ReplaceSubSeqAt(Operands& o) {
  const std::int64_t place = o.Int(0);
  const Value with = o.SequenceOrText(1);
  const Value part = o.SequenceOrText(2);
  const Value whole = o.SequenceOrText(3);
  return Replaced(o, whole, place, LengthOf(part), with);
}

Value ReplaceFirstSubSeq(Operands& o) {
  const Value with = o.Any(0);
  const Value part = o.SequenceOrText(1);
  const Value whole = o.SequenceOrText(2);
  const std::optional<std::size_t> place = FindPart(o, whole, part, 0);
  if (!place) return whole;
  return Replaced(o, whole, static_cast<std::int64_t>(*place) + 1, LengthOf(part), with);
}

// The occurrences are taken from the beginning on and do not overlap; one of an empty part stands before each item.
Value ReplaceAllSubSeqs(Operands& o) {
  const Value with = o.Any(0);
  const Value part = o.SequenceOrText(1);
  const Value whole = o.SequenceOrText(2);
  CheckSameKind(o, whole, part);
  const auto length = LengthOf(whole);
  const auto part_length = LengthOf(part);
  if (length == part_length && HasAt(o, whole, part, 0)) return with;
  Value result = PartOf(o, whole, 1, 0);
  std::int64_t done = 0;
  while (done < length) {
    const std::optional<std::size_t> found = FindPart(o, whole, part, static_cast<std::size_t>(done));
    if (!found) break;
    const auto place = static_cast<std::int64_t>(*found);
    result = Join(o, Join(o, result, PartOf(o, whole, done + 1, place)), with);
    if (part_length == 0) result = Join(o, result, PartOf(o, whole, place + 1, place + 1));
    done = place + std::max<std::int64_t>(part_length, 1);
    o.CheckSize(static_cast<std::size_t>(LengthOf(result)));
  }
  return Join(o, result, PartOf(o, whole, done + 1, length));
}

}  // namespace

void AddSubsequences(LibraryTable& table) {
  table.Set(Builtin::kInsertAt, InsertAt);
  table.Set(Builtin::kRemoveAt, RemoveAt);
  table.Set(Builtin::kCons, [](Operands& o) {
    const Value first = Value::Sequence({o.Any(0)});
    return Join(o, first, o.Sequence(1));
  });
  table.Set(Builtin::kSnoc, [](Operands& o) {
    const Value last = o.Any(0);
    return o.Sequence(1).Appended(last);
  });
  table.Set(Builtin::kFront, [](Operands& o) {
    const Value sequence = o.SequenceOrText(0);
    return PartOf(o, sequence, 1, LengthOf(sequence) - 1);
  });
  table.Set(Builtin::kLast, Last);
  table.Set(Builtin::kIsPrefix, [](Operands& o) { return IsPrefixOf(o, false); });
  table.Set(Builtin::kIsStrictPrefix, [](Operands& o) { return IsPrefixOf(o, true); });
  table.Set(Builtin::kIsSuffix, [](Operands& o) { return IsSuffixOf(o, false); });
  table.Set(Builtin::kIsStrictSuffix, [](Operands& o) { return IsSuffixOf(o, true); });
  table.Set(Builtin::kPrefixes, [](Operands& o) { return o.MakeSet(PrefixesOf(o, o.SequenceOrText(0))); });
  table.Set(Builtin::kCommonPrefixes, CommonPrefixes);
  table.Set(Builtin::kLongestCommonPrefix, LongestCommonPrefix);
  table.Set(Builtin::kSuffixes, Suffixes);
  table.Set(Builtin::kSubSeqs, SubSeqs);
  table.Set(Builtin::kAllSubSeqs, AllSubSeqs);
  table.Set(Builtin::kIndexFirstSubSeq, IndexFirstSubSeq);
  table.Set(Builtin::kReplaceSubSeqAt, ReplaceSubSeqAt);
  table.Set(Builtin::kReplaceFirstSubSeq, ReplaceFirstSubSeq);
  table.Set(Builtin::kReplaceAllSubSeqs, ReplaceAllSubSeqs);
}

}  // namespace kelpie::eval
