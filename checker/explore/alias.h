// What the model's ALIAS shows in place of the states of a trace.
//
//   AddAliases(evaluator, running, result.trace, result.loop_to);     // fills TraceState::alias
#pragma once

#include <optional>
#include <vector>

#include "checker/eval/running.h"
#include "checker/explore/explorer.h"

namespace kelpie::explore {

// Primes mean the state that follows; that of the last one is the one that comes again, else itself. An alias that is
// no record is not shown; one that errs is the state's variables and the field _ALIASEvalError, as in TLC.
void AddAliases(eval::Evaluator& evaluator, eval::RunningExploration& running, std::vector<TraceState>& trace,
                std::optional<std::size_t> loop_to);

}  // namespace kelpie::explore
