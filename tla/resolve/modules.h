// Finds and parses the modules a specification needs.
//
//   ModuleLibrary library({"specs"}, options, sources, diagnostics);
//   const LoadedModule* m = library.Find("Counter", directory);
//
// A module beside the one that names it wins over the library paths, and any file wins over a
// standard module of the same name. Each file is read once.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tla/ast/ast.h"
#include "tla/resolve/load.h"
#include "tla/source/diagnostic.h"
#include "tla/source/source.h"

namespace kelpie::resolve {

struct LoadedModule {
  std::string name;
  std::string path;
  std::string directory;
  std::optional<ast::Module> syntax;  // nothing when the file has errors, which were reported
};

// Reads a whole file of at most `size_bytes_max` bytes, without a byte order mark. Nothing after
// reporting at `span` (an unknown span: about the path alone).
[[nodiscard]] std::optional<std::string> ReadFile(const std::string& path, std::size_t size_bytes_max,
                                                  const tla::Span& span, tla::Diagnostics& diagnostics);

class ModuleLibrary {
 public:
  ModuleLibrary(const LoadOptions& options, tla::SourceMap& sources, tla::Diagnostics& diagnostics)
      : options_(options), sources_(sources), diagnostics_(diagnostics) {}

  // The root. Null after reporting.
  const LoadedModule* LoadRoot(const std::string& path);

  // The module `name` as seen from `directory`: a file there, a file on the library paths, or, unless it
  // is a standard module, a module behind the root in the root's file. Null when there is none, or after
  // reporting; `was_found` tells the two apart.
  const LoadedModule* Find(std::string_view name, const std::string& directory, const tla::Span& span, bool& was_found);

  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }

 private:
  const LoadedModule* Load(const std::string& path, std::string_view expected_name, const tla::Span& span);
  const LoadedModule* FindBehindRoot(std::string_view name, const tla::Span& span, bool& was_found);

  const LoadOptions& options_;
  tla::SourceMap& sources_;
  tla::Diagnostics& diagnostics_;
  std::map<std::string, std::unique_ptr<LoadedModule>, std::less<>> by_path_;
  std::vector<std::string> paths_;
  std::optional<tla::FileId> root_;
};

}  // namespace kelpie::resolve
