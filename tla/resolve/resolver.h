// Syntax trees to a ResolvedSpec: names, arities, instances. Private to tla/resolve.
//
//   Resolver resolver(library, diagnostics);
//   std::shared_ptr<ResolvedSpec> spec = resolver.Run(root);
//
// One walk in text order, because TLA+ knows a name only after its definition. An INSTANCE is
// resolved by walking the instanced module again, with its constants and variables bound to what
// replaces them; so the result contains no instances, only definitions. Levels are a later pass.
// Recursion is bounded: the parser limited the height of every tree.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tla/ast/ast.h"
#include "tla/resolve/builtins.h"
#include "tla/resolve/modules.h"
#include "tla/resolve/resolved_module.h"
#include "tla/resolve/scope.h"
#include "tla/source/diagnostic.h"

namespace kelpie::resolve {

// What the level pass must know and a ResolvedSpec does not say.
struct LocalFacts {
  ExprId at_source;                // of an EXCEPT's @: the function it is taken from
  Level level = Level::kConstant;  // of what \AA, \EE or a NEW STATE binds
};

// What INSTANCE puts in place of a declaration, and how high its level may be
// (Specifying Systems, section 17.8).
struct SubstitutionLimit {
  std::optional<DefinitionId> definition;  // absent: a declared variable
  Level limit = Level::kState;
  std::string name;
  bool is_operator = false;  // it must not prime its arguments
  tla::Span span;
};

class Resolver {
 public:
  Resolver(ModuleLibrary& library, tla::Diagnostics& diagnostics) : library_(library), diagnostics_(diagnostics) {}

  std::shared_ptr<ResolvedSpec> Run(const LoadedModule& root);
  // By LocalId.
  [[nodiscard]] const std::vector<LocalFacts>& local_facts() const { return local_facts_; }
  [[nodiscard]] const std::vector<SubstitutionLimit>& substitution_limits() const { return substitution_limits_; }

 private:
  using NodeId = ast::NodeId;
  using ExprIds = std::vector<ExprId>;

  // A named instance: `I == INSTANCE M` or `I(p) == INSTANCE M`.
  struct Instance {
    Scope scope;
    std::vector<std::uint32_t> parameter_arities;
    std::uint32_t context_arity = 0;  // of the place it was declared at
  };
  // A submodule, to be instanced later.
  struct Submodule {
    const ast::Module* syntax;
    NodeId node;
    const LoadedModule* file;
    const Scope* outer;
  };
  struct Local {
    std::string name;
    Symbol symbol;
  };
  // Where an INSTANCE stands: what replaces the instanced module's constants and variables is
  // resolved there, not inside the module.
  struct Site;
  // The module that is being walked. A stack of these, because modules name modules.
  struct Frame {
    const LoadedModule* file = nullptr;
    const ast::Module* syntax = nullptr;
    std::string_view module;
    Scope* scope = nullptr;
    const Scope* outer = nullptr;  // of a submodule: what the modules around it define
    std::size_t locals_begin = 0;  // locals below belong to other modules
    bool is_instance = false;
    std::string prefix;                 // "I!" inside an instance
    Site* site = nullptr;               // inside an instance: where it was asked for
    std::vector<Parameter> prototypes;  // parameters that each definition gets from instances around
    std::map<std::string, std::shared_ptr<Scope>, std::less<>>* extended = nullptr;
    std::set<std::string, std::less<>> later_names;  // defined in this module, maybe further down
  };
  struct Site {
    Frame frame;  // of the module that contains the INSTANCE
    NodeId instance;
    std::vector<Parameter> context;  // what was bound there
    std::vector<LocalId> at;
    std::vector<Parameter> parameters;  // of I(p, q) == INSTANCE
    std::vector<Parameter> prototypes;  // all that the instance's definitions take in front
    std::string prefix;
    std::set<std::string, std::less<>> used;
    bool has_variables = false;                  // of the instanced module
    std::vector<SubstitutionLimit> substituted;  // so far
  };

  // --- modules and units: resolver.cpp
  void WalkModule(NodeId module);
  void WalkUnit(NodeId unit);
  void TryModule(const Submodule& submodule);
  void CheckRecursiveSection(NodeId unit);
  void WalkExtends(NodeId extends);
  void ExtendBy(std::string_view name, const tla::Span& span);
  // Makes the names of a module that is extended, or of an unnamed instance, visible here.
  void Import(const Scope& from, bool is_instance, bool is_local, const tla::Span& span);
  void ImportBuiltins(const std::vector<OfferedBuiltin>& builtins, Scope& into, const tla::Span& span);
  std::shared_ptr<Scope> WalkFile(const LoadedModule& file, const Frame& frame);
  bool IsDeclaredAgain(NodeId declaration, Symbol::Kind kind);
  void DeclareConstants(NodeId unit);
  void DeclareVariables(NodeId unit);
  bool TakeSubstitution(NodeId declaration, bool is_variable);
  void Limit(const Symbol& replacement, std::string_view name, bool is_variable);
  void WalkAssume(NodeId unit);
  void WalkTheorem(NodeId unit);
  void DefineFact(NodeId unit, ExprId body, const std::vector<Parameter>& parameters);

