// From file names to a program: what check and explore do before they start.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/program/program.h"
#include "tla/resolve/load.h"

namespace kelpie::cli {

// A loaded specification, or diagnostics that say why there is none.
struct LoadedSpec {
  std::string spec_file;
  std::string config_file;  // empty: no model file, the default behavior
  std::shared_ptr<const program::Program> program;
};

// `config`: empty for the default beside the module: F.trace.cfg (only when `for_trace`), then
// F.cfg, then none. Returns no program exactly when `diagnostics` has errors.
[[nodiscard]] LoadedSpec LoadProgram(const std::string& spec_file, const std::string& config, bool for_trace,
                                     const std::set<std::string>& constants_supplied, tla::SourceMap& sources,
                                     tla::Diagnostics& diagnostics);

// The file of a module: beside the trace, else among the shipped specs; empty when nowhere.
[[nodiscard]] std::string FindSpecFile(const std::string& module, const std::string& trace_path);

// Folders that shipped specs are looked for in, most wanted first: $KELPIE_SPECS, then beside
// the program's own place in a build tree or an installation.
[[nodiscard]] std::vector<std::string> ShippedSpecFolders();

}  // namespace kelpie::cli
