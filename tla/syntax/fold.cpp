#include "tla/syntax/fold.h"

#include <optional>
#include <string>
#include <utility>

namespace kelpie::syntax {
namespace {

using ast::NodeId;
using ast::NodeKind;
using tla::Cover;
using tla::DiagnosticKind;
using tla::Span;

// An operand that may still grow: a chain collects its members before it becomes a node.
struct Operand {
  NodeId node;  // invalid while a chain
  const Operator* chain = nullptr;
  std::vector<NodeId> members;
  Span span;
};

struct Pending {
  const Operator* op;
  const Token* token;
};

NodeKind ChainKind(const Operator& op) {
  if (op.text == "/\\") return NodeKind::kConjunction;
  return op.text == "\\/" ? NodeKind::kDisjunction : NodeKind::kCross;
}

bool IsChain(const Operator& op) { return op.text == "/\\" || op.text == "\\/" || op.text == "\\X"; }

class Folder {
 public:
  Folder(const FoldEnd& end, ast::ModuleBuilder& builder, tla::Diagnostics& diagnostics)
      : end_(end), builder_(builder), diagnostics_(diagnostics) {}

  NodeId Run(const std::vector<FoldItem>& items) {
    if (items.size() == 1 && std::holds_alternative<const Token*>(items[0])) return OperatorSymbol(items[0]);
    for (const FoldItem& item : items) {
      if (const auto* operand = std::get_if<NodeId>(&item)) {
        TakeOperand(*operand);
      } else if (const auto* suffix = std::get_if<Suffix>(&item)) {
        TakeSuffix(*suffix);
      } else {
        TakeOperator(*std::get<const Token*>(item));
      }
      if (failed_) return {};
    }
    if (!after_operand_) {
      const std::string end = (end_.is_definition ? "the definition of " : "") + Describe(*end_.token);
      return Fail(end_.token->span, end, "an expression");
    }
    while (!pending_.empty()) Reduce();
    return Finish(operands_.back());
  }

 private:
  NodeId Fail(const Span& span, std::string found, std::string expected) {
    diagnostics_.Add(DiagnosticKind::kSyntax, span, {.found = std::move(found), .expected = std::move(expected)});
    failed_ = true;
    return {};
  }

  void ReportConflict(const Pending& left, const Token& right, std::string hint) {
    diagnostics_.Add(DiagnosticKind::kPrecedenceConflict, right.span,
                     {.found = Describe(*left.token), .expected = Describe(right), .hint = std::move(hint)});
    failed_ = true;
  }

  // An operator alone is an argument, as in Fold(+, 0, s).
  NodeId OperatorSymbol(const FoldItem& item) {
    const Token& token = *std::get<const Token*>(item);
    if (token.op == nullptr) return Fail(token.span, Describe(token), "an expression");
    // `S \X T \X U` is one construct of three sets, so \X is no operator of two arguments.
    if (token.symbol() == "\\X") return Fail(token.span, Describe(token), "an operator that can be passed");
    return builder_.Add(NodeKind::kOperatorSymbol, token.span, {}, {.text = token.symbol()});
  }

  void TakeOperand(NodeId node) {
    const Span& span = builder_.node(node).span;
    if (after_operand_) {
      Fail(span, "an expression", "an operator, or the end of the expression before it");
      return;
    }
    operands_.push_back({.node = node, .span = span});
    after_operand_ = true;
  }

  void TakeSuffix(const Suffix& suffix) {
    if (!after_operand_) {
      Fail(suffix.span, suffix.field.empty() ? "`[`" : "`.`", "an expression");
      return;
    }
    Operand& operand = operands_.back();
    std::vector<NodeId> children{operand.node};
    children.insert(children.end(), suffix.arguments.begin(), suffix.arguments.end());
    operand.span = Cover(operand.span, suffix.span);
    const NodeKind kind = suffix.arguments.empty() ? NodeKind::kField : NodeKind::kFunctionApply;
    operand.node = builder_.Add(kind, operand.span, children, {.text = suffix.field});
  }

  void TakeOperator(const Token& token) {
    if (!after_operand_) {
      const bool is_minus = token.kind == TokenKind::kMinus;
      const Operator* op = is_minus ? FindOperator("-.") : token.op;
      if (op == nullptr || op->fixity != Fixity::kPrefix) {
        Fail(token.span, Describe(token), "an expression");
        return;
      }
      // `2 * -1` is refused by every tool: one that reads `-` as infix would have to look back.
      if (is_minus && !pending_.empty() && pending_.back().op->low > op->high) {
        ReportConflict(pending_.back(), token, "");
        return;
      }
      pending_.push_back({op, &token});
      return;
    }
    if (token.op == nullptr || token.op->fixity == Fixity::kPrefix) {
      Fail(token.span, Describe(token), "an operator, or the end of the expression before it");
      return;
    }
    if (!MakeRoomFor(token)) return;
    if (token.op->fixity == Fixity::kPostfix) {
      Operand& operand = operands_.back();
      const NodeId node = Finish(operand);
      operand = {.span = Cover(operand.span, token.span)};
      operand.node = builder_.Add(NodeKind::kPostfix, operand.span, std::span(&node, 1),
                                  {.text = token.symbol(), .name_span = token.span});
      return;
    }
    pending_.push_back({token.op, &token});
    after_operand_ = false;
  }

  // Reduces what binds tighter than `token`; false after reporting a conflict.
  bool MakeRoomFor(const Token& token) {
    while (!pending_.empty()) {
      const Operator& left = *pending_.back().op;
      const Operator& right = *token.op;
      const bool is_same = &left == &right && left.associativity == Associativity::kLeft;
      if (left.low > right.high || is_same) {
        Reduce();
      } else if (left.high < right.low) {
        break;
      } else {
        ReportConflict(pending_.back(), token, &left == &right ? "it does not associate" : "");
        return false;
      }
    }
    return true;
  }

  void Reduce() {
    const Pending top = pending_.back();
    pending_.pop_back();
    if (top.op->fixity == Fixity::kPrefix) {
      Operand& operand = operands_.back();
      const NodeId node = Finish(operand);
      operand = {.span = Cover(top.token->span, operand.span)};
      operand.node = builder_.Add(NodeKind::kPrefix, operand.span, std::span(&node, 1),
                                  {.text = top.op->text, .name_span = top.token->span});
      return;
    }
    Operand right = std::move(operands_.back());
    operands_.pop_back();
    Operand& left = operands_.back();
    const Span span = Cover(left.span, right.span);
    if (IsChain(*top.op)) {
      if (left.chain != top.op) left = {.chain = top.op, .members = {Finish(left)}};
      left.members.push_back(Finish(right));
    } else {
      const NodeId sides[] = {Finish(left), Finish(right)};
      left = {.node =
                  builder_.Add(NodeKind::kInfix, span, sides, {.text = top.op->text, .name_span = top.token->span})};
    }
    left.span = span;
  }

  NodeId Finish(const Operand& operand) {
    if (operand.chain == nullptr) return operand.node;
    return builder_.Add(ChainKind(*operand.chain), operand.span, operand.members);
  }

  const FoldEnd& end_;
  ast::ModuleBuilder& builder_;
  tla::Diagnostics& diagnostics_;
  std::vector<Operand> operands_;
  std::vector<Pending> pending_;
  bool after_operand_ = false;
  bool failed_ = false;
};

}  // namespace

NodeId Fold(const std::vector<FoldItem>& items, const FoldEnd& end, ast::ModuleBuilder& builder,
            tla::Diagnostics& diagnostics) {
  return Folder(end, builder, diagnostics).Run(items);
}

}  // namespace kelpie::syntax