  // --- definitions: resolve_definitions.cpp
  void DeclareRecursive(NodeId unit, bool in_let);
  DefinitionId Define(NodeId unit, bool in_let);
  // Fresh parameters for one definition, bound as the current context.
  std::vector<Parameter> BeginContext(const std::vector<Parameter>& prototypes);
  Parameter MakeParameter(NodeId declaration);
  ExprId ResolveFunctionBody(NodeId unit, std::string_view name);
  DefinitionId AddDefinition(Definition definition, bool in_let);
  void CheckRecursiveDefined(const std::set<std::uint32_t>& outer);

  // --- instances: resolve_instances.cpp
  void DefineInstance(NodeId unit, bool in_let);
  void WalkInstance(NodeId unit);
  void Instantiate(NodeId instance, const std::vector<Parameter>& parameters, bool in_let, const std::string& prefix,
                   Scope& into);
  void WalkInstanced(const ast::Module& syntax, NodeId module, const LoadedModule& file, const Scope* outer, Site& site,
                     Scope& into);
  Symbol Substitute(std::string_view name, std::uint32_t arity, bool is_variable, Site& site);
  Symbol DefineSubstitution(std::string_view name, std::uint32_t arity, NodeId value, const Site& site);

  // --- expressions: resolve_expressions.cpp
  // What recurses is kept out of line: inlined into Resolve() all their locals would be part of
  // every frame of a deep expression.
  ExprId Resolve(NodeId node);
  [[gnu::noinline]] ExprId ResolveLeaf(NodeId node);
  ExprId ResolveNary(NodeId node, ExprKind kind);
  [[gnu::noinline]] ExprId ResolveNumber(NodeId node);
  [[gnu::noinline]] ExprId ResolvePrefix(NodeId node);
  [[gnu::noinline]] ExprId ResolveApplication(NodeId node);
  [[gnu::noinline]] ExprId ResolveCase(NodeId node);
  [[gnu::noinline]] ExprId ResolveExcept(NodeId node);
  [[gnu::noinline]] ExprId ResolveFields(NodeId node, ExprKind kind);
  [[gnu::noinline]] ExprId ResolveFunctionApply(NodeId node);
  void CheckFunctionArity(ExprId function, std::size_t count, const tla::Span& span);
  // --- labels: resolve_labels.cpp
  // What labels may be attached to: a definition's right side, or the part behind another label.
  struct LabelScope {
    std::size_t locals_begin = 0;
    std::set<std::string> names = {};
  };
  [[gnu::noinline]] ExprId ResolveLabel(NodeId node);
  void CheckLabel(NodeId node);
  ExprIds ResolveInLabelScope(std::span<const NodeId> nodes);

  // --- binders: resolve_binders.cpp
  [[gnu::noinline]] ExprId ResolveBinder(NodeId node, ExprKind kind);
  [[gnu::noinline]] ExprId ResolveSetMap(NodeId node);
  [[gnu::noinline]] ExprId ResolveTemporalQuantifier(NodeId node, ExprKind kind);
  void ResolveSequent(NodeId node);
  void ResolveNewSymbol(NodeId node);
  [[gnu::noinline]] ExprId ResolveLambda(NodeId node);
  [[gnu::noinline]] ExprId ResolveLet(NodeId node);
  std::vector<Bound> ResolveBounds(std::span<const NodeId> bounds);

