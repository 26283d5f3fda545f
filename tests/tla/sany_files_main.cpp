// Writes what SANY is to be asked: tla_sany_files FOLDER [SEED] makes FOLDER/cases/NAME/M.tla of every case and
// FOLDER/mutations/N/MODULE.tla of mutations drawn from SEED, and prints the table's rows without answers.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "sany_corpus.h"

namespace {

namespace fs = std::filesystem;
using namespace kelpie;

// Files have room for more damages than cases of two lines.
constexpr int kRoundsOfFile = 3;

void Write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: tla_sany_files FOLDER [SEED]\n";
    return 3;
  }
  const fs::path folder = argv[1];
  std::uint64_t seed = argc > 2 ? std::stoull(argv[2]) : 1;
  for (const test::SanyCase& one : test::ReadCases()) Write(folder / "cases" / one.name / "M.tla", one.text);
  int count = 0;
  for (const test::SanyModule& module : test::ReadModules()) {
    const auto tokens = test::TokensOf(module.text);
    const int rounds = module.directory.empty() ? 1 : kRoundsOfFile;
    for (int round = 0; round < rounds; ++round) {
      for (const auto kind : {test::MutationKind::kDelete, test::MutationKind::kMove, test::MutationKind::kIndent}) {
        const auto mutation = test::Draw(kind, module.text, tokens, ++seed);
        if (!mutation) continue;
        const std::string damaged = *test::Apply(*mutation, module.text, tokens);
        Write(folder / "mutations" / std::to_string(++count) / module.file_name, damaged);
        std::cout << module.name << "\t" << NameOf(kind) << "\t" << mutation->token << "\t" << mutation->by << "\t"
                  << test::DigestOf(damaged) << "\n";
      }
    }
  }
  return 0;
}
