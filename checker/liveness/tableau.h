// An automaton of a temporal formula: runs that meet every promise infinitely often are the formula's models.
//
//   std::optional<Tableau> t = MakeTableau(table, formula, 10'000);
//   for (std::uint32_t q : t->initial) ...
//
// A node says what must hold of the present position (literals about its state and about the step that leaves it), and
// where the next position may be. Exponential in the formula at worst; formulas of practice have a handful of nodes.
// Source: Gerth, Peled, Vardi and Wolper, Simple on-the-fly automatic verification of linear temporal logic (1995).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/liveness/formula.h"

namespace kelpie::liveness {

struct Literal {
  eval::AtomId atom = 0;
  bool is_denied = false;
};

struct TableauNode {
  std::vector<Literal> state_literals;
  std::vector<Literal> step_literals;
  std::vector<std::uint32_t> successors;
  std::vector<bool> keeps;  // by promise: it is not owed here, or kept here
};

struct Tableau {
  std::vector<TableauNode> nodes;
  std::vector<std::uint32_t> initial;
  std::size_t promise_count = 0;  // of the form "a U b": b has to come
};

// Nothing when more than `nodes_max` nodes would be needed.
[[nodiscard]] std::optional<Tableau> MakeTableau(const FormulaTable& table, FormulaId formula, std::size_t nodes_max);

// One line a node, for tests.
[[nodiscard]] std::string Dump(const Tableau& tableau);

}  // namespace kelpie::liveness
