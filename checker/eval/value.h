// A finite TLA+ value in normal form: immutable, cheap to copy.
//
//   Value row = Value::Record({{Intern("holder"), n1}, {Intern("token"), Value::Int(3)}});
//   const Value* token = row.Apply(Value::String("token"));
//
// Invariants (one form per value, however it was built; docs/SEMANTICS.md part 4):
//   - a set's elements are sorted by the total order and distinct; an interval is such a set;
//   - a function whose DOMAIN is 1..n (n >= 0) is a kSequence, every other one a kFunction
//     (records are functions over strings);
//   - so two values are equal exactly when their structures are.
// The total order is internal. TLA+ equality, which refuses to compare some values as TLC
// does, is Equal() in value_order.h.
// Threads: reference counts are not atomic, and a value belongs to one thread until it is frozen. Frozen values are
// not counted and never written to, so that all threads may read them; FrozenValues holds them.
#pragma once

#include <cstdint>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "checker/eval/symbol.h"

namespace kelpie::eval {

// The last two never stand in a state: kLazy is a set or function given by a rule (lazy.h), kUnset
// the content of a slot that has no value yet.
enum class ValueKind : std::uint8_t { kBool, kInt, kString, kModelValue, kSet, kSequence, kFunction, kLazy, kUnset };

// What counted objects begin with.
struct Counted {
  static constexpr std::uint32_t kFrozen = 0x80000000U;
  mutable std::uint32_t references = 1;
  [[nodiscard]] bool is_frozen() const { return (references & kFrozen) != 0; }
};

// A set or function described by a rule; concrete forms are the evaluator's own.
struct LazyObject : Counted {
  void (*destroy)(const LazyObject*) = nullptr;
};

class Value {
 public:
  Value() : kind_(ValueKind::kBool) { payload_.integer = 0; }
  Value(const Value& other) : kind_(other.kind_), payload_(other.payload_) { Retain(); }
  Value(Value&& other) noexcept : kind_(other.kind_), payload_(other.payload_) {
    other.kind_ = ValueKind::kBool;
    other.payload_.integer = 0;
  }
  Value& operator=(const Value& other) {
    if (this != &other) *this = Value(other);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(payload_, other.payload_);
    return *this;
  }
  ~Value() { Release(); }

  [[nodiscard]] static Value Bool(bool value);
  [[nodiscard]] static Value Int(std::int64_t value);
  [[nodiscard]] static Value String(std::string_view text);
  [[nodiscard]] static Value String(Symbol symbol);
  [[nodiscard]] static Value ModelValue(std::string_view name);
  // Requires: sorted by Compare and distinct. MakeSet (value_order.h) sorts.
  [[nodiscard]] static Value SetFromSorted(std::vector<Value> elements);
  [[nodiscard]] static Value Sequence(std::vector<Value> elements);
  // Requires: `domain` is a kSet and `values` has one value per element, in its order.
  // A domain 1..n gives a kSequence.
  [[nodiscard]] static Value Function(const Value& domain, std::vector<Value> values);
  // Requires: field names are distinct. Cost: O(n log n).
  [[nodiscard]] static Value Record(std::vector<std::pair<Symbol, Value>> fields);

  [[nodiscard]] ValueKind kind() const { return kind_; }
  [[nodiscard]] bool is_bool() const { return kind_ == ValueKind::kBool; }
  [[nodiscard]] bool is_int() const { return kind_ == ValueKind::kInt; }
  [[nodiscard]] bool is_set() const { return kind_ == ValueKind::kSet; }
  [[nodiscard]] bool is_sequence() const { return kind_ == ValueKind::kSequence; }
  // Sequences and records are functions too.
  [[nodiscard]] bool is_function() const { return kind_ == ValueKind::kSequence || kind_ == ValueKind::kFunction; }
  // A function over a non-empty set of strings.
  [[nodiscard]] bool is_record() const;

