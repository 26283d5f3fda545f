#include <algorithm>

#include "checker/eval/value_order.h"
#include "checker/report/phrases.h"
#include "checker/report/text.h"

namespace kelpie::report {
namespace {

// A guard that is never true looks like a specification that is safe.
void WriteActions(const explore::ExploreResult& result, std::string& out) {
  std::string never;
  for (const explore::ActionCount& action : result.actions) {
    if (action.generated_count == 0) never += (never.empty() ? "" : ", ") + action.name;
  }
  if (!never.empty() && result.outcome == explore::Outcome::kOk) out += "  never taken: " + never + "\n";
}

}  // namespace

namespace {

std::string OutcomeText(explore::Outcome outcome, const std::string& violated) {
  using explore::Outcome;
  switch (outcome) {
    case Outcome::kInvariant: return "invariant " + violated + " is violated";
    case Outcome::kProperty: return "property " + violated + " is violated";
    case Outcome::kDeadlock: return "deadlock";
    case Outcome::kAssert: return "an assertion is false";
    case Outcome::kAssumption: return "assumption is false: " + violated;
    case Outcome::kPostcondition: return "postcondition " + violated + " is false";
    case Outcome::kEvaluation: return "cannot be evaluated";
    case Outcome::kOk:
    case Outcome::kLimit: break;
  }
  return "no error";
}

// What is shown of a state: its variables, or the fields of the model's ALIAS.
std::vector<std::pair<std::string, const eval::Value*>> Shown(const explore::TraceState& entry,
                                                              const program::Program& program) {
  std::vector<std::pair<std::string, const eval::Value*>> shown;
  for (std::size_t i = 0; entry.alias && i < entry.alias->size(); ++i) {
    shown.emplace_back(entry.alias->Key(i).symbol().text(), &entry.alias->items()[i]);
  }
  for (std::size_t slot = 0; !entry.alias && slot < entry.state.size(); ++slot) {
    shown.emplace_back(program.spec->variables[slot].name, &entry.state[slot]);
  }
  return shown;
}

const eval::Value* Before(const explore::TraceState& entry, const program::Program& program, const std::string& name) {
  for (const auto& [known, value] : Shown(entry, program)) {
    if (known == name) return value;
  }
  return nullptr;
}

void WriteTrace(const std::vector<explore::TraceState>& trace, const program::Program& program,
                const tla::SourceMap& sources, bool only_changes, std::string& out) {
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const auto& entry = trace[i];
    out += "\nstate " + std::to_string(i + 1);
    if (i == 0) out += ": initial";
    if (entry.action && entry.action->definition.is_valid()) {
      out += ": " + program.spec->definition(entry.action->definition).name + "(";
      for (std::size_t a = 0; a < entry.action->arguments.size(); ++a) {
        out += (a > 0 ? ", " : "") + entry.action->arguments[a].first + " = " +
               eval::ToString(entry.action->arguments[a].second);
      }
      out += ")   " + PlaceText(sources, entry.action->span);
    }
    out += "\n";
    for (const auto& [name, value] : Shown(entry, program)) {
      const eval::Value* before = i > 0 ? Before(trace[i - 1], program, name) : nullptr;
      const bool is_changed = i > 0 && (before == nullptr || !eval::Same(*before, *value));
      if (only_changes && i > 0 && !is_changed) continue;
      out += (is_changed ? "  * " : "    ") + name + " = " + eval::ToString(*value) + "\n";
    }
  }
}

// All that --continue found; the trace of the first is the one of the result.
void WriteViolations(const explore::ExploreResult& result, const program::Program& program,
                     const tla::SourceMap& sources, bool only_changes, std::string& out) {
  for (std::size_t i = 0; i < result.violations.size(); ++i) {
    const explore::Violation& violation = result.violations[i];
    if (i > 0) out += "\n" + OutcomeText(violation.outcome, violation.violated) + "\n";
    if (i > 0) WriteTrace(violation.trace, program, sources, only_changes, out);
  }
  if (result.violations.empty()) return;
  out += "\n";
  for (const explore::Violation& violation : result.violations) {
    out += "  " + OutcomeText(violation.outcome, violation.violated) + ": " + std::to_string(violation.count) +
           (violation.count == 1 ? " time\n" : " times\n");
  }
}

}  // namespace

std::string ExploreText(const explore::ExploreResult& result, const program::Program& program,
                        const tla::SourceMap& sources, double seconds, bool only_changes) {
  using explore::Outcome;
  std::string out = program.spec->name + ": ";
  if (result.outcome == Outcome::kLimit) {
    out += "limit reached: " + result.limit_name + " " + std::to_string(result.limit_value) + "\n";
  } else {
    out += OutcomeText(result.outcome, result.violated);
    if (result.outcome == Outcome::kOk && result.behavior_count > 0)
      out += " in " + std::to_string(result.behavior_count) + " random behaviors";
    if (result.is_stopped) out += ", stopped by TLCSet(\"exit\", TRUE)";
    out += "\n";
  }
  WriteTrace(result.trace, program, sources, only_changes, out);
  if (result.loop_to && *result.loop_to + 1 == result.trace.size()) {
    out += "\nand so for ever\n";
  } else if (result.loop_to) {
    out += "\nback to state " + std::to_string(*result.loop_to + 1) + "\n";
  }
  if (!result.trace.empty()) out += "\n";
  WriteViolations(result, program, sources, only_changes, out);
  if (result.seed) out += "  replay: the same call with --simulate 1 --seed " + std::to_string(*result.seed) + "\n";
  if (result.error) out += ErrorText(*result.error, sources);
  out += "  " + std::to_string(result.generated_count) + " states generated, ";
  if (result.behavior_count > 0) {
    out += "the longest behavior has " + std::to_string(result.depth) + ", " + Seconds(seconds) + "\n";
  } else {
    out += std::to_string(result.distinct_count) + " distinct, depth " + std::to_string(result.depth) + ", " +
           std::to_string(result.queue_count) + " left on the queue, " + Seconds(seconds) + "\n";
  }
  WriteActions(result, out);
  if (result.is_one_worker)
    out += "  one worker: truth values are counted, or the specification prints or keeps registers\n";
  for (const std::string& name : result.undecided) {
    out += "  not decided: " + name + " is a liveness property\n";
  }
  return out;
}

}  // namespace kelpie::report
