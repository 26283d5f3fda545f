// Any bytes as a model file, alone and against a specification that has something of each kind.
#include "tests/fuzz/fuzz.h"
#include "tla/resolve/load.h"
#include "tla/syntax/model_file.h"

namespace {

using namespace kelpie;

struct Spec {
  tla::SourceMap sources;
  std::shared_ptr<const resolve::ResolvedSpec> resolved;

  Spec() {
    tla::Diagnostics diagnostics;
    const std::string path = std::string(KELPIE_SOURCE_DIR) + "/tests/fuzz/Target.tla";
    resolved = resolve::LoadSpec(path, {}, sources, diagnostics);
    fuzz::Require(resolved != nullptr, "the specification of this harness");
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Spec spec;
  static const fuzz::MemoryFile file;
  const std::string text(reinterpret_cast<const char*>(data), size);
  tla::SourceMap sources = spec.sources;
  tla::Diagnostics diagnostics;
  // Reading a file takes its byte order mark away.
  const std::string unmarked = text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
  (void)syntax::ParseModelFile(sources.Add("M.cfg", unmarked), sources, diagnostics);
  (void)tla::Render(sources, diagnostics.list());

  file.Write(text);
  tla::Diagnostics remarks;
  const auto model = resolve::LoadModel(file.path(), *spec.resolved, {}, sources, remarks);
  fuzz::Require((model != nullptr) == !remarks.has_errors(), "a model exactly when there is no error");
  fuzz::Require(model == nullptr || !diagnostics.has_errors(), "no model of a file that does not parse");
  (void)tla::Render(sources, remarks.list());
  return 0;
}
