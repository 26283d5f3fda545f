// A specification after name resolution: every identifier replaced by what it means.
//
//   LoadResult loaded = LoadSpec("KelpieLease.tla", {}, sources, diagnostics);
//   const Definition& next = loaded.spec->definition(*loaded.spec->FindDefinition("Next"));
//   const Expr& body = loaded.spec->expr(next.body);
//
// One ResolvedSpec holds the root module and all it EXTENDS in a single arena of
// expressions addressed by typed ids; no pointers, no parent links. It is immutable.
// Invariants: every id is in range; `level` is an upper bound computed bottom-up
// (Specifying Systems, section 17.2); locals are unique per binder, so a LocalId says
// which binder it belongs to without any scope walk.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tla/source/source.h"

namespace kelpie::resolve {

using tla::Span;

struct ExprId {
  std::uint32_t index = UINT32_MAX;
  [[nodiscard]] bool is_valid() const { return index != UINT32_MAX; }
  friend bool operator==(ExprId, ExprId) = default;
  friend auto operator<=>(ExprId, ExprId) = default;
};
struct DefinitionId {
  std::uint32_t index = UINT32_MAX;
  [[nodiscard]] bool is_valid() const { return index != UINT32_MAX; }
  friend bool operator==(DefinitionId, DefinitionId) = default;
  friend auto operator<=>(DefinitionId, DefinitionId) = default;
};
// A declared VARIABLE, numbered from 0 in declaration order: its slot in a state.
struct VariableId {
  std::uint32_t index = UINT32_MAX;
  friend bool operator==(VariableId, VariableId) = default;
  friend auto operator<=>(VariableId, VariableId) = default;
};
// A declared CONSTANT, numbered from 0 in declaration order.
struct ConstantId {
  std::uint32_t index = UINT32_MAX;
  friend bool operator==(ConstantId, ConstantId) = default;
  friend auto operator<=>(ConstantId, ConstantId) = default;
};
// A bound variable or an operator parameter; unique per binder in the whole spec.
struct LocalId {
  std::uint32_t index = UINT32_MAX;
  friend bool operator==(LocalId, LocalId) = default;
  friend auto operator<=>(LocalId, LocalId) = default;
};

// Constant, state, action or temporal (Specifying Systems, section 17.2).
enum class Level : std::uint8_t { kConstant = 0, kState = 1, kAction = 2, kTemporal = 3 };

// Every kind is described in expr_kinds.def with the meaning of `operands` and the
// other fields.
enum class ExprKind : std::uint8_t {
#define KELPIE_EXPR_KIND(name, text) name,
#include "tla/resolve/expr_kinds.def"
#undef KELPIE_EXPR_KIND
};

// Every built-in operator, of the language and of the standard modules: builtins.def.
enum class Builtin : std::uint16_t {
#define KELPIE_BUILTIN(name, module, text, arity, level) name,
#include "tla/resolve/builtins.def"
#undef KELPIE_BUILTIN
};

// `x, y \in S` or `<<x, y>> \in S` of a quantifier, set or function constructor.
struct Bound {
  std::vector<LocalId> locals;
  bool is_tuple = false;  // <<x, y>> \in S: the locals are the components of one element
  ExprId set;             // invalid for an unbounded quantifier or CHOOSE
  Span span;
};

// `![i].f = e` inside EXCEPT: path steps are index expressions; a record field is a
// kString literal. `@` inside `value` is a kAt expression that refers to `at_local`.
struct ExceptUpdate {
  std::vector<ExprId> path;
  ExprId value;
  LocalId at_local;
  Span span;
};

struct CaseArm {
  ExprId guard;  // invalid for OTHER
  ExprId value;
};

// One expression. Which fields are used depends on `kind`; see expr_kinds.def.
struct Expr {
  ExprKind kind;
  Level level = Level::kConstant;
  Builtin builtin{};
  bool is_instanced = false;  // of a built-in: its name came by INSTANCE, not by EXTENDS
  Span span;
  std::vector<ExprId> operands;
  std::vector<Bound> bounds;
  std::vector<ExceptUpdate> updates;
  std::vector<CaseArm> arms;
  std::vector<DefinitionId> definitions;  // of LET
  std::vector<std::string> fields;        // of records and record sets; label of kLabel
  std::string text;                       // string literal; decimal digits of a big integer
  std::int64_t integer = 0;               // value of an integer literal that fits
  DefinitionId definition;                // of kApply, kOperatorRef
  VariableId variable;
  ConstantId constant;
  LocalId local;  // kLocal, kApplyLocal, kAt; self of a recursive function
};

struct Parameter {
  std::string name;
  LocalId local;
  std::uint32_t arity = 0;  // 0: an expression; n: an operator of n arguments
  Span span;
};

struct Definition {
  std::string name;
  std::string module;  // where it was defined
  std::vector<Parameter> parameters;
  ExprId body;
  Level level = Level::kConstant;
  bool is_recursive = false;  // declared RECURSIVE, or a function definition f[x \in S] == e
  bool is_local = false;      // LOCAL, or defined in a LET
  // What an INSTANCE puts in place of a VARIABLE, unless that is a variable itself. Inside ENABLED its primed value is
  // chosen freely, like a variable's (Specifying Systems, section 17.8).
  bool stands_for_variable = false;
  Span span;  // the whole definition
  Span name_span;
};

struct Variable {
  std::string name;
  Span span;
};

struct Constant {
  std::string name;
  std::uint32_t arity = 0;
  Span span;
};

struct Assumption {
  std::string name;  // empty when unnamed
  ExprId body;
};

// A whole specification. Immutable after LoadSpec.
class ResolvedSpec {
 public:
  std::string name;                       // root module
  std::string file;                       // path of the root module as given
  std::vector<std::string> module_files;  // paths of all user modules read, root first
  std::vector<Expr> exprs;
  std::vector<Definition> definitions;  // top-level and LET definitions of all modules
  std::vector<Variable> variables;
  std::vector<Constant> constants;
  std::vector<Assumption> assumptions;
  std::vector<std::string> local_names;  // by LocalId
  // Names that a .cfg or a trace may use: visible at the root module's top level.
  std::map<std::string, DefinitionId, std::less<>> top_level;
  // By module: those that it EXTENDS or instances without a name, standard modules too.
  std::map<std::string, std::set<std::string>, std::less<>> imports;

  [[nodiscard]] const Expr& expr(ExprId id) const { return exprs[id.index]; }
  [[nodiscard]] const Definition& definition(DefinitionId id) const { return definitions[id.index]; }
  [[nodiscard]] std::optional<DefinitionId> FindDefinition(std::string_view name) const;
  [[nodiscard]] std::optional<VariableId> FindVariable(std::string_view name) const;
  [[nodiscard]] std::optional<ConstantId> FindConstant(std::string_view name) const;
};

}  // namespace kelpie::resolve
