// Aligned lists: a pure pass that turns columns into brackets.
//
//   /\ a              <ListBegin> <Bullet> a <Bullet> <ListBegin> <Bullet> b <Bullet> c <ListEnd> <ListEnd>
//   /\ \/ b
//      \/ c
//
// The rule (Specifying Systems, section 15.2.2): `/\` or `\/` where an operand is expected begins
// a list at its column; the same symbol at the same column continues it; any token at or left of
// the column, or one that closes something opened outside, ends it. Columns count code points,
// tabs go to the next multiple of 8. The pass also tells definitions in a LET from those of the
// module, ends each CASE, and holds the nesting to its limit, because the parser recurses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tla/source/diagnostic.h"
#include "tla/syntax/token.h"

namespace kelpie::syntax {

struct Layout {
  std::vector<Token> tokens;                // ends with kEnd
  std::vector<std::uint32_t> unit_of;       // for each token: how many units began up to it
  std::vector<std::uint32_t> broken_units;  // units about which a remark was made already
  bool is_too_deep = false;                 // the nesting limit was passed; do not parse
};

// Requires: bracket roles, definition marks, no proofs. O(tokens).
[[nodiscard]] Layout InsertLists(const std::vector<Token>& tokens, std::size_t nesting_depth_max,
                                 tla::Diagnostics& diagnostics);

}  // namespace kelpie::syntax
