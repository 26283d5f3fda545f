// The graph of all states within the constraints, whatever SYMMETRY takes for one. States of one VIEW are one, since
// there may be infinitely many; what a step says is judged by the state that it arrives at.
//
//   GraphMaker maker(evaluator, 20'000'000);
//   if (auto error = maker.Run()) ...
//   Check(maker.graph());
//
// Nothing is judged on the way. Cost: as an exploration of its own.
#pragma once

#include <optional>

#include "checker/eval/evaluator.h"
#include "checker/explore/state_key.h"
#include "checker/explore/state_store.h"
#include "checker/liveness/behavior_graph.h"

namespace kelpie::explore {

class GraphMaker {
 public:
  GraphMaker(eval::Evaluator& evaluator, std::uint64_t states_max);

  // An error of evaluation ends it.
  [[nodiscard]] eval::Status Run();
  // More than `states_max` states: the graph is not complete.
  [[nodiscard]] bool is_cut() const { return is_cut_; }
  // Belongs to the maker.
  [[nodiscard]] const liveness::BehaviorGraph& graph() const { return graph_; }

 private:
  bool IsInModel(const eval::State& state);
  bool IsInActions(const eval::State& from, const eval::State& state);
  // The number of a state within the constraints, which is new or not; nothing after an error.
  std::optional<std::uint32_t> Add(const eval::State& state, bool& is_new);
  bool Expand(std::uint32_t index);

  eval::Evaluator& evaluator_;
  std::uint64_t states_max_;
  std::vector<resolve::ExprId> constraints_;
  StateKey key_;
  StateStore store_;
  StateStore::Probe probe_;
  StateStore arrivals_;                                         // with a VIEW
  std::vector<std::pair<std::uint32_t, std::uint32_t>> steps_;  // of the state being expanded: target, arrival
  liveness::BehaviorGraph graph_;
  eval::Status error_;
  bool is_cut_ = false;
};

}  // namespace kelpie::explore
