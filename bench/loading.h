// A specification of bench/specs or tla/specs, ready to be evaluated.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "bench/support.h"
#include "checker/eval/evaluator.h"
#include "checker/program/program.h"
#include "tla/resolve/load.h"

namespace kelpie::bench {

// `base`: "bench/specs/Ledger". Constants named in `supplied` come from the caller.
inline std::shared_ptr<const program::Program> Load(const std::string& base, std::set<std::string> supplied) {
  const std::string path = std::string(KELPIE_SOURCE_DIR) + "/" + base;
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  const auto spec = resolve::LoadSpec(path + ".tla", {}, sources, diagnostics);
  Require(spec != nullptr, tla::Render(sources, diagnostics.list()));
  resolve::ModelOptions options;
  options.constants_supplied = std::move(supplied);
  const auto model = resolve::LoadModel(path + ".cfg", *spec, options, sources, diagnostics);
  Require(model != nullptr, tla::Render(sources, diagnostics.list()));
  auto program = program::BuildProgram(spec, model, diagnostics);
  Require(program != nullptr, tla::Render(sources, diagnostics.list()));
  return program;
}

}  // namespace kelpie::bench
