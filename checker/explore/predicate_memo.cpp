#include "checker/explore/predicate_memo.h"

#include <algorithm>
#include <utility>

namespace kelpie::explore {

PredicateMemo::PredicateMemo(std::vector<std::uint32_t> slots, Over over, bool is_pure)
    : slots_(std::move(slots)), over_(over), is_in_use_(is_pure) {
  wanted_.resize(slots_.size() * (over_ == Over::kStep ? 2 : 1));
}

std::optional<bool> PredicateMemo::Find(std::span<const std::uint32_t> row, std::span<const std::uint32_t> next) {
  can_keep_ = false;
  if (!is_in_use_) return std::nullopt;
  // A sample of this size shows whether choices of numbers come up again.
  constexpr std::uint64_t kSample = 1 << 15;
  constexpr std::uint64_t kWorthwhile = 8;
  if (++look_count_ == kSample && hit_count_ * kWorthwhile < look_count_) {
    is_in_use_ = false;
    table_ = {};
    return std::nullopt;
  }
  std::uint64_t hash = 0;
  std::size_t count = 0;
  const auto add = [&](std::uint32_t number) {
    wanted_[count++] = number;
    hash = (hash ^ number) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32;
    return number != kNoNumber;
  };
  for (const std::uint32_t slot : slots_) {
    if (!add(row[slot])) return std::nullopt;
    if (over_ == Over::kStep && !add(next[slot])) return std::nullopt;
  }
  const std::size_t width = wanted_.size() + 1;
  if (table_.empty()) table_.assign(kEntries * width, kEmpty);
  entry_ = (hash & (kEntries - 1)) * width;
  can_keep_ = true;
  const std::uint32_t* entry = table_.data() + entry_;
  if (entry[width - 1] == kEmpty || !std::equal(wanted_.begin(), wanted_.end(), entry)) return std::nullopt;
  ++hit_count_;
  can_keep_ = false;
  return entry[width - 1] == 1;
}

void PredicateMemo::Keep(bool truth) {
  if (!can_keep_) return;
  std::copy(wanted_.begin(), wanted_.end(), table_.begin() + static_cast<std::ptrdiff_t>(entry_));
  table_[entry_ + wanted_.size()] = truth ? 1 : 0;
  can_keep_ = false;
}

}  // namespace kelpie::explore
