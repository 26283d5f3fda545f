// Values in events: plain data, light enough for any instrumented program.
//
//   Value row = Value::Record({{"holder", Value::Model("n1")}, {"token", Value::Int(3)}});
//
// A trace::Value is what was observed, written as the ITF format has it; the checker turns
// it into its own interned value (checker/observe). Nothing here depends on any spec.
// Invariants: record fields are sorted by name and unique; sets and maps keep the order
// they were given in (the checker normalises).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
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

  // Structural equality of the written form, not TLA+ equality.
  friend bool operator==(const Value& a, const Value& b);

 private:
  // Most values in events are scalars; what only collections need lives apart, so that a
  // scalar stays small to build, move and destroy.
  struct Parts;
  static Parts& NoParts();  // empty, never written to
  [[nodiscard]] const Parts& parts() const { return *(parts_ ? parts_.get() : &NoParts()); }

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
inline const std::vector<Value>& Value::elements() const { return parts().elements; }
inline const std::vector<Value::Field>& Value::fields() const { return parts().fields; }
inline const std::vector<Value::Entry>& Value::entries() const { return parts().entries; }

}  // namespace kelpie::trace
