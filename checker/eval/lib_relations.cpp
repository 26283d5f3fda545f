// Relation: relations over a set, as functions of pairs or as operators.
#include "checker/eval/library.h"

namespace kelpie::eval {

namespace {

// The relation that argument 0 is, over the set that argument 1 is.
class Relation {
 public:
  Relation(Operands& o, bool is_operator) : o_(o), is_operator_(is_operator), set_(o.Set(1)) {}

  [[nodiscard]] std::span<const Value> elements() const { return set_.items(); }
  [[nodiscard]] const Value& set() const { return set_; }
  [[nodiscard]] bool Holds(const Value& x, const Value& y) {
    if (is_operator_) return o_.Test(0, {&x, &y});
    // Looked at when it is applied for the first time, as TLC does.
    if (function_.is_unset()) function_ = o_.Applicable(0);
    return o_.BoolOf(o_.Apply(function_, Value::Sequence({x, y})));
  }

 private:
  Operands& o_;
  bool is_operator_;
  Value set_;
  Value function_ = Value::Unset();
};

template <typename Test>
bool ForAllPairs(Relation& r, const Test& test) {
  for (const Value& x : r.elements()) {
    for (const Value& y : r.elements()) {
      if (!test(x, y)) return false;
    }
  }
  return true;
}

bool IsReflexive(Relation& r) {
  for (const Value& x : r.elements()) {
    if (!r.Holds(x, x)) return false;
  }
  return true;
}

bool IsIrreflexive(Relation& r) {
  for (const Value& x : r.elements()) {
    if (r.Holds(x, x)) return false;
  }
  return true;
}

bool IsSymmetric(Relation& r) {
  return ForAllPairs(r, [&](const Value& x, const Value& y) { return r.Holds(x, y) == r.Holds(y, x); });
}

bool IsAntiSymmetric(Relation& r) {
  return ForAllPairs(r,
                     [&](const Value& x, const Value& y) { return !(r.Holds(x, y) && r.Holds(y, x)) || Same(x, y); });
}

bool IsAsymmetric(Relation& r) {
  return ForAllPairs(r, [&](const Value& x, const Value& y) { return !(r.Holds(x, y) && r.Holds(y, x)); });
}

bool IsTransitive(Relation& r) {
  return ForAllPairs(r, [&](const Value& x, const Value& y) {
    for (const Value& z : r.elements()) {
      if (r.Holds(x, y) && r.Holds(y, z) && !r.Holds(x, z)) return false;
    }
    return true;
  });
}

bool IsStrictlyPartiallyOrdered(Relation& r) { return IsIrreflexive(r) && IsAntiSymmetric(r) && IsTransitive(r); }

bool IsPartiallyOrdered(Relation& r) { return IsReflexive(r) && IsAntiSymmetric(r) && IsTransitive(r); }

bool IsStrictlyTotallyOrdered(Relation& r) {
  return IsStrictlyPartiallyOrdered(r) &&
         ForAllPairs(r, [&](const Value& x, const Value& y) { return Same(x, y) || r.Holds(x, y) || r.Holds(y, x); });
}

bool IsTotallyOrdered(Relation& r) {
  return IsPartiallyOrdered(r) &&
         ForAllPairs(r, [&](const Value& x, const Value& y) { return r.Holds(x, y) || r.Holds(y, x); });
}

template <bool (*kTest)(Relation&)>
void AddTest(LibraryTable& table, Builtin of_function, Builtin of_operator) {
  table.Set(of_function, [](Operands& o) {
    Relation r(o, false);
    return Value::Bool(kTest(r));
  });
  table.Set(of_operator, [](Operands& o) {
    Relation r(o, true);
    return Value::Bool(kTest(r));
  });
}

Matrix ClosureOf(Operands& o, Relation& r) {
  Matrix matrix(o, r.elements().size());
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    for (std::size_t j = 0; j < matrix.size(); ++j) matrix.at(i, j) = r.Holds(r.elements()[i], r.elements()[j]);
  }
  matrix.Close();
  return matrix;
}

Value TransitiveClosure(Operands& o, bool is_reflexive) {
  Relation r(o, false);
  // One element is related to itself then, whatever the relation is.
  if (is_reflexive && r.elements().size() == 1) return Matrix(o, 1).Reflexive().ToFunction(o, r.set());
  const Matrix closure = ClosureOf(o, r);
  return (is_reflexive ? closure.Reflexive() : closure).ToFunction(o, r.set());
}

Value IsConnected(Operands& o) {
  Relation r(o, false);
  if (r.elements().size() <= 1) return Value::Bool(true);
  return Value::Bool(ClosureOf(o, r).Reflexive().IsFull());
}

}  // namespace

