// A file that appears whole or not at all, for results that other programs wait for.
//
//   WholeFile file;
//   if (!file.Open("out/junit.xml", error)) ...          // before the work: a bad path shows at once
//   if (!file.Commit(text, error)) ...
//
// Written beside its place and renamed over it, so a reader sees the old file or the new one. An
// object that is destroyed without Commit leaves the old file and nothing else.
#pragma once

#include <string>
#include <string_view>

namespace kelpie::cli {

class WholeFile {
 public:
  WholeFile() = default;
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  ~WholeFile();

  // False with a reason: the folder cannot be written to, or `path` is there and no plain file.
  [[nodiscard]] bool Open(const std::string& path, std::string& error);
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  // Requires: is_open(). On disk when it returns true.
  [[nodiscard]] bool Commit(std::string_view text, std::string& error);

 private:
  void Drop();

  std::string path_;
  std::string fresh_;
  int descriptor_ = -1;
};

}  // namespace kelpie::cli
