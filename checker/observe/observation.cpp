#include "checker/observe/observation.h"

#include <algorithm>

#include "checker/eval/value_order.h"

namespace kelpie::observe {

using eval::State;
using eval::Value;
using trace::UpdateOp;

namespace {

// The value at a path, null when a step is outside a DOMAIN.
const Value* Follow(const Value& root, const std::vector<Value>& steps, bool* is_impossible) {
  const Value* at = &root;
  for (const Value& step : steps) {
    if (!at->is_function()) {
      *is_impossible = true;
      return nullptr;
    }
    at = at->Apply(step);
    if (at == nullptr) return nullptr;
  }
  return at;
}

Mismatch MakeMismatch(const Fact& fact, const Value* expected, std::string remark = {}) {
  Mismatch mismatch;
  mismatch.path = fact.path;
  mismatch.found = fact.pattern.ToString();
  if (fact.pattern.is_exact()) mismatch.found_value = fact.pattern.value();
  if (expected != nullptr) mismatch.expected = *expected;
  mismatch.remark = std::move(remark);
  return mismatch;
}

// `remove` of a key: the last step of the path leaves the DOMAIN of what is before it.
std::optional<Mismatch> CheckKeyRemoved(const Fact& fact, const State& before, const State& after) {
  std::vector<Value> container_steps = fact.path.steps;
  const Value key = container_steps.back();
  container_steps.pop_back();
  bool is_impossible = false;
  const Value* old_container = Follow(before[fact.path.slot], container_steps, &is_impossible);
  const Value* new_container = Follow(after[fact.path.slot], container_steps, &is_impossible);
  const bool was = old_container != nullptr && old_container->is_function() && old_container->Apply(key) != nullptr;
  const bool is = new_container != nullptr && new_container->is_function() && new_container->Apply(key) != nullptr;
  if (was && !is) return std::nullopt;
  Mismatch mismatch = MakeMismatch(fact, is ? new_container->Apply(key) : nullptr,
                                   was ? "is still in the DOMAIN" : "was not in the DOMAIN before");
  mismatch.is_impossible = is_impossible;
  return mismatch;
}

std::optional<Mismatch> CheckUpdate(const Fact& fact, const State& before, const State& after) {
  if (fact.op == UpdateOp::kRemove && fact.pattern.is_unknown()) return CheckKeyRemoved(fact, before, after);
  bool is_impossible = false;
  const Value* now = Follow(after[fact.path.slot], fact.path.steps, &is_impossible);
  if (now == nullptr) {
    Mismatch mismatch = MakeMismatch(fact, nullptr);
    mismatch.is_impossible = is_impossible;
    return mismatch;
  }
  if (fact.op == UpdateOp::kSet) {
    if (fact.pattern.Agrees(*now)) return std::nullopt;
    return MakeMismatch(fact, now);
  }
  const Value* old = Follow(before[fact.path.slot], fact.path.steps, &is_impossible);
  if (old == nullptr) return MakeMismatch(fact, now, "was not there before");
  if (fact.op == UpdateOp::kAppend) {
    const bool is_appended = old->is_sequence() && now->is_sequence() && now->size() == old->size() + 1 &&
                             std::equal(old->items().begin(), old->items().end(), now->items().begin(),
                                        [](const Value& a, const Value& b) { return eval::Same(a, b); }) &&
                             fact.pattern.Agrees(now->items().back());
    if (is_appended) return std::nullopt;
    return MakeMismatch(fact, now, "is not the old sequence with one element more");
  }
  if (!old->is_set() || !now->is_set()) return MakeMismatch(fact, now, "is no set");
  const Value& element = fact.pattern.value();
  const bool was = old->Contains(element);
  const bool is = now->Contains(element);
  const bool is_add = fact.op == UpdateOp::kAdd;
  if (was != is_add && is == is_add) return std::nullopt;
  return MakeMismatch(fact, now,
                      is_add ? (was ? "had that element already" : "did not get that element")
                             : (was ? "still has that element" : "did not have that element"));
}

// `value` with the place at `steps` set, or taken out of the DOMAIN when `item` is null.
Value Replace(const Value& value, const std::vector<Value>& steps, std::size_t at, const Value* item) {
  if (at == steps.size()) return item != nullptr ? *item : value;
  if (!value.is_function()) return value;
  const Value* inner = value.Apply(steps[at]);
  const bool is_last = at + 1 == steps.size();
  if (inner != nullptr && !(is_last && item == nullptr)) {
    return value.With(steps[at], Replace(*inner, steps, at + 1, item));
  }
  if (!is_last || (inner == nullptr && item == nullptr)) return value;
  const Value old_domain = value.Domain();
  std::vector<Value> keys(old_domain.items().begin(), old_domain.items().end());
  if (item != nullptr) {
    keys.push_back(steps[at]);
  } else {
    std::erase_if(keys, [&](const Value& key) { return eval::Same(key, steps[at]); });
  }
  std::sort(keys.begin(), keys.end(), [](const Value& a, const Value& b) { return eval::Compare(a, b) < 0; });
  std::vector<Value> values;
  for (const Value& key : keys) values.push_back(eval::Same(key, steps[at]) ? *item : *value.Apply(key));
  return Value::Function(Value::SetFromSorted(std::move(keys)), std::move(values));
}

Value WithElement(const Value& set, const Value& element, bool is_in) {
  std::vector<Value> elements(set.items().begin(), set.items().end());
  std::erase_if(elements, [&](const Value& other) { return eval::Same(other, element); });
  if (is_in) elements.push_back(element);
  std::sort(elements.begin(), elements.end(), [](const Value& a, const Value& b) { return eval::Compare(a, b) < 0; });
  return Value::SetFromSorted(std::move(elements));
}

// Puts the old contents back at every listed place; the rest must then be as it was.
std::optional<Mismatch> CheckClosed(const ObservedStep& step, std::uint32_t slot, const State& before,
                                    const State& after) {
  Value restored = after[slot];
  for (const Fact& fact : step.updates) {
    if (fact.path.slot != slot) continue;
    bool is_impossible = false;
    const Value* old = Follow(before[slot], fact.path.steps, &is_impossible);
    const bool is_element = fact.op == UpdateOp::kAdd || (fact.op == UpdateOp::kRemove && !fact.pattern.is_unknown());
    if (!is_element) {
      restored = Replace(restored, fact.path.steps, 0, old);
      continue;
    }
    const Value* now = Follow(restored, fact.path.steps, &is_impossible);
    if (now == nullptr || !now->is_set()) continue;
    const Value put_back = WithElement(*now, fact.pattern.value(), fact.op == UpdateOp::kRemove);
    restored = Replace(restored, fact.path.steps, 0, &put_back);
  }
  if (eval::Same(restored, before[slot])) return std::nullopt;
  Mismatch mismatch;
  mismatch.path.slot = slot;
  mismatch.found = "unchanged but for what is listed (frame closed)";
  mismatch.expected = after[slot];
  return mismatch;
}

}  // namespace

std::optional<Mismatch> FirstReadMismatch(const std::vector<Fact>& reads, const State& before) {
  for (const Fact& fact : reads) {
    bool is_impossible = false;
    const Value* value = Follow(before[fact.path.slot], fact.path.steps, &is_impossible);
    if (value != nullptr && fact.pattern.Agrees(*value)) continue;
    Mismatch mismatch = MakeMismatch(fact, value);
    mismatch.is_impossible = is_impossible;
    return mismatch;
  }
  return std::nullopt;
}

std::optional<Mismatch> FirstUpdateMismatch(const ObservedStep& step, const State& before, const State& after) {
  for (const Fact& fact : step.updates) {
    if (auto mismatch = CheckUpdate(fact, before, after)) return mismatch;
  }
  for (const std::uint32_t slot : step.closed_slots) {
    if (auto mismatch = CheckClosed(step, slot, before, after)) return mismatch;
  }
  return std::nullopt;
}

std::vector<std::optional<Value>> PinnedValues(const ObservedStep& step, std::size_t slot_count) {
  std::vector<std::optional<Value>> pinned(slot_count);
  for (const Fact& fact : step.updates) {
    if (fact.op == UpdateOp::kSet && fact.path.steps.empty() && fact.pattern.is_exact()) {
      pinned[fact.path.slot] = fact.pattern.value();
    }
  }
  return pinned;
}

std::string PathText(const std::string& variable, const std::vector<Value>& steps) {
  std::string text = variable;
  for (const Value& step : steps) {
    if (step.kind() == eval::ValueKind::kString) {
      text += "." + step.symbol().text();
    } else {
      text += "[" + eval::ToString(step) + "]";
    }
  }
  return text;
}

std::string PathText(const program::Program& program, const StatePath& path) {
  return PathText(program.spec->variables[path.slot].name, path.steps);
}

}  // namespace kelpie::observe
