// The naive evaluator's inside. Split by topic: eval_expr.cpp (expressions), eval_name.cpp (what
// names stand for), eval_set.cpp and eval_function.cpp (lazy sets and functions), eval_builtin.cpp
// and eval_modules.cpp (operators), eval_action.cpp, eval_assign.cpp and eval_search.cpp
// (successors). Errors travel as EvalFailure and are caught where Evaluator's public calls end.
#pragma once

#include <string>
#include <vector>

#include "checker/eval/function_ref.h"
#include "tests/naive/environment.h"
#include "tests/naive/evaluator.h"
#include "tests/naive/lazy.h"

namespace kelpie::naive {

using eval::FunctionRef;
using resolve::Bound;
using resolve::Builtin;
using resolve::Definition;
using resolve::Expr;
using resolve::ExprKind;
using resolve::Level;
using tla::Span;

// Called at the end of a way; false stops the whole search.
using Continuation = FunctionRef<bool()>;
using ElementVisitor = FunctionRef<bool(const Value&)>;

class Evaluator::Impl {
 public:
  Impl(const program::Program& program, ConstantValues constants, EvalOptions options);

  // --- eval_expr.cpp and eval_name.cpp
  Value Eval(ExprId id, const Environment* env) { return Force(EvalLazy(id, env), program_.expr(id).span); }
  Operand EvalLazy(ExprId id, const Environment* env);
  bool EvalBool(ExprId id, const Environment* env);
  std::int64_t EvalInt(ExprId id, const Environment* env);
  [[noreturn]] void Fail(ErrorKind kind, std::string message, const Span& span, std::string hint = {}) const;
  bool EqualValues(const Value& a, const Value& b, const Span& span) const;
  Value SetOf(std::vector<Value> elements, const Span& span) const;

  // Binds `local` to a finished value / to an argument that is evaluated when needed.
  const Environment* BindValue(const Environment* env, LocalId local, const Value& value);
  const Environment* BindArgument(const Environment* env, const resolve::Parameter& parameter, ExprId argument,
                                  const Environment* scope);
  const Environment* BindParameters(const Definition& definition, const std::vector<ExprId>& arguments,
                                    const Environment* scope, const Environment* callee_outer);
  const Environment* PushLet(ExprId let, const Environment* env);
  // Where a definition's body sees names from: nothing for a top-level one, its LET otherwise.
  const Environment* OuterOf(DefinitionId id, const Environment* env) const;
  const Environment* Find(const Environment* env, LocalId local, const Span& span) const;
  Operand Constant(resolve::ConstantId id, const Span& span);
  Operand ApplyConstant(const Expr& e, const Environment* env);
  Operand ApplyReplacement(const resolve::Replacement& replacement, const std::vector<ExprId>& args, const Expr& e,
                           const Environment* env);
  Operand ApplyRows(const std::vector<resolve::ReplacementRow>& rows, const Expr& e, const Environment* env);
  Value TermValue(const resolve::ModelTerm& term, const Span& span) const;
  Operand ApplyDefinition(const Expr& e, const Environment* env);
  // The value that an override by the model gives, if it gives one.
  std::optional<Operand> OverrideValue(DefinitionId id, const Expr& e, const Environment* env);

  // --- eval_set.cpp and eval_function.cpp
  Value Force(Operand operand, const Span& span);
  bool Contains(const Operand& set, const Value& value, const Span& span);
  // Visits elements in a fixed order until the visitor returns false; false if it did.
  bool ForEach(const Operand& set, const Span& span, ElementVisitor visit);
  bool IsFinite(const Operand& set) const;
  Operand EvalSet(ExprId id, const Environment* env);
  // Visits every binding of the bounds; the visitor gets the extended environment.
  bool ForEachBinding(const std::vector<Bound>& bounds, std::size_t index, const Environment* env,
                      FunctionRef<bool(const Environment*)> visit);
  const Environment* BindElement(const Bound& bound, const Value& element, const Environment* env);
  const Value& ApplyLazyFunction(LazyFunction& function, const Value& argument, const Span& span);
  Value ApplyFunction(const Operand& function, const Value& argument, const Span& span);
  Operand MakeFunction(ExprId id, const Environment* env);
  std::pair<LazyFunctionPtr, bool> MakeRule(ExprId id, const Environment* env);
  const Environment* BindRule(LazyFunction& function, const Value& argument, const Span& span);
  Operand FunctionOf(ExprId id, const Environment* env);
  bool ActFunction(ExprId id, const Expr& e, const Environment* env, Continuation k);

