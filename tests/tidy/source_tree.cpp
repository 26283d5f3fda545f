#include "tests/tidy/source_tree.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace kelpie::tidy {

namespace fs = std::filesystem;

namespace {

constexpr std::array kFolders = {"tla", "trace", "impl", "checker", "tests", "bench", "docs", "cmake", ".ci"};
// Texts that people write; data of tests (traces, golden outputs) is not held to rules of style.
constexpr std::array kExtensions = {".cpp", ".h",   ".def", ".md", ".txt",   ".cmake",
                                    ".sh",  ".tla", ".cfg", ".g4", ".proto", ".json"};

bool IsText(const fs::path& path) {
  const std::string extension = path.extension().string();
  if (extension.empty()) return path.filename() == "kelpie" || path.parent_path().filename() == ".ci";
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

SourceFile ReadFile(const fs::path& root, const fs::path& path) {
  SourceFile file;
  file.path = path.lexically_relative(root).generic_string();
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
  return file;
}

}  // namespace

std::string_view SourceFile::Name() const {
  const std::size_t slash = path.rfind('/');
  return std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1);
}

std::string_view SourceFile::Folder() const {
  const std::size_t slash = path.rfind('/');
  return std::string_view(path).substr(0, slash == std::string::npos ? 0 : slash);
}

std::string_view SourceFile::Extension() const {
  const std::string_view name = Name();
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view() : name.substr(dot);
}

bool SourceFile::IsCode() const { return Extension() == ".cpp" || Extension() == ".h"; }

std::string SourceFile::Text() const {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string ToText(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.path + (finding.line > 0 ? ":" + std::to_string(finding.line) : "") + ": " + finding.message + "\n";
  }
  return text;
}

SourceTree SourceTree::Read(const std::string& root) {
  SourceTree tree;
  std::vector<fs::path> paths;
  for (const char* folder : kFolders) {
    if (!fs::is_directory(fs::path(root) / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(root) / folder)) paths.push_back(entry.path());
  }
  for (const auto& entry : fs::directory_iterator(root)) paths.push_back(entry.path());
  for (const fs::path& path : paths) {
    if (!fs::is_regular_file(path)) continue;
    tree.paths_.push_back(path.lexically_relative(root).generic_string());
    if (IsText(path) && !tree.paths_.back().starts_with("bench/results/")) tree.files_.push_back(ReadFile(root, path));
  }
  std::sort(tree.files_.begin(), tree.files_.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return tree;
}

const SourceFile* SourceTree::Find(std::string_view path) const {
  const auto found =
      std::find_if(files_.begin(), files_.end(), [&](const SourceFile& file) { return file.path == path; });
  return found == files_.end() ? nullptr : &*found;
}

bool SourceTree::Exists(std::string_view path) const {
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return std::any_of(paths_.begin(), paths_.end(), [&](const std::string& other) {
    return other == path || (other.starts_with(path) && other.size() > path.size() && other[path.size()] == '/');
  });
}

std::string RoomOf(std::string_view path) {
  const std::size_t first = path.find('/');
  if (first == std::string_view::npos) return "";
  const std::string_view top = path.substr(0, first);
  if (top != "tla" && top != "trace" && top != "impl" && top != "checker") return "";
  const std::size_t second = path.find('/', first + 1);
  return second == std::string_view::npos ? "" : std::string(path.substr(0, second));
}

std::string Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1));
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    if (std::string part = Trim(text.substr(0, end)); !part.empty()) parts.push_back(std::move(part));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace kelpie::tidy
