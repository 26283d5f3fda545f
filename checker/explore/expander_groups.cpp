// The steps from a state, group by group: those that are remembered are made of what they change.
#include <algorithm>

#include "checker/eval/value_order.h"
#include "checker/explore/expander.h"

namespace kelpie::explore {

using eval::State;
using eval::Value;

// First all rows that are known to be reached are made, then all of them are looked for: what is looked at lies
// anywhere in memory, and is fetched meanwhile.
void Expander::FindGroups(std::uint32_t index, const State& state, Expansion& expansion) {
  next_ = state;
  cache_->BeginState();
  plans_.clear();
  plan_rows_.clear();
  const std::vector<eval::StepGroup>& groups = evaluator_.StepGroups();
  for (std::size_t group = 0; group < groups.size(); ++group) {
    if (!groups[group].elements_of || !state[*groups[group].elements_of].is_set()) {
      AddPlan(index, state, {.group = group});
      continue;
    }
    for (const Value& element : state[*groups[group].elements_of].items())
      AddPlan(index, state, {.group = group, .element = &element});
  }
  const std::size_t width = state.size() + 1;
  for (std::size_t at = 0; at < plan_rows_.size(); at += width) store_.ExpectRow(plan_rows_[at]);
  plan_at_ = 0;
  for (const Plan& plan : plans_) {
    const bool goes_on = plan.answer != nullptr ? ReplaySteps(index, *plan.answer, state, expansion)
                                                : FindSteps(index, plan, state, expansion);
    if (!goes_on) return;
  }
}

void Expander::AddPlan(std::uint32_t index, const State& state, Plan plan) {
  plan.answer = cache_->Find(plan.group, state, plan.element, plan.is_wanted);
  const std::size_t before = plan_rows_.size();
  if (plan.answer != nullptr && !PlanRows(store_.row(index), state, *plan.answer)) {
    plan_rows_.resize(before);
    plan.answer = nullptr;
    plan.is_wanted = false;
  }
  plans_.push_back(plan);
}

bool Expander::PlanRows(std::span<const std::uint32_t> row, const State& state, StepCache::Answer& answer) {
  std::uint32_t first = 0;
  for (const StepCache::Step& step : answer.steps) {
    probe_.row.assign(row.begin(), row.end());
    const std::uint32_t begin = first;
    Applied applied = Applied::kNumbered;
    for (; first < step.change_end && applied != Applied::kRefused; ++first)
      applied = std::max(applied, Apply(answer.changes[first]));
    for (std::uint32_t i = begin; applied != Applied::kNumbered && i < first; ++i)
      next_[answer.changes[i].slot] = state[answer.changes[i].slot];
    if (applied == Applied::kRefused) return false;
    const std::uint32_t tag = StateStore::TagOf(probe_.row);
    plan_rows_.push_back(tag);
    plan_rows_.insert(plan_rows_.end(), probe_.row.begin(), probe_.row.end());
    store_.Expect(tag);
  }
  return true;
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

// The variable's new number goes into the probe's row; a value without one stands in next_.
Expander::Applied Expander::Apply(StepCache::Change& change) {
  std::uint32_t& number = probe_.row[change.slot];
  if (change.kind != StepCache::ChangeKind::kWhole) return ApplyToPart(change, number);
  if (change.number == kNoNumber) {
    change.number = store_.NumberOf(change.value);
    if (change.number != kNoNumber) change.value = Value::Unset();
  }
  number = change.number;
  if (number != kNoNumber) return Applied::kNumbered;
  next_[change.slot] = change.value;
  return Applied::kUnnumbered;
}

Expander::Applied Expander::ApplyToPart(StepCache::Change& change, std::uint32_t& number) {
  const std::uint32_t base = number;
  if (base != kNoNumber) {
    number = cache_->Changed(change, base);
    if (number != kNoNumber) return Applied::kNumbered;
  }
  const Value& whole = base != kNoNumber ? store_.value(base) : next_[change.slot];
  const std::optional<MadeValue> made = Make(change, whole);
  if (!made) return Applied::kRefused;
  number = made->is_same
               ? base
               : store_.NumberBy(made->hash, [&](const Value& known) { return IsMade(change, whole, *made, known); });
  if (number == kNoNumber) {
    next_[change.slot] = made->is_same ? whole : ValueOf(change, whole, *made);
    return Applied::kUnnumbered;
  }
  // From now on the change is made of what the store has.
  if (change.kind == StepCache::ChangeKind::kAt) change.value = store_.value(number).items()[change.hint];
  if (change.kind == StepCache::ChangeKind::kElement && !made->is_same) {
    change.value = store_.value(number).items()[made->at];
  }
  if (base != kNoNumber) cache_->NoteChanged(change, base, number);
  return Applied::kNumbered;
}

// What the change makes of a value, without making it. Nothing: as evaluation would have it, that may be an error.
std::optional<Expander::MadeValue> Expander::Make(StepCache::Change& change, const Value& whole) {
  if (change.kind == StepCache::ChangeKind::kAt) {
    if (!whole.is_function()) return std::nullopt;
    const Value* old = whole.ApplyHinted(change.key, change.hint);
    if (old == nullptr || old->is_same_object(change.value)) return MadeValue{.is_same = true};
    return MadeValue{.at = change.hint, .hash = whole.HashWithItem(change.hint, change.value)};
  }
  if (!whole.is_set()) return std::nullopt;
  bool is_refused = false;
  if (whole.size() > 0) (void)eval::CompareChecked(whole.items().front(), change.value, &is_refused);
  if (is_refused) return std::nullopt;
  bool is_in = false;
  const std::size_t at = whole.PlaceOf(change.value, &is_in);
  const bool is_element = change.kind == StepCache::ChangeKind::kElement;
  if (is_in == is_element) return MadeValue{.is_same = true};
  return MadeValue{.at = at,
                   .hash = is_element ? whole.HashWithElement(change.value) : whole.HashWithoutElement(change.value)};
}

bool Expander::IsMade(const StepCache::Change& change, const Value& whole, const MadeValue& made, const Value& known) {
  switch (change.kind) {
    case StepCache::ChangeKind::kAt: return known.IsWithItem(whole, made.at, change.value);
    case StepCache::ChangeKind::kElement: return known.IsWithElement(whole, made.at, change.value);
    default: return known.IsWithoutElement(whole, made.at);
  }
}

Value Expander::ValueOf(const StepCache::Change& change, const Value& whole, const MadeValue& made) {
  switch (change.kind) {
    case StepCache::ChangeKind::kAt: return whole.WithItem(made.at, change.value);
    case StepCache::ChangeKind::kElement: return whole.WithElement(change.value);
    default: return whole.WithoutElement(change.value);
  }
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
    probe_.row.assign(row.begin(), row.end());
    for (StepCache::Change& change : changes) (void)Apply(change);
    for (const StepCache::Change& change : changes) {
      const std::uint32_t number = probe_.row[change.slot];
      if (number != kNoNumber) next_[change.slot] = store_.value(number);
    }
    const bool goes_on = Take(index, state, next_, step.definition, expansion);
    for (const StepCache::Change& change : changes) next_[change.slot] = state[change.slot];
    if (!goes_on) return false;
  }
  return true;
}

}  // namespace kelpie::explore
