#include "checker/eval/value.h"

#include <algorithm>

#include "checker/eval/value_order.h"

namespace kelpie::eval {

struct Value::Rep {
  mutable std::uint32_t references = 1;
  mutable bool is_hashed = false;
  mutable std::uint64_t hash = 0;
  Value domain;  // of a kFunction; shared by all functions made from one another by With
  std::vector<Value> items;
};

void Value::Retain() const {
  if (is_boxed()) ++payload_.rep->references;
}

void Value::Release() {
  if (is_boxed() && --payload_.rep->references == 0) delete payload_.rep;
}

Value Value::Box(ValueKind kind, Value domain, std::vector<Value> items) {
  Value value(kind);
  value.payload_.rep = new Rep{.domain = std::move(domain), .items = std::move(items)};
  return value;
}

Value Value::Bool(bool value) {
  Value v(ValueKind::kBool);
  v.payload_.integer = value ? 1 : 0;
  return v;
}
Value Value::Int(std::int64_t value) {
  Value v(ValueKind::kInt);
  v.payload_.integer = value;
  return v;
}
Value Value::String(std::string_view text) { return String(Intern(text)); }
Value Value::String(Symbol symbol) {
  Value v(ValueKind::kString);
  v.payload_.integer = symbol.index();
  return v;
}
Value Value::ModelValue(std::string_view name) {
  Value v(ValueKind::kModelValue);
  v.payload_.integer = Intern(name).index();
  return v;
}
Value Value::SetFromSorted(std::vector<Value> elements) { return Box(ValueKind::kSet, Value(), std::move(elements)); }
Value Value::Sequence(std::vector<Value> elements) { return Box(ValueKind::kSequence, Value(), std::move(elements)); }

Value Value::Function(const Value& domain, std::vector<Value> values) {
  // Sorted distinct integers from 1 to n are exactly 1..n.
  const std::span<const Value> keys = domain.items();
  const auto n = static_cast<std::int64_t>(keys.size());
  const bool is_sequence = n == 0 || (keys.front().is_int() && keys.front().as_int() == 1 && keys.back().is_int() &&
                                      keys.back().as_int() == n);
  if (is_sequence) return Sequence(std::move(values));
  return Box(ValueKind::kFunction, domain, std::move(values));
}

Value Value::Record(std::vector<std::pair<Symbol, Value>> fields) {
  std::sort(fields.begin(), fields.end(), [](const auto& a, const auto& b) { return CompareText(a.first, b.first) < 0; });
  std::vector<Value> names;
  std::vector<Value> values;
  names.reserve(fields.size());
  values.reserve(fields.size());
  for (auto& [name, value] : fields) {
    names.push_back(String(name));
    values.push_back(std::move(value));
  }
  return Function(SetFromSorted(std::move(names)), std::move(values));
}

bool Value::is_record() const {
  if (kind_ != ValueKind::kFunction) return false;
  const std::span<const Value> keys = payload_.rep->domain.items();
  return std::all_of(keys.begin(), keys.end(), [](const Value& k) { return k.kind() == ValueKind::kString; });
}

std::span<const Value> Value::items() const {
  if (!is_boxed()) return {};
  return payload_.rep->items;
}

Value Value::Domain() const {
  if (kind_ == ValueKind::kFunction) return payload_.rep->domain;
  std::vector<Value> indexes;
  indexes.reserve(size());
  for (std::size_t i = 1; i <= size(); ++i) indexes.push_back(Int(static_cast<std::int64_t>(i)));
  return SetFromSorted(std::move(indexes));
}

Value Value::Key(std::size_t index) const {
  if (kind_ == ValueKind::kFunction) return payload_.rep->domain.items()[index];
  return Int(static_cast<std::int64_t>(index) + 1);
}

namespace {
// Position of an element in a sorted range, or nothing.
std::optional<std::size_t> FindSorted(std::span<const Value> sorted, const Value& element) {
  std::size_t low = 0;
  std::size_t high = sorted.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int order = Compare(sorted[middle], element);
    if (order == 0) return middle;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}
}  // namespace

const Value* Value::Apply(const Value& argument) const {
  const std::vector<Value>& values = payload_.rep->items;
  if (kind_ == ValueKind::kSequence) {
    if (!argument.is_int() || argument.as_int() < 1 || argument.as_int() > static_cast<std::int64_t>(values.size())) {
      return nullptr;
    }
    return &values[static_cast<std::size_t>(argument.as_int() - 1)];
  }
  const std::span<const Value> keys = payload_.rep->domain.items();
  // Names are interned: a short list of them is searched fastest without looking at their text.
  constexpr std::size_t kScannedMax = 16;
  if (keys.size() <= kScannedMax && (argument.kind_ == ValueKind::kString || argument.kind_ == ValueKind::kModelValue)) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (keys[i].is_same_object(argument)) return &values[i];
    }
    return nullptr;
  }
  const auto index = FindSorted(keys, argument);
  return index ? &values[*index] : nullptr;
}

bool Value::Contains(const Value& element) const { return FindSorted(items(), element).has_value(); }

Value Value::With(const Value& argument, Value value) const {
  const Value* old = Apply(argument);
  std::vector<Value> values = payload_.rep->items;
  values[static_cast<std::size_t>(old - payload_.rep->items.data())] = std::move(value);
  return Box(kind_, payload_.rep->domain, std::move(values));
}

std::uint64_t MixHash(std::uint64_t seed, std::uint64_t value) {
  // splitmix64's finaliser over the combination.
  std::uint64_t z = seed * 0x9e3779b97f4a7c15ULL + value + 0x632be59bd9b4e019ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t Value::hash() const {
  const auto kind = static_cast<std::uint64_t>(kind_);
  if (!is_boxed()) {
    // Strings are hashed by text, not by the order in which they were first met.
    if (kind_ == ValueKind::kString || kind_ == ValueKind::kModelValue) {
      std::uint64_t h = kind;
      for (const char c : symbol().text()) h = MixHash(h, static_cast<unsigned char>(c));
      return h;
    }
    return MixHash(kind, static_cast<std::uint64_t>(payload_.integer));
  }
  const Rep& rep = *payload_.rep;
  if (rep.is_hashed) return rep.hash;
  std::uint64_t h = MixHash(kind, rep.items.size());
  if (kind_ == ValueKind::kFunction) h = MixHash(h, rep.domain.hash());
  for (const Value& item : rep.items) h = MixHash(h, item.hash());
  rep.hash = h;
  rep.is_hashed = true;
  return h;
}

std::uint64_t HashState(const State& state) {
  std::uint64_t h = state.size();
  for (const Value& value : state) h = MixHash(h, value.hash());
  return h;
}

}  // namespace kelpie::eval
