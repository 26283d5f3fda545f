#include "checker/eval/value_order.h"

#include <algorithm>

namespace kelpie::eval {
namespace {

// Values of one class may be compared with one another: sequences and functions are one class.
int ClassOf(ValueKind kind) {
  return kind == ValueKind::kSequence ? static_cast<int>(ValueKind::kFunction) : static_cast<int>(kind);
}

int CompareSizes(std::size_t a, std::size_t b) { return a < b ? -1 : (a > b ? 1 : 0); }

int CompareItems(std::span<const Value> a, std::span<const Value> b, bool* refused) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    const int order = CompareChecked(a[i], b[i], refused);
    if (order != 0) return order;
  }
  return 0;
}

int CompareFunctions(const Value& a, const Value& b, bool* refused) {
  if (const int order = CompareSizes(a.size(), b.size())) return order;
  if (a.kind() != b.kind() || a.kind() == ValueKind::kFunction) {
    const bool is_plain = a.kind() == ValueKind::kFunction && b.kind() == ValueKind::kFunction;
    const int order = is_plain ? CompareChecked(a.domain_ref(), b.domain_ref(), refused)
                               : CompareChecked(a.Domain(), b.Domain(), refused);
    if (order != 0) return order;
  }
  return CompareItems(a.items(), b.items(), refused);
}

}  // namespace

int CompareOther(const Value& a, const Value& b, bool* refused) {
  if (ClassOf(a.kind()) != ClassOf(b.kind())) {
    const bool has_model_value = a.kind() == ValueKind::kModelValue || b.kind() == ValueKind::kModelValue;
    if (!has_model_value) *refused = true;
    return ClassOf(a.kind()) < ClassOf(b.kind()) ? -1 : 1;
  }
  switch (a.kind()) {
    case ValueKind::kBool:
    case ValueKind::kInt: return a.as_int() < b.as_int() ? -1 : (a.as_int() > b.as_int() ? 1 : 0);
    case ValueKind::kString:
    case ValueKind::kModelValue: return CompareText(a.symbol(), b.symbol());
    case ValueKind::kSet:
      if (const int order = CompareSizes(a.size(), b.size())) return order;
      return CompareItems(a.items(), b.items(), refused);
    case ValueKind::kSequence:
    case ValueKind::kFunction: return CompareFunctions(a, b, refused);
    case ValueKind::kLazy:
    case ValueKind::kUnset: *refused = true; return 0;
  }
  return 0;
}

int Compare(const Value& a, const Value& b) {
  bool refused = false;
  return CompareChecked(a, b, &refused);
}

bool SameState(const State& a, const State& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Value& x, const Value& y) { return Same(x, y); });
}

std::optional<bool> Equal(const Value& a, const Value& b) {
  bool refused = false;
  const int order = CompareChecked(a, b, &refused);
  if (refused) return std::nullopt;
  return order == 0;
}

std::optional<Value> MakeSet(std::vector<Value> elements) {
  bool refused = false;
  // Already sorted is the common case: {x \in S : p} and SUBSET keep the order.
  std::sort(elements.begin(), elements.end(),
            [&refused](const Value& a, const Value& b) { return CompareChecked(a, b, &refused) < 0; });
  if (refused) return std::nullopt;
  elements.erase(
      std::unique(elements.begin(), elements.end(), [](const Value& a, const Value& b) { return Same(a, b); }),
      elements.end());
  return Value::SetFromSorted(std::move(elements));
}

}  // namespace kelpie::eval
