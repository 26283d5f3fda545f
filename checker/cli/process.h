// A program run to its end, and what it wrote.
//
//   eval::Refusal refusal;
//   RunProcess({"uname", "-s"}, {}, {}, refusal).out      // "Linux\n"
//
// Threads: any; blocks until the program ends or a limit is met, which kills it.
#pragma once

#include <string>
#include <vector>

#include "checker/eval/outside.h"

namespace kelpie::cli {

struct ProcessLimits {
  std::size_t bytes_max = std::size_t{64} << 20;  // --max-text: of each output
  int seconds_max = 60;                           // --max-exec
};

// `added` goes into this process's own environment. exit_code: 128 + the signal when one ended it.
// Requires: `command` is not empty.
[[nodiscard]] eval::ProgramResult RunProcess(const std::vector<std::string>& command, const eval::Variables& added,
                                             const ProcessLimits& limits, eval::Refusal& refusal);

// This process's own environment, each name once.
[[nodiscard]] eval::Variables OwnEnvironment();

}  // namespace kelpie::cli
