#include "checker/explore/changed_value.h"

#include <algorithm>

#include "checker/eval/value_order.h"

namespace kelpie::explore {

using eval::Value;

bool ChangedValue::Begin(const Value& base, std::span<StepCache::Part> parts) {
  base_ = &base;
  items_.clear();
  added_.clear();
  removed_.clear();
  if (!base.is_set() && !base.is_function()) return parts.empty();
  sum_ = base.TermSum();
  size_ = base.size();
  return std::all_of(parts.begin(), parts.end(), [this](StepCache::Part& part) {
    return part.kind == eval::Reads::PartKind::kAt ? SetItem(part) : ChangeElement(part);
  });
}

bool ChangedValue::SetItem(StepCache::Part& part) {
  if (!base_->is_function()) return false;
  const Value* old = base_->ApplyHinted(part.key, part.hint);
  if (old == nullptr) return true;  // as EXCEPT
  const auto known =
      std::find_if(items_.begin(), items_.end(), [&part](const Item& item) { return item.index == part.hint; });
  if (known != items_.end()) {
    old = known->value;
    items_.erase(known);
  }
  sum_ += Value::TermOf(part.key, part.value) - Value::TermOf(part.key, *old);
  if (!eval::Same(base_->items()[part.hint], part.value)) items_.push_back({part.hint, &part.value});
  return true;
}

// As the evaluator: what cannot be compared with the first element is refused.
bool ChangedValue::ChangeElement(const StepCache::Part& part) {
  if (!base_->is_set()) return false;
  bool is_refused = false;
  if (const Value* front = Front()) (void)eval::CompareChecked(*front, part.value, &is_refused);
  if (is_refused) return false;
  bool is_in_base = false;
  const std::size_t at = base_->PlaceOf(part.value, &is_in_base);
  const auto added = std::find_if(added_.begin(), added_.end(),
                                  [&part](const Value* value) { return eval::Same(*value, part.value); });
  const bool is_in = (is_in_base && !IsRemoved(at)) || added != added_.end();
  if (is_in == (part.kind == eval::Reads::PartKind::kElement)) return true;
  const std::uint64_t term = Value::TermOf(part.value);
  sum_ = is_in ? sum_ - term : sum_ + term;
  size_ = is_in ? size_ - 1 : size_ + 1;
  if (is_in_base && is_in) {
    removed_.push_back(at);
  } else if (is_in_base) {
    removed_.erase(std::find(removed_.begin(), removed_.end(), at));
  } else if (is_in) {
    added_.erase(added);
  } else {
    added_.push_back(&part.value);
  }
  return true;
}

const Value* ChangedValue::Front() const {
  const Value* front = nullptr;
  for (std::size_t i = 0; i < base_->size() && front == nullptr; ++i) {
    if (!IsRemoved(i)) front = &base_->items()[i];
  }
  for (const Value* value : added_) {
    if (front == nullptr || eval::Compare(*value, *front) < 0) front = value;
  }
  return front;
}

bool ChangedValue::IsRemoved(std::size_t index) const {
  return std::find(removed_.begin(), removed_.end(), index) != removed_.end();
}

bool ChangedValue::Is(const Value& other) const {
  if (other.kind() != base_->kind() || other.size() != size_) return false;
  return base_->is_set() ? IsSet(other) : IsFunction(other);
}

bool ChangedValue::IsFunction(const Value& other) const {
  const Value* items = base_->items().data();
  const Value* others = other.items().data();
  std::size_t differ_count = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    if (others[i].is_same_object(items[i])) continue;
    const auto item = std::find_if(items_.begin(), items_.end(), [i](const Item& known) { return known.index == i; });
    if (item != items_.end()) ++differ_count;
    if (!eval::Same(others[i], item != items_.end() ? *item->value : items[i])) return false;
  }
  if (differ_count != items_.size()) return false;
  return !(base_->kind() == eval::ValueKind::kFunction) || eval::Same(base_->domain_ref(), other.domain_ref());
}

// Both are in order: what is left when the elements in common are passed was added.
bool ChangedValue::IsSet(const Value& other) const {
  const std::span<const Value> items = base_->items();
  std::size_t i = 0;
  std::size_t added_count = 0;
  for (const Value& element : other.items()) {
    while (i < items.size() && IsRemoved(i)) ++i;
    if (i < items.size() && eval::Same(items[i], element)) {
      ++i;
      continue;
    }
    const bool is_added = std::any_of(added_.begin(), added_.end(),
                                      [&element](const Value* value) { return eval::Same(*value, element); });
    if (!is_added) return false;
    ++added_count;
  }
  while (i < items.size() && IsRemoved(i)) ++i;
  return i == items.size() && added_count == added_.size();
}

Value ChangedValue::Make() const {
  Value made = *base_;
  for (const Item& item : items_) made = made.WithItem(item.index, *item.value);
  for (const std::size_t index : removed_) made = made.WithoutElement(base_->items()[index]);
  for (const Value* value : added_) made = made.WithElement(*value);
  return made;
}

}  // namespace kelpie::explore
