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

  // What is left of a word of proofs is an error for the parser: a proof that belongs to no theorem,
  // has no QED, or names nothing behind BY.
  std::vector<Token> Run() {
    while (at_ < tokens_.size()) {
      const Token& token = tokens_[at_];
      const bool begins = token.kind == TokenKind::kProofBegin || token.kind == TokenKind::kStep;
      const bool is_use = token.kind == TokenKind::kProofWord && IsTopLevelProofWord(token);
      bool is_skipped = false;
      if (begins && in_theorem_) {
        is_skipped = SkipProof();
        in_theorem_ = false;
      } else if (is_use) {
        is_skipped = SkipLeaf();
      }
      if (is_skipped) continue;
      FollowUnits();
      out_.push_back(token);
      ++at_;
    }
    return std::move(out_);
  }

 private:
  // `THEOREM T == ...` is one unit, whose second token begins a definition.
  void FollowUnits() {
    const TokenKind before = KindBefore(tokens_, at_, 1);
    const bool is_declaration = kind() == TokenKind::kConstant || kind() == TokenKind::kVariable;
    const bool is_inner_assume = before == TokenKind::kTheorem || before == TokenKind::kDefines ||
                                 before == TokenKind::kAssume || before == TokenKind::kComma ||
                                 before == TokenKind::kLabel;
    const bool is_of_sequent =
        (kind() == TokenKind::kAssume && is_inner_assume) ||
        (is_declaration && (before == TokenKind::kNew || before == TokenKind::kComma || before == TokenKind::kAssume));
    if (kind() == TokenKind::kLet) ++let_depth_;
    if (kind() == TokenKind::kIn && let_depth_ > 0) --let_depth_;
    if (kind() == TokenKind::kDefinition && let_depth_ > 0) return;
    if (kind() == TokenKind::kTheorem) {
      in_theorem_ = true;
      let_depth_ = 0;
    } else if (BeginsUnit(kind()) && !is_of_sequent && before != TokenKind::kTheorem) {
      in_theorem_ = false;
    }
  }

  [[nodiscard]] TokenKind kind() const { return tokens_[at_].kind; }

  // A proof is PROOF? and either one leaf or steps up to QED; QED has a proof of its own. False,
  // with nothing skipped, when it is none.
  bool SkipProof() {
    const std::size_t begin = at_;
    while (kind() == TokenKind::kProofBegin || kind() == TokenKind::kStep) {
      bool is_complete = false;
      const bool has_steps = tokens_[at_].text == "PROOF";
      if (kind() == TokenKind::kStep) {
        is_complete = SkipSteps();
      } else if (has_steps) {
        is_complete = true;
        ++at_;
      } else {
        is_complete = SkipLeaf();
      }
      if (!is_complete) {
        at_ = begin;
        return false;
      }
      if (!has_steps && tokens_[at_ - 1].kind != TokenKind::kQed) break;
    }
    return true;
  }

  // Up to the QED of the level of the first step; definitions in between belong to the proof.
  bool SkipSteps() {
    if (failed_count_ >= kFailedCountMax) return false;
    const std::string_view level = LevelOf(tokens_[at_].text);
    while (!EndsModule(kind())) {
      const bool is_qed = kind() == TokenKind::kStep && LevelOf(tokens_[at_].text) == level &&
                          at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == TokenKind::kQed;
      ++at_;
      if (is_qed) {
        ++at_;
        return true;
      }
    }
    ++failed_count_;
    return false;
  }

  // `<1>a.` and `<1>` are of one level.
  static std::string_view LevelOf(std::string_view step) { return step.substr(0, step.find('>') + 1); }

  static bool EndsModule(TokenKind kind) { return kind == TokenKind::kEnd || kind == TokenKind::kModuleEnd; }

  // BY, USE and HIDE need something behind them.
  bool SkipLeaf() {
    const std::string_view word = tokens_[at_].text;
    const std::size_t begin = at_++;
    while (!BeginsUnit(kind()) && !(kind() == TokenKind::kStep && !IsReference()) && kind() != TokenKind::kProofBegin &&
           kind() != TokenKind::kInstance && kind() != TokenKind::kRecursive) {
      ++at_;
    }
    const bool is_bare = word == "OBVIOUS" || word == "OMITTED";
    if (is_bare || at_ > begin + 1) return true;
    at_ = begin;
    return false;
  }

  // `BY <1>1, <1>2` names steps; a new step never follows BY, a comma or an operator.
  [[nodiscard]] bool IsReference() const {
    const Token& before = tokens_[at_ - 1];
    return before.text == "BY" || before.kind == TokenKind::kComma || before.kind == TokenKind::kProofWord ||
           IsOpening(before.kind) || (before.op != nullptr && before.op->fixity != Fixity::kPostfix);
  }

  const std::vector<Token>& tokens_;
  std::vector<Token> out_;
  std::size_t at_ = 0;
  // Each failure has read the rest of the module; a hostile file has a theorem in every line.
  static constexpr int kFailedCountMax = 8;
  int failed_count_ = 0;
  std::size_t let_depth_ = 0;
  bool in_theorem_ = false;
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
