#include <utility>

#include "tla/syntax/tree_builder.h"

namespace kelpie::syntax {

using ast::NodeId;
using ast::NodeKind;
using tla::Cover;
using tla::Span;

namespace {

// The text between the quotes, escapes replaced. Requires: escapes were checked.
std::string Unescape(std::string_view quoted) {
  std::string out;
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    char c = quoted[i];
    if (c == '\\' && i + 2 < quoted.size()) {
      c = quoted[++i];
      if (c == 't') c = '\t';
      if (c == 'n') c = '\n';
      if (c == 'f') c = '\f';
      if (c == 'r') c = '\r';
    }
    out += c;
  }
  return out;
}

}  // namespace

NodeId TreeBuilder::BuildExpression(TlaParser::ExpressionContext* context) {
  std::vector<FoldItem> items;
  items.reserve(context->children.size());
  for (Tree* child : context->children) {
    if (auto* element = dynamic_cast<TlaParser::ElementContext*>(child)) {
      std::optional<FoldItem> item = BuildElement(element);
      if (!item) return {};
      items.push_back(std::move(*item));
    } else if (auto* open = dynamic_cast<TlaParser::OpenExpressionContext*>(child)) {
      const NodeId node = BuildOpen(dynamic_cast<Context*>(open->children.front()));
      if (!node.is_valid()) return {};
      items.emplace_back(node);
    }
  }
  return FoldWithLabels(std::move(items), EndBehind(context->getStop()));
}

// Without its label `a + lab :: b < c` would be another expression, which no tool allows.
bool TreeBuilder::LabelKeepsOrder(const std::vector<FoldItem>& items, std::size_t label, std::size_t colons) {
  const auto* before = std::get_if<const Token*>(&items[label - 1]);
  if (before == nullptr || (*before)->op == nullptr) return true;
  for (std::size_t i = colons + 1; i < items.size(); ++i) {
    const auto* token = std::get_if<const Token*>(&items[i]);
    if (token == nullptr || (*token)->op == nullptr || (*token)->op->fixity == Fixity::kPrefix) continue;
    if ((*token)->op->low > (*before)->op->high) continue;
    diagnostics_.Add(
        tla::DiagnosticKind::kPrecedenceConflict, (*token)->span,
        {.found = Describe(**before), .expected = Describe(**token), .hint = "a label stands between them"});
    return false;
  }
  return true;
}

// A label reaches as far to the right as it can: `a + lab :: b * c` is `a + (lab :: (b * c))`.
NodeId TreeBuilder::FoldWithLabels(std::vector<FoldItem> items, const FoldEnd& end) {
  for (std::size_t i = items.size(); i-- > 0;) {
    const auto* token = std::get_if<const Token*>(&items[i]);
    if (token == nullptr || (*token)->kind != TokenKind::kLabel) continue;
    const std::size_t begin = i > 0 ? i - 1 : 0;
    if (begin > 0 && !LabelKeepsOrder(items, begin, i)) return {};
    const NodeId label = BuildLabel({items.begin() + static_cast<std::ptrdiff_t>(begin), items.end()}, end);
    if (!label.is_valid()) return {};
    items.resize(begin);
    items.emplace_back(label);
    i = begin;
  }
  return Fold(items, end, builder_, diagnostics_);
}

