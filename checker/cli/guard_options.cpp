#include "checker/cli/guard_options.h"

#include <CLI/CLI.hpp>
#include <map>

namespace kelpie::cli {

namespace {
const std::map<std::string, refine::GuardEngine>& Engines() {
  static const std::map<std::string, refine::GuardEngine> engines{{"concrete", refine::GuardEngine::kConcrete},
                                                                  {"z3", refine::GuardEngine::kZ3},
                                                                  {"both", refine::GuardEngine::kBoth}};
  return engines;
}
}  // namespace

void AddGuardOptions(CLI::App& app, refine::GuardOptions& options) {
  app.add_option("--guards", options.engine, "who decides steps: concrete searches, z3 solves, both compares the two")
      ->transform(CLI::CheckedTransformer(Engines()))
      ->option_text("concrete|z3|both [concrete]");
  app.add_option("--max-witnesses", options.limits.witnesses_max,
                 "successors of one state in one step, with --guards z3|both")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--max-forks", options.limits.paths_max, "ways to go in one expression with unknowns")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--max-unknown-sequence", options.limits.sequence_length_max,
                 "length of a sequence of which nothing is known")
      ->check(CLI::Range(std::size_t{0}, std::size_t{64}))
      ->capture_default_str();
  app.add_option("--max-terms", options.limits.terms_max, "terms of one step's queries")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--solver-resources", options.limits.solver.resource_max,
                 "Z3's resource units for one query; 0: no limit")
      ->capture_default_str();
  app.add_option("--solver-timeout", options.limits.solver.timeout_ms, "milliseconds for one query; 0: no limit")
      ->capture_default_str();
}

std::string GuardCommand(const refine::GuardOptions& options) {
  for (const auto& [name, engine] : Engines()) {
    if (engine == options.engine && engine != refine::GuardEngine::kConcrete) return " --guards " + name;
  }
  return "";
}

}  // namespace kelpie::cli
