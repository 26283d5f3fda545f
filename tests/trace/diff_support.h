// Two small runs side by side, written to a folder and compared.
//
//   Result<RunDifference> d = Runs().Left("a", "xyz").Right("a", "xyw").Compare();
#pragma once

#include <algorithm>
#include <string>

#include "support.h"
#include "trace/diff/run_diff.h"

namespace kelpie::trace::test {

// A file is a node's list of action names, one letter an event; ' ' begins the next incarnation.
class Runs {
 public:
  Runs& Left(const std::string& node, const std::string& actions, const std::string& header = "") {
    return Write("left", node, actions, header);
  }
  Runs& Right(const std::string& node, const std::string& actions, const std::string& header = "") {
    return Write("right", node, actions, header);
  }
  // A whole file, for events that say more.
  Runs& File(const std::string& name, const std::string& text) {
    dir_.Write(name, text);
    return *this;
  }
  [[nodiscard]] Result<diff::RunDifference> Compare(const diff::DiffOptions& options = {}) const {
    return diff::CompareRuns({dir_.File("left")}, {dir_.File("right")}, options);
  }
  [[nodiscard]] std::string Path(const std::string& name) const { return dir_.File(name); }

 private:
  Runs& Write(const std::string& side, const std::string& node, const std::string& actions, const std::string& header) {
    std::size_t begin = 0;
    for (std::size_t incarnation = 0; begin <= actions.size(); ++incarnation) {
      const std::size_t end = std::min(actions.find(' ', begin), actions.size());
      const std::string number = std::to_string(incarnation);
      std::string text = "{\"header\":{\"node\":\"" + node + "\",\"incarnation\":" + number + header + "}}\n";
      for (std::size_t i = begin; i < end; ++i) text += std::string("{\"action\":\"") + actions[i] + "\"}\n";
      dir_.Write(side + "/" + node + "." + number + ".jsonl", text);
      begin = end + 1;
    }
    return *this;
  }
  TempDir dir_;
};

}  // namespace kelpie::trace::test
