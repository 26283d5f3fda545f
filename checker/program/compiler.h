// The compiler's own state; compile.h is its public face.
//
// A scope is a chain of bindings made while operators are put in place: each says what a LocalId
// means at this point: a slot, a node to copy, an argument to compile when it is met, an operator.
// Chains are immutable and live as long as the compiler.
#pragma once

#include <deque>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/program/compile.h"
#include "checker/program/expr_facts.h"

namespace kelpie::program {

using resolve::Builtin;
using resolve::Expr;
using resolve::ExprKind;

struct Scope;

// An argument: an expression with where it stands, or a node that is there already.
struct Argument {
  ExprId expr;
  const Scope* scope = nullptr;
  Mode mode = Mode::kStep;
  NodeId node = kNoNode;
};

enum class BindingKind : std::uint8_t {
  kSlot,      // slot
  kArgument,  // argument, compiled where it is met
  kMemo,      // argument, remembered in slot
  kOperator,  // argument.expr is an operator
  kLet,       // the definitions of LET `let`; memo slots beside its definitions
};

struct Scope {
  const Scope* outer = nullptr;
  BindingKind kind = BindingKind::kSlot;
  LocalId local;
  SlotId slot = 0;
  bool is_self = false;  // kSlot: of a recursive function, for itself
  bool is_step = false;  // kSlot: the function's values read or give primed variables
  Argument argument;
  ExprId let;
  std::vector<SlotId> let_slots;  // kNoNode: not remembered
  // Compiled forms by (unit, mode): nodes belong to the frame of one unit.
  mutable std::map<std::pair<UnitId, Mode>, NodeId> compiled;
  mutable std::map<std::tuple<UnitId, Mode, std::uint32_t>, NodeId> compiled_lets;
};

struct CompileFailure {
  std::string message;
  std::string option;
  resolve::Span span;
};

// Unprimed variables are read from the state.
inline bool IsStepMode(Mode mode) { return mode == Mode::kStep || mode == Mode::kEnabled; }
inline bool IsEnabledMode(Mode mode) { return mode == Mode::kEnabled || mode == Mode::kEnabledNext; }
// Below a prime that stands in `mode`.
inline Mode PrimedMode(Mode mode) { return IsEnabledMode(mode) ? Mode::kEnabledNext : Mode::kNext; }

class Compiler {
 public:
  Compiler(const Program& program, const CompileLimits& limits);
  Code Run(ExprId root, Mode mode);

 private:
  using Nodes = std::vector<NodeId>;

  // --- compiler.cpp: nodes, slots, scopes
  NodeId Emit(Opcode op, ExprId origin, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0);
  NodeId EmitList(Opcode op, ExprId origin, const Nodes& list, std::uint32_t a = 0, std::uint32_t c = 0);
  NodeId EmitBound(Opcode op, ExprId origin, NodeId body, std::vector<Binder> binders);
  NodeId EmitError(ExprId origin, std::string message);
  NodeId EmitLiteral(ExprId origin, Literal literal);
  std::uint32_t AddFieldNames(const std::vector<std::string>& names);
  void AddPaths();
  bool IsFixedSet(const Node& self);
  bool IsSingleWay(const Node& self) const;
  void SetFlags(NodeId id);
  SlotId NewSlot() { return code_.units[unit_].frame_size++; }
  Scope& Push(const Scope* outer, BindingKind kind, LocalId local);
  const Scope* Find(const Scope* scope, LocalId local) const;
  const Scope* ScopeOf(DefinitionId id, const Scope* scope) const;
  // The same node under another name: reports point at what the text says here.
  NodeId Copy(NodeId id, ExprId origin, std::uint8_t flags);
  const Node& node(NodeId id) const { return code_.nodes[id]; }

  // --- counted.cpp
  void FindCounted();

  // --- compile_expr.cpp
  NodeId CompileUncounted(ExprId id, const Scope* scope, Mode mode);
  NodeId CompileExpr(ExprId id, const Scope* scope, Mode mode);
  NodeId CompileKind(ExprId id, const Expr& e, const Scope* scope, Mode mode);
  NodeId CompileCollection(ExprId id, const Expr& e, const Scope* scope, Mode mode);
  NodeId CompileStep(ExprId id, const Expr& e, const Scope* scope, Mode mode);
  Nodes CompileAll(const std::vector<ExprId>& ids, const Scope* scope, Mode mode);
  NodeId CompileLogicList(Opcode op, ExprId id, const Expr& e, const Scope* scope, Mode mode);
  NodeId CompileCase(ExprId id, const Expr& e, const Scope* scope, Mode mode);
  NodeId CompileRecord(Opcode op, ExprId id, const Expr& e, const Scope* scope, Mode mode);
  NodeId CompileExcept(ExprId id, const Expr& e, const Scope* scope, Mode mode);
  NodeId CompileBound(Opcode op, ExprId id, const Expr& e, const Scope* scope, Mode mode);
  bool ReadsSlot(NodeId id, SlotId slot) const;
  NodeId CompileCompose(ExprId id, const Expr& e, const Scope* scope, Mode mode);
  NodeId TestedOnce(Opcode op, NodeId body, const Binder& last) const;
  NodeId EmitQuantifier(Opcode op, ExprId id, NodeId body, std::vector<Binder> binders, SlotId first_slot);
  NodeId CompileFunction(ExprId id, const Expr& e, const Scope* scope, Mode mode);