// `lab :: e` and `lab(x, y) :: e`.
NodeId TreeBuilder::BuildLabel(const std::vector<FoldItem>& items, const FoldEnd& end) {
  const NodeId* label = std::get_if<NodeId>(&items[0]);
  const auto* behind = items.size() > 1 ? std::get_if<const Token*>(&items[1]) : nullptr;
  const Token& colons = behind != nullptr ? **behind : *std::get<const Token*>(items[0]);
  const bool is_name =
      label != nullptr &&
      (builder_.node(*label).kind == NodeKind::kName ||
       (builder_.node(*label).kind == NodeKind::kApply && FindOperator(builder_.partial().text(*label)) == nullptr));
  if (!is_name) {
    diagnostics_.Add(tla::DiagnosticKind::kSyntax, colons.span,
                     {.found = "`::`", .expected = "a label's name before it"});
    return {};
  }
  const NodeId body = Fold({items.begin() + 2, items.end()}, end, builder_, diagnostics_);
  if (!body.is_valid()) return {};
  const ast::Module& partial = builder_.partial();
  const std::string name(partial.text(*label));
  Ids children;
  const auto arguments = partial.children(*label);
  const Ids parameters(arguments.begin(), arguments.end());
  for (const NodeId parameter : parameters) {
    if (builder_.node(parameter).kind != NodeKind::kName) {
      diagnostics_.Add(tla::DiagnosticKind::kSyntax, builder_.node(parameter).span,
                       {.found = "an expression", .expected = "a bound name as the label's parameter"});
      return {};
    }
    const std::string text(builder_.partial().text(parameter));
    children.push_back(Add(NodeKind::kDeclaration, builder_.node(parameter).span, {}, text));
  }
  children.push_back(body);
  return Add(NodeKind::kLabel, Cover(builder_.node(*label).span, builder_.node(body).span), children, name);
}

std::optional<FoldItem> TreeBuilder::BuildElement(TlaParser::ElementContext* context) {
  Tree* child = context->children.front();
  if (TlaParser::ArgumentsContext* arguments = context->arguments()) {
    return FoldItem(BuildApply(*TerminalOf(child), arguments));
  }
  if (const Token* token = TerminalOf(child)) {
    switch (token->kind) {
      case TokenKind::kNumber: return FoldItem(Add(NodeKind::kNumber, token->span, {}, token->text));
      case TokenKind::kString: return FoldItem(Add(NodeKind::kString, token->span, {}, Unescape(token->text)));
      case TokenKind::kAt: return FoldItem(Add(NodeKind::kAt, token->span));
      default: return FoldItem(token);
    }
  }
  if (auto* application = dynamic_cast<TlaParser::ApplicationContext*>(child)) {
    return FoldItem(Suffix{.span = SpanOf(application), .arguments = BuildChildren(application), .field = {}});
  }
  if (auto* field = dynamic_cast<TlaParser::FieldContext*>(child)) {
    return FoldItem(
        Suffix{.span = SpanOf(field), .arguments = {}, .field = TokenOf(field->IDENTIFIER()->getSymbol()).text});
  }
  const NodeId node = BuildOperand(dynamic_cast<Context*>(child));
  if (!node.is_valid()) return std::nullopt;
  return FoldItem(node);
}

NodeId TreeBuilder::BuildOperand(Context* context) {
  switch (context->getRuleIndex()) {
    case TlaParser::RuleName: return BuildName(static_cast<TlaParser::NameContext*>(context));
    case TlaParser::RuleParentheses: return Add(NodeKind::kParentheses, SpanOf(context), BuildChildren(context));
    case TlaParser::RuleSetEnumeration: return Add(NodeKind::kSetEnumeration, SpanOf(context), BuildChildren(context));
    case TlaParser::RuleSetFilter: return BuildSetFilter(static_cast<TlaParser::SetFilterContext*>(context));
    case TlaParser::RuleSetMap: return Add(NodeKind::kSetMap, SpanOf(context), BuildChildren(context));
    case TlaParser::RuleFunction: return Add(NodeKind::kFunction, SpanOf(context), BuildChildren(context));
    case TlaParser::RuleFunctionSet: return Add(NodeKind::kFunctionSet, SpanOf(context), BuildChildren(context));
    case TlaParser::RuleRecord: return BuildFields(context, NodeKind::kRecord);
    case TlaParser::RuleRecordSet: return BuildFields(context, NodeKind::kRecordSet);
    case TlaParser::RuleExcept: return BuildExcept(static_cast<TlaParser::ExceptContext*>(context));
    case TlaParser::RuleSquareAction: return BuildSquareAction(static_cast<TlaParser::SquareActionContext*>(context));
    case TlaParser::RuleTuple: return BuildTuple(static_cast<TlaParser::TupleContext*>(context));
    case TlaParser::RuleFairness: return BuildFairness(static_cast<TlaParser::FairnessContext*>(context));
    case TlaParser::RuleJunctionList: return BuildJunctionList(static_cast<TlaParser::JunctionListContext*>(context));
    default: return {};
  }
}

