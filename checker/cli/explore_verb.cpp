#include <unistd.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

#include "checker/cli/eval_options.h"
#include "checker/cli/spec_loading.h"
#include "checker/cli/verbs.h"
#include "checker/cli/whole_file.h"
#include "checker/cli/worker_pool.h"
#include "checker/eval/running.h"
#include "checker/explore/explorer.h"
#include "checker/explore/simulator.h"
#include "checker/report/coverage.h"
#include "checker/report/graph.h"
#include "checker/report/junit.h"
#include "checker/report/text.h"

namespace kelpie::cli {

namespace {

// The exit of a run whose file of results, if there is to be one, has this text.
int CommitFile(WholeFile& file, const std::string& text, int exit, std::ostream& err) {
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

struct VerbOptions {
  std::string file;
  std::string config;
  std::string deadlock;
  std::string workers = "1";
  std::string graph_form;
  std::string graph_file;
  std::string junit;
  std::uint64_t memory_mib = 0;
  bool is_json = false;
  bool skip_liveness = false;
  bool with_coverage = false;
  bool only_changes = false;
  explore::ExploreOptions explore;
  explore::SimulateOptions simulate;
  eval::EvalOptions eval;
  std::shared_ptr<OutsideOptions> outside;
};

void AddOptions(CLI::App& app, VerbOptions& o) {
  app.add_option("SPEC", o.file, "specification file")->required();
  app.add_option("--config", o.config, "model file; default: F.cfg beside the specification");
  app.add_option("--deadlock", o.deadlock, "on or off; default: as the model file says, else on")
      ->check(CLI::IsMember({"on", "off"}));
  app.add_option("--workers", o.workers, "threads, or auto: as many as the machine has; the result is the same")
      ->check(CLI::IsMember({"auto"}) | CLI::Range(1, 256))
      ->type_name("N|auto")
      ->capture_default_str();
  app.add_option("--depth", o.explore.depth_max, "levels to explore; reaching it is a limit")
      ->check(CLI::PositiveNumber);
  app.add_flag("--continue", o.explore.continues, "go on after a violation, and tell how often each was met");
  auto* simulate =
      app.add_option("--simulate", o.simulate.behavior_count,
                     "judge this many random behaviors instead of all states; --depth is their length, else 100");
  simulate->check(CLI::PositiveNumber);
  app.add_option("--seed", o.simulate.seed, "of the first random behavior")->needs(simulate)->capture_default_str();
  app.add_option("--max-states", o.explore.states_max, "distinct states; reaching it is a limit")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  auto* memory = app.add_option("--max-memory", o.memory_mib, "MiB of states and values; reaching it is a limit");
  memory->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 30))->type_name("MIB");
  app.add_option("--spill", o.explore.spill_directory, "beyond --max-memory tables of states go to files here")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory)
      ->needs(memory);
  o.outside = AddEvalOptions(app, o.eval);
  app.add_flag("--skip-liveness", o.skip_liveness, "leave out liveness properties");
  app.add_option("--max-tableau", o.explore.liveness.tableau_max, "nodes of the automaton of one liveness property")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--coverage", o.with_coverage,
               "how often each action was taken, and what was never reached or never true");
  app.add_flag("--difftrace", o.only_changes, "show of each state of a trace what changed");
  auto* graph = app.add_option("--dump-graph", o.graph_form, "write states and steps to standard output, or to --out");
  graph->check(CLI::IsMember({"dot", "json"}))->excludes(simulate);
  app.add_option("--out", o.graph_file, "a file for --dump-graph")->type_name("FILE")->needs(graph);
  app.add_flag("--json", o.is_json, "one JSON object on standard output");
  app.add_option("--junit", o.junit, "a file to write the results to as JUnit XML as well")->type_name("FILE");
}

