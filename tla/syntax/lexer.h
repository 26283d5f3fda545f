// Text to raw tokens: the first half of the ANTLR door.
//
//   std::vector<Token> tokens = Lex(file, sources, diagnostics);   // ends with kEnd
//
// Comments, the text before the first `---- MODULE` and the text after its `====` are gone; so is
// the difference between spellings. Brackets, `/\` and `-` have no roles yet. Never throws.
#pragma once

#include <cstddef>
#include <vector>

#include "tla/source/diagnostic.h"
#include "tla/source/source.h"
#include "tla/syntax/token.h"

namespace kelpie::syntax {

// Reports unexpected characters, open strings and comments, invalid UTF-8 and a missing module.
// Ensures: the result is never empty and its last token is kEnd. O(text). `begin`: the byte where
// the search for a module begins; 0, or the beginning of a line.
[[nodiscard]] std::vector<Token> Lex(tla::FileId file, const tla::SourceMap& sources, tla::Diagnostics& diagnostics,
                                     std::size_t begin = 0);

}  // namespace kelpie::syntax
