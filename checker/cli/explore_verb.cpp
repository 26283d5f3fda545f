#include <unistd.h>
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>

#include "checker/cli/eval_options.h"
#include "checker/cli/spec_loading.h"
#include "checker/cli/verbs.h"
#include "checker/cli/whole_file.h"
#include "checker/explore/explorer.h"
#include "checker/explore/simulator.h"
#include "checker/report/junit.h"
#include "checker/report/text.h"

namespace kelpie::cli {

namespace {

// The exit of a run whose JUnit file, if there is to be one, has this text.
int CommitJUnit(WholeFile& file, const std::string& text, int exit, std::ostream& err) {
  std::string error;
  if (!file.is_open() || file.Commit(text, error)) return exit;
  err << error;
  return report::WorstExit({exit, 3});
}

int ReportBadSpec(const tla::SourceMap& sources, const tla::Diagnostics& diagnostics, bool is_json, std::ostream& out,
                  std::ostream& err) {
  if (is_json) {
    report::Json list = report::Json::array();
    for (const auto& diagnostic : diagnostics.list()) list.push_back(report::ToJson(diagnostic, sources));
    out << report::Json{{"format", "kelpie.explore/1"},
                        {"result", "bad_input"},
                        {"violated", nullptr},
                        {"states_generated", 0},
                        {"states_distinct", 0},
                        {"depth", 0},
                        {"seconds", 0},
                        {"trace", nlohmann::json::array()},
                        {"loop_to", nullptr},
                        {"counts_partial", true},
                        {"diagnostics", std::move(list)}}
               .dump(2, ' ', false, report::Json::error_handler_t::replace)
        << "\n";
  } else {
    err << tla::Render(sources, diagnostics.list());
  }
  return 3;
}

}  // namespace

int RunExplore(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  CLI::App app{"Explores all reachable states of a specification, breadth first.", "kelpie explore"};
  std::string file;
  std::string config;
  std::string deadlock;
  bool is_json = false;
  bool skip_liveness = false;
  bool with_coverage = false;
  std::string junit;
  int workers = 1;
  explore::ExploreOptions options;
  explore::SimulateOptions simulation;
  eval::EvalOptions eval_options;
  app.add_option("SPEC", file, "specification file")->required();
  app.add_option("--config", config, "model file; default: F.cfg beside the specification");
  app.add_option("--deadlock", deadlock, "on or off; default: as the model file says, else on")
      ->check(CLI::IsMember({"on", "off"}));
  app.add_option("--workers", workers, "threads; this version explores with one")->check(CLI::Range(1, 1));
  app.add_option("--depth", options.depth_max, "levels to explore; reaching it is a limit")->check(CLI::PositiveNumber);
  auto* simulate =
      app.add_option("--simulate", simulation.behavior_count,
                     "judge this many random behaviors instead of all states; --depth is their length, else 100");
  simulate->check(CLI::PositiveNumber);
  app.add_option("--seed", simulation.seed, "of the first random behavior")->needs(simulate)->capture_default_str();
  app.add_option("--max-states", options.states_max, "distinct states; reaching it is a limit")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  const auto outside = AddEvalOptions(app, eval_options);
  app.add_flag("--skip-liveness", skip_liveness, "leave out liveness properties");
  app.add_option("--max-tableau", options.liveness.tableau_max, "nodes of the automaton of one liveness property")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--coverage", with_coverage, "how often each action was taken; in JSON always");
  app.add_flag("--json", is_json, "one JSON object on standard output");
  app.add_option("--junit", junit, "a file to write the results to as JUnit XML as well")->type_name("FILE");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? 0 : 3;
  }
  if (!deadlock.empty()) options.check_deadlock = deadlock == "on";
  eval_options.outside = std::make_shared<ProcessOutside>(*outside);
  WholeFile junit_file;
  std::string error;
  if (!junit.empty() && !junit_file.Open(junit, error)) {
    err << error;
    return 3;
  }
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  const auto report_bad_spec = [&] {
    const int exit = ReportBadSpec(sources, diagnostics, is_json, out, err);
    return CommitJUnit(junit_file, report::BadSpecJUnit(file, tla::Render(sources, diagnostics.list())), exit, err);
  };
  const LoadedSpec loaded = LoadProgram(file, config, false, {}, sources, diagnostics);
  if (!loaded.program) return report_bad_spec();
  options.check_liveness = !skip_liveness;
  eval_options.print = [&err](const std::string& text) { err << text << "\n"; };
  if (isatty(STDERR_FILENO) != 0) {
    options.progress = [&err](const explore::Progress& p) {
      err << p.generated_count << " states generated, " << p.distinct_count << " distinct, " << p.queue_count
          << " queued, depth " << p.depth << "\n";
    };
  }
  eval::Evaluator evaluator(loaded.program, {}, eval_options);
  const auto begin = std::chrono::steady_clock::now();
  explore::ExploreResult result;
  if (simulation.behavior_count > 0) {
    if (options.depth_max != UINT64_MAX) simulation.depth_max = options.depth_max;
    simulation.initial_max = options.states_max;
    simulation.check_deadlock = options.check_deadlock;
    result = explore::Simulate(evaluator, simulation);
  } else {
    result = explore::Explore(evaluator, options);
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  if (is_json) {
    out << report::ExploreToJson(result, *loaded.program, sources, elapsed.count(), diagnostics.list())
               .dump(2, ' ', false, report::Json::error_handler_t::replace)
        << "\n";
  } else {
    err << tla::Render(sources, diagnostics.list());
    out << report::ExploreText(result, *loaded.program, sources, elapsed.count());
    if (with_coverage) out << report::CoverageText(result);
  }
  if (!junit_file.is_open()) return report::ExitOf(result.outcome);
  const bool is_deadlock_checked = options.check_deadlock.value_or(loaded.program->check_deadlock());
  const std::string xml = report::ExploreJUnit(result, *loaded.program, sources, elapsed.count(), is_deadlock_checked);
  return CommitJUnit(junit_file, xml, report::ExitOf(result.outcome), err);
}

}  // namespace kelpie::cli
