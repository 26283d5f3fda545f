#include "checker/explore/assumptions.h"

namespace kelpie::explore {

std::optional<BrokenAssumption> FindBrokenAssumption(eval::Evaluator& evaluator) {
  const program::Program& program = evaluator.program();
  for (const auto& assumption : program.spec->assumptions) {
    const auto holds = evaluator.Holds(assumption.body);
    const std::string line = std::to_string(program.expr(assumption.body).span.line);
    const std::string name = assumption.name.empty() ? "ASSUME at line " + line : assumption.name;
    if (!holds.ok()) return BrokenAssumption{name, holds.error()};
    if (!holds.value()) return BrokenAssumption{name, std::nullopt};
  }
  return std::nullopt;
}

}  // namespace kelpie::explore
