// Programs from text, and one expression's value in the symbolic domain, for tests.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "checker/eval/evaluator.h"
#include "checker/symbolic/sym_evaluator.h"
#include "tla/resolve/load.h"

namespace kelpie::symbolic {

// A folder that goes away with the test.
class SpecFolder {
 public:
  SpecFolder() : path_(std::filesystem::temp_directory_path() / ("kelpie-symbolic-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~SpecFolder() { std::filesystem::remove_all(path_); }
  SpecFolder(const SpecFolder&) = delete;
  SpecFolder& operator=(const SpecFolder&) = delete;

  // The program of a module named E; null with the diagnostics in `why`.
  std::shared_ptr<const program::Program> Load(const std::string& module, const std::string& config, std::string* why) {
    std::ofstream(path_ / "E.tla") << module;
    std::ofstream(path_ / "E.cfg") << config;
    tla::SourceMap sources;
    tla::Diagnostics diagnostics;
    const auto spec = resolve::LoadSpec((path_ / "E.tla").string(), {}, sources, diagnostics);
    const auto model = spec ? resolve::LoadModel((path_ / "E.cfg").string(), *spec, {}, sources, diagnostics) : nullptr;
    auto program = model ? program::BuildProgram(spec, model, diagnostics) : nullptr;
    if (!program) *why = tla::Render(sources, diagnostics.list());
    return program;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// What became of an expression: a value or an error, or a gap in the domain.
struct Outcome {
  std::optional<eval::Value> value;
  std::string error;
  std::string gap;

  [[nodiscard]] std::string Text() const {
    return value ? eval::ToString(*value) : (!error.empty() ? "error: " + error : "gap: " + gap);
  }
};

// The value when the constraints of the evaluator leave one assignment: each leaf is then known to
// the solver, and to nobody else.
inline Outcome EvaluateSymbolically(SymEvaluator& evaluator, const std::string* name = nullptr) {
  (void)name;
  Outcome outcome;
  try {
    const NodeId body = evaluator.code().units[0].body;
    const std::vector<Case> cases = evaluator.JoinCases([&] { return evaluator.EvalForced(body); });
    for (const ErrorCase& error : evaluator.errors()) {
      if (!evaluator.IsFeasible({error.when})) continue;
      outcome.error = std::string(NameOf(error.error.kind)) + ": " + error.error.message;
      return outcome;
    }
    SolverCounts counts;
    SolverStart start = StartSolver(evaluator.pool(), {}, counts);
    if (!start.solver) return {std::nullopt, "", start.error};
    for (const Term constraint : evaluator.constraints()) start.solver->Assert(constraint);
    for (const Case& c : cases) {
      if (start.solver->Check("value", {&c.when, 1}) != Answer::kSat) continue;
      const auto model = start.solver->Model();
      if (!model) return {std::nullopt, "", "numbers beyond 64 bits"};
      outcome.value = ValueUnder(c.value, evaluator.pool().EvaluateAll(*model));
      if (!outcome.value) outcome.gap = "a value that is not finite";
      return outcome;
    }
    outcome.gap = "no case is possible";
  } catch (const Failure& failure) {
    outcome.error = std::string(NameOf(failure.error.kind)) + ": " + failure.error.message;
  } catch (const Unsupported& gap) {
    outcome.gap = gap.what;
  }
  return outcome;
}

// An unknown that the constraints hold equal to the value, leaf by leaf.
inline SymValue Hide(SymEvaluator& evaluator, const eval::Value& value, const std::string& name) {
  TermPool& pool = evaluator.pool();
  switch (value.kind()) {
    case eval::ValueKind::kBool: {
      const Term leaf = pool.NewBool(name);
      evaluator.AddConstraint(value.as_bool() ? leaf : pool.Not(leaf));
      return SymValue::Bool(pool, leaf);
    }
    case eval::ValueKind::kInt: {
      const Term leaf = pool.NewInt(name);
      evaluator.AddConstraint(pool.Equal(leaf, pool.Int(value.as_int())));
      return SymValue::Int(pool, leaf);
    }
    case eval::ValueKind::kString:
    case eval::ValueKind::kModelValue: {
      const bool is_string = value.kind() == eval::ValueKind::kString;
      const Term leaf = pool.NewBool(name);
      evaluator.AddConstraint(leaf);
      return SymValue::Choice(
          pool, {{leaf, value},
                 {pool.Not(leaf), is_string ? eval::Value::String("another") : eval::Value::ModelValue("another")}});
    }
    case eval::ValueKind::kSet: {
      std::vector<Member> members;
      for (const eval::Value& element : value.items()) {
        const Term in = pool.NewBool(name);
        evaluator.AddConstraint(in);
        members.push_back({in, element});
        if (!element.is_int()) continue;
        const Term out = pool.NewBool(name);  // one that is not in it
        evaluator.AddConstraint(pool.Not(out));
        members.push_back({out, eval::Value::Int(element.as_int() + 7)});
      }
      return SymValue::Set(pool, std::move(members));
    }
    case eval::ValueKind::kSequence:
    case eval::ValueKind::kFunction: {
      std::vector<SymValue> items;
      for (const eval::Value& item : value.items()) items.push_back(Hide(evaluator, item, name));
      return SymValue::Function(value.Domain(), std::move(items));
    }
    default: return value;
  }
}

}  // namespace kelpie::symbolic
