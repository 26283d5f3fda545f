// Names: locals, constants, definitions put in place or called, LET.
#include <algorithm>

#include "checker/program/compiler.h"

namespace kelpie::program {

std::vector<Argument> Compiler::Arguments(const std::vector<ExprId>& ids, const Scope* scope, Mode mode) const {
  std::vector<Argument> arguments;
  arguments.reserve(ids.size());
  for (const ExprId id : ids) arguments.push_back({.expr = id, .scope = scope, .mode = mode});
  return arguments;
}

NodeId Compiler::CompileName(ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  switch (e.kind) {
    case ExprKind::kConstant: return CompileConstant(id, e, scope, mode);
    case ExprKind::kLet: return CompileLet(id, e, scope, mode);
    case ExprKind::kApply:
      if (mode == Mode::kEnabledNext) {
        if (const std::optional<SlotId> slot = AbstractSlot(e, mode)) return Emit(Opcode::kNextVariable, id, *slot);
      }
      return ApplyDefinition(id, e.definition, Arguments(e.operands, scope, mode), scope, mode);
    case ExprKind::kApplyLocal: {
      const Scope* binding = Find(scope, e.local);
      if (binding == nullptr)
        return EmitError(id, "the operator '" + spec_.local_names[e.local.index] + "' has no meaning here");
      return ApplyOperator(id, binding->argument, Arguments(e.operands, scope, mode), mode);
    }
    default: {
      const Scope* binding = Find(scope, e.local);
      if (binding == nullptr)
        return EmitError(id, "the name '" + spec_.local_names[e.local.index] + "' has no value here");
      return CompileBinding(*binding, id, mode);
    }
  }
}

NodeId Compiler::CompileArgument(const Argument& argument, Mode mode) {
  if (argument.node != kNoNode) return argument.node;
  // A prime around the name reaches into what the name stands for; a name met in a step keeps the
  // mode in which its argument was written.
  Mode in = IsStepMode(mode) ? argument.mode : mode;
  if (mode == Mode::kEnabled && in == Mode::kStep) in = Mode::kEnabled;
  if (mode == Mode::kEnabled && in == Mode::kNext) in = Mode::kEnabledNext;
  return CompileExpr(argument.expr, argument.scope, in);
}

NodeId Compiler::CompileBinding(const Scope& binding, ExprId id, Mode mode) {
  if (binding.kind == BindingKind::kOperator) return EmitError(id, "an operator is used as a value");
  if (binding.kind == BindingKind::kSlot) {
    const NodeId local = Emit(Opcode::kLocal, id, binding.slot);
    code_.nodes[local].flags |= kFlagName;
    if (binding.is_step) code_.nodes[local].flags |= kFlagStep;
    if (binding.is_self) code_.nodes[local].flags &= static_cast<std::uint8_t>(~kFlagSingleWay);
    return local;
  }
  const auto key = std::make_pair(unit_, mode);
  auto known = binding.compiled.find(key);
  if (known == binding.compiled.end()) {
    NodeId value = CompileArgument(binding.argument, mode);
    // Below a prime the value would be of the wrong state, unless it has only one.
    const bool is_shared = mode == binding.argument.mode || binding.argument.node != kNoNode;
    if (binding.kind == BindingKind::kMemo && is_shared) value = Emit(Opcode::kMemo, id, binding.slot, value);
    known = binding.compiled.emplace(key, value).first;
  }
  return Copy(known->second, id, kFlagName);
}

// --- constants

NodeId Compiler::CompileTerm(ExprId id, const resolve::ModelTerm& term) {
  using Kind = resolve::ModelTerm::Kind;
  switch (term.kind) {
    case Kind::kInt: return EmitLiteral(id, {.kind = Literal::Kind::kInt, .integer = term.integer});
    case Kind::kBool: return EmitLiteral(id, {.kind = Literal::Kind::kBool, .integer = term.integer});
    case Kind::kString: return EmitLiteral(id, {.kind = Literal::Kind::kString, .text = term.text});
    case Kind::kModelValue: return EmitLiteral(id, {.kind = Literal::Kind::kModelValue, .text = term.text});
    case Kind::kSet: break;
  }
  Nodes elements;
  for (const auto& element : term.elements) elements.push_back(CompileTerm(id, element));
  return EmitList(Opcode::kSetEnumeration, id, elements);
}

// CASE a = 1 /\ b = 2 -> value [] ..., with every argument evaluated once.
NodeId Compiler::CompileRows(ExprId id, std::string_view name, const std::vector<resolve::ReplacementRow>& rows,
                             const std::vector<Argument>& args, Mode mode) {
  Call call;
  Nodes given;
  for (const Argument& arg : args) {
    const SlotId slot = NewSlot();
    call.memo_slots.push_back(slot);
    given.push_back(Emit(Opcode::kMemo, id, slot, CompileArgument(arg, mode)));
  }
  Nodes arms;
  for (const resolve::ReplacementRow& row : rows) {
    Nodes equal;
    for (std::size_t i = 0; i < row.arguments.size() && i < given.size(); ++i) {
      equal.push_back(Emit(Opcode::kEqual, id, given[i], CompileTerm(id, row.arguments[i])));
    }
    arms.push_back(EmitList(Opcode::kAnd, id, equal, 0, kNoNode));
    arms.push_back(CompileTerm(id, row.value));
  }
  const NodeId other = EmitError(id, "the model file gives " + std::string(name) + " no value for these arguments");
  const NodeId body = EmitList(Opcode::kCase, id, arms, other);
  code_.calls.push_back(std::move(call));
  return Emit(Opcode::kInline, id, body, static_cast<std::uint32_t>(code_.calls.size() - 1));
}

NodeId Compiler::CompileConstant(ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  const std::string& name = spec_.constants[e.constant.index].name;
  const auto found = program_.model->constants.find(e.constant);
  const bool is_operator = !e.operands.empty();
  if (is_operator && found == program_.model->constants.end()) {
    return EmitError(id, "the operator constant " + name + " has no definition; replace it in the model file: " + name +
                             " <- SomeOperator");
  }
  const std::vector<Argument> args = Arguments(e.operands, scope, mode);
  NodeId value = kNoNode;
  if (found != program_.model->constants.end()) {
    const resolve::Replacement& replacement = found->second;
    if (replacement.term) value = CompileTerm(id, *replacement.term);
    if (!replacement.rows.empty()) value = CompileRows(id, name, replacement.rows, args, mode);
    if (replacement.builtin) value = CompileBuiltin(*replacement.builtin, false, id, args, mode);
    if (replacement.definition) value = ApplyDefinition(id, *replacement.definition, args, nullptr, mode);
  }
  // The header of a trace may give it another value, so it stays a node of its own.
  if (is_operator) return value;
  const bool is_definition = found != program_.model->constants.end() && found->second.definition.has_value();
  const bool is_fixed =
      !is_definition || facts_.IsFixed(spec_.definition(program_.Effective(*found->second.definition)).body);
  return Emit(Opcode::kConstant, id, e.constant.index, value, is_fixed ? 1 : 0);
}

// --- operators as arguments

NodeId Compiler::ApplyOperator(ExprId id, const Argument& op, const std::vector<Argument>& args, Mode mode) {
  const NestingGuard guard(depth_, limits_.depth_max, program_.expr(id).span);
  const Expr& e = program_.expr(op.expr);
  switch (e.kind) {
    case ExprKind::kLambda: {
      const Scope* inner = op.scope;
      Call call;
      std::size_t at = 0;
      for (const auto& bound : e.bounds) {
        for (const LocalId local : bound.locals) {
          if (at >= args.size()) return EmitError(id, "wrong number of arguments for a LAMBDA");
          Scope& binding = Push(inner, BindingKind::kMemo, local);
          binding.argument = args[at++];
          binding.slot = NewSlot();
          call.memo_slots.push_back(binding.slot);
          inner = &binding;
        }
      }
      const NodeId body = CompileExpr(e.operands[0], inner, mode);
      code_.calls.push_back(std::move(call));
      return Emit(Opcode::kInline, id, body, static_cast<std::uint32_t>(code_.calls.size() - 1));
    }
    case ExprKind::kOperatorRef: {
      if (e.definition.is_valid()) return ApplyDefinition(id, e.definition, args, op.scope, mode);
      const Scope* binding = Find(op.scope, e.local);
      if (binding == nullptr || binding->kind != BindingKind::kOperator)
        return EmitError(id, "an operator has no meaning here");
      return ApplyOperator(id, binding->argument, args, mode);
    }
    case ExprKind::kBuiltinRef: return CompileBuiltin(e.builtin, e.is_instanced, id, args, mode);
    case ExprKind::kApply: return ApplyDefinition(id, e.definition, args, op.scope, mode);
    default: return EmitError(id, "expected an operator");
  }
}

// --- definitions

bool Compiler::MustCall(DefinitionId effective, const std::vector<Argument>& args) {
  const resolve::Definition& definition = spec_.definition(effective);
  const bool is_function = program_.expr(definition.body).kind == ExprKind::kRecursiveFunction;
  if (definition.is_recursive && !is_function) return true;
  // A recursive function at the top gets a small frame of its own.
  if (is_function && args.empty() && !program_.let_of.contains(effective.index)) return true;
  const Facts& facts = facts_.OfDefinition(effective);
  const bool has_operators = std::any_of(definition.parameters.begin(), definition.parameters.end(),
                                         [](const auto& parameter) { return parameter.arity > 0; });
  return facts.size > limits_.inline_size_max && !facts.reads_next && !has_operators && !args.empty() &&
         !program_.let_of.contains(effective.index);
}

NodeId Compiler::ApplyDefinition(ExprId id, DefinitionId named, const std::vector<Argument>& args, const Scope* scope,
                                 Mode mode) {
  const NestingGuard guard(depth_, limits_.depth_max, program_.expr(id).span);
  const DefinitionId effective = program_.Effective(named);
  const resolve::Definition& definition = spec_.definition(effective);
  if (const auto found = program_.overrides.find(effective.index); found != program_.overrides.end()) {
    if (found->second.term) return CompileTerm(id, *found->second.term);
    if (found->second.builtin) return CompileBuiltin(*found->second.builtin, false, id, args, mode);
  }
  if (definition.parameters.size() != args.size())
    return EmitError(id, "wrong number of arguments for " + definition.name);
  if (const auto found = program_.overrides.find(effective.index);
      found != program_.overrides.end() && !found->second.rows.empty()) {
    return CompileRows(id, definition.name, found->second.rows, args, mode);
  }
  const Scope* outer = ScopeOf(effective, scope);
  if (outer != nullptr && args.empty() && !MustCall(effective, args)) return ApplyLetValue(effective, *outer, id, mode);
  if (MustCall(effective, args)) return CallUnit(id, effective, args, outer, mode);
  return Inline(id, named, effective, args, outer, mode);
}

NodeId Compiler::Inline(ExprId id, DefinitionId named, DefinitionId effective, const std::vector<Argument>& args,
                        const Scope* outer, Mode mode) {
  const resolve::Definition& definition = spec_.definition(effective);
  Call call{.definition = named, .effective = effective};
  const Scope* inner = outer;
  for (std::size_t i = 0; i < args.size(); ++i) inner = BindParameter(effective, i, args[i], inner, mode, call);
  const NodeId body = CompileExpr(definition.body, inner, mode);
  // A plain value needs no frame in reports of errors: it cannot fail.
  const Opcode op = node(body).op;
  if (args.empty() && (op == Opcode::kLiteral || op == Opcode::kVariable || op == Opcode::kOnce))
    return Copy(body, id, 0);
  // What the arguments are, for claims and for reports of steps.
  {
    for (std::size_t i = 0; i < args.size(); ++i) {
      const Scope* binding = Find(inner, definition.parameters[i].local);
      const bool is_value = definition.parameters[i].arity == 0;
      call.parameters.push_back(is_value ? CompileBinding(*binding, id, mode) : kNoNode);
    }
  }
  code_.calls.push_back(std::move(call));
  const NodeId made = Emit(Opcode::kInline, id, body, static_cast<std::uint32_t>(code_.calls.size() - 1));
  if (mode == Mode::kStep && IsShared(effective)) code_.nodes[made].flags |= kFlagShared;
  return made;
}

// Worth remembering by its arguments while one state is looked at: a predicate such as Alive(n)
// is asked by many guards and invariants.
bool Compiler::IsShared(DefinitionId effective) {
  constexpr std::uint32_t kSizeMin = 8;      // smaller ones are evaluated faster than looked up
  constexpr std::size_t kParametersMax = 2;  // as many as an entry of the memory has room for
  const resolve::Definition& definition = spec_.definition(effective);
  const Facts& facts = facts_.OfDefinition(effective);
  const bool is_plain = std::all_of(definition.parameters.begin(), definition.parameters.end(),
                                    [](const auto& parameter) { return parameter.arity == 0; });
  return is_plain && !definition.parameters.empty() && definition.parameters.size() <= kParametersMax &&
         facts.reads_state && !facts.reads_next && !facts.has_effects && facts.free_locals.empty() &&
         facts.size >= kSizeMin;
}

// An argument is put in place of its parameter when that costs nothing; else it is evaluated when
// first met and remembered for the rest of the application.
const Scope* Compiler::BindParameter(DefinitionId definition, std::size_t index, const Argument& argument,
                                     const Scope* outer, Mode mode, Call& call) {
  const resolve::Parameter& parameter = spec_.definition(definition).parameters[index];
  if (parameter.arity > 0) {
    Scope& binding = Push(outer, BindingKind::kOperator, parameter.local);
    binding.argument = argument;
    return &binding;
  }
  Scope& binding = Push(outer, BindingKind::kArgument, parameter.local);
  binding.argument = argument;
  if (argument.node != kNoNode) return &binding;
  const NodeId value = CompileArgument(argument, mode);
  const Opcode op = node(value).op;
  const bool is_plain = op == Opcode::kLiteral || op == Opcode::kVariable || op == Opcode::kLocal ||
                        op == Opcode::kMemo || op == Opcode::kOnce || op == Opcode::kConstant ||
                        node(value).is_described();
  if (mode == argument.mode) binding.compiled.emplace(std::make_pair(unit_, mode), value);
  // What may still change while the application is evaluated cannot be remembered.
  if (is_plain || node(value).is_step() || facts_.Uses(definition, index) <= 1) return &binding;
  binding.compiled.clear();
  binding.kind = BindingKind::kMemo;
  binding.slot = NewSlot();
  binding.compiled.emplace(std::make_pair(unit_, mode), Emit(Opcode::kMemo, argument.expr, binding.slot, value));
  call.memo_slots.push_back(binding.slot);
  return &binding;
}

// A unit inherits the slots that were live where its operator was met: what the operator and its
// operator arguments may name. Calls from anywhere in their scope have those slots in front.
NodeId Compiler::CallUnit(ExprId id, DefinitionId effective, const std::vector<Argument>& args, const Scope* outer,
                          Mode mode) {
  const resolve::Definition& definition = spec_.definition(effective);
  UnitKey key{effective.index, mode, outer, {}};
  bool has_surroundings = outer != nullptr;
  std::vector<Argument> operators(args.size());
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (definition.parameters[i].arity == 0) continue;
    // F(Op) inside F itself: the operator is what F was given.
    operators[i] = args[i];
    while (program_.expr(operators[i].expr).kind == ExprKind::kOperatorRef &&
           !program_.expr(operators[i].expr).definition.is_valid()) {
      const Scope* binding = Find(operators[i].scope, program_.expr(operators[i].expr).local);
      if (binding == nullptr || binding->kind != BindingKind::kOperator) break;
      operators[i] = binding->argument;
    }
    const bool is_closed = facts_.Of(operators[i].expr).free_locals.empty();
    std::get<3>(key).emplace_back(operators[i].expr.index, is_closed ? nullptr : operators[i].scope);
    has_surroundings = has_surroundings || !is_closed;
  }
  auto known = units_.find(key);
  if (known == units_.end()) {
    const auto made = static_cast<UnitId>(code_.units.size());
    known = units_.emplace(key, made).first;
    const std::uint32_t inherited = has_surroundings ? code_.units[unit_].frame_size : 0;
    code_.units.push_back(
        {.name = definition.name, .inherited_count = inherited, .frame_size = inherited, .span = definition.span});
    const UnitId saved = unit_;
    const bool saved_once = is_in_once_;
    unit_ = made;
    is_in_once_ = false;
    const Scope* inner = outer;
    std::vector<SlotId> parameters;
    for (std::size_t i = 0; i < args.size(); ++i) {
      const bool is_operator = definition.parameters[i].arity > 0;
      Scope& binding =
          Push(inner, is_operator ? BindingKind::kOperator : BindingKind::kSlot, definition.parameters[i].local);
      if (is_operator) {
        binding.argument = operators[i];
      } else {
        binding.slot = NewSlot();
        parameters.push_back(binding.slot);
      }
      inner = &binding;
    }
    code_.units[made].parameters = std::move(parameters);
    const NodeId body = CompileExpr(definition.body, inner, mode);
    code_.units[made].body = body;
    unit_ = saved;
    is_in_once_ = saved_once;
  }
  Nodes values;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (definition.parameters[i].arity == 0) values.push_back(CompileArgument(args[i], mode));
  }
  const NodeId call = EmitList(Opcode::kCall, id, values, known->second);
  if (facts_.OfDefinition(effective).reads_next ||
      (mode == Mode::kInit && facts_.OfDefinition(effective).reads_state)) {
    code_.nodes[call].flags |= kFlagStep;
  }
  return call;
}

