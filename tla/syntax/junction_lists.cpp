#include "tla/syntax/junction_lists.h"

#include <string>

namespace kelpie::syntax {
namespace {

using tla::DiagnosticKind;

// What is open at a token. The "tails" reach as far right as they can and are closed by
// whatever closes something outside of them.
enum class Opened : std::uint8_t {
  kBracket,
  kList,
  kCase,
  kQuantifierHead,  // \A, \E, CHOOSE, LAMBDA up to the colon
  kQuantifierTail,
  kIf,    // up to THEN
  kThen,  // up to ELSE
  kElseTail,
  kLet,  // up to IN
  kInTail,
};

struct Entry {
  Opened opened;
  Token token;             // what opened it; for lists the first bullet
  bool has_other = false;  // a CASE whose last arm has begun
  bool has_arrow = false;  // a CASE whose present arm has come to its value
};

bool IsTail(Opened opened) {
  return opened == Opened::kQuantifierTail || opened == Opened::kElseTail || opened == Opened::kInTail;
}

// Entries that a token may close without leaving something unfinished.
bool IsFinishable(Opened opened) { return IsTail(opened) || opened == Opened::kList || opened == Opened::kCase; }

std::string CloserOf(const Entry& entry) {
  switch (entry.opened) {
    case Opened::kIf: return "THEN";
    case Opened::kThen: return "ELSE";
    case Opened::kLet: return "IN";
    case Opened::kQuantifierHead: return "`:`";
    default: break;
  }
  switch (entry.token.kind) {
    case TokenKind::kParenthesis:
    case TokenKind::kArguments: return "`)`";
    case TokenKind::kBrace:
    case TokenKind::kBraceFilter:
    case TokenKind::kBraceMap: return "`}`";
    case TokenKind::kAngle: return "`>>`";
    default: return "`]`";
  }
}

class ListInserter {
 public:
  ListInserter(const std::vector<Token>& tokens, std::size_t nesting_depth_max, tla::Diagnostics& diagnostics)
      : tokens_(tokens), nesting_depth_max_(nesting_depth_max), diagnostics_(diagnostics) {}

  Layout Run() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      const Token& token = tokens_[at_];
      if (token.kind != TokenKind::kEnd) EndListsByColumn(token);
      Take(token);
      CountOuterNesting(token);
      if (stack_.size() + outer_depth_ > nesting_depth_max_) {
        layout_.is_too_deep = true;
        diagnostics_.Add(DiagnosticKind::kNestingTooDeep, token.span,
                         {.expected = std::to_string(nesting_depth_max_), .hint = "--max-nesting raises the limit"});
        break;
      }
    }
    return std::move(layout_);
  }

 private:
  void Emit(const Token& token) {
    // `LOCAL F == ...`, `ASSUME A == ...` and `THEOREM T == ...` are one unit each.
    const TokenKind before = layout_.tokens.empty() ? TokenKind::kEnd : layout_.tokens.back().kind;
    const bool continues_unit =
        before == TokenKind::kLocal || before == TokenKind::kAssume || before == TokenKind::kTheorem;
    if (BeginsUnit(token.kind) && !continues_unit) ++unit_;
    layout_.tokens.push_back(token);
    layout_.unit_of.push_back(unit_);
  }
  void Emit(Token token, TokenKind kind) {
    token.kind = kind;
    Emit(token);
  }

  // Submodules and sequents inside sequents recurse in the grammar without brackets.
  void CountOuterNesting(const Token& token) {
    const TokenKind before = at_ > 0 ? tokens_[at_ - 1].kind : TokenKind::kEnd;
    const bool is_inner_sequent =
        token.kind == TokenKind::kAssume &&
        (before == TokenKind::kAssume || before == TokenKind::kComma || before == TokenKind::kLabel);
    const bool is_submodule = token.kind == TokenKind::kModuleBegin && at_ > 0;
    if (is_submodule || is_inner_sequent) ++outer_depth_;
    if ((token.kind == TokenKind::kModuleEnd || token.kind == TokenKind::kProve) && outer_depth_ > 0) --outer_depth_;
  }

  void Break() {
    if (layout_.broken_units.empty() || layout_.broken_units.back() != unit_) layout_.broken_units.push_back(unit_);
  }

  [[nodiscard]] bool AfterOperand() const { return !layout_.tokens.empty() && EndsOperand(layout_.tokens.back().kind); }

  void Pop(const Token& before) {
    const Opened opened = stack_.back().opened;
    stack_.pop_back();
    if (opened == Opened::kList) Emit(VirtualToken(TokenKind::kListEnd, before));
    if (opened == Opened::kCase) Emit(VirtualToken(TokenKind::kCaseEnd, before));
  }

