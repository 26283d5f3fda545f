// The frontier's side of hidden steps: all states that they lead to are candidates before the next event.
#include "checker/refine/hidden.h"

#include <algorithm>
#include <unordered_map>

#include "checker/eval/value_order.h"
#include "checker/refine/checker.h"

namespace kelpie::refine {

using eval::State;

namespace {

// A candidate and how often each declared action was taken since the last event.
struct Reached {
  Candidate candidate;
  std::vector<std::uint32_t> taken;
  std::uint64_t depth = 0;
};

// States that were reached with no more of any action make others of the same state superfluous.
class ReachedStates {
 public:
  void Add(Reached reached) {
    const std::uint64_t hash = eval::HashState(reached.candidate.state);
    const auto [first, last] = by_hash_.equal_range(hash);
    const auto known_entry = std::find_if(first, last, [&](const auto& entry) {
      const Reached& known = all_[entry.second];
      return std::equal(known.taken.begin(), known.taken.end(), reached.taken.begin(),
                        [](std::uint32_t a, std::uint32_t b) { return a <= b; }) &&
             eval::SameState(known.candidate.state, reached.candidate.state);
    });
    if (known_entry != last) {
      // Nothing more follows from it, but it may be the better way to the state itself.
      if (IsBetter(reached.candidate.hidden, all_[known_entry->second].candidate.hidden))
        better_.push_back(std::move(reached.candidate));
      return;
    }
    by_hash_.emplace(hash, all_.size());
    all_.push_back(std::move(reached));
  }
  [[nodiscard]] std::size_t size() const { return all_.size(); }
  // By value: adding moves them.
  [[nodiscard]] Reached at(std::size_t i) const { return all_[i]; }
  [[nodiscard]] Frontier Candidates() && {
    Frontier frontier;
    for (Reached& reached : all_) frontier.push_back(std::move(reached.candidate));
    for (Candidate& candidate : better_) frontier.push_back(std::move(candidate));
    MergeEqual(frontier);
    return frontier;
  }

 private:
  std::vector<Reached> all_;
  Frontier better_;
  std::unordered_multimap<std::uint64_t, std::size_t> by_hash_;
};

}  // namespace

void Checker::PrepareHidden() {
  for (const HiddenAction& hidden : budget_.hidden.actions) {
    const auto action = std::find_if(program_->actions.begin(), program_->actions.end(),
                                     [&](const auto& one) { return one.name == hidden.name; });
    if (action == program_->actions.end()) {
      Fail({"unknown-hidden-action", "an action that may be hidden is no disjunct of Next", hidden.name,
            "the name of an action of " + program_->spec->name, "see --hidden"},
           {});
      result_.failed_at.reset();
      return;
    }
    hidden_paths_.push_back(
        std::make_unique<program::ClaimPaths>(program::FindClaimPaths(*program_, action->definition)));
    eval::ClaimedAction claim;
    claim.paths = hidden_paths_.back().get();
    claim.parameters.resize(program_->spec->definition(action->definition).parameters.size());
    hidden_claims_.push_back(std::move(claim));
  }
}

void Checker::TakeHidden(const EventReference& where) {
  if (hidden_claims_.empty() || is_final_) return;
  ReachedStates reached;
  for (Candidate& candidate : frontier_)
    reached.Add({std::move(candidate), std::vector<std::uint32_t>(hidden_claims_.size()), 0});
  const std::size_t reached_max = 2 * budget_.frontier_max;  // before equal states are merged
  for (std::size_t i = 0; i < reached.size() && reached.size() <= reached_max; ++i) {
    const Reached from = reached.at(i);
    for (std::size_t action = 0; action < hidden_claims_.size(); ++action) {
      if (from.taken[action] == budget_.hidden.actions[action].times_max) continue;
      eval::SuccessorRequest request;
      request.claim = &hidden_claims_[action];
      const auto visit = [&](const eval::Successor& successor) {
        const State& next = successor.state;
        if (eval::SameState(from.candidate.state, next)) return true;
        if (BrokenInvariant(next, &from.candidate.state) || BrokenProperty(from.candidate.state, next)) return true;
        if (from.depth == budget_.hidden.steps_max) {
          lost_ = LimitReached{"max-hidden", budget_.hidden.steps_max, "--max-hidden"};
          result_.is_complete = false;
          return false;
        }
        auto step = std::make_shared<HiddenStep>();
        step->before = where.index;
        step->action = budget_.hidden.actions[action].name;
        step->arguments = successor.action().arguments;
        step->earlier = from.candidate.hidden;
        step->count = LengthOf(from.candidate.hidden) + 1;
        Reached more{{next, std::move(step)}, from.taken, from.depth + 1};
        ++more.taken[action];
        reached.Add(std::move(more));
        return reached.size() <= reached_max;
      };
      if (const auto status = evaluator_->Successors(from.candidate.state, request, visit)) step_error_ = status;
    }
  }
  const bool is_cut_off = reached.size() > reached_max;
  frontier_ = std::move(reached).Candidates();
  if (is_cut_off || frontier_.size() > budget_.frontier_max)
    FailAtLimit("max-frontier", budget_.frontier_max, "--max-frontier", where);
}

// Who wrote what a hidden step changed: the event that it came before, by the hidden action's name.
void Checker::NoteHiddenWriting(const Candidate& from, const EventReference& where) {
  if (!from.hidden || from.hidden->before != where.index) return;
  auto writing = std::make_shared<Writing>();
  writing->event = where;
  writing->event.action = "hidden " + from.hidden->action;
  writing->arguments = from.hidden->arguments;
  writers_.Note(frontier_.front().state, from.state, std::move(writing));
}

namespace {

bool IsSameStep(const HiddenUse& use, const HiddenStep& step) {
  return use.before == step.before && use.action == step.action &&
         std::equal(use.arguments.begin(), use.arguments.end(), step.arguments.begin(), step.arguments.end(),
                    [](const auto& a, const auto& b) { return a.first == b.first && eval::Same(a.second, b.second); });
}

}  // namespace

void Checker::ReportHidden() {
  if (frontier_.empty()) return;
  const auto fewest = std::min_element(frontier_.begin(), frontier_.end(), [](const Candidate& a, const Candidate& b) {
    return LengthOf(a.hidden) < LengthOf(b.hidden);
  });
  for (const HiddenStep* step = fewest->hidden.get(); step != nullptr; step = step->earlier.get()) {
    const bool is_same = !result_.hidden.empty() && IsSameStep(result_.hidden.back(), *step);
    if (!is_same) result_.hidden.push_back({step->before, step->action, step->arguments, 0});
    ++result_.hidden.back().count;
  }
  std::reverse(result_.hidden.begin(), result_.hidden.end());
}

}  // namespace kelpie::refine
