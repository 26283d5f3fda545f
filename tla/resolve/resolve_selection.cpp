// Names of parts of a definition's right side: F(1)!2, F!lab(a)!<<, P!(3)!1 ("TLA+2", section on subexpressions).
//
// A part becomes a hidden definition: its body is a copy of the part, with the definition's parameters
// and the bound names on the way to it as parameters. So nothing behind the resolver sees selections.
#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <utility>

#include "tla/resolve/resolver.h"

namespace kelpie::resolve {

using ast::NodeKind;
using tla::DiagnosticKind;
using tla::Span;

struct Resolver::Selection {
  ExprId at;
  std::optional<CaseArm> arm;                   // a CASE's arm, whose parts are guard and value
  std::vector<LocalId> bound;                   // names on the way that became parameters
  ExprIds arguments;                            // for `bound`, as far as they were given
  std::vector<ExprId> lets;                     // LETs on the way: the part may use what they define
  std::map<LocalId, LocalId> locals;            // old to new, while copying
  std::map<DefinitionId, DefinitionId> copied;  // of LETs
};

namespace {

bool IsOperatorArgument(ExprKind kind) {
  return kind == ExprKind::kLambda || kind == ExprKind::kOperatorRef || kind == ExprKind::kBuiltinRef;
}

std::vector<LocalId> LocalsOf(const Expr& binder) {
  std::vector<LocalId> locals;
  for (const Bound& bound : binder.bounds) locals.insert(locals.end(), bound.locals.begin(), bound.locals.end());
  return locals;
}

}  // namespace

ExprId Resolver::ResolveSelection(NodeId id, const Symbol& symbol, ExprIds context, std::size_t step_count,
                                  std::uint32_t arity) {
  const Span span = node(id).span;
  const auto steps = StepsOf(id);
  const NodeId named = steps[step_count - 1];
  const auto arguments = node(named).kind == NodeKind::kApply ? children(named) : std::span<const NodeId>();
  if (context.size() > symbol.context_arity) context.resize(symbol.context_arity);
  if (arguments.size() != symbol.arity) return ReportArity(symbol, text(named), arguments.size(), span, span);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    context.push_back(ResolveArgument(arguments[i], ParameterArity(symbol, i)));
  }
  const Definition whole = spec_->definition(DefinitionId{symbol.index});
  Selection selection{.at = whole.body};
  bool is_found = whole.body.is_valid();
  for (std::size_t i = step_count; i < steps.size() && is_found; ++i) {
    is_found = SelectStep(steps[i], i + 1 == steps.size(), selection);
    if (!is_found) {
      Report(DiagnosticKind::kBadSelection, node(steps[i]).span,
             {.found = std::string(text(steps[i])),
              .expected = "a part is named by its number, `<<`, `>>`, a label or, "
                          "for what binds names, by values in parentheses"});
    }
  }
  const std::size_t missing = selection.bound.size() - selection.arguments.size();
  const bool is_value = is_found && !selection.arm && !IsOperatorArgument(spec_->expr(selection.at).kind);
  if (!is_value || missing != arity) {
    if (is_found) {
      Report(DiagnosticKind::kNotAnExpression, span,
             {.found = "this part", .expected = arity > 0 ? "an operator is needed" : "a value is needed"});
    }
    return AddError(span);
  }
  const DefinitionId part = DefineSelection(whole, selection, span);
  const auto apply = [&](const ExprIds& own) {
    Expr expr{.kind = ExprKind::kApply, .span = span};
    expr.operands = context;
    expr.operands.insert(expr.operands.end(), selection.arguments.begin(), selection.arguments.end());
    expr.operands.insert(expr.operands.end(), own.begin(), own.end());
    expr.definition = part;
    return Add(std::move(expr));
  };
  return arity > 0 ? WrapInLambda(span, arity, apply) : apply({});
}

