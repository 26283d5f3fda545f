// Expressions that are not names: logic, sets, functions, steps.
#include <algorithm>
#include <numeric>
#include <utility>

#include "checker/program/compiler.h"

namespace kelpie::program {

NodeId Compiler::CompileExpr(ExprId id, const Scope* scope, Mode mode) {
  const NodeId node = CompileUncounted(id, scope, mode);
  return limits_.with_counts && is_counted_[id.index] ? Emit(Opcode::kCount, id, node, id.index) : node;
}

NodeId Compiler::CompileUncounted(ExprId id, const Scope* scope, Mode mode) {
  const Expr& e = program_.expr(id);
  const NestingGuard guard(depth_, limits_.depth_max, e.span);
  const bool is_leaf = e.kind == ExprKind::kBool || e.kind == ExprKind::kInt || e.kind == ExprKind::kString ||
                       (e.kind == ExprKind::kConstant && e.operands.empty());
  // A definition without parameters is remembered for all its uses, by its body.
  const bool is_name =
      e.kind == ExprKind::kApply && e.operands.empty() && !program_.let_of.contains(e.definition.index);
  // A part of what is remembered need not be remembered itself, except where the whole is a described set, which
  // is never made: its parts that have to be listed are.
  const bool is_listed = e.kind == ExprKind::kSetMap || e.kind == ExprKind::kSetFilter;
  const bool is_part = is_in_once_ && !is_listed;
  if (is_part || is_leaf || is_name || !facts_.IsFixed(id)) return CompileKind(id, e, scope, mode);
  const bool saved_once = std::exchange(is_in_once_, true);
  const NodeId value = CompileKind(id, e, scope, Mode::kStep);
  is_in_once_ = saved_once;
  const Opcode op = node(value).op;
  if (op == Opcode::kOnce || op == Opcode::kLiteral || op == Opcode::kConstant) return value;
  code_.once_count = std::max(code_.once_count, id.index + 1);
  return Emit(Opcode::kOnce, id, id.index, value);
}

Compiler::Nodes Compiler::CompileAll(const std::vector<ExprId>& ids, const Scope* scope, Mode mode) {
  Nodes nodes;
  nodes.reserve(ids.size());
  for (const ExprId id : ids) nodes.push_back(CompileExpr(id, scope, mode));
  return nodes;
}

NodeId Compiler::CompileKind(ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  switch (e.kind) {
    case ExprKind::kBool: return EmitLiteral(id, {.kind = Literal::Kind::kBool, .integer = e.integer});
    case ExprKind::kInt:
      if (!e.text.empty()) return EmitError(id, "the number " + e.text + " does not fit 64 bits");
      return EmitLiteral(id, {.kind = Literal::Kind::kInt, .integer = e.integer});
    case ExprKind::kString: return EmitLiteral(id, {.kind = Literal::Kind::kString, .text = e.text});
    case ExprKind::kVariable:
      return Emit(IsStepMode(mode) ? Opcode::kVariable : Opcode::kNextVariable, id, e.variable.index);
    case ExprKind::kConstant:
    case ExprKind::kLocal:
    case ExprKind::kAt:
    case ExprKind::kApply:
    case ExprKind::kApplyLocal:
    case ExprKind::kLet: return CompileName(id, e, scope, mode);
    case ExprKind::kBuiltin:
      return CompileBuiltin(e.builtin, e.is_instanced, id, Arguments(e.operands, scope, mode), mode);
    case ExprKind::kLabel: return CompileExpr(e.operands[0], scope, mode);
    case ExprKind::kAnd: return CompileLogicList(Opcode::kAnd, id, e, scope, mode);
    case ExprKind::kOr: return CompileLogicList(Opcode::kOr, id, e, scope, mode);
    case ExprKind::kIf: {
      const NodeId condition = CompileExpr(e.operands[0], scope, mode);
      const NodeId yes = CompileExpr(e.operands[1], scope, mode);
      return Emit(Opcode::kIf, id, condition, yes, CompileExpr(e.operands[2], scope, mode));
    }
    case ExprKind::kCase: return CompileCase(id, e, scope, mode);
    case ExprKind::kForAll: return CompileBound(Opcode::kForAll, id, e, scope, mode);
    case ExprKind::kExists: return CompileBound(Opcode::kExists, id, e, scope, mode);
    case ExprKind::kChoose: return CompileBound(Opcode::kChoose, id, e, scope, mode);
    default: return CompileCollection(id, e, scope, mode);
  }
}

NodeId Compiler::CompileCollection(ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  switch (e.kind) {
    case ExprKind::kSetEnumeration: return EmitList(Opcode::kSetEnumeration, id, CompileAll(e.operands, scope, mode));
    case ExprKind::kSetFilter: return CompileBound(Opcode::kSetFilter, id, e, scope, mode);
    case ExprKind::kSetMap: return CompileBound(Opcode::kSetMap, id, e, scope, mode);
    case ExprKind::kFunction:
    case ExprKind::kRecursiveFunction: return CompileFunction(id, e, scope, mode);
    case ExprKind::kFunctionSet: {
      const NodeId domain = CompileExpr(e.operands[0], scope, mode);
      return Emit(Opcode::kFunctionSet, id, domain, CompileExpr(e.operands[1], scope, mode));
    }
    case ExprKind::kFunctionApply: {
      // A function of all naturals is no value; applied to one it has one.
      const Expr& applied = program_.expr(e.operands[0]);
      if (applied.kind == ExprKind::kBuiltin && applied.builtin == Builtin::kFactorial &&
          program_.Replaces(Builtin::kFactorial, false) == nullptr) {
        code_.builtins.push_back(Builtin::kFactorial);
        const auto index = static_cast<std::uint32_t>(code_.builtins.size() - 1);
        return EmitList(Opcode::kModuleOperator, id, {CompileExpr(e.operands[1], scope, mode)}, index);
      }
      const NodeId function = CompileExpr(e.operands[0], scope, mode);
      return Emit(Opcode::kApply, id, function, CompileExpr(e.operands[1], scope, mode));
    }
    case ExprKind::kField: {
      const NodeId record = CompileExpr(e.operands[0], scope, mode);
      return Emit(Opcode::kApply, id, record, EmitLiteral(id, {.kind = Literal::Kind::kString, .text = e.text}));
    }
    case ExprKind::kExcept: return CompileExcept(id, e, scope, mode);
    case ExprKind::kRecord: return CompileRecord(Opcode::kRecord, id, e, scope, mode);
    case ExprKind::kRecordSet: return CompileRecord(Opcode::kRecordSet, id, e, scope, mode);
    case ExprKind::kTuple: return EmitList(Opcode::kTuple, id, CompileAll(e.operands, scope, mode));
    case ExprKind::kCross: return EmitList(Opcode::kCross, id, CompileAll(e.operands, scope, mode));
    default: return CompileStep(id, e, scope, mode);
  }
}

NodeId Compiler::CompileStep(ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  switch (e.kind) {
    case ExprKind::kPrime: return CompileExpr(e.operands[0], scope, PrimedMode(mode));
    case ExprKind::kUnchanged: return CompileUnchanged(id, e.operands[0], scope, mode);
    case ExprKind::kEnabled:
      // Under a prime it is about the next state, which then takes the part of the present one.
      return Emit(Opcode::kEnabled, id, CompileExpr(e.operands[0], scope, EnabledMode()), IsStepMode(mode) ? 0 : 1);
    case ExprKind::kSquareAction:
    case ExprKind::kAngleAction: {
      const NodeId action = CompileExpr(e.operands[0], scope, mode);
      const NodeId same = CompileUnchanged(id, e.operands[1], scope, mode);
      return Emit(e.kind == ExprKind::kSquareAction ? Opcode::kSquare : Opcode::kAngle, id, action, same);
    }
    case ExprKind::kCompose: return CompileCompose(id, e, scope, mode);
    case ExprKind::kAlways: return Emit(Opcode::kAlways, id, CompileExpr(e.operands[0], scope, mode));
    case ExprKind::kEventually: return Emit(Opcode::kEventually, id, CompileExpr(e.operands[0], scope, mode));
    case ExprKind::kLeadsTo: {
      const NodeId cause = CompileExpr(e.operands[0], scope, mode);
      return Emit(Opcode::kLeadsTo, id, cause, CompileExpr(e.operands[1], scope, mode));
    }
    case ExprKind::kWeakFairness:
    case ExprKind::kStrongFairness: {
      const auto angle = [&](Mode in) {
        const NodeId action = CompileExpr(e.operands[1], scope, in);
        return Emit(Opcode::kAngle, id, action, CompileUnchanged(id, e.operands[0], scope, in));
      };
      const NodeId taken = angle(Mode::kStep);
      const NodeId enabled = Emit(Opcode::kEnabled, id, EnabledMode() == Mode::kStep ? taken : angle(EnabledMode()));
      const Opcode op = e.kind == ExprKind::kWeakFairness ? Opcode::kWeakFairness : Opcode::kStrongFairness;
      return Emit(op, id, taken, enabled);
    }
    case ExprKind::kLambda:
    case ExprKind::kOperatorRef:
    case ExprKind::kBuiltinRef: return EmitError(id, "an operator is used as a value");
    case ExprKind::kDecimal: return EmitError(id, "a decimal number is no value; of the reals, only integers are");
    default: return EmitError(id, "this formula has no value in a state or a step");
  }
}

// A \cdot B. What is remembered around it is a value of the state before, and has to be found anew in the one between.
NodeId Compiler::CompileCompose(ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  if (!IsStepMode(mode)) return EmitError(id, "an action cannot be primed");
  const NodeId first = CompileExpr(e.operands[0], scope, mode);
  const NodeId second = CompileExpr(e.operands[1], scope, mode);
  Nodes slots;
  for (const Scope* at = scope; at != nullptr; at = at->outer) {
    if (at->kind == BindingKind::kMemo) slots.push_back(at->slot);
    for (const SlotId slot : at->let_slots) {
      if (slot != kNoNode) slots.push_back(slot);
    }
  }
  const auto begin = static_cast<std::uint32_t>(code_.lists.size());
  code_.lists.insert(code_.lists.end(), slots.begin(), slots.end());
  const NodeId made = Emit(Opcode::kCompose, id, first, second);
  code_.nodes[made].list = begin;
  code_.nodes[made].list_size = static_cast<std::uint32_t>(slots.size());
  return made;
}

NodeId Compiler::CompileLogicList(Opcode op, ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  std::uint32_t named = kNoNode;
  for (std::size_t i = 0; op == Opcode::kAnd && i < e.operands.size(); ++i) {
    if (IsNamedOperand(program_, e, i)) named = static_cast<std::uint32_t>(i);
  }
  return EmitList(op, id, CompileAll(e.operands, scope, mode), 0, named);
}

NodeId Compiler::CompileCase(ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  Nodes arms;
  NodeId other = kNoNode;
  for (const auto& arm : e.arms) {
    if (!arm.guard.is_valid()) {
      other = CompileExpr(arm.value, scope, mode);
      continue;
    }
    arms.push_back(CompileExpr(arm.guard, scope, mode));
    arms.push_back(CompileExpr(arm.value, scope, mode));
  }
  return EmitList(Opcode::kCase, id, arms, other);
}

// Fields in the order of their names' text: the order of the record's DOMAIN.
NodeId Compiler::CompileRecord(Opcode op, ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  std::vector<std::size_t> order(e.fields.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return e.fields[a] < e.fields[b]; });
  const Nodes values = CompileAll(e.operands, scope, mode);
  Nodes sorted;
  std::vector<std::string> names;
  for (const std::size_t i : order) {
    sorted.push_back(values[i]);
    names.push_back(e.fields[i]);
  }
  return EmitList(op, id, sorted, AddFieldNames(names));
}

