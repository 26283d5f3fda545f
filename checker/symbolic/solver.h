// The door to the solver: questions about terms, answers with reasons.
//
//   SolverStart start = StartSolver(pool, {});
//   start.solver->Assert(guard);
//   Answer answer = start.solver->Check("AcquireLease: guard", {});
//   if (answer == Answer::kSat) ... start.solver->Model() ...
//
// Z3 is loaded with the first solver that is started, from a module that stands beside the program
// (z3_solver.cpp is all of it), so that what never asks pays nothing. Its headers, its types and
// its exceptions stay in that module.
// Answers are deterministic: a fixed seed, and a budget in Z3's own resource units. A wall-clock
// budget is an option, off unless asked for, and can only turn an answer into unknown.
// Threads: one solver, one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/symbolic/term.h"

namespace kelpie::symbolic {

enum class Answer : std::uint8_t { kSat, kUnsat, kUnknown };

[[nodiscard]] const char* NameOf(Answer answer);

struct SolverLimits {
  std::uint64_t resource_max = 20'000'000;  // --solver-resources: Z3's units for one query; 0: none
  std::uint64_t timeout_ms = 0;             // --solver-timeout: for one query; 0: none
  std::uint32_t seed = 1;
};

// What all solvers of a run did.
struct SolverCounts {
  std::uint64_t queries = 0;
  std::uint64_t unknown = 0;
  double ms = 0;
  std::string unknown_reason;  // of the first unknown answer: the query's name and why
};

class Solver {
 public:
  virtual ~Solver() = default;
  virtual void Push() = 0;
  virtual void Pop() = 0;
  // Requires: Boolean terms of the pool that the solver was started with.
  virtual void Assert(Term term) = 0;
  // Are the asserted terms and the assumptions together satisfiable?
  virtual Answer Check(std::string_view name, std::span<const Term> assumptions) = 0;
  // After kSat: values of the pool's unknowns; nothing for those that do not fit 64 bits.
  [[nodiscard]] virtual std::optional<Assignment> Model() = 0;
  // After kUnsat: which assumptions it takes, by position. Not yet shrunk.
  [[nodiscard]] virtual std::vector<std::size_t> Core() = 0;
  // After kUnknown: why, in Z3's words.
  [[nodiscard]] virtual const std::string& reason() const = 0;
};

struct SolverStart {
  std::unique_ptr<Solver> solver;  // null: the module cannot be loaded
  std::string error;               // why
};

// The pool and the counts outlive the solver. Lifted unknowns are held to their values.
[[nodiscard]] SolverStart StartSolver(const TermPool& pool, const SolverLimits& limits, SolverCounts& counts);

// A subset of the assumptions, none of which can be left out: still unsatisfiable with what is
// asserted. Requires: they are unsatisfiable. Cost: a query for each assumption of the first core.
// A query that is answered unknown keeps its assumption.
[[nodiscard]] std::vector<std::size_t> ShrinkCore(Solver& solver, std::string_view name,
                                                  std::span<const Term> assumptions);

}  // namespace kelpie::symbolic