// --- LET

NodeId Compiler::CompileLet(ExprId id, const Expr& e, const Scope* scope, Mode mode) {
  Scope& let = Push(scope, BindingKind::kLet, LocalId{});
  let.let = id;
  Call call;
  for (const DefinitionId definition : e.definitions) {
    const resolve::Definition& d = spec_.definition(definition);
    SlotId slot = kNoNode;
    if (d.parameters.empty()) {
      slot = NewSlot();
      call.memo_slots.push_back(slot);
    }
    let.let_slots.push_back(slot);
  }
  const NodeId body = CompileExpr(e.operands[0], &let, mode);
  if (call.memo_slots.empty()) return body;
  code_.calls.push_back(std::move(call));
  return Emit(Opcode::kInline, id, body, static_cast<std::uint32_t>(code_.calls.size() - 1));
}

// A definition of a LET without parameters: evaluated when first met.
NodeId Compiler::ApplyLetValue(DefinitionId effective, const Scope& let, ExprId id, Mode mode) {
  const auto key = std::make_tuple(unit_, mode, effective.index);
  auto known = let.compiled_lets.find(key);
  if (known == let.compiled_lets.end()) {
    NodeId value = CompileExpr(spec_.definition(effective).body, &let, mode);
    const Expr& e = program_.expr(let.let);
    for (std::size_t i = 0; i < e.definitions.size() && i < let.let_slots.size(); ++i) {
      if (program_.Effective(e.definitions[i]) != effective || let.let_slots[i] == kNoNode) continue;
      const Opcode op = node(value).op;
      const bool is_plain =
          op == Opcode::kLiteral || op == Opcode::kVariable || op == Opcode::kOnce || op == Opcode::kLocal;
      // What may still change while the body is evaluated cannot be remembered.
      const bool is_settled = !node(value).is_step() && !node(value).is_described();
      if (!is_plain && is_settled) value = Emit(Opcode::kMemo, id, let.let_slots[i], value);
    }
    known = let.compiled_lets.emplace(key, value).first;
  }
  return Copy(known->second, id, 0);
}

}  // namespace kelpie::program
