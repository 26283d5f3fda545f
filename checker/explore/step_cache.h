// What a group of steps does, remembered by the numbers of the values that it reads.
//
//   StepCache cache(evaluator.StepGroups());
//   if (const StepCache::Answer* answer = cache.Find(group, row)) ...
//   else { cache.Begin(group, row); ... cache.AddStep(definition, next, next_row); ... cache.End(); }
//
// Specifications of systems change a few variables a step and ask many actions that read few of them, so the same
// question comes up again and again: the answer is which numbers the assigned variables get. Values that had no number
// when the answer was found stand beside it, until they have one.
// Memory: at most kEntriesMax answers a group. A group whose answers are seldom known rests, longer each time.
// Requires: rows of one StateStore. Threads: one. Source: transition caching by dependency matrix: Blom, van de Pol and
// Weber, LTSmin: distributed and symbolic reachability (2010).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checker/eval/evaluator.h"
#include "checker/explore/state_store.h"

namespace kelpie::explore {

class StepCache {
 public:
  explicit StepCache(const std::vector<eval::StepGroup>& groups);

  struct Step {
    resolve::DefinitionId definition;
    // By eval::StepGroup::assigned; kNoNumber: the value had no number, and stands in `values`, in their order.
    std::span<std::uint32_t> numbers;
  };
  struct Answer {
    std::vector<std::uint32_t> words;  // for each step its definition, then its numbers
    std::vector<eval::Value> values;
    std::uint32_t step_count = 0;
  };

  // Null: not known. The answer is valid until the next call for this group.
  [[nodiscard]] Answer* Find(std::size_t group, std::span<const std::uint32_t> row);
  [[nodiscard]] Step StepOf(std::size_t group, Answer& answer, std::uint32_t index) const;

  // After a Find that gave nothing: the answer, step by step. Without End nothing is remembered.
  void Begin(std::size_t group, std::span<const std::uint32_t> row);
  void AddStep(resolve::DefinitionId definition, const eval::State& next, std::span<const std::uint32_t> next_row);
  void End();

 private:
  static constexpr std::size_t kEntriesMin = 64;
  static constexpr std::size_t kEntriesMax = std::size_t{1} << 16;
  static constexpr std::uint32_t kWindow = 1024;       // questions between two looks at how many were answered
  static constexpr std::uint32_t kHitsWanted = 3;      // at least one question in so many
  static constexpr std::uint32_t kRestMax = 1U << 15;  // questions
  static constexpr std::uint32_t kEmpty = UINT32_MAX;  // instead of a number of steps

  struct Table {
    std::vector<std::uint32_t> rows;  // by entry: tag, number of steps, what is read
    std::vector<Answer> answers;      // by entry; without steps it is not looked at
    std::size_t entry_count = 0;
    std::size_t kept_count = 0;  // since the table had its size
    std::uint32_t look_count = 0;
    std::uint32_t hit_count = 0;
    std::uint32_t rest_count = 0;  // questions still to be slept through
    std::uint32_t rest_length = 4 * kWindow;
  };

  [[nodiscard]] static bool IsAwake(Table& table);
  void Resize(std::size_t group, std::size_t entry_count);

  const std::vector<eval::StepGroup>& groups_;
  std::vector<Table> tables_;            // by group
  std::vector<std::uint32_t> question_;  // asked last
  std::uint32_t tag_ = 0;                // of it
  std::size_t group_ = 0;                // that is being answered
  bool is_kept_ = false;                 // the answer is wanted
  Answer answer_;
  Answer none_;  // no step
};

}  // namespace kelpie::explore
