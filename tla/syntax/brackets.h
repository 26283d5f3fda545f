// What each bracket is for: a pure pass over the tokens.
//
//   {x \in S : p}   {e : x \in S}   {a, b}        [f EXCEPT ...]  [a |-> 1]  [x \in S |-> e]  f[x]
//   ^kBraceFilter   ^kBraceMap      ^kBrace       ^kBracketExcept ^kBracketRecord ...
//
// With the roles known beforehand the grammar decides everything with one token of lookahead, and
// an error inside a record is reported as one about records.
#pragma once

#include <vector>

#include "tla/syntax/token.h"

namespace kelpie::syntax {

// Ensures: same tokens, only the kinds of opening brackets differ. O(tokens).
[[nodiscard]] std::vector<Token> AssignBracketRoles(std::vector<Token> tokens);

}  // namespace kelpie::syntax
