#include "checker/refine/repairs.h"

#include <algorithm>
#include <set>
#include <utility>

#include "checker/refine/checker.h"

namespace kelpie::refine {

using eval::State;
using observe::ObservedStep;

const char* NameOf(RepairKind kind) {
  switch (kind) {
    case RepairKind::kArgument: return "argument";
    case RepairKind::kIgnore: return "ignore";
    case RepairKind::kSwap: return "swap";
    case RepairKind::kWithoutPrevious: return "without_previous";
    case RepairKind::kHidden: return "hidden";
    case RepairKind::kOtherAction: return "other_action";
  }
  return "";
}

namespace {

std::string ActionText(const std::string& name, const std::vector<std::pair<std::string, eval::Value>>& arguments) {
  std::string text = name;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    constexpr std::size_t kValueMax = 60;
    std::string value = eval::ToString(arguments[i].second);
    if (value.size() > kValueMax) value = value.substr(0, kValueMax - 3) + "...";
    text += (i == 0 ? "(" : ", ") + arguments[i].first + " = " + value;
  }
  return arguments.empty() ? text : text + ")";
}

std::string ListOf(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

// Looks at states for one event that was not accepted; the checker's judgement, and none of its counts.
class Checker::Repairs {
 public:
  Repairs(Checker& checker, bool is_stutter) : checker_(checker), is_stutter_(is_stutter) {}

  void Try(const ObservedStep& step, std::uint64_t index) {
    TryArguments(step);
    TryIgnoring(step);
    TryPrevious(step, index);
    TryHidden(step);
    TryOtherAction(step);
    if (seen_ > checker_.budget_.repairs_max) {
      checker_.result_.warnings.push_back("not all repairs were tried: the limit repairs (" +
                                          std::to_string(checker_.budget_.repairs_max) +
                                          ") was reached; raise it with --repairs");
    }
  }

 private:
  bool MaySeeMore() { return ++seen_ <= checker_.budget_.repairs_max; }

  // The first steps from a state that agree with what was observed and break nothing; false: stop.
  template <typename Visit>
  void Steps(const State& state, const ObservedStep& step, Visit visit) {
    if (observe::FirstReadMismatch(step.reads, state)) return;
    const auto pinned = observe::PinnedValues(step, checker_.program_->spec->variables.size());
    eval::SuccessorRequest request;
    request.claim = step.action ? &*step.action : nullptr;
    request.pinned = &pinned;
    (void)checker_.evaluator_->Successors(state, request, [&](const eval::Successor& successor) {
      if (!MaySeeMore()) return false;
      checker_.step_error_.reset();
      if (checker_.JudgeSuccessor(state, step, successor.state) || checker_.step_error_) return true;
      return visit(successor);
    });
  }

  bool Accepts(const State& state, const ObservedStep& step) {
    if (is_stutter_)
      return !observe::FirstReadMismatch(step.reads, state) && !observe::FirstUpdateMismatch(step, state, state);
    bool is_accepted = false;
    Steps(state, step, [&](const eval::Successor&) {
      is_accepted = true;
      return false;
    });
    return is_accepted;
  }

  bool Accepts(const ObservedStep& step) {
    return std::any_of(checker_.frontier_.begin(), checker_.frontier_.end(),
                       [&](const Candidate& candidate) { return Accepts(candidate.state, step); });
  }

  void Note(RepairKind kind, std::string text) { checker_.result_.repairs.push_back({kind, true, std::move(text)}); }
  void NoteInVain(RepairKind kind, std::string text) {
    if (seen_ <= checker_.budget_.repairs_max) checker_.result_.repairs.push_back({kind, false, std::move(text)});
  }

  // One argument at a time is left open: what would do in its place?
  bool TryArgument(const ObservedStep& open, const std::string& name) {
    std::optional<eval::Value> value;
    for (const Candidate& candidate : checker_.frontier_) {
      Steps(candidate.state, open, [&](const eval::Successor& successor) {
        for (const auto& [argument, found] : successor.action().arguments) {
          if (argument == name) value = found;
        }
        return false;
      });
      if (value) break;
    }
    if (value) Note(RepairKind::kArgument, "the argument " + name + " were " + eval::ToString(*value));
    return value.has_value();
  }

  void TryArguments(const ObservedStep& step) {
    if (is_stutter_ || !step.action) return;
    std::set<std::string> tried;
    bool helps = false;
    const auto& parameters = checker_.program_->spec->definition(step.action->paths->definition).parameters;
    for (std::size_t i = 0; i < step.action->parameters.size(); ++i) {
      if (!step.action->parameters[i]) continue;
      ObservedStep open = step;
      open.action->parameters[i].reset();
      tried.insert(parameters[i].name);
      helps |= TryArgument(open, parameters[i].name);
    }
    for (std::size_t i = 0; i < step.action->bound.size(); ++i) {
      ObservedStep open = step;
      open.action->bound.erase(open.action->bound.begin() + static_cast<std::ptrdiff_t>(i));
      tried.insert(step.action->bound[i].first);
      helps |= TryArgument(open, step.action->bound[i].first);
    }
    if (!helps && !tried.empty()) NoteInVain(RepairKind::kArgument, "another value of " + ListOf(tried));
  }

  void TryIgnoring(const ObservedStep& step) {
    bool helps = false;
    for (std::size_t i = 0; i < step.reads.size() + step.updates.size(); ++i) {
      ObservedStep less = step;
      const bool is_read = i < step.reads.size();
      auto& facts = is_read ? less.reads : less.updates;
      const auto at = facts.begin() + static_cast<std::ptrdiff_t>(is_read ? i : i - step.reads.size());
      const std::string place = observe::PathText(*checker_.program_, at->path);
      facts.erase(at);
      if (!Accepts(less)) continue;
      helps = true;
      Note(RepairKind::kIgnore,
           std::string("what the event ") + (is_read ? "read of " : "shows of ") + place + " were ignored");
    }
    if (!helps && !(step.reads.empty() && step.updates.empty()))
      NoteInVain(RepairKind::kIgnore, "ignoring one observed place");
  }

  void TryPrevious(const ObservedStep& step, std::uint64_t index) {
    const PreviousStep& previous = checker_.previous_;
    if (previous.index == 0 || is_stutter_) return;
    const std::string name = "event " + std::to_string(previous.index) +
                             (previous.step.action_name.empty() ? "" : ", " + previous.step.action_name + ",");
    bool without = false;
    bool swapped = false;
    for (const Candidate& candidate : previous.frontier) {
      std::vector<State> reached;
      Steps(candidate.state, step, [&](const eval::Successor& successor) {
        reached.push_back(successor.state);
        return true;
      });
      without |= !reached.empty();
      swapped |= std::any_of(reached.begin(), reached.end(),
                             [&](const State& state) { return Accepts(state, previous.step); });
    }
    const std::string swap = "events " + std::to_string(previous.index) + " and " + std::to_string(index);
    if (swapped) Note(RepairKind::kSwap, swap + " were swapped");
    if (!swapped) NoteInVain(RepairKind::kSwap, "swapping " + swap);
    if (without) Note(RepairKind::kWithoutPrevious, name + " had not happened");
    if (!without) NoteInVain(RepairKind::kWithoutPrevious, "leaving out event " + std::to_string(previous.index));
  }

  // One step of Next that nobody reported. Of each action one instance is named.
  void TryHidden(const ObservedStep& step) {
    std::set<std::string> tried;
    bool helps = false;
    for (const auto& action : checker_.program_->actions) {
      if (!action.is_leaf) continue;
      const program::ClaimPaths paths = program::FindClaimPaths(*checker_.program_, action.definition);
      ObservedStep hidden;
      hidden.action.emplace();
      hidden.action->paths = &paths;
      hidden.action->parameters.resize(checker_.program_->spec->definition(action.definition).parameters.size());
      std::vector<std::pair<State, std::string>> reached;
      for (const Candidate& candidate : checker_.frontier_) {
        Steps(candidate.state, hidden, [&](const eval::Successor& successor) {
          reached.emplace_back(successor.state, ActionText(action.name, successor.action().arguments));
          return true;
        });
      }
      if (!reached.empty()) tried.insert(action.name);
      const auto found =
          std::find_if(reached.begin(), reached.end(), [&](const auto& one) { return Accepts(one.first, step); });
      if (found == reached.end()) continue;
      helps = true;
      Note(RepairKind::kHidden, found->second + " had happened before it, unreported");
    }
    if (!helps && !tried.empty())
      NoteInVain(RepairKind::kHidden, "one unreported step before it (" + ListOf(tried) + ")");
  }

  void TryOtherAction(const ObservedStep& step) {
    if (is_stutter_ || !step.action) return;
    ObservedStep open = step;
    open.action.reset();
    std::set<std::string> found;
    for (const Candidate& candidate : checker_.frontier_) {
      Steps(candidate.state, open, [&](const eval::Successor& successor) {
        const eval::ActionInstance action = successor.action();
        if (!action.definition.is_valid()) return true;
        const std::string name = checker_.program_->spec->definition(action.definition).name;
        if (name != step.action_name && found.insert(name).second)
          Note(RepairKind::kOtherAction, "it were " + ActionText(name, action.arguments));
        return true;
      });
    }
    if (found.empty()) NoteInVain(RepairKind::kOtherAction, "reading it as another action");
  }

  Checker& checker_;
  bool is_stutter_;
  std::uint64_t seen_ = 0;
};

void Checker::TryRepairs(const ObservedStep& step, const EventReference& where, bool is_stutter) {
  if (budget_.repairs_max == 0) return;
  const std::vector<bool> antecedent_met = antecedent_met_;
  Repairs(*this, is_stutter).Try(step, where.index);
  antecedent_met_ = antecedent_met;
  step_error_.reset();
}

}  // namespace kelpie::refine
