// Options of the verbs that decide steps: which engine, and the solver's limits.
#pragma once

#include <string>

#include "checker/refine/guards.h"

namespace CLI {
class App;
}

namespace kelpie::cli {

// The options write into `options`, which outlives the parsing.
void AddGuardOptions(CLI::App& app, refine::GuardOptions& options);
// " --guards z3" for a command that repeats the run; empty for the default.
[[nodiscard]] std::string GuardCommand(const refine::GuardOptions& options);

}  // namespace kelpie::cli