NodeId Compiler::CompileExcept(ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  const NodeId function = CompileExpr(e.operands[0], scope, mode);
  std::vector<Update> updates;
  for (const auto& update : e.updates) {
    Update made{.at = NewSlot(), .span = update.span};
    for (const ExprId step : update.path) made.path.push_back(CompileExpr(step, scope, mode));
    Scope& at = Push(scope, BindingKind::kSlot, update.at_local);
    at.slot = made.at;
    made.value = CompileExpr(update.value, &at, mode);
    updates.push_back(std::move(made));
  }
  const auto first = static_cast<std::uint32_t>(code_.updates.size());
  const auto count = static_cast<std::uint32_t>(updates.size());
  for (Update& update : updates) code_.updates.push_back(std::move(update));
  return Emit(Opcode::kExcept, id, function, first, count);
}

// Does the value of a node depend on what a slot holds? Units may inherit it.
bool Compiler::ReadsSlot(NodeId id, SlotId slot) const {
  const Node& self = node(id);
  if (self.op == Opcode::kCall || self.op == Opcode::kRecursiveFunction) return true;
  if (self.op == Opcode::kLocal) return self.a == slot;
  bool reads = false;
  ForEachChild(code_, self, [&](NodeId child) { reads = reads || ReadsSlot(child, slot); });
  return reads;
}

