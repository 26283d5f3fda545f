#include "checker/explore/graph_maker.h"

#include <algorithm>

namespace kelpie::explore {

using eval::State;

GraphMaker::GraphMaker(eval::Evaluator& evaluator, std::uint64_t states_max)
    : evaluator_(evaluator),
      states_max_(states_max),
      key_(evaluator, false),
      store_(evaluator.program().spec->variables.size()),
      arrivals_(evaluator.program().spec->variables.size()) {
  for (const auto& part : program::SplitConstraints(evaluator.program())) constraints_.push_back(part.expr);
  graph_.state = [this](std::uint32_t i) { return store_.state(i); };
  graph_.arrival = [this](std::uint32_t i) { return arrivals_.state(i); };
}

eval::Status GraphMaker::Run() {
  if ((error_ = key_.Prepare())) return error_;
  const auto status = evaluator_.InitialStates([&](const State& state) {
    bool is_new = false;
    const auto number = IsInModel(state) ? Add(state, is_new) : std::nullopt;
    if (number && is_new) graph_.initial.push_back(*number);
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

std::optional<std::uint32_t> GraphMaker::Add(const State& state, bool& is_new) {
  if (key_.is_plain()) {
    is_new = store_.Put(probe_, state, nullptr, kNoParent, nullptr, 1);
    return probe_.found;
  }
  const auto key = key_.Of(state);
  if (!key.ok()) {
    error_ = key.error();
    return std::nullopt;
  }
  is_new = store_.Put(probe_, state, &key.value(), kNoParent, nullptr, 1);
  return probe_.found;
}

bool GraphMaker::Expand(std::uint32_t index) {
  const State state = store_.state(index);
  steps_.clear();
  const auto status = evaluator_.Successors(state, {}, [&](const eval::Successor& next) {
    if (!IsInModel(next.state) || !IsInActions(state, next.state)) return !error_;
    bool is_new = false;
    const auto number = Add(next.state, is_new);
    if (!number) return false;
    std::uint32_t arrival = 0;
    if (!key_.is_plain()) {
      (void)arrivals_.Put(probe_, next.state, nullptr, kNoParent, nullptr, 1);
      arrival = probe_.found;
    }
    steps_.emplace_back(*number, arrival);
    return true;
  });
  if (!error_ && status) error_ = status;
  std::sort(steps_.begin(), steps_.end());
  steps_.erase(std::unique(steps_.begin(), steps_.end()), steps_.end());
  for (const auto& [target, arrival] : steps_) {
    graph_.targets.push_back(target);
    if (!key_.is_plain()) graph_.arrivals.push_back(arrival);
  }
  graph_.offsets.push_back(graph_.targets.size());
  return !error_;
}

}  // namespace kelpie::explore