NodeId TreeBuilder::BuildOpen(Context* context) {
  switch (context->getRuleIndex()) {
    case TlaParser::RuleQuantifier: return BuildQuantifier(static_cast<TlaParser::QuantifierContext*>(context));
    case TlaParser::RuleTemporalQuantifier: {
      const bool is_forall = TokenOf(context->start).kind == TokenKind::kTemporalForAll;
      Ids children{MakeBound(context, nullptr, {})};
      const Ids body = BuildChildren(context);
      children.insert(children.end(), body.begin(), body.end());
      return Add(is_forall ? NodeKind::kTemporalForAll : NodeKind::kTemporalExists, SpanOf(context), children);
    }
    case TlaParser::RuleChoose: return BuildChoose(static_cast<TlaParser::ChooseContext*>(context));
    case TlaParser::RuleConditional: return Add(NodeKind::kIf, SpanOf(context), BuildChildren(context));
    case TlaParser::RuleCases: return BuildCases(static_cast<TlaParser::CasesContext*>(context));
    case TlaParser::RuleLet: return BuildLet(static_cast<TlaParser::LetContext*>(context));
    case TlaParser::RuleLambda: {
      Ids children = NamesOf(context, NodeKind::kDeclaration);
      const Ids body = BuildChildren(context);
      children.insert(children.end(), body.begin(), body.end());
      return Add(NodeKind::kLambda, SpanOf(context), children);
    }
    default: return {};
  }
}

TreeBuilder::Ids TreeBuilder::BuildChildren(Context* context) {
  Ids children;
  for (Tree* child : context->children) {
    if (auto* expression = dynamic_cast<TlaParser::ExpressionContext*>(child)) {
      children.push_back(BuildExpression(expression));
    } else if (auto* bound = dynamic_cast<TlaParser::BoundContext*>(child)) {
      children.push_back(BuildBound(bound));
    } else if (auto* bounds = dynamic_cast<TlaParser::BoundsContext*>(child)) {
      const Ids inner = BuildChildren(bounds);
      children.insert(children.end(), inner.begin(), inner.end());
    } else if (dynamic_cast<TlaParser::FairSubscriptContext*>(child) != nullptr ||
               dynamic_cast<TlaParser::SubscriptContext*>(child) != nullptr) {
      children.push_back(BuildSubscript(static_cast<Context*>(child)));
    }
  }
  return children;
}

NodeId TreeBuilder::BuildApply(const Token& name, TlaParser::ArgumentsContext* arguments) {
  // In `Op!(a)` the arguments have no name before them.
  const bool has_name = name.kind != TokenKind::kArguments;
  return builder_.Add(NodeKind::kApply, Cover(name.span, SpanOf(arguments)), BuildChildren(arguments),
                      {.text = has_name ? name.symbol() : std::string_view(), .name_span = name.span});
}

NodeId TreeBuilder::BuildName(TlaParser::NameContext* context) {
  const auto make = [&](const Token& token, TlaParser::ArgumentsContext* arguments) {
    if (token.kind == TokenKind::kNumber) return Add(NodeKind::kNumber, token.span, {}, token.text);
    if (arguments == nullptr) return Add(NodeKind::kName, token.span, {}, token.symbol());
    return BuildApply(token, arguments);
  };
  Ids steps{make(TokenOf(context->start), context->arguments())};
  if (context->children.size() <= 2 && context->BANG().empty()) return steps.front();
  for (TlaParser::NameStepContext* step : context->nameStep()) {
    steps.push_back(make(TokenOf(step->start), step->arguments()));
  }
  return Add(NodeKind::kQualified, SpanOf(context), steps);
}

