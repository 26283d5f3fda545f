// Values in events: plain data, light enough for any instrumented program.
//
//   Value row = Value::Record({{"holder", Value::Model("n1")}, {"token", Value::Int(3)}});
//
// A trace::Value is what was observed, written as the ITF format has it; the checker turns
// it into its own interned value (checker/observe). Nothing here depends on any spec.
// Invariants: record fields are sorted by name and unique; sets and maps keep the order
// they were given in (the checker normalises). The Assign calls change a value in place and
// keep the memory it holds, so that a reader that fills one event again and again allocates
// next to nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kelpie::trace {

enum class ValueKind : std::uint8_t {
  kBool,
  kInt,         // fits 64 bits
  kBigInt,      // decimal digits with an optional leading '-'; does not fit 64 bits
  kString,      // may stand for a model value of that name, see SEMANTICS part 2
  kModelValue,  // {"#model":"n1"}
  kSequence,    // [..] and {"#tup":[..]}
  kRecord,      // {"f": v, ..}
  kSet,         // {"#set":[..]}
  kMap,         // {"#map":[[k,v],..]}
  kUnknown,     // {"#unknown":true}: not observed
};

class Value {
 public:
  using Field = std::pair<std::string, Value>;
  using Entry = std::pair<Value, Value>;

  Value() = default;  // kUnknown
  Value(const Value& other);
  Value(Value&& other) noexcept = default;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept = default;
  ~Value();

  [[nodiscard]] static Value Bool(bool value);
  [[nodiscard]] static Value Int(std::int64_t value);
  // Requires: `digits` is a decimal integer. Becomes kInt when it fits 64 bits.
  [[nodiscard]] static Value BigInt(std::string digits);
  [[nodiscard]] static Value String(std::string value);
  [[nodiscard]] static Value Model(std::string name);
  [[nodiscard]] static Value Sequence(std::vector<Value> elements);
  // Requires: field names are distinct.
  [[nodiscard]] static Value Record(std::vector<Field> fields);
  [[nodiscard]] static Value Set(std::vector<Value> elements);
  [[nodiscard]] static Value Map(std::vector<Entry> entries);
  [[nodiscard]] static Value Unknown();

  [[nodiscard]] ValueKind kind() const { return kind_; }
  [[nodiscard]] bool is_unknown() const { return kind_ == ValueKind::kUnknown; }
  [[nodiscard]] bool as_bool() const { return integer_ != 0; }     // kBool
  [[nodiscard]] std::int64_t as_int() const { return integer_; }   // kInt
  [[nodiscard]] const std::string& text() const { return text_; }  // kBigInt, kString, kModelValue
  // Empty for every other kind.
  [[nodiscard]] const std::vector<Value>& elements() const;  // kSequence, kSet
  [[nodiscard]] const std::vector<Field>& fields() const;    // kRecord, sorted by name
  [[nodiscard]] const std::vector<Entry>& entries() const;   // kMap

  void AssignUnknown() { AssignScalar(ValueKind::kUnknown, 0); }
  void AssignBool(bool value) { AssignScalar(ValueKind::kBool, value ? 1 : 0); }
  void AssignInt(std::int64_t value) { AssignScalar(ValueKind::kInt, value); }
  // Requires: kString or kModelValue.
  void AssignText(ValueKind kind, std::string_view text) {
    kind_ = kind;
    integer_ = 0;
    text_.assign(text);
  }
  // What the value held before is still there, to be overwritten or cut off by the caller.
  [[nodiscard]] std::vector<Value>& AssignElements(ValueKind kind);  // Requires: kSequence or kSet
  [[nodiscard]] std::vector<Field>& AssignFields();                  // to be left sorted, names distinct
  [[nodiscard]] std::vector<Entry>& AssignEntries();

  // Structural equality of the written form, not TLA+ equality.
  friend bool operator==(const Value& a, const Value& b);

 private:
  // Most values in events are scalars; what only collections need lives apart, so that a
  // scalar stays small to build, move and destroy.
  struct Parts;
  static const Parts& NoParts();  // empty
  [[nodiscard]] bool has_parts() const { return parts_ && kind_ >= ValueKind::kSequence && kind_ <= ValueKind::kMap; }
  // Parts that a scalar keeps for later are not its own.
  [[nodiscard]] const Parts& parts() const { return *(has_parts() ? parts_.get() : &NoParts()); }
  Parts& AssignParts(ValueKind kind);
  void AssignScalar(ValueKind kind, std::int64_t integer) {
    kind_ = kind;
    integer_ = integer;
    text_.clear();
  }

  ValueKind kind_ = ValueKind::kUnknown;
  std::int64_t integer_ = 0;
  std::string text_;
  std::unique_ptr<Parts> parts_;
};

struct Value::Parts {
  std::vector<Value> elements;
  std::vector<Field> fields;
  std::vector<Entry> entries;
};

inline Value::~Value() = default;
inline const std::vector<Value>& Value::elements() const {
  return (kind_ == ValueKind::kSequence || kind_ == ValueKind::kSet ? parts() : NoParts()).elements;
}
inline const std::vector<Value::Field>& Value::fields() const {
  return (kind_ == ValueKind::kRecord ? parts() : NoParts()).fields;
}
inline const std::vector<Value::Entry>& Value::entries() const {
  return (kind_ == ValueKind::kMap ? parts() : NoParts()).entries;
}
inline std::vector<Value>& Value::AssignElements(ValueKind kind) { return AssignParts(kind).elements; }
inline std::vector<Value::Field>& Value::AssignFields() { return AssignParts(ValueKind::kRecord).fields; }
inline std::vector<Value::Entry>& Value::AssignEntries() { return AssignParts(ValueKind::kMap).entries; }

}  // namespace kelpie::trace
