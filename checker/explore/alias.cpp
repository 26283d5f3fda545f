#include "checker/explore/alias.h"

namespace kelpie::explore {

void AddAliases(eval::Evaluator& evaluator, eval::RunningExploration& running, std::vector<TraceState>& trace,
                std::optional<std::size_t> loop_to) {
  const program::Program& program = evaluator.program();
  if (!program.model->alias) return;
  const resolve::ExprId alias = program.Body(*program.model->alias);
  running.behavior = [&trace](std::uint64_t level) {
    std::vector<eval::State> states;
    for (std::size_t i = 0; i < level; ++i) states.push_back(trace[i].state);
    return states;
  };
  running.counterexample = [&running, &trace] { return running.behavior(trace.size()); };
  running.slot_of = [&program](std::string_view name) -> std::optional<std::uint32_t> {
    const auto variable = program.spec->FindVariable(name);
    return variable ? std::optional(variable->index) : std::nullopt;
  };
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const std::size_t next = i + 1 < trace.size() ? i + 1 : loop_to.value_or(i);
    running.LookAt(i + 1);
    running.next_level = next + 1;
    const auto value = evaluator.Evaluate(alias, &trace[i].state, &trace[next].state);
    if (value.ok()) {
      if (value.value().is_record()) trace[i].alias = value.value();
      continue;
    }
    std::vector<std::pair<eval::Symbol, eval::Value>> fields;
    for (std::size_t slot = 0; slot < program.spec->variables.size(); ++slot) {
      fields.emplace_back(eval::Intern(program.spec->variables[slot].name), trace[i].state[slot]);
    }
    fields.emplace_back(eval::Intern("_ALIASEvalError"), eval::Value::String(value.error().message));
    trace[i].alias = eval::Value::Record(std::move(fields));
  }
  running.behavior = nullptr;
  running.counterexample = nullptr;
  running.slot_of = nullptr;
}

}  // namespace kelpie::explore
