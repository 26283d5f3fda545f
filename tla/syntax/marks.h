// Where definitions begin, and what is no part of the specification: two pure passes.
//
//   A == x  f[i \in S] == y     becomes     <Definition> A == x <Definition> f[i \in S] == y
//
// An expression is a flat sequence without an end of its own; the mark before the next
// definition's left side ends it. Proofs are checked by other tools and are removed.
#pragma once

#include <vector>

#include "tla/syntax/token.h"

namespace kelpie::syntax {

// Inserts a kDefinition before the left side of every `==`. Requires: bracket roles. O(tokens).
[[nodiscard]] std::vector<Token> MarkDefinitions(const std::vector<Token>& tokens);

// Removes proofs, and USE and HIDE at the top level. Requires: definition marks. O(tokens).
[[nodiscard]] std::vector<Token> RemoveProofs(const std::vector<Token>& tokens);

}  // namespace kelpie::syntax
