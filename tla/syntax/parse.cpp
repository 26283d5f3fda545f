#include "tla/syntax/parse.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "TlaParser.h"
#include "antlr4-runtime.h"
#include "tla/syntax/brackets.h"
#include "tla/syntax/lexer.h"
#include "tla/syntax/marks.h"
#include "tla/syntax/tree_builder.h"

namespace kelpie::syntax {
namespace {

using tla::DiagnosticKind;

std::size_t GrammarType(TokenKind kind) {
  static constexpr std::array kTypes = {
#define KELPIE_TOKEN(name, grammar_name, spelling, text) static_cast<std::size_t>(TlaParser::grammar_name),
#include "tla/syntax/tokens.def"
#undef KELPIE_TOKEN
  };
  return kTypes[static_cast<std::size_t>(kind)];
}

constexpr TokenKind kAllKinds[] = {
#define KELPIE_TOKEN(name, grammar_name, spelling, text) TokenKind::name,
#include "tla/syntax/tokens.def"
#undef KELPIE_TOKEN
};

// What could have stood there, in the words of tokens.def.
std::string DescribeExpected(const antlr4::misc::IntervalSet& expected) {
  const auto has = [&](TokenKind kind) { return expected.contains(static_cast<ssize_t>(GrammarType(kind))); };
  std::vector<std::string> words;
  const auto add = [&](std::string word) {
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
  };
  // The begin of an expression and of a unit are forty tokens each; nobody wants the list.
  const bool is_expression = has(TokenKind::kIdentifier) && has(TokenKind::kNumber);
  const bool is_unit = has(TokenKind::kDefinition) && has(TokenKind::kVariable);
  if (is_expression) add("an expression");
  if (is_unit) add("a declaration or definition");
  for (const TokenKind kind : kAllKinds) {
    if (!has(kind) || GrammarType(kind) == antlr4::Token::EOF || kind == TokenKind::kQed) continue;
    const bool begins_expression = kind == TokenKind::kIdentifier || kind == TokenKind::kNumber ||
                                   kind == TokenKind::kString || kind == TokenKind::kAt || kind == TokenKind::kLabel ||
                                   IsOpening(kind) || (kind >= TokenKind::kIf && kind <= TokenKind::kDot) ||
                                   kind == TokenKind::kLet || kind == TokenKind::kListBegin;
    const bool is_reach_of_expression = is_expression && begins_expression && kind != TokenKind::kThen &&
                                        kind != TokenKind::kElse && kind != TokenKind::kOther &&
                                        kind != TokenKind::kExcept;
    if (is_reach_of_expression) continue;
    if (is_unit &&
        (BeginsUnit(kind) || kind == TokenKind::kRecursive || kind == TokenKind::kInstance ||
         kind == TokenKind::kExtends) &&
        kind != TokenKind::kModuleEnd) {
      continue;
    }
    add(std::string(DescriptionOf(kind)));
  }
  if (expected.contains(static_cast<ssize_t>(antlr4::Token::EOF))) add("the end of the file");
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

// Reports the first error of a unit and continues at the next unit.
class UnitErrors : public antlr4::DefaultErrorStrategy {
 public:
  UnitErrors(const Layout& layout, BrokenUnits& broken, tla::Diagnostics& diagnostics)
      : layout_(layout), broken_(broken), diagnostics_(diagnostics) {}

  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override {
    if (inErrorRecoveryMode(parser)) return;
    beginErrorCondition(parser);
    MarkUnit(parser);
    ReportAt(error.getOffendingToken()->getTokenIndex(), DescribeExpected(error.getExpectedTokens()));
  }

  // Between units the generated loop would give up on the module; skip to the next unit instead.
  void sync(antlr4::Parser* parser) override {
    if (parser->getContext()->getRuleIndex() != TlaParser::RuleModule) return;
    const std::size_t index = parser->getTokenStream()->index();
    const TokenKind kind = layout_.tokens[index].kind;
    const bool is_first = parser->getContext()->children.size() <= 3;
    if (BeginsUnit(kind) || kind == TokenKind::kRecursive || kind == TokenKind::kInstance ||
        (is_first && kind == TokenKind::kExtends)) {
      return;
    }
    ReportAt(index, "a declaration, a definition or `====`");
    recover(parser, nullptr);
  }

  antlr4::Token* recoverInline(antlr4::Parser* parser) override { throw antlr4::InputMismatchException(parser); }

  void recover(antlr4::Parser* parser, std::exception_ptr) override {
    antlr4::TokenStream* tokens = parser->getTokenStream();
    while (!BeginsUnit(layout_.tokens[tokens->index()].kind)) tokens->consume();
  }

 private:
  // Parts of the tree below this unit may be missing.
  void MarkUnit(antlr4::Parser* parser) {
    antlr4::tree::ParseTree* context = parser->getContext();
    while (context != nullptr && dynamic_cast<TlaParser::UnitContext*>(context) == nullptr) context = context->parent;
    if (context != nullptr) broken_.contexts.insert(context);
  }

  void ReportAt(std::size_t index, std::string expected) {
    // The error is found at the first token that does not fit: that of the next unit, often.
    const std::uint32_t unit = layout_.unit_of[index > 0 ? index - 1 : 0];
    if (!broken_.ordinals.insert(unit).second) return;
    std::size_t real = index;
    while (real + 1 < layout_.tokens.size() && layout_.tokens[real].text.empty()) ++real;
    const Token& found = layout_.tokens[real];
    std::string text = Describe(found);
    for (std::size_t i = index; i < real; ++i) {
      const TokenKind kind = layout_.tokens[i].kind;
      if (kind == TokenKind::kDefinition || kind == TokenKind::kLetDefinition)
        text = "the definition of " + Describe(found);
    }
    if (layout_.tokens[index].kind == TokenKind::kCaseSeparator) text = "`[]` of a CASE";
    diagnostics_.Add(DiagnosticKind::kSyntax, found.span, {.found = std::move(text), .expected = std::move(expected)});
  }

  const Layout& layout_;
  BrokenUnits& broken_;
  tla::Diagnostics& diagnostics_;
};

std::vector<std::unique_ptr<antlr4::Token>> GrammarTokens(const Layout& layout) {
  std::vector<std::unique_ptr<antlr4::Token>> tokens;
  tokens.reserve(layout.tokens.size());
  for (std::size_t i = 0; i < layout.tokens.size(); ++i) {
    auto token = std::make_unique<antlr4::CommonToken>(GrammarType(layout.tokens[i].kind));
    token->setTokenIndex(i);
    tokens.push_back(std::move(token));
  }
  return tokens;
}

bool HeightIsAllowed(const ast::Module& module, std::size_t height_max, std::size_t nesting_depth_max,
                     tla::Diagnostics& diagnostics) {
  if (module.node(module.root()).height <= height_max) return true;
  for (std::uint32_t i = 0; i < module.node_count(); ++i) {
    const ast::Node& node = module.node(ast::NodeId{i});
    if (node.height <= height_max) continue;
    diagnostics.Add(DiagnosticKind::kNestingTooDeep, node.span,
                    {.expected = std::to_string(height_max),
                     .hint = "--max-nesting (now " + std::to_string(nesting_depth_max) + ") raises the limit"});
    return false;
  }
  return false;
}

std::optional<ast::Module> ParseLayout(Layout& layout, tla::Diagnostics& diagnostics) {
  BrokenUnits broken;
  broken.ordinals.insert(layout.broken_units.begin(), layout.broken_units.end());
  antlr4::ListTokenSource source(GrammarTokens(layout));
  antlr4::CommonTokenStream stream(&source);
  TlaParser parser(&stream);
  parser.removeErrorListeners();
  parser.setErrorHandler(std::make_shared<UnitErrors>(layout, broken, diagnostics));
  TlaParser::FileContext* file = parser.file();
  return TreeBuilder(layout, broken, diagnostics).Build(file);
}

}  // namespace

Layout PrepareTokens(tla::FileId file, const tla::SourceMap& sources, const ParseLimits& limits,
                     tla::Diagnostics& diagnostics, std::size_t begin) {
  tla::Diagnostics of_lexer(SIZE_MAX);
  const std::vector<Token> raw = Lex(file, sources, of_lexer, begin);
  const std::vector<Token> tokens = RemoveProofs(MarkDefinitions(AssignBracketRoles(raw)));
  Layout layout = InsertLists(tokens, limits.nesting_depth_max, diagnostics);
  // What the lexer could not read need not be reported a second time as wrong syntax.
  for (const tla::Diagnostic& d : of_lexer.list()) {
    diagnostics.Add(d.kind, d.span, {.found = d.found, .expected = d.expected, .hint = d.hint});
    const auto behind = std::upper_bound(
        layout.tokens.begin(), layout.tokens.end(), d.span, [](const tla::Span& span, const Token& token) {
          return std::pair(span.line, span.column) < std::pair(token.span.line, token.span.column);
        });
    if (behind == layout.tokens.begin()) continue;
    layout.broken_units.push_back(layout.unit_of[static_cast<std::size_t>(behind - layout.tokens.begin()) - 1]);
  }
  return layout;
}

std::optional<ast::Module> ParseModule(tla::FileId file, const tla::SourceMap& sources, const ParseLimits& limits,
                                       tla::Diagnostics& diagnostics, std::size_t begin) {
  // Errors of other files must not make this one look broken.
  tla::Diagnostics own(SIZE_MAX);
  const auto finish = [&](std::optional<ast::Module> module) -> std::optional<ast::Module> {
    std::vector<tla::Diagnostic> list = own.list();
    std::stable_sort(list.begin(), list.end(), [](const tla::Diagnostic& a, const tla::Diagnostic& b) {
      return std::pair(a.span.line, a.span.column) < std::pair(b.span.line, b.span.column);
    });
    for (const tla::Diagnostic& d : list) {
      diagnostics.Add(d.kind, d.span, {.found = d.found, .expected = d.expected, .hint = d.hint});
    }
    return own.has_errors() ? std::nullopt : std::move(module);
  };
  Layout layout = PrepareTokens(file, sources, limits, own, begin);
  const bool is_empty = layout.tokens.size() <= 1;  // no module, or no text: reported
  if (layout.is_too_deep || is_empty) return finish(std::nullopt);
  try {
    std::optional<ast::Module> module = ParseLayout(layout, own);
    const std::size_t height_max = 2 * limits.nesting_depth_max + 16;
    if (module && !HeightIsAllowed(*module, height_max, limits.nesting_depth_max, own)) module.reset();
    return finish(std::move(module));
  } catch (const std::exception& error) {
    // The runtime's exceptions stay behind this door.
    own.Add(DiagnosticKind::kSyntax, layout.tokens.front().span, {.found = error.what(), .expected = "a module"});
    return finish(std::nullopt);
  }
}

}  // namespace kelpie::syntax
