// The evaluator's inside: what it is looking at, and the meaning of each opcode for concrete
// values. Split by topic: eval_node.cpp (dispatch), eval_logic.cpp, eval_set.cpp, eval_member.cpp,
// eval_function.cpp, eval_module.cpp, act.cpp and act_assign.cpp (successors), search.cpp (from
// beginning to end), miss.cpp (why there was none). Errors travel as EvalFailure and are caught
// where Evaluator's public calls end.
//
// Frames: slots are set before they are read (a binder binds, an application clears what it
// remembers), so a frame is not cleared between uses; what it still holds is released when
// overwritten.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "checker/eval/call_memory.h"
#include "checker/eval/compiled.h"
#include "checker/eval/evaluator.h"
#include "checker/eval/frame_stack.h"
#include "checker/eval/function_ref.h"
#include "checker/eval/reads.h"
#include "checker/eval/value_order.h"

namespace kelpie::eval {

using program::Binder;
using program::Code;
using program::kNoNode;
using program::Mode;
using program::Node;
using program::NodeId;
using program::Opcode;
using program::SlotId;
using program::UnitId;
using resolve::Builtin;
using tla::Span;

// Called at the end of a way; false stops the whole search.
using Continuation = FunctionRef<bool()>;
using ElementVisitor = FunctionRef<bool(const Value&)>;

// Values of files by operator and path, as they were when an evaluator first read them.
using FileValues = std::map<std::pair<Builtin, std::string>, Value>;

class Machine {
 public:
  Machine(const program::Program& program, ConstantValues constants, EvalOptions options);

  // --- machine.cpp
  Compiled& CompiledFor(ExprId expr, Mode mode) {
    const std::unique_ptr<Compiled>& known = compiled_[expr.index * kModeCount + static_cast<std::size_t>(mode)];
    return known != nullptr ? *known : MakeCompiled(expr, mode);
  }
  [[noreturn]] void Fail(ErrorKind kind, std::string message, NodeId at, std::string hint = {}) const;
  [[noreturn]] void FailAt(ErrorKind kind, std::string message, const Span& span, std::string hint = {}) const;
  [[nodiscard]] const Span& SpanOf(NodeId id) const { return program_.expr(nodes_[id].origin).span; }

  // --- eval_node.cpp. Eval may give a kLazy value, Finite never does.
  Value Eval(NodeId id, Value* f);
  Value Finite(NodeId id, Value* f);
  const Value& Ref(NodeId id, Value* f, Value& scratch);
  // The value of a place, when it is there already; null: it must be evaluated, or is an error.
  [[nodiscard]] const Value* Place(NodeId id, Value* f) const;
  [[nodiscard]] const Value* Leaf(Opcode op, std::uint32_t index, Value* f) const;
  [[nodiscard]] const Value* FollowPath(const Node& node, Value* f) const;
  bool Test(NodeId id, Value* f);
  std::int64_t Int(NodeId id, Value* f);

  // --- eval_set.cpp and eval_member.cpp
  bool ForEach(NodeId set, Value* f, ElementVisitor visit);
  bool ForEachDescribed(NodeId set, Value* f, ElementVisitor visit);
  bool ForEachValue(const Value& set, NodeId at, ElementVisitor visit);
  bool Contains(NodeId set, Value* f, const Value& value, NodeId at);
  bool ContainsValue(const Value& set, const Value& value, NodeId at);
  bool IsFinite(NodeId set, Value* f);
  Value Force(Value value);
  const Value& SetRef(NodeId id, Value* f, Value& scratch);
  bool EqualValues(const Value& a, const Value& b, NodeId at);
  bool ForEachBinding(std::span<const Binder> binders, Value* f, NodeId at, FunctionRef<bool()> visit);
  void Bind(const Binder& binder, std::size_t slot, const Value& element, Value* f) const;

  // --- search.cpp
  Status RunSuccessors(const State& state, const SuccessorRequest& request, const Evaluator::SuccessorVisitor& visit);
  Status RunInit(const SuccessorRequest& request, const Evaluator::StateVisitor& visit);
  Result<Value> Evaluate(ExprId expr, const State* state, const State* next);
  Result<bool> Holds(ExprId expr, const State* state, const State* next);
  Result<std::optional<std::size_t>> FirstFalse(std::span<const ExprId> exprs, const State& state, const State* known);
  Result<std::optional<std::size_t>> FirstBroken(std::span<const program::ActionProperty> properties,
                                                 const State& state, const State& next);
  Result<Value> ConstantValue(resolve::ConstantId constant);

