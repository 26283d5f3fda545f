// Values of expressions, initial states, successors: the concrete domain over compiled code.
//
//   Evaluator evaluator(program, {}, {});
//   Result<bool> ok = evaluator.Holds(invariant_body, state);
//   Status s = evaluator.Successors(state, {}, [&](const Successor& next) { ...; return true; });
//
// Semantics are TLC's (Specifying Systems, chapter 14): conjuncts in text order, short circuit,
// disjunctions and \E in an action each give their own successors, also when they are guards
// only, so that counts equal TLC's. Where a claim restricts Next, only the ways that lead
// through the claimed operator with the claimed arguments are taken.
// Expressions are compiled when first asked for and kept. The naive evaluator of tests/naive is
// the oracle of this one.
// Threads: one evaluator, one thread. Cost: no allocation for scalars, no lookup of names.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/eval/eval_error.h"
#include "checker/eval/outside.h"
#include "checker/eval/reads.h"
#include "checker/eval/temporal.h"
#include "checker/eval/value.h"
#include "checker/program/code.h"
#include "checker/program/compile.h"
#include "checker/program/program.h"

namespace kelpie::eval {

using resolve::DefinitionId;
using resolve::ExprId;
using resolve::LocalId;

struct RunningExploration;

// Reaching a limit is an EvalError that names it.
struct EvalLimits {
  std::size_t depth_max = 2'000;          // --max-depth: nested operator applications
  std::size_t set_size_max = 2'000'000;   // --max-set: elements of one set or function
  std::size_t code_size_max = 4'000'000;  // --max-code: nodes of one compiled expression
};

struct EvalOptions {
  EvalLimits limits;
  std::function<void(const std::string&)> print;  // what Print and PrintT write; absent: dropped
  std::shared_ptr<Outside> outside;               // environment, files, programs; absent: there are none
  std::shared_ptr<RunningExploration> running;    // what TLCGet tells; absent: nothing is being explored
  bool counts_truths = false;                     // --coverage: Evaluator::TruthCounts
  // For tests of the tests: this operator is computed wrongly (as its opposite or neighbour).
  std::optional<program::Opcode> planted_fault;
};

// Values of constants that override the model's, by ConstantId.
using ConstantValues = std::unordered_map<std::uint32_t, Value>;

// The operator whose disjunct produced a successor: the last one entered on the way from
// Next before a conjunction split the formula, with its arguments as far as they are values.
struct ActionInstance {
  DefinitionId definition;  // invalid: an unnamed disjunct
  std::vector<std::pair<std::string, Value>> arguments;
  tla::Span span;  // of the operator's name, or the disjunct
};

// A successor while it is being visited.
class Successor {
 public:
  const State& state;
  DefinitionId definition;  // of its action; invalid: an unnamed disjunct
  // The action with its arguments. Cost: evaluates them.
  [[nodiscard]] ActionInstance action() const { return describe_(); }

  // Values may be replaced by equal ones, which the evaluator then goes on with.
  [[nodiscard]] State& shared_state() const { return *shared_; }

  Successor(State& next, DefinitionId action, const std::function<ActionInstance()>& describe)
      : state(next), definition(action), shared_(&next), describe_(describe) {}

 private:
  State* shared_;
  const std::function<ActionInstance()>& describe_;
};

// What an event claims, made of the spec's own values. Absent arguments are searched for.
struct ClaimedAction {
  const program::ClaimPaths* paths = nullptr;
  std::vector<std::optional<Value>> parameters;      // by parameter index
  std::vector<std::pair<std::string, Value>> bound;  // by name of a bound variable
};

// A conjunct met on the way, as failure reports show it.
struct ConjunctValue {
  enum class Truth : std::uint8_t { kTrue, kFalse, kError, kUnknown };
  // A part of the conjunct and its value, in text order. `variable` and `path` name the place
  // in the state when the part is one.
  struct Part {
    tla::Span span;
    Value value;
    std::string variable;
    std::vector<Value> path;
    bool is_primed = false;
    bool is_local = false;  // a parameter or bound variable
  };
  // What made a false conjunct false: a conjunct of the operator it applies, and so on inwards.
  struct Cause {
    ExprId expr;
    std::vector<Part> parts;
  };
  ExprId expr;
  Truth truth = Truth::kUnknown;
  std::vector<Part> parts;
  std::vector<Cause> causes;
  // A false `x' = e` or `UNCHANGED x` about a pinned variable: its slot, what the spec says.
  std::optional<std::uint32_t> slot;
  std::optional<Value> expected;
};

// How far the search for a successor came on its best way: the nearest miss.
struct NearestMiss {
  std::size_t passed_count = 0;          // conjuncts that held before the false one
  bool is_guard = true;                  // the false conjunct has no primed variable
  std::vector<ConjunctValue> conjuncts;  // of the action, in text order
  ActionInstance action;
  std::optional<EvalError> error;  // the way ended in an error instead
};

struct SuccessorRequest {
  const ClaimedAction* claim = nullptr;
  // Values that the next state is known to have, by slot; null entries are free. They act
  // as if the variable had been assigned first, so `x' \in S` becomes a membership test.
  const std::vector<std::optional<Value>>* pinned = nullptr;
  // Count equal successors as TLC generates them: guards are split into their ways too.
  bool count_ways = false;
  // Filled with the way that passed the most conjuncts. Slower; not with count_ways.
  NearestMiss* nearest = nullptr;
};

// How often an expression that is a truth value by its place was evaluated, and held: in an action, for some way on.
struct TruthCount {
  ExprId expr;
  std::uint64_t evaluated_count = 0;
  std::uint64_t held_count = 0;
};

// A part of Next that can be asked by itself: a disjunct, with values for the names bound around it.
struct StepGroup {
  bool is_cachable = false;  // its steps depend on the state alone, and evaluating it has no effects
  // A variable: the group is `\E x \in variable : ...`, and can be asked for one element after the other.
  std::optional<std::uint32_t> elements_of;
};

class Machine;

class Evaluator {
 public:
  Evaluator(std::shared_ptr<const program::Program> program, ConstantValues constants, EvalOptions options);
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  // What was evaluated since the beginning, and what might have been, in the order of the text. Empty unless
  // EvalOptions::counts_truths. Remembered truths are not evaluated again, and not counted.
  [[nodiscard]] std::vector<TruthCount> TruthCounts() const;
  [[nodiscard]] bool counts_truths() const { return options_.counts_truths; }

