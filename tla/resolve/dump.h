// Text of a resolved specification, for `kelpie parse --dump resolved` and the golden tests.
//
//   std::cout << DumpResolved(*spec);
#pragma once

#include <string>

#include "tla/resolve/model.h"
#include "tla/resolve/resolved_module.h"

namespace kelpie::resolve {

// The word for a kind in dumps, from expr_kinds.def.
[[nodiscard]] std::string_view NameOf(ExprKind kind);

// Declarations, then every definition with its body as a tree, one expression a line: kind,
// what it refers to, level unless constant, place. Locals are written name#id. Deterministic.
[[nodiscard]] std::string DumpResolved(const ResolvedSpec& spec);

// What a model file gave, one line a fact.
[[nodiscard]] std::string DumpModel(const Model& model, const ResolvedSpec& spec);

}  // namespace kelpie::resolve