NodeId TreeBuilder::MakeBound(Context* context, TlaParser::IdentifierTupleContext* tuple, NodeId set) {
  Ids children = NamesOf(tuple != nullptr ? tuple : context);
  Span span = tuple != nullptr ? SpanOf(tuple) : builder_.node(children.front()).span;
  span = Cover(span, builder_.node(children.back()).span);
  if (!set.is_valid()) {
    return Add(tuple != nullptr ? NodeKind::kUnboundedTuple : NodeKind::kUnbounded, span, children);
  }
  children.push_back(set);
  return Add(tuple != nullptr ? NodeKind::kTupleBound : NodeKind::kBound, Cover(span, builder_.node(set).span),
             children);
}

NodeId TreeBuilder::BuildBound(TlaParser::BoundContext* context) {
  return MakeBound(context, context->identifierTuple(), BuildExpression(context->expression()));
}

NodeId TreeBuilder::BuildQuantifier(TlaParser::QuantifierContext* context) {
  const std::vector<TlaParser::ExpressionContext*> expressions = context->expression();
  const NodeId set = expressions.size() > 1 ? BuildExpression(expressions.front()) : NodeId{};
  if (expressions.size() < 2 && context->identifierTuple() != nullptr) {
    Refuse(context->COLON()->getSymbol(), "`\\in`: a tuple needs a set");
  }
  Ids children{MakeBound(context, context->identifierTuple(), set)};
  for (TlaParser::BoundContext* bound : context->bound()) children.push_back(BuildBound(bound));
  children.push_back(BuildExpression(expressions.back()));
  const bool is_forall = TokenOf(context->start).kind == TokenKind::kForAll;
  return Add(is_forall ? NodeKind::kForAll : NodeKind::kExists, SpanOf(context), children);
}

NodeId TreeBuilder::BuildChoose(TlaParser::ChooseContext* context) {
  const std::vector<TlaParser::ExpressionContext*> expressions = context->expression();
  const NodeId set = expressions.size() > 1 ? BuildExpression(expressions.front()) : NodeId{};
  const NodeId bound = MakeBound(context, context->identifierTuple(), set);
  return Add(NodeKind::kChoose, SpanOf(context), {bound, BuildExpression(expressions.back())});
}

void TreeBuilder::Refuse(const antlr4::Token* found, std::string expected) {
  const Token& token = TokenOf(found);
  diagnostics_.Add(tla::DiagnosticKind::kSyntax, token.span,
                   {.found = Describe(token), .expected = std::move(expected)});
}

NodeId TreeBuilder::BuildCases(TlaParser::CasesContext* context) {
  Ids arms;
  for (TlaParser::CaseArmContext* arm : context->caseArm()) {
    const NodeKind kind = arm->OTHER() != nullptr ? NodeKind::kCaseOther : NodeKind::kCaseArm;
    if (kind == NodeKind::kCaseOther && arms.empty()) Refuse(arm->getStart(), "a condition for the first arm");
    arms.push_back(Add(kind, SpanOf(arm), BuildChildren(arm)));
  }
  return Add(NodeKind::kCase, SpanOf(context), arms);
}

NodeId TreeBuilder::BuildLet(TlaParser::LetContext* context) {
  Ids children;
  for (Tree* child : context->children) {
    if (auto* definition = dynamic_cast<TlaParser::LetDefinitionContext*>(child)) {
      children.push_back(BuildDefinition(definition->definitionBody(), false));
    } else if (auto* recursive = dynamic_cast<TlaParser::RecursiveContext*>(child)) {
      children.push_back(BuildDeclarations(recursive, NodeKind::kRecursive));
    }
  }
  children.push_back(BuildExpression(context->expression()));
  return Add(NodeKind::kLet, SpanOf(context), children);
}

