// docs/GAPS.md: each gap of the audit, what closes it, and the planted bug that shows it. A row that says too much is a
// claim that nobody keeps; a planted bug that no row names shows nothing to anybody.
#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "tests/tidy/room_table.h"
#include "tests/tidy/rules.h"

namespace kelpie::tidy {

namespace {

constexpr const char* kPage = "docs/GAPS.md";
constexpr int kGaps = 17;

// Of every planted bug, the specification that judges it.
std::map<std::string, std::string> PlantedBugs(const SourceTree& tree) {
  std::map<std::string, std::string> bugs;
  const SourceFile* list = tree.Find("impl/machines/bugs.def");
  static const std::regex entry(R"(^KELPIE_BUG\((\w+), (\w+),)");
  std::smatch match;
  for (std::size_t i = 0; list != nullptr && i < list->lines.size(); ++i) {
    if (std::regex_search(list->lines[i], match, entry)) bugs[match[1]] = match[2];
  }
  return bugs;
}

class GapTable {
 public:
  GapTable(const SourceTree& tree, Findings& findings) : tree_(tree), findings_(findings), bugs_(PlantedBugs(tree)) {}

  void Check(const MarkdownTable& table) {
    for (const MarkdownTable::Row& row : table.rows) {
      if (row.cells.size() != 6) {
        Report(row.line, "needs the cells number, gap, closed by, spec, invariant or property, planted bug");
      } else {
        CheckRow(row);
      }
    }
    for (int number = 1; number <= kGaps; ++number) {
      if (!numbers_.contains(std::to_string(number))) Report(table.line, "has no row " + std::to_string(number));
    }
    for (const auto& [bug, spec] : bugs_) {
      if (!named_.contains(bug)) Report(table.line, "no row names the planted bug `" + bug + "`");
    }
  }

 private:
  void CheckRow(const MarkdownTable::Row& row) {
    const auto& cells = row.cells;
    if (!numbers_.insert(cells[0]).second) Report(row.line, "a second row " + cells[0]);
    const bool is_open = cells[2] == "open";
    for (const std::string& path : is_open ? std::vector<std::string>() : Split(cells[2], ',')) {
      if (!tree_.Exists(path)) Report(row.line, path + " does not exist");
    }
    CheckSpec(row, cells[3], cells[4]);
    for (const std::string& name : Split(cells[5], ',')) CheckBug(row, name, is_open);
  }

  void CheckSpec(const MarkdownTable::Row& row, const std::string& name, const std::string& invariants) {
    if (name == "-") return;
    const SourceFile* spec = tree_.Find("tla/specs/" + name + ".tla");
    if (spec == nullptr) return Report(row.line, "the spec `" + name + "` does not exist");
    for (const std::string& invariant : Split(invariants, ',')) {
      const bool is_defined = std::any_of(spec->lines.begin(), spec->lines.end(),
                                          [&](const std::string& line) { return line.starts_with(invariant + " =="); });
      if (!is_defined) Report(row.line, name + " defines no `" + invariant + "`");
    }
  }

  void CheckBug(const MarkdownTable::Row& row, const std::string& name, bool is_open) {
    if (is_open) {
      if (name != "none") Report(row.line, "an open gap has no planted bug");
      return;
    }
    if (name.find('.') != std::string::npos) {  // of pages: the test that refuses them
      if (!tree_.Exists(name)) Report(row.line, name + " does not exist");
      return;
    }
    const auto bug = bugs_.find(name);
    if (bug == bugs_.end()) return Report(row.line, "no bug `" + name + "` is planted");
    if (bug->second != row.cells[3]) Report(row.line, "`" + name + "` is judged by " + bug->second);
    if (!named_.insert(name).second) Report(row.line, "`" + name + "` has a row already");
  }

  void Report(std::size_t line, std::string message) { findings_.push_back({kPage, line, std::move(message)}); }

  const SourceTree& tree_;
  Findings& findings_;
  const std::map<std::string, std::string> bugs_;
  std::set<std::string> numbers_;
  std::set<std::string> named_;
};

}  // namespace

Findings CheckGaps(const SourceTree& tree) {
  Findings findings;
  const SourceFile* page = tree.Find(kPage);
  if (page == nullptr) return {{kPage, 1, "is not there"}};
  bool is_there = false;
  for (const MarkdownTable& table : ReadTables(page->lines)) {
    if (!table.Column("gap")) continue;
    is_there = true;
    GapTable(tree, findings).Check(table);
  }
  if (!is_there) findings.push_back({kPage, 1, "has no table of gaps"});
  return findings;
}

}  // namespace kelpie::tidy
