// What is known of expressions before they are compiled, overrides of the model included.
//
//   ExprFacts facts(program);
//   if (facts.IsFixed(e)) ...        // one value for the whole run
//
// Invariants: facts are upper bounds (a formula that may read a variable is said to). Cost: each
// expression is looked at once.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/program/program.h"

namespace kelpie::program {

struct Facts {
  bool reads_state = false;                // an unprimed variable, also through ENABLED
  bool reads_next = false;                 // a primed variable, UNCHANGED
  bool has_effects = false;                // Print, TLCSet, RandomElement...: evaluated each time
  std::uint32_t size = 0;                  // nodes when all operators are put in place; saturates
  std::vector<std::uint32_t> free_locals;  // sorted LocalIds bound outside
};

class ExprFacts {
 public:
  explicit ExprFacts(const Program& program);

  const Facts& Of(ExprId id);
  const Facts& OfDefinition(DefinitionId id);
  // No variable, no local bound outside, no effect: it has one value in a run.
  bool IsFixed(ExprId id);
  // Occurrences of a parameter in the body of its definition; those that may be evaluated more
  // than once (below a binder, in a LET definition, in a path that is repeated) count double.
  std::uint32_t Uses(DefinitionId definition, std::size_t parameter);

 private:
  void Add(Facts& facts, ExprId id);
  void AddBuiltin(Facts& facts, const resolve::Expr& e);
  void AddDefinition(Facts& facts, DefinitionId id);
  Facts Compute(ExprId id);
  std::uint32_t CountUses(ExprId id, LocalId local, bool is_repeated, std::size_t depth);

  const Program& program_;
  std::vector<Facts> facts_;
  std::vector<std::uint8_t> is_known_;
  std::vector<Facts> definition_facts_;
  std::vector<std::uint8_t> is_definition_known_;
};

}  // namespace kelpie::program
