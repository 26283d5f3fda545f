#include "trace/value/value.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace kelpie::trace {

const Value::Parts& Value::NoParts() {
  static const Parts kNone;
  return kNone;
}

Value::Parts& Value::AssignParts(ValueKind kind) {
  AssignScalar(kind, 0);
  if (!parts_) parts_ = std::make_unique<Parts>();
  return *parts_;
}

Value::Value(const Value& other)
    : kind_(other.kind_),
      integer_(other.integer_),
      text_(other.text_),
      parts_(other.has_parts() ? std::make_unique<Parts>(*other.parts_) : nullptr) {}

Value& Value::operator=(const Value& other) {
  // By a copy, because `other` may be an element of *this.
  if (this != &other) *this = Value(other);
  return *this;
}

Value Value::Bool(bool value) {
  Value result;
  result.kind_ = ValueKind::kBool;
  result.integer_ = value ? 1 : 0;
  return result;
}

Value Value::Int(std::int64_t value) {
  Value result;
  result.kind_ = ValueKind::kInt;
  result.integer_ = value;
  return result;
}

Value Value::BigInt(std::string digits) {
  std::int64_t small = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, small);
  if (error == std::errc() && stop == end) return Int(small);
  // Leading zeros would give one number several written forms.
  const std::size_t sign = digits.starts_with('-') ? 1 : 0;
  const std::size_t first = digits.find_first_not_of('0', sign);
  if (first != std::string::npos && first > sign) digits.erase(sign, first - sign);
  Value result;
  result.kind_ = ValueKind::kBigInt;
  result.text_ = std::move(digits);
  return result;
}

Value Value::String(std::string value) {
  Value result;
  result.kind_ = ValueKind::kString;
  result.text_ = std::move(value);
  return result;
}

Value Value::Model(std::string name) {
  Value result;
  result.kind_ = ValueKind::kModelValue;
  result.text_ = std::move(name);
  return result;
}

Value Value::Sequence(std::vector<Value> elements) {
  Value result;
  result.kind_ = ValueKind::kSequence;
  if (elements.empty()) return result;
  result.parts_ = std::make_unique<Parts>();
  result.parts_->elements = std::move(elements);
  return result;
}

Value Value::Record(std::vector<Field> fields) {
  Value result;
  result.kind_ = ValueKind::kRecord;
  if (fields.empty()) return result;
  const auto by_name = [](const Field& a, const Field& b) { return a.first < b.first; };
  if (!std::is_sorted(fields.begin(), fields.end(), by_name)) std::sort(fields.begin(), fields.end(), by_name);
  result.parts_ = std::make_unique<Parts>();
  result.parts_->fields = std::move(fields);
  return result;
}

Value Value::Set(std::vector<Value> elements) {
  Value result = Sequence(std::move(elements));
  result.kind_ = ValueKind::kSet;
  return result;
}

Value Value::Map(std::vector<Entry> entries) {
  Value result;
  result.kind_ = ValueKind::kMap;
  if (entries.empty()) return result;
  result.parts_ = std::make_unique<Parts>();
  result.parts_->entries = std::move(entries);
  return result;
}

Value Value::Unknown() { return Value(); }

bool operator==(const Value& a, const Value& b) {
  if (a.kind_ != b.kind_ || a.integer_ != b.integer_ || a.text_ != b.text_) return false;
  if (!a.has_parts() && !b.has_parts()) return true;
  return a.elements() == b.elements() && a.fields() == b.fields() && a.entries() == b.entries();
}

}  // namespace kelpie::trace
