// The verbs check, explore and parse. Each returns its exit code (docs/SEMANTICS.md, part 3);
// with --json one object goes to `out` and nothing else, people's text goes to `err`.
#pragma once

#include <iosfwd>

namespace kelpie::cli {

// argv[0] is the verb.
int RunCheck(int argc, const char* const* argv, std::ostream& out, std::ostream& err);
int RunExplore(int argc, const char* const* argv, std::ostream& out, std::ostream& err);
int RunParse(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

}  // namespace kelpie::cli
