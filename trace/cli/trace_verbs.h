// The verbs `trace` and `diff`, for the program to call.
//
//   return RunTrace(argc - 1, argv + 1, std::cout, std::cerr);   // argv[1] was "trace"
//
// argv[0] is the verb itself. Results go to `out`, with --json as one JSON object (`trace
// cat`: JSON lines); everything else to `err`. Exit codes, returned: 0 done, ok or equal; 1
// damaged or different; 3 a trace that cannot be read, or bad options; 70 a bug of ours.
// Nothing is thrown.
#pragma once

#include <iosfwd>

namespace kelpie::trace::cli {

[[nodiscard]] int RunTrace(int argc, const char* const* argv, std::ostream& out, std::ostream& err);
[[nodiscard]] int RunDiff(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace kelpie::trace::cli
