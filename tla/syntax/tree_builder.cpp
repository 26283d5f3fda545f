#include "tla/syntax/tree_builder.h"

#include <algorithm>
#include <utility>

namespace kelpie::syntax {

using ast::NodeId;
using ast::NodeKind;
using tla::Cover;
using tla::Span;

std::optional<ast::Module> TreeBuilder::Build(TlaParser::FileContext* file) {
  TlaParser::ModuleContext* module = file->module();
  if (module == nullptr || module->IDENTIFIER() == nullptr || module->getStop() == nullptr) return std::nullopt;
  const NodeId root = BuildModule(module);
  return std::move(builder_).Build(root);
}

NodeId TreeBuilder::Add(NodeKind kind, const Span& span, const Ids& children, std::string_view text) {
  return builder_.Add(kind, span, children, {.text = text});
}

const Token& TreeBuilder::TokenOf(const antlr4::Token* token) const { return layout_.tokens[token->getTokenIndex()]; }

const Token* TreeBuilder::TerminalOf(Tree* tree) const {
  auto* terminal = dynamic_cast<antlr4::tree::TerminalNode*>(tree);
  return terminal != nullptr ? &TokenOf(terminal->getSymbol()) : nullptr;
}

FoldEnd TreeBuilder::EndBehind(const antlr4::Token* stop) const {
  FoldEnd end{};
  std::size_t i = stop->getTokenIndex() + 1;
  for (; i + 1 < layout_.tokens.size() && layout_.tokens[i].text.empty(); ++i) {
    const TokenKind kind = layout_.tokens[i].kind;
    end.is_definition = end.is_definition || kind == TokenKind::kDefinition || kind == TokenKind::kLetDefinition;
  }
  end.token = &layout_.tokens[std::min(i, layout_.tokens.size() - 1)];
  return end;
}

Span TreeBuilder::SpanOf(const Context* context) const {
  // Ends of lists and CASEs have no text; the last token with text ends the span.
  const std::size_t first = context->start->getTokenIndex();
  std::size_t last = context->stop != nullptr ? context->stop->getTokenIndex() : first;
  while (last > first && layout_.tokens[last].text.empty()) --last;
  return Cover(layout_.tokens[first].span, layout_.tokens[last].span);
}

TreeBuilder::Ids TreeBuilder::NamesOf(Context* context, NodeKind kind) {
  Ids names;
  for (Tree* child : context->children) {
    const Token* token = TerminalOf(child);
    if (token == nullptr || token->kind != TokenKind::kIdentifier) continue;
    names.push_back(Add(kind, token->span, {}, token->text));
  }
  return names;
}

NodeId TreeBuilder::BuildModule(TlaParser::ModuleContext* context) {
  Ids units;
  for (Tree* child : context->children) {
    if (auto* extends = dynamic_cast<TlaParser::ExtendsContext*>(child)) {
      if (extends->exception == nullptr) units.push_back(Add(NodeKind::kExtends, SpanOf(extends), NamesOf(extends)));
    } else if (auto* unit = dynamic_cast<TlaParser::UnitContext*>(child)) {
      BuildUnit(unit, units);
    }
  }
  return Add(NodeKind::kModule, SpanOf(context), units, TokenOf(context->IDENTIFIER()->getSymbol()).text);
}

void TreeBuilder::BuildUnit(TlaParser::UnitContext* context, Ids& units) {
  const std::uint32_t ordinal = layout_.unit_of[context->start->getTokenIndex()];
  if (broken_.ordinals.contains(ordinal) || broken_.contexts.contains(context) || context->exception != nullptr) return;
  const bool is_local = context->LOCAL() != nullptr;
  for (Tree* child : context->children) {
    if (auto* definition = dynamic_cast<TlaParser::DefinitionContext*>(child)) {
      units.push_back(BuildDefinition(definition->definitionBody(), is_local));
    } else if (auto* instance = dynamic_cast<TlaParser::InstanceContext*>(child)) {
      units.push_back(BuildInstance(instance, is_local));
    } else if (auto* constants = dynamic_cast<TlaParser::ConstantsContext*>(child)) {
      units.push_back(BuildDeclarations(constants, NodeKind::kConstants));
    } else if (auto* variables = dynamic_cast<TlaParser::VariablesContext*>(child)) {
      units.push_back(Add(NodeKind::kVariables, SpanOf(variables), NamesOf(variables, NodeKind::kDeclaration)));
    } else if (auto* recursive = dynamic_cast<TlaParser::RecursiveContext*>(child)) {
      units.push_back(BuildDeclarations(recursive, NodeKind::kRecursive));
    } else if (auto* assumption = dynamic_cast<TlaParser::AssumptionContext*>(child)) {
      units.push_back(BuildAssumption(assumption));
    } else if (auto* theorem = dynamic_cast<TlaParser::TheoremContext*>(child)) {
      units.push_back(BuildTheorem(theorem));
    } else if (auto* module = dynamic_cast<TlaParser::ModuleContext*>(child)) {
      if (module->IDENTIFIER() != nullptr && module->exception == nullptr) units.push_back(BuildModule(module));
    }
  }
}

NodeId TreeBuilder::BuildDeclarations(Context* context, NodeKind kind) {
  Ids declarations;
  for (Tree* child : context->children) {
    if (auto* declaration = dynamic_cast<TlaParser::DeclarationContext*>(child)) {
      declarations.push_back(BuildDeclaration(declaration));
    }
  }
  return Add(kind, SpanOf(context), declarations);
}

NodeId TreeBuilder::BuildDeclaration(TlaParser::DeclarationContext* context) {
  // The name or symbol is the one token that is neither `_` nor punctuation.
  const Token* name = nullptr;
  std::uint32_t arity = 0;
  for (Tree* child : context->children) {
    const Token* token = TerminalOf(child);
    if (auto* symbol = dynamic_cast<TlaParser::InfixSymbolContext*>(child)) token = &TokenOf(symbol->start);
    if (token == nullptr) continue;
    if (token->kind == TokenKind::kUnderscore) ++arity;
    if (token->kind == TokenKind::kIdentifier || token->op != nullptr) name = token;
  }
  return builder_.Add(NodeKind::kDeclaration, name->span, {}, {.text = name->symbol(), .arity = arity});
}

NodeId TreeBuilder::BuildDefinition(TlaParser::DefinitionBodyContext* context, bool is_local) {
  TlaParser::DefinitionHeadContext* head = context->definitionHead();
  const Token* name = nullptr;
  Ids parameters;
  bool is_function = false;
  for (Tree* child : head->children) {
    if (auto* declaration = dynamic_cast<TlaParser::DeclarationContext*>(child)) {
      parameters.push_back(BuildDeclaration(declaration));
    } else if (auto* bounds = dynamic_cast<TlaParser::BoundsContext*>(child)) {
      is_function = true;
      for (TlaParser::BoundContext* bound : bounds->bound()) parameters.push_back(BuildBound(bound));
    } else if (auto* symbol = dynamic_cast<TlaParser::InfixSymbolContext*>(child)) {
      name = &TokenOf(symbol->start);
    } else if (const Token* token = TerminalOf(child); token != nullptr && token->op != nullptr) {
      name = token;
    }
  }
  // In `a ++ b`, `-. a` and `a ^+` the names are the parameters.
  if (name != nullptr) {
    parameters = NamesOf(head, NodeKind::kDeclaration);
  } else {
    name = &TokenOf(head->IDENTIFIER(0)->getSymbol());
  }
  Ids children{Add(NodeKind::kName, name->span, {}, name->symbol())};
  children.insert(children.end(), parameters.begin(), parameters.end());
  NodeKind kind = is_function ? NodeKind::kFunctionDefinition : NodeKind::kOperatorDefinition;
  if (auto* instance = context->instance()) {
    kind = NodeKind::kModuleDefinition;
    if (is_function || name->op != nullptr) Refuse(instance->getStart(), "an expression");
    children.push_back(BuildInstance(instance, false));
  } else {
    children.push_back(BuildExpression(context->expression()));
  }
  return builder_.Add(kind, SpanOf(context), children, {.text = name->symbol(), .is_local = is_local});
}

NodeId TreeBuilder::BuildInstance(TlaParser::InstanceContext* context, bool is_local) {
  Ids substitutions;
  for (TlaParser::SubstitutionContext* substitution : context->substitution()) {
    const Token& replaced = TokenOf(substitution->start);
    substitutions.push_back(Add(NodeKind::kSubstitution, SpanOf(substitution),
                                {BuildExpression(substitution->expression())}, replaced.symbol()));
  }
  return builder_.Add(NodeKind::kInstance, SpanOf(context), substitutions,
                      {.text = TokenOf(context->IDENTIFIER()->getSymbol()).text, .is_local = is_local});
}

NodeId TreeBuilder::BuildAssumption(TlaParser::AssumptionContext* context) {
  const std::string_view name =
      context->IDENTIFIER() != nullptr ? TokenOf(context->IDENTIFIER()->getSymbol()).text : std::string_view();
  return Add(NodeKind::kAssume, SpanOf(context), {BuildExpression(context->expression())}, name);
}

NodeId TreeBuilder::BuildTheorem(TlaParser::TheoremContext* context) {
  const std::string_view name =
      context->IDENTIFIER() != nullptr ? TokenOf(context->IDENTIFIER()->getSymbol()).text : std::string_view();
  TlaParser::AssumeProveContext* sequent = context->assumeProve();
  const NodeId body = sequent != nullptr ? BuildAssumeProve(sequent) : BuildExpression(context->expression());
  return Add(NodeKind::kTheorem, SpanOf(context), {body}, name);
}

NodeId TreeBuilder::BuildAssumeProve(TlaParser::AssumeProveContext* context) {
  Ids children;
  for (TlaParser::AssumeItemContext* item : context->assumeItem()) {
    if (auto* symbol = item->newSymbol()) {
      children.push_back(BuildNewSymbol(symbol));
    } else if (auto* sequent = item->assumeProve()) {
      if (item->expression() != nullptr) CheckSequentLabel(item->expression());
      children.push_back(BuildAssumeProve(sequent));
    } else {
      children.push_back(BuildExpression(item->expression()));
    }
  }
  children.push_back(BuildExpression(context->expression()));
  return Add(NodeKind::kAssumeProve, SpanOf(context), children);
}

// Only `lab ::` may stand before an inner ASSUME.
void TreeBuilder::CheckSequentLabel(TlaParser::ExpressionContext* context) {
  const Token& last = TokenOf(context->getStop());
  if (context->children.size() == 2 && last.kind == TokenKind::kLabel) return;
  Refuse(context->getStop(), "`::` before an inner ASSUME");
}

NodeId TreeBuilder::BuildNewSymbol(TlaParser::NewSymbolContext* context) {
  Ids children{BuildDeclaration(context->declaration())};
  if (auto* set = context->expression()) children.push_back(BuildExpression(set));
  std::string_view kind = "CONSTANT";
  for (Tree* child : context->children) {
    const Token* token = TerminalOf(child);
    if (token != nullptr && (token->kind == TokenKind::kVariable || token->kind == TokenKind::kLevelWord))
      kind = token->text;
  }
  return Add(NodeKind::kNewSymbol, SpanOf(context), children, kind);
}

}  // namespace kelpie::syntax
