// The truth of atoms in states and steps of a graph, each evaluated when first asked for and remembered in two bits.
//
//   AtomTruth truth(evaluator, graph);
//   if (truth.OfState(atom, s)) ...            // may throw AtomFailure
//   if (truth.OfStep(atom, s, step, t)) ...    // step: index in graph.targets, or graph.step_count() + s to stay at s
//
// Memory: 2 bits for each atom and state, or each atom and step, that are asked about. AtomFailure stays in this room.
#pragma once

#include "checker/eval/evaluator.h"
#include "checker/liveness/behavior_graph.h"

namespace kelpie::liveness {

struct AtomFailure {
  eval::EvalError error;
  std::uint32_t state;
};

class AtomTruth {
 public:
  AtomTruth(eval::Evaluator& evaluator, const BehaviorGraph& graph) : evaluator_(evaluator), graph_(graph) {}

  bool OfState(eval::AtomId atom, std::uint32_t s) {
    std::vector<std::uint8_t>& known = Known(state_truth_, atom, graph_.size());
    const std::uint8_t bits = Get(known, s);
    return bits != 0 ? bits == kTrue : Put(known, s, Evaluate(atom, s, nullptr));
  }

  bool OfStep(eval::AtomId atom, std::uint32_t s, std::uint64_t step, std::uint32_t t) {
    std::vector<std::uint8_t>& known = Known(step_truth_, atom, graph_.step_count() + graph_.size());
    const std::uint8_t bits = Get(known, step);
    if (bits != 0) return bits == kTrue;
    const bool is_arrival = step < graph_.arrivals.size();
    const std::uint64_t number = is_arrival ? std::uint64_t{graph_.size()} + graph_.arrivals[step] : t;
    if (number != next_number_) {
      next_ = is_arrival ? graph_.arrival(graph_.arrivals[step]) : graph_.state(t);
      next_number_ = number;
    }
    return Put(known, step, Evaluate(atom, s, &next_));
  }

 private:
  static constexpr std::uint8_t kTrue = 3;
  static constexpr std::uint8_t kFalse = 2;
  using ByAtom = std::vector<std::vector<std::uint8_t>>;

  static std::vector<std::uint8_t>& Known(ByAtom& all, eval::AtomId atom, std::uint64_t size) {
    if (all.size() <= atom) all.resize(atom + 1);
    if (all[atom].empty()) all[atom].resize(size / 4 + 1);
    return all[atom];
  }
  static std::uint8_t Get(const std::vector<std::uint8_t>& known, std::uint64_t i) {
    return (known[i / 4] >> (i % 4 * 2)) & 3;
  }
  static bool Put(std::vector<std::uint8_t>& known, std::uint64_t i, bool value) {
    known[i / 4] = static_cast<std::uint8_t>(known[i / 4] | ((value ? kTrue : kFalse) << (i % 4 * 2)));
    return value;
  }

  bool Evaluate(eval::AtomId atom, std::uint32_t s, const eval::State* next) {
    if (s != state_number_) {
      state_ = graph_.state(s);
      state_number_ = s;
    }
    const auto holds = evaluator_.HoldsAtom(atom, state_, next);
    if (!holds.ok()) throw AtomFailure{holds.error(), s};
    return holds.value();
  }

  eval::Evaluator& evaluator_;
  const BehaviorGraph& graph_;
  ByAtom state_truth_;
  ByAtom step_truth_;
  // What was asked about last is likely to be asked about again.
  std::uint32_t state_number_ = UINT32_MAX;
  std::uint64_t next_number_ = UINT64_MAX;  // arrivals behind the states
  eval::State state_;
  eval::State next_;
};

}  // namespace kelpie::liveness
