// kelpie-trace: the verbs of this room as a program of their own, for who needs no checker.
#include <iostream>
#include <string_view>

#include "trace/cli/trace_verbs.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const std::string_view verb = argc > 1 ? argv[1] : "";
  if (verb == "trace") return kelpie::trace::cli::RunTrace(argc - 1, argv + 1, std::cout, std::cerr);
  if (verb == "diff") return kelpie::trace::cli::RunDiff(argc - 1, argv + 1, std::cout, std::cerr);
  const bool wants_help = verb == "--help" || verb == "-h";
  (wants_help ? std::cout : std::cerr) << "usage: kelpie-trace trace cat|stats|verify|convert|merge ...\n"
                                          "       kelpie-trace diff A B\n"
                                          "Each takes --help.\n";
  return wants_help ? 0 : 3;
}
