// What the specification of this run may do outside it: read files, and write and run what options allow.
#pragma once

#include <string>

#include "checker/cli/process.h"
#include "checker/eval/outside.h"

namespace kelpie::cli {

struct OutsideOptions {
  ProcessLimits limits;      // bytes_max also of files that are read
  std::string write_folder;  // --allow-write: files inside it may be written; empty: none
  bool may_execute = false;  // --allow-exec
};

class ProcessOutside : public eval::Outside {
 public:
  explicit ProcessOutside(OutsideOptions options) : options_(std::move(options)) {}
  [[nodiscard]] eval::Variables Environment() override { return OwnEnvironment(); }
  [[nodiscard]] std::optional<std::string> Read(const std::string& path, eval::Refusal& refusal) override;
  void Write(const std::string& path, const std::string& text, bool is_appended, eval::Refusal& refusal) override;
  [[nodiscard]] eval::ProgramResult Run(const std::vector<std::string>& command, const eval::Variables& added,
                                        eval::Refusal& refusal) override;

 private:
  OutsideOptions options_;
};

}  // namespace kelpie::cli
