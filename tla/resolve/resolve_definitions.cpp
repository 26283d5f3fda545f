#include <algorithm>
#include <utility>

#include "tla/resolve/resolver.h"
#include "tla/syntax/token.h"

namespace kelpie::resolve {

using ast::NodeKind;
using tla::DiagnosticKind;
using tla::Span;

std::vector<Parameter> Resolver::BeginContext(const std::vector<Parameter>& prototypes) {
  std::vector<Parameter> fresh = prototypes;
  for (Parameter& parameter : fresh) parameter.local = NewLocal(parameter.name);
  context_ = fresh;
  return fresh;
}

Parameter Resolver::MakeParameter(NodeId declaration) {
  Parameter parameter{
      .name = std::string(text(declaration)), .arity = node(declaration).arity, .span = node(declaration).span};
  parameter.local = BindLocal(parameter.name, parameter.span, parameter.arity);
  return parameter;
}

DefinitionId Resolver::AddDefinition(Definition definition, bool in_let) {
  spec_->definitions.push_back(std::move(definition));
  const DefinitionId id{static_cast<std::uint32_t>(spec_->definitions.size() - 1)};
  // A LET lists the definitions of its instances too.
  if (!in_let && let_definitions_ != nullptr) {
    spec_->definitions.back().is_local = true;
    let_definitions_->push_back(id);
  }
  return id;
}

void Resolver::DeclareRecursive(NodeId unit, bool in_let) {
  for (const NodeId declaration : children(unit)) {
    const Span span = node(declaration).span;
    if (!CheckFree(text(declaration), span)) continue;
    const std::vector<Parameter> prototypes = in_let ? std::vector<Parameter>() : frame().prototypes;
    Definition definition{.name = frame().prefix + std::string(text(declaration)),
                          .module = std::string(frame().module),
                          .parameters = prototypes,
                          .is_recursive = true,
                          .is_local = in_let,
                          .span = span,
                          .name_span = span};
    for (Parameter& parameter : definition.parameters) parameter.local = NewLocal(parameter.name);
    for (std::uint32_t i = 0; i < node(declaration).arity; ++i) {
      const std::string name = "_" + std::to_string(i + 1);
      definition.parameters.push_back({.name = name, .local = NewLocal(name), .span = span});
    }
    const DefinitionId id = AddDefinition(std::move(definition), in_let);
    const Symbol symbol{.kind = Symbol::Kind::kDefinition,
                        .index = id.index,
                        .arity = node(declaration).arity,
                        .context_arity = static_cast<std::uint32_t>(prototypes.size()),
                        .span = span,
                        .module = frame().module};
    undefined_recursive_.insert(id.index);
    if (in_let) {
      PushLocal(text(declaration), symbol);
    } else {
      frame().scope->Insert(text(declaration), symbol);
    }
  }
}

void Resolver::CheckRecursiveDefined(const std::set<std::uint32_t>& outer) {
  for (const std::uint32_t index : undefined_recursive_) {
    if (outer.contains(index)) continue;
    Definition& definition = spec_->definitions[index];
    Report(DiagnosticKind::kRecursiveUndefined, definition.name_span, {.found = definition.name});
    definition.body = AddError(definition.span);
  }
  undefined_recursive_ = outer;
}

DefinitionId Resolver::Define(NodeId unit, bool in_let) {
  const auto parts = children(unit);
  const std::string_view name = text(unit);
  const Span name_span = node(parts.front()).span;
  const bool is_function = node(unit).kind == NodeKind::kFunctionDefinition;

  const Symbol* declared = Find(name);
  std::optional<DefinitionId> forward;
  if (declared != nullptr && declared->kind == Symbol::Kind::kDefinition &&
      undefined_recursive_.contains(declared->index)) {
    forward = DefinitionId{declared->index};
  }
  const bool is_free = forward || CheckFree(name, name_span);

  const std::size_t mark = locals_.size();
  const std::vector<Parameter> outer_context = context_;
  Definition definition{.name = frame().prefix + std::string(name), .module = std::string(frame().module)};
  if (in_let) {
    definition.name = name;
  } else {
    definition.parameters = BeginContext(frame().prototypes);
  }
  const auto context_arity = static_cast<std::uint32_t>(definition.parameters.size());
  if (!is_function) {
    for (const NodeId parameter : parts.subspan(1, parts.size() - 2)) {
      definition.parameters.push_back(MakeParameter(parameter));
    }
  }
  const auto arity = static_cast<std::uint32_t>(definition.parameters.size()) - context_arity;
  if (forward && spec_->definition(*forward).parameters.size() != definition.parameters.size()) {
    Report(DiagnosticKind::kWrongArity, name_span,
           {.found = "`" + std::string(name) + "` is defined with " + std::to_string(arity) + " parameters",
            .expected = "its RECURSIVE declaration has " +
                        std::to_string(spec_->definition(*forward).parameters.size() - context_arity)});
  }
  // RECURSIVE F(_, _) does not say which parameters are operators; the definition does, and its own
  // body must know.
  if (forward && spec_->definition(*forward).parameters.size() == definition.parameters.size()) {
    spec_->definitions[forward->index].parameters = definition.parameters;
  }
  definition.body = is_function ? ResolveFunctionBody(unit, name) : ResolveInLabelScope(parts.last(1)).front();
  locals_.resize(mark);
  context_ = outer_context;
  definition.is_recursive = forward.has_value() || is_function;
  definition.is_local = in_let || node(unit).is_local;
  definition.span = node(unit).span;
  definition.name_span = name_span;

  if (forward) {
    undefined_recursive_.erase(forward->index);
    definition.is_local = definition.is_local || spec_->definitions[forward->index].is_local;
    spec_->definitions[forward->index] = std::move(definition);
    return *forward;
  }
  const DefinitionId id = AddDefinition(std::move(definition), in_let);
  if (context_arity > 0) context_arities_[id.index] = context_arity;
  if (!is_free) return id;
  const Symbol symbol{.kind = Symbol::Kind::kDefinition,
                      .index = id.index,
                      .arity = arity,
                      .context_arity = context_arity,
                      .is_local = node(unit).is_local,
                      .span = name_span,
                      .module = frame().module};
  if (in_let) {
    PushLocal(name, symbol);
  } else {
    frame().scope->Insert(name, symbol);
  }
  return id;
}

// f[x \in S] == e: inside, f is the function itself.
ExprId Resolver::ResolveFunctionBody(NodeId unit, std::string_view name) {
  const auto parts = children(unit);
  const LocalId self = NewLocal(name);
  Expr function{.kind = ExprKind::kRecursiveFunction, .span = node(unit).span};
  LabelScope scope{.locals_begin = locals_.size()};
  LabelScope* const outer = std::exchange(label_scope_, &scope);
  function.bounds = ResolveBounds(parts.subspan(1, parts.size() - 2));
  PushLocal(name, {.kind = Symbol::Kind::kLocal, .index = self.index, .span = node(parts.front()).span});
  // The function's own name is no parameter of a label.
  std::rotate(locals_.begin() + static_cast<std::ptrdiff_t>(scope.locals_begin), locals_.end() - 1, locals_.end());
  ++scope.locals_begin;
  function.operands = {Resolve(parts.back())};
  label_scope_ = outer;
  function.local = self;
  return Add(std::move(function));
}

}  // namespace kelpie::resolve
