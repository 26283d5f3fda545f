// Bindings of names during one evaluation: a chain of nodes in an arena.
//
// Every binder of the resolved spec has its own LocalId, so looking up a name is a walk to
// the nearest node with that id. Chains are short: an operator of a module sees only its own
// parameters, a LET sees the chain of where it stands.
// Nodes live until the arena is released to a mark taken before them; whoever takes a mark
// must hold nothing that points behind it (values never do, lazy sets may).
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "checker/eval/value.h"
#include "tla/resolve/resolved_module.h"

namespace kelpie::naive {

using eval::Value;

struct LazySet;
using LazySetPtr = std::shared_ptr<const LazySet>;

enum class BindingKind : std::uint8_t {
  kValue,     // value
  kThunk,     // expression + scope, not yet evaluated; value and is_cached once it was
  kOperator,  // an operator passed as an argument: expression is kOperatorRef, kBuiltinRef or kLambda
  kLet,       // the definitions of LET `expression`; cache has a slot for each
  kSelf,      // a recursive function inside its own body: lazy is the function
};

struct LazyFunction;

struct Environment {
  const Environment* outer = nullptr;
  resolve::LocalId local;
  BindingKind kind = BindingKind::kValue;
  mutable bool is_cached = false;
  resolve::ExprId expression;          // kThunk, kOperator, kLet
  const Environment* scope = nullptr;  // where `expression` is to be evaluated
  mutable Value value;
  mutable std::vector<std::pair<bool, Value>> cache;  // kLet
  LazyFunction* function = nullptr;                   // kSelf
};

class EnvironmentArena {
 public:
  Environment& Push(const Environment* outer);
  [[nodiscard]] std::size_t Mark() const { return used_; }
  // Drops every node made since the mark. Cost: O(nodes dropped).
  void Release(std::size_t mark);

 private:
  static constexpr std::size_t kChunkNodes = 256;
  std::vector<std::unique_ptr<Environment[]>> chunks_;
  std::size_t used_ = 0;
};

}  // namespace kelpie::naive