  [[nodiscard]] bool as_bool() const { return payload_.integer != 0; }
  [[nodiscard]] std::int64_t as_int() const { return payload_.integer; }
  [[nodiscard]] Symbol symbol() const { return Symbol(static_cast<std::uint32_t>(payload_.integer)); }

  [[nodiscard]] bool is_lazy() const { return kind_ == ValueKind::kLazy; }
  [[nodiscard]] bool is_unset() const { return kind_ == ValueKind::kUnset; }
  [[nodiscard]] static Value Unset() { return Value(ValueKind::kUnset); }
  // Takes over one reference.
  [[nodiscard]] static Value Lazy(const LazyObject* object);
  [[nodiscard]] const LazyObject* lazy() const { return static_cast<const LazyObject*>(payload_.object); }

  // Elements of a set, or the values of a function in the order of its DOMAIN.
  [[nodiscard]] std::span<const Value> items() const;
  // Number of elements, or size of the DOMAIN.
  [[nodiscard]] std::size_t size() const;
  // The DOMAIN of a function. Cost: O(n) for a sequence, O(1) for another function.
  [[nodiscard]] Value Domain() const;
  // The same without a copy. Requires: a kFunction.
  [[nodiscard]] const Value& domain_ref() const;
  // The i-th argument (0-based, in the order of DOMAIN) of a function.
  [[nodiscard]] Value Key(std::size_t index) const;

  // f[argument], or null when it is outside the DOMAIN. Cost: O(log n).
  [[nodiscard]] const Value* Apply(const Value& argument) const;
  // The same; `hint` is where the argument was found in a function like this one, and is put right.
  [[nodiscard]] const Value* ApplyHinted(const Value& argument, std::uint32_t& hint) const;
  // Is it an element of this set? Cost: O(log n) comparisons. Decided by structure.
  [[nodiscard]] bool Contains(const Value& element) const;
  // This function with its value at an argument of its DOMAIN replaced. Cost: O(n) copies of
  // handles; a hash that is known is updated for the changed entry only.
  [[nodiscard]] Value With(const Value& argument, Value value) const;
  [[nodiscard]] Value WithItem(std::size_t index, Value value) const;
  // The parts of hash(), for who knows what a change makes of a collection without making it: HashOf(kind, sum of the
  // terms, size). PlaceOf: where the element is in this set, or would be. Cost: O(1), where the hash is known.
  [[nodiscard]] std::uint64_t TermSum() const { return EntrySum(); }
  [[nodiscard]] static std::uint64_t TermOf(const Value& key, const Value& value);
  [[nodiscard]] static std::uint64_t TermOf(const Value& element);
  [[nodiscard]] static std::uint64_t HashOf(ValueKind kind, std::uint64_t term_sum, std::size_t size);
  [[nodiscard]] std::size_t PlaceOf(const Value& element, bool* is_found) const;
  // The same in place. Requires: nobody else has this function (is_sole_owner).
  void ReplaceItem(std::size_t index, Value value);
  [[nodiscard]] bool is_sole_owner() const { return is_boxed() && payload_.object->references == 1; }
  // This set with an element put in or taken out, and this sequence with one more. Cost as With.
  [[nodiscard]] Value WithElement(const Value& element) const;
  [[nodiscard]] Value WithoutElement(const Value& element) const;
  [[nodiscard]] Value Appended(const Value& last) const;

  // Memory of this object, without that of its parts.
  [[nodiscard]] std::size_t BlockBytes() const;

