// The syntax door: a file's text to its syntax tree.
//
//   FileId file = sources.Add("Counter.tla", text);
//   std::optional<ast::Module> module = ParseModule(file, sources, {}, diagnostics);
//
// text -> tokens -> bracket roles -> definition marks -> lists -> parse tree -> ast::Module. Reports
// one syntax error a unit and goes on with the next. Never throws, never recurses deeper than
// the limit allows.
#pragma once

#include <cstddef>
#include <optional>

#include "tla/ast/ast.h"
#include "tla/source/diagnostic.h"
#include "tla/source/source.h"
#include "tla/syntax/junction_lists.h"

namespace kelpie::syntax {

struct ParseLimits {
  // Brackets, lists and open constructs inside each other; passing it is an error. Chains of one
  // operator may be twice as long.
  std::size_t nesting_depth_max = 500;
};

// Nothing exactly when errors were added to `diagnostics`. `begin` as for Lex: a file may hold several
// modules, one behind the other.
[[nodiscard]] std::optional<ast::Module> ParseModule(tla::FileId file, const tla::SourceMap& sources,
                                                     const ParseLimits& limits, tla::Diagnostics& diagnostics,
                                                     std::size_t begin = 0);

// The tokens as the parser sees them.
[[nodiscard]] Layout PrepareTokens(tla::FileId file, const tla::SourceMap& sources, const ParseLimits& limits,
                                   tla::Diagnostics& diagnostics, std::size_t begin = 0);

}  // namespace kelpie::syntax
