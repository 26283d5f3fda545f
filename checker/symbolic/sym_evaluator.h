// Gives every opcode a meaning over values with unknown leaves; the room's own header.
//
// How a branch on an unknown goes on. Evaluation is plain recursive code. Where it must know a
// truth that a term holds open, it calls Decide, which takes one side and remembers that there is
// another; Join runs a piece of evaluation once for each combination of decisions and merges what
// came out: Booleans, integers, elements of a finite set, and values of equal shape become one
// value; only values of different shapes are handed out as a decision of whoever called. So forks
// stay inside the smallest expression that can be merged.
//
// Errors. Evaluation is true, false or an error. An error that happens only under a condition is
// put on a list with the whole condition under which it is reached (short circuit included) and
// the evaluation goes on; one that happens whatever the unknowns are is thrown.
#pragma once

#include <deque>
#include <map>
#include <memory>

#include "checker/eval/evaluator.h"
#include "checker/eval/value_order.h"
#include "checker/program/compile.h"
#include "checker/symbolic/solver.h"
#include "checker/symbolic/sym_value.h"

namespace kelpie::symbolic {

using eval::ErrorKind;
using eval::EvalError;
using eval::State;
using program::Binder;
using program::Code;
using program::Node;
using program::NodeId;
using program::Opcode;
using tla::Span;

// Thrown inside the room only. An error of the spec, as TLC would report it.
struct Failure {
  EvalError error;
};

// Thrown inside the room only. Something this domain does not do with unknowns.
struct Unsupported {
  std::string what;
  Span span;
};

struct ErrorCase {
  Term when;
  EvalError error;
};

struct SymOptions {
  eval::EvalLimits limits;
  SolverLimits solver;
  std::size_t paths_max = 4'096;        // --max-forks: combinations of decisions in one expression
  std::size_t sequence_length_max = 4;  // --max-unknown-sequence: of a sequence nothing is known of
  std::size_t terms_max = 2'000'000;    // --max-terms: of one step
  bool is_lifting = true;               // integers and Booleans of the state are solver constants
};

class SymEvaluator {
 public:
  SymEvaluator(const program::Program& program, const eval::ConstantValues& constants, SymOptions options,
               SolverCounts& counts);

  // Starts anew: another pool of terms, no unknowns, no errors. `state` may be null.
  void Begin(std::shared_ptr<const Code> code, const State* state);
  [[nodiscard]] TermPool& pool() { return *pool_; }
  [[nodiscard]] const Code& code() const { return *code_; }
  [[nodiscard]] const program::Program& program() const { return program_; }
  [[nodiscard]] std::vector<ErrorCase>& errors() { return errors_; }

  // Variables with unknown parts, in place of the state's.
  void SetVariable(std::uint32_t slot, SymValue value);
  void SetNext(std::uint32_t slot, std::optional<SymValue> value) { next_[slot] = std::move(value); }
  [[nodiscard]] const std::optional<SymValue>& next(std::uint32_t slot) const { return next_[slot]; }
  [[nodiscard]] SymValue StateValue(std::uint32_t slot, const Span& span) const;

  // --- sym_fork.cpp
  using Body = std::function<SymValue()>;
  // All values that the body can have, merged as far as they can be. Throws when every path errs.
  std::vector<Case> JoinCases(const Body& body);
  SymValue Join(const Body& body);
  // A Boolean under a guard; errors of it are errors only where the guard holds, and where it errs
  // it counts as `fallback`.
  Term BoolUnder(Term guard, const std::function<Term()>& body, bool fallback);
  // Runs the body under a guard; an error of it is one only where the guard holds. False: it erred.
  bool Attempt(Term guard, const std::function<void()>& body);
  // A term holds on the present path; the path is split where it is open.
  bool Decide(Term term);
  // The integer on the present path, one path for each value that is possible.
  std::int64_t Concretize(Term term, const Span& span);
  SymValue MergeOrFork(std::vector<Case> cases);
  // The operation on each alternative of a choice, merged.
  SymValue Spread(const SymValue& choice, const std::function<SymValue(const SymValue&)>& body);
  void MayErr(Term when, ErrorKind kind, std::string message, const Span& span);
  [[noreturn]] void Fail(ErrorKind kind, std::string message, const Span& span) const;
  [[noreturn]] void GiveUp(std::string what, const Span& span) const { throw Unsupported{std::move(what), span}; }
  // Is there an assignment with all of these? Unknown counts as yes.
  bool IsFeasible(const std::vector<Term>& all);
  void AddConstraint(Term term) { constraints_.push_back(term); }
  [[nodiscard]] const std::vector<Term>& constraints() const { return constraints_; }
  [[nodiscard]] Term Path();