  // Equal values have equal hashes: those of sets and functions are sums over their entries, so
  // that a changed entry costs one entry. Cost: O(size) once, then kept.
  [[nodiscard]] std::uint64_t hash() const;
  // Of a scalar: what tells it from others of its kind.
  [[nodiscard]] std::uint64_t ScalarBits() const {
    return static_cast<std::uint64_t>(payload_.integer) * 8 + static_cast<std::uint64_t>(kind_);
  }
  // Puts share(part) in the place of each part that is a collection: an equal value, of which there is one object for
  // all who have it. Once for a value; parts of parts are the callback's business. Requires: it is not frozen.
  template <typename Share>
  void ShareParts(const Share& share) const;
  // The same value, of which no part is shared with frozen ones. Cost: O(size).
  [[nodiscard]] Value Copied() const;
  // With the kind it tells this object, or scalar, from all others that are there.
  [[nodiscard]] std::uint64_t Identity() const { return static_cast<std::uint64_t>(payload_.integer); }
  // A number that a table gave this object (checker/explore/value_table.h); kNoNumber: none, or another table did.
  static constexpr std::uint32_t kNoNumber = UINT32_MAX;
  [[nodiscard]] std::uint32_t NumberIn(std::uint16_t table) const;
  // Requires: it is a collection, and nobody else looks at it.
  void SetNumber(std::uint16_t table, std::uint32_t number) const;
  [[nodiscard]] bool is_same_object(const Value& other) const {
    return kind_ == other.kind_ && payload_.integer == other.payload_.integer;
  }

 private:
  friend class ValueBuilder;
  friend class FrozenValues;
  struct Rep;
  union Payload {
    std::int64_t integer;
    const Counted* object;
  };
  explicit Value(ValueKind kind) : kind_(kind) { payload_.integer = 0; }
  [[nodiscard]] bool is_boxed() const { return kind_ >= ValueKind::kSet && kind_ <= ValueKind::kLazy; }
  [[nodiscard]] const Rep& rep() const;
  [[nodiscard]] const Value* ApplySorted(const Value& argument) const;
  [[nodiscard]] std::uint64_t EntrySum() const;
  void Retain() const {
    if (is_boxed() && !payload_.object->is_frozen()) ++payload_.object->references;
  }
  void Release() {
    if (is_boxed() && !payload_.object->is_frozen() && --payload_.object->references == 0) Destroy();
  }
  void Destroy();

  ValueKind kind_;
  Payload payload_;
};

// One block of memory: the head, then the items.
struct Value::Rep : Counted {
  std::uint8_t size_class = 0;  // of its block
  mutable bool is_hashed : 1 = false;
  mutable bool has_shared_parts : 1 = false;  // ShareParts has been here
  mutable std::uint16_t table = 0;        // that gave it `number`; 0: none
  std::uint32_t count = 0;
  mutable std::uint32_t number = 0;
  mutable std::uint64_t sum = 0;  // over the entries; the hash is made of it
  Value domain;                   // of a kFunction; shared by all functions made from one another by With

  [[nodiscard]] Value* items() { return reinterpret_cast<Value*>(this + 1); }
  [[nodiscard]] const Value* items() const { return reinterpret_cast<const Value*>(this + 1); }

