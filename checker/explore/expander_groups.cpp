// The steps from a state, group by group: those that are remembered are made of what they change.
#include <algorithm>

#include "checker/eval/value_order.h"
#include "checker/explore/expander.h"

namespace kelpie::explore {

using eval::State;
using eval::Value;

// What is looked at lies anywhere in memory, so that all values and all rows that known answers lead to are looked for
// at a time, step by step: memory fetches the next ones meanwhile.
void Expander::FindGroups(std::uint32_t index, const State& state, Expansion& expansion) {
  next_ = state;
  cache_->BeginState();
  plans_.clear();
  planned_.clear();
  plan_rows_.clear();
  const std::span<const std::uint32_t> row = store_.row(index);
  const std::vector<eval::StepGroup>& groups = evaluator_.StepGroups();
  for (std::size_t group = 0; group < groups.size(); ++group) {
    if (!groups[group].elements_of || !state[*groups[group].elements_of].is_set()) {
      AddPlan(row, state, {.group = group});
      continue;
    }
    for (const Value& element : state[*groups[group].elements_of].items())
      AddPlan(row, state, {.group = group, .element = &element});
  }
  for (const PlannedChange& planned : planned_) {
    if (planned.is_open) store_.values().ExpectEntry(planned.hash);
  }
  for (const PlannedChange& planned : planned_) {
    if (planned.is_open) store_.values().ExpectObject(planned.hash);
  }
  planned_at_ = 0;
  for (const Plan& plan : plans_) {
    if (plan.answer != nullptr) PlanRows(row, *plan.answer);
  }
  for (std::size_t at = 0; at < plan_rows_.size(); at += row.size() + 1) store_.ExpectRow(plan_rows_[at]);
  plan_at_ = 0;
  for (const Plan& plan : plans_) {
    const bool goes_on = plan.answer != nullptr ? ReplaySteps(index, *plan.answer, state, expansion)
                                                : FindSteps(index, plan, state, expansion);
    if (!goes_on) return;
  }
}

void Expander::AddPlan(std::span<const std::uint32_t> row, const State& state, Plan plan) {
  plan.answer = cache_->Find(plan.group, state, plan.element, plan.is_wanted);
  const std::size_t before = planned_.size();
  if (plan.answer != nullptr) {
    for (StepCache::Change& change : plan.answer->changes) {
      if (PlanChange(row[change.slot], *plan.answer, change)) continue;
      planned_.resize(before);
      plan.answer = nullptr;
      plan.is_wanted = false;
      break;
    }
  }
  plans_.push_back(plan);
}

// False: the change is refused, and the group must be evaluated.
bool Expander::PlanChange(std::uint32_t base, StepCache::Answer& answer, StepCache::Change& change) {
  PlannedChange& planned = planned_.emplace_back();
  if (change.is_whole) {
    if (change.number == kNoNumber) {
      change.number = store_.NumberOf(change.value);
      if (change.number != kNoNumber) change.value = Value::Unset();
    }
    planned.number = change.number;
    return true;
  }
  planned.number = cache_->Changed(change, base);
  if (planned.number != kNoNumber) return true;
  if (!changed_.Begin(store_.value(base), answer.PartsOf(change))) return false;
  if (changed_.is_same()) {
    planned.number = base;
    return true;
  }
  planned.hash = changed_.hash();
  planned.is_open = true;
  store_.values().Expect(planned.hash);
  return true;
}

void Expander::PlanRows(std::span<const std::uint32_t> row, StepCache::Answer& answer) {
  std::uint32_t first = 0;
  for (const StepCache::Step& step : answer.steps) {
    const std::size_t begin = plan_rows_.size();
    plan_rows_.push_back(0);
    plan_rows_.insert(plan_rows_.end(), row.begin(), row.end());
    for (; first < step.change_end; ++first) {
      StepCache::Change& change = answer.changes[first];
      PlannedChange& planned = planned_[planned_at_++];
      if (planned.is_open) planned.number = NumberOfChanged(row[change.slot], answer, change, planned.hash);
      plan_rows_[begin + 1 + change.slot] = planned.number;
    }
    plan_rows_[begin] = StateStore::TagOf({plan_rows_.data() + begin + 1, row.size()});
    store_.Expect(plan_rows_[begin]);
  }
}

std::uint32_t Expander::NumberOfChanged(std::uint32_t base, StepCache::Answer& answer, StepCache::Change& change,
                                        std::uint64_t hash) {
  const std::span<StepCache::Part> parts = answer.PartsOf(change);
  const std::uint32_t number = store_.NumberBy(
      hash, [&](const Value& known) { return changed_.Begin(store_.value(base), parts) && changed_.Is(known); });
  if (number == kNoNumber) return kNoNumber;
  // From now on the change is made of what the store has.
  const Value& known = store_.value(number);
  for (StepCache::Part& part : parts) {
    if (part.kind == eval::Reads::PartKind::kAt && part.hint < known.size() &&
        eval::Same(known.items()[part.hint], part.value)) {
      part.value = known.items()[part.hint];
    }
  }
  cache_->NoteChanged(change, base, number);
  return number;
}

bool Expander::FindSteps(std::uint32_t index, const Plan& plan, const State& state, Expansion& expansion) {
  bool goes_on = true;
  const auto visit = [&](const eval::Successor& next) {
    goes_on = Take(index, state, next.shared_state(), next.definition, expansion);
    if (goes_on && plan.is_wanted) cache_->AddStep(next.definition, next.state, probe_.row);
    return goes_on;
  };
  eval::Reads* reads = plan.is_wanted ? cache_->Begin(plan.group, state.size()) : nullptr;
  const auto status = evaluator_.GroupSuccessors(plan.group, state, {.count_ways = true}, visit, reads, plan.element);
  if (goes_on && status) expansion.error_ = *status;
  if (goes_on && !status && plan.is_wanted) cache_->End(state, plan.element);
  return goes_on && !status;
}

bool Expander::ReplaySteps(std::uint32_t index, StepCache::Answer& answer, const State& state, Expansion& expansion) {
  const std::span<const std::uint32_t> row = store_.row(index);
  std::uint32_t first = 0;
  for (const StepCache::Step& step : answer.steps) {
    const std::span<StepCache::Change> changes(answer.changes.data() + first, step.change_end - first);
    first = step.change_end;
    const std::uint32_t* planned = plan_rows_.data() + plan_at_;
    plan_at_ += row.size() + 1;
    if (is_known_enough_ && store_.HasRow({planned + 1, row.size()}, planned[0])) {
      expansion.Count(step.definition);
      continue;
    }
    for (const StepCache::Change& change : changes) {
      const std::uint32_t number = planned[1 + change.slot];
      if (number != kNoNumber) {
        next_[change.slot] = store_.value(number);
      } else if (change.is_whole) {
        next_[change.slot] = change.value;
      } else {
        (void)changed_.Begin(state[change.slot], answer.PartsOf(change));
        next_[change.slot] = changed_.Make();
      }
    }
    const bool goes_on = Take(index, state, next_, step.definition, expansion);
    for (const StepCache::Change& change : changes) next_[change.slot] = state[change.slot];
    if (!goes_on) return false;
  }
  return true;
}

}  // namespace kelpie::explore
