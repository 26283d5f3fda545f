#include "tla/resolve/resolver.h"

#include <algorithm>
#include <utility>

#include "tla/resolve/builtins.h"

namespace kelpie::resolve {

using ast::NodeKind;
using tla::DiagnosticKind;

std::shared_ptr<ResolvedSpec> Resolver::Run(const LoadedModule& root) {
  spec_->name = root.name;
  spec_->file = root.path;
  std::map<std::string, std::shared_ptr<Scope>, std::less<>> extended;
  Frame frame;
  frame.extended = &extended;
  const std::shared_ptr<Scope> scope = WalkFile(root, frame);
  for (const auto& [name, symbol] : scope->symbols()) {
    if (symbol.kind == Symbol::Kind::kDefinition) spec_->top_level.emplace(name, DefinitionId{symbol.index});
    if (symbol.kind != Symbol::Kind::kInstance) continue;
    for (const auto& [inner_name, inner] : instances_[symbol.index]->scope.symbols()) {
      if (inner.kind != Symbol::Kind::kDefinition || !inner.IsOffered()) continue;
      spec_->top_level.emplace(name + "!" + inner_name, DefinitionId{inner.index});
    }
  }
  spec_->module_files = library_.paths();
  return spec_;
}

std::shared_ptr<Scope> Resolver::WalkFile(const LoadedModule& file, const Frame& like) {
  auto scope = std::make_shared<Scope>();
  Frame frame = like;
  frame.file = &file;
  frame.syntax = &*file.syntax;
  frame.module = file.name;
  frame.outer = nullptr;  // a file of its own sees nothing of a submodule's surroundings
  frame.later_names.clear();
  frame.scope = scope.get();
  frame.locals_begin = locals_.size();
  frames_.push_back(std::move(frame));
  walking_.push_back(file.path);
  WalkModule(file.syntax->root());
  walking_.pop_back();
  frames_.pop_back();
  return scope;
}

void Resolver::WalkModule(NodeId module) {
  const std::set<std::uint32_t> outer_undefined = std::exchange(undefined_recursive_, {});
  for (const NodeId unit : children(module)) {
    const NodeKind kind = node(unit).kind;
    if (kind == NodeKind::kOperatorDefinition || kind == NodeKind::kFunctionDefinition ||
        kind == NodeKind::kModuleDefinition) {
      frame().later_names.insert(std::string(text(unit)));
    }
  }
  for (const NodeId unit : children(module)) WalkUnit(unit);
  CheckRecursiveDefined({});
  undefined_recursive_ = outer_undefined;
}

// From RECURSIVE to the last of its definitions only definitions may stand.
void Resolver::CheckRecursiveSection(NodeId unit) {
  static const std::map<NodeKind, const char*> kForbidden = {{NodeKind::kConstants, "a CONSTANT declaration"},
                                                             {NodeKind::kVariables, "a VARIABLE declaration"},
                                                             {NodeKind::kAssume, "an ASSUME"},
                                                             {NodeKind::kTheorem, "a THEOREM"}};
  const auto found = kForbidden.find(node(unit).kind);
  if (undefined_recursive_.empty() || found == kForbidden.end()) return;
  Report(DiagnosticKind::kRecursiveSection, node(unit).span, {.found = found->second});
}

void Resolver::WalkUnit(NodeId unit) {
  CheckRecursiveSection(unit);
  switch (node(unit).kind) {
    case NodeKind::kExtends: return WalkExtends(unit);
    case NodeKind::kConstants: return DeclareConstants(unit);
    case NodeKind::kVariables: return DeclareVariables(unit);
    case NodeKind::kRecursive: return DeclareRecursive(unit, false);
    case NodeKind::kOperatorDefinition:
    case NodeKind::kFunctionDefinition: Define(unit, false); return;
    case NodeKind::kModuleDefinition: return DefineInstance(unit, false);
    case NodeKind::kInstance: return WalkInstance(unit);
    case NodeKind::kAssume: return WalkAssume(unit);
    case NodeKind::kTheorem: return WalkTheorem(unit);
    case NodeKind::kModule: {
      if (!CheckFree(text(unit), node(unit).span)) return;
      // The submodule sees what was defined before it, not after.
      auto outer = std::make_unique<Scope>(*frame().scope);
      if (frame().outer != nullptr) {
        for (const auto& [name, symbol] : frame().outer->symbols()) outer->Insert(name, symbol);
      }
      submodules_.push_back({&syntax(), unit, frame().file, outer.get()});
      kept_scopes_.push_back(std::move(outer));
      const std::size_t index = submodules_.size() - 1;
      if (!frame().is_instance) TryModule(Submodule(submodules_.back()));
      frame().scope->Insert(text(unit), {.kind = Symbol::Kind::kModule,
                                         .index = static_cast<std::uint32_t>(index),
                                         .span = node(unit).span,
                                         .module = frame().module});
      return;
    }
    default: return;
  }
}

// A submodule means something only where it is instanced, but its errors are errors anyway: it is
// walked once by itself, and what that left behind is taken away.
void Resolver::TryModule(const Submodule& submodule) {
  const std::size_t exprs = spec_->exprs.size();
  const std::size_t definitions = spec_->definitions.size();
  const std::size_t constants = spec_->constants.size();
  const std::size_t variables = spec_->variables.size();
  const std::size_t assumptions = spec_->assumptions.size();
  const std::size_t names = spec_->local_names.size();
  const std::size_t limits = substitution_limits_.size();
  const bool misses_module = misses_module_;
  std::map<std::string, std::shared_ptr<Scope>, std::less<>> extended;
  Scope scope;
  Frame inner;
  inner.file = submodule.file;
  inner.syntax = submodule.syntax;
  inner.module = submodule.syntax->text(submodule.node);
  inner.scope = &scope;
  inner.outer = submodule.outer;
  inner.locals_begin = locals_.size();
  inner.extended = &extended;
  const NodeId module = submodule.node;
  frames_.push_back(std::move(inner));
  walking_.push_back(frame().file->path + "!" + std::string(frame().module));
  WalkModule(module);
  walking_.pop_back();
  frames_.pop_back();
  spec_->exprs.resize(exprs, Expr{.kind = ExprKind::kBool});
  spec_->definitions.resize(definitions);
  spec_->constants.resize(constants);
  spec_->variables.resize(variables);
  spec_->assumptions.resize(assumptions);
  spec_->local_names.resize(names);
  local_facts_.resize(names);
  substitution_limits_.resize(limits);
  misses_module_ = misses_module;
}

// --- EXTENDS

void Resolver::WalkExtends(NodeId extends) {
  for (const NodeId name : children(extends)) ExtendBy(text(name), node(name).span);
}

void Resolver::ExtendBy(std::string_view name, const tla::Span& span) {
  spec_->imports[std::string(frame().module)].emplace(name);
  const auto known = frame().extended->find(name);
  if (known != frame().extended->end()) return Import(*known->second, false, false, span);
  bool was_found = false;
  const LoadedModule* file = library_.Find(name, frame().file->directory, span, was_found);
  if (file != nullptr) {
    if (std::find(walking_.begin(), walking_.end(), file->path) != walking_.end()) {
      std::string circle;
      for (const std::string& path : walking_) circle += path + " -> ";
      Report(DiagnosticKind::kCircularExtends, span, {.found = std::string(name), .expected = circle + file->path});
      return;
    }
    const std::shared_ptr<Scope> scope = WalkFile(*file, Frame(frame()));
    frame().extended->emplace(std::string(name), scope);
    return Import(*scope, false, false, span);
  }
  if (was_found) {
    misses_module_ = true;
    return;
  }
  if (const std::vector<OfferedBuiltin>* builtins = FindStandardModule(name)) {
    return ImportBuiltins(*builtins, *frame().scope, span);
  }
  misses_module_ = true;
  if (IsKnownForeignModule(name)) {
    Report(DiagnosticKind::kUnsupported, span,
           {.found = "module `" + std::string(name) + "`",
            .expected = "put its source beside the specification or on the library path",
            .hint = "built in are the standard modules and most of the community modules"});
    return;
  }
  NearestName nearest(name);
  for (const char* standard : {"Naturals", "Integers", "Sequences", "FiniteSets", "TLC"}) nearest.Offer(standard);
  Report(DiagnosticKind::kModuleNotFound, span, {.found = std::string(name), .hint = nearest.Hint()});
}

void Resolver::Import(const Scope& from, bool is_instance, bool is_local, const tla::Span& span) {
  for (const auto& [name, symbol] : from.symbols()) {
    if (symbol.is_local || (is_instance && !symbol.IsOffered())) continue;
    const Symbol* present = Find(name);
    if (present != nullptr && present->is_weak) {
      if (symbol.is_weak) continue;
    } else if (present != nullptr) {
      if (symbol.is_weak) continue;
      const bool is_same_text = symbol.span.is_known() && present->span == symbol.span;
      if (present->IsSameAs(symbol) || is_same_text) continue;
      // Like other tools: two definitions of one shape are suspicious, the first one counts.
      const auto is_operator = [](const Symbol& s) {
        return s.kind == Symbol::Kind::kDefinition || s.kind == Symbol::Kind::kBuiltin;
      };
      const bool is_repeated =
          (is_operator(*present) && is_operator(symbol)) || (present->kind == symbol.kind && !is_operator(symbol));
      Report(is_repeated ? DiagnosticKind::kRepeatedDefinition : DiagnosticKind::kDuplicateName, span,
             {.found = name, .expected = DescribeOrigin(*present) + "; also " + DescribeOrigin(symbol)});
      continue;
    }
    Symbol imported = symbol;
    imported.is_local = is_local;
    imported.is_instanced = symbol.is_instanced || is_instance;
    frame().scope->Insert(name, imported);
  }
}

void Resolver::ImportBuiltins(const std::vector<OfferedBuiltin>& builtins, Scope& into, const tla::Span& span) {
  Scope scope;
  for (const OfferedBuiltin& offered : builtins) {
    const BuiltinInfo& info = InfoOf(offered.builtin);
    scope.Insert(info.text, {.kind = Symbol::Kind::kBuiltin,
                             .index = static_cast<std::uint32_t>(offered.builtin),
                             .arity = info.arity,
                             .is_weak = offered.is_weak,
                             .module = info.module});
  }
  if (&into == frame().scope) return Import(scope, false, false, span);
  for (const auto& [name, symbol] : scope.symbols()) {
    Symbol instanced = symbol;
    instanced.is_instanced = true;
    into.Insert(name, instanced);
  }
}

// --- declarations

// Inside an instance a declaration is what replaces it.
bool Resolver::TakeSubstitution(NodeId declaration, bool is_variable) {
  if (frame().site == nullptr) return false;
  Symbol symbol = Substitute(text(declaration), node(declaration).arity, is_variable, *frame().site);
  Limit(symbol, text(declaration), is_variable);
  if (CheckFree(text(declaration), node(declaration).span)) {
    symbol.is_local = false;
    symbol.is_substituted = true;
    frame().scope->Insert(text(declaration), symbol);
  }
  return true;
}

// In a module with variables a constant stays a constant; without, anything may replace it.
void Resolver::Limit(const Symbol& replacement, std::string_view name, bool is_variable) {
  Site& site = *frame().site;
  site.has_variables = site.has_variables || is_variable;
  const bool is_definition = replacement.kind == Symbol::Kind::kDefinition;
  if (!is_definition && replacement.kind != Symbol::Kind::kVariable) return;
  SubstitutionLimit limit{.limit = is_variable ? Level::kState : Level::kConstant,
                          .name = std::string(name),
                          .is_operator = replacement.arity > 0,
                          .span = site.frame.syntax->node(site.instance).span};
  if (is_definition) limit.definition = DefinitionId{replacement.index};
  site.substituted.push_back(std::move(limit));
}

// Like other tools: the same declaration once more is suspicious, the first one counts.
bool Resolver::IsDeclaredAgain(NodeId declaration, Symbol::Kind kind) {
  const Symbol* present = Find(text(declaration));
  if (present == nullptr || present->kind != kind || present->arity != node(declaration).arity) return false;
  Report(DiagnosticKind::kRepeatedDefinition, node(declaration).span,
         {.found = std::string(text(declaration)), .expected = DescribeOrigin(*present)});
  return true;
}

void Resolver::DeclareConstants(NodeId unit) {
  for (const NodeId declaration : children(unit)) {
    if (TakeSubstitution(declaration, false) || IsDeclaredAgain(declaration, Symbol::Kind::kConstant)) continue;
    if (!CheckFree(text(declaration), node(declaration).span)) continue;
    frame().scope->Insert(text(declaration), {.kind = Symbol::Kind::kConstant,
                                              .index = static_cast<std::uint32_t>(spec_->constants.size()),
                                              .arity = node(declaration).arity,
                                              .span = node(declaration).span,
                                              .module = frame().module});
    spec_->constants.push_back(
        {.name = std::string(text(declaration)), .arity = node(declaration).arity, .span = node(declaration).span});
  }
}

void Resolver::DeclareVariables(NodeId unit) {
  for (const NodeId declaration : children(unit)) {
    if (TakeSubstitution(declaration, true) || IsDeclaredAgain(declaration, Symbol::Kind::kVariable)) continue;
    if (!CheckFree(text(declaration), node(declaration).span)) continue;
    frame().scope->Insert(text(declaration), {.kind = Symbol::Kind::kVariable,
                                              .index = static_cast<std::uint32_t>(spec_->variables.size()),
                                              .span = node(declaration).span,
                                              .module = frame().module});
    spec_->variables.push_back({.name = std::string(text(declaration)), .span = node(declaration).span});
  }
}

void Resolver::WalkAssume(NodeId unit) {
  const bool is_named = !text(unit).empty();
  // An instance's assumptions are obligations of a proof, not of a model.
  if (frame().is_instance && !is_named) return;
  const std::vector<Parameter> outer_context = context_;
  const std::vector<Parameter> parameters = BeginContext(frame().prototypes);
  const auto statement = children(unit).first(1);
  const ExprId body = is_named ? ResolveInLabelScope(statement).front() : Resolve(statement.front());
  context_ = outer_context;
  if (is_named) DefineFact(unit, body, parameters);
  if (!frame().is_instance) spec_->assumptions.push_back({.name = std::string(text(unit)), .body = body});
}

void Resolver::WalkTheorem(NodeId unit) {
  const NodeId body = children(unit).front();
  const bool is_named = !text(unit).empty();
  if (node(body).kind == NodeKind::kAssumeProve) {
    // Sequents bind names of their own and are left to provers, but their names must exist.
    if (!frame().is_instance) {
      const std::vector<Parameter> outer_context = context_;
      BeginContext(frame().prototypes);
      LabelScope scope{.locals_begin = locals_.size()};
      LabelScope* const outer = std::exchange(label_scope_, is_named ? &scope : nullptr);
      ResolveSequent(body);
      label_scope_ = outer;
      context_ = outer_context;
    }
    if (!is_named || !CheckFree(text(unit), node(unit).span)) return;
    frame().scope->Insert(text(unit), {.kind = Symbol::Kind::kFact, .span = node(unit).span, .module = frame().module});
    return;
  }
  // Nobody evaluates a theorem, but its names must exist.
  if (frame().is_instance && !is_named) return;
  const std::vector<Parameter> outer_context = context_;
  const std::vector<Parameter> parameters = BeginContext(frame().prototypes);
  const ExprId resolved = is_named ? ResolveInLabelScope(children(unit).first(1)).front() : Resolve(body);
  context_ = outer_context;
  if (is_named) DefineFact(unit, resolved, parameters);
}

// A named theorem or assumption may be used like a definition.
void Resolver::DefineFact(NodeId unit, ExprId body, const std::vector<Parameter>& parameters) {
  if (!CheckFree(text(unit), node(unit).span)) return;
  const DefinitionId id = AddDefinition({.name = frame().prefix + std::string(text(unit)),
                                         .module = std::string(frame().module),
                                         .parameters = parameters,
                                         .body = body,
                                         .span = node(unit).span,
                                         .name_span = node(unit).span},
                                        false);
  frame().scope->Insert(text(unit), {.kind = Symbol::Kind::kDefinition,
                                     .index = id.index,
                                     .context_arity = static_cast<std::uint32_t>(parameters.size()),
                                     .span = node(unit).span,
                                     .module = frame().module});
}

// --- making things

ExprId Resolver::Add(Expr expr) {
  spec_->exprs.push_back(std::move(expr));
  return ExprId{static_cast<std::uint32_t>(spec_->exprs.size() - 1)};
}

ExprId Resolver::Add(ExprKind kind, const tla::Span& span, ExprIds operands) {
  Expr expr{.kind = kind, .span = span};
  expr.operands = std::move(operands);
  return Add(std::move(expr));
}

ExprId Resolver::AddError(const tla::Span& span) { return Add(ExprKind::kBool, span); }

LocalId Resolver::NewLocal(std::string_view name) {
  spec_->local_names.emplace_back(name);
  local_facts_.emplace_back();
  return LocalId{static_cast<std::uint32_t>(spec_->local_names.size() - 1)};
}

LocalId Resolver::BindLocal(std::string_view name, const tla::Span& span, std::uint32_t arity) {
  CheckFree(name, span);
  const LocalId local = NewLocal(name);
  PushLocal(name, {.kind = Symbol::Kind::kLocal, .index = local.index, .arity = arity, .span = span});
  return local;
}

}  // namespace kelpie::resolve
