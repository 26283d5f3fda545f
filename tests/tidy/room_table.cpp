#include "tests/tidy/room_table.h"

#include <algorithm>
#include <cctype>

namespace kelpie::tidy {

namespace {

std::string TreeOf(const std::string& room) { return room.substr(0, room.find('/')); }

bool IsTree(const std::string& name) { return name == "tla" || name == "trace" || name == "impl" || name == "checker"; }

// The trees a tree may see at all; the room table cannot widen this.
bool MaySeeTree(const std::string& from, const std::string& to) {
  if (from == to) return true;
  if (from == "impl") return to == "trace";
  return from == "checker" && (to == "tla" || to == "trace");
}

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '|' && line[i - 1] != '\\') {
      cells.push_back(Trim(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  if (!Trim(cell).empty()) cells.push_back(Trim(cell));
  return cells;
}

bool IsRule(const std::string& line) {
  return line.find("--") != std::string::npos && line.find_first_not_of("|-: ") == std::string::npos;
}

}  // namespace

std::optional<std::size_t> MarkdownTable::Column(std::string_view name) const {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i].starts_with(name)) return i;
  }
  return std::nullopt;
}

std::vector<MarkdownTable> ReadTables(const std::vector<std::string>& lines) {
  std::vector<MarkdownTable> tables;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    const std::string head = Trim(lines[i]);
    if (!head.starts_with('|') || !IsRule(Trim(lines[i + 1]))) continue;
    MarkdownTable table;
    table.line = i + 1;
    table.header = Cells(head);
    for (std::string& cell : table.header) {
      std::transform(cell.begin(), cell.end(), cell.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    }
    for (i += 2; i < lines.size() && Trim(lines[i]).starts_with('|'); ++i) {
      table.rows.push_back({i + 1, Cells(Trim(lines[i]))});
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

void RoomTable::AddRoom(const MarkdownTable::Row& row, const std::string& page, Findings& findings) {
  if (row.cells.size() != 3) {
    findings.push_back({page, row.line, "a row of the room table needs three cells"});
    return;
  }
  const std::string& room = row.cells[0];
  if (!IsTree(TreeOf(room)) || HasRoom(room)) {
    findings.push_back({page, row.line, "`" + room + "` is no room of the four trees, or stands here twice"});
    return;
  }
  std::set<std::string> may;
  for (const std::string& entry : Split(row.cells[2], ',')) {
    const std::string tree = entry == "below" ? TreeOf(room) : entry;
    if (entry == "-") continue;
    if (entry == "below" || IsTree(entry)) {
      // `below` ends at this row because rows are read in order; a tree that stands later is not seen.
      for (const std::string& other : order_) {
        if (TreeOf(other) == tree) may.insert(other);
      }
    } else if (HasRoom(entry)) {
      may.insert(entry);
    } else {
      findings.push_back(
          {page, row.line, room + " may include `" + entry + "`, which does not stand above it in the table"});
    }
  }
  for (const std::string& other : may) {
    if (!MaySeeTree(TreeOf(room), TreeOf(other))) {
      findings.push_back({page, row.line, room + " may not see " + other + ": the trees' directions forbid it"});
    }
  }
  order_.push_back(room);
  sentences_[room] = row.cells[1];
  may_[room] = std::move(may);
}

void RoomTable::AddDoor(const MarkdownTable::Row& row, const std::string& page, Findings& findings) {
  if (row.cells.size() != 3) {
    findings.push_back({page, row.line, "a row of the table of doors needs three cells"});
    return;
  }
  Door door{row.cells[0], Split(row.cells[1], ','), {}};
  for (const std::string& room : Split(row.cells[2], ',')) {
    if (room == "-") continue;
    if (!HasRoom(room)) findings.push_back({page, row.line, "`" + room + "` is no room of the table"});
    door.rooms.insert(room);
  }
  doors_.push_back(std::move(door));
}

std::optional<RoomTable> RoomTable::Parse(const SourceFile& page, Findings& findings) {
  RoomTable table;
  bool has_doors = false;
  for (const MarkdownTable& markdown : ReadTables(page.lines)) {
    if (markdown.Column("room") == 0) {
      for (const auto& row : markdown.rows) table.AddRoom(row, page.path, findings);
    } else if (markdown.Column("library") == 0) {
      has_doors = true;
      for (const auto& row : markdown.rows) table.AddDoor(row, page.path, findings);
    }
  }
  if (!table.order_.empty() && has_doors) return table;
  findings.push_back({page.path, 0, "needs a table of rooms (room | sentence | may include) and one of doors"});
  return std::nullopt;
}

bool RoomTable::MayInclude(const std::string& from, const std::string& to) const {
  if (from == to) return true;
  const auto found = may_.find(from);
  return found != may_.end() && found->second.contains(to);
}

const Door* RoomTable::FindDoor(std::string_view header) const {
  const Door* best = nullptr;
  std::size_t best_length = 0;
  for (const Door& door : doors_) {
    for (const std::string& prefix : door.prefixes) {
      if (!header.starts_with(prefix) || prefix.size() <= best_length) continue;
      best = &door;
      best_length = prefix.size();
    }
  }
  return best;
}

}  // namespace kelpie::tidy
