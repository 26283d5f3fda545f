// The truth of a predicate, remembered by the numbers of the values that it reads.
//
//   PredicateMemo memo(slots, PredicateMemo::Over::kState);
//   if (const auto truth = memo.Find(row, {})) return *truth;
//   memo.Keep(Evaluate());
//
// Values that a state store has interned have one number each (value_table.h), so a predicate has one truth for
// one choice of numbers. Few choices come up: a change of one variable leaves what reads the others as it was.
// Invariants: a truth is given only for the very numbers it was kept for. Requires: the predicate has no
// effect and reads nothing but `slots` of the state, and of the next one where it is of steps.
// Memory: kEntries rows of numbers, made at the first use. A memo that hardly ever knows the answer ends itself.
// Cost: O(slots) a call.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace kelpie::explore {

inline constexpr std::uint32_t kNoNumber = UINT32_MAX;  // a value that has not been interned

class PredicateMemo {
 public:
  enum class Over : std::uint8_t { kState, kStep };

  // `is_pure`: false makes a memo that knows nothing.
  PredicateMemo(std::vector<std::uint32_t> slots, Over over, bool is_pure);

  // The truth for these rows, if it is known. `next` is read where the predicate is of steps.
  [[nodiscard]] std::optional<bool> Find(std::span<const std::uint32_t> row, std::span<const std::uint32_t> next);
  // The truth for the rows of the last Find, which did not know it.
  void Keep(bool truth);

  [[nodiscard]] bool is_in_use() const { return is_in_use_; }

 private:
  static constexpr int kEntryBits = 12;
  static constexpr std::size_t kEntries = std::size_t{1} << kEntryBits;
  static constexpr std::uint32_t kEmpty = 2;

  std::vector<std::uint32_t> slots_;
  Over over_;
  bool is_in_use_;
  bool can_keep_ = false;
  std::uint64_t look_count_ = 0;
  std::uint64_t hit_count_ = 0;
  std::size_t entry_ = 0;              // of the last Find: its place in table_
  std::vector<std::uint32_t> wanted_;  // of the last Find
  std::vector<std::uint32_t> table_;   // by entry: the numbers, then 0, 1 or kEmpty
};

}  // namespace kelpie::explore
