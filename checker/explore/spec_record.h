// What TLCGet("config") and TLCGet("spec") say.
//
//   running.config = ConfigRecord(true, 1);   // [mode |-> "bfs", deadlock |-> TRUE, worker |-> 1, seed |-> "0"]
//
// Fields have TLC's names. Of an action there is one record, with the place of its definition, where TLC has one for
// each value of its parameters.
#pragma once

#include <cstdint>

#include "checker/eval/value.h"
#include "checker/program/program.h"

namespace kelpie::explore {

[[nodiscard]] eval::Value ConfigRecord(bool is_deadlock_checked, std::size_t worker_count);
// The same of a simulation.
[[nodiscard]] eval::Value ConfigRecord(bool is_deadlock_checked, std::uint64_t behavior_count, std::uint64_t depth_max,
                                       std::uint64_t seed);
[[nodiscard]] eval::Value SpecRecord(const program::Program& program);

}  // namespace kelpie::explore
