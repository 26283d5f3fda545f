// Uses of names through instances: I!Op, I(a)!J!Op(b), Op!:.
#include <utility>

#include "tla/resolve/resolver.h"

namespace kelpie::resolve {

using ast::NodeKind;
using tla::DiagnosticKind;
using tla::Span;

namespace {

std::string Quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

}  // namespace

// `Op!:` is the whole right side of Op: Op itself, when it takes no arguments.
std::span<const ast::NodeId> Resolver::StepsOf(NodeId id) const {
  const auto steps = children(id);
  return text(steps.back()) == ":" ? steps.first(steps.size() - 1) : steps;
}

const Symbol* Resolver::FindQualified(NodeId id, ExprIds& context_arguments, std::size_t& step_count) {
  const auto steps = StepsOf(id);
  step_count = steps.size();
  const Scope* scope = nullptr;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const NodeId step = steps[i];
    const Span& span = node(step).kind == NodeKind::kApply ? node(step).name_span : node(step).span;
    bool is_last = i + 1 == steps.size();
    const Symbol* symbol = nullptr;
    if (scope == nullptr) {
      symbol = Find(text(step));
    } else if (node(step).kind != NodeKind::kNumber) {
      symbol = scope->Find(text(step));
      if (symbol != nullptr && !symbol->IsOffered()) symbol = nullptr;
    }
    if (symbol == nullptr) {
      std::string hint = scope == nullptr ? HintFor(text(step)) : "";
      if (scope != nullptr) {
        NearestName nearest(text(step));
        for (const auto& [candidate, ignored] : scope->symbols()) nearest.Offer(candidate);
        hint = nearest.Hint();
      }
      ReportUndefined(text(step), span, std::move(hint));
      return nullptr;
    }
    if (symbol->kind == Symbol::Kind::kDefinition) {
      // What follows names a part of its right side.
      step_count = i + 1;
      is_last = true;
    }
    if (is_last && scope == nullptr) context_arguments = ImplicitContext(symbol->context_arity, span);
    if (is_last)
      return symbol->kind == Symbol::Kind::kInstance || symbol->kind == Symbol::Kind::kModule
                 ? FindOrReport(text(step), span)
                 : symbol;
    if (symbol->kind != Symbol::Kind::kInstance) {
      Report(DiagnosticKind::kBadSelection, span,
             {.found = std::string(text(step)), .expected = "only definitions, theorems and assumptions have parts"});
      return nullptr;
    }
    const Instance& instance = *instances_[symbol->index];
    if (scope == nullptr) context_arguments = ImplicitContext(instance.context_arity, span);
    const auto arguments = node(step).kind == NodeKind::kApply ? children(step) : std::span<const NodeId>();
    if (arguments.size() != instance.parameter_arities.size()) {
      Report(DiagnosticKind::kWrongArity, span,
             {.found = Quoted(text(step)) + " gets " + std::to_string(arguments.size()) + " arguments",
              .expected = "the instance takes " + std::to_string(instance.parameter_arities.size())});
      return nullptr;
    }
    for (std::size_t k = 0; k < arguments.size(); ++k) {
      context_arguments.push_back(ResolveArgument(arguments[k], instance.parameter_arities[k]));
    }
    scope = &instance.scope;
  }
  return nullptr;
}

ExprId Resolver::ResolveQualified(NodeId id) {
  ExprIds context;
  std::size_t step_count = 0;
  const Symbol* found = FindQualified(id, context, step_count);
  if (found == nullptr) return AddError(node(id).span);
  const Symbol symbol = *found;
  // Built-ins and aliases of an instance do not depend on its arguments.
  if (symbol.kind != Symbol::Kind::kDefinition) context.clear();
  if (context.size() > symbol.context_arity) context.resize(symbol.context_arity);
  if (step_count < StepsOf(id).size()) return ResolveSelection(id, symbol, context, step_count, 0);
  const NodeId last = StepsOf(id).back();
  const auto arguments = node(last).kind == NodeKind::kApply ? children(last) : std::span<const NodeId>();
  return Apply(symbol, text(last), context, arguments, node(id).span,
               node(last).kind == NodeKind::kApply ? node(last).name_span : node(last).span);
}

}  // namespace kelpie::resolve
