// The behavior graph and a tableau walked together: a path of both is a behavior that the formula may describe.
//
// A place is a state and a tableau node whose literals about the state hold there. A move follows a step of the graph
// (or stays) for which the node's literals about steps hold, to a successor of the node. Places are made when asked
// for.
#pragma once

#include <span>

#include "checker/liveness/atom_truth.h"
#include "checker/liveness/tableau.h"

namespace kelpie::liveness {

using Place = std::uint64_t;  // state * number of tableau nodes + node

struct Move {
  std::uint64_t step = 0;  // as AtomTruth::OfStep has it
  Place to = 0;
};

class Product {
 public:
  Product(const BehaviorGraph& graph, const Tableau& tableau, AtomTruth& truth)
      : graph_(graph), tableau_(tableau), truth_(truth) {}

  [[nodiscard]] std::uint64_t place_count() const { return std::uint64_t{graph_.size()} * tableau_.nodes.size(); }
  [[nodiscard]] std::uint32_t StateOf(Place p) const { return static_cast<std::uint32_t>(p / tableau_.nodes.size()); }
  [[nodiscard]] const TableauNode& NodeOf(Place p) const { return tableau_.nodes[p % tableau_.nodes.size()]; }
  [[nodiscard]] std::size_t promise_count() const { return tableau_.promise_count; }

  [[nodiscard]] std::vector<Place> Initial() {
    std::vector<Place> places;
    for (const std::uint32_t s : graph_.initial) {
      for (const std::uint32_t q : tableau_.initial) {
        if (IsPlace(s, q)) places.push_back(PlaceOf(s, q));
      }
    }
    return places;
  }

  // Where a walk over the moves of one place stands.
  struct Cursor {
    Place from = 0;
    std::uint64_t step = 0;     // counted from the state's first; its last one stays
    std::size_t successor = 0;  // of the tableau node
    bool is_step_checked = false;
  };
  // The next move, if there is one more.
  bool Next(Cursor& cursor, Move& move) {
    const std::uint32_t s = StateOf(cursor.from);
    const TableauNode& node = NodeOf(cursor.from);
    const std::uint64_t first = graph_.offsets[s];
    const std::uint64_t count = graph_.offsets[s + 1] - first;
    for (; cursor.step <= count; ++cursor.step, cursor.successor = 0, cursor.is_step_checked = false) {
      const bool stays = cursor.step == count;
      const std::uint64_t step = stays ? graph_.step_count() + s : first + cursor.step;
      const std::uint32_t t = stays ? s : graph_.targets[step];
      if (!cursor.is_step_checked && !AreStep(node.step_literals, s, step, t)) continue;
      cursor.is_step_checked = true;
      while (cursor.successor < node.successors.size()) {
        const std::uint32_t q = node.successors[cursor.successor++];
        if (!IsPlace(t, q)) continue;
        move = {step, PlaceOf(t, q)};
        return true;
      }
    }
    return false;
  }

  // About a state or a move of the graph alone.
  bool Holds(eval::AtomId atom, Place p) { return truth_.OfState(atom, StateOf(p)); }
  bool Holds(eval::AtomId atom, Place from, const Move& move) {
    return truth_.OfStep(atom, StateOf(from), move.step, StateOf(move.to));
  }

 private:
  [[nodiscard]] Place PlaceOf(std::uint32_t s, std::uint32_t q) const {
    return std::uint64_t{s} * tableau_.nodes.size() + q;
  }
  bool IsPlace(std::uint32_t s, std::uint32_t q) {
    for (const Literal& literal : tableau_.nodes[q].state_literals) {
      if (truth_.OfState(literal.atom, s) == literal.is_denied) return false;
    }
    return true;
  }
  bool AreStep(std::span<const Literal> literals, std::uint32_t s, std::uint64_t step, std::uint32_t t) {
    for (const Literal& literal : literals) {
      if (truth_.OfStep(literal.atom, s, step, t) == literal.is_denied) return false;
    }
    return true;
  }

  const BehaviorGraph& graph_;
  const Tableau& tableau_;
  AtomTruth& truth_;
};

}  // namespace kelpie::liveness
