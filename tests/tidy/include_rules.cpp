// Directions and doors: #include lines, DEPENDS lists and READMEs against docs/ROOMS.md.
#include <algorithm>
#include <cctype>
#include <regex>

#include "tests/tidy/room_table.h"
#include "tests/tidy/rules.h"

namespace kelpie::tidy {

namespace {

constexpr const char* kPage = "docs/ROOMS.md";

std::optional<RoomTable> ReadTable(const SourceTree& tree, Findings& findings) {
  const SourceFile* page = tree.Find(kPage);
  if (page == nullptr) {
    findings.push_back({kPage, 0, "is missing; the directions of rooms stand there"});
    return std::nullopt;
  }
  return RoomTable::Parse(*page, findings);
}

// What is wrong with an include of `header` in a file of `room`; empty: nothing.
std::string JudgeInclude(const RoomTable& table, const std::string& room, const std::string& header, bool is_quoted) {
  const std::string target = RoomOf(header);
  if (is_quoted && !target.empty()) {
    if (!table.HasRoom(target)) return "includes " + target + ", which is no room of the table";
    if (!table.MayInclude(room, target)) return room + " may not include " + target + " (" + header + ")";
    return "";
  }
  if (const Door* door = table.FindDoor(header)) {
    return door->rooms.contains(room) ? "" : room + " is no door of " + door->library + " (" + header + ")";
  }
  if (is_quoted) return "`" + header + "` is neither a room's header by its full path nor a generated one with a door";
  const bool is_standard = header.find_first_of("./") == std::string::npos;
  return is_standard ? "" : "`" + header + "` is a foreign header without a row in the table of doors";
}

std::string Normal(std::string text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 3, "\u2192") == 0) {
      out += "->";
      i += 2;
    } else if (text[i] != '`') {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
    }
  }
  while (!out.empty() && (out.back() == '.' || out.back() == ' ')) out.pop_back();
  return out;
}

// "# tla/source — text with positions" -> "text with positions"; a line without a room is the sentence itself.
std::string SentenceOf(const std::string& first_line, const std::string& room) {
  static const std::regex pattern("^#\\s*`?([a-z_/]+)`?\\s*(\u2014|\u2013|--|-|:)\\s*(.*)$");
  std::smatch match;
  if (!std::regex_match(first_line, match, pattern)) return first_line;
  return match[1] == room ? match[3].str() : "";
}

}  // namespace

Findings CheckIncludes(const SourceTree& tree) {
  Findings findings;
  const auto table = ReadTable(tree, findings);
  if (!table) return findings;
  static const std::regex pattern(R"re(^\s*#\s*include\s*(["<])([^">]+)[">])re");
  for (const SourceFile& file : tree.files()) {
    const std::string room = RoomOf(file.path);
    if (room.empty() || (!file.IsCode() && file.Extension() != ".def")) continue;
    if (!table->HasRoom(room)) {
      findings.push_back({file.path, 0, room + " is no room of the table"});
      continue;
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(file.lines[i], match, pattern)) continue;
      const std::string message = JudgeInclude(*table, room, match[2], match[1] == "\"");
      if (!message.empty()) findings.push_back({file.path, i + 1, message});
    }
  }
  return findings;
}

Findings CheckDependencies(const SourceTree& tree) {
  Findings findings;
  const auto table = ReadTable(tree, findings);
  if (!table) return findings;
  static const std::regex call(R"(kelpie_room\s*\(\s*([a-z_/]+)([^)]*)\))");
  static const std::regex depends(R"(DEPENDS\s+([^)]*?)(LINKS|SOURCES|$))");
  for (const SourceFile& file : tree.files()) {
    if (file.Name() != "CMakeLists.txt") continue;
    const std::string text = file.Text();
    for (auto it = std::sregex_iterator(text.begin(), text.end(), call); it != std::sregex_iterator(); ++it) {
      const std::string room = (*it)[1];
      std::string rest = (*it)[2];
      std::replace(rest.begin(), rest.end(), '\n', ' ');
      std::smatch list;
      if (!std::regex_search(rest, list, depends)) continue;
      for (const std::string& other : Split(list[1].str(), ' ')) {
        if (!table->MayInclude(room, other)) findings.push_back({file.path, 0, room + " may not depend on " + other});
      }
    }
  }
  return findings;
}

Findings CheckReadmes(const SourceTree& tree) {
  Findings findings;
  const auto table = ReadTable(tree, findings);
  if (!table) return findings;
  for (const auto& [room, sentence] : table->sentences()) {
    if (!tree.Exists(room)) continue;  // to be built later
    const SourceFile* readme = tree.Find(room + "/README.md");
    if (readme == nullptr || readme->lines.empty()) {
      findings.push_back({room + "/README.md", 0, "is missing; it begins `# " + room + " \u2014 " + sentence + "`"});
    } else if (Normal(SentenceOf(readme->lines.front(), room)) != Normal(sentence)) {
      findings.push_back(
          {readme->path, 1, "must begin with the room's sentence: `# " + room + " \u2014 " + sentence + "`"});
    }
  }
  return findings;
}

}  // namespace kelpie::tidy
