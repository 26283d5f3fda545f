#include "checker/explore/state_key.h"

#include <algorithm>

#include "checker/eval/value_order.h"
#include "checker/explore/predicate_memo.h"

namespace kelpie::explore {

using eval::State;

namespace {

eval::Value PermuteName(const eval::Value& value, const eval::Value& permutation) {
  const eval::Value* image = permutation.is_function() ? permutation.Apply(value) : nullptr;
  return image != nullptr ? *image : value;
}

eval::Value Compose(const eval::Value& first, const eval::Value& second) {
  const eval::Value first_domain = first.Domain();
  const eval::Value second_domain = second.Domain();
  std::vector<eval::Value> keys(first_domain.items().begin(), first_domain.items().end());
  keys.insert(keys.end(), second_domain.items().begin(), second_domain.items().end());
  const eval::Value domain = *eval::MakeSet(std::move(keys));
  std::vector<eval::Value> values;
  for (const eval::Value& key : domain.items()) values.push_back(PermuteName(PermuteName(key, first), second));
  return eval::Value::Function(domain, std::move(values));
}

}  // namespace

eval::Status StateKey::Prepare() {
  if (!with_symmetry_ || !program_.model->symmetry) return std::nullopt;
  const auto set = evaluator_.Evaluate(program_.Body(*program_.model->symmetry));
  if (!set.ok()) return set.error();
  for (const eval::Value& permutation : set.value().items()) permutations_.push_back(permutation);
  CloseUnderComposition();
  images_.resize(permutations_.size());
  return std::nullopt;
}

eval::Result<State> StateKey::Of(const State& state) {
  State key = state;
  if (program_.model->view) {
    const auto view = evaluator_.Evaluate(program_.Body(*program_.model->view), &state);
    if (!view.ok()) return view.error();
    key = {view.value()};
  }
  if (permutations_.empty()) return key;
  numbers_.clear();
  for (const eval::Value& value : key) numbers_.push_back(values_.Intern(value));
  // Any order of images does, as long as it is the same for all who look: that of hashes, which are of the values
  // alone.
  least_ = numbers_;
  for (std::size_t permutation = 0; permutation < permutations_.size(); ++permutation) {
    image_.clear();
    bool is_less = false;
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      image_.push_back(ImageOf(numbers_[i], permutation));
      if (is_less || image_[i] == least_[i]) continue;
      is_less = IsBefore(image_[i], least_[i]);
      if (!is_less) break;
    }
    if (is_less) least_ = image_;
  }
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = values_.value(least_[i]);
  return key;
}

bool StateKey::IsBefore(std::uint32_t a, std::uint32_t b) const {
  if (values_.hash(a) != values_.hash(b)) return values_.hash(a) < values_.hash(b);
  return eval::Compare(values_.value(a), values_.value(b)) < 0;
}

std::uint32_t StateKey::ImageOf(std::uint32_t number, std::size_t permutation) {
  std::vector<std::uint32_t>& images = images_[permutation];
  if (number < images.size() && images[number] != kNoNumber) return images[number];
  const std::uint32_t image = values_.Intern(MakeImage(eval::Value(values_.value(number)), permutation));
  if (images.size() < values_.size()) images.resize(values_.size(), kNoNumber);
  return images[number] = image;
}

eval::Value StateKey::Image(const eval::Value& value, std::size_t permutation) {
  if (value.kind() == eval::ValueKind::kModelValue) return PermuteName(value, permutations_[permutation]);
  if (value.items().empty()) return value;
  return values_.value(ImageOf(values_.Intern(value), permutation));
}

eval::Value StateKey::MakeImage(const eval::Value& value, std::size_t permutation) {
  using eval::Value;
  if (value.kind() == eval::ValueKind::kModelValue) return PermuteName(value, permutations_[permutation]);
  if (value.items().empty()) return value;
  std::vector<Value> items;
  bool is_moved = false;
  for (const Value& item : value.items()) {
    items.push_back(Image(item, permutation));
    is_moved = is_moved || !items.back().is_same_object(item);
  }
  if (value.is_sequence()) return is_moved ? Value::Sequence(std::move(items)) : value;
  if (value.is_set()) return is_moved ? *eval::MakeSet(std::move(items)) : value;
  const Value domain = Image(value.domain_ref(), permutation);
  // Where no key moves, the values stay in their places; records are the usual case.
  std::vector<std::pair<Value, Value>> entries;
  bool is_key_moved = false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value key = value.Key(i);
    entries.emplace_back(Image(key, permutation), std::move(items[i]));
    is_key_moved = is_key_moved || !entries.back().first.is_same_object(key);
  }
  if (!is_moved && !is_key_moved) return value;
  if (is_key_moved) {
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return eval::Compare(a.first, b.first) < 0; });
  }
  std::vector<Value> values;
  for (auto& [key, item] : entries) values.push_back(std::move(item));
  return Value::Function(domain, std::move(values));
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