  void PopTo(std::size_t size, const Token& before) {
    while (stack_.size() > size) Pop(before);
  }

  // Index + 1 of the innermost entry that is not skipped; 0 when there is none.
  template <typename Skip>
  [[nodiscard]] std::size_t Find(Skip skip) const {
    std::size_t i = stack_.size();
    while (i > 0 && skip(stack_[i - 1].opened)) --i;
    return i;
  }

  // --- columns

  static bool Continues(const Token& token, const Token& bullet) {
    return token.kind == TokenKind::kJunction && IsBullet(token) && token.symbol() == bullet.symbol() &&
           token.align_column == bullet.align_column;
  }

  void EndListsByColumn(const Token& token) {
    while (true) {
      const std::size_t list = Find([](Opened o) { return o != Opened::kList; });
      if (list == 0 || token.align_column > stack_[list - 1].token.align_column) return;
      ReportUnfinished(list, token);
      const bool continues = Continues(token, stack_[list - 1].token);
      PopTo(continues ? list : list - 1, token);
      if (continues) return;
    }
  }

  // Everything inside a list item must be right of the bullet, so what is still open is wrong.
  void ReportUnfinished(std::size_t list, const Token& token) {
    if (BeginsUnit(token.kind) && token.kind != TokenKind::kDefinition) return;
    for (std::size_t i = stack_.size(); i > list; --i) {
      const Entry& entry = stack_[i - 1];
      if (IsFinishable(entry.opened)) continue;
      if (entry.opened == Opened::kLet && token.kind == TokenKind::kDefinition) continue;
      // A definition at the margin says that the bracket was forgotten, not the indentation.
      if (token.kind == TokenKind::kDefinition) {
        ReportUnclosed(entry);
      } else {
        diagnostics_.Add(
            DiagnosticKind::kBadIndentation, token.span,
            {.found = Describe(token),
             .hint = Describe(entry.token) + " of line " + std::to_string(entry.token.span.line) + " is still open"});
      }
      Break();
      return;
    }
  }

  void ReportUnclosed(const Entry& entry) {
    diagnostics_.Add(DiagnosticKind::kUnclosed, entry.token.span,
                     {.found = Describe(entry.token), .expected = CloserOf(entry)});
    Break();
  }

  // --- tokens

  void Take(const Token& token) {
    if (IsOpening(token.kind)) return Open(Opened::kBracket, token);
    if (IsClosing(token.kind)) return TakeClosing(token);
    switch (token.kind) {
      case TokenKind::kJunction: return TakeJunction(token);
      case TokenKind::kForAll:
      case TokenKind::kExists:
      case TokenKind::kTemporalForAll:
      case TokenKind::kTemporalExists:
      case TokenKind::kChoose:
      case TokenKind::kLambda: return Open(Opened::kQuantifierHead, token);
      case TokenKind::kIf: return Open(Opened::kIf, token);
      case TokenKind::kCase: return Open(Opened::kCase, token);
      case TokenKind::kLet: return Open(Opened::kLet, token);
      case TokenKind::kThen: return Turn(Opened::kIf, Opened::kThen, token);
      case TokenKind::kElse: return Turn(Opened::kThen, Opened::kElseTail, token);
      case TokenKind::kIn: return Turn(Opened::kLet, Opened::kInTail, token);
      case TokenKind::kColon: return TakeColon(token);
      case TokenKind::kArrow: return TakeArrow(token);
      case TokenKind::kBox: return TakeBox(token);
      case TokenKind::kOther:
        if (!stack_.empty() && stack_.back().opened == Opened::kCase) stack_.back().has_other = true;
        return Emit(token);
      case TokenKind::kComma:
      case TokenKind::kMapsTo:
      case TokenKind::kExcept: PopTo(Find(IsFinishable), token); return Emit(token);
      case TokenKind::kDefinition: return TakeDefinition(token);
      case TokenKind::kInstance:
        // Not the right side of `I == INSTANCE M`: a unit of its own.
        if (at_ > 0 && tokens_[at_ - 1].kind != TokenKind::kDefines && tokens_[at_ - 1].kind != TokenKind::kLocal)
          EndUnit(token);
        return Emit(token);
      case TokenKind::kRecursive: PopTo(Find(IsFinishable), token); return Emit(token);
      default:
        if (BeginsUnit(token.kind)) EndUnit(token);
        return Emit(token);
    }
  }