  [[nodiscard]] std::uint64_t between_count() const { return between_count_; }

  // --- step_groups.cpp
  const std::vector<StepGroup>& StepGroups();
  Status RunGroup(std::size_t group, const State& state, const SuccessorRequest& request,
                  const Evaluator::SuccessorVisitor& visit, Reads* reads, const Value* element);

  // --- truth_counts.cpp
  [[nodiscard]] std::vector<TruthCount> TruthCounts() const;

  // --- temporal.cpp
  Result<TemporalFormula> ExpandTemporal(ExprId expr);
  Result<bool> HoldsAtom(AtomId atom, const State& state, const State* next);

 private:
  friend class Operands;
  friend class TemporalWalker;
  struct AndFrame {
    NodeId node;
    std::size_t index;
    Value* frame;
    const AndFrame* outer;
  };
  struct PassedLeaf {
    NodeId node;
    Value* frame;
  };
  // The next state while it is made.
  struct Buffer {
    State next;
    std::vector<std::uint8_t> assigned;
  };
  // A formula about a state or step, and what is bound around it.
  struct StepAtom {
    Compiled* compiled = nullptr;
    NodeId node = kNoNode;
    std::vector<Value> frame;
  };
  // A value of an operator in the present state, by its arguments.
  struct SharedValue {
    std::uint64_t generation = 0;
    DefinitionId definition;
    Value arguments[2];
    Value value;
  };
  // What is being looked at; saved and restored as a whole.
  struct Context {
    Compiled* compiled = nullptr;
    const Value* state = nullptr;
    Value* next = nullptr;
    std::uint8_t* assigned = nullptr;
    State* next_state = nullptr;
    const SuccessorRequest* request = nullptr;
    bool is_init = false;
    bool is_entered = false;
    bool is_composed = false;  // a part of A \cdot B
    NodeId action = kNoNode;
    Value* action_frame = nullptr;
    const AndFrame* and_top = nullptr;
    std::size_t depth = 0;
    std::size_t buffer_count = 0;
    std::uint64_t generation = 0;  // of the state: another one for each call from outside
    Reads* reads = nullptr;        // where reading the present state is noted, if anybody wants to know
    bool notes_changes = false;    // and what is given to the next state, which is that of the step
  };
  // Where a group stands in the code of Next.
  struct GroupPlace {
    NodeId node = kNoNode;
    std::vector<std::pair<SlotId, Value>> bindings;
    std::vector<SlotId> cleared;  // of the operators on the way
    std::vector<NodeId> inlines;  // those operators, outermost first
  };
  class Entry;
  class FrameScope;
  class CallScope;
  class ActionScope;

  static constexpr std::size_t kModeCount = 3;
  static constexpr int kSharedBits = 10;  // what falls on one place replaces the other
  Compiled& MakeCompiled(ExprId expr, Mode mode);
  Value* BeginEvaluation(Entry& entry, ExprId expr, const State* state, const State* next);
  void Enter(Compiled& compiled);
  template <typename Body>
  auto InCall(const Node& node, Value* f, const Body& evaluate);
  void AddErrorFrame(EvalError& error, const std::string& name, NodeId at) const;

  // --- eval_node.cpp and eval_logic.cpp
  [[gnu::noinline]] Value EvalOther(NodeId id, const Node& node, Value* f);
  Value EvalCollection(NodeId id, const Node& node, Value* f);
  [[gnu::noinline]] bool TestOther(NodeId id, const Node& node, Value* f);
  [[gnu::noinline]] bool TestQuantifier(NodeId id, const Node& node, Value* f);
  [[gnu::noinline]] bool TestEqual(NodeId id, const Node& node, Value* f);
  [[gnu::noinline]] bool TestIn(NodeId id, const Node& node, Value* f);
  [[gnu::noinline]] bool TestInline(NodeId id, const Node& node, Value* f);
  [[gnu::noinline]] std::int64_t IntOther(NodeId id, const Node& node, Value* f);
  bool HasDecisive(const Node& node, std::size_t index, std::size_t slot, Value* f, bool wanted);
  bool TestStep(NodeId id, const Node& node, Value* f);
  [[gnu::noinline]] bool TestCounted(const Node& node, Value* f);
  const Value& SharedRef(NodeId id, const Node& node, Value* f, Value& scratch);
  const Value& NextRef(NodeId id, const Node& node) const;
  const Value& ConstantRef(NodeId id, const Node& node, Value* f, Value& scratch);
  const Value& OnceRef(const Node& node, Value* f, Value& scratch);
  // --- eval_call.cpp
  void PassArguments(const program::Unit& unit, const Node& call, Value* f, Value* inner);
  bool IsPure(UnitId id);
  Value EvalCall(NodeId id, const Node& node, Value* f);
  Value EvalChoose(NodeId id, const Node& node, Value* f);
  NodeId CaseArm(NodeId id, const Node& node, Value* f);
  std::int64_t Arithmetic(NodeId id, const Node& node, Value* f);
  std::int64_t ArithmeticOn(Opcode op, std::int64_t a, std::int64_t b, NodeId id) const;

