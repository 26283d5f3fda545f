// Resolved expressions compiled to code.
//
//   CompileResult made = Compile(program, program.next, Mode::kStep, {});
//   if (made.code == nullptr) Report(made.message, made.span);
//
// Invariants: as code.h. The code of one expression stands alone: unit 0 is its root.
// Requires: the program outlives the code. Threads: a pure function of its arguments.
#pragma once

#include <memory>
#include <string>

#include "checker/program/code.h"
#include "checker/program/program.h"

namespace kelpie::program {

enum class Mode : std::uint8_t {
  kStep,  // unprimed variables are read from the state, primed ones from the next
  kNext,  // below a prime: all variables are read from the next state
  kInit,  // an initial predicate: variables are given and read in the one state that is made
  // Inside ENABLED: as kStep and kNext, and what stands for a variable of an INSTANCE has a next value of its own.
  kEnabled,
  kEnabledNext,
};

struct CompileLimits {
  std::size_t nodes_max = 4'000'000;    // --max-code: nodes after putting operators in place
  std::size_t inline_size_max = 2'000;  // larger operators are called; measured by no clock, only a bound
  std::size_t depth_max = 2'000;        // --max-depth: nesting while operators are put in place
  bool with_counts = false;             // --coverage: truth values are counted (kCount); the meaning is the same
};

struct CompileResult {
  std::shared_ptr<const Code> code;  // null: a limit was reached
  std::string message;
  std::string option;  // that raises the limit
  resolve::Span span;
};

[[nodiscard]] CompileResult Compile(const Program& program, ExprId root, Mode mode, const CompileLimits& limits);

// One line a node: "12 apply a=3 b=7  KelpieLease.tla:132:7", units first to last.
[[nodiscard]] std::string DumpCode(const Program& program, const Code& code);

// The parts of a program, each with its code.
[[nodiscard]] std::string DumpProgram(const Program& program);

}  // namespace kelpie::program
