// The plainly correct evaluator: a walk of the expression tree, names looked up in a chain of
// bindings, sets and functions built afresh. Oracle of checker/eval, which compiles; it shares the
// values, the errors and what a search may ask for, and nothing of the evaluation.
//
//   naive::Evaluator evaluator(program, {}, {});
//   Result<Value> value = evaluator.Evaluate(expr, &state);
#pragma once

#include <functional>
#include <memory>

#include "checker/eval/evaluator.h"

namespace kelpie::naive {

using eval::ActionInstance;
using eval::ClaimedAction;
using eval::ConstantValues;
using eval::ErrorFrame;
using eval::ErrorKind;
using eval::EvalError;
using eval::EvalFailure;
using eval::EvalOptions;
using eval::Result;
using eval::State;
using eval::Status;
using eval::SuccessorRequest;
using eval::Symbol;
using eval::Value;
using eval::ValueKind;
using resolve::DefinitionId;
using resolve::ExprId;
using resolve::LocalId;

struct Successor {
  const State& state;
  const ActionInstance& action;
};

class Evaluator {
 public:
  Evaluator(std::shared_ptr<const program::Program> program, ConstantValues constants, EvalOptions options);
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  [[nodiscard]] const program::Program& program() const { return *program_; }

  // A value of any expression without free locals. `next` is what primed variables read.
  [[nodiscard]] Result<Value> Evaluate(ExprId expr, const State* state = nullptr, const State* next = nullptr);
  // As Evaluate, and the value must be a Boolean.
  [[nodiscard]] Result<bool> Holds(ExprId expr, const State* state = nullptr, const State* next = nullptr);
  // [A]_v over a step: A holds, or v is unchanged.
  [[nodiscard]] Result<bool> SquareHolds(ExprId action, ExprId subscript, const State& state, const State& next);
  [[nodiscard]] Result<Value> ConstantValue(resolve::ConstantId constant);

  using StateVisitor = std::function<bool(const State&)>;          // false: stop
  using SuccessorVisitor = std::function<bool(const Successor&)>;  // false: stop
  // Visits every assignment that satisfies the initial predicate, once per way to it.
  [[nodiscard]] Status InitialStates(const StateVisitor& visit, const SuccessorRequest& request = {});
  // Visits every successor, once per way to it (equal ones repeat, as TLC generates them).
  [[nodiscard]] Status Successors(const State& state, const SuccessorRequest& request, const SuccessorVisitor& visit);

 private:
  std::shared_ptr<const program::Program> program_;
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kelpie::naive
