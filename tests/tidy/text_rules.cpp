// Rules that read lines: lengths, names, unfinished marks, paths, pages.
#include <array>
#include <filesystem>
#include <regex>

#include "tests/tidy/rules.h"

namespace kelpie::tidy {

namespace {

constexpr std::size_t kLinesMax = 400;

// Words are put together here so that this file does not break its own rules.
const std::regex& MarkPattern() {
  static const std::regex pattern(std::string(R"(\b(TO)") + "DO|FIX" + "ME|XX" + R"(X)\b)");
  return pattern;
}

const std::regex& PathPattern() {
  static const std::regex pattern(std::string(R"((^|[\s"'`(=:])/(wo)") + "rk|ho" + "me|ro" + "ot|Us" + R"(ers)/)");
  return pattern;
}

Findings FindPattern(const SourceTree& tree, const std::regex& pattern, const std::string& message) {
  Findings findings;
  for (const SourceFile& file : tree.files()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      std::smatch match;
      if (std::regex_search(file.lines[i], match, pattern)) {
        findings.push_back({file.path, i + 1, message + ": `" + Trim(match.str()) + "`"});
      }
    }
  }
  return findings;
}

bool PageExists(const SourceTree& tree, const SourceFile& file, std::string mention) {
  while (!mention.empty() && (mention.back() == '.' || mention.back() == '/')) mention.pop_back();
  const auto normal = [](const std::filesystem::path& path) { return path.lexically_normal().generic_string(); };
  return tree.Exists(normal(mention)) || tree.Exists(normal(std::filesystem::path("docs") / mention)) ||
         tree.Exists(normal(std::filesystem::path(file.Folder()) / mention));
}

}  // namespace

Findings CheckLengths(const SourceTree& tree) {
  Findings findings;
  for (const SourceFile& file : tree.files()) {
    if (!file.IsCode() || file.lines.size() <= kLinesMax) continue;
    findings.push_back({file.path, 0,
                        "has " + std::to_string(file.lines.size()) + " lines; at most " + std::to_string(kLinesMax) +
                            " are one subject"});
  }
  return findings;
}

Findings CheckNames(const SourceTree& tree) {
  constexpr std::array kBanned = {"util", "utils", "common", "misc", "helper", "helpers", "manager", "managers"};
  Findings findings;
  for (const SourceFile& file : tree.files()) {
    for (const std::string& part : Split(file.path, '/')) {
      const std::string stem = part.substr(0, part.find('.'));
      for (const char* banned : kBanned) {
        if (stem == banned) findings.push_back({file.path, 0, "`" + stem + "` names no subject"});
      }
    }
  }
  return findings;
}

Findings CheckMarks(const SourceTree& tree) { return FindPattern(tree, MarkPattern(), "an unfinished mark"); }

Findings CheckPaths(const SourceTree& tree) { return FindPattern(tree, PathPattern(), "a path of one machine"); }

Findings CheckPages(const SourceTree& tree) {
  // A page by its file name, or anything below docs/.
  static const std::regex pattern(
      R"((^|[^A-Za-z0-9_./*{$-])(([A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+\.md\b|docs/[A-Za-z0-9_./-]+))");
  // A page by its title alone, when the repository has none of that name.
  static const std::regex title(
      R"(\b(SEMANTICS|RULES|ROOMS|STYLE|DESIGN|CLUSTER|DOMAIN|FIELD) (rule|part|section)s? [A-Z]?[0-9])");
  Findings findings;
  for (const SourceFile& file : tree.files()) {
    if (file.path.starts_with("tests/tidy/")) continue;  // samples name what is not there
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string& line = file.lines[i];
      for (auto it = std::sregex_iterator(line.begin(), line.end(), pattern); it != std::sregex_iterator(); ++it) {
        if (!PageExists(tree, file, (*it)[2])) {
          findings.push_back({file.path, i + 1, "`" + (*it)[2].str() + "` is mentioned and does not exist"});
        }
      }
      std::smatch match;
      if (std::regex_search(line, match, title) && !tree.Exists("docs/" + match[1].str() + ".md")) {
        findings.push_back(
            {file.path, i + 1, "`" + match[1].str() + "` is mentioned and there is no such page in docs"});
      }
    }
  }
  return findings;
}

}  // namespace kelpie::tidy