// Of \A ..., y \in S : P /\ Q(y) => R(y) and of \E ..., y \in S : P /\ Q(y), the P that is tested first
// for every y and is the same for all.
NodeId Compiler::TestedOnce(Opcode op, NodeId body, const Binder& last) const {
  if (last.is_tuple || last.set == kNoNode || node(body).is_step()) return kNoNode;
  NodeId test = body;
  if (op == Opcode::kForAll) {
    if (node(test).op != Opcode::kImplies) return kNoNode;
    test = node(test).a;
  }
  if (node(test).op == Opcode::kAnd) {
    test = code_.lists[node(test).list];
  } else if (op == Opcode::kExists) {
    return kNoNode;
  }
  return ReadsSlot(test, last.slots.back()) ? kNoNode : test;
}

// With what it needs at hand: the slots it uses and the test that is the same for all values.
NodeId Compiler::EmitQuantifier(Opcode op, ExprId id, NodeId body, std::vector<Binder> binders, SlotId first_slot) {
  const SlotId last_slot = code_.units[unit_].frame_size;
  const auto emit = [&](NodeId inner, std::vector<Binder> bound, NodeId test) {
    const NodeId made = EmitBound(op, id, inner, std::move(bound));
    code_.nodes[made].list = static_cast<std::uint32_t>(code_.lists.size());
    code_.nodes[made].list_size = 3;
    code_.lists.insert(code_.lists.end(), {first_slot, last_slot, test});
    return made;
  };
  const NodeId test = TestedOnce(op, body, binders.back());
  if (test == kNoNode) return emit(body, std::move(binders), kNoNode);
  // The last variable gets a quantifier of its own.
  Binder last = binders.back();
  last.slots = {last.slots.back()};
  last.locals = {last.locals.back()};
  binders.back().slots.pop_back();
  binders.back().locals.pop_back();
  if (binders.back().slots.empty()) binders.pop_back();
  const NodeId inner = emit(body, {std::move(last)}, test);
  return binders.empty() ? inner : emit(inner, std::move(binders), kNoNode);
}

