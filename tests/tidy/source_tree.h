// The repository's own text files, read once.
//
//   SourceTree tree = SourceTree::Read(root);
//   for (const SourceFile& file : tree.files()) ...
//
// Only what is written by hand: the trees of code, tests, bench, docs and the files at the root;
// never build/, out/ or kept results. Paths are relative to the root, with `/`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kelpie::tidy {

struct SourceFile {
  std::string path;
  std::vector<std::string> lines;

  [[nodiscard]] std::string_view Extension() const;  // ".cpp"; empty without one
  [[nodiscard]] std::string_view Name() const;       // last part of the path
  [[nodiscard]] std::string_view Folder() const;     // all before it, without the `/`
  [[nodiscard]] bool IsCode() const;                 // .cpp or .h
  [[nodiscard]] std::string Text() const;
};

// A place where a rule is broken.
struct Finding {
  std::string path;
  std::size_t line = 0;  // 1-based; 0: the whole file
  std::string message;
};

using Findings = std::vector<Finding>;

// One a line, as compilers print them.
[[nodiscard]] std::string ToText(const Findings& findings);

class SourceTree {
 public:
  // Requires: `root` is a folder. Files come sorted by path.
  [[nodiscard]] static SourceTree Read(const std::string& root);

  [[nodiscard]] const std::vector<SourceFile>& files() const { return files_; }
  [[nodiscard]] const SourceFile* Find(std::string_view path) const;
  [[nodiscard]] bool Exists(std::string_view path) const;  // any file, or a folder of one

 private:
  std::vector<SourceFile> files_;
  std::vector<std::string> paths_;  // of all files, data of tests included
};

// "checker/eval" for "checker/eval/value.h"; empty outside the four trees of rooms.
[[nodiscard]] std::string RoomOf(std::string_view path);

[[nodiscard]] std::string Trim(std::string_view text);
[[nodiscard]] std::vector<std::string> Split(std::string_view text,
                                             char separator);  // trimmed parts, empty ones left out

}  // namespace kelpie::tidy
