// What SANY answered, as the tests read it: cases of *.cases and the table of mutations.
// tests/testdata/sany/README.md tells how the answers were got.
//
//   for (const SanyCase& one : ReadCases()) Parse(one.text) == one.is_accepted
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mutation.h"

namespace kelpie::test {

struct SanyCase {
  std::string name;  // "lists/and_list"
  std::string text;  // of module M
  bool is_accepted;
};

// A module that is mutated: a file of the repository, or an accepted case.
struct SanyModule {
  std::string name;       // path from the repository's root, or "lists/and_list"
  std::string file_name;  // "M.tla"
  std::string text;
  std::filesystem::path directory;  // where the modules it extends are; empty for a case
};

struct SanyMutation {
  std::string module;
  Mutation mutation;
  std::string digest;  // of the mutated text
  bool is_accepted;
};

[[nodiscard]] std::vector<SanyCase> ReadCases();
[[nodiscard]] std::vector<SanyModule> ReadModules();
[[nodiscard]] std::vector<SanyMutation> ReadMutations();

}  // namespace kelpie::test
