// Results as JUnit XML, for whatever shows the tests of a CI run.
//
//   file.Commit(CheckJUnit(cases));
//
// One test suite a run of the program. check: a test case for each pair of trace and spec, named
// by the trace, its class the spec. explore: a test case for the exploration as a whole and for each
// invariant, property, assumption, postcondition and the absence of deadlock.
// What violates is a failure and carries the whole explanation. Inconclusive, evaluation and bad
// input are errors, never passes. What a stopped exploration left undecided is skipped.
// Invariants: well-formed XML for any bytes in names and values (xml.h); the counts of the suite
// are those of its cases; a run whose exit is not 0 has a failure or an error.
#pragma once

#include <string>
#include <vector>

#include "checker/report/json.h"

namespace kelpie::report {

[[nodiscard]] std::string CheckJUnit(const std::vector<CheckCase>& cases);
[[nodiscard]] std::string ExploreJUnit(const explore::ExploreResult& result, const program::Program& program,
                                       const tla::SourceMap& sources, double seconds, bool is_deadlock_checked);
// Of a spec that could not be read: one error. `rendered`: its diagnostics as text.
[[nodiscard]] std::string BadSpecJUnit(const std::string& spec_file, const std::string& rendered);

}  // namespace kelpie::report
