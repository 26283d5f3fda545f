// The internal total order of values, and TLA+ equality as TLC decides it.
//
//   std::optional<bool> same = Equal(a, b);     // nullopt: TLC refuses to compare them
//
// Sources: Specifying Systems, section 14.2.4 (what TLC compares); TLC's own value classes for the
// order among values of one kind: sets and functions by size first, then element by element.
#pragma once

#include <optional>
#include <vector>

#include "checker/eval/value.h"

namespace kelpie::eval {

// Negative, zero, positive. A total order over all values; never fails. Cost: O(size), O(1) for
// the same object.
[[nodiscard]] int Compare(const Value& a, const Value& b);
[[nodiscard]] inline bool Same(const Value& a, const Value& b) {
  if (a.is_same_object(b)) return true;
  return a.kind() == b.kind() && a.kind() >= ValueKind::kSet && a.size() == b.size() && Compare(a, b) == 0;
}

// For ordered containers.
struct ValueLess {
  bool operator()(const Value& a, const Value& b) const { return Compare(a, b) < 0; }
};

// Requires: states of one spec. Cost: as Same, slot by slot.
[[nodiscard]] bool SameState(const State& a, const State& b);

// As Compare, and sets `*refused` when two parts met that TLC refuses to compare, such as
// 1 and "a". A model value may be compared with anything and differs from all but itself.
[[nodiscard]] int CompareOther(const Value& a, const Value& b, bool* refused);
[[nodiscard]] inline int CompareChecked(const Value& a, const Value& b, bool* refused) {
  if (a.is_same_object(b)) return 0;
  if (a.is_int() && b.is_int()) return a.as_int() < b.as_int() ? -1 : 1;
  return CompareOther(a, b, refused);
}

// TLA+ equality; nothing when TLC refuses to decide it.
[[nodiscard]] std::optional<bool> Equal(const Value& a, const Value& b);

// Sorts and removes duplicates. Nothing when two elements cannot be compared.
[[nodiscard]] std::optional<Value> MakeSet(std::vector<Value> elements);

}  // namespace kelpie::eval