  // --- eval_builtin.cpp and eval_modules.cpp
  Operand ApplyBuiltin(Builtin builtin, const std::vector<ExprId>& args, const Expr& e, const Environment* env);
  // Calls an operator given as an argument (kOperatorRef, kBuiltinRef, kLambda, a local).
  Operand CallOperator(ExprId op, const Environment* op_scope, const std::vector<Value>& args, const Span& span);

  // --- eval_action.cpp, eval_assign.cpp and eval_search.cpp
  bool Act(ExprId id, const Environment* env, Continuation k, bool is_named);
  bool Enabled(ExprId id, const Environment* env);
  std::vector<State> StatesBetween(ExprId first, const Environment* env);
  bool HoldsComposed(const Expr& e, const Environment* env);
  void BeginSearch(const SuccessorRequest& request);
  void Begin(const State* state, const State* next);
  Status RunSuccessors(const State& state, const SuccessorRequest& request, const SuccessorVisitor& visit);
  Status RunInit(const SuccessorRequest& request, const StateVisitor& visit);
  bool IsUnchanged(ExprId subscript, const Environment* env);

 private:
  friend class Evaluator;
  struct AndFrame {
    ExprId expr;
    std::size_t index;
    const Environment* env;
    const AndFrame* outer;
  };
  struct PassedLeaf {
    ExprId expr;
    const Environment* env;
  };

  Operand EvalConstructor(ExprId id, const Expr& e, const Environment* env);
  std::vector<Value> EvalAll(const std::vector<ExprId>& ids, const Environment* env);
  Operand EvalChoose(const Expr& e, const Environment* env);
  Operand EvalSetOfFunctions(const Expr& e, const Environment* env);
  Operand EvalQuantifier(const Expr& e, const Environment* env);
  Operand EvalSetMap(const Expr& e, const Environment* env);
  Operand EvalSetFilter(ExprId id, const Expr& e, const Environment* env);
  Operand EvalCase(const Expr& e, const Environment* env);
  Operand EvalExcept(const Expr& e, const Environment* env);
  Value UpdateAt(const Value& base, const resolve::ExceptUpdate& update, std::size_t step, const Environment* env,
                 const Span& span);
  Operand EvalLocal(const Expr& e, const Environment* env);
  Operand EvalVariable(const Expr& e);
  Operand EvalRecord(const Expr& e, const Environment* env);
  Operand EvalPrimed(ExprId id, const Environment* env, bool is_primed);

  bool ForEachInterval(std::int64_t low, std::int64_t high, const Span& span, ElementVisitor visit);
  bool ForEachSubset(const LazySet& set, const Span& span, ElementVisitor visit);
  bool ForEachFunction(const LazySet& set, const Span& span, ElementVisitor visit);
  bool ForEachProduct(const LazySet& set, const Span& span, ElementVisitor visit);
  bool FilterHolds(const LazySet& set, const Value& element, const Span& span);
  bool LazyContains(const LazySet& set, const Value& value, const Span& span);
  bool ProductContains(const LazySet& set, const Value& value, const Span& span);
  [[noreturn]] void FailMember(const Value& value, const char* what, const Span& span) const;
  void CheckSize(std::size_t size, const Span& span) const;

