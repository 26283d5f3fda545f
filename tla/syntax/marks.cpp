#include "tla/syntax/marks.h"

#include <cstddef>

namespace kelpie::syntax {
namespace {

TokenKind KindBefore(const std::vector<Token>& tokens, std::size_t i, std::size_t distance) {
  return i >= distance ? tokens[i - distance].kind : TokenKind::kEnd;
}

bool IsDefinableInfix(const Token& token) {
  return token.op != nullptr && token.op->fixity == Fixity::kInfix && token.kind != TokenKind::kJunction &&
         token.kind != TokenKind::kDot;
}

// The index of the bracket that closes at `end`, or `end` when there is none.
std::size_t OpeningOf(const std::vector<Token>& tokens, std::size_t end) {
  std::size_t depth = 0;
  for (std::size_t i = end + 1; i-- > 0;) {
    if (IsClosing(tokens[i].kind)) ++depth;
    if (IsOpening(tokens[i].kind) && --depth == 0) return i;
    if (BeginsUnit(tokens[i].kind) || tokens[i].kind == TokenKind::kDefines) break;
  }
  return end;
}

// Where the left side of the `==` at `i` begins.
std::size_t LeftSide(const std::vector<Token>& tokens, std::size_t i) {
  const TokenKind last = KindBefore(tokens, i, 1);
  if (last == TokenKind::kParenthesisEnd || last == TokenKind::kBracketEnd) {
    const std::size_t open = OpeningOf(tokens, i - 1);
    return open < i - 1 && KindBefore(tokens, open, 1) == TokenKind::kIdentifier ? open - 1 : i;
  }
  if (last == TokenKind::kPostfixOperator && KindBefore(tokens, i, 2) == TokenKind::kIdentifier) return i - 2;
  if (last != TokenKind::kIdentifier) return i;
  if (i >= 3 && IsDefinableInfix(tokens[i - 2]) && tokens[i - 3].kind == TokenKind::kIdentifier) return i - 3;
  const bool is_prefix = i >= 2 && tokens[i - 2].kind == TokenKind::kPrefixOperator && tokens[i - 2].op->is_definable;
  return is_prefix ? i - 2 : i - 1;
}

bool IsTopLevelProofWord(const Token& token) { return token.text == "USE" || token.text == "HIDE"; }

class ProofRemover {
 public:
  explicit ProofRemover(const std::vector<Token>& tokens) : tokens_(tokens) {}

  std::vector<Token> Run() {
    while (at_ < tokens_.size()) {
      const Token& token = tokens_[at_];
      if (token.kind == TokenKind::kProofBegin || token.kind == TokenKind::kStep) {
        SkipProof();
      } else if (token.kind == TokenKind::kProofWord && IsTopLevelProofWord(token)) {
        SkipLeaf();
      } else {
        out_.push_back(token);
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] TokenKind kind() const { return tokens_[at_].kind; }

  // A proof is PROOF? and either one leaf or steps up to QED; QED has a proof of its own.
  void SkipProof() {
    while (kind() == TokenKind::kProofBegin || kind() == TokenKind::kStep) {
      if (kind() == TokenKind::kStep) {
        SkipSteps();
        continue;
      }
      const bool has_steps = tokens_[at_].text == "PROOF";
      SkipLeaf();
      if (!has_steps) return;
    }
  }

  // Up to the QED of the level of the first step; definitions in between belong to the proof.
  void SkipSteps() {
    const std::string_view level = LevelOf(tokens_[at_].text);
    while (!EndsModule(kind())) {
      const bool is_qed = kind() == TokenKind::kStep && LevelOf(tokens_[at_].text) == level &&
                          at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == TokenKind::kQed;
      ++at_;
      if (is_qed) {
        ++at_;
        return;
      }
    }
  }

  // `<1>a.` and `<1>` are of one level.
  static std::string_view LevelOf(std::string_view step) { return step.substr(0, step.find('>') + 1); }

  static bool EndsModule(TokenKind kind) { return kind == TokenKind::kEnd || kind == TokenKind::kModuleEnd; }

  void SkipLeaf() {
    ++at_;
    while (!BeginsUnit(kind()) && !(kind() == TokenKind::kStep && !IsReference()) && kind() != TokenKind::kProofBegin &&
           kind() != TokenKind::kInstance && kind() != TokenKind::kRecursive) {
      ++at_;
    }
  }

  // `BY <1>1, <1>2` names steps; a new step never follows BY, a comma or an operator.
  [[nodiscard]] bool IsReference() const {
    const Token& before = tokens_[at_ - 1];
    return before.text == "BY" || before.kind == TokenKind::kComma || before.kind == TokenKind::kProofWord ||
           (before.op != nullptr && before.op->fixity != Fixity::kPostfix);
  }

  const std::vector<Token>& tokens_;
  std::vector<Token> out_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> MarkDefinitions(const std::vector<Token>& tokens) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == TokenKind::kDefines) starts.push_back(LeftSide(tokens, i));
  }
  std::vector<Token> marked;
  marked.reserve(tokens.size() + starts.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    // Broken text can give two `==` the same left side; one mark is enough.
    bool is_start = false;
    while (next < starts.size() && starts[next] <= i) {
      is_start = is_start || starts[next] == i;
      ++next;
    }
    if (is_start) marked.push_back(VirtualToken(TokenKind::kDefinition, tokens[i]));
    marked.push_back(tokens[i]);
  }
  return marked;
}

std::vector<Token> RemoveProofs(const std::vector<Token>& tokens) { return ProofRemover(tokens).Run(); }

}  // namespace kelpie::syntax
