#include <algorithm>
#include <set>
#include <utility>

#include "tla/resolve/builtins.h"
#include "tla/resolve/resolver.h"

namespace kelpie::resolve {

using ast::NodeKind;
using tla::DiagnosticKind;
using tla::Span;

namespace {

// Instances are copies, and copies of copies grow without bound.
constexpr std::size_t kInstanceCountMax = 1000;

std::string Quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

}  // namespace

void Resolver::DefineInstance(NodeId unit, bool in_let) {
  const auto parts = children(unit);
  const std::string_view name = text(unit);
  const Span name_span = node(parts.front()).span;
  const bool is_free = CheckFree(name, name_span);
  std::vector<Parameter> parameters;
  auto instance = std::make_unique<Instance>();
  for (const NodeId declaration : parts.subspan(1, parts.size() - 2)) {
    CheckFree(text(declaration), node(declaration).span);
    parameters.push_back(
        {.name = std::string(text(declaration)), .arity = node(declaration).arity, .span = node(declaration).span});
    instance->parameter_arities.push_back(node(declaration).arity);
  }
  instance->context_arity = static_cast<std::uint32_t>(in_let ? context_.size() : frame().prototypes.size());
  Instantiate(parts.back(), parameters, in_let, frame().prefix + std::string(name) + "!", instance->scope);
  if (!is_free) return;
  instances_.push_back(std::move(instance));
  const Symbol symbol{.kind = Symbol::Kind::kInstance,
                      .index = static_cast<std::uint32_t>(instances_.size() - 1),
                      .arity = static_cast<std::uint32_t>(parameters.size()),
                      .is_local = node(unit).is_local,
                      .span = name_span,
                      .module = frame().module};
  if (in_let) {
    PushLocal(name, symbol);
  } else {
    frame().scope->Insert(name, symbol);
  }
}

void Resolver::WalkInstance(NodeId unit) {
  spec_->imports[std::string(frame().module)].emplace(text(unit));
  Scope scope;
  Instantiate(unit, {}, false, frame().prefix, scope);
  Import(scope, true, node(unit).is_local, node(unit).span);
}

void Resolver::Instantiate(NodeId instance, const std::vector<Parameter>& parameters, bool in_let,
                           const std::string& prefix, Scope& into) {
  const std::string_view name = text(instance);
  const Span span = node(instance).span;
  Site site{.frame = frame(),
            .instance = instance,
            .context = context_,
            .at = at_,
            .parameters = parameters,
            .prototypes = in_let ? context_ : frame().prototypes,
            .prefix = prefix,
            .used = {}};
  site.prototypes.insert(site.prototypes.end(), parameters.begin(), parameters.end());
  if (++instance_count_ > kInstanceCountMax) {
    Report(DiagnosticKind::kTooManyModules, span, {.expected = std::to_string(kInstanceCountMax) + " instances"});
    return;
  }
  const Symbol* symbol = Find(name);
  if (symbol != nullptr && symbol->kind == Symbol::Kind::kModule) {
    const Submodule submodule = submodules_[symbol->index];
    WalkInstanced(*submodule.syntax, submodule.node, *submodule.file, submodule.outer, site, into);
  } else {
    bool was_found = false;
    const LoadedModule* file = library_.Find(name, frame().file->directory, span, was_found);
    if (file != nullptr) {
      WalkInstanced(*file->syntax, file->syntax->root(), *file, nullptr, site, into);
    } else if (was_found) {
      misses_module_ = true;
      return;
    } else if (const std::vector<OfferedBuiltin>* builtins = FindStandardModule(name)) {
      ImportBuiltins(*builtins, into, span);
    } else if (IsKnownForeignModule(name)) {
      misses_module_ = true;
      Report(DiagnosticKind::kUnsupported, span,
             {.found = "module " + Quoted(name),
              .expected = "put its source beside the specification or on the library path"});
      return;
    } else {
      misses_module_ = true;
      Report(DiagnosticKind::kModuleNotFound, span, {.found = std::string(name)});
      return;
    }
  }
  for (SubstitutionLimit& limit : site.substituted) {
    if (!site.has_variables) limit.limit = Level::kTemporal;
    substitution_limits_.push_back(std::move(limit));
  }
  std::set<std::string_view> seen;
  for (const NodeId substitution : children(instance)) {
    if (seen.insert(text(substitution)).second && site.used.contains(text(substitution))) continue;
    Report(DiagnosticKind::kBadSubstitution, node(substitution).span,
           {.found = "module " + Quoted(name) + " has no constant or variable " + Quoted(text(substitution)),
            .expected = "WITH replaces what the module declares, each once"});
  }
}

void Resolver::WalkInstanced(const ast::Module& syntax, NodeId module, const LoadedModule& file, const Scope* outer,
                             Site& site, Scope& into) {
  const std::string key = file.path + "!" + std::string(syntax.text(module));
  const bool is_circle = std::find(walking_.begin(), walking_.end(), key) != walking_.end() ||
                         (outer == nullptr && std::find(walking_.begin(), walking_.end(), file.path) != walking_.end());
  if (is_circle) {
    std::string circle;
    for (const std::string& path : walking_) circle += path + " -> ";
    Report(DiagnosticKind::kCircularExtends, node(site.instance).span,
           {.found = std::string(syntax.text(module)), .expected = circle + file.path});
    return;
  }
  std::map<std::string, std::shared_ptr<Scope>, std::less<>> extended;
  Frame inner;
  inner.file = &file;
  inner.syntax = &syntax;
  inner.module = syntax.text(module);
  inner.scope = &into;
  inner.outer = outer;
  inner.locals_begin = locals_.size();
  inner.is_instance = true;
  inner.prefix = site.prefix;
  inner.site = &site;
  inner.prototypes = site.prototypes;
  inner.extended = &extended;
  const std::vector<Parameter> context = std::exchange(context_, {});
  const std::vector<LocalId> at = std::exchange(at_, {});
  frames_.push_back(std::move(inner));
  walking_.push_back(key);
  WalkModule(module);
  walking_.pop_back();
  frames_.pop_back();
  context_ = context;
  at_ = at;
}

// What replaces a declaration, resolved where the INSTANCE stands.
Symbol Resolver::Substitute(std::string_view name, std::uint32_t arity, bool is_variable, Site& site) {
  const std::vector<Parameter> context = std::exchange(context_, site.context);
  const std::vector<LocalId> at = std::exchange(at_, site.at);
  frames_.push_back(site.frame);
  NodeId value;
  for (const NodeId substitution : children(site.instance)) {
    if (text(substitution) == name && !value.is_valid()) value = children(substitution).front();
  }
  site.used.insert(std::string(name));
  Symbol result;
  const Span span = value.is_valid() ? node(value).span : node(site.instance).span;
  const std::string_view wanted = value.is_valid() && node(value).kind == NodeKind::kName ? text(value)
                                  : value.is_valid()                                      ? ""
                                                                                          : name;
  const bool is_parameter = std::any_of(site.parameters.begin(), site.parameters.end(),
                                        [&](const Parameter& parameter) { return parameter.name == wanted; });
  const Symbol* alias = wanted.empty() || is_parameter ? nullptr : Find(wanted);
  const bool is_plain = alias != nullptr && alias->kind != Symbol::Kind::kInstance &&
                        alias->kind != Symbol::Kind::kModule && alias->kind != Symbol::Kind::kFact;
  const bool stands_already =
      is_plain && (alias->kind == Symbol::Kind::kVariable ||
                   (alias->kind == Symbol::Kind::kDefinition && spec_->definitions[alias->index].stands_for_variable));
  if (is_plain && alias->arity == arity && (!is_variable || stands_already)) {
    result = *alias;
  } else if (!value.is_valid() && !is_parameter && !is_plain) {
    Report(DiagnosticKind::kBadSubstitution, span,
           {.found = "module " + Quoted(text(site.instance)) + " needs a value for " + Quoted(name),
            .expected = "write `WITH " + std::string(name) + " <- ...` or declare the name here"});
    result = {.kind = Symbol::Kind::kConstant, .index = 0, .arity = arity, .span = span};
  } else {
    result = DefineSubstitution(is_parameter && !value.is_valid() ? wanted : name, arity, value, site);
    spec_->definitions[result.index].stands_for_variable = is_variable;
  }
  frames_.pop_back();
  context_ = context;
  at_ = at;
  return result;
}

// A hidden definition whose body is the substituted expression.
Symbol Resolver::DefineSubstitution(std::string_view name, std::uint32_t arity, NodeId value, const Site& site) {
  const std::size_t mark = locals_.size();
  const Span span = value.is_valid() ? node(value).span : node(site.instance).span;
  const std::vector<Parameter> outer_context = context_;
  Definition definition{.name = site.prefix + std::string(name),
                        .module = std::string(frame().module),
                        .parameters = BeginContext(site.prototypes),
                        .is_local = true,
                        .span = span,
                        .name_span = span};
  const auto context_arity = static_cast<std::uint32_t>(definition.parameters.size());
  const std::size_t first_own = definition.parameters.size() - site.parameters.size();
  for (std::size_t i = first_own; i < definition.parameters.size(); ++i) {
    const Parameter& parameter = definition.parameters[i];
    PushLocal(parameter.name, {.kind = Symbol::Kind::kLocal,
                               .index = parameter.local.index,
                               .arity = parameter.arity,
                               .span = parameter.span});
  }
  if (arity == 0) {
    definition.body = value.is_valid() ? Resolve(value) : ResolveUse(name, {}, span, span);
  } else {
    // The operator itself, applied to parameters of the same number.
    const ExprId op = value.is_valid() ? ResolveArgument(value, arity) : AddError(span);
    const Expr resolved = spec_->expr(op);
    ExprIds arguments;
    for (std::uint32_t i = 0; i < arity; ++i) {
      const std::string own = "_" + std::to_string(i + 1);
      definition.parameters.push_back({.name = own, .local = NewLocal(own), .span = span});
      Expr use{.kind = ExprKind::kLocal, .span = span};
      use.local = definition.parameters.back().local;
      arguments.push_back(Add(std::move(use)));
    }
    if (resolved.kind == ExprKind::kLambda) {
      // A LAMBDA's parameters become the definition's.
      for (std::uint32_t i = 0; i < arity; ++i) {
        definition.parameters[context_arity + i].local = resolved.bounds[0].locals[i];
      }
      definition.body = resolved.operands[0];
    } else {
      Expr apply{.kind = ExprKind::kApply, .span = span};
      apply.operands = std::move(arguments);
      apply.definition = resolved.definition;
      apply.local = resolved.local;
      apply.builtin = resolved.builtin;
      apply.is_instanced = resolved.is_instanced;
      if (resolved.kind == ExprKind::kBuiltinRef) apply.kind = ExprKind::kBuiltin;
      if (resolved.kind == ExprKind::kOperatorRef && !resolved.definition.is_valid())
        apply.kind = ExprKind::kApplyLocal;
      if (resolved.kind == ExprKind::kBool) apply = resolved;  // it was reported
      definition.body = Add(std::move(apply));
    }
  }
  locals_.resize(mark);
  context_ = outer_context;
  const DefinitionId id = AddDefinition(std::move(definition), false);
  return {.kind = Symbol::Kind::kDefinition,
          .index = id.index,
          .arity = arity,
          .context_arity = context_arity,
          .span = span,
          .module = frame().module};
}

}  // namespace kelpie::resolve
