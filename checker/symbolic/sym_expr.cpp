// Names, memory, calls; which file gives an opcode its meaning.
#include <algorithm>

#include "checker/symbolic/sym_evaluator.h"

namespace kelpie::symbolic {

using program::Literal;
using program::Unit;

SymEvaluator::SymEvaluator(const program::Program& program, const eval::ConstantValues& constants, SymOptions options,
                           SolverCounts& counts)
    : program_(program), constants_(constants), options_(options), counts_(counts) {
  Begin(nullptr, nullptr);
}

void SymEvaluator::Begin(std::shared_ptr<const Code> code, const State* state) {
  if (code != code_) {
    known_once_.clear();
    known_constants_.clear();
    is_place_.clear();
  }
  code_ = std::move(code);
  pruner_.reset();
  pool_ = std::make_unique<TermPool>();
  state_ = state;
  variables_.assign(program_.spec->variables.size(), std::nullopt);
  next_.assign(program_.spec->variables.size(), std::nullopt);
  frame_ = std::make_shared<Frame>();
  if (code_) frame_->slots.resize(code_->units[0].frame_size);
  errors_.clear();
  constraints_.clear();
  known_applications_.clear();
  lifted_.clear();
  entry_ = pool_->True();
  guard_ = pool_->True();
  trail_ = nullptr;
  trails_.clear();
  open_decisions_ = 0;
  pruned_count_ = 0;
  depth_ = 0;
  was_cut_ = false;
}

void SymEvaluator::SetVariable(std::uint32_t slot, SymValue value) { variables_[slot] = std::move(value); }

SymValue SymEvaluator::StateValue(std::uint32_t slot, const Span& span) const {
  if (variables_[slot]) return *variables_[slot];
  if (state_ == nullptr) Fail(ErrorKind::kUnsupported, "a variable is read where there is no state", span);
  return (*state_)[slot];
}

SymValue SymEvaluator::Eval(NodeId id) {
  const Node& node = code_->node(id);
  switch (node.op) {
    case Opcode::kAnd:
    case Opcode::kOr:
    case Opcode::kNot:
    case Opcode::kImplies:
    case Opcode::kEquivalent: return EvalLogic(id, node);
    case Opcode::kIf: return EvalIf(id, node);
    case Opcode::kCase: return EvalCase(id, node);
    case Opcode::kForAll:
    case Opcode::kExists: return EvalQuantifier(id, node);
    case Opcode::kChoose: return EvalChoose(id, node);
    case Opcode::kEqual:
    case Opcode::kNotEqual: {
      const SymValue a = EvalForced(node.a);
      const Term equal = Equals(a, EvalForced(node.b), SpanOf(id));
      return SymValue::Bool(*pool_, node.op == Opcode::kEqual ? equal : pool_->Not(equal));
    }
    case Opcode::kIn:
    case Opcode::kNotIn: {
      const SymValue element = EvalForced(node.a);
      const Term in = In(element, Eval(node.b), SpanOf(id));
      return SymValue::Bool(*pool_, node.op == Opcode::kIn ? in : pool_->Not(in));
    }
    case Opcode::kSubsetEq: {
      const SymValue a = Eval(node.a);
      return SymValue::Bool(*pool_, Subset(a, Eval(node.b), SpanOf(id)));
    }
    case Opcode::kLess:
    case Opcode::kLessEqual:
    case Opcode::kGreater:
    case Opcode::kGreaterEqual:
    case Opcode::kPlus:
    case Opcode::kMinus:
    case Opcode::kNegate:
    case Opcode::kTimes:
    case Opcode::kPower:
    case Opcode::kDiv:
    case Opcode::kMod: return EvalArithmetic(id, node);
    case Opcode::kLen:
    case Opcode::kHead:
    case Opcode::kTail:
    case Opcode::kAppend:
    case Opcode::kConcat:
    case Opcode::kSubSeq:
    case Opcode::kSelectSeq: return EvalSequence(id, node);
    case Opcode::kModuleOperator: return EvalModule(id, node);
    default: return EvalPlain(id, node);
  }
}

SymValue SymEvaluator::EvalPlain(NodeId id, const Node& node) {
  switch (node.op) {
    case Opcode::kFunction:
    case Opcode::kRecursiveFunction: return EvalFunction(id, node);
    case Opcode::kApply: {
      const SymValue function = Eval(node.a);
      return Lift(id, Apply(function, EvalForced(node.b), SpanOf(id)));
    }
    case Opcode::kExcept: return EvalExcept(id, node);
    case Opcode::kRecord: return EvalRecord(node);
    case Opcode::kTuple: {
      std::vector<SymValue> items;
      for (const NodeId item : code_->list(node)) items.push_back(EvalForced(item));
      return SequenceOf(std::move(items));
    }
    case Opcode::kAssign:
    case Opcode::kAssignIn:
    case Opcode::kAssignSubset:
    case Opcode::kUnchanged:
    case Opcode::kUnchangedValue:
    case Opcode::kEnabled:
    case Opcode::kSquare:
    case Opcode::kAngle: return EvalStepTruth(id, node);
    case Opcode::kLiteral:
    case Opcode::kConstant:
    case Opcode::kVariable:
    case Opcode::kNextVariable:
    case Opcode::kLocal:
    case Opcode::kMemo:
    case Opcode::kOnce:
    case Opcode::kInline:
    case Opcode::kCall:
    case Opcode::kLambda:
    case Opcode::kError: return EvalName(id, node);
    default: return EvalSet(id, node);
  }
}

SymValue SymEvaluator::LiteralValue(std::uint32_t index) const {
  const Literal& literal = code_->literals[index];
  switch (literal.kind) {
    case Literal::Kind::kBool: return Value::Bool(literal.integer != 0);
    case Literal::Kind::kInt: return Value::Int(literal.integer);
    case Literal::Kind::kString: return Value::String(literal.text);
    case Literal::Kind::kModelValue: return Value::ModelValue(literal.text);
  }
  return Value();
}

SymValue SymEvaluator::EvalName(NodeId id, const Node& node) {
  switch (node.op) {
    case Opcode::kLiteral: return LiteralValue(node.a);
    case Opcode::kConstant: return EvalConstant(node);
    case Opcode::kVariable: return Lift(id, StateValue(node.a, SpanOf(id)));
    case Opcode::kNextVariable:
      if (!next_[node.a]) {
        Fail(ErrorKind::kUnassigned,
             "the variable " + program_.spec->variables[node.a].name + "' is read before it has a value", SpanOf(id));
      }
      return *next_[node.a];
    case Opcode::kLocal:
      if (!frame_->slots[node.a].value) GiveUp("a name that has no value here", SpanOf(id));
      return *frame_->slots[node.a].value;
    case Opcode::kMemo: return EvalMemo(id, node);
    case Opcode::kOnce: return EvalOnce(node);
    case Opcode::kInline: {
      for (const auto slot : code_->calls[node.b].memo_slots) frame_->slots[slot].value.reset();
      return Eval(node.a);
    }
    case Opcode::kCall: return EvalCall(id, node);
    case Opcode::kError: Fail(ErrorKind::kUnsupported, code_->messages[node.a], SpanOf(id));
    default: Fail(ErrorKind::kUnsupported, "an operator is used as a value", SpanOf(id));
  }
}

// What was computed is remembered unless it depends on the way that led here: on decisions, or on
// what the solver ruled out because of them. Errors must be met again wherever it is used.
SymValue SymEvaluator::EvalMemo(NodeId, const Node& node) {
  std::optional<SymValue>& known = frame_->slots[node.a].value;
  if (known) return *known;
  const std::size_t errors_before = errors_.size();
  const std::size_t pruned_before = pruned_count_;
  SymValue value = Eval(node.b);
  const bool is_settled = open_decisions_ == 0 && errors_.size() == errors_before && pruned_count_ == pruned_before;
  if (is_settled) frame_->slots[node.a].value = value;
  return value;
}

SymValue SymEvaluator::EvalOnce(const Node& node) {
  if (const auto known = known_once_.find(node.a); known != known_once_.end()) return known->second;
  SymValue value = Eval(node.b);
  if (value.is_concrete()) known_once_.emplace(node.a, value);
  return value;
}

SymValue SymEvaluator::EvalConstant(const Node& node) {
  if (const auto given = constants_.find(node.a); given != constants_.end()) return given->second;
  if (const auto known = known_constants_.find(node.a); known != known_constants_.end()) return known->second;
  if (node.b == program::kNoNode) {
    Fail(ErrorKind::kUnsupported, "the constant " + program_.spec->constants[node.a].name + " has no value", {});
  }
  SymValue value = Eval(node.b);
  if (value.is_concrete()) known_constants_.emplace(node.a, value);
  return value;
}

SymValue SymEvaluator::EvalCall(NodeId id, const Node& node) {
  const DepthScope depth(*this, SpanOf(id));
  const Unit& unit = code_->units[node.a];
  auto callee = std::make_shared<Frame>();
  callee->slots.resize(unit.frame_size);
  for (std::uint32_t i = 0; i < unit.inherited_count && i < frame_->slots.size(); ++i)
    callee->slots[i] = frame_->slots[i];
  const auto args = code_->list(node);
  for (std::size_t i = 0; i < args.size(); ++i) callee->slots[unit.parameters[i]].value = EvalForced(args[i]);
  const std::shared_ptr<Frame> saved = frame_;
  frame_ = std::move(callee);
  try {
    SymValue value = Eval(unit.body);
    frame_ = saved;
    return value;
  } catch (...) {
    frame_ = saved;
    throw;
  }
}

// --- leaves of the state

bool SymEvaluator::IsPlaceOfState(NodeId id) const {
  while (code_->node(id).op == Opcode::kApply) id = code_->node(id).a;
  return code_->node(id).op == Opcode::kVariable;
}

// An integer or Boolean of the state, met in a formula, becomes an unknown that every query holds
// to its value, so that the solver and not this code decides about it.
SymValue SymEvaluator::Lift(NodeId id, SymValue value) {
  if (!options_.is_lifting || !value.is_concrete() || !(value.value().is_int() || value.value().is_bool()))
    return value;
  const auto place = is_place_.try_emplace(id, false);
  if (place.second) place.first->second = IsPlaceOfState(id);
  if (!place.first->second) return value;
  const std::int64_t known = value.value().is_int() ? value.value().as_int() : (value.value().as_bool() ? 1 : 0);
  const auto key = std::make_pair(id, known);
  auto lifted = lifted_.find(key);
  if (lifted == lifted_.end()) {
    const std::string name = "state" + std::to_string(id);
    const Term term = value.value().is_int() ? pool_->NewInt(name, known) : pool_->NewBool(name, known != 0);
    lifted = lifted_.emplace(key, term).first;
  }
  return value.value().is_int() ? SymValue::Int(*pool_, lifted->second) : SymValue::Bool(*pool_, lifted->second);
}

// --- scalars

Term SymEvaluator::ToBool(const SymValue& value, const Span& span) {
  switch (value.kind()) {
    case SymKind::kBool: return value.term();
    case SymKind::kConcrete:
      if (value.value().is_bool()) return pool_->Bool(value.value().as_bool());
      break;
    case SymKind::kChoice: {
      const SymValue one = Spread(value, [&](const SymValue& v) { return SymValue::Bool(*pool_, ToBool(v, span)); });
      return ToBool(one, span);
    }
    default: break;
  }
  Fail(ErrorKind::kType, "expected TRUE or FALSE, found " + ToString(*pool_, value), span);
}

Term SymEvaluator::ToInt(const SymValue& value, const Span& span) {
  switch (value.kind()) {
    case SymKind::kInt: return value.term();
    case SymKind::kConcrete:
      if (value.value().is_int()) return pool_->Int(value.value().as_int());
      break;
    case SymKind::kChoice: {
      const SymValue one = Spread(value, [&](const SymValue& v) { return SymValue::Int(*pool_, ToInt(v, span)); });
      return ToInt(one, span);
    }
    default: break;
  }
  Fail(ErrorKind::kType, "expected an integer, found " + ToString(*pool_, value), span);
}

Term SymEvaluator::EvalBool(NodeId id) { return ToBool(Eval(id), SpanOf(id)); }
Term SymEvaluator::EvalInt(NodeId id) { return ToInt(Eval(id), SpanOf(id)); }

void SymEvaluator::BindElement(const Binder& binder, const SymValue& element) {
  if (!binder.is_tuple) {
    frame_->slots[binder.slots[0]].value = element;
    return;
  }
  if (element.kind() == SymKind::kChoice) {
    // A tuple of choices: each place is spread by itself.
    for (std::size_t i = 0; i < binder.slots.size(); ++i) {
      const SymValue place = Value::Int(static_cast<std::int64_t>(i) + 1);
      frame_->slots[binder.slots[i]].value = Apply(element, place, binder.span);
    }
    return;
  }
  if (!IsSequence(element) || DomainOf(element).size() != binder.slots.size()) {
    Fail(ErrorKind::kType,
         "expected a tuple of " + std::to_string(binder.slots.size()) + ", found " + ToString(*pool_, element),
         binder.span);
  }
  const std::vector<SymValue> items = ItemsOf(element);
  for (std::size_t i = 0; i < binder.slots.size(); ++i) frame_->slots[binder.slots[i]].value = items[i];
}

// --- steps as truth values

SymValue SymEvaluator::EvalStepTruth(NodeId id, const Node& node) {
  const auto next = [&](std::uint32_t slot) -> const SymValue& {
    if (!next_[slot]) {
      Fail(ErrorKind::kUnassigned,
           "the variable " + program_.spec->variables[slot].name + "' is read before it has a value", SpanOf(id));
    }
    return *next_[slot];
  };
  switch (node.op) {
    case Opcode::kAssign: return SymValue::Bool(*pool_, Equals(next(node.a), EvalForced(node.b), SpanOf(id)));
    case Opcode::kAssignIn: return SymValue::Bool(*pool_, In(next(node.a), Eval(node.b), SpanOf(id)));
    case Opcode::kAssignSubset: return SymValue::Bool(*pool_, Subset(next(node.a), Eval(node.b), SpanOf(id)));
    case Opcode::kUnchanged:
      return SymValue::Bool(*pool_, Equals(next(node.a), StateValue(node.a, SpanOf(id)), SpanOf(id)));
    case Opcode::kUnchangedValue: {
      const SymValue before = EvalForced(node.a);
      return SymValue::Bool(*pool_, Equals(before, EvalForced(node.b), SpanOf(id)));
    }
    case Opcode::kSquare: {
      const Term same = BoolUnder(
          pool_->True(), [&] { return EvalBool(node.b); }, false);
      const Term action = BoolUnder(
          pool_->Not(same), [&] { return EvalBool(node.a); }, false);
      return SymValue::Bool(*pool_, pool_->Or(same, action));
    }
    case Opcode::kAngle: {
      const Term action = BoolUnder(
          pool_->True(), [&] { return EvalBool(node.a); }, false);
      const Term same = BoolUnder(
          action, [&] { return EvalBool(node.b); }, true);
      return SymValue::Bool(*pool_, pool_->And(action, pool_->Not(same)));
    }
    default: GiveUp("ENABLED", SpanOf(id));
  }
}

}  // namespace kelpie::symbolic