  static Rep* Make(std::size_t capacity);
  void Push(Value value) { new (items() + count++) Value(std::move(value)); }
  static void Free(Rep* rep);
};

inline const Value::Rep& Value::rep() const { return *static_cast<const Rep*>(payload_.object); }

inline std::span<const Value> Value::items() const {
  if (!is_boxed() || is_lazy()) return {};
  return {rep().items(), rep().count};
}

inline std::size_t Value::size() const { return !is_boxed() || is_lazy() ? 0 : rep().count; }

inline std::size_t Value::BlockBytes() const {
  return is_boxed() && !is_lazy() ? sizeof(Rep) + rep().count * sizeof(Value) : 0;
}

template <typename Share>
void Value::ShareParts(const Share& share) const {
  if (!is_boxed() || is_lazy() || rep().has_shared_parts || rep().is_frozen()) return;
  auto& self = const_cast<Rep&>(rep());
  self.has_shared_parts = true;
  for (std::uint32_t i = 0; i < self.count; ++i) {
    if (self.items()[i].is_boxed() && self.items()[i].size() > 0) share(self.items()[i]);
  }
  if (self.domain.is_boxed()) share(self.domain);
}

inline std::uint32_t Value::NumberIn(std::uint16_t table) const {
  return is_boxed() && !is_lazy() && rep().table == table ? rep().number : kNoNumber;
}

inline void Value::SetNumber(std::uint16_t table, std::uint32_t number) const {
  rep().table = table;
  rep().number = number;
}

inline const Value& Value::domain_ref() const { return rep().domain; }

inline const Value* Value::Apply(const Value& argument) const {
  const Rep& self = rep();
  if (kind_ == ValueKind::kSequence) {
    if (!argument.is_int() || argument.as_int() < 1 || argument.as_int() > static_cast<std::int64_t>(self.count)) {
      return nullptr;
    }
    return self.items() + (argument.as_int() - 1);
  }
  // Names are interned: a short list of them is searched fastest without looking at their text.
  constexpr std::uint32_t kScannedMax = 16;
  const bool is_name = argument.kind_ == ValueKind::kString || argument.kind_ == ValueKind::kModelValue;
  if (!is_name || self.count > kScannedMax) return ApplySorted(argument);
  const Value* keys = self.domain.rep().items();
  for (std::uint32_t i = 0; i < self.count; ++i) {
    if (keys[i].is_same_object(argument)) return self.items() + i;
  }
  return nullptr;
}

inline const Value* Value::ApplyHinted(const Value& argument, std::uint32_t& hint) const {
  if (kind_ == ValueKind::kFunction) {
    const Rep& self = rep();
    if (hint < self.count && self.domain.rep().items()[hint].is_same_object(argument)) return self.items() + hint;
  }
  const Value* found = Apply(argument);
  if (found != nullptr) hint = static_cast<std::uint32_t>(found - rep().items());
  return found;
}

// Fills a collection in place: the order of Add is the order of its items.
//
//   ValueBuilder builder(2);  builder.Add(a);  builder.Add(b);  Value pair = builder.TakeSequence();
//
// Requires: at most `capacity` calls of Add, one Take, which ends the builder. Taking fewer items
// than the capacity keeps the room.
class ValueBuilder {
 public:
  explicit ValueBuilder(std::size_t capacity);
  ~ValueBuilder();
  ValueBuilder(const ValueBuilder&) = delete;
  ValueBuilder& operator=(const ValueBuilder&) = delete;
  void Add(Value value);
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::span<Value> items();
  [[nodiscard]] Value TakeSequence();
  // Requires: sorted by Compare and distinct.
  [[nodiscard]] Value TakeSet();
  // Requires: one item for each element of `domain`, in its order.
  [[nodiscard]] Value TakeFunction(const Value& domain);

 private:
  friend class Value;
  Value Take(ValueKind kind);
  Value::Rep* rep_;
};

// Values that threads share: frozen, and kept until this is destroyed.
//
//   FrozenValues shared;  shared.Freeze(value);       // before other threads see it
//
// Requires: while one thread freezes no other reads the value or what it is made of, and no frozen value is used
// after this is gone (Value::Copied). Cost of Freeze: O(parts that are not frozen yet). Memory: a pointer a part.
class FrozenValues {
 public:
  FrozenValues() = default;
  ~FrozenValues();
  FrozenValues(const FrozenValues&) = delete;
  FrozenValues& operator=(const FrozenValues&) = delete;
  void Freeze(const Value& value);

 private:
  std::vector<Value::Rep*> blocks_;
};

// A state: the value of each variable, by slot.
using State = std::vector<Value>;

// As TLC prints it: {1, 2}, <<1, 2>>, [a |-> 1], (n1 :> 1 @@ n2 :> 2), "s", n1, TRUE.
[[nodiscard]] std::string ToString(const Value& value);

[[nodiscard]] std::uint64_t MixHash(std::uint64_t seed, std::uint64_t value);
[[nodiscard]] std::uint64_t HashState(const State& state);

}  // namespace kelpie::eval