  // How many states between the actions of A \cdot B were found so far where ways are counted: TLC counts them as
  // generated, except those of a composition inside another one.
  [[nodiscard]] std::uint64_t between_count() const;

  // One like this at its beginning, for another thread.
  [[nodiscard]] std::unique_ptr<Evaluator> Clone() const;

  [[nodiscard]] const program::Program& program() const { return *program_; }
  [[nodiscard]] const EvalOptions& options() const { return options_; }

  // A value of any expression without free locals. `next` is what primed variables read.
  [[nodiscard]] Result<Value> Evaluate(ExprId expr, const State* state = nullptr, const State* next = nullptr);
  // As Evaluate, and the value must be a Boolean.
  [[nodiscard]] Result<bool> Holds(ExprId expr, const State* state = nullptr, const State* next = nullptr);
  // The first of several predicates that is false in a state; nothing when all hold. What they share
  // is evaluated once. `known`: a state in which all hold; then only what differs is looked at.
  [[nodiscard]] Result<std::optional<std::size_t>> FirstFalse(std::span<const ExprId> exprs, const State& state,
                                                              const State* known = nullptr);
  // The first property [A]_v that a step breaks: A is false and v changes. Nothing when all hold.
  [[nodiscard]] Result<std::optional<std::size_t>> FirstBroken(std::span<const program::ActionProperty> properties,
                                                               const State& state, const State& next);
  [[nodiscard]] Result<Value> ConstantValue(resolve::ConstantId constant);

  // A temporal formula without free locals, taken apart: temporal.h.
  [[nodiscard]] Result<TemporalFormula> Temporal(ExprId expr);
  // The truth of an atom of such a formula; `next` is the state after it, for an atom about a step.
  [[nodiscard]] Result<bool> HoldsAtom(AtomId atom, const State& state, const State* next);

  using StateVisitor = std::function<bool(const State&)>;          // false: stop
  using SuccessorVisitor = std::function<bool(const Successor&)>;  // false: stop
  // Visits every assignment that satisfies the initial predicate, once per way to it. A visitor
  // may ask the evaluator; the state it is shown lives until it returns.
  [[nodiscard]] Status InitialStates(const StateVisitor& visit, const SuccessorRequest& request = {});
  // Visits every successor, once per way to it (equal ones repeat, as TLC generates them).
  [[nodiscard]] Status Successors(const State& state, const SuccessorRequest& request, const SuccessorVisitor& visit);
  // The groups of Next: asked one after another they give what Successors gives, in its order. One group where Next
  // cannot be taken apart. Requires: Next. Cost: evaluates the constant sets of the outer quantifiers, once.
  [[nodiscard]] const std::vector<StepGroup>& StepGroups();
  // `reads`: notes what of the state the group's steps depend on, and while a step is visited how it changes the state.
  // Requires then: the group is cachable, and Begin was called. `element`: of the set elements_of; the steps for it
  // alone.
  [[nodiscard]] Status GroupSuccessors(std::size_t group, const State& state, const SuccessorRequest& request,
                                       const SuccessorVisitor& visit, Reads* reads = nullptr,
                                       const Value* element = nullptr);

 private:
  std::shared_ptr<const program::Program> program_;
  ConstantValues constants_;
  EvalOptions options_;
  std::unique_ptr<Machine> machine_;
};

}  // namespace kelpie::eval