  // --- eval_set.cpp
  Value MakeLazy(NodeId id, Value* f);
  Value SetOf(std::vector<Value> elements, NodeId at);
  Value Listed(NodeId id, Value* f);
  Value EvalSetOperation(NodeId id, const Node& node, Value* f);
  Value EvalSetFilter(NodeId id, const Node& node, Value* f);
  Value EvalSetMap(NodeId id, const Node& node, Value* f);
  bool ForEachPart(const Node& big_union, Value* f, FunctionRef<bool(NodeId)> visit);
  Value EvalBigUnion(NodeId id, const Node& node, Value* f);
  Value EvalDomain(NodeId id, const Node& node, Value* f);
  const FixedElements& FixedElementsOf(NodeId id, Value* f);
  bool ForEachMade(NodeId id, const Node& node, Value* f, ElementVisitor visit);
  bool ForEachInterval(NodeId id, const Node& node, Value* f, ElementVisitor visit);
  bool ForEachSubset(NodeId id, NodeId of, Value* f, ElementVisitor visit);
  bool ForEachFunction(NodeId id, const Node& node, Value* f, ElementVisitor visit);
  bool ForEachProduct(NodeId id, const Node& node, Value* f, ElementVisitor visit);
  bool ForEachOfTwo(NodeId id, const Node& node, Value* f, ElementVisitor visit);
  void CheckSize(std::size_t size, NodeId at) const;

  // --- eval_member.cpp
  [[noreturn]] void FailMember(const Value& value, const char* what, NodeId at) const;
  bool InInteger(NodeId id, const Node& node, Value* f, const Value& value, NodeId at);
  bool InStructure(const Node& node, Value* f, const Value& value, NodeId at);
  bool InFunctionSet(const Node& node, Value* f, const Value& value, NodeId at);
  bool InEnumeration(NodeId id, const Node& node, Value* f, const Value& value, NodeId at);
  void Touch(NodeId id, Value* f);
  void TouchOnce(NodeId id, const Node& node, Value* f);
  bool InTwo(NodeId id, const Node& node, Value* f, const Value& value, NodeId at);
  bool InDomain(const Node& node, Value* f, const Value& value, NodeId at);
  template <typename Ask>
  auto AskLazy(const Value& lazy, const Ask& ask);

  // --- eval_function.cpp
  const Value& ApplyRef(NodeId id, const Node& node, Value* f, Value& scratch);
  const Value& ApplyTo(const Value& function, const Value& argument, NodeId at);
  Value ApplyRule(const Value& lazy, const Value& argument, NodeId at);
  Value DomainOf(std::span<const Binder> binders, Value* f, NodeId at);
  Value EvalFunction(NodeId id, const Node& node, Value* f);
  Value EvalExcept(NodeId id, const Node& node, Value* f);
  Value UpdateAt(Value base, const program::Update& update, std::size_t step, Value* f);
  Value EvalRecord(NodeId id, const Node& node, Value* f);
  void BindArgument(std::span<const Binder> binders, const Value& argument, Value* f, NodeId at) const;
  bool IsArgument(std::span<const Binder> binders, const Value& argument, Value* f, NodeId at);

