#include "tests/support/golden.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

namespace kelpie::test {

namespace fs = std::filesystem;

namespace {

std::string ReadWhole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::string LineOr(const std::vector<std::string>& lines, std::size_t index) {
  return index < lines.size() ? "|" + lines[index] : "(the text ends)";
}

std::string FirstDifference(std::string_view kept, std::string_view text) {
  const std::vector<std::string> a = LinesOf(kept);
  const std::vector<std::string> b = LinesOf(text);
  std::size_t line = 0;
  while (line < a.size() && line < b.size() && a[line] == b[line]) ++line;
  if (line == a.size() && line == b.size()) return "\n  only the line break at the end differs";
  return "\n  line " + std::to_string(line + 1) + "\n    kept " + LineOr(a, line) + "\n    now  " + LineOr(b, line);
}

testing::AssertionResult Rewrite(const fs::path& path, std::string_view text) {
  const fs::path fresh = path.string() + ".new";
  std::ofstream file(fresh, std::ios::binary);
  file << text;
  file.close();
  std::error_code error;
  if (file.good()) fs::rename(fresh, path, error);
  if (file.good() && !error) {
    std::cerr << "rewrote " << path.string() << "\n";
    return testing::AssertionSuccess();
  }
  fs::remove(fresh, error);
  return testing::AssertionFailure() << path.string() << " cannot be rewritten";
}

}  // namespace

GoldenMode GoldenModeOf(const char* update, const char* ci) {
  const bool is_asked = update != nullptr && std::string_view(update) == "1";
  const std::string_view where = ci == nullptr ? "" : ci;
  const bool is_ci = !where.empty() && where != "0" && where != "false";
  return is_asked && !is_ci ? GoldenMode::kUpdate : GoldenMode::kCompare;
}

GoldenMode CurrentGoldenMode() { return GoldenModeOf(std::getenv("KELPIE_UPDATE_GOLDEN"), std::getenv("CI")); }

testing::AssertionResult CompareGolden(const fs::path& path, std::string_view text, GoldenMode mode) {
  std::error_code error;
  const bool is_there = fs::exists(path, error);
  const std::string kept = is_there ? ReadWhole(path) : std::string();
  if (is_there && kept == text) return testing::AssertionSuccess();
  if (mode == GoldenMode::kUpdate) return Rewrite(path, text);
  testing::AssertionResult failure = testing::AssertionFailure() << path.string();
  if (is_there) {
    failure << " is not what is printed now" << FirstDifference(kept, text);
  } else {
    failure << " is missing";
  }
  return failure << "\n  KELPIE_UPDATE_GOLDEN=1 rewrites golden files (not where CI is set)";
}

}  // namespace kelpie::test
