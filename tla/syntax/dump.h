// Text of the first two stages, for `kelpie parse --dump` and the golden tests. Deterministic.
//
//   std::cout << DumpTokens(file, sources, {}, diagnostics);
#pragma once

#include <string>

#include "tla/ast/ast.h"
#include "tla/source/diagnostic.h"
#include "tla/source/source.h"
#include "tla/syntax/parse.h"

namespace kelpie::syntax {

// The tokens as the parser sees them, one a line: place, kind, text, canonical spelling where
// it differs. Indented by list and bracket depth.
[[nodiscard]] std::string DumpTokens(tla::FileId file, const tla::SourceMap& sources, const ParseLimits& limits,
                                     tla::Diagnostics& diagnostics);

// The syntax tree; see ast::Dump.
[[nodiscard]] std::string DumpAst(const ast::Module& module);

}  // namespace kelpie::syntax
