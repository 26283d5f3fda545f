// A small repository in a temporary folder, for rules to judge.
//
//   Sample sample;
//   sample.Write("impl/sim/world.cpp", "#include \"tla/ast/ast.h\"\n");
//   Findings findings = CheckIncludes(sample.Read());
#pragma once

#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "tests/tidy/source_tree.h"

namespace kelpie::tidy {

class Sample {
 public:
  Sample() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kelpie-tidy-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    root_ = pattern;
  }
  Sample(const Sample&) = delete;
  Sample& operator=(const Sample&) = delete;
  ~Sample() { std::filesystem::remove_all(root_); }

  void Write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  [[nodiscard]] SourceTree Read() const { return SourceTree::Read(root_.string()); }

 private:
  std::filesystem::path root_;
};

}  // namespace kelpie::tidy