  void Open(Opened opened, const Token& token) {
    stack_.push_back({opened, token});
    Emit(token);
  }

  void TakeClosing(const Token& token) {
    const std::size_t bracket = Find([](Opened o) { return o != Opened::kBracket; });
    if (bracket > 0) PopTo(bracket - 1, token);
    Emit(token);
  }

  // `\land` and `\lor` are infix operators only.
  static bool IsBullet(const Token& token) { return token.text != "\\land" && token.text != "\\lor"; }

  void TakeJunction(const Token& token) {
    if (!IsBullet(token)) return Emit(token, TokenKind::kInfixOperator);
    const std::size_t list = Find([](Opened o) { return o != Opened::kList; });
    if (list > 0 && list == stack_.size() && Continues(token, stack_[list - 1].token)) {
      return Emit(token, TokenKind::kBullet);
    }
    // `F(/\, x)`: the operator itself is the argument.
    const TokenKind next = at_ + 1 < tokens_.size() ? tokens_[at_ + 1].kind : TokenKind::kEnd;
    const bool is_argument = next == TokenKind::kComma || next == TokenKind::kParenthesisEnd;
    if (AfterOperand() || is_argument) return Emit(token, TokenKind::kInfixOperator);
    stack_.push_back({Opened::kList, token});
    Emit(VirtualToken(TokenKind::kListBegin, token));
    Emit(token, TokenKind::kBullet);
  }

  // The innermost `from` up to the next bracket becomes `to`.
  void Turn(Opened from, Opened to, const Token& token) {
    const std::size_t found = Find([&](Opened o) { return o != from && o != Opened::kBracket; });
    if (found > 0 && stack_[found - 1].opened == from) {
      PopTo(found, token);
      stack_.back().opened = to;
    }
    Emit(token);
  }

  void TakeColon(const Token& token) {
    if (at_ > 0 && tokens_[at_ - 1].kind == TokenKind::kBang) return Emit(token);  // Op!:
    const std::size_t found = Find(IsFinishable);
    PopTo(found, token);
    if (found > 0 && stack_.back().opened == Opened::kQuantifierHead) stack_.back().opened = Opened::kQuantifierTail;
    Emit(token);
  }

  // Index + 1 of the CASE that a token may belong to, or of what hides it.
  [[nodiscard]] std::size_t FindCase() const {
    return Find([](Opened o) { return IsTail(o) || o == Opened::kList; });
  }
  [[nodiscard]] bool IsCase(std::size_t found) const { return found > 0 && stack_[found - 1].opened == Opened::kCase; }

  // In `[CASE p -> S -> T]` the second arrow is that of the set of functions.
  void TakeArrow(const Token& token) {
    std::size_t found = FindCase();
    while (IsCase(found) && stack_[found - 1].has_arrow) {
      PopTo(found - 1, token);
      found = FindCase();
    }
    PopTo(found, token);
    if (IsCase(found)) stack_[found - 1].has_arrow = true;
    Emit(token);
  }

  void TakeBox(const Token& token) {
    std::size_t found = FindCase();
    if (!AfterOperand() || !IsCase(found)) return Emit(token);
    // Nothing follows OTHER: the arm belongs to a CASE further out.
    while (IsCase(found) && stack_[found - 1].has_other) {
      PopTo(found - 1, token);
      found = FindCase();
    }
    if (IsCase(found)) {
      PopTo(found, token);
      stack_[found - 1].has_arrow = false;
    }
    Emit(token, TokenKind::kCaseSeparator);
  }

  void TakeDefinition(const Token& token) {
    const std::size_t let = Find([](Opened o) { return o != Opened::kLet; });
    if (let == 0) {
      EndUnit(token);
      return Emit(token);
    }
    PopTo(let, token);
    Emit(token, TokenKind::kLetDefinition);
  }

  void EndUnit(const Token& token) {
    for (const Entry& entry : stack_) {
      if (IsFinishable(entry.opened)) continue;
      ReportUnclosed(entry);
      break;
    }
    PopTo(0, token);
  }

  const std::vector<Token>& tokens_;
  std::size_t nesting_depth_max_;
  tla::Diagnostics& diagnostics_;
  std::vector<Entry> stack_;
  Layout layout_;
  std::size_t at_ = 0;
  std::size_t outer_depth_ = 0;
  std::uint32_t unit_ = 0;
};

}  // namespace

Layout InsertLists(const std::vector<Token>& tokens, std::size_t nesting_depth_max, tla::Diagnostics& diagnostics) {
  return ListInserter(tokens, nesting_depth_max, diagnostics).Run();
}

}  // namespace kelpie::syntax