  // What is evaluated while it lives is reached only where the term holds.
  class Under {
   public:
    Under(SymEvaluator& evaluator, Term term) : evaluator_(evaluator), saved_(evaluator.guard_) {
      evaluator.guard_ = evaluator.pool_->And(evaluator.guard_, term);
    }
    ~Under() { evaluator_.guard_ = saved_; }
    Under(const Under&) = delete;
    Under& operator=(const Under&) = delete;

   private:
    SymEvaluator& evaluator_;
    Term saved_;
  };

  // --- sym_expr.cpp
  SymValue Eval(NodeId id);
  SymValue EvalForced(NodeId id) { return Force(Eval(id), SpanOf(id)); }
  Term EvalBool(NodeId id);
  Term EvalInt(NodeId id);
  Term ToBool(const SymValue& value, const Span& span);
  Term ToInt(const SymValue& value, const Span& span);
  [[nodiscard]] const Span& SpanOf(NodeId id) const { return program_.expr(code_->node(id).origin).span; }
  std::shared_ptr<Frame>& frame() { return frame_; }
  void BindElement(const Binder& binder, const SymValue& element);

  // --- sym_compare.cpp
  // Where `is_strict`, values that TLC refuses to compare are an error; else they are different.
  Term Equals(const SymValue& a, const SymValue& b, const Span& span, bool is_strict = true);
  Term In(const SymValue& element, const SymValue& set, const Span& span);
  Term Subset(const SymValue& a, const SymValue& b, const Span& span);

  // --- sym_set.cpp
  [[nodiscard]] bool IsFinite(const SymValue& set) const;
  // Candidates of a set, in TLC's order where it is known.
  std::vector<Member> List(const SymValue& set, const Span& span);
  // Sets as lists of candidates, functions with all their values; others as they are.
  SymValue Force(const SymValue& value, const Span& span);

  [[nodiscard]] SymValue PowerSet(const SymValue& set) { return Described(Opcode::kPowerSet, {ExpectSet(set, {})}); }
  // All combinations of a binder's elements on one path, as a list that an empty entry ends; the
  // value of a case is where in `all` its list begins.
  std::vector<Case> DefiniteBindings(const Node& node, std::vector<std::vector<SymValue>>& all);

  // --- sym_unknown.cpp
  // An unknown element of a set, one case for each shape it may have; conditions of the cases need
  // not exclude one another. Gives up, naming `name`, when the set gives no shape.
  std::vector<Case> Unknown(const SymValue& set, const std::string& name, const Span& span);
  [[nodiscard]] bool was_cut() const { return was_cut_; }

  // --- sym_function.cpp
  SymValue Apply(const SymValue& function, const SymValue& argument, const Span& span);

 private:
  friend class StepWalker;
  struct Decision {
    Term term;
    bool taken = true;
    bool has_other = true;
  };
  struct Trail {
    std::vector<Decision> decisions;
    std::size_t at = 0;
  };
  class TrailScope;
  class DepthScope {
   public:
    DepthScope(SymEvaluator& evaluator, const Span& span) : evaluator_(evaluator) {
      const std::size_t depth = ++evaluator.depth_;
      constexpr std::size_t kOpenDepthMax = 200;  // of a recursion whose end depends on unknowns
      const bool is_open = depth > kOpenDepthMax && !evaluator.pool_->is_constant(evaluator.Path());
      if (depth <= evaluator.options_.limits.depth_max && !is_open) return;
      --evaluator.depth_;
      if (is_open) evaluator.GiveUp("a recursion whose end depends on unknowns", span);
      evaluator.Fail(ErrorKind::kDepth, "operators are applied too deep", span);
    }
    ~DepthScope() { --evaluator_.depth_; }
    DepthScope(const DepthScope&) = delete;
    DepthScope& operator=(const DepthScope&) = delete;

