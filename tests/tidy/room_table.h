// docs/ROOMS.md as data: which room may include which, and who holds the doors.
//
//   std::optional<RoomTable> table = RoomTable::Parse(text, findings);
//   if (!table->MayInclude("impl/sim", "tla/ast")) ...
//
// Also reads tables of Markdown in general, for other rules.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/source_tree.h"

namespace kelpie::tidy {

// A table of Markdown. Cells are trimmed; header cells are in lower case.
struct MarkdownTable {
  std::vector<std::string> header;
  struct Row {
    std::size_t line = 0;  // 1-based, in the file
    std::vector<std::string> cells;
  };
  std::vector<Row> rows;
  std::size_t line = 0;  // of the header

  // Index of the column whose header begins so.
  [[nodiscard]] std::optional<std::size_t> Column(std::string_view name) const;
};

[[nodiscard]] std::vector<MarkdownTable> ReadTables(const std::vector<std::string>& lines);

struct Door {
  std::string library;
  std::vector<std::string> prefixes;
  std::set<std::string> rooms;
};

class RoomTable {
 public:
  // Reads both tables of the page. What is wrong with them is added to `findings`; nothing when
  // the page cannot be used.
  [[nodiscard]] static std::optional<RoomTable> Parse(const SourceFile& page, Findings& findings);

  [[nodiscard]] bool HasRoom(const std::string& room) const { return sentences_.contains(room); }
  [[nodiscard]] const std::map<std::string, std::string>& sentences() const { return sentences_; }
  [[nodiscard]] bool MayInclude(const std::string& from, const std::string& to) const;
  // The door of a header: the row with the longest prefix. Null: no row speaks of it.
  [[nodiscard]] const Door* FindDoor(std::string_view header) const;

 private:
  void AddRoom(const MarkdownTable::Row& row, const std::string& page, Findings& findings);
  void AddDoor(const MarkdownTable::Row& row, const std::string& page, Findings& findings);

  std::vector<std::string> order_;                    // as in the table
  std::map<std::string, std::string> sentences_;      // room -> sentence
  std::map<std::string, std::set<std::string>> may_;  // room -> rooms
  std::vector<Door> doors_;
};

}  // namespace kelpie::tidy
