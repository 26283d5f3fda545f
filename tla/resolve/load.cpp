#include "tla/resolve/load.h"

#include "tla/resolve/levels.h"
#include "tla/resolve/modules.h"
#include "tla/resolve/resolver.h"

namespace kelpie::resolve {

std::shared_ptr<const ResolvedSpec> LoadSpec(const std::string& path, const LoadOptions& options,
                                             tla::SourceMap& sources, tla::Diagnostics& diagnostics) {
  ModuleLibrary library(options, sources, diagnostics);
  const LoadedModule* root = library.LoadRoot(path);
  if (root == nullptr) return nullptr;
  Resolver resolver(library, diagnostics);
  const std::shared_ptr<ResolvedSpec> spec = resolver.Run(*root);
  // After wrong names the levels would be guesses.
  if (!diagnostics.has_errors())
    ComputeLevels(*spec, resolver.local_facts(), resolver.substitution_limits(), diagnostics);
  return diagnostics.has_errors() ? nullptr : spec;
}

}  // namespace kelpie::resolve
