// Checks one trace against the specs it is about, in one pass over its events.
#pragma once

#include <string>
#include <vector>

#include "checker/refine/checker.h"
#include "checker/report/json.h"

namespace kelpie::cli {

struct CheckOptions {
  std::vector<std::string> specs;  // files; empty: those that the events name
  std::string config;              // empty: the default beside each spec
  refine::Budget budget;
  eval::EvalOptions eval;
  refine::GuardOptions guards;
  bool assume_order = false;  // take the canonical order of concurrent events as given
  std::string command;        // how to run this check again
};

// One case per spec; one without a program when the trace or the specs cannot be read.
[[nodiscard]] std::vector<report::CheckCase> CheckTrace(const std::string& path, const CheckOptions& options,
                                                        tla::SourceMap& sources);

}  // namespace kelpie::cli
