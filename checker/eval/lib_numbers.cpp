// Bitwise, Combinatorics, Statistics and DyadicRationals.
#include <cmath>
#include <numeric>

#include "checker/eval/library.h"

namespace kelpie::eval {

namespace {

// --- Bitwise. Negative numbers have the bits of two's complement, as for TLC.

Value BitNot(Operands& o) {
  const std::int64_t number = o.Int(0);
  if (number <= 0) return Value::Int(0);
  std::uint64_t mask = 1;
  while (mask < static_cast<std::uint64_t>(number)) mask = mask << 1 | 1;
  return Value::Int(static_cast<std::int64_t>(~static_cast<std::uint64_t>(number) & mask));
}

Value ShiftRight(Operands& o) {
  const std::int64_t number = o.Int(0);
  const std::int64_t places = o.Int(1);
  if (number < 0 || places < 0)
    o.Fail(ErrorKind::kArithmetic,
           "shiftR of negative numbers: " + std::to_string(number) + " by " + std::to_string(places));
  constexpr std::int64_t kBits = 63;
  return Value::Int(places >= kBits ? 0 : number >> places);
}

// --- Combinatorics

Value Factorial(Operands& o) {
  if (o.count() == 0)
    o.Fail(ErrorKind::kNotEnumerable, "factorial is a function of all naturals and no value", "apply it: factorial[n]");
  const std::int64_t n = o.Int(0);
  if (n < 0) o.Fail(ErrorKind::kOutsideDomain, "factorial[" + std::to_string(n) + "]");
  std::int64_t result = 1;
  for (std::int64_t i = 2; i <= n; ++i) result = o.Times(result, i);
  return Value::Int(result);
}

Value BinomialChoose(Operands& o) {
  const std::int64_t n = o.Int(0);
  std::int64_t k = o.Int(1);
  if (n < 0 || k < 0)
    o.Fail(ErrorKind::kArithmetic, "choose of negative numbers: " + std::to_string(n) + ", " + std::to_string(k));
  if (k > n) return Value::Int(0);
  k = std::min(k, n - k);
  std::int64_t result = 1;
  for (std::int64_t i = 1; i <= k; ++i) {
    // result * (n - k + i) / i without leaving the numbers that have a value.
    const std::int64_t common = std::gcd(result, i);
    result = o.Times(result / common, (n - k + i) / (i / common));
  }
  return Value::Int(result);
}

// --- Statistics

// The chance that a chi-square variable of so many degrees of freedom is greater: the regularised upper incomplete
// gamma function Q(freedom / 2, x / 2), by its series where that converges fast, and else by its continued fraction.
// Source: Abramowitz & Stegun, 6.5.29 and 6.5.31.
double ChanceAbove(double x, double freedom) {
  constexpr int kStepsMax = 10'000;
  constexpr double kPrecision = 1e-15;
  const double a = freedom / 2;
  const double z = x / 2;
  if (z <= 0) return 1;
  const double scale = std::exp(a * std::log(z) - z - std::lgamma(a));
  if (z < a + 1) {
    double term = 1 / a;
    double sum = term;
    for (int i = 1; i < kStepsMax && term > sum * kPrecision; ++i) {
      term *= z / (a + i);
      sum += term;
    }
    return 1 - scale * sum;
  }
  constexpr double kTiny = 1e-300;  // instead of a division by zero
  double b = z + 1 - a;
  double c = 1 / kTiny;
  double d = 1 / b;
  double fraction = d;
  for (int i = 1; i < kStepsMax; ++i) {
    const double numerator = -i * (i - a);
    b += 2;
    d = numerator * d + b;
    d = 1 / (std::abs(d) < kTiny ? kTiny : d);
    c = b + numerator / c;
    if (std::abs(c) < kTiny) c = kTiny;
    const double factor = c * d;
    fraction *= factor;
    if (std::abs(factor - 1) < kPrecision) break;
  }
  return scale * fraction;
}

double Significance(Operands& o, std::size_t i) {
  const std::string text = o.Text(i);
  double value = 0;
  std::size_t used = 0;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  constexpr double kMax = 0.5;
  if (used == 0 || used != text.size() || !(value > 0) || value > kMax)
    o.Expected(i, "a number in a string, above 0 and up to 0.5", Value::String(text));
  return value;
}

// May what was counted be chance, if `expected` is what is to be expected?
Value ChiSquare(Operands& o) {
  const Value expected = o.Function(0);
  const Value actual = o.Function(1);
  const double alpha = Significance(o, 2);
  if (expected.size() < 2 || expected.size() != actual.size())
    o.Fail(ErrorKind::kType, "ChiSquare expects two functions of one size, at least 2");
  double expected_sum = 0;
  double actual_sum = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::int64_t wanted = o.IntOf(expected.items()[i]);
    const std::int64_t found = o.IntOf(actual.items()[i]);
    if (wanted <= 0 || found < 0)
      o.Fail(ErrorKind::kArithmetic, "ChiSquare expects counts, and what is expected to be positive");
    expected_sum += static_cast<double>(wanted);
    actual_sum += static_cast<double>(found);
  }
  double statistic = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double wanted = static_cast<double>(expected.items()[i].as_int()) * actual_sum / expected_sum;
    const double difference = static_cast<double>(actual.items()[i].as_int()) - wanted;
    statistic += difference * difference / wanted;
  }
  return Value::Bool(!(ChanceAbove(statistic, static_cast<double>(expected.size() - 1)) < alpha));
}

