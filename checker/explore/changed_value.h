// What changes of its parts make of a value, known before it is made.
//
//   ChangedValue changed;
//   if (changed.Begin(value, parts)) { changed.hash(); changed.Is(other); changed.Make(); }
//
// Most steps lead to states that are known, so that what they would make is looked for by its hash, and compared with
// what has that hash, without memory of its own. Kept for its memory. Requires: the value and the parts live on.
// Cost: Begin O(changes), where the hash is known; Is O(size) looks at handles; Make O(size).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checker/explore/step_cache.h"

namespace kelpie::explore {

class ChangedValue {
 public:
  // False: evaluating the change would make an error of it, or may.
  [[nodiscard]] bool Begin(const eval::Value& base, std::span<StepCache::Part> parts);
  [[nodiscard]] bool is_same() const { return items_.empty() && added_.empty() && removed_.empty(); }
  [[nodiscard]] std::uint64_t hash() const { return eval::Value::HashOf(base_->kind(), sum_, size_); }
  [[nodiscard]] bool Is(const eval::Value& other) const;
  [[nodiscard]] eval::Value Make() const;

 private:
  struct Item {
    std::size_t index;
    const eval::Value* value;
  };
  bool SetItem(StepCache::Part& part);
  bool ChangeElement(const StepCache::Part& part);
  [[nodiscard]] const eval::Value* Front() const;
  [[nodiscard]] bool IsRemoved(std::size_t index) const;
  [[nodiscard]] bool IsFunction(const eval::Value& other) const;
  [[nodiscard]] bool IsSet(const eval::Value& other) const;

  const eval::Value* base_ = nullptr;
  std::uint64_t sum_ = 0;
  std::size_t size_ = 0;
  std::vector<Item> items_;                // of a function, each index once
  std::vector<const eval::Value*> added_;  // to a set, which lacks them
  std::vector<std::size_t> removed_;       // from it, by index
};

}  // namespace kelpie::explore
