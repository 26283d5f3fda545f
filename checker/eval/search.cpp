// Evaluations and searches, from beginning to end.
#include "checker/eval/scopes.h"

namespace kelpie::eval {

// A buffer that no search further out is using.
Machine::Buffer& Machine::TakeBuffer(std::size_t slot_count) {
  const std::size_t index = now_.buffer_count++;
  if (index == buffers_.size()) {
    buffers_.push_back(std::make_unique<Buffer>());
  }
  Buffer& buffer = *buffers_[index];
  buffer.next.resize(slot_count);
  buffer.assigned.assign(slot_count, 0);
  return buffer;
}

void Machine::BeginSearch(Buffer& buffer, const SuccessorRequest& request) {
  now_.next = buffer.next.data();
  now_.assigned = buffer.assigned.data();
  now_.next_state = &buffer.next;
  now_.request = &request;
  passed_.clear();
  if (request.pinned == nullptr) return;
  for (std::size_t slot = 0; slot < request.pinned->size(); ++slot) {
    if (!(*request.pinned)[slot]) continue;
    buffer.next[slot] = *(*request.pinned)[slot];
    buffer.assigned[slot] = 1;
  }
}

Value* Machine::BeginEvaluation(Entry& entry, ExprId expr, const State* state, const State* next) {
  Value* f = entry.Start(CompiledFor(expr, Mode::kStep));
  if (state != nullptr) now_.state = state->data();
  if (next != nullptr) {
    // Only read: nothing assigns outside a search.
    now_.next = const_cast<Value*>(next->data());
    now_.assigned = all_assigned_.data();
  }
  return f;
}

Result<Value> Machine::Evaluate(ExprId expr, const State* state, const State* next) {
  Entry entry(*this);
  try {
    Value* f = BeginEvaluation(entry, expr, state, next);
    return Finite(code_->units[0].body, f);
  } catch (EvalFailure& failure) {
    return std::move(failure.error);
  }
}

Result<bool> Machine::Holds(ExprId expr, const State* state, const State* next) {
  Entry entry(*this);
  try {
    Value* f = BeginEvaluation(entry, expr, state, next);
    return Test(code_->units[0].body, f);
  } catch (EvalFailure& failure) {
    return std::move(failure.error);
  }
}

Result<std::optional<std::size_t>> Machine::FirstFalse(std::span<const ExprId> exprs, const State& state,
                                                       const State* known) {
  Entry entry(*this);
  try {
    for (std::size_t i = 0; i < exprs.size(); ++i) {
      Value* f = BeginEvaluation(entry, exprs[i], &state, nullptr);
      const bool holds =
          known != nullptr ? HoldsSince(now_.compiled->increment, *known, f) : Test(code_->units[0].body, f);
      if (!holds) return std::optional<std::size_t>(i);
    }
    return std::optional<std::size_t>();
  } catch (EvalFailure& failure) {
    return std::move(failure.error);
  }
}

Result<std::optional<std::size_t>> Machine::FirstBroken(std::span<const program::ActionProperty> properties,
                                                        const State& state, const State& next) {
  Entry entry(*this);
  try {
    bool is_changed = false;
    for (std::size_t i = 0; i < properties.size(); ++i) {
      const program::ActionProperty& property = properties[i];
      // Properties usually have one subscript in common: all variables.
      const bool is_known = i > 0 && SameSubscript(properties[i - 1].subscript, property.subscript);
      if (!is_known) is_changed = IsChanged(property.subscript, state, next);
      if (!is_changed) continue;
      Value* f = BeginEvaluation(entry, property.action, &state, &next);
      if (!Test(code_->units[0].body, f)) return std::optional<std::size_t>(i);
    }
    return std::optional<std::size_t>();
  } catch (EvalFailure& failure) {
    return std::move(failure.error);
  }
}

// The same expression, or the same definition applied: `_vars` of two properties.
bool Machine::SameSubscript(ExprId a, ExprId b) const {
  if (a == b) return true;
  const resolve::Expr& x = program_.expr(a);
  const resolve::Expr& y = program_.expr(b);
  return x.kind == resolve::ExprKind::kApply && y.kind == resolve::ExprKind::kApply && x.operands.empty() &&
         y.operands.empty() && x.definition == y.definition;
}

// Is the state function's value in `next` another one than in `state`?
bool Machine::IsChanged(ExprId subscript, const State& state, const State& next) {
  const resolve::Expr& e = program_.expr(subscript);
  if (e.kind == resolve::ExprKind::kTuple) {
    for (const ExprId part : e.operands) {
      if (IsChanged(part, state, next)) return true;
    }
    return false;
  }
  if (e.kind == resolve::ExprKind::kVariable) {
    const Value& before = state[e.variable.index];
    const Value& after = next[e.variable.index];
    if (before.is_same_object(after)) return false;
    const std::optional<bool> equal = Equal(before, after);
    if (!equal) {
      FailAt(ErrorKind::kIncomparable, "cannot compare " + ToString(before) + " with " + ToString(after), e.span,
             "values of different kinds are neither equal nor different in TLA+");
    }
    return !*equal;
  }
  if (e.kind == resolve::ExprKind::kApply && e.operands.empty() && !program_.overrides.contains(e.definition.index)) {
    return IsChanged(spec_.definition(e.definition).body, state, next);
  }
  const Result<Value> before = Evaluate(subscript, &state, nullptr);
  if (!before.ok()) throw EvalFailure{before.error()};
  const Result<Value> after = Evaluate(subscript, &next, nullptr);
  if (!after.ok()) throw EvalFailure{after.error()};
  const std::optional<bool> equal = Equal(before.value(), after.value());
  if (!equal) {
    FailAt(ErrorKind::kIncomparable, "cannot compare " + ToString(before.value()) + " with " + ToString(after.value()),
           e.span);
  }
  return !*equal;
}

Result<Value> Machine::ConstantValue(resolve::ConstantId constant) {
  if (!constants_[constant.index].is_unset()) return constants_[constant.index];
  const tla::Span& span = spec_.constants[constant.index].span;
  // An expression that names the constant, if the spec has one; its compiled form knows the model.
  for (std::uint32_t i = 0; i < spec_.exprs.size(); ++i) {
    const resolve::Expr& e = spec_.exprs[i];
    const bool is_it = e.kind == resolve::ExprKind::kConstant && e.constant == constant && e.operands.empty();
    if (is_it) return Evaluate(ExprId{i}, nullptr, nullptr);
  }
  return EvalError{
      ErrorKind::kUnsupported, "the constant " + spec_.constants[constant.index].name + " is not used", span, "", {}};
}

ActionInstance Machine::CurrentAction() {
  ActionInstance action;
  if (now_.action == kNoNode) return action;
  const program::Call& call = code_->calls[nodes_[now_.action].b];
  const resolve::Definition& definition = spec_.definition(call.effective);
  action.definition = call.definition;
  action.span = spec_.definition(call.definition).name_span;
  for (std::size_t i = 0; i < call.parameters.size(); ++i) {
    if (call.parameters[i] == kNoNode || nodes_[call.parameters[i]].is_step()) continue;
    try {
      action.arguments.emplace_back(definition.parameters[i].name, Finite(call.parameters[i], now_.action_frame));
    } catch (const EvalFailure&) {
      // An argument that nobody evaluated and that has no value: the action goes without it.
    }
  }
  return action;
}

bool Machine::Finish(const Evaluator::SuccessorVisitor& visit) {
  if (now_.request->claim != nullptr && !now_.is_entered) return true;
  const DefinitionId definition =
      now_.action == kNoNode ? DefinitionId{} : code_->calls[nodes_[now_.action].b].definition;
  for (std::size_t slot = 0; slot < spec_.variables.size(); ++slot) {
    if (now_.assigned[slot] != 0) continue;
    const Span span = definition.is_valid() ? spec_.definition(definition).name_span : Span{};
    const std::string name = definition.is_valid() ? spec_.definition(definition).name : "Next";
    FailAt(ErrorKind::kIncompleteState,
           name + " does not say what " + spec_.variables[slot].name + " is in the next state", span,
           "add a conjunct for " + spec_.variables[slot].name + "', or list it under UNCHANGED");
  }
  const std::function<ActionInstance()> describe = [this] { return CurrentAction(); };
  return visit(Successor(*now_.next_state, definition, describe));
}

Status Machine::RunSuccessors(const State& state, const SuccessorRequest& request,
                              const Evaluator::SuccessorVisitor& visit) {
  Entry entry(*this);
  std::vector<PassedLeaf> saved_passed = std::move(passed_);
  Status status;
  try {
    Value* f = entry.Start(CompiledFor(program_.next, Mode::kStep));
    now_.state = state.data();
    BeginSearch(TakeBuffer(spec_.variables.size()), request);
    (void)Act(
        code_->units[0].body, f, [&] { return Finish(visit); }, true);
  } catch (EvalFailure& failure) {
    MissError(failure.error);
    status = std::move(failure.error);
  }
  passed_ = std::move(saved_passed);
  return status;
}

// The conjuncts of the initial predicate have code of their own; one continues into the next.
bool Machine::FinishInit(const Evaluator::StateVisitor& visit, std::size_t conjunct) {
  if (conjunct < program_.init.size()) {
    Compiled& outer = *now_.compiled;
    const std::size_t outer_size = frame_size_;
    Compiled& compiled = CompiledFor(program_.init[conjunct], Mode::kInit);
    Enter(compiled);
    frame_size_ = compiled.frame.size();
    struct Restore {
      Machine& machine;
      Compiled& compiled;
      std::size_t size;
      ~Restore() {
        machine.Enter(compiled);
        machine.frame_size_ = size;
      }
    };
    const Restore restore{*this, outer, outer_size};
    const FrameScope frame(*this, compiled.frame.size());
    const auto rest = [&] {
      const bool goes_on = FinishInit(visit, conjunct + 1);
      Enter(compiled);
      return goes_on;
    };
    const NodeId body = code_->units[0].body;
    if (conjunct > 0 && IsSettled()) return !Test(body, frame.get()) || rest();
    return Act(body, frame.get(), rest, false);
  }
  for (std::size_t slot = 0; slot < spec_.variables.size(); ++slot) {
    if (now_.assigned[slot] != 0) continue;
    FailAt(ErrorKind::kIncompleteState,
           "the initial predicate does not give " + spec_.variables[slot].name + " a value",
           spec_.variables[slot].span);
  }
  return visit(*now_.next_state);
}

Status Machine::RunInit(const SuccessorRequest& request, const Evaluator::StateVisitor& visit) {
  if (program_.init.empty()) return std::nullopt;
  Entry entry(*this);
  std::vector<PassedLeaf> saved_passed = std::move(passed_);
  Status status;
  try {
    Enter(CompiledFor(program_.init[0], Mode::kInit));
    now_.is_init = true;
    BeginSearch(TakeBuffer(spec_.variables.size()), request);
    (void)FinishInit(visit, 0);
  } catch (EvalFailure& failure) {
    MissError(failure.error);
    status = std::move(failure.error);
  }
  passed_ = std::move(saved_passed);
  return status;
}

}  // namespace kelpie::eval
