// Values with unknown leaves: the shape is concrete, leaves may be terms.
//
//   SymValue v = SymValue::Int(pool, pool.NewInt("t"));
//   std::optional<SymValue> one = Merge(pool, {{c, a}, {pool.Not(c), b}});   // c ? a : b
//
// Invariants (one form for what is known, so that the concrete case stays concrete):
//   - what has no unknown leaf is kConcrete;
//   - kChoice has at least two alternatives, concrete, distinct, exclusive of one another;
//   - a kFunction has a concrete DOMAIN and a value for each element, in its order; records, tuples
//     and sequences are functions here as everywhere;
//   - a kSet lists what may be an element, each with the term that says whether it is; candidates
//     may be equal to one another.
//   - kDescribed and kRule are sets and functions given by a rule; they are not made of candidates
//     until somebody asks.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "checker/eval/value.h"
#include "checker/program/code.h"
#include "checker/symbolic/term.h"

namespace kelpie::symbolic {

using eval::Value;

enum class SymKind : std::uint8_t { kConcrete, kBool, kInt, kChoice, kFunction, kSet, kDescribed, kRule };

struct Frame;
struct SymParts;
class SymValue;

struct Alternative {
  Term when;
  Value value;
};

class SymValue {
 public:
  SymValue(Value value) : value_(std::move(value)) {}  // NOLINT: implicit on purpose
  [[nodiscard]] static SymValue Bool(const TermPool& pool, Term term);
  [[nodiscard]] static SymValue Int(const TermPool& pool, Term term);
  // Requires: exclusive conditions that cover all cases. Impossible ones are left out.
  [[nodiscard]] static SymValue Choice(TermPool& pool, std::vector<Alternative> alternatives);
  // Requires: a value for each element of `domain`, a set, in its order.
  [[nodiscard]] static SymValue Function(const Value& domain, std::vector<SymValue> values);
  struct Member;
  [[nodiscard]] static SymValue Set(TermPool& pool, std::vector<Member> members);
  [[nodiscard]] static SymValue OfParts(SymKind kind, SymParts parts);

  [[nodiscard]] SymKind kind() const { return kind_; }
  [[nodiscard]] bool is_concrete() const { return kind_ == SymKind::kConcrete; }
  [[nodiscard]] const Value& value() const { return value_; }      // kConcrete
  [[nodiscard]] const Value& domain() const { return value_; }     // kFunction
  [[nodiscard]] Term term() const { return term_; }                // kBool, kInt
  [[nodiscard]] const SymParts& parts() const { return *parts_; }  // the others
  [[nodiscard]] bool is_same_object(const SymValue& other) const;

 private:
  explicit SymValue(SymKind kind) : kind_(kind) {}
  SymKind kind_ = SymKind::kConcrete;
  Term term_;
  Value value_;
  std::shared_ptr<const SymParts> parts_;
};

struct SymValue::Member {
  Term when;
  SymValue value;
};
using Member = SymValue::Member;

struct SymParts {
  std::vector<Alternative> alternatives;  // kChoice
  std::vector<Member> members;            // kSet
  std::vector<SymValue> items;            // kFunction: its values; kDescribed: parts of the opcode
  // kDescribed: what describes the set; kRule: kFunction or kRecursiveFunction.
  program::Opcode op = program::Opcode::kAnySet;
  std::vector<Value> fields;                // of a kRecordSet
  program::NodeId node = program::kNoNode;  // whose body the rule is
  std::shared_ptr<const Frame> frame;       // in which the body is evaluated
};

// A slot of a frame: a bound variable, or what was remembered.
struct FrameSlot {
  std::optional<SymValue> value;
};

struct Frame {
  std::vector<FrameSlot> slots;
};

// A value of one of several cases. Requires: exclusive conditions.
struct Case {
  Term when;
  SymValue value;
};

// The one value that each case's is in its case; nothing when their shapes differ.
[[nodiscard]] std::optional<SymValue> Merge(TermPool& pool, const std::vector<Case>& cases);

// Elements 1..n, the DOMAIN of a sequence.
[[nodiscard]] Value SequenceDomain(std::size_t size);
// The DOMAIN of a concrete or symbolic function.
[[nodiscard]] Value DomainOf(const SymValue& function);
[[nodiscard]] bool IsFunction(const SymValue& value);
[[nodiscard]] bool IsSequence(const SymValue& value);
// The values of a concrete or symbolic function, in the order of its DOMAIN.
[[nodiscard]] std::vector<SymValue> ItemsOf(const SymValue& function);
// Are they of one kind, or one of them a model value or a choice, so that TLC may compare them?
[[nodiscard]] bool AreComparable(const SymValue& a, const SymValue& b);
// Candidates of a kSet or concrete set.
[[nodiscard]] std::vector<Member> MembersOf(const TermPool& pool, const SymValue& set);

// The value when terms have these values; nothing for sets and functions given by a rule, or values
// that are out of range.
[[nodiscard]] std::optional<Value> ValueUnder(const SymValue& value, const Valuation& valuation);

// For reports: as TLA+ text, `?` for unknown leaves.
[[nodiscard]] std::string ToString(const TermPool& pool, const SymValue& value);

}  // namespace kelpie::symbolic