bool Resolver::SelectStep(NodeId step, bool is_last, Selection& selection) {
  const std::string_view name = text(step);
  const auto arguments = node(step).kind == NodeKind::kApply ? children(step) : std::span<const NodeId>();
  if (selection.bound.size() > selection.arguments.size()) return false;  // behind `!@`
  if (node(step).kind == NodeKind::kNumber) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc() && SelectOperand(number, selection);
  }
  if (name == "<<") return arguments.empty() && SelectOperand(1, selection);
  if (selection.arm) return false;
  while (spec_->expr(selection.at).kind == ExprKind::kLabel && (name.empty() || name == "@" || name == ">>")) {
    selection.at = spec_->expr(selection.at).operands.front();
  }
  if (name == ">>") return spec_->expr(selection.at).operands.size() == 2 && SelectOperand(2, selection);
  if (name.empty() || name == "@") {
    const Expr& binder = spec_->expr(selection.at);
    const std::vector<LocalId> bound = LocalsOf(binder);
    if (bound.empty() || binder.operands.empty()) return false;
    selection.at = binder.operands.front();
    if (name == "@") {
      selection.bound.insert(selection.bound.end(), bound.begin(), bound.end());
      return is_last;
    }
    if (bound.size() != arguments.size()) return false;
    BindSelected(bound, arguments, selection);
    return true;
  }
  std::vector<LocalId> bound;
  if (!SelectLabel(selection.at, name, bound, selection) || bound.size() != arguments.size()) return false;
  BindSelected(bound, arguments, selection);
  return true;
}

void Resolver::BindSelected(const std::vector<LocalId>& bound, std::span<const NodeId> arguments,
                            Selection& selection) {
  selection.bound.insert(selection.bound.end(), bound.begin(), bound.end());
  for (const NodeId argument : arguments) selection.arguments.push_back(Resolve(argument));
}

bool Resolver::SelectOperand(std::size_t number, Selection& selection) {
  if (selection.arm) {
    selection.at = number == 1 ? selection.arm->guard : number == 2 ? selection.arm->value : ExprId{};
    selection.arm.reset();
    return selection.at.is_valid();
  }
  while (spec_->expr(selection.at).kind == ExprKind::kLabel) selection.at = spec_->expr(selection.at).operands.front();
  const Expr& whole = spec_->expr(selection.at);
  if (number == 0) return false;
  if (whole.kind == ExprKind::kLet) selection.lets.push_back(selection.at);
  if (whole.kind == ExprKind::kCase) {
    if (number > whole.arms.size()) return false;
    selection.arm = whole.arms[number - 1];
    return true;
  }
  if (!whole.bounds.empty()) {  // a binder: its sets; its body needs values for the names
    if (number > whole.bounds.size() || !whole.bounds[number - 1].set.is_valid()) return false;
    selection.at = whole.bounds[number - 1].set;
    return true;
  }
  if (whole.kind == ExprKind::kField && number == 2) {
    Expr field{.kind = ExprKind::kString, .span = whole.span};
    field.text = whole.text;
    selection.at = Add(std::move(field));
    return true;
  }
  std::size_t hidden = 0;
  if (whole.kind == ExprKind::kApply) {
    const auto found = context_arities_.find(whole.definition.index);
    if (found != context_arities_.end()) hidden = found->second;
  }
  if (number + hidden > whole.operands.size()) return false;
  selection.at = whole.operands[number + hidden - 1];
  return true;
}

// Looks below `from`, but not below other labels, whose own labels are reached through them.
bool Resolver::SelectLabel(ExprId from, std::string_view name, std::vector<LocalId>& bound,
                           Selection& selection) const {
  if (!from.is_valid()) return false;
  const Expr& expr = spec_->expr(from);
  if (expr.kind == ExprKind::kLabel) {
    if (expr.fields.front() != name) return false;
    selection.at = expr.operands.front();
    return true;
  }
  for (const Bound& one : expr.bounds) {
    if (SelectLabel(one.set, name, bound, selection)) return true;
  }
  for (const CaseArm& arm : expr.arms) {
    if (SelectLabel(arm.guard, name, bound, selection) || SelectLabel(arm.value, name, bound, selection)) return true;
  }
  const std::size_t mark = bound.size();
  const std::vector<LocalId> own = LocalsOf(expr);
  bound.insert(bound.end(), own.begin(), own.end());
  if (expr.kind == ExprKind::kLet) selection.lets.push_back(from);
  for (const ExprId operand : expr.operands) {
    if (SelectLabel(operand, name, bound, selection)) return true;
  }
  if (expr.kind == ExprKind::kLet) selection.lets.pop_back();
  bound.resize(mark);
  return false;
}

