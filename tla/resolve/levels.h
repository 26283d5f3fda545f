// Levels of all expressions and definitions, and what may not be said because of them.
//
//   ComputeLevels(*spec, resolver.local_facts(), diagnostics);
//
// A pass of its own over the arena: operands stand before the expressions that use them, so one
// sweep is bottom-up; recursive definitions need a second. Rules: Specifying Systems, section 17.2.
#pragma once

#include <vector>

#include "tla/resolve/resolved_module.h"
#include "tla/resolve/resolver.h"
#include "tla/source/diagnostic.h"

namespace kelpie::resolve {

// Fills `level` of every expression and definition, then reports misuse: x'' , a prime of an
// action passed through a parameter, [] of a bare action, assumptions about states and so on.
void ComputeLevels(ResolvedSpec& spec, const std::vector<LocalFacts>& local_facts,
                   const std::vector<SubstitutionLimit>& substitutions, tla::Diagnostics& diagnostics);

// "a constant", "a state expression", "an action", "a temporal formula".
[[nodiscard]] std::string_view DescribeLevel(Level level);

}  // namespace kelpie::resolve
