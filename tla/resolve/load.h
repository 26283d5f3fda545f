// The front end's two doors for the rest of the program.
//
//   tla::SourceMap sources;
//   tla::Diagnostics diagnostics;
//   auto spec  = LoadSpec("KelpieLease.tla", {}, sources, diagnostics);
//   auto model = spec ? LoadModel("KelpieLease.cfg", *spec, {}, sources, diagnostics) : std::nullopt;
//
// Both return nothing exactly when `diagnostics` has errors. Neither throws.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tla/resolve/model.h"
#include "tla/resolve/resolved_module.h"
#include "tla/source/diagnostic.h"
#include "tla/source/source.h"

namespace kelpie::resolve {

// Limits of the front end; reaching one is an error diagnostic that names the option.
struct LoadOptions {
  std::vector<std::string> library_paths;       // searched after the module's own folder
  std::size_t file_size_bytes_max = 64u << 20;  // --max-file-bytes
  std::size_t nesting_depth_max = 500;          // --max-nesting
  std::size_t module_count_max = 1000;
};

// Reads a module and everything it EXTENDS. The file's base name must be the module's name.
[[nodiscard]] std::shared_ptr<const ResolvedSpec> LoadSpec(const std::string& path, const LoadOptions& options,
                                                           tla::SourceMap& sources, tla::Diagnostics& diagnostics);

// What may be missing from a model file because somebody else will supply it.
struct ModelOptions {
  std::set<std::string> constants_supplied;  // constants that a trace header gives
  std::size_t file_size_bytes_max = 4u << 20;
};

// Reads a model file and binds it to `spec`.
[[nodiscard]] std::shared_ptr<const Model> LoadModel(const std::string& path, const ResolvedSpec& spec,
                                                     const ModelOptions& options, tla::SourceMap& sources,
                                                     tla::Diagnostics& diagnostics);

// The model of a spec that has no model file: no constants, no invariants. Behavior is
// taken from a definition `Spec`, else from `Init` and `Next`.
[[nodiscard]] std::shared_ptr<const Model> DefaultModel(const ResolvedSpec& spec, const ModelOptions& options,
                                                        tla::SourceMap& sources, tla::Diagnostics& diagnostics);

}  // namespace kelpie::resolve
