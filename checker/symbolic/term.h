// Terms: Boolean and integer formulas over unknowns, shared and folded while they are built.
//
//   TermPool pool;
//   Term t = pool.NewInt("t");
//   Term guard = pool.And(pool.Less(pool.Int(3), t), pool.LessEqual(t, pool.Int(9)));
//
// Nothing here knows a solver: a term is a number in its pool, and the door (solver.h) translates
// what it is asked about. Equal terms of one pool have equal numbers.
// A *known* term is one whose value is fixed although it is no constant: it is made of leaves that
// were lifted, unknowns that every query holds equal to a value. Decisions about shapes use known
// values; formulas keep the terms, so that the solver decides them.
// Integers are mathematical; a value that does not fit 64 bits is not known.
// Division and remainder floor, as TLA+ and TLC have them; their divisors are the caller's care.
// Threads: one pool, one thread. Cost: O(1) a term, and what is made stays until the pool goes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace kelpie::symbolic {

enum class TermKind : std::uint8_t {
  kBoolConstant,  // value: 0 or 1
  kIntConstant,   // value
  kBoolUnknown,   // value: index of the unknown
  kIntUnknown,    // value: index of the unknown
  kNot,
  kAnd,  // two and more
  kOr,   // two and more
  kIff,
  kIte,    // condition, then, else; of either sort
  kEqual,  // of integers
  kLess,
  kLessEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,  // floors
  kModulo,  // of a positive divisor
};

struct Term {
  std::uint32_t index = 0;
  friend bool operator==(Term, Term) = default;
};

struct TermNode {
  TermKind kind = TermKind::kBoolConstant;
  bool is_bool = true;
  bool is_known = false;
  std::int64_t value = 0;  // of a constant; index of an unknown
  std::int64_t known = 0;  // when is_known
  std::vector<Term> parts;
};

// Values of unknowns, by the index of the unknown; absent: any will do.
using Assignment = std::vector<std::optional<std::int64_t>>;

// Values of terms, by their number.
using Valuation = std::vector<std::optional<std::int64_t>>;

class TermPool {
 public:
  TermPool();

  [[nodiscard]] Term True() const { return Term{1}; }
  [[nodiscard]] Term False() const { return Term{0}; }
  [[nodiscard]] Term Bool(bool value) const { return value ? True() : False(); }
  [[nodiscard]] Term Int(std::int64_t value);
  // A new unknown each time. `lifted`: the value that every query holds it to.
  [[nodiscard]] Term NewBool(std::string name, std::optional<bool> lifted = {});
  [[nodiscard]] Term NewInt(std::string name, std::optional<std::int64_t> lifted = {});

  [[nodiscard]] Term Not(Term a);
  [[nodiscard]] Term And(Term a, Term b);
  [[nodiscard]] Term Or(Term a, Term b);
  [[nodiscard]] Term And(std::vector<Term> parts);
  [[nodiscard]] Term Or(std::vector<Term> parts);
  [[nodiscard]] Term Implies(Term a, Term b) { return Or(Not(a), b); }
  [[nodiscard]] Term Iff(Term a, Term b);
  [[nodiscard]] Term Ite(Term condition, Term a, Term b);
  [[nodiscard]] Term Equal(Term a, Term b);
  [[nodiscard]] Term Less(Term a, Term b);
  [[nodiscard]] Term LessEqual(Term a, Term b);
  [[nodiscard]] Term Add(Term a, Term b);
  [[nodiscard]] Term Subtract(Term a, Term b);
  [[nodiscard]] Term Multiply(Term a, Term b);
  [[nodiscard]] Term Divide(Term a, Term b);
  [[nodiscard]] Term Modulo(Term a, Term b);

  [[nodiscard]] const TermNode& node(Term term) const { return nodes_[term.index]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] bool is_constant(Term term) const { return node(term).kind <= TermKind::kIntConstant; }
  // The value of a constant or known term.
  [[nodiscard]] std::optional<std::int64_t> known(Term term) const {
    const TermNode& n = node(term);
    return n.is_known ? std::optional(n.known) : std::nullopt;
  }
  [[nodiscard]] bool is_true(Term term) const { return known(term) == 1; }
  [[nodiscard]] bool is_false(Term term) const { return known(term) == 0; }

  [[nodiscard]] std::span<const Term> unknowns() const { return unknowns_; }
  [[nodiscard]] const std::string& NameOf(std::size_t unknown) const { return names_[unknown]; }
  // Lifted unknowns, each with its value: what every query asserts.
  [[nodiscard]] std::span<const Term> lifted() const { return lifted_; }

  // Every term's value when the unknowns have these, by the term's number; nothing when it does
  // not fit 64 bits or a divisor is zero. Unknowns without a value are taken as 0, lifted ones as theirs.
  [[nodiscard]] Valuation EvaluateAll(const Assignment& values) const;
  // As an S-expression; for tests and reports. Cost: O(size as a tree), cut at `size_max` characters.
  [[nodiscard]] std::string ToString(Term term, std::size_t size_max = 400) const;

 private:
  Term Make(TermKind kind, bool is_bool, std::vector<Term> parts);
  Term MakeUnknown(TermKind kind, std::string name, std::optional<std::int64_t> lifted);
  Term Junction(TermKind kind, std::vector<Term> parts);
  void SetKnown(TermNode& made) const;
  void Print(Term term, std::size_t size_max, std::string& out) const;

  std::vector<TermNode> nodes_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> index_;
  std::vector<Term> unknowns_;
  std::vector<std::string> names_;
  std::vector<Term> lifted_;
};

// Division that floors; nothing when it does not fit or the divisor is zero.
[[nodiscard]] std::optional<std::int64_t> FloorDivide(std::int64_t a, std::int64_t b);
// a - b * floor(a / b); nothing for b < 1.
[[nodiscard]] std::optional<std::int64_t> FloorModulo(std::int64_t a, std::int64_t b);

}  // namespace kelpie::symbolic
