#include "tla/syntax/dump.h"

namespace kelpie::syntax {

std::string DumpTokens(tla::FileId file, const tla::SourceMap& sources, const ParseLimits& limits,
                       tla::Diagnostics& diagnostics) {
  std::string out;
  std::size_t depth = 0;
  for (const Token& token : PrepareTokens(file, sources, limits, diagnostics).tokens) {
    const bool closes = IsClosing(token.kind) || token.kind == TokenKind::kListEnd;
    if (closes && depth > 0) --depth;
    out += std::to_string(token.span.line) + ":" + std::to_string(token.span.column) + " ";
    out.append(2 * depth, ' ');
    out += NameOf(token.kind);
    if (!token.text.empty()) out += " " + std::string(token.text);
    if (token.symbol() != token.text) out += " = " + std::string(token.symbol());
    out += "\n";
    if (IsOpening(token.kind) || token.kind == TokenKind::kListBegin) ++depth;
  }
  return out;
}

std::string DumpAst(const ast::Module& module) { return ast::Dump(module); }

}  // namespace kelpie::syntax
