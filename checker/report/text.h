// Results as text for people: the verdict first, then the reason, then how to look closer.
#pragma once

#include <string>

#include "checker/report/json.h"

namespace kelpie::report {

// Ends with a line break. What a tired engineer reads in a red CI run.
[[nodiscard]] std::string CheckText(const CheckCase& c);
// `only_changes`: states of a trace show the variables that changed (--difftrace).
[[nodiscard]] std::string ExploreText(const explore::ExploreResult& result, const program::Program& program,
                                      const tla::SourceMap& sources, double seconds, bool only_changes = false);
// The error, its place with the source line, and the operators on the way.
[[nodiscard]] std::string ErrorText(const eval::EvalError& error, const tla::SourceMap& sources);

}  // namespace kelpie::report
