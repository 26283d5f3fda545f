#include "checker/observe/pattern.h"

#include <algorithm>

#include "checker/eval/value_order.h"

namespace kelpie::observe {

using eval::Value;

Pattern Pattern::Exact(Value value) {
  Pattern pattern;
  pattern.kind_ = Kind::kExact;
  pattern.value_ = std::move(value);
  return pattern;
}

Pattern Pattern::Function(std::vector<std::pair<Value, Pattern>> entries) {
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return eval::Compare(a.first, b.first) < 0; });
  const bool is_exact =
      std::all_of(entries.begin(), entries.end(), [](const auto& entry) { return entry.second.is_exact(); });
  if (is_exact) {
    std::vector<Value> keys;
    std::vector<Value> values;
    for (auto& [key, pattern] : entries) {
      keys.push_back(key);
      values.push_back(pattern.value_);
    }
    return Exact(Value::Function(Value::SetFromSorted(std::move(keys)), std::move(values)));
  }
  Pattern pattern;
  pattern.kind_ = Kind::kFunction;
  pattern.entries_ = std::move(entries);
  return pattern;
}

bool Pattern::Agrees(const Value& value) const {
  switch (kind_) {
    case Kind::kUnknown: return true;
    case Kind::kExact: return eval::Same(value_, value);
    case Kind::kFunction: break;
  }
  if (!value.is_function() || value.size() != entries_.size()) return false;
  for (const auto& [key, pattern] : entries_) {
    const Value* item = value.Apply(key);
    if (item == nullptr || !pattern.Agrees(*item)) return false;
  }
  return true;
}

std::string Pattern::ToString() const {
  if (kind_ == Kind::kUnknown) return "?";
  if (kind_ == Kind::kExact) return eval::ToString(value_);
  std::string out = "(";
  for (const auto& [key, pattern] : entries_) {
    if (out.size() > 1) out += " @@ ";
    out += eval::ToString(key) + " :> " + pattern.ToString();
  }
  return out + ")";
}

Value ValueReader::ReadName(const std::string& text) const {
  const auto known = names_.find(text);
  if (known != names_.end()) return known->second;
  Value value = model_values_.contains(text) ? Value::ModelValue(text) : Value::String(text);
  // A trace has few distinct names; one that has many is not worth remembering.
  constexpr std::size_t kNamesMax = 100'000;
  if (names_.size() < kNamesMax) names_.emplace(text, value);
  return value;
}

Result<Pattern> ValueReader::ReadEntries(std::vector<std::pair<Value, const trace::Value*>> entries) const {
  std::vector<std::pair<Value, Pattern>> read;
  for (const auto& [key, value] : entries) {
    Result<Pattern> pattern = Read(*value);
    if (!pattern.ok()) return pattern;
    read.emplace_back(key, std::move(pattern.value()));
  }
  std::vector<Value> keys;
  for (const auto& [key, pattern] : read) keys.push_back(key);
  const auto distinct = eval::MakeSet(keys);
  if (!distinct || distinct->size() != read.size()) {
    return BadInput{"bad-value", "a function's arguments are not distinct values of one kind", "", "", ""};
  }
  return Pattern::Function(std::move(read));
}

std::optional<Value> ValueReader::TryExact(const trace::Value& value) const {
  using Kind = trace::ValueKind;
  switch (value.kind()) {
    case Kind::kBool: return Value::Bool(value.as_bool());
    case Kind::kInt: return Value::Int(value.as_int());
    case Kind::kString: return ReadName(value.text());
    case Kind::kModelValue: return Value::ModelValue(value.text());
    case Kind::kUnknown:
    case Kind::kBigInt: return std::nullopt;
    default: return TryCollection(value);
  }
}

