#include "tla/syntax/token.h"

#include <unordered_map>

namespace kelpie::syntax {
namespace {

struct TokenRow {
  TokenKind kind;
  std::string_view name;
  std::string_view spellings;
  std::string_view description;
};

constexpr TokenRow kTokens[] = {
#define KELPIE_TOKEN(name, grammar_name, spelling, text) {TokenKind::name, #name, spelling, text},
#include "tla/syntax/tokens.def"
#undef KELPIE_TOKEN
};

struct OperatorRow {
  std::string_view text;
  std::string_view spellings;
};

constexpr OperatorRow kOperatorSpellings[] = {
#define KELPIE_OPERATOR(text, others, fixity, low, high, associativity, token, definable) {text, others},
#include "tla/syntax/operators.def"
#undef KELPIE_OPERATOR
};

template <typename Action>
void ForEachWord(std::string_view words, Action action) {
  while (!words.empty()) {
    const std::size_t end = words.find(' ');
    if (const std::string_view word = words.substr(0, end); !word.empty()) action(word);
    if (end == std::string_view::npos) break;
    words.remove_prefix(end + 1);
  }
}

using SpellingTable = std::unordered_map<std::string_view, Spelling>;

SpellingTable MakeSpellings() {
  SpellingTable table;
  table.reserve(512);
  for (const TokenRow& row : kTokens) {
    ForEachWord(row.spellings, [&](std::string_view word) { table.emplace(word, Spelling{row.kind, nullptr}); });
  }
  const std::vector<Operator>& operators = Operators();
  for (std::size_t i = 0; i < operators.size(); ++i) {
    const Spelling spelling{operators[i].token, &operators[i]};
    table.emplace(operators[i].text, spelling);
    ForEachWord(kOperatorSpellings[i].spellings, [&](std::string_view word) { table.emplace(word, spelling); });
  }
  return table;
}

}  // namespace

const std::vector<Operator>& Operators() {
  static const std::vector<Operator> operators = {
#define KELPIE_OPERATOR(text, others, fixity, low, high, associativity, token, definable) \
  {text, Fixity::fixity, low, high, Associativity::associativity, TokenKind::token, definable},
#include "tla/syntax/operators.def"
#undef KELPIE_OPERATOR
  };
  return operators;
}

const Spelling* FindSpelling(std::string_view text) {
  static const SpellingTable table = MakeSpellings();
  const auto found = table.find(text);
  return found == table.end() ? nullptr : &found->second;
}

const Operator* FindOperator(std::string_view text) {
  const Spelling* spelling = FindSpelling(text);
  return spelling != nullptr ? spelling->op : nullptr;
}

std::string_view DescriptionOf(TokenKind kind) { return kTokens[static_cast<std::size_t>(kind)].description; }

std::string_view NameOf(TokenKind kind) { return kTokens[static_cast<std::size_t>(kind)].name.substr(1); }

Token VirtualToken(TokenKind kind, const Token& next) {
  Token token;
  token.kind = kind;
  token.align_column = next.align_column;
  token.span = next.span;
  token.span.end_line = token.span.line;
  token.span.end_column = token.span.column;
  return token;
}

bool EndsOperand(TokenKind kind) {
  switch (kind) {
    case TokenKind::kIdentifier:
    case TokenKind::kNumber:
    case TokenKind::kString:
    case TokenKind::kAt:
    case TokenKind::kPostfixOperator:
    case TokenKind::kParenthesisEnd:
    case TokenKind::kBraceEnd:
    case TokenKind::kBracketEnd:
    case TokenKind::kAngleEnd:
    case TokenKind::kListEnd:
    case TokenKind::kCaseEnd: return true;
    default: return false;
  }
}

bool IsOpening(TokenKind kind) {
  switch (kind) {
    case TokenKind::kParenthesis:
    case TokenKind::kArguments:
    case TokenKind::kBrace:
    case TokenKind::kBraceFilter:
    case TokenKind::kBraceMap:
    case TokenKind::kBracket:
    case TokenKind::kBracketApply:
    case TokenKind::kBracketFunction:
    case TokenKind::kBracketFunctionSet:
    case TokenKind::kBracketExcept:
    case TokenKind::kBracketRecord:
    case TokenKind::kBracketRecordSet:
    case TokenKind::kAngle: return true;
    default: return false;
  }
}

bool IsClosing(TokenKind kind) {
  switch (kind) {
    case TokenKind::kParenthesisEnd:
    case TokenKind::kBraceEnd:
    case TokenKind::kBracketEnd:
    case TokenKind::kBracketEndSubscript:
    case TokenKind::kAngleEnd:
    case TokenKind::kAngleEndSubscript: return true;
    default: return false;
  }
}

bool BeginsUnit(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEnd:
    case TokenKind::kModuleBegin:
    case TokenKind::kModuleEnd:
    case TokenKind::kSeparator:
    case TokenKind::kConstant:
    case TokenKind::kVariable:
    case TokenKind::kAssume:
    case TokenKind::kTheorem:
    case TokenKind::kLocal:
    case TokenKind::kDefinition: return true;
    default: return false;
  }
}

std::string Describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::kString: return "the string " + std::string(token.text);
    case TokenKind::kNumber: return "the number " + std::string(token.text);
    default:
      if (token.text.empty() || token.kind == TokenKind::kModuleEnd || token.kind == TokenKind::kSeparator ||
          token.kind == TokenKind::kModuleBegin) {
        return std::string(DescriptionOf(token.kind));
      }
      return "`" + std::string(token.text) + "`";
  }
}

}  // namespace kelpie::syntax
