#include "tla/syntax/brackets.h"

#include <cstddef>

namespace kelpie::syntax {
namespace {

struct Open {
  std::size_t index;
  bool has_role = false;
  bool has_case = false;
  int arrows_owed = 0;  // `->` that belong to CASE arms
  int colons_owed = 0;  // `:` that belong to quantifiers, CHOOSE and LAMBDA
};

class RoleAssigner {
 public:
  explicit RoleAssigner(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  std::vector<Token> Run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      Token& token = tokens_[i];
      if (IsOpening(token.kind)) {
        open_.push_back({.index = i, .has_role = AssignFromLeft(i)});
      } else if (IsClosing(token.kind)) {
        if (!open_.empty()) open_.pop_back();
      } else if (BeginsUnit(token.kind)) {
        open_.clear();
      } else if (!open_.empty()) {
        Look(i, open_.back());
      }
    }
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] TokenKind KindAt(std::size_t i) const { return i < tokens_.size() ? tokens_[i].kind : TokenKind::kEnd; }

  // Roles that the token before the bracket decides.
  bool AssignFromLeft(std::size_t i) {
    Token& token = tokens_[i];
    const TokenKind before = i > 0 ? tokens_[i - 1].kind : TokenKind::kEnd;
    if (token.kind == TokenKind::kBracket && (EndsOperand(before) || before == TokenKind::kBang)) {
      token.kind = TokenKind::kBracketApply;
      return true;
    }
    // Whatever follows: tools read `[x \in S` as a function, so that [x \in S]_v needs parentheses.
    if (token.kind == TokenKind::kBracket && BeginsWithBound(i + 1)) {
      token.kind = TokenKind::kBracketFunction;
      return true;
    }
    if (token.kind == TokenKind::kParenthesis) {
      if (before == TokenKind::kIdentifier || before == TokenKind::kBang || IsOperatorName(i))
        token.kind = TokenKind::kArguments;
      return true;
    }
    return token.kind == TokenKind::kAngle;
  }

  // `+(1, 2)`, `I!+(1, 2)`: an operator that stands where an operand begins is applied like a name.
  [[nodiscard]] bool IsOperatorName(std::size_t i) const {
    if (i < 2 || tokens_[i - 1].op == nullptr) return false;
    const TokenKind kind = tokens_[i - 1].kind;
    const TokenKind before = tokens_[i - 2].kind;
    if (before == TokenKind::kBang) return true;
    const bool is_definable_place = kind == TokenKind::kInfixOperator || kind == TokenKind::kPostfixOperator ||
                                    kind == TokenKind::kEquals || kind == TokenKind::kElementOf;
    return is_definable_place && !EndsOperand(before) && before != TokenKind::kUnderscore;
  }

  void Look(std::size_t i, Open& open) {
    switch (tokens_[i].kind) {
      case TokenKind::kCase:
        ++open.arrows_owed;
        open.has_case = true;
        return;
      case TokenKind::kBox:
        if (open.has_case && EndsOperand(KindAt(i - 1))) ++open.arrows_owed;
        return;
      case TokenKind::kForAll:
      case TokenKind::kExists:
      case TokenKind::kTemporalForAll:
      case TokenKind::kTemporalExists:
      case TokenKind::kChoose:
      case TokenKind::kLambda: ++open.colons_owed; return;
      case TokenKind::kArrow:
        if (open.arrows_owed > 0) {
          --open.arrows_owed;
        } else {
          Assign(open, TokenKind::kBracket, TokenKind::kBracketFunctionSet);
        }
        return;
      case TokenKind::kColon:
        if (KindAt(i - 1) == TokenKind::kBang) return;  // Op!:
        if (open.colons_owed > 0) {
          --open.colons_owed;
        } else {
          Assign(open, TokenKind::kBrace,
                 BeginsWithBound(open.index + 1) ? TokenKind::kBraceFilter : TokenKind::kBraceMap);
          Assign(open, TokenKind::kBracket, TokenKind::kBracketRecordSet);
        }
        return;
      case TokenKind::kMapsTo: {
        const bool is_record = i == open.index + 2 && KindAt(i - 1) == TokenKind::kIdentifier;
        Assign(open, TokenKind::kBracket, is_record ? TokenKind::kBracketRecord : TokenKind::kBracketFunction);
        return;
      }
      case TokenKind::kExcept: Assign(open, TokenKind::kBracket, TokenKind::kBracketExcept); return;
      default: return;
    }
  }

  void Assign(Open& open, TokenKind from, TokenKind role) {
    if (open.has_role || tokens_[open.index].kind != from) return;
    tokens_[open.index].kind = role;
    open.has_role = true;
  }

  // `x \in` or `<<x, y>> \in`: then a set with `:` is a filter.
  [[nodiscard]] bool BeginsWithBound(std::size_t i) const {
    if (KindAt(i) == TokenKind::kAngle) {
      ++i;
      while (KindAt(i) == TokenKind::kIdentifier && KindAt(i + 1) == TokenKind::kComma) i += 2;
      if (KindAt(i) != TokenKind::kIdentifier || KindAt(i + 1) != TokenKind::kAngleEnd) return false;
      return KindAt(i + 2) == TokenKind::kElementOf;
    }
    return KindAt(i) == TokenKind::kIdentifier && KindAt(i + 1) == TokenKind::kElementOf;
  }

  std::vector<Token> tokens_;
  std::vector<Open> open_;
};

}  // namespace

std::vector<Token> AssignBracketRoles(std::vector<Token> tokens) { return RoleAssigner(std::move(tokens)).Run(); }

}  // namespace kelpie::syntax