  // --- compile_builtin.cpp
  // is_instanced: the name came by INSTANCE, see BuiltinReplacement.
  NodeId CompileBuiltin(Builtin builtin, bool is_instanced, ExprId id, const std::vector<Argument>& args, Mode mode);
  NodeId CompileEqual(Builtin builtin, ExprId id, const std::vector<Argument>& args, Mode mode);
  NodeId CompileOperatorArgument(ExprId id, const Argument& op, std::uint32_t arity, Mode mode);
  std::optional<SlotId> AssignedVariable(const Argument& left, Mode mode) const;
  // The slot of the next value of what stands for a variable, inside ENABLED.
  [[nodiscard]] std::optional<SlotId> AbstractSlot(const Expr& e, Mode mode) const;
  // Of the action of an ENABLED. As kStep, which shares its code, where nothing stands for a variable.
  [[nodiscard]] Mode EnabledMode() const { return program_.abstract_slots.empty() ? Mode::kStep : Mode::kEnabled; }
  NodeId CompileUnchanged(ExprId id, ExprId what, const Scope* scope, Mode mode);

  // --- compile_names.cpp
  NodeId CompileName(ExprId id, const Expr& e, const Scope* scope, Mode mode);
  NodeId CompileArgument(const Argument& argument, Mode mode);
  NodeId CompileBinding(const Scope& binding, ExprId id, Mode mode);
  NodeId CompileConstant(ExprId id, const Expr& e, const Scope* scope, Mode mode);
  NodeId CompileTerm(ExprId id, const resolve::ModelTerm& term);
  NodeId CompileRows(ExprId id, std::string_view name, const std::vector<resolve::ReplacementRow>& rows,
                     const std::vector<Argument>& args, Mode mode);
  NodeId CompileLet(ExprId id, const Expr& e, const Scope* scope, Mode mode);
  NodeId ApplyOperator(ExprId id, const Argument& op, const std::vector<Argument>& args, Mode mode);
  NodeId ApplyDefinition(ExprId id, DefinitionId definition, const std::vector<Argument>& args, const Scope* scope,
                         Mode mode);
  NodeId ApplyLetValue(DefinitionId effective, const Scope& let, ExprId id, Mode mode);
  NodeId Inline(ExprId id, DefinitionId named, DefinitionId effective, const std::vector<Argument>& args,
                const Scope* outer, Mode mode);
  const Scope* BindParameter(DefinitionId definition, std::size_t index, const Argument& argument, const Scope* outer,
                             Mode mode, Call& call);
  NodeId CallUnit(ExprId id, DefinitionId effective, const std::vector<Argument>& args, const Scope* outer, Mode mode);
  bool IsShared(DefinitionId effective);
  bool MustCall(DefinitionId effective, const std::vector<Argument>& args);
  std::vector<Argument> Arguments(const std::vector<ExprId>& ids, const Scope* scope, Mode mode) const;

  using UnitKey = std::tuple<std::uint32_t, Mode, const Scope*, std::vector<std::pair<std::uint32_t, const Scope*>>>;

  const Program& program_;
  const resolve::ResolvedSpec& spec_;
  CompileLimits limits_;
  ExprFacts facts_;
  Code code_;
  UnitId unit_ = 0;
  std::size_t depth_ = 0;
  std::vector<bool> is_counted_;  // by ExprId, with_counts
  bool is_in_once_ = false;
  std::deque<Scope> scopes_;
  std::map<UnitKey, UnitId> units_;
};

// Scratch value for a definition's recursion: counts nesting for as long as it lives.
class NestingGuard {
 public:
  NestingGuard(std::size_t& depth, std::size_t limit, const resolve::Span& span);
  ~NestingGuard() { --depth_; }
  NestingGuard(const NestingGuard&) = delete;
  NestingGuard& operator=(const NestingGuard&) = delete;

 private:
  std::size_t& depth_;
};

}  // namespace kelpie::program
