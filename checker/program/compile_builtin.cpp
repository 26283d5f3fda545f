// Built-in operators; the conjuncts of a step that give variables their next values.
#include "checker/program/compiler.h"
#include "tla/resolve/builtins.h"

namespace kelpie::program {

namespace {

// Operators that are opcodes of their own, by number of arguments taken from a, b, c.
std::optional<Opcode> PlainOpcode(Builtin builtin) {
  switch (builtin) {
    case Builtin::kNot: return Opcode::kNot;
    case Builtin::kImplies: return Opcode::kImplies;
    case Builtin::kEquivalent: return Opcode::kEquivalent;
    case Builtin::kNotEqual: return Opcode::kNotEqual;
    case Builtin::kNotIn: return Opcode::kNotIn;
    case Builtin::kUnion2: return Opcode::kUnion;
    case Builtin::kIntersect: return Opcode::kIntersect;
    case Builtin::kSetMinus: return Opcode::kSetMinus;
    case Builtin::kPowerSet: return Opcode::kPowerSet;
    case Builtin::kBigUnion:
    case Builtin::kFlattenSet: return Opcode::kBigUnion;
    case Builtin::kDomain: return Opcode::kDomain;
    case Builtin::kBooleanSet: return Opcode::kBooleanSet;
    case Builtin::kStringSet: return Opcode::kStringSet;
    case Builtin::kNat: return Opcode::kNatSet;
    case Builtin::kIntSet:
    case Builtin::kReal: return Opcode::kIntSet;  // of the reals, only integers are values
    case Builtin::kAny: return Opcode::kAnySet;
    case Builtin::kPlus: return Opcode::kPlus;
    case Builtin::kMinus: return Opcode::kMinus;
    case Builtin::kNegate: return Opcode::kNegate;
    case Builtin::kTimes: return Opcode::kTimes;
    case Builtin::kPower: return Opcode::kPower;
    case Builtin::kDiv: return Opcode::kDiv;
    case Builtin::kMod: return Opcode::kMod;
    case Builtin::kInterval: return Opcode::kInterval;
    case Builtin::kLess: return Opcode::kLess;
    case Builtin::kLessEqual: return Opcode::kLessEqual;
    case Builtin::kGreater: return Opcode::kGreater;
    case Builtin::kGreaterEqual: return Opcode::kGreaterEqual;
    case Builtin::kSeq: return Opcode::kSeqSet;
    case Builtin::kLen: return Opcode::kLen;
    case Builtin::kHead: return Opcode::kHead;
    case Builtin::kTail: return Opcode::kTail;
    case Builtin::kAppend: return Opcode::kAppend;
    case Builtin::kConcat: return Opcode::kConcat;
    case Builtin::kSubSeq: return Opcode::kSubSeq;
    case Builtin::kIsFiniteSet: return Opcode::kIsFiniteSet;
    case Builtin::kCardinality: return Opcode::kCardinality;
    default: return std::nullopt;
  }
}

}  // namespace

NodeId Compiler::CompileBuiltin(Builtin builtin, bool is_instanced, ExprId id, const std::vector<Argument>& args,
                                Mode mode) {
  // `Nat <- MyNat` in the model file.
  if (const resolve::Replacement* replaced = program_.Replaces(builtin, is_instanced)) {
    if (replaced->term) return CompileTerm(id, *replaced->term);
    if (!replaced->rows.empty()) return CompileRows(id, resolve::InfoOf(builtin).text, replaced->rows, args, mode);
    return ApplyDefinition(id, *replaced->definition, args, nullptr, mode);
  }
  if (builtin == Builtin::kEqual || builtin == Builtin::kIn || builtin == Builtin::kSubsetEq) {
    return CompileEqual(builtin, id, args, mode);
  }
  // Nat and the like have no arguments; a wrong number was refused by name resolution, except for
  // an operator that a model or an argument puts in another's place.
  if (args.size() != resolve::InfoOf(builtin).arity) {
    return EmitError(id, "wrong number of arguments for " + std::string(resolve::InfoOf(builtin).text));
  }
  if (const std::optional<Opcode> op = PlainOpcode(builtin)) {
    std::uint32_t nodes[3] = {0, 0, 0};
    for (std::size_t i = 0; i < args.size(); ++i) nodes[i] = CompileArgument(args[i], mode);
    return Emit(*op, id, nodes[0], nodes[1], nodes[2]);
  }
  Nodes nodes;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::uint32_t arity = resolve::ArgumentArity(builtin, i);
    nodes.push_back(arity > 0 ? CompileOperatorArgument(id, args[i], arity, mode) : CompileArgument(args[i], mode));
  }
  // What has an opcode that describes it: [1..n -> S].
  if (builtin == Builtin::kTupleOf) {
    const NodeId one = EmitLiteral(id, {.kind = Literal::Kind::kInt, .integer = 1});
    return Emit(Opcode::kFunctionSet, id, Emit(Opcode::kInterval, id, one, nodes[1]), nodes[0]);
  }
  // TLCGet("level")' is the level of the next state: a second argument says that it is primed.
  if (builtin == Builtin::kTlcGet && (mode == Mode::kNext || mode == Mode::kEnabledNext))
    nodes.push_back(EmitLiteral(id, {.kind = Literal::Kind::kBool, .integer = 1}));
  if (builtin == Builtin::kTrace && (mode == Mode::kNext || mode == Mode::kEnabledNext))
    return EmitError(id, "Trace ends in the present state and cannot be primed");
  if (builtin == Builtin::kSelectSeq) return Emit(Opcode::kSelectSeq, id, nodes[0], nodes[1]);
  code_.builtins.push_back(builtin);
  return EmitList(Opcode::kModuleOperator, id, nodes, static_cast<std::uint32_t>(code_.builtins.size() - 1));
}

