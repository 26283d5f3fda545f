// The program of a configuration file; of S_Case.cfg the specification may be S.tla.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "checker/program/program.h"
#include "tla/resolve/load.h"

namespace kelpie::explore {

inline std::shared_ptr<const program::Program> LoadProgram(const std::filesystem::path& config) {
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  std::string stem = config.stem().string();
  std::filesystem::path file = config.parent_path() / (stem + ".tla");
  while (!std::filesystem::exists(file) && stem.rfind('_') != std::string::npos) {
    stem = stem.substr(0, stem.rfind('_'));
    file = config.parent_path() / (stem + ".tla");
  }
  const auto spec = resolve::LoadSpec(file.string(), {}, sources, diagnostics);
  const auto model = spec ? resolve::LoadModel(config.string(), *spec, {}, sources, diagnostics) : nullptr;
  return model ? program::BuildProgram(spec, model, diagnostics) : nullptr;
}

}  // namespace kelpie::explore
