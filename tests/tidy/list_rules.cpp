// Rules about lists: what is written must be listed, and what is listed must be distinct.
#include <cctype>
#include <map>
#include <optional>
#include <regex>

#include "tests/tidy/rules.h"

namespace kelpie::tidy {

namespace {

bool MentionsWord(const std::string& text, const std::string& word) {
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  };
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !is_part(text[at - 1]);
    const std::size_t end = at + word.size();
    if (begins && (end == text.size() || !is_part(text[end]))) return true;
  }
  return false;
}

// The text of the nearest CMakeLists.txt at or above `folder`, without comments, and `path`
// as seen from there.
std::optional<std::pair<std::string, std::string>> NearestList(const SourceTree& tree, const SourceFile& file) {
  std::string folder(file.Folder());
  while (!folder.empty()) {
    if (const SourceFile* list = tree.Find(folder + "/CMakeLists.txt")) {
      std::string text;
      for (const std::string& line : list->lines) text += line.substr(0, line.find('#')) + "\n";
      return std::make_pair(text, file.path.substr(folder.size() + 1));
    }
    const std::size_t slash = folder.rfind('/');
    folder = slash == std::string::npos ? "" : folder.substr(0, slash);
  }
  return std::nullopt;
}

bool IsListed(const SourceTree& tree, const SourceFile& file, const std::string& name) {
  const auto list = NearestList(tree, file);
  return list && MentionsWord(list->first, name.empty() ? list->second : name);
}

}  // namespace

Findings CheckTestLists(const SourceTree& tree) {
  Findings findings;
  const SourceFile* top = tree.Find("tests/CMakeLists.txt");
  for (const SourceFile& file : tree.files()) {
    if (file.path.starts_with("tests/") && file.Name() == "CMakeLists.txt" && top != nullptr && &file != top) {
      const std::string folder = Split(file.path, '/')[1];
      if (!MentionsWord(top->Text(), folder))
        findings.push_back({file.path, 0, "tests/CMakeLists.txt does not add this folder"});
    }
    if (file.Name().ends_with("_test.cpp") && !IsListed(tree, file, "")) {
      findings.push_back({file.path, 0, "no CMakeLists.txt lists this test; a test that is not built is no test"});
    }
    if (file.Name().ends_with("_bench.cpp") && !IsListed(tree, file, "") &&
        !IsListed(tree, file, std::string(file.Name().substr(0, file.Name().size() - 4)))) {
      findings.push_back({file.path, 0, "no CMakeLists.txt lists this benchmark"});
    }
  }
  return findings;
}

Findings CheckSourceLists(const SourceTree& tree) {
  Findings findings;
  for (const SourceFile& file : tree.files()) {
    const std::string room = RoomOf(file.path);
    if (room.empty() || file.Extension() != ".cpp") continue;
    // Rooms are listed with paths from the room, programs with paths from the tree.
    const std::string in_room = file.path.substr(room.size() + 1);
    if (!IsListed(tree, file, in_room) && !IsListed(tree, file, "")) {
      findings.push_back({file.path, 0, "no CMakeLists.txt lists this source"});
    }
  }
  return findings;
}

Findings CheckCodes(const SourceTree& tree) {
  static const std::regex pattern(R"re(^\s*KELPIE_(DIAGNOSTIC|TRACE_ERROR)\((\w+),[^"]*"([^"]+)")re");
  static const std::regex form("^[a-z0-9]+(-[a-z0-9]+)*$");
  Findings findings;
  std::map<std::string, std::string> places;
  for (const SourceFile& file : tree.files()) {
    if (file.Extension() != ".def") continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(file.lines[i], match, pattern)) continue;
      const std::string code = match[3];
      const auto [place, is_new] = places.emplace(code, file.path + ":" + std::to_string(i + 1));
      if (!is_new)
        findings.push_back({file.path, i + 1, "the code `" + code + "` is that of " + place->second + " too"});
      if (!std::regex_match(code, form))
        findings.push_back({file.path, i + 1, "`" + code + "` is no code in lower-case words"});
    }
  }
  return findings;
}

}  // namespace kelpie::tidy
