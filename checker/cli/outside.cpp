#include "checker/cli/outside.h"

#include <filesystem>
#include <fstream>

namespace kelpie::cli {

namespace fs = std::filesystem;

std::optional<std::string> ProcessOutside::Read(const std::string& path, eval::Refusal& refusal) {
  std::error_code error;
  if (!fs::exists(path, error)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file || fs::is_directory(path, error)) {
    refusal.message = "cannot read `" + path + "`";
    return std::nullopt;
  }
  constexpr std::size_t kPiece = 1 << 16;
  std::string text;
  std::string piece(kPiece, '\0');
  while (file.read(piece.data(), kPiece) || file.gcount() > 0) {
    text.append(piece, 0, static_cast<std::size_t>(file.gcount()));
    if (text.size() <= options_.limits.bytes_max) continue;
    refusal = {"`" + path + "` has more than " + std::to_string(options_.limits.bytes_max) + " bytes (--max-text)", ""};
    return std::nullopt;
  }
  return text;
}

namespace {
bool IsInside(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != ".." && *relative.begin() != ".";
}
}  // namespace

void ProcessOutside::Write(const std::string& path, const std::string& text, bool is_appended, eval::Refusal& refusal) {
  std::error_code error;
  const fs::path target = fs::weakly_canonical(fs::absolute(path), error);
  const bool is_known = !error && !options_.write_folder.empty();
  if (!is_known || !IsInside(target, fs::weakly_canonical(fs::absolute(options_.write_folder), error))) {
    refusal = {"would write the file `" + path + "`", "--allow-write DIR lets a specification write files inside DIR"};
    return;
  }
  fs::create_directories(target.parent_path(), error);  // as TLC does; what comes of it shows below
  std::ofstream file(target, is_appended ? std::ios::binary | std::ios::app : std::ios::binary);
  file << text;
  file.close();
  if (!file) refusal.message = "cannot write `" + path + "`";
}

eval::ProgramResult ProcessOutside::Run(const std::vector<std::string>& command, const eval::Variables& added,
                                        eval::Refusal& refusal) {
  if (options_.may_execute) return RunProcess(command, added, options_.limits, refusal);
  refusal = {"would run `" + command.front() + "`", "--allow-exec lets a specification run programs"};
  return {};
}

}  // namespace kelpie::cli
