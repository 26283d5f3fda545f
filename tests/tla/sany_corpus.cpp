#include "sany_corpus.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kelpie::test {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = KELPIE_SOURCE_DIR;
const fs::path kSany = kRoot / "tests/testdata/sany";

std::string ReadText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> FilesOf(const fs::path& directory, const std::string& extension) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool IsAccepted(const std::string& answer, const std::string& where) {
  if (answer != "accept" && answer != "reject") throw std::runtime_error(where + ": no answer is recorded");
  return answer == "accept";
}

// Most cases are what stands inside module M.
std::string ModuleAround(const std::string& body) { return "---- MODULE M ----\n" + body + "====\n"; }

void ReadCasesOf(const fs::path& path, std::vector<SanyCase>& cases) {
  const std::string text = ReadText(path);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find('\n', at);
    std::stringstream header(text.substr(at, end - at));
    std::string tag, name, answer, kind;
    header >> tag >> name >> answer >> kind;
    const std::size_t next = std::min(text.find("\n@case ", end), text.size());
    const std::string body = text.substr(end + 1, next < text.size() ? next - end : std::string::npos);
    const std::string whole = path.stem().string() + "/" + name;
    cases.push_back({whole, kind == "whole" ? body : ModuleAround(body), IsAccepted(answer, whole)});
    at = next < text.size() ? next + 1 : next;
  }
}

}  // namespace

std::vector<SanyCase> ReadCases() {
  std::vector<SanyCase> cases;
  for (const fs::path& path : FilesOf(kSany, ".cases")) ReadCasesOf(path, cases);
  return cases;
}

std::vector<SanyModule> ReadModules() {
  std::vector<SanyModule> modules;
  for (const char* directory : {"tla/specs", "tests/testdata/explore", "tests/tla/testdata", "tests/cli/testdata",
                                "docs/ten-minutes", "bench/specs"}) {
    for (const fs::path& path : FilesOf(kRoot / directory, ".tla")) {
      if (path.stem().string().starts_with("fail_") || path.stem().string().starts_with("bad_")) continue;
      modules.push_back({std::string(directory) + "/" + path.filename().string(), path.filename().string(),
                         ReadText(path), path.parent_path()});
    }
  }
  for (const SanyCase& one : ReadCases()) {
    if (one.is_accepted) modules.push_back({one.name, "M.tla", one.text, {}});
  }
  return modules;
}

std::vector<SanyMutation> ReadMutations() {
  std::vector<SanyMutation> rows;
  std::ifstream file(kSany / "mutations.tsv");
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty() || line.starts_with('#')) continue;
    std::stringstream fields(line);
    std::string kind, answer;
    SanyMutation row{};
    fields >> row.module >> kind >> row.mutation.token >> row.mutation.by >> row.digest >> answer;
    const std::optional<MutationKind> found = FindMutationKind(kind);
    if (!found) throw std::runtime_error("mutations.tsv: " + line);
    row.mutation.kind = *found;
    row.is_accepted = IsAccepted(answer, line);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace kelpie::test
