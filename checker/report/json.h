// Results as JSON: the contract of docs/SEMANTICS.md, part 3. All fields are always there,
// null when not known. Values are ITF.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "checker/explore/explorer.h"
#include "checker/refine/verdict.h"
#include "tla/source/diagnostic.h"

namespace kelpie::report {

using Json = nlohmann::ordered_json;

// One checked pair of trace and spec, with what is needed to show places and names.
struct CheckCase {
  std::string trace;
  std::string spec_file;
  std::string replay;  // the command that runs this check again
  const tla::SourceMap* sources = nullptr;
  std::shared_ptr<const program::Program> program;  // null when the spec could not be loaded
  refine::CheckResult result;
  double seconds = 0;
  std::vector<tla::Diagnostic> diagnostics;
};

[[nodiscard]] int ExitOf(refine::Verdict verdict);
[[nodiscard]] int ExitOf(explore::Outcome outcome);
// The first that occurs of 70, 1, 3, 2, 0.
[[nodiscard]] int WorstExit(const std::vector<int>& exits);

[[nodiscard]] Json ToItf(const eval::Value& value);
[[nodiscard]] Json ToJson(const tla::Place& place);
[[nodiscard]] Json ToJson(const tla::Diagnostic& diagnostic, const tla::SourceMap& sources);
[[nodiscard]] Json CheckToJson(const std::vector<CheckCase>& cases);
[[nodiscard]] Json ExploreToJson(const explore::ExploreResult& result, const program::Program& program,
                                 const tla::SourceMap& sources, double seconds,
                                 const std::vector<tla::Diagnostic>& diagnostics);

}  // namespace kelpie::report
