#include "checker/symbolic/solver.h"

#include <algorithm>

#include <dlfcn.h>

namespace kelpie::symbolic {

const char* NameOf(Answer answer) {
  switch (answer) {
    case Answer::kSat: return "sat";
    case Answer::kUnsat: return "unsat";
    case Answer::kUnknown: return "unknown";
  }
  return "?";
}

namespace {

using MakeSolver = Solver* (*)(const TermPool*, const SolverLimits*, SolverCounts*);

struct Module {
  MakeSolver make = nullptr;
  std::string error;
};

// Loaded once a process and never unloaded: Z3 keeps state of its own.
const Module& LoadModule() {
  static const Module module = [] {
    Module loaded;
    void* handle = dlopen(KELPIE_Z3_MODULE, RTLD_NOW | RTLD_LOCAL);
    void* symbol = handle != nullptr ? dlsym(handle, "kelpie_make_solver") : nullptr;
    if (symbol == nullptr) {
      const char* text = dlerror();
      loaded.error = text != nullptr ? text : "unknown error of the loader";
    } else {
      loaded.make = reinterpret_cast<MakeSolver>(symbol);
    }
    return loaded;
  }();
  return module;
}

}  // namespace

SolverStart StartSolver(const TermPool& pool, const SolverLimits& limits, SolverCounts& counts) {
  const Module& module = LoadModule();
  if (module.make == nullptr) return {nullptr, "the solver's module cannot be loaded: " + module.error};
  Solver* made = module.make(&pool, &limits, &counts);
  if (made == nullptr) return {nullptr, "the solver did not start"};
  return {std::unique_ptr<Solver>(made), ""};
}

std::vector<std::size_t> ShrinkCore(Solver& solver, std::string_view name, std::span<const Term> assumptions) {
  // In the order of the assumptions: which order the solver answers in depends on what it was asked before.
  std::vector<std::size_t> core = solver.Core();
  std::sort(core.begin(), core.end());
  for (std::size_t i = 0; i < core.size();) {
    std::vector<std::size_t> rest;
    std::vector<Term> terms;
    for (std::size_t j = 0; j < core.size(); ++j) {
      if (j == i) continue;
      rest.push_back(core[j]);
      terms.push_back(assumptions[core[j]]);
    }
    if (solver.Check(name, terms) != Answer::kUnsat) {
      ++i;
      continue;
    }
    std::vector<std::size_t> smaller;
    for (const std::size_t position : solver.Core()) smaller.push_back(rest[position]);
    // What stood before i cannot be left out; the new core has all of it, in front.
    std::sort(smaller.begin(), smaller.end());
    core = std::move(smaller);
  }
  return core;
}

}  // namespace kelpie::symbolic