// --- DyadicRationals

struct Rational {
  std::int64_t num = 0;
  std::int64_t den = 1;
};

std::int64_t FieldOf(Operands& o, const Value& record, const char* field) {
  return o.IntOf(o.Apply(record, Value::String(field)));
}

Rational RationalAt(Operands& o, std::size_t i) {
  const Value record = o.Record(i);
  return {FieldOf(o, record, "num"), FieldOf(o, record, "den")};
}

Value MakeRational(const Rational& r) {
  return Value::Record({{Intern("num"), Value::Int(r.num)}, {Intern("den"), Value::Int(r.den)}});
}

Value Reduced(const Rational& r) {
  const std::int64_t common = std::gcd(r.num, r.den);
  return MakeRational(common == 0 ? r : Rational{r.num / common, r.den / common});
}

bool IsZero(const Rational& r) { return r.num == 0 && r.den == 1; }

Value IsDyadicRational(Operands& o) {
  const std::int64_t den = FieldOf(o, o.Record(0), "den");
  return Value::Bool(den > 0 && (den & (den - 1)) == 0);
}

Value AddRationals(Operands& o) {
  const Rational p = RationalAt(o, 0);
  if (IsZero(p)) return o.Any(1);
  const Rational q = RationalAt(o, 1);
  if (p.den <= 0 || q.den <= 0) o.Fail(ErrorKind::kArithmetic, "Add of fractions whose den is not positive");
  const std::int64_t den = std::max(p.den, q.den);
  return Reduced({o.Plus(o.Times(q.num, den / q.den), o.Times(p.num, den / p.den)), den});
}

Value PrettyPrint(Operands& o) {
  const Rational r = RationalAt(o, 0);
  if (IsZero(r)) return Value::String("0");
  if (r.num == 1 && r.den == 1) return Value::String("1");
  return Value::String(std::to_string(r.num) + "/" + std::to_string(r.den));
}

}  // namespace

void AddNumbers(LibraryTable& table) {
  table.Set(Builtin::kBitAnd, [](Operands& o) { return Value::Int(o.Int(0) & o.Int(1)); });
  table.Set(Builtin::kBitOr, [](Operands& o) { return Value::Int(o.Int(0) | o.Int(1)); });
  table.Set(Builtin::kBitXor, [](Operands& o) { return Value::Int(o.Int(0) ^ o.Int(1)); });
  table.Set(Builtin::kBitNot, BitNot);
  table.Set(Builtin::kShiftRight, ShiftRight);
  table.Set(Builtin::kFactorial, Factorial);
  table.Set(Builtin::kBinomialChoose, BinomialChoose);
  table.Set(Builtin::kChiSquare, ChiSquare);
  table.Set(Builtin::kIsDyadicRational, IsDyadicRational);
  table.Set(Builtin::kDyadicZero, [](Operands&) { return MakeRational({0, 1}); });
  table.Set(Builtin::kDyadicOne, [](Operands&) { return MakeRational({1, 1}); });
  table.Set(Builtin::kDyadicAdd, AddRationals);
  table.Set(Builtin::kDyadicHalf, [](Operands& o) {
    const Rational p = RationalAt(o, 0);
    return Reduced({p.num, o.Times(p.den, 2)});
  });
  table.Set(Builtin::kDyadicPrettyPrint, PrettyPrint);
}

}  // namespace kelpie::eval
