// What a specification may ask of the world outside it: the environment, files, programs.
//
//   EvalOptions options;  options.outside = std::make_shared<...>();   // null: there is nothing outside
//
// The evaluator opens no file itself: who runs it says what is allowed, and how much of it.
// Threads: as the evaluator, one.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kelpie::eval {

// Why something was not done; an empty message: it was.
struct Refusal {
  std::string message;
  std::string hint;
};

using Variables = std::vector<std::pair<std::string, std::string>>;

struct ProgramResult {
  int exit_code = 0;
  std::string out;  // standard output
  std::string err;  // standard error
};

class Outside {
 public:
  virtual ~Outside() = default;
  // Names and values, each name once.
  [[nodiscard]] virtual Variables Environment() = 0;
  // The whole file; nothing when there is none of that name.
  [[nodiscard]] virtual std::optional<std::string> Read(const std::string& path, Refusal& refusal) = 0;
  virtual void Write(const std::string& path, const std::string& text, bool is_appended, Refusal& refusal) = 0;
  // Runs a program to its end, with `added` in its environment. Requires: `command` is not empty.
  [[nodiscard]] virtual ProgramResult Run(const std::vector<std::string>& command, const Variables& added,
                                          Refusal& refusal) = 0;
};

}  // namespace kelpie::eval