  // --- eval_module.cpp and eval_tlc.cpp
  Value EvalSequence(NodeId id, const Node& node, Value* f);
  Value SequenceArgument(NodeId id, Value* f, const char* op);
  Value EvalSubSeq(NodeId id, const Node& node, Value* f);
  Value EvalModuleOperator(NodeId id, const Node& node, Value* f);
  Value CallLambda(NodeId lambda, Value* f, std::initializer_list<const Value*> args);
  Value MergeFunctions(const Value& left, const Value& right, NodeId at);
  Value Permutations(const Value& set, NodeId at);
  Value EvalExtension(NodeId id, const Node& node, Value* f);
  Value EvalBagOperator(NodeId id, const Node& node, Value* f);
  Value BagArgument(NodeId id, Value* f);
  Value SubBags(const Value& bag, NodeId at);
  bool ErrsWith(NodeId id, Value* f, const Value& text);
  Value EvalLibrary(NodeId id, const Node& node, Value* f);
  bool IsFiniteLibrarySet(const Node& node, Value* f);
  bool IsAskedLibrarySet(const Node& node) const;
  bool InLibrarySet(NodeId id, const Node& node, Value* f, const Value& value, NodeId at);
  const Value* Register(const Value& key) const;
  static bool IsRegister(const Value& key);
  Value RunningValue(const Value& key, bool is_primed, NodeId id);
  Value AllRegisters() const;
  Value TraceValue(NodeId id);
  Value RecordOf(const Value* state) const;
  Value ToolboxValue(Builtin builtin, NodeId id);
  void SetRunning(const Value& key, const Value& value, NodeId id);
  Value SortSequence(NodeId id, const Node& node, Value* f);

  // --- act.cpp
  bool Act(NodeId id, Value* f, Continuation k, bool is_named);
  bool IsSettled() const;
  bool ActAnd(NodeId id, const Node& node, std::size_t index, Value* f, Continuation k, bool is_named);
  bool ActAndFrom(NodeId id, const Node& node, std::size_t index, Value* f, Continuation k, bool is_named,
                  std::uint64_t& given);
  bool ActAndNamingMisses(NodeId id, const Node& node, std::size_t index, Value* f, Continuation k, bool is_named);
  [[gnu::noinline]] bool ActAngle(const Node& node, Value* f, Continuation k, bool is_named);
  bool ActOr(NodeId id, const Node& node, Value* f, Continuation k, bool is_named);
  bool ActExists(NodeId id, const Node& node, std::size_t binder, std::size_t slot, Value* f, Continuation k,
                 bool is_named);
  bool ActForAll(NodeId id, const Node& node, Value* f, Continuation k);
  bool ActBranch(NodeId id, NodeId taken, Value* f, Continuation k, bool is_named);
  bool ActInline(NodeId id, const Node& node, Value* f, Continuation k, bool is_named);
  bool ActCall(NodeId id, const Node& node, Value* f, Continuation k, bool is_named);
  [[gnu::noinline]] bool ActCounted(const Node& node, Value* f, Continuation k, bool is_named);
  bool CanReach(NodeId id) const;
  const Value* ClaimedBound(const Binder& binder, std::size_t slot) const;
  bool ClaimAgrees(const program::Call& call, Value* f);
  bool Enabled(const Node& node, Value* f);

  // --- act_compose.cpp
  bool ForEachBetween(const Node& node, Value* f, FunctionRef<bool(std::vector<Value>&)> visit);
  bool ActCompose(NodeId id, const Node& node, Value* f, Continuation k);
  [[gnu::noinline]] bool TestCompose(const Node& node, Value* f);

  // --- act_function.cpp
  NodeId ConstructorBehind(NodeId id) const;
  bool ActApply(NodeId id, const Node& node, Value* f, Continuation k);
  bool ActRule(NodeId constructor, const Value& argument, Value* f, const Span& at, Continuation k);

  // --- act_assign.cpp
  bool ActLeaf(NodeId id, Value* f, Continuation k);
  bool ActAssign(NodeId id, const Node& node, Value* f, Continuation k);
  bool ActAssignIn(NodeId id, const Node& node, Value* f, Continuation k);
  bool ActUnchanged(NodeId id, const Node& node, Value* f, Continuation k);
  bool Passed(NodeId id, Value* f, Continuation k);
  bool Assign(std::uint32_t slot, Value value, Continuation k);
  [[nodiscard]] bool IsPinned(std::uint32_t slot) const;
  // Does the slot's value agree with what the spec says? What cannot be compared with an observed one is different.
  bool AgreesWith(std::uint32_t slot, const Value& value, NodeId at);
  bool IsInSet(std::uint32_t slot, const Node& node, Value* f, NodeId at);
  bool InAssigned(const Node& node, Value* f, const Value& value, NodeId at);