NodeId Compiler::CompileBound(Opcode op, ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  std::vector<Binder> binders;
  const Scope* inner = scope;
  const std::uint32_t first_slot = code_.units[unit_].frame_size;
  for (const auto& bound : e.bounds) {
    Binder binder{.set = bound.set.is_valid() ? CompileExpr(bound.set, scope, mode) : kNoNode,
                  .is_tuple = bound.is_tuple,
                  .span = bound.span};
    for (const LocalId local : bound.locals) {
      Scope& binding = Push(inner, BindingKind::kSlot, local);
      binding.slot = NewSlot();
      binder.slots.push_back(binding.slot);
      binder.locals.push_back(local);
      inner = &binding;
    }
    binders.push_back(std::move(binder));
  }
  const NodeId body = CompileExpr(e.operands[0], inner, mode);
  if (op == Opcode::kForAll || op == Opcode::kExists)
    return EmitQuantifier(op, id, body, std::move(binders), first_slot);
  return EmitBound(op, id, body, std::move(binders));
}

// A recursive function has a slot for itself, where its rule finds it.
NodeId Compiler::CompileFunction(ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  const bool is_recursive = e.kind == ExprKind::kRecursiveFunction;
  SlotId self_slot = kNoNode;
  if (is_recursive) {
    Scope& self = Push(scope, BindingKind::kSlot, e.local);
    self.slot = self_slot = NewSlot();
    const Facts& facts = facts_.Of(id);
    self.is_self = true;
    self.is_step = facts.reads_next || (mode == Mode::kInit && facts.reads_state);
    scope = &self;
  }
  const NodeId function =
      CompileBound(is_recursive ? Opcode::kRecursiveFunction : Opcode::kFunction, id, e, scope, mode);
  const auto first = static_cast<std::uint32_t>(code_.lists.size());
  code_.lists.push_back(self_slot);
  code_.nodes[function].list = first;
  code_.nodes[function].list_size = 1;
  return function;
}

}  // namespace kelpie::program
