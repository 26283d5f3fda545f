#include <CLI/CLI.hpp>
#include <charconv>
#include <iostream>
#include <optional>

#include "checker/cli/eval_options.h"
#include "checker/cli/guard_options.h"
#include "checker/cli/trace_check.h"
#include "checker/cli/verbs.h"
#include "checker/cli/whole_file.h"
#include "checker/report/junit.h"
#include "checker/report/text.h"

namespace kelpie::cli {

namespace {

bool IsVacuous(const refine::CheckResult& r) {
  return !r.vacuity.unread_fields.empty() || !r.vacuity.never_taken.empty() || !r.vacuity.trivial_invariants.empty();
}

std::string QuoteForShell(const std::string& word) {
  const bool is_plain =
      !word.empty() &&
      word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:+@%") ==
          std::string::npos;
  return is_plain ? word : "'" + word + "'";
}

std::optional<refine::HiddenAction> ReadHidden(const std::string& text) {
  constexpr std::uint32_t kTimesMax = 1000;
  const std::size_t colon = text.find(':');
  refine::HiddenAction action{text.substr(0, colon), 1};
  if (action.name.empty()) return std::nullopt;
  if (colon == std::string::npos) return action;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data() + colon + 1, end, action.times_max);
  const bool is_number = error == std::errc() && last == end && action.times_max > 0 && action.times_max <= kTimesMax;
  return is_number ? std::optional(action) : std::nullopt;
}

}  // namespace

int RunCheck(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  CLI::App app{"Decides whether traces are behaviors of their specifications.", "kelpie check"};
  std::vector<std::string> traces;
  CheckOptions options;
  bool is_json = false;
  bool is_strict = false;
  std::string junit;
  app.add_option("TRACE", traces, "a trace file, a directory of per-node files, or - for standard input")->required();
  app.add_option("--spec", options.specs,
                 "specification file; default: every spec that the trace names, found beside it or shipped");
  app.add_option("--config", options.config, "model file; default: F.trace.cfg, else F.cfg beside the specification");
  app.add_option("--max-frontier", options.budget.frontier_max,
                 "candidate states at a time; reaching it is inconclusive")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  std::vector<std::string> hidden;
  app.add_option("--hidden", hidden,
                 "ACTION or ACTION:N: may be taken up to N times (default 1) between two events, unreported")
      ->type_name("ACTION[:N]");
  app.add_option("--repairs", options.budget.repairs_max,
                 "states to look at, of a trace that violates, for what would make it acceptable; 0: none")
      ->capture_default_str();
  app.add_option("--max-hidden", options.budget.hidden.steps_max,
                 "hidden steps between two events, of all actions; reaching it is inconclusive")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--sensitivity", options.budget.is_sensitivity_wanted,
               "alter what events show, place by place, and count what the spec rejects");
  const auto outside = AddEvalOptions(app, options.eval);
  AddGuardOptions(app, options.guards);
  app.add_flag("--assume-order", options.assume_order, "take the canonical order of concurrent events as given");
  app.add_flag("--strict", is_strict,
               "fields, actions or invariants that the trace does not exercise are inconclusive");
  app.add_flag("--json", is_json, "one JSON object on standard output");
  app.add_option("--junit", junit, "a file to write the results to as JUnit XML as well")->type_name("FILE");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? 0 : 3;
  }
  for (const std::string& text : hidden) {
    const auto action = ReadHidden(text);
    if (!action) {
      err << "--hidden " << text << ": expected ACTION or ACTION:N, where N is a number from 1 to 1000\n";
      return 3;
    }
    options.budget.hidden.actions.push_back(*action);
  }
  options.eval.outside = std::make_shared<ProcessOutside>(*outside);
  WholeFile junit_file;
  std::string error;
  if (!junit.empty() && !junit_file.Open(junit, error)) {
    err << error;
    return 3;
  }
  tla::SourceMap sources;
  std::vector<report::CheckCase> cases;
  for (const std::string& trace : traces) {
    std::string command = "kelpie check " + QuoteForShell(trace);
    for (const std::string& spec : options.specs) command += " --spec " + QuoteForShell(spec);
    if (!options.config.empty()) command += " --config " + QuoteForShell(options.config);
    for (const std::string& text : hidden) command += " --hidden " + QuoteForShell(text);
    command += GuardCommand(options.guards);
    options.command = std::move(command);
    for (report::CheckCase& c : CheckTrace(trace, options, sources)) cases.push_back(std::move(c));
  }
  for (report::CheckCase& c : cases) {
    if (is_strict && c.result.verdict == refine::Verdict::kConforms && IsVacuous(c.result)) {
      c.result.verdict = refine::Verdict::kInconclusive;
      c.result.limit = refine::LimitReached{"vacuity", 0, "without --strict"};
    }
  }
  if (is_json) {
    out << report::CheckToJson(cases).dump(2, ' ', false, report::Json::error_handler_t::replace) << "\n";
  } else {
    for (const report::CheckCase& c : cases) out << report::CheckText(c);
  }
  std::vector<int> exits;
  for (const report::CheckCase& c : cases) exits.push_back(report::ExitOf(c.result.verdict));
  if (junit_file.is_open() && !junit_file.Commit(report::CheckJUnit(cases), error)) {
    err << error;
    exits.push_back(3);
  }
  return report::WorstExit(exits);
}

}  // namespace kelpie::cli
