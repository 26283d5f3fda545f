// Evaluation is true, false or an error with a place in the spec; this is the error.
//
//   Result<Value> r = evaluator.Evaluate(expr, state);
//   if (!r.ok()) Report(r.error().message, r.error().span);
//
// Source for what is an error and when: Specifying Systems, section 14.2; TLC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tla/source/source.h"

namespace kelpie::eval {

enum class ErrorKind : std::uint8_t {
  kType,             // an operator met a value of the wrong kind
  kIncomparable,     // two values that cannot be compared
  kOutsideDomain,    // a function applied outside its DOMAIN, a field that a record lacks
  kNotEnumerable,    // an infinite set was to be enumerated
  kNoWitness,        // CHOOSE found no element
  kNoCase,           // no guard of a CASE is true and there is no OTHER
  kUnassigned,       // a primed variable was read before it had a value
  kIncompleteState,  // a successor left a variable without a value
  kOverflow,         // beyond 64-bit integers
  kArithmetic,       // division by zero, % by less than one, negative exponent
  kAssert,           // TLC's Assert was false
  kDepth,            // recursion deeper than the limit
  kSize,             // a set or function larger than the limit
  kFile,             // a file that the specification reads is missing or has no value
  kUnsupported,      // cannot be evaluated, such as a temporal formula
};

[[nodiscard]] const char* NameOf(ErrorKind kind);

// One operator application on the way to the error, innermost first.
struct ErrorFrame {
  std::string operator_name;
  tla::Span span;
};

struct EvalError {
  ErrorKind kind = ErrorKind::kType;
  std::string message;
  tla::Span span;
  std::string hint;
  std::vector<ErrorFrame> frames;
};

// Thrown only inside checker/eval; never leaves the room.
struct EvalFailure {
  EvalError error;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : data_(std::move(value)) {}          // NOLINT: implicit on purpose
  Result(EvalError error) : data_(std::move(error)) {}  // NOLINT
  [[nodiscard]] bool ok() const { return std::holds_alternative<T>(data_); }
  [[nodiscard]] const T& value() const { return std::get<T>(data_); }
  [[nodiscard]] T& value() { return std::get<T>(data_); }
  [[nodiscard]] const EvalError& error() const { return std::get<EvalError>(data_); }

 private:
  std::variant<T, EvalError> data_;
};

// Success, or the error.
using Status = std::optional<EvalError>;

}  // namespace kelpie::eval
