#include "checker/cli/spec_loading.h"

#include <cstdlib>
#include <filesystem>

namespace kelpie::cli {

namespace fs = std::filesystem;

namespace {

std::string DefaultConfig(const std::string& spec_file, bool for_trace) {
  fs::path base(spec_file);
  std::error_code error;
  if (for_trace) {
    const fs::path trace_config = fs::path(base).replace_extension(".trace.cfg");
    if (fs::exists(trace_config, error)) return trace_config.string();
  }
  const fs::path config = fs::path(base).replace_extension(".cfg");
  return fs::exists(config, error) ? config.string() : std::string();
}

}  // namespace

LoadedSpec LoadProgram(const std::string& spec_file, const std::string& config, bool for_trace,
                       const std::set<std::string>& constants_supplied, tla::SourceMap& sources,
                       tla::Diagnostics& diagnostics) {
  LoadedSpec loaded;
  loaded.spec_file = spec_file;
  loaded.config_file = config.empty() ? DefaultConfig(spec_file, for_trace) : config;
  const auto spec = resolve::LoadSpec(spec_file, {}, sources, diagnostics);
  if (!spec) return loaded;
  resolve::ModelOptions options;
  options.constants_supplied = constants_supplied;
  const auto model = loaded.config_file.empty()
                         ? resolve::DefaultModel(*spec, options, sources, diagnostics)
                         : resolve::LoadModel(loaded.config_file, *spec, options, sources, diagnostics);
  if (!model) return loaded;
  loaded.program = program::BuildProgram(spec, model, diagnostics);
  return loaded;
}

std::vector<std::string> ShippedSpecFolders() {
  std::vector<std::string> folders;
  if (const char* given = std::getenv("KELPIE_SPECS")) folders.emplace_back(given);
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return folders;
  for (const char* relative :
       {"../../../../tla/specs", "../../../tla/specs", "../../tla/specs", "../share/kelpie/specs"}) {
    const fs::path folder = fs::weakly_canonical(program.parent_path() / relative, error);
    if (!error && fs::is_directory(folder, error)) folders.push_back(folder.string());
  }
  return folders;
}

std::string FindSpecFile(const std::string& module, const std::string& trace_path) {
  std::error_code error;
  std::vector<fs::path> folders;
  const fs::path trace(trace_path);
  folders.push_back(fs::is_directory(trace, error) ? trace : trace.parent_path());
  for (const std::string& folder : ShippedSpecFolders()) folders.emplace_back(folder);
  for (const fs::path& folder : folders) {
    const fs::path file = folder / (module + ".tla");
    if (fs::exists(file, error)) return file.string();
  }
  return "";
}

}  // namespace kelpie::cli
