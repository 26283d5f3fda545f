#include <functional>
#include <utility>

#include "tla/resolve/builtins.h"
#include "tla/resolve/resolver.h"
#include "tla/syntax/token.h"

namespace kelpie::resolve {

using ast::NodeKind;
using tla::DiagnosticKind;
using tla::Span;

namespace {

std::string Quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

std::string Count(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// Symbols of the language are found without any declaration.
const Symbol* FindLanguageSymbol(std::string_view name) {
  static const std::map<std::string, Symbol, std::less<>> table = [] {
    std::map<std::string, Symbol, std::less<>> symbols;
    for (const BuiltinInfo& info : AllBuiltins()) {
      if (!info.module.empty()) continue;
      symbols.emplace(std::string(info.text), Symbol{.kind = Symbol::Kind::kBuiltin,
                                                     .index = static_cast<std::uint32_t>(info.builtin),
                                                     .arity = info.arity});
    }
    return symbols;
  }();
  const auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

}  // namespace

const Symbol* Resolver::Find(std::string_view name) const {
  for (std::size_t i = locals_.size(); i > frame().locals_begin; --i) {
    if (locals_[i - 1].name == name) return &locals_[i - 1].symbol;
  }
  if (const Symbol* symbol = frame().scope->Find(name)) return symbol;
  if (frame().outer != nullptr) {
    if (const Symbol* symbol = frame().outer->Find(name)) return symbol;
  }
  return FindLanguageSymbol(name);
}

const Symbol* Resolver::FindOrReport(std::string_view name, const Span& span) {
  const Symbol* symbol = Find(name);
  if (symbol != nullptr && symbol->kind == Symbol::Kind::kFact) {
    Report(DiagnosticKind::kNotAnExpression, span,
           {.found = "the theorem or assumption " + Quoted(name), .expected = "only proofs may refer to it"});
    return nullptr;
  }
  if (symbol != nullptr && (symbol->kind == Symbol::Kind::kInstance || symbol->kind == Symbol::Kind::kModule)) {
    Report(DiagnosticKind::kNotAnExpression, span,
           {.found = "the module " + Quoted(name), .expected = "use an operator of an instance of it, `I!Op`"});
    return nullptr;
  }
  if (symbol == nullptr) ReportUndefined(name, span, HintFor(name));
  return symbol;
}

// After a module that could not be found every name could have been defined there.
void Resolver::ReportUndefined(std::string_view name, const Span& span, std::string hint) {
  if (misses_module_) return;
  Report(DiagnosticKind::kUndefinedName, span, {.found = std::string(name), .hint = std::move(hint)});
}

std::string Resolver::HintFor(std::string_view name) const {
  if (const std::string_view module = ModuleThatDefines(name); !module.empty()) {
    return "EXTENDS " + std::string(module);
  }
  if (frame().later_names.contains(name)) return "it is defined further down; move it up, or declare it RECURSIVE";
  NearestName nearest(name);
  for (std::size_t i = frame().locals_begin; i < locals_.size(); ++i) nearest.Offer(locals_[i].name);
  for (const auto& [candidate, symbol] : frame().scope->symbols()) nearest.Offer(candidate);
  if (frame().outer != nullptr) {
    for (const auto& [candidate, symbol] : frame().outer->symbols()) nearest.Offer(candidate);
  }
  return nearest.Hint();
}

std::string Resolver::DescribeOrigin(const Symbol& symbol) const {
  if (symbol.span.is_known()) {
    const std::string line = "line " + std::to_string(symbol.span.line);
    return symbol.module.empty() ? line : line + " of module " + std::string(symbol.module);
  }
  return symbol.module.empty() ? "part of the language" : "standard module " + std::string(symbol.module);
}

bool Resolver::CheckFree(std::string_view name, const Span& span) {
  std::string origin = "part of the language";
  const syntax::Operator* op = syntax::FindOperator(name);
  const bool is_of_language = name == "TRUE" || name == "FALSE" || (op != nullptr && !op->is_definable);
  if (!is_of_language) {
    const Symbol* symbol = Find(name);
    if (symbol == nullptr || symbol->is_weak) return true;
    origin = DescribeOrigin(*symbol);
  }
  Report(DiagnosticKind::kDuplicateName, span, {.found = std::string(name), .expected = std::move(origin)});
  return false;
}

// --- applying

std::uint32_t Resolver::ParameterArity(const Symbol& symbol, std::size_t argument) const {
  if (symbol.kind == Symbol::Kind::kBuiltin) return ArgumentArity(static_cast<Builtin>(symbol.index), argument);
  if (symbol.kind != Symbol::Kind::kDefinition) return 0;
  const std::vector<Parameter>& parameters = spec_->definitions[symbol.index].parameters;
  const std::size_t i = symbol.context_arity + argument;
  return i < parameters.size() ? parameters[i].arity : 0;
}

// The parameters of the instances around, passed on.
Resolver::ExprIds Resolver::ImplicitContext(std::uint32_t count, const Span& span) {
  ExprIds arguments;
  for (std::uint32_t i = 0; i < count && i < context_.size(); ++i) {
    const Parameter& parameter = context_[i];
    Expr expr{.kind = parameter.arity > 0 ? ExprKind::kOperatorRef : ExprKind::kLocal, .span = span};
    expr.local = parameter.local;
    arguments.push_back(Add(std::move(expr)));
  }
  return arguments;
}

ExprId Resolver::ResolveUse(std::string_view name, std::span<const NodeId> arguments, const Span& span,
                            const Span& name_span) {
  if (arguments.empty() && (name == "TRUE" || name == "FALSE")) {
    Expr expr{.kind = ExprKind::kBool, .span = span};
    expr.integer = name == "TRUE" ? 1 : 0;
    return Add(std::move(expr));
  }
  const Symbol* found = FindOrReport(name, name_span);
  if (found == nullptr) {
    return ResolveUnknownUse(arguments, span);
  }
  const Symbol symbol = *found;
  return Apply(symbol, name, ImplicitContext(symbol.context_arity, span), arguments, span, name_span);
}

ExprId Resolver::ResolveUnknownUse(std::span<const NodeId> arguments, const Span& span) {
  // The arguments may be wrong too; one run should say so.
  for (const NodeId argument : arguments) {
    const NodeKind kind = node(argument).kind;
    const bool may_be_operator =
        kind == NodeKind::kOperatorSymbol || kind == NodeKind::kLambda || kind == NodeKind::kName;
    if (!may_be_operator) Resolve(argument);
  }
  return AddError(span);
}

ExprId Resolver::Apply(const Symbol& symbol, std::string_view name, const ExprIds& context_arguments,
                       std::span<const NodeId> arguments, const Span& span, const Span& name_span) {
  if (arguments.size() != symbol.arity) return ReportArity(symbol, name, arguments.size(), span, name_span);
  ExprIds operands = context_arguments;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    operands.push_back(ResolveArgument(arguments[i], ParameterArity(symbol, i)));
  }
  return MakeApplication(symbol, std::move(operands), span);
}

ExprId Resolver::ReportArity(const Symbol& symbol, std::string_view name, std::size_t count, const Span& span,
                             const Span& name_span) {
  Report(DiagnosticKind::kWrongArity, name_span,
         {.found = Quoted(name) + " gets " + (count == 0 ? "no arguments" : Count(count, "argument")),
          .expected = symbol.arity == 0 ? "it takes none" : "it takes " + std::to_string(symbol.arity),
          .hint = symbol.arity == 0 && count > 0 ? "a function is applied with brackets, f[x]" : ""});
  return AddError(span);
}

ExprId Resolver::MakeApplication(const Symbol& symbol, ExprIds arguments, const Span& span) {
  Expr expr{.kind = ExprKind::kApply, .span = span};
  expr.operands = std::move(arguments);
  switch (symbol.kind) {
    case Symbol::Kind::kConstant:
      expr.kind = ExprKind::kConstant;
      expr.constant = {symbol.index};
      break;
    case Symbol::Kind::kVariable:
      expr.kind = ExprKind::kVariable;
      expr.variable = {symbol.index};
      break;
    case Symbol::Kind::kBuiltin:
      expr.kind = ExprKind::kBuiltin;
      expr.builtin = static_cast<Builtin>(symbol.index);
      expr.is_instanced = symbol.is_instanced;
      break;
    case Symbol::Kind::kLocal:
      expr.kind = symbol.arity > 0 ? ExprKind::kApplyLocal : ExprKind::kLocal;
      expr.local = {symbol.index};
      break;
    default: expr.definition = {symbol.index}; break;
  }
  return Add(std::move(expr));
}

// --- operators as arguments

ExprId Resolver::ResolveArgument(NodeId id, std::uint32_t arity) {
  const ast::Node& argument = node(id);
  if (arity > 0) return ResolveOperatorArgument(id, arity);
  if (argument.kind == NodeKind::kLambda || argument.kind == NodeKind::kOperatorSymbol) {
    return ReportValueNeeded(argument.span);
  }
  return Resolve(id);
}

ExprId Resolver::ReportValueNeeded(const Span& span) {
  Report(DiagnosticKind::kNotAnExpression, span, {.found = "an operator", .expected = "this argument is a value"});
  return AddError(span);
}

ExprId Resolver::ResolveOperatorArgument(NodeId id, std::uint32_t arity) {
  const ast::Node& argument = node(id);
  switch (argument.kind) {
    case NodeKind::kLambda:
      if (children(id).size() - 1 != arity) {
        Report(DiagnosticKind::kWrongArity, argument.span,
               {.found = "the LAMBDA has " + Count(children(id).size() - 1, "parameter"),
                .expected = "an operator of " + Count(arity, "argument") + " is needed"});
        return AddError(argument.span);
      }
      return ResolveLambda(id);
    case NodeKind::kName: {
      const Symbol* found = FindOrReport(text(id), argument.span);
      if (found == nullptr) return AddError(argument.span);
      const Symbol symbol = *found;
      return OperatorArgument(symbol, text(id), arity, ImplicitContext(symbol.context_arity, argument.span),
                              argument.span);
    }
    case NodeKind::kQualified: {
      ExprIds context;
      std::size_t step_count = 0;
      const Symbol* found = FindQualified(id, context, step_count);
      if (found == nullptr) return AddError(argument.span);
      const Symbol symbol = *found;
      if (step_count < StepsOf(id).size()) return ResolveSelection(id, symbol, context, step_count, arity);
      return OperatorArgument(symbol, text(children(id).back()), arity, context, argument.span);
    }
    case NodeKind::kOperatorSymbol: return OperatorSymbolArgument(id, arity);
    default:
      Report(
          DiagnosticKind::kNotAnOperator, argument.span,
          {.found = "a value", .expected = "name an operator of " + Count(arity, "argument") + " or write a LAMBDA"});
      return AddError(argument.span);
  }
}

ExprId Resolver::OperatorArgument(const Symbol& symbol, std::string_view name, std::uint32_t arity,
                                  const ExprIds& context_arguments, const Span& span) {
  if (symbol.arity != arity) {
    if (symbol.arity == 0) {
      Report(DiagnosticKind::kNotAnOperator, span,
             {.found = "the value " + Quoted(name),
              .expected = "name an operator of " + Count(arity, "argument") + " or write a LAMBDA"});
    } else {
      Report(DiagnosticKind::kWrongArity, span,
             {.found = Quoted(name) + " takes " + Count(symbol.arity, "argument"),
              .expected = "an operator of " + Count(arity, "argument") + " is needed"});
    }
    return AddError(span);
  }
  for (std::uint32_t i = 0; i < arity; ++i) {
    if (ParameterArity(symbol, i) == 0) continue;
    Report(DiagnosticKind::kNotAnOperator, span,
           {.found = "the higher-order operator " + Quoted(name), .expected = "its arguments must be values"});
    return AddError(span);
  }
  Expr expr{.kind = ExprKind::kOperatorRef, .span = span};
  if (symbol.kind == Symbol::Kind::kBuiltin) {
    expr.kind = ExprKind::kBuiltinRef;
    expr.builtin = static_cast<Builtin>(symbol.index);
    expr.is_instanced = symbol.is_instanced;
    return Add(std::move(expr));
  }
  if (symbol.kind == Symbol::Kind::kLocal) {
    expr.local = {symbol.index};
    return Add(std::move(expr));
  }
  if (symbol.kind == Symbol::Kind::kDefinition && context_arguments.empty()) {
    expr.definition = {symbol.index};
    return Add(std::move(expr));
  }
  // A constant operator, or a definition that needs its instance's arguments.
  return WrapInLambda(span, arity, [&](ExprIds own) {
    ExprIds arguments = context_arguments;
    arguments.insert(arguments.end(), own.begin(), own.end());
    return MakeApplication(symbol, std::move(arguments), span);
  });
}

ExprId Resolver::WrapInLambda(const Span& span, std::uint32_t arity, const std::function<ExprId(ExprIds)>& make_body) {
  Bound bound{.span = span};
  ExprIds arguments;
  for (std::uint32_t i = 0; i < arity; ++i) {
    const LocalId local = NewLocal("_" + std::to_string(i + 1));
    bound.locals.push_back(local);
    Expr use{.kind = ExprKind::kLocal, .span = span};
    use.local = local;
    arguments.push_back(Add(std::move(use)));
  }
  Expr lambda{.kind = ExprKind::kLambda, .span = span};
  lambda.operands = {make_body(std::move(arguments))};
  lambda.bounds.push_back(std::move(bound));
  return Add(std::move(lambda));
}

ExprId Resolver::OperatorSymbolArgument(NodeId id, std::uint32_t arity) {
  const std::string_view symbol_text = text(id);
  const Span span = node(id).span;
  if (const Symbol* found = Find(symbol_text)) {
    const Symbol symbol = *found;
    return OperatorArgument(symbol, symbol_text, arity, ImplicitContext(symbol.context_arity, span), span);
  }
  // Some operators of the language are kinds of expressions, not built-ins.
  const std::pair<std::string_view, ExprKind> kinds[] = {{"/\\", ExprKind::kAnd},
                                                         {"\\/", ExprKind::kOr},
                                                         {"\\X", ExprKind::kCross},
                                                         {"'", ExprKind::kPrime},
                                                         {"UNCHANGED", ExprKind::kUnchanged},
                                                         {"ENABLED", ExprKind::kEnabled},
                                                         {"[]", ExprKind::kAlways},
                                                         {"<>", ExprKind::kEventually},
                                                         {"~>", ExprKind::kLeadsTo},
                                                         {"\\cdot", ExprKind::kCompose}};
  for (const auto& [kind_text, kind] : kinds) {
    if (kind_text != symbol_text) continue;
    const bool is_unary = kind >= ExprKind::kPrime && kind <= ExprKind::kEnabled;
    const std::uint32_t own_arity = is_unary || kind == ExprKind::kAlways || kind == ExprKind::kEventually ? 1 : 2;
    if (own_arity != arity) {
      Report(DiagnosticKind::kWrongArity, span,
             {.found = Quoted(symbol_text) + " takes " + Count(own_arity, "argument"),
              .expected = "an operator of " + Count(arity, "argument") + " is needed"});
      return AddError(span);
    }
    const ExprKind made = kind;
    return WrapInLambda(span, arity, [&](ExprIds own) { return Add(made, span, std::move(own)); });
  }
  ReportUndefined(symbol_text, span, HintFor(symbol_text));
  return AddError(span);
}

}  // namespace kelpie::resolve
