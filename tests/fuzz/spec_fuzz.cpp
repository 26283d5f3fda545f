// Any bytes as the text of a specification: a module or errors, never both, never a crash.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/fuzz.h"
#include "tla/resolve/dump.h"
#include "tla/resolve/load.h"
#include "tla/syntax/dump.h"
#include "tla/syntax/parse.h"

namespace {

using namespace kelpie;

// Deep enough to reach the limit, and for the stack of a fuzzer that sanitizers make large.
constexpr std::size_t kNesting = 60;

// A module is found by its file's name, so this one has a folder; inputs that resolve are called M.
const std::string& ModulePath() {
  static const std::string path = [] {
    std::string folder = (std::filesystem::temp_directory_path() / "kelpie-fuzz-XXXXXX").string();
    fuzz::Require(mkdtemp(folder.data()) != nullptr, "a temporary folder");
    static const std::string kept = folder;
    std::atexit([] { std::filesystem::remove_all(kept); });
    return folder + "/M.tla";
  }();
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  const syntax::ParseLimits limits{.nesting_depth_max = kNesting};
  const auto module = syntax::ParseModule(sources.Add("M.tla", text), sources, limits, diagnostics);
  fuzz::Require(module.has_value() == !diagnostics.has_errors(), "a module exactly when there is no error");
  (void)tla::Render(sources, diagnostics.list());
  if (!module) return 0;
  fuzz::Require(!syntax::DumpAst(*module).empty(), "a dump of the tree");

  std::ofstream(ModulePath(), std::ios::binary) << text;
  tla::SourceMap again;
  tla::Diagnostics remarks;
  const auto spec = resolve::LoadSpec(ModulePath(), {.nesting_depth_max = kNesting}, again, remarks);
  fuzz::Require((spec != nullptr) == !remarks.has_errors(), "a resolved spec exactly when there is no error");
  (void)tla::Render(again, remarks.list());
  if (spec) (void)resolve::DumpResolved(*spec);
  return 0;
}