std::size_t WorkerCount(const std::string& workers) {
  if (workers != "auto") return static_cast<std::size_t>(std::stoul(workers));
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

explore::ExploreResult Run(VerbOptions& o, eval::Evaluator& evaluator) {
  if (o.simulate.behavior_count > 0) {
    if (o.explore.depth_max != UINT64_MAX) o.simulate.depth_max = o.explore.depth_max;
    o.simulate.initial_max = o.explore.states_max;
    o.simulate.check_deadlock = o.explore.check_deadlock;
    return explore::Simulate(evaluator, o.simulate);
  }
  o.explore.worker_count = WorkerCount(o.workers);
  if (o.explore.worker_count == 1) return explore::Explore(evaluator, o.explore);
  WorkerPool pool(o.explore.worker_count);
  o.explore.execute = [&pool](std::size_t count, const std::function<void(std::size_t)>& job) { pool.Run(count, job); };
  return explore::Explore(evaluator, o.explore);
}

}  // namespace

int RunExplore(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  CLI::App app{"Explores all reachable states of a specification, breadth first.", "kelpie explore"};
  VerbOptions o;
  AddOptions(app, o);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? 0 : 3;
  }
  const bool is_graph_on_out = !o.graph_form.empty() && o.graph_file.empty();
  if (is_graph_on_out && o.is_json) {
    err << "--json and --dump-graph both want standard output; give --out FILE for the graph\n";
    return 3;
  }
  if (!o.deadlock.empty()) o.explore.check_deadlock = o.deadlock == "on";
  o.eval.outside = std::make_shared<ProcessOutside>(*o.outside);
  WholeFile junit_file;
  WholeFile graph_file;
  std::string error;
  if ((!o.junit.empty() && !junit_file.Open(o.junit, error)) ||
      (!o.graph_file.empty() && !graph_file.Open(o.graph_file, error))) {
    err << error;
    return 3;
  }
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  const LoadedSpec loaded = LoadProgram(o.file, o.config, false, {}, sources, diagnostics);
  if (!loaded.program) {
    const int exit = ReportBadSpec(sources, diagnostics, o.is_json, out, err);
    return CommitFile(junit_file, report::BadSpecJUnit(o.file, tla::Render(sources, diagnostics.list())), exit, err);
  }
  const program::Program& program = *loaded.program;
  o.explore.check_liveness = !o.skip_liveness;
  if (o.memory_mib > 0) o.explore.memory_max = o.memory_mib << 20;
  o.eval.counts_truths = o.with_coverage;
  o.eval.print = [&err](const std::string& text) { err << text << "\n"; };
  if (isatty(STDERR_FILENO) != 0) {
    o.explore.progress = [&err](const explore::Progress& p) {
      err << p.generated_count << " states generated, " << p.distinct_count << " distinct, " << p.queue_count
          << " queued, depth " << p.depth << "\n";
    };
  }
  std::string graph;
  if (!o.graph_form.empty()) {
    o.explore.show_graph = [&](const explore::StateGraph& found) {
      graph = o.graph_form == "dot" ? report::GraphToDot(found, program) : report::GraphToJson(found, program);
    };
  }
  o.eval.running = std::make_shared<eval::RunningExploration>();
  o.eval.running->seconds = [start = std::chrono::steady_clock::now()] {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start).count();
  };
  eval::Evaluator evaluator(loaded.program, {}, o.eval);
  const auto begin = std::chrono::steady_clock::now();
  const explore::ExploreResult result = Run(o, evaluator);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  if (is_graph_on_out) out << graph;
  if (o.is_json) {
    out << report::ExploreToJson(result, program, sources, elapsed.count(), diagnostics.list())
               .dump(2, ' ', false, report::Json::error_handler_t::replace)
        << "\n";
  } else {
    err << tla::Render(sources, diagnostics.list());
    std::ostream& text = is_graph_on_out ? err : out;
    text << report::ExploreText(result, program, sources, elapsed.count(), o.only_changes);
    if (o.with_coverage) text << report::CoverageText(result, program, sources);
  }
  const int exit = CommitFile(graph_file, graph, report::ExitOf(result.outcome), err);
  if (!junit_file.is_open()) return exit;
  const bool is_deadlock_checked = o.explore.check_deadlock.value_or(program.check_deadlock());
  return CommitFile(junit_file, report::ExploreJUnit(result, program, sources, elapsed.count(), is_deadlock_checked),
                    exit, err);
}

}  // namespace kelpie::cli
