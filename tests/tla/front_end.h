// What the front end's tests share: small modules on disk, loaded and rendered.
//
//   FrontEnd fe({{"A.tla", "---- MODULE A ----\nx == 1\n===="}});
//   EXPECT_TRUE(fe.Load("A.tla"));
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "tla/resolve/dump.h"
#include "tla/resolve/load.h"
#include "tla/source/diagnostic.h"
#include "tla/source/source.h"

namespace kelpie::test {

inline std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// A module around one body, `EXTENDS Integers` unless told otherwise.
inline std::string Module(std::string_view body, std::string_view name = "M", std::string_view extends = "Integers") {
  std::string text = "---- MODULE " + std::string(name) + " ----\n";
  if (!extends.empty()) text += "EXTENDS " + std::string(extends) + "\n";
  return text + std::string(body) + "\n====\n";
}

class FrontEnd {
 public:
  explicit FrontEnd(const std::map<std::string, std::string>& files = {}) {
    static int count = 0;
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = info != nullptr ? std::string(info->test_suite_name()) + "." + info->name() : "none";
    for (char& c : name) {
      if (c == '/') c = '-';
    }
    directory_ = std::filesystem::path(::testing::TempDir()) /
                 ("kelpie-" + name + "-" + std::to_string(++count) + "-" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory_);
    for (const auto& [file, text] : files) Write(file, text);
  }
  ~FrontEnd() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  FrontEnd(const FrontEnd&) = delete;
  FrontEnd& operator=(const FrontEnd&) = delete;

  void Write(const std::string& file, std::string_view text) {
    std::filesystem::create_directories((directory_ / file).parent_path());
    std::ofstream(directory_ / file, std::ios::binary) << text;
  }
  [[nodiscard]] std::string Path(const std::string& file) const { return (directory_ / file).string(); }

  std::shared_ptr<const resolve::ResolvedSpec> Load(const std::string& file) {
    spec = resolve::LoadSpec(Path(file), options, sources, diagnostics);
    return spec;
  }
  std::shared_ptr<const resolve::Model> LoadModel(const std::string& file) {
    model = spec ? resolve::LoadModel(Path(file), *spec, model_options, sources, diagnostics) : nullptr;
    return model;
  }
  // One module `M` with this body.
  std::shared_ptr<const resolve::ResolvedSpec> LoadBody(std::string_view body, std::string_view extends = "Integers") {
    Write("M.tla", Module(body, "M", extends));
    return Load("M.tla");
  }

  [[nodiscard]] std::string Rendered() const { return tla::Render(sources, diagnostics.list()); }
  // "code line:column" of each diagnostic, joined by "; ".
  [[nodiscard]] std::string Summary() const {
    std::string out;
    for (const tla::Diagnostic& d : diagnostics.list()) {
      if (!out.empty()) out += "; ";
      out += std::string(tla::CodeOf(d.kind)) + " " + std::to_string(d.span.line) + ":" + std::to_string(d.span.column);
    }
    return out;
  }

  resolve::LoadOptions options;
  resolve::ModelOptions model_options;
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  std::shared_ptr<const resolve::ResolvedSpec> spec;
  std::shared_ptr<const resolve::Model> model;

 private:
  std::filesystem::path directory_;
};

// The dump of one definition's body alone, without places, one line: "builtin + (int 1) (int 2)".
inline std::string Shape(const resolve::ResolvedSpec& spec, resolve::ExprId id) {
  const resolve::Expr& e = spec.expr(id);
  std::string out(resolve::NameOf(e.kind));
  using K = resolve::ExprKind;
  if (e.kind == K::kInt) out += " " + (e.text.empty() ? std::to_string(e.integer) : e.text);
  if (e.kind == K::kString || e.kind == K::kField) out += " " + e.text;
  if (e.kind == K::kVariable) out += " " + spec.variables[e.variable.index].name;
  if (e.kind == K::kConstant) out += " " + spec.constants[e.constant.index].name;
  if (e.kind == K::kLocal || e.kind == K::kApplyLocal) out += " " + spec.local_names[e.local.index];
  if (e.kind == K::kApply || e.kind == K::kOperatorRef) {
    out += " " + (e.definition.is_valid() ? spec.definition(e.definition).name : spec.local_names[e.local.index]);
  }
  if (e.kind == K::kBuiltin || e.kind == K::kBuiltinRef) {
    static constexpr std::string_view kTexts[] = {
#define KELPIE_BUILTIN(name, module, text, arity, level) text,
#include "tla/resolve/builtins.def"
#undef KELPIE_BUILTIN
    };
    out += " " + std::string(kTexts[static_cast<std::size_t>(e.builtin)]);
  }
  for (const resolve::ExprId operand : e.operands) out += " (" + Shape(spec, operand) + ")";
  return out;
}

}  // namespace kelpie::test
