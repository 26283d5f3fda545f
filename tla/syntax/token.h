// Tokens of a module, and the two tables (tokens.def, operators.def) behind them.
//
//   const Spelling* s = FindSpelling("\\leq");      // kInfixOperator, the operator "\leq"
//   token.symbol()                                   // "\leq" for `=<`, `<=`, `\leq` and U+2264
//
// Invariants: `text` points into the SourceMap's text, or is empty for virtual tokens; virtual
// tokens have an empty span at the token they stand before.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tla/source/source.h"

namespace kelpie::syntax {

enum class TokenKind : std::uint8_t {
#define KELPIE_TOKEN(name, grammar_name, spelling, text) name,
#include "tla/syntax/tokens.def"
#undef KELPIE_TOKEN
};

enum class Fixity : std::uint8_t { kPrefix, kInfix, kPostfix };
enum class Associativity : std::uint8_t { kNone, kLeft };

// One row of operators.def.
struct Operator {
  std::string_view text;
  Fixity fixity;
  int low;
  int high;
  Associativity associativity;
  TokenKind token;
  bool is_definable;
};

// What a fixed text is. `op` is null for keywords and punctuation.
struct Spelling {
  TokenKind kind = TokenKind::kEnd;
  const Operator* op = nullptr;
};

// Null when the text is neither a keyword, an operator nor punctuation. O(1).
[[nodiscard]] const Spelling* FindSpelling(std::string_view text);

// An operator by canonical text; the prefix `-` is "-.". Null when there is none.
[[nodiscard]] const Operator* FindOperator(std::string_view text);

// All operators in the order of operators.def.
[[nodiscard]] const std::vector<Operator>& Operators();

// What messages call a kind, e.g. "a name", "`)`".
[[nodiscard]] std::string_view DescriptionOf(TokenKind kind);
// The kind's name for dumps, e.g. "kIdentifier" without the k.
[[nodiscard]] std::string_view NameOf(TokenKind kind);

struct Token {
  TokenKind kind = TokenKind::kEnd;
  const Operator* op = nullptr;
  std::uint32_t align_column = 0;  // 1-based, tabs to the next multiple of 8; for junction lists
  tla::Span span;
  std::string_view text;

  // The operator's canonical spelling, else the text.
  [[nodiscard]] std::string_view symbol() const { return op != nullptr ? op->text : text; }
};

// A token without text that stands directly before `next`.
[[nodiscard]] Token VirtualToken(TokenKind kind, const Token& next);

// True after a token that ends an operand, so that `-`, `[`, `(`, `[]` or `/\` after it cannot
// begin one. Holds for raw and for prepared tokens.
[[nodiscard]] bool EndsOperand(TokenKind kind);
[[nodiscard]] bool IsOpening(TokenKind kind);  // (, {, [, << in any role
[[nodiscard]] bool IsClosing(TokenKind kind);
// True for tokens that cannot stand inside an expression and begin a unit or end a module.
[[nodiscard]] bool BeginsUnit(TokenKind kind);

// What a message calls this very token: "`foo`", "the string \"a\"", "the end of the file".
[[nodiscard]] std::string Describe(const Token& token);

}  // namespace kelpie::syntax