  // --- uses of names: resolve_names.cpp
  ExprId ResolveUse(std::string_view name, std::span<const NodeId> arguments, const tla::Span& span,
                    const tla::Span& name_span);
  ExprId ResolveQualified(NodeId node);
  ExprId Apply(const Symbol& symbol, std::string_view name, const ExprIds& context_arguments,
               std::span<const NodeId> arguments, const tla::Span& span, const tla::Span& name_span);
  [[gnu::noinline]] ExprId MakeApplication(const Symbol& symbol, ExprIds arguments, const tla::Span& span);
  ExprId ResolveArgument(NodeId node, std::uint32_t arity);
  [[gnu::noinline]] ExprId ResolveOperatorArgument(NodeId node, std::uint32_t arity);
  [[gnu::noinline]] ExprId ReportArity(const Symbol& symbol, std::string_view name, std::size_t count,
                                       const tla::Span& span, const tla::Span& name_span);
  [[gnu::noinline]] ExprId ReportValueNeeded(const tla::Span& span);
  [[gnu::noinline]] ExprId ResolveUnknownUse(std::span<const NodeId> arguments, const tla::Span& span);
  ExprId OperatorArgument(const Symbol& symbol, std::string_view name, std::uint32_t arity,
                          const ExprIds& context_arguments, const tla::Span& span);
  ExprId WrapInLambda(const tla::Span& span, std::uint32_t arity, const std::function<ExprId(ExprIds)>& make_body);
  ExprId OperatorSymbolArgument(NodeId node, std::uint32_t arity);
  // --- uses through instances: resolve_qualified.cpp
  // Follows M!N! of a qualified name. Null after reporting.
  [[nodiscard]] std::span<const NodeId> StepsOf(NodeId qualified) const;
  // `step_count`: how many steps led to the symbol; those behind it select a part of a definition.
  const Symbol* FindQualified(NodeId node, ExprIds& context_arguments, std::size_t& step_count);
  // --- parts of definitions: resolve_selection.cpp
  struct Selection;
  ExprId ResolveSelection(NodeId qualified, const Symbol& symbol, ExprIds context, std::size_t step_count,
                          std::uint32_t arity);
  bool SelectStep(NodeId step, bool is_last, Selection& selection);
  bool SelectOperand(std::size_t number, Selection& selection);
  bool SelectLabel(ExprId from, std::string_view name, std::vector<LocalId>& bound, Selection& selection) const;
  void BindSelected(const std::vector<LocalId>& bound, std::span<const NodeId> arguments, Selection& selection);
  DefinitionId DefineSelection(const Definition& whole, const Selection& selection, const tla::Span& span);
  ExprId Clone(ExprId id, Selection& selection);
  DefinitionId CloneDefinition(DefinitionId id, Selection& selection);
  ExprIds ImplicitContext(std::uint32_t count, const tla::Span& span);
  [[nodiscard]] std::uint32_t ParameterArity(const Symbol& symbol, std::size_t argument) const;
  const Symbol* Find(std::string_view name) const;
  const Symbol* FindOrReport(std::string_view name, const tla::Span& span);
  void ReportUndefined(std::string_view name, const tla::Span& span, std::string hint);
  [[nodiscard]] std::string HintFor(std::string_view name) const;
  // False after reporting that the name is taken.
  bool CheckFree(std::string_view name, const tla::Span& span);
  [[nodiscard]] std::string DescribeOrigin(const Symbol& symbol) const;

  // --- making things
  Frame& frame() { return frames_.back(); }
  [[nodiscard]] const Frame& frame() const { return frames_.back(); }
  [[nodiscard]] const ast::Module& syntax() const { return *frames_.back().syntax; }
  [[nodiscard]] const ast::Node& node(NodeId id) const { return syntax().node(id); }
  [[nodiscard]] std::string_view text(NodeId id) const { return syntax().text(id); }
  [[nodiscard]] std::span<const NodeId> children(NodeId id) const { return syntax().children(id); }
  ExprId Add(Expr expr);
  ExprId Add(ExprKind kind, const tla::Span& span, ExprIds operands = {});
  ExprId AddError(const tla::Span& span);  // stands for an expression that was reported
  LocalId NewLocal(std::string_view name);
  void PushLocal(std::string_view name, const Symbol& symbol) { locals_.push_back({std::string(name), symbol}); }
  LocalId BindLocal(std::string_view name, const tla::Span& span, std::uint32_t arity = 0);
  void Report(tla::DiagnosticKind kind, const tla::Span& span, tla::DiagnosticDetail detail) {
    diagnostics_.Add(kind, span, std::move(detail));
  }

  ModuleLibrary& library_;
  tla::Diagnostics& diagnostics_;
  std::shared_ptr<ResolvedSpec> spec_ = std::make_shared<ResolvedSpec>();
  std::vector<LocalFacts> local_facts_;
  std::vector<SubstitutionLimit> substitution_limits_;
  std::vector<Frame> frames_;
  std::vector<Local> locals_;
  std::vector<LocalId> at_;         // of the EXCEPTs around
  std::vector<Parameter> context_;  // parameters that instances around add, as bound in the current definition
  std::vector<std::unique_ptr<Instance>> instances_;
  std::vector<Submodule> submodules_;
  std::vector<std::unique_ptr<Scope>> kept_scopes_;
  LabelScope* label_scope_ = nullptr;                       // null where no label may stand
  std::vector<DefinitionId>* let_definitions_ = nullptr;    // of the LET around, while its instances are walked
  std::map<std::uint32_t, std::uint32_t> context_arities_;  // of definitions inside instances with parameters
  std::size_t instance_count_ = 0;
  bool misses_module_ = false;                   // a module was not found; it may have defined anything
  std::set<std::uint32_t> undefined_recursive_;  // DefinitionIds declared but not defined yet
  std::vector<std::string> walking_;             // files being walked, to find circles
};

}  // namespace kelpie::resolve
