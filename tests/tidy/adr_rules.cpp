// Decisions name what holds them up: a row of an ADR's table that names something that does
// not exist is a promise that nobody keeps.
#include <algorithm>
#include <regex>

#include "tests/tidy/room_table.h"
#include "tests/tidy/rules.h"

namespace kelpie::tidy {

namespace {

// `A`, `B` -> A, B; without backticks, the parts between commas.
std::vector<std::string> NamesIn(const std::string& cell) {
  static const std::regex quoted("`([^`]+)`");
  std::vector<std::string> names;
  for (auto it = std::sregex_iterator(cell.begin(), cell.end(), quoted); it != std::sregex_iterator(); ++it) {
    names.push_back((*it)[1]);
  }
  return names.empty() ? Split(cell, ',') : names;
}

std::vector<const SourceFile*> FilesNamed(const SourceTree& tree, const std::string& name, const char* extension) {
  const std::string wanted = name.ends_with(extension) ? name : name + extension;
  std::vector<const SourceFile*> found;
  for (const SourceFile& file : tree.files()) {
    if (file.path == wanted || file.path.ends_with("/" + wanted)) found.push_back(&file);
  }
  return found;
}

bool Defines(const SourceFile& spec, const std::string& name) {
  const std::regex pattern("^\\s*" + name + R"((\([^)]*\))?\s*==)");
  return std::any_of(spec.lines.begin(), spec.lines.end(),
                     [&](const std::string& line) { return std::regex_search(line, pattern); });
}

bool HasWord(const SourceFile& file, const std::string& name) {
  const std::regex pattern("\\b" + name + "\\b");
  return std::any_of(file.lines.begin(), file.lines.end(),
                     [&](const std::string& line) { return std::regex_search(line, pattern); });
}

// Does a test, or a list that a test works through, name this file? Pages about it do not count.
bool IsRunByTests(const SourceTree& tree, const std::string& file_name) {
  return std::any_of(tree.files().begin(), tree.files().end(), [&](const SourceFile& file) {
    const bool is_test =
        file.path.starts_with("tests/") && !file.path.starts_with("tests/tidy/") && file.Extension() != ".md";
    return is_test && file.Text().find(file_name) != std::string::npos;
  });
}

// A file of tests/, `Suite.Name`, a test's name, or a program that a CMakeLists.txt builds; or any
// other file (a broken configuration) that a test runs.
bool TestExists(const SourceTree& tree, const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if ((name.starts_with("tests/") && tree.Exists(name)) || tree.Exists("tests/" + name)) return true;
    return tree.Exists(name) && IsRunByTests(tree, name.substr(name.rfind('/') + 1));
  }
  const std::size_t dot = name.find('.');
  const bool is_file = name.ends_with(".cpp");
  static const std::regex word("^[A-Za-z0-9_]+$");
  const std::string suite = dot == std::string::npos || is_file ? "" : name.substr(0, dot);
  const std::string test = suite.empty() ? name : name.substr(dot + 1);
  const bool is_word = std::regex_match(test, word) && (suite.empty() || std::regex_match(suite, word));
  const std::regex declared("\\bTEST(_F|_P)?\\(\\s*" + (suite.empty() ? "\\w+" : suite) + "\\s*,\\s*" +
                            (is_word ? test : "") + "\\s*\\)");
  const std::regex program("kelpie_test\\(\\s*" + (is_word ? test : "") + "\\b");
  for (const SourceFile& file : tree.files()) {
    if (!file.path.starts_with("tests/")) continue;
    if (is_file && file.Name() == name) return true;
    if (!is_word) continue;
    const std::regex& pattern = file.Name() == "CMakeLists.txt" ? program : declared;
    if (std::any_of(file.lines.begin(), file.lines.end(),
                    [&](const std::string& line) { return std::regex_search(line, pattern); })) {
      return true;
    }
  }
  return false;
}

struct Columns {
  std::size_t spec, invariant, configuration, test;
};

class RowCheck {
 public:
  RowCheck(const SourceTree& tree, const SourceFile& page, const MarkdownTable::Row& row, Findings& findings)
      : tree_(tree), page_(page), row_(row), findings_(findings) {}

  void Run(const Columns& columns) {
    const auto specs = Find(columns.spec, ".tla", "spec");
    const auto configurations = Find(columns.configuration, ".cfg", "configuration");
    static const std::regex word("^[A-Za-z_][A-Za-z0-9_]*$");
    for (const std::string& name : NamesIn(row_.cells[columns.invariant])) {
      const bool is_word = std::regex_match(name, word);
      if (!is_word || std::none_of(specs.begin(), specs.end(), [&](const auto* f) { return Defines(*f, name); })) {
        Report("no such spec defines the invariant or property `" + name + "`");
      } else if (std::none_of(configurations.begin(), configurations.end(),
                              [&](const auto* f) { return HasWord(*f, name); })) {
        Report("no such configuration lists `" + name + "`");
      }
    }
    for (const std::string& name : NamesIn(row_.cells[columns.test])) {
      if (!TestExists(tree_, name)) Report("the test `" + name + "` does not exist, or no test runs it");
    }
    for (const std::size_t column : {columns.spec, columns.invariant, columns.configuration, columns.test}) {
      if (NamesIn(row_.cells[column]).empty()) Report("a cell is empty; every guarantee names what holds it up");
    }
  }

 private:
  std::vector<const SourceFile*> Find(std::size_t column, const char* extension, const char* what) {
    std::vector<const SourceFile*> all;
    for (const std::string& name : NamesIn(row_.cells[column])) {
      const auto found = FilesNamed(tree_, name, extension);
      if (found.empty()) Report(std::string("the ") + what + " `" + name + "` does not exist");
      all.insert(all.end(), found.begin(), found.end());
    }
    return all;
  }
  void Report(std::string message) { findings_.push_back({page_.path, row_.line, std::move(message)}); }

  const SourceTree& tree_;
  const SourceFile& page_;
  const MarkdownTable::Row& row_;
  Findings& findings_;
};

}  // namespace

Findings CheckAdrs(const SourceTree& tree) {
  Findings findings;
  for (const SourceFile& page : tree.files()) {
    if (!page.path.starts_with("docs/adr/") || page.Extension() != ".md") continue;
    for (const MarkdownTable& table : ReadTables(page.lines)) {
      if (!table.Column("guarantee")) continue;
      const auto spec = table.Column("spec");
      const auto invariant = table.Column("invariant");
      const auto configuration = table.Column("configuration");
      const auto test = table.Column("test");
      if (!spec || !invariant || !configuration || !test) {
        findings.push_back(
            {page.path, table.line, "needs the columns guarantee, spec, invariant or property, configuration, test"});
        continue;
      }
      for (const MarkdownTable::Row& row : table.rows) {
        if (row.cells.size() != table.header.size()) {
          findings.push_back({page.path, row.line, "has another number of cells than the table's header"});
        } else {
          RowCheck(tree, page, row, findings).Run({*spec, *invariant, *configuration, *test});
        }
      }
    }
  }
  return findings;
}

}  // namespace kelpie::tidy
