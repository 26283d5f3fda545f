// Private to tla/syntax: the parse tree of the generated parser to ast::Module.
//
// The only header of the project, beside the two doors' sources, that sees the parser generator's
// runtime. Units with syntax errors are incomplete trees; they are named and skipped.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "TlaParser.h"
#include "antlr4-runtime.h"
#include "tla/ast/ast.h"
#include "tla/source/diagnostic.h"
#include "tla/syntax/fold.h"
#include "tla/syntax/junction_lists.h"

namespace kelpie::syntax {

// Units about which an error was reported.
struct BrokenUnits {
  std::set<std::uint32_t> ordinals;                   // by Layout::unit_of
  std::set<const antlr4::tree::ParseTree*> contexts;  // whose trees are incomplete
};

class TreeBuilder {
 public:
  TreeBuilder(const Layout& layout, const BrokenUnits& broken, tla::Diagnostics& diagnostics)
      : layout_(layout), broken_(broken), diagnostics_(diagnostics) {}

  // Nothing when the module itself is broken. The result is only meaningful without errors.
  std::optional<ast::Module> Build(TlaParser::FileContext* file);

 private:
  using Ids = std::vector<ast::NodeId>;
  using Tree = antlr4::tree::ParseTree;
  using Context = antlr4::ParserRuleContext;

  // --- units: tree_builder.cpp
  ast::NodeId BuildModule(TlaParser::ModuleContext* context);
  void BuildUnit(TlaParser::UnitContext* context, Ids& units);
  ast::NodeId BuildNames(Context* context, ast::NodeKind kind);
  ast::NodeId BuildDeclarations(Context* context, ast::NodeKind kind);
  ast::NodeId BuildDeclaration(TlaParser::DeclarationContext* context);
  ast::NodeId BuildDefinition(TlaParser::DefinitionBodyContext* context, bool is_local);
  ast::NodeId BuildInstance(TlaParser::InstanceContext* context, bool is_local);
  ast::NodeId BuildAssumption(TlaParser::AssumptionContext* context);
  ast::NodeId BuildTheorem(TlaParser::TheoremContext* context);
  ast::NodeId BuildAssumeProve(TlaParser::AssumeProveContext* context);
  void CheckSequentLabel(TlaParser::ExpressionContext* context);
  ast::NodeId BuildNewSymbol(TlaParser::NewSymbolContext* context);

  // --- expressions: tree_expressions.cpp
  ast::NodeId BuildExpression(TlaParser::ExpressionContext* context);
  bool LabelKeepsOrder(const std::vector<FoldItem>& items, std::size_t label, std::size_t colons);
  ast::NodeId FoldWithLabels(std::vector<FoldItem> items, const FoldEnd& end);
  ast::NodeId BuildLabel(const std::vector<FoldItem>& items, const FoldEnd& end);
  ast::NodeId BuildOpen(Context* context);
  std::optional<FoldItem> BuildElement(TlaParser::ElementContext* context);
  ast::NodeId BuildOperand(Context* context);
  ast::NodeId BuildApply(const Token& name, TlaParser::ArgumentsContext* arguments);
  ast::NodeId BuildName(TlaParser::NameContext* context);
  ast::NodeId BuildQuantifier(TlaParser::QuantifierContext* context);
  ast::NodeId BuildBound(TlaParser::BoundContext* context);
  ast::NodeId BuildChoose(TlaParser::ChooseContext* context);
  void Refuse(const antlr4::Token* found, std::string expected);
  ast::NodeId BuildCases(TlaParser::CasesContext* context);
  ast::NodeId BuildLet(TlaParser::LetContext* context);
  ast::NodeId BuildSetFilter(TlaParser::SetFilterContext* context);
  ast::NodeId BuildFields(Context* context, ast::NodeKind kind);
  ast::NodeId BuildExcept(TlaParser::ExceptContext* context);
  ast::NodeId BuildSquareAction(TlaParser::SquareActionContext* context);
  ast::NodeId BuildTuple(TlaParser::TupleContext* context);
  ast::NodeId BuildFairness(TlaParser::FairnessContext* context);
  ast::NodeId BuildSubscript(Context* context);
  ast::NodeId BuildJunctionList(TlaParser::JunctionListContext* context);

  // --- helpers
  // All expressions, bounds and the like below `context`, in order.
  Ids BuildChildren(Context* context);
  // Names between the tokens of `context` itself, each as a node of `kind`.
  Ids NamesOf(Context* context, ast::NodeKind kind = ast::NodeKind::kName);
  // `x, y \in S`, `<<x, y>> \in S` or no set, from names written directly in `context`.
  ast::NodeId MakeBound(Context* context, TlaParser::IdentifierTupleContext* tuple, ast::NodeId set);
  [[nodiscard]] const Token& TokenOf(const antlr4::Token* token) const;
  [[nodiscard]] const Token* TerminalOf(Tree* tree) const;  // null for a rule
  [[nodiscard]] FoldEnd EndBehind(const antlr4::Token* stop) const;
  [[nodiscard]] tla::Span SpanOf(const Context* context) const;
  ast::NodeId Add(ast::NodeKind kind, const tla::Span& span, const Ids& children = {}, std::string_view text = {});

  const Layout& layout_;
  const BrokenUnits& broken_;
  tla::Diagnostics& diagnostics_;
  ast::ModuleBuilder builder_;
};

}  // namespace kelpie::syntax