NodeId Compiler::CompileOperatorArgument(ExprId id, const Argument& op, std::uint32_t arity, Mode mode) {
  std::vector<Argument> args;
  Nodes slots;
  for (std::uint32_t i = 0; i < arity; ++i) {
    const SlotId slot = NewSlot();
    slots.push_back(slot);
    args.push_back({.node = Emit(Opcode::kLocal, id, slot)});
  }
  const NodeId body = ApplyOperator(id, op, args, mode);
  const auto first = static_cast<std::uint32_t>(code_.lists.size());
  code_.lists.insert(code_.lists.end(), slots.begin(), slots.end());
  const NodeId lambda = Emit(Opcode::kLambda, id, body);
  code_.nodes[lambda].list = first;
  code_.nodes[lambda].list_size = arity;
  return lambda;
}

// Is the left side a variable that this conjunct may give its value: x' in a step, x in an initial
// predicate? Names of parameters are looked through.
std::optional<SlotId> Compiler::AssignedVariable(const Argument& left, Mode mode) const {
  ExprId id = left.expr;
  const Scope* scope = left.scope;
  bool is_primed = !IsStepMode(mode);
  while (id.is_valid()) {
    const Expr& e = program_.expr(id);
    if (e.kind == ExprKind::kVariable) return is_primed ? std::optional(e.variable.index) : std::nullopt;
    if (e.kind == ExprKind::kApply) return is_primed ? AbstractSlot(e, mode) : std::nullopt;
    if (e.kind == ExprKind::kPrime) {
      is_primed = true;
      id = e.operands[0];
      continue;
    }
    if (e.kind != ExprKind::kLocal) return std::nullopt;
    const Scope* binding = Find(scope, e.local);
    if (binding == nullptr || (binding->kind != BindingKind::kArgument && binding->kind != BindingKind::kMemo))
      return std::nullopt;
    id = binding->argument.expr;
    scope = binding->argument.scope;
  }
  return std::nullopt;
}

std::optional<SlotId> Compiler::AbstractSlot(const Expr& e, Mode mode) const {
  if (!IsEnabledMode(mode) || e.kind != ExprKind::kApply) return std::nullopt;
  const auto found = program_.abstract_slots.find(e.definition.index);
  return found == program_.abstract_slots.end() ? std::nullopt : std::optional(found->second);
}

NodeId Compiler::CompileEqual(Builtin builtin, ExprId id, const std::vector<Argument>& args, Mode mode) {
  if (args.size() != 2) return EmitError(id, "wrong number of arguments");
  const bool is_equal = builtin == Builtin::kEqual;
  const bool is_in = builtin == Builtin::kIn;
  if (const std::optional<SlotId> slot = AssignedVariable(args[0], mode)) {
    const Opcode op = is_equal ? Opcode::kAssign : is_in ? Opcode::kAssignIn : Opcode::kAssignSubset;
    return Emit(op, id, *slot, CompileArgument(args[1], mode));
  }
  const NodeId left = CompileArgument(args[0], mode);
  const Opcode op = is_equal ? Opcode::kEqual : is_in ? Opcode::kIn : Opcode::kSubsetEq;
  return Emit(op, id, left, CompileArgument(args[1], mode));
}

// UNCHANGED of tuples and names is taken apart into variables.
NodeId Compiler::CompileUnchanged(ExprId id, ExprId what, const Scope* scope, Mode mode) {
  const Expr& e = program_.expr(what);
  const NestingGuard guard(depth_, limits_.depth_max, e.span);
  switch (e.kind) {
    case ExprKind::kVariable:
      if (IsStepMode(mode)) return Emit(Opcode::kUnchanged, id, e.variable.index);
      break;
    case ExprKind::kTuple: {
      Nodes parts;
      for (const ExprId operand : e.operands) parts.push_back(CompileUnchanged(id, operand, scope, mode));
      if (parts.size() == 1) return parts.front();
      return EmitList(Opcode::kAnd, id, parts, 0, kNoNode);
    }
    case ExprKind::kApply:
      if (const std::optional<SlotId> slot = AbstractSlot(e, mode); slot && mode == Mode::kEnabled) {
        return Emit(Opcode::kAssign, id, *slot, CompileExpr(what, scope, mode));
      }
      if (e.operands.empty() && !program_.let_of.contains(e.definition.index) &&
          !program_.overrides.contains(e.definition.index)) {
        return CompileUnchanged(id, spec_.definition(e.definition).body, nullptr, mode);
      }
      break;
    case ExprKind::kLocal: {
      const Scope* binding = Find(scope, e.local);
      if (binding == nullptr || (binding->kind != BindingKind::kArgument && binding->kind != BindingKind::kMemo)) break;
      if (!binding->argument.expr.is_valid()) break;
      return CompileUnchanged(id, binding->argument.expr, binding->argument.scope, mode);
    }
    default: break;
  }
  const NodeId before = CompileExpr(what, scope, mode);
  return Emit(Opcode::kUnchangedValue, id, before, CompileExpr(what, scope, PrimedMode(mode)));
}

}  // namespace kelpie::program
