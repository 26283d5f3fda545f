#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "checker/cli/spec_loading.h"
#include "checker/cli/verbs.h"
#include "checker/program/compile.h"
#include "checker/report/json.h"
#include "tla/resolve/dump.h"
#include "tla/resolve/load.h"
#include "tla/syntax/dump.h"
#include "tla/syntax/parse.h"

namespace kelpie::cli {

namespace {

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A stage's dump, or nothing after an error that is in `diagnostics`.
std::string DumpStage(const std::string& file, const std::string& stage, const std::string& config,
                      tla::SourceMap& sources, tla::Diagnostics& diagnostics) {
  if (stage == "program") {
    const LoadedSpec loaded = LoadProgram(file, config, false, {}, sources, diagnostics);
    return loaded.program ? program::DumpProgram(*loaded.program) : "";
  }
  if (stage == "resolved") {
    const auto spec = resolve::LoadSpec(file, {}, sources, diagnostics);
    return spec ? resolve::DumpResolved(*spec) : "";
  }
  std::optional<std::string> text = ReadFile(file);
  if (!text) {
    diagnostics.Add(tla::DiagnosticKind::kFileUnreadable, {}, {.found = file, .expected = "no such file"});
    return "";
  }
  const tla::FileId id = sources.Add(file, std::move(*text));
  if (stage == "tokens") return syntax::DumpTokens(id, sources, {}, diagnostics);
  const auto module = syntax::ParseModule(id, sources, {}, diagnostics);
  return module ? syntax::DumpAst(*module) : "";
}

}  // namespace

int RunParse(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  CLI::App app{"Reads specifications and says what is wrong with them.", "kelpie parse"};
  std::vector<std::string> files;
  std::string stage;
  std::string config;
  bool is_json = false;
  app.add_option("SPEC", files, "specification files")->required();
  app.add_option("--dump", stage, "print a stage: tokens, ast, resolved or program")
      ->check(CLI::IsMember({"tokens", "ast", "resolved", "program"}));
  app.add_option("--config", config, "model file of --dump program; F.cfg beside the module by default");
  app.add_flag("--json", is_json, "one JSON object on standard output");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? 0 : 3;
  }
  tla::SourceMap sources;
  bool has_errors = false;
  report::Json modules = report::Json::array();
  for (const std::string& file : files) {
    tla::Diagnostics diagnostics;
    std::string dump;
    if (stage.empty()) {
      (void)resolve::LoadSpec(file, {}, sources, diagnostics);
    } else {
      dump = DumpStage(file, stage, config, sources, diagnostics);
    }
    has_errors = has_errors || diagnostics.has_errors();
    if (is_json) {
      report::Json list = report::Json::array();
      for (const auto& diagnostic : diagnostics.list()) list.push_back(report::ToJson(diagnostic, sources));
      modules.push_back({{"file", file},
                         {"ok", !diagnostics.has_errors()},
                         {"dump", stage.empty() ? report::Json(nullptr) : report::Json(dump)},
                         {"diagnostics", std::move(list)}});
      continue;
    }
    err << tla::Render(sources, diagnostics.list());
    if (!stage.empty()) {
      out << dump;
    } else if (!diagnostics.has_errors()) {
      out << file << ": ok\n";
    }
  }
  if (is_json) {
    out << report::Json{{"format", "kelpie.parse/1"}, {"exit", has_errors ? 3 : 0}, {"modules", std::move(modules)}}
               .dump(2, ' ', false, report::Json::error_handler_t::replace)
        << "\n";
  }
  return has_errors ? 3 : 0;
}

}  // namespace kelpie::cli
