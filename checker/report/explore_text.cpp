#include <algorithm>

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

std::string CoverageText(const explore::ExploreResult& result) {
  std::size_t width = 6;
  for (const explore::ActionCount& action : result.actions) width = std::max(width, action.name.size());
  const auto line = [&](const std::string& name, const std::string& generated, const std::string& distinct) {
    std::string out = "  " + name + std::string(width - name.size(), ' ');
    for (const std::string& number : {generated, distinct}) {
      out += std::string(number.size() < 14 ? 14 - number.size() : 1, ' ') + number;
    }
    return out + "\n";
  };
  std::string out = line("action", "generated", "distinct");
  for (const explore::ActionCount& action : result.actions) {
    out += line(action.name, std::to_string(action.generated_count), std::to_string(action.distinct_count));
  }
  return out;
}

std::string ExploreText(const explore::ExploreResult& result, const program::Program& program,
                        const tla::SourceMap& sources, double seconds) {
  using explore::Outcome;
  std::string out = program.spec->name + ": ";
  switch (result.outcome) {
    case Outcome::kOk:
      out += result.behavior_count > 0 ? "no error in " + std::to_string(result.behavior_count) + " random behaviors\n"
                                       : "no error\n";
      break;
    case Outcome::kInvariant: out += "invariant " + result.violated + " is violated\n"; break;
    case Outcome::kProperty: out += "property " + result.violated + " is violated\n"; break;
    case Outcome::kDeadlock: out += "deadlock\n"; break;
    case Outcome::kAssert: out += "an assertion is false\n"; break;
    case Outcome::kAssumption: out += "assumption is false: " + result.violated + "\n"; break;
    case Outcome::kPostcondition: out += "postcondition " + result.violated + " is false\n"; break;
    case Outcome::kEvaluation: out += "cannot be evaluated\n"; break;
    case Outcome::kLimit:
      out += "limit reached: " + result.limit_name + " " + std::to_string(result.limit_value) + "\n";
      break;
  }
  for (std::size_t i = 0; i < result.trace.size(); ++i) {
    const auto& entry = result.trace[i];
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
    for (std::size_t slot = 0; slot < entry.state.size(); ++slot) {
      const bool is_changed =
          i == 0 || eval::ToString(result.trace[i - 1].state[slot]) != eval::ToString(entry.state[slot]);
      out += (is_changed && i > 0 ? "  * " : "    ") + program.spec->variables[slot].name + " = " +
             eval::ToString(entry.state[slot]) + "\n";
    }
  }
  if (result.loop_to && *result.loop_to + 1 == result.trace.size()) {
    out += "\nand so for ever\n";
  } else if (result.loop_to) {
    out += "\nback to state " + std::to_string(*result.loop_to + 1) + "\n";
  }
  if (!result.trace.empty()) out += "\n";
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
  if (program.model->alias) out += "  not used: ALIAS " + program.spec->definition(*program.model->alias).name + "\n";
  for (const std::string& name : result.undecided) {
    out += "  not decided: " + name + " is a liveness property\n";
  }
  return out;
}

}  // namespace kelpie::report