Matrix::Matrix(Operands& o, std::size_t size) : size_(size) {
  constexpr std::size_t kSizeMax = 1'000'000;  // a square of more has no size
  o.CheckSize(size > kSizeMax ? SIZE_MAX : size * size);
  cells_.assign(size * size, 0);
}

void Matrix::Close() {
  for (std::size_t k = 0; k < size_; ++k) {
    for (std::size_t i = 0; i < size_; ++i) {
      if (at(i, k) == 0) continue;
      for (std::size_t j = 0; j < size_; ++j) at(i, j) |= at(k, j);
    }
  }
}

Matrix Matrix::Reflexive() const {
  Matrix result = *this;
  for (std::size_t i = 0; i < size_; ++i) result.at(i, i) = 1;
  return result;
}

bool Matrix::IsFull() const {
  for (const std::uint8_t cell : cells_) {
    if (cell == 0) return false;
  }
  return true;
}

Value Matrix::ToFunction(Operands& o, const Value& set) const {
  std::vector<std::pair<Value, Value>> entries;
  for (std::size_t i = 0; i < size_; ++i) {
    for (std::size_t j = 0; j < size_; ++j)
      entries.emplace_back(Value::Sequence({set.items()[i], set.items()[j]}), Value::Bool(at(i, j) != 0));
  }
  return o.MakeFunction(std::move(entries));
}

void AddRelations(LibraryTable& table) {
  AddTest<IsReflexive>(table, Builtin::kIsReflexive, Builtin::kIsReflexiveUnder);
  AddTest<IsIrreflexive>(table, Builtin::kIsIrreflexive, Builtin::kIsIrreflexiveUnder);
  AddTest<IsSymmetric>(table, Builtin::kIsSymmetric, Builtin::kIsSymmetricUnder);
  AddTest<IsAntiSymmetric>(table, Builtin::kIsAntiSymmetric, Builtin::kIsAntiSymmetricUnder);
  AddTest<IsAsymmetric>(table, Builtin::kIsAsymmetric, Builtin::kIsAsymmetricUnder);
  AddTest<IsTransitive>(table, Builtin::kIsTransitive, Builtin::kIsTransitiveUnder);
  AddTest<IsStrictlyPartiallyOrdered>(table, Builtin::kIsStrictlyPartiallyOrdered,
                                      Builtin::kIsStrictlyPartiallyOrderedUnder);
  AddTest<IsPartiallyOrdered>(table, Builtin::kIsPartiallyOrdered, Builtin::kIsPartiallyOrderedUnder);
  AddTest<IsStrictlyTotallyOrdered>(table, Builtin::kIsStrictlyTotallyOrdered, Builtin::kIsStrictlyTotallyOrderedUnder);
  AddTest<IsTotallyOrdered>(table, Builtin::kIsTotallyOrdered, Builtin::kIsTotallyOrderedUnder);
  table.Set(Builtin::kTransitiveClosure, [](Operands& o) { return TransitiveClosure(o, false); });
  table.Set(Builtin::kReflexiveTransitiveClosure, [](Operands& o) { return TransitiveClosure(o, true); });
  table.Set(Builtin::kIsConnected, IsConnected);
}

}  // namespace kelpie::eval