  bool HoldsSince(const Increment& increment, const State& known, Value* f);
  bool ForAllHoldsSince(const Increment& increment, const State& known, Value* f);
  bool HoldsForKey(const Increment& increment, std::size_t level, std::size_t binder_index, std::size_t slot_index,
                   SlotId fixed, const Value& key, Value* f);

  // --- reads.cpp
  [[gnu::noinline]] const Value* FollowPathWatched(const Node& node, Value* f) const;
  [[gnu::noinline]] const Value& ApplyVariableWatched(NodeId id, const Node& node, Value* f, Value& scratch);
  [[nodiscard]] const Value* WatchedSize(NodeId id, ValueKind kind) const;
  std::optional<Value> PartThrough(NodeId function, const Value& argument, Value* f);
  Value GivenValue(std::uint32_t slot, NodeId id, Value* f);
  std::optional<Value> ChangedValue(std::uint32_t slot, NodeId id, Value* f);
  std::optional<Value> ChangedSet(std::uint32_t slot, NodeId id, const Node& node, Value* f);
  void Watch(std::uint32_t slot) const {
    if (now_.reads != nullptr) [[unlikely]]
      now_.reads->AddWhole(slot);
  }
  void NoteUnchanged(std::uint32_t slot) const {
    if (now_.reads != nullptr && now_.notes_changes) now_.reads->SetUnchanged(slot);
  }

  // --- search.cpp
  Buffer& TakeBuffer(std::size_t slot_count);
  bool SameSubscript(ExprId a, ExprId b) const;
  bool IsChanged(ExprId subscript, const State& state, const State& next);
  void BeginSearch(Buffer& buffer, const SuccessorRequest& request);
  bool Finish(const Evaluator::SuccessorVisitor& visit);
  bool FinishInit(const Evaluator::StateVisitor& visit, std::size_t conjunct);
  ActionInstance CurrentAction();

  // --- step_groups.cpp
  void PlanGroups(NodeId id, GroupPlace& place, Value* f);
  void PlanBindings(NodeId id, const Node& node, std::size_t binder, std::size_t slot, GroupPlace& place, Value* f);

  // --- temporal.cpp
  AtomId AddAtom(NodeId id, const Value* f, std::size_t frame_size);

  // --- miss.cpp
  void Miss(NodeId id, Value* f, std::optional<std::uint32_t> slot = {}, std::optional<Value> expected = {});
  void MissError(const EvalError& error);
  void AddRemaining(std::vector<ConjunctValue>& conjuncts);
  ConjunctValue Describe(NodeId id, Value* f, ConjunctValue::Truth truth);
  void CollectCauses(NodeId id, Value* f, std::vector<ConjunctValue::Cause>& causes);
  void CollectParts(NodeId id, Value* f, std::vector<ConjunctValue::Part>& parts, std::size_t depth);
  bool AddPlace(NodeId id, Value* f, std::vector<ConjunctValue::Part>& parts);

  const program::Program& program_;
  const resolve::ResolvedSpec& spec_;
  std::vector<Value> constants_;  // by ConstantId: given, or evaluated once; unset until then
  EvalOptions options_;
  std::vector<std::unique_ptr<Compiled>> compiled_;  // by ExprId and mode
  std::vector<SharedValue> shared_;
  CallMemory calls_;
  std::size_t deepest_ = 0;  // CallScope was since it was set back
  std::uint64_t generation_ = 0;
  std::uint64_t between_count_ = 0;
  std::vector<Value> once_;                      // by ExprId: values that hold for the whole run
  std::map<Value, Value, ValueLess> registers_;  // of TLCSet
  FileValues files_;
  std::vector<StepGroup> groups_;  // of Next; none: not planned yet
  std::vector<GroupPlace> group_places_;
  std::vector<StepAtom> atoms_;  // by AtomId
  struct Truths {
    bool is_known = false;  // it is in code that was compiled
    std::uint64_t evaluated = 0;
    std::uint64_t held = 0;
  };
  std::vector<Truths> truths_;  // by ExprId, with EvalOptions::counts_truths
  FrameStack frames_;
  std::vector<std::unique_ptr<Buffer>> buffers_;
  std::vector<std::uint8_t> all_assigned_;
  std::vector<PassedLeaf> passed_;
  const char* stack_base_ = nullptr;

  Context now_;
  const Node* nodes_ = nullptr;  // of now_.compiled
  const Code* code_ = nullptr;
  const Value* literals_ = nullptr;
  std::size_t frame_size_ = 0;  // of the unit being evaluated
};

}  // namespace kelpie::eval
