#include "checker/explore/state_key.h"

#include <algorithm>

#include "checker/eval/value_order.h"

namespace kelpie::explore {

using eval::State;

namespace {

bool IsLess(const State& a, const State& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    const int order = eval::Compare(a[i], b[i]);
    if (order != 0) return order < 0;
  }
  return false;
}

eval::Value Permute(const eval::Value& value, const eval::Value& permutation) {
  using eval::Value;
  if (value.kind() == eval::ValueKind::kModelValue) {
    const Value* image = permutation.is_function() ? permutation.Apply(value) : nullptr;
    return image != nullptr ? *image : value;
  }
  if (value.items().empty()) return value;
  std::vector<Value> items;
  for (const Value& item : value.items()) items.push_back(Permute(item, permutation));
  if (value.is_sequence()) return Value::Sequence(std::move(items));
  if (value.is_set()) return *eval::MakeSet(std::move(items));
  std::vector<std::pair<Value, Value>> entries;
  for (std::size_t i = 0; i < items.size(); ++i)
    entries.emplace_back(Permute(value.Key(i), permutation), std::move(items[i]));
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return eval::Compare(a.first, b.first) < 0; });
  std::vector<Value> keys;
  std::vector<Value> values;
  for (auto& [key, item] : entries) {
    keys.push_back(std::move(key));
    values.push_back(std::move(item));
  }
  return Value::Function(Value::SetFromSorted(std::move(keys)), std::move(values));
}

eval::Value Compose(const eval::Value& first, const eval::Value& second) {
  const eval::Value first_domain = first.Domain();
  const eval::Value second_domain = second.Domain();
  std::vector<eval::Value> keys(first_domain.items().begin(), first_domain.items().end());
  keys.insert(keys.end(), second_domain.items().begin(), second_domain.items().end());
  const eval::Value domain = *eval::MakeSet(std::move(keys));
  std::vector<eval::Value> values;
  for (const eval::Value& key : domain.items()) values.push_back(Permute(Permute(key, first), second));
  return eval::Value::Function(domain, std::move(values));
}

}  // namespace

eval::Status StateKey::Prepare() {
  if (!program_.model->symmetry) return std::nullopt;
  const auto set = evaluator_.Evaluate(program_.Body(*program_.model->symmetry));
  if (!set.ok()) return set.error();
  for (const eval::Value& permutation : set.value().items()) permutations_.push_back(permutation);
  CloseUnderComposition();
  return std::nullopt;
}

eval::Result<State> StateKey::Of(const State& state) {
  State key = state;
  if (program_.model->view) {
    const auto view = evaluator_.Evaluate(program_.Body(*program_.model->view), &state);
    if (!view.ok()) return view.error();
    key = {view.value()};
  }
  State least = key;
  for (const eval::Value& permutation : permutations_) {
    State image;
    for (const eval::Value& value : key) image.push_back(Permute(value, permutation));
    if (IsLess(image, least)) least = std::move(image);
  }
  return least;
}

// Permutations(A) \cup Permutations(B) means every product of them, as for TLC.
void StateKey::CloseUnderComposition() {
  for (std::size_t i = 0; i < permutations_.size(); ++i) {
    for (std::size_t j = 0; j < permutations_.size(); ++j) {
      const eval::Value product = Compose(permutations_[i], permutations_[j]);
      const bool is_known = std::any_of(permutations_.begin(), permutations_.end(),
                                        [&](const eval::Value& known) { return eval::Same(known, product); });
      if (!is_known) permutations_.push_back(product);
    }
  }
}

}  // namespace kelpie::explore