std::optional<Value> ValueReader::TryCollection(const trace::Value& value) const {
  using Kind = trace::ValueKind;
  if (value.kind() == Kind::kSet || value.kind() == Kind::kSequence) {
    std::vector<Value> items;
    items.reserve(value.elements().size());
    for (const trace::Value& element : value.elements()) {
      std::optional<Value> item = TryExact(element);
      if (!item) return std::nullopt;
      items.push_back(std::move(*item));
    }
    return value.kind() == Kind::kSet ? eval::MakeSet(std::move(items)) : Value::Sequence(std::move(items));
  }
  std::vector<std::pair<Value, Value>> entries;
  const auto add = [&](std::optional<Value> key, std::optional<Value> item) {
    if (!key || !item) return false;
    entries.emplace_back(std::move(*key), std::move(*item));
    return true;
  };
  if (value.kind() == Kind::kRecord) {
    for (const auto& [name, field] : value.fields()) {
      if (!add(ReadName(name), TryExact(field))) return std::nullopt;
    }
  } else {
    for (const auto& [key, item] : value.entries()) {
      if (!add(TryExact(key), TryExact(item))) return std::nullopt;
    }
  }
  bool refused = false;
  std::sort(entries.begin(), entries.end(),
            [&](const auto& a, const auto& b) { return eval::CompareChecked(a.first, b.first, &refused) < 0; });
  eval::ValueBuilder keys(entries.size());
  eval::ValueBuilder values(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0 && eval::Same(entries[i - 1].first, entries[i].first)) return std::nullopt;
    keys.Add(std::move(entries[i].first));
    values.Add(std::move(entries[i].second));
  }
  if (refused) return std::nullopt;
  return values.TakeFunction(keys.TakeSet());
}

Result<Pattern> ValueReader::Read(const trace::Value& value) const {
  using Kind = trace::ValueKind;
  if (std::optional<Value> exact = TryExact(value)) return Pattern::Exact(std::move(*exact));
  switch (value.kind()) {
    case Kind::kUnknown: return Pattern::Unknown();
    case Kind::kBool: return Pattern::Exact(Value::Bool(value.as_bool()));
    case Kind::kInt: return Pattern::Exact(Value::Int(value.as_int()));
    case Kind::kBigInt:
      return BadInput{"integer-too-large", "the integer " + value.text() + " does not fit 64 bits", value.text(),
                      "an integer of at most 64 bits", "scale the unit, or leave the value out"};
    case Kind::kString: return Pattern::Exact(ReadName(value.text()));
    case Kind::kModelValue: return Pattern::Exact(Value::ModelValue(value.text()));
    case Kind::kSet: {
      std::vector<Value> elements;
      for (const trace::Value& element : value.elements()) {
        Result<Value> read = ReadExact(element, "an element of a set");
        if (!read.ok()) return read.error();
        elements.push_back(std::move(read.value()));
      }
      std::optional<Value> set = eval::MakeSet(std::move(elements));
      if (!set) return BadInput{"bad-value", "a set has elements that cannot be compared with one another", "", "", ""};
      return Pattern::Exact(std::move(*set));
    }
    case Kind::kSequence: {
      std::vector<std::pair<Value, const trace::Value*>> entries;
      for (std::size_t i = 0; i < value.elements().size(); ++i) {
        entries.emplace_back(Value::Int(static_cast<std::int64_t>(i) + 1), &value.elements()[i]);
      }
      return ReadEntries(std::move(entries));
    }
    case Kind::kRecord: {
      std::vector<std::pair<Value, const trace::Value*>> entries;
      for (const auto& [name, field] : value.fields()) entries.emplace_back(ReadName(name), &field);
      return ReadEntries(std::move(entries));
    }
    case Kind::kMap: {
      std::vector<std::pair<Value, const trace::Value*>> entries;
      for (const auto& [key, item] : value.entries()) {
        Result<Value> read = ReadExact(key, "an argument of a function");
        if (!read.ok()) return read.error();
        entries.emplace_back(std::move(read.value()), &item);
      }
      return ReadEntries(std::move(entries));
    }
  }
  return Pattern::Unknown();
}

Result<Value> ValueReader::ReadExact(const trace::Value& value, std::string_view what, std::string_view name) const {
  if (std::optional<Value> exact = TryExact(value)) return std::move(*exact);
  Result<Pattern> pattern = Read(value);
  if (!pattern.ok()) return pattern.error();
  if (!pattern.value().is_exact()) {
    return BadInput{"unknown-part", std::string(what).append(name) + " must be known completely", "#unknown", "a value",
                    "leave the whole fact out"};
  }
  return pattern.value().value();
}

}  // namespace kelpie::observe