NodeId TreeBuilder::BuildSetFilter(TlaParser::SetFilterContext* context) {
  const NodeId bound = MakeBound(context, context->identifierTuple(), BuildExpression(context->expression(0)));
  return Add(NodeKind::kSetFilter, SpanOf(context), {bound, BuildExpression(context->expression(1))});
}

NodeId TreeBuilder::BuildFields(Context* context, NodeKind kind) {
  Ids bindings;
  const Token* name = nullptr;
  for (Tree* child : context->children) {
    if (const Token* token = TerminalOf(child); token != nullptr && token->kind == TokenKind::kIdentifier) name = token;
    auto* expression = dynamic_cast<TlaParser::ExpressionContext*>(child);
    if (expression == nullptr) continue;
    const NodeId value = BuildExpression(expression);
    bindings.push_back(Add(NodeKind::kFieldBinding, Cover(name->span, SpanOf(expression)), {value}, name->text));
  }
  return Add(kind, SpanOf(context), bindings);
}

NodeId TreeBuilder::BuildExcept(TlaParser::ExceptContext* context) {
  Ids children{BuildExpression(context->expression())};
  for (TlaParser::UpdateContext* update : context->update()) {
    Ids steps;
    for (Tree* child : update->children) {
      if (auto* application = dynamic_cast<TlaParser::ApplicationContext*>(child)) {
        steps.push_back(Add(NodeKind::kIndexStep, SpanOf(application), BuildChildren(application)));
      } else if (auto* field = dynamic_cast<TlaParser::FieldContext*>(child)) {
        steps.push_back(Add(NodeKind::kFieldStep, SpanOf(field), {}, TokenOf(field->IDENTIFIER()->getSymbol()).text));
      }
    }
    steps.push_back(BuildExpression(update->expression()));
    children.push_back(Add(NodeKind::kUpdate, SpanOf(update), steps));
  }
  return Add(NodeKind::kExcept, SpanOf(context), children);
}

NodeId TreeBuilder::BuildSquareAction(TlaParser::SquareActionContext* context) {
  return Add(NodeKind::kSquareAction, SpanOf(context), BuildChildren(context));
}

NodeId TreeBuilder::BuildTuple(TlaParser::TupleContext* context) {
  const Ids children = BuildChildren(context);
  if (context->subscript() == nullptr) return Add(NodeKind::kTuple, SpanOf(context), children);
  if (children.size() != 2) {
    diagnostics_.Add(tla::DiagnosticKind::kSyntax, SpanOf(context),
                     {.found = "`>>_` behind " + std::to_string(children.size() - 1) + " expressions",
                      .expected = "one action in <<A>>_v"});
  }
  return Add(NodeKind::kAngleAction, SpanOf(context), children);
}

NodeId TreeBuilder::BuildFairness(TlaParser::FairnessContext* context) {
  const bool is_weak = TokenOf(context->start).text.starts_with('W');
  return Add(is_weak ? NodeKind::kWeakFairness : NodeKind::kStrongFairness, SpanOf(context), BuildChildren(context));
}

NodeId TreeBuilder::BuildSubscript(Context* context) {
  if (auto* inner = dynamic_cast<Context*>(context->children.front())) {
    if (auto* name = dynamic_cast<TlaParser::NameContext*>(inner)) return BuildName(name);
    const bool is_tuple = inner->getRuleIndex() == TlaParser::RulePlainTuple;
    return Add(is_tuple ? NodeKind::kTuple : NodeKind::kParentheses, SpanOf(inner), BuildChildren(inner));
  }
  const Ids names = NamesOf(context);
  return names.size() == 1 ? names.front() : Add(NodeKind::kQualified, SpanOf(context), names);
}

NodeId TreeBuilder::BuildJunctionList(TlaParser::JunctionListContext* context) {
  const bool is_and = TokenOf(context->BULLET(0)->getSymbol()).symbol() == "/\\";
  return Add(is_and ? NodeKind::kConjunctionList : NodeKind::kDisjunctionList, SpanOf(context), BuildChildren(context));
}

}  // namespace kelpie::syntax
