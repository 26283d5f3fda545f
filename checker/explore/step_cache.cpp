#include "checker/explore/step_cache.h"

#include <algorithm>

namespace kelpie::explore {

StepCache::StepCache(const std::vector<eval::StepGroup>& groups) : groups_(groups), tables_(groups.size()) {}

bool StepCache::IsAwake(Table& table) {
  if (table.rest_count > 0) {
    --table.rest_count;
    return false;
  }
  if (++table.look_count < kWindow) return true;
  const bool is_worth_it = table.hit_count * kHitsWanted >= table.look_count;
  table.look_count = table.hit_count = 0;
  if (is_worth_it) {
    table.rest_length = 4 * kWindow;
    return true;
  }
  table.rest_count = table.rest_length;
  table.rest_length = std::min(table.rest_length * 2, kRestMax);
  return false;
}

StepCache::Answer* StepCache::Find(std::size_t group, std::span<const std::uint32_t> row) {
  const eval::StepGroup& facts = groups_[group];
  Table& table = tables_[group];
  is_kept_ = facts.is_cachable && IsAwake(table);
  if (!is_kept_) return nullptr;
  question_.clear();
  std::uint64_t hash = facts.reads.size();
  for (const std::uint32_t slot : facts.reads) {
    question_.push_back(row[slot]);
    hash = (hash ^ row[slot]) * 0x9e3779b97f4a7c15ULL + (hash >> 29);
  }
  tag_ = static_cast<std::uint32_t>(hash >> 32);
  if (table.entry_count == 0) return nullptr;
  const std::size_t entry = tag_ & (table.entry_count - 1);
  const std::uint32_t* known = table.rows.data() + entry * (question_.size() + 2);
  if (known[0] != tag_ || known[1] == kEmpty || !std::equal(question_.begin(), question_.end(), known + 2)) {
    return nullptr;
  }
  ++table.hit_count;
  return known[1] == 0 ? &none_ : &table.answers[entry];
}

StepCache::Step StepCache::StepOf(std::size_t group, Answer& answer, std::uint32_t index) const {
  const std::size_t width = groups_[group].assigned.size();
  std::uint32_t* words = answer.words.data() + index * (width + 1);
  return {resolve::DefinitionId{words[0]}, {words + 1, width}};
}

void StepCache::Begin(std::size_t group, std::span<const std::uint32_t>) {
  group_ = group;
  if (!is_kept_) return;
  answer_.words.clear();
  answer_.values.clear();
  answer_.step_count = 0;
}

void StepCache::AddStep(resolve::DefinitionId definition, const eval::State& next,
                        std::span<const std::uint32_t> next_row) {
  if (!is_kept_) return;
  ++answer_.step_count;
  answer_.words.push_back(definition.index);
  for (const std::uint32_t slot : groups_[group_].assigned) {
    answer_.words.push_back(next_row[slot]);
    if (next_row[slot] == kNoNumber) answer_.values.push_back(next[slot]);
  }
}

void StepCache::End() {
  if (!is_kept_) return;
  Table& table = tables_[group_];
  if (table.entry_count == 0) Resize(group_, kEntriesMin);
  if (table.kept_count > table.entry_count && table.entry_count < kEntriesMax) Resize(group_, table.entry_count * 4);
  ++table.kept_count;
  const std::size_t entry = tag_ & (table.entry_count - 1);
  std::uint32_t* row = table.rows.data() + entry * (question_.size() + 2);
  row[0] = tag_;
  row[1] = answer_.step_count;
  std::copy(question_.begin(), question_.end(), row + 2);
  if (answer_.step_count > 0) std::swap(table.answers[entry], answer_);
}

void StepCache::Resize(std::size_t group, std::size_t entry_count) {
  Table& table = tables_[group];
  const std::size_t stride = groups_[group].reads.size() + 2;
  std::vector<std::uint32_t> rows(entry_count * stride, kEmpty);
  std::vector<Answer> answers(entry_count);
  for (std::size_t i = 0; i < table.entry_count; ++i) {
    const std::uint32_t* row = table.rows.data() + i * stride;
    if (row[1] == kEmpty) continue;
    const std::size_t entry = row[0] & (entry_count - 1);
    std::copy(row, row + stride, rows.begin() + static_cast<std::ptrdiff_t>(entry * stride));
    std::swap(answers[entry], table.answers[i]);
  }
  table.rows = std::move(rows);
  table.answers = std::move(answers);
  table.entry_count = entry_count;
  table.kept_count = 0;
}

}  // namespace kelpie::explore
