// The graph of all states within the constraints, whatever SYMMETRY and VIEW take for one.
//
//   GraphMaker maker(evaluator, 20'000'000);
//   if (auto error = maker.Run()) ...
//   Check(maker.graph());
//
// Nothing is judged on the way. Cost: as an exploration of its own.
#pragma once

#include <optional>

#include "checker/eval/evaluator.h"
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
  bool Expand(std::uint32_t index);

  eval::Evaluator& evaluator_;
  std::uint64_t states_max_;
  std::vector<resolve::ExprId> constraints_;
  StateStore store_;
  liveness::BehaviorGraph graph_;
  eval::Status error_;
  bool is_cut_ = false;
};

}  // namespace kelpie::explore