   private:
    SymEvaluator& evaluator_;
  };

  Term TrailCondition(const Trail& trail);
  std::optional<bool> FindDecision(Term term) const;
  bool AddDecision(Term term);
  static bool Advance(Trail& trail);
  std::vector<Case> MergeClasses(std::vector<Case> cases);

  SymValue EvalPlain(NodeId id, const Node& node);
  SymValue EvalName(NodeId id, const Node& node);
  SymValue EvalMemo(NodeId id, const Node& node);
  SymValue EvalOnce(const Node& node);
  SymValue EvalCall(NodeId id, const Node& node);
  SymValue EvalConstant(const Node& node);
  SymValue EvalStepTruth(NodeId id, const Node& node);
  SymValue LiteralValue(std::uint32_t index) const;
  SymValue Lift(NodeId id, SymValue value);
  bool IsPlaceOfState(NodeId id) const;

  // --- sym_logic.cpp
  SymValue EvalLogic(NodeId id, const Node& node);
  SymValue EvalIf(NodeId id, const Node& node);
  SymValue EvalCase(NodeId id, const Node& node);
  SymValue EvalQuantifier(NodeId id, const Node& node);
  SymValue EvalUnordered(const Node& node, const std::vector<Member>& members);
  Term IsBefore(const SymValue& a, const SymValue& b);
  SymValue EvalChoose(NodeId id, const Node& node);
  using BindingVisitor = std::function<bool(Term guard)>;  // false: stop
  bool ForEachBinding(const Node& node, std::size_t binder, Term guard, const BindingVisitor& visit);
  void AddCase(std::vector<Case>& cases, Term when, NodeId body, std::optional<Failure>& failure);

  // --- sym_arithmetic.cpp
  SymValue EvalArithmetic(NodeId id, const Node& node);
  SymValue ArithmeticOn(Opcode op, Term a, Term b, const Span& span);
  SymValue PowerOf(Term a, Term b, const Span& span);

  // --- sym_compare.cpp
  Term EqualFunctions(const SymValue& a, const SymValue& b, const Span& span, bool is_strict);
  Term EqualSets(const SymValue& a, const SymValue& b, const Span& span, bool is_strict);
  Term EqualElements(const SymValue& a, const SymValue& b, const Span& span, bool is_strict);
  Term Refuse(const SymValue& a, const SymValue& b, const Span& span, bool is_strict);
  Term InListed(const SymValue& element, const SymValue& set, const Span& span);
  Term InDescribed(const SymValue& element, const SymValue& set, const Span& span);
  Term InStructured(const SymValue& element, const SymParts& parts, const Span& span);
  Term InProduct(const SymValue& element, const SymParts& parts, const Span& span);

  // --- sym_set.cpp
  SymValue EvalSet(NodeId id, const Node& node);
  SymValue EvalSetOperation(NodeId id, const Node& node);
  SymValue EvalFilter(NodeId id, const Node& node);
  SymValue EvalSetMap(NodeId id, const Node& node);
  SymValue Described(Opcode op, std::vector<SymValue> parts);
  SymValue SetOf(std::vector<Member> members, const Span& span);
  SymValue DescribedUnion(const Node& sets, const Span& span);
  std::vector<Member> ListDescribed(const SymParts& parts, const Span& span);
  std::vector<Member> ListSubsets(const std::vector<Member>& base, const Span& span);
  std::vector<Member> ListProduct(const SymParts& parts, const Span& span);
  SymValue Cardinality(const SymValue& set, const Span& span);
  void CheckSize(std::size_t size, const Span& span) const;
  SymValue ExpectSet(SymValue value, const Span& span);
  std::vector<Member> OnlyPossible(std::vector<Member> members) const;
  Term RuleHolds(const SymParts& parts, const SymValue& element);