DefinitionId Resolver::DefineSelection(const Definition& whole, const Selection& found, const Span& span) {
  Selection selection = found;
  Definition part{.name = whole.name + "!" + std::to_string(spec_->definitions.size()),
                  .module = std::string(frame().module),
                  .is_local = true,
                  .span = span,
                  .name_span = span};
  for (const Parameter& parameter : whole.parameters) {
    Parameter fresh = parameter;
    fresh.local = selection.locals[parameter.local] = NewLocal(parameter.name);
    part.parameters.push_back(fresh);
  }
  for (const LocalId bound : selection.bound) {
    const std::string name = spec_->local_names[bound.index];
    const LocalId fresh = selection.locals[bound] = NewLocal(name);
    part.parameters.push_back({.name = name, .local = fresh, .span = span});
  }
  ExprIds copies;
  std::vector<std::vector<DefinitionId>> definitions;
  for (const ExprId let : selection.lets) {
    std::vector<DefinitionId> of_let;
    const std::vector<DefinitionId> originals = spec_->expr(let).definitions;
    for (const DefinitionId one : originals) of_let.push_back(CloneDefinition(one, selection));
    definitions.push_back(std::move(of_let));
  }
  part.body = Clone(selection.at, selection);
  for (std::size_t i = definitions.size(); i-- > 0;) {
    Expr let{.kind = ExprKind::kLet, .span = span};
    let.operands = {part.body};
    let.definitions = std::move(definitions[i]);
    part.body = Add(std::move(let));
  }
  return AddDefinition(std::move(part), false);
}

// Every binder of the copy has names of its own. Recursion is as deep as the tree, which is limited.
ExprId Resolver::Clone(ExprId id, Selection& selection) {
  if (!id.is_valid()) return id;
  Expr copy = spec_->expr(id);
  for (Bound& bound : copy.bounds) bound.set = Clone(bound.set, selection);
  const auto renew = [&](LocalId& local) {
    const LocalId fresh = NewLocal(std::string(spec_->local_names[local.index]));
    local_facts_[fresh.index].level = local_facts_[local.index].level;
    local = selection.locals[local] = fresh;
  };
  for (Bound& bound : copy.bounds) {
    for (LocalId& local : bound.locals) renew(local);
  }
  if (copy.kind == ExprKind::kRecursiveFunction) {
    renew(copy.local);
  } else if (const auto found = selection.locals.find(copy.local); found != selection.locals.end()) {
    copy.local = found->second;
  }
  for (DefinitionId& definition : copy.definitions) definition = CloneDefinition(definition, selection);
  for (ExprId& operand : copy.operands) operand = Clone(operand, selection);
  for (ExceptUpdate& update : copy.updates) {
    renew(update.at_local);
    local_facts_[update.at_local.index].at_source = copy.operands.front();
    for (ExprId& step : update.path) step = Clone(step, selection);
    update.value = Clone(update.value, selection);
  }
  for (CaseArm& arm : copy.arms) {
    arm.guard = Clone(arm.guard, selection);
    arm.value = Clone(arm.value, selection);
  }
  const auto definition = selection.copied.find(copy.definition);
  if (definition != selection.copied.end()) copy.definition = definition->second;
  return Add(std::move(copy));
}

DefinitionId Resolver::CloneDefinition(DefinitionId id, Selection& selection) {
  Definition copy = spec_->definition(id);
  for (Parameter& parameter : copy.parameters) {
    const LocalId fresh = NewLocal(parameter.name);
    parameter.local = selection.locals[parameter.local] = fresh;
  }
  const ExprId body = copy.body;
  const DefinitionId made = AddDefinition(std::move(copy), true);
  selection.copied[id] = made;  // before the body, which may be recursive
  const ExprId cloned = Clone(body, selection);
  spec_->definitions[made.index].body = cloned;
  return made;
}

}  // namespace kelpie::resolve
