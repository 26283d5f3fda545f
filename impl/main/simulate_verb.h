// The verb `simulate`: one deterministic run of the reference cluster, written as a trace.
//
//   kelpie simulate --seed 7 --steps 3000 --nodes 3 --bug no_fencing --out run-7
//
// Exit codes: 0 it ran as asked; 3 a bad option or an unusable directory; 70 an internal error
// or output that could not be written.
#pragma once

#include <iosfwd>

namespace kelpie::cluster {

// `argv[0]` is the name of the program or verb. With --json, `out` gets one JSON object and
// nothing else. Never throws.
int RunSimulate(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace kelpie::cluster
