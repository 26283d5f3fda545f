// Options of the evaluator, the same for each verb that evaluates.
#pragma once

#include <memory>

#include "checker/cli/outside.h"
#include "checker/eval/evaluator.h"

namespace CLI {
class App;
}

namespace kelpie::cli {

// The options write into `options` and what is returned, both of which outlive the parsing.
[[nodiscard]] std::shared_ptr<OutsideOptions> AddEvalOptions(CLI::App& app, eval::EvalOptions& options);

}  // namespace kelpie::cli
