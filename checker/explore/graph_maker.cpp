#include "checker/explore/graph_maker.h"

#include <algorithm>

namespace kelpie::explore {

using eval::State;

GraphMaker::GraphMaker(eval::Evaluator& evaluator, std::uint64_t states_max)
    : evaluator_(evaluator), states_max_(states_max), store_(evaluator.program().spec->variables.size()) {
  for (const auto& part : program::SplitConstraints(evaluator.program())) constraints_.push_back(part.expr);
  graph_.state = [this](std::uint32_t i) { return store_.state(i); };
}

eval::Status GraphMaker::Run() {
  const auto status = evaluator_.InitialStates([&](const State& state) {
    if (IsInModel(state) && store_.Add(state, nullptr, kNoParent, nullptr, 1)) graph_.initial.push_back(store_.last());
    return !error_;
  });
  if (!error_ && status) error_ = status;
  for (std::uint32_t i = 0; i < store_.size() && !error_; ++i) {
    is_cut_ = store_.size() > states_max_;
    if (is_cut_ || !Expand(i)) break;
  }
  return error_;
}

bool GraphMaker::IsInModel(const State& state) {
  const auto first = evaluator_.FirstFalse(constraints_, state);
  if (!first.ok()) error_ = first.error();
  return first.ok() && !first.value();
}

bool GraphMaker::IsInActions(const State& from, const State& state) {
  for (const auto id : evaluator_.program().action_constraints) {
    const auto holds = evaluator_.Holds(evaluator_.program().Body(id), &from, &state);
    if (!holds.ok()) error_ = holds.error();
    if (!holds.ok() || !holds.value()) return false;
  }
  return true;
}

bool GraphMaker::Expand(std::uint32_t index) {
  const State state = store_.state(index);
  const std::size_t first = graph_.targets.size();
  const auto status = evaluator_.Successors(state, {}, [&](const eval::Successor& next) {
    if (!IsInModel(next.state) || !IsInActions(state, next.state)) return !error_;
    (void)store_.Add(next.state, nullptr, index, &state, 1);
    graph_.targets.push_back(store_.last());
    return true;
  });
  if (!error_ && status) error_ = status;
  const auto begin = graph_.targets.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(begin, graph_.targets.end());
  graph_.targets.erase(std::unique(begin, graph_.targets.end()), graph_.targets.end());
  graph_.offsets.push_back(graph_.targets.size());
  return !error_;
}

}  // namespace kelpie::explore
