// Sets and functions that are described, not listed: Nat, [S -> T], SUBSET S, f[n \in Nat].
//
// They answer membership and, when finite, can be listed; they never enter a state. An
// Operand is what evaluating an expression gives before it is made a finite Value.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <variant>
#include <vector>

#include "checker/eval/value.h"
#include "checker/eval/value_order.h"
#include "tests/naive/environment.h"

namespace kelpie::naive {

using eval::Symbol;

using LazyFunctionPtr = std::shared_ptr<LazyFunction>;
using Operand = std::variant<Value, LazySetPtr, LazyFunctionPtr>;

enum class LazySetKind : std::uint8_t {
  kNat,
  kInt,
  kString,
  kAny,
  kInterval,     // low..high
  kPowerSet,     // parts[0]
  kFunctionSet,  // parts: domain, range
  kRecordSet,    // fields and parts
  kCross,        // parts
  kSeq,          // parts[0]
  kUnion,        // parts: two
  kIntersect,    // parts: two
  kMinus,        // parts: two
  kFilter,       // parts[0]; elements for which `expr` holds in `scope`
};

struct LazySet {
  LazySetKind kind = LazySetKind::kNat;
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::vector<Operand> parts;
  std::vector<Symbol> fields;  // sorted by text
  resolve::ExprId expr;        // kFilter: the {x \in S : p} expression
  const Environment* scope = nullptr;
  bool is_primed = false;  // kFilter: evaluated under a prime
};

// A function given by a rule. Values are computed when asked for, each once.
struct LazyFunction {
  std::vector<Operand> domains;  // one per bound
  resolve::ExprId expr;          // kFunction or kRecursiveFunction
  const Environment* scope = nullptr;
  bool is_primed = false;
  std::map<Value, Value, eval::ValueLess> known;
};

}  // namespace kelpie::naive