  // --- sym_unknown.cpp
  std::vector<Case> UnknownOfListed(const SymValue& set, const std::string& name, const Span& span);
  std::vector<Case> UnknownOfDescribed(const SymValue& set, const std::string& name, const Span& span);
  std::vector<Case> UnknownProduct(const std::vector<SymValue>& sets, const Value& domain, const std::string& name,
                                   const Span& span);
  Term UnknownInt(const std::string& name);

  // --- sym_function.cpp
  SymValue EvalFunction(NodeId id, const Node& node);
  SymValue EvalExcept(NodeId id, const Node& node);
  SymValue UpdateAt(const SymValue& base, const program::Update& update, const std::vector<SymValue>& path,
                    std::size_t step);
  SymValue ApplyAt(const SymValue& function, const SymValue& argument, const Span& span);
  SymValue ApplyRule(const SymValue& rule, const SymValue& argument, const Span& span);
  SymValue RuleDomain(const SymValue& rule);
  SymValue ForceRule(const SymValue& rule, const Span& span);
  SymValue EvalRecord(const Node& node);
  std::vector<Value> Definite(const std::vector<Member>& members, const Span& span);
  static std::size_t KeyIndex(const Value& domain, const Value& key, bool* is_found);

  // --- sym_sequence.cpp
  SymValue EvalSequence(NodeId id, const Node& node);
  SymValue ExpectSequence(const SymValue& value, const char* op, const Span& span);
  SymValue SubSequence(const SymValue& sequence, Term from, Term to, const Span& span);
  SymValue SequenceOn(Opcode op, const SymValue& first, const SymValue& second, Term from, Term to, const Span& span);
  SymValue SelectSequence(const SymValue& sequence, NodeId test, const Span& span);
  SymValue SequenceOf(std::vector<SymValue> items);
  SymValue EvalModule(NodeId id, const Node& node);
  SymValue MergeFunctions(const SymValue& left, const SymValue& right, const Span& span);
  SymValue CallLambda(NodeId lambda, const std::vector<SymValue>& args);
  SymValue SortSequence(const SymValue& sequence, NodeId order, const Span& span);

  const program::Program& program_;
  eval::ConstantValues constants_;
  SymOptions options_;
  SolverCounts& counts_;
  std::shared_ptr<const Code> code_;
  std::unique_ptr<TermPool> pool_;
  std::unique_ptr<Solver> pruner_;  // of the present pool; made when first needed
  const State* state_ = nullptr;
  std::vector<std::optional<SymValue>> variables_;  // with unknown parts; else the state's
  std::vector<std::optional<SymValue>> next_;
  std::shared_ptr<Frame> frame_;
  std::vector<ErrorCase> errors_;
  std::vector<Term> constraints_;
  std::map<std::uint32_t, SymValue> known_constants_;  // by ConstantId
  std::map<std::uint32_t, SymValue> known_once_;       // of the present code, kept while concrete
  // What functions given by a rule were found to be, while that is concrete; by rule, kept alive.
  struct ValueLess {
    bool operator()(const Value& a, const Value& b) const { return eval::Compare(a, b) < 0; }
  };
  struct KnownApplications {
    SymValue rule;
    std::map<Value, SymValue, ValueLess> values;
  };
  std::map<const SymParts*, KnownApplications> known_applications_;
  std::map<std::pair<NodeId, std::int64_t>, Term> lifted_;
  std::map<NodeId, bool> is_place_;
  // The path: what Join's callers decided, the guards around, the decisions of this Join.
  Term entry_;
  Term guard_;
  Trail* trail_ = nullptr;
  std::vector<Trail*> trails_;
  std::size_t open_decisions_ = 0;
  std::size_t pruned_count_ = 0;
  std::size_t depth_ = 0;
  bool was_cut_ = false;  // a longer unknown sequence was left out
};

}  // namespace kelpie::symbolic
