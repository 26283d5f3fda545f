#include "checker/cli/eval_options.h"

#include <CLI/CLI.hpp>

namespace kelpie::cli {

std::shared_ptr<OutsideOptions> AddEvalOptions(CLI::App& app, eval::EvalOptions& options) {
  auto outside = std::make_shared<OutsideOptions>();
  app.add_option("--max-depth", options.limits.depth_max, "nested operator applications")
      ->check(CLI::Range(std::size_t{1}, std::size_t{20'000}))
      ->capture_default_str();
  app.add_option("--max-set", options.limits.set_size_max, "elements of one set or function")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--max-text", outside->limits.bytes_max,
                 "bytes of a file that the specification reads, or of a program's output")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--max-exec", outside->limits.seconds_max, "seconds that a program run by IOExec may take")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--allow-write", outside->write_folder, "the specification may write files inside this folder")
      ->type_name("DIR");
  app.add_flag("--allow-exec", outside->may_execute, "the specification may run programs (IOExec)");
  return outside;
}

}  // namespace kelpie::cli
