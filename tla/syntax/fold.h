// From a flat sequence of operands and operators to a tree.
//
//   a + b * c \in S    ->    (\in (+ a (* b c)) S)
//
// Precedences are the ranges of operators.def. Two neighbouring operators need disjoint ranges, or
// must be the same left-associative operator; everything else is a precedence conflict. Chains
// of /\, \/ and \X become one node, because each of their operands matters for itself.
#pragma once

#include <variant>
#include <vector>

#include "tla/ast/ast.h"
#include "tla/source/diagnostic.h"
#include "tla/syntax/token.h"

namespace kelpie::syntax {

// `[a, b]` or `.field` behind an operand.
struct Suffix {
  tla::Span span;
  std::vector<ast::NodeId> arguments;  // empty for a field
  std::string_view field;
};

// One element of the sequence: an operand, an operator or a suffix.
using FoldItem = std::variant<ast::NodeId, const Token*, Suffix>;

// What stands behind a sequence, for messages.
struct FoldEnd {
  const Token* token;
  bool is_definition = false;  // the token is the name of the next definition
};

// Returns an invalid id after
// reporting when the sequence makes no expression. O(items).
[[nodiscard]] ast::NodeId Fold(const std::vector<FoldItem>& items, const FoldEnd& end, ast::ModuleBuilder& builder,
                               tla::Diagnostics& diagnostics);

}  // namespace kelpie::syntax