  Operand Arithmetic(Builtin builtin, const std::vector<ExprId>& args, const Expr& e, const Environment* env);
  Operand ArithmeticOn(Builtin builtin, std::int64_t a, std::int64_t b, const Span& span);
  Operand CallBuiltin(Builtin builtin, const std::vector<Value>& args, const Span& span);
  Operand SetOperation(Builtin builtin, const std::vector<ExprId>& args, const Expr& e, const Environment* env);
  Operand SequenceOperation(Builtin builtin, const std::vector<ExprId>& args, const Expr& e, const Environment* env);
  Operand TlcOperation(Builtin builtin, const std::vector<ExprId>& args, const Expr& e, const Environment* env);
  Value Permutations(const Value& set, const Span& span);
  Value SequenceArgument(ExprId id, const Environment* env, const char* op);

  bool IsSettled() const;
  bool ActAnd(ExprId id, const Expr& e, std::size_t index, const Environment* env, Continuation k, bool is_named);
  bool ActOr(ExprId id, const Expr& e, const Environment* env, Continuation k, bool is_named);
  bool ActExists(ExprId id, const Expr& e, std::size_t bound, const Environment* env, Continuation k, bool is_named);
  bool ActForAll(const Expr& e, const std::vector<const Environment*>& envs, std::size_t index, Continuation k);
  bool ActIfCase(ExprId id, const Expr& e, const Environment* env, Continuation k, bool is_named);
  bool ActApply(ExprId id, const Expr& e, const Environment* env, Continuation k, bool is_named);
  bool ActAssignment(ExprId id, const Expr& e, const Environment* env, Continuation k);
  bool ActUnchanged(ExprId id, ExprId what, const Environment* env, Continuation k);
  bool ActCompose(ExprId id, const Expr& e, const Environment* env, Continuation k);
  bool ActLeaf(ExprId id, const Environment* env, Continuation k);
  bool Passed(ExprId id, const Environment* env, Continuation k);
  // Does a value that a slot already has agree with what the spec says? Observed values never
  // err: what cannot be compared with them is different from them.
  bool AgreesWith(std::uint32_t slot, const Value& value, const Span& span) const;
  bool IsInSet(std::uint32_t slot, const Operand& set, const Span& span);
  [[nodiscard]] bool IsPinned(std::uint32_t slot) const;
  // The slot that an expression assigns when it stands on the left of = or \in, if it does.
  std::optional<std::uint32_t> AssignedSlot(ExprId id, const Environment* env);
  bool Assign(std::uint32_t slot, Value value, Continuation k);
  const Value* ClaimedBound(const Bound& bound) const;
  bool ClaimAgrees(const Definition& definition, const Environment* env);
  bool Finish(const SuccessorVisitor& visit);
  ActionInstance CurrentAction();
  bool CanReach(ExprId id) const;

  // Reports of near misses are the other evaluator's.
  template <typename... Args>
  void Miss(Args&&...) {}

  const program::Program& program_;
  const resolve::ResolvedSpec& spec_;
  ConstantValues constants_;
  EvalOptions options_;
  EnvironmentArena arena_;
  std::vector<Value> literals_;                           // by ExprId: string literals and field names, interned once
  std::vector<std::pair<bool, Value>> constant_cache_;    // by ConstantId
  std::vector<std::pair<bool, Value>> definition_cache_;  // by DefinitionId: constant-level, no parameters

  // The step being looked at.
  const State* state_ = nullptr;
  State next_;
  std::vector<bool> assigned_;
  std::size_t assigned_count_ = 0;
  bool is_primed_ = false;  // variables are read from next_
  bool is_init_ = false;    // unprimed variables are assigned
  bool is_between_ = false;  // state_ is one between the actions of A \cdot B: what is remembered is of another one
  std::size_t depth_ = 0;

  // The search for successors.
  const SuccessorRequest* request_ = nullptr;
  bool is_entered_ = false;  // the claimed operator is on the present way
  ExprId action_expr_;       // application of the operator that names the present way
  const Environment* action_env_ = nullptr;
  const AndFrame* and_top_ = nullptr;
  std::vector<PassedLeaf> passed_;
  std::vector<ErrorFrame> call_stack_;

  class DepthGuard;
};

}  // namespace kelpie::naive
