// The states that an exploration found, whole, in the order they were found.
//
//   StateStore store(variable_count);
//   if (store.Add(state, nullptr, kNoParent, nullptr, 1)) ...   // was not known
//   if (!store.IsKnown(state, parent, &parent_state)) ... store.row() ... store.AddLooked(state, parent, level);
//
// A state is a row of numbers of interned values (value_table.h): states are compared exactly, by
// comparing rows. Memory: 4 bytes a variable and 20 bytes a state, and each distinct value once.
// Cost of Add: O(variables) for those that differ from the parent's.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "checker/explore/predicate_memo.h"
#include "checker/explore/value_table.h"

namespace kelpie::explore {

inline constexpr std::uint32_t kNoParent = UINT32_MAX;

// The distinct states in the order they were found, with who found them.
class StateStore {
 public:
  explicit StateStore(std::size_t width) : width_(width), row_(width), buckets_(1024, kNoParent) {}
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;

  // True when no state of that key was known; null: the state itself. `parent_state` is the state
  // of `parent`: what is the same object there has its number already.
  bool Add(const eval::State& state, const eval::State* key, std::uint32_t parent, const eval::State* parent_state,
           std::uint32_t level) {
    if (key == nullptr) {
      if (IsKnown(state, parent, parent_state)) return false;
      AddLooked(state, parent, level);
      return true;
    }
    (void)IsKnown(state, parent, parent_state);
    NumberRest(state);
    key_row_.resize(key->size());
    for (std::size_t i = 0; i < key->size(); ++i) key_row_[i] = values_.Intern((*key)[i]);
    if (Locate(key_row_, true)) return false;
    Insert(parent, level);
    key_rows_.insert(key_rows_.end(), key_row_.begin(), key_row_.end());
    return true;
  }

  // Is the state, which is its own key, known? Nothing is added; row() has its numbers afterwards.
  bool IsKnown(const eval::State& state, std::uint32_t parent, const eval::State* parent_state) {
    bool is_numbered = true;
    for (std::size_t slot = 0; slot < width_; ++slot) {
      if (parent_state != nullptr && state[slot].is_same_object((*parent_state)[slot])) {
        row_[slot] = rows_[parent * width_ + slot];
        continue;
      }
      row_[slot] = values_.Find(state[slot]).value_or(kNoNumber);
      is_numbered = is_numbered && row_[slot] != kNoNumber;
    }
    return is_numbered && Locate(row_, false);
  }
  // Adds the state that IsKnown was asked for last, and did not know.
  void AddLooked(const eval::State& state, std::uint32_t parent, std::uint32_t level) {
    NumberRest(state);
    (void)Locate(row_, false);
    Insert(parent, level);
  }
  // The state that was found or added last. After IsKnown said no, and before AddLooked: meaningless.
  [[nodiscard]] std::uint32_t last() const { return last_; }
  // Numbers of the values of the state looked at last; kNoNumber where the value never came up.
  [[nodiscard]] std::span<const std::uint32_t> row() const { return row_; }
  [[nodiscard]] std::span<const std::uint32_t> row(std::uint32_t i) const {
    return {rows_.data() + i * width_, width_};
  }

  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] std::size_t value_count() const { return values_.size(); }
  [[nodiscard]] eval::State state(std::uint32_t i) const {
    eval::State state;
    state.reserve(width_);
    for (std::size_t slot = 0; slot < width_; ++slot) state.push_back(values_.value(rows_[i * width_ + slot]));
    return state;
  }
  [[nodiscard]] std::uint32_t parent(std::uint32_t i) const { return nodes_[i].parent; }
  [[nodiscard]] std::uint32_t level(std::uint32_t i) const { return nodes_[i].level; }

 private:
  struct Node {
    std::uint32_t tag;
    std::uint32_t parent;
    std::uint32_t level;
  };

  static std::uint32_t TagOf(const std::vector<std::uint32_t>& row) {
    std::uint64_t hash = row.size();
    for (const std::uint32_t id : row) hash = (hash ^ id) * 0x9e3779b97f4a7c15ULL + (hash >> 29);
    return static_cast<std::uint32_t>(hash >> 32);
  }
  void NumberRest(const eval::State& state) {
    for (std::size_t slot = 0; slot < width_; ++slot) {
      if (row_[slot] == kNoNumber) row_[slot] = values_.Intern(state[slot]);
    }
  }
  // Is there a state of these numbers? If not, bucket_ is where it belongs.
  bool Locate(const std::vector<std::uint32_t>& identity, bool is_key) {
    tag_ = TagOf(identity);
    bucket_ = tag_ & (buckets_.size() - 1);
    for (; buckets_[bucket_] != kNoParent; bucket_ = (bucket_ + 1) & (buckets_.size() - 1)) {
      const std::uint32_t known = buckets_[bucket_];
      if (nodes_[known].tag != tag_ || !IsRow(known, identity, is_key)) continue;
      last_ = known;
      return true;
    }
    return false;
  }
  void Insert(std::uint32_t parent, std::uint32_t level) {
    last_ = static_cast<std::uint32_t>(nodes_.size());
    buckets_[bucket_] = last_;
    nodes_.push_back({tag_, parent, level});
    rows_.insert(rows_.end(), row_.begin(), row_.end());
    if (nodes_.size() * 2 > buckets_.size()) Grow();
  }
  [[nodiscard]] bool IsRow(std::uint32_t i, const std::vector<std::uint32_t>& row, bool is_key) const {
    const std::vector<std::uint32_t>& rows = is_key ? key_rows_ : rows_;
    return std::memcmp(rows.data() + i * row.size(), row.data(), row.size() * sizeof(std::uint32_t)) == 0;
  }
  void Grow() {
    std::vector<std::uint32_t> larger(buckets_.size() * 2, kNoParent);
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      std::size_t bucket = nodes_[i].tag & (larger.size() - 1);
      while (larger[bucket] != kNoParent) bucket = (bucket + 1) & (larger.size() - 1);
      larger[bucket] = i;
    }
    buckets_ = std::move(larger);
  }

  std::size_t width_;
  ValueTable values_;
  std::vector<std::uint32_t> row_;
  std::vector<std::uint32_t> key_row_;
  std::uint32_t tag_ = 0;  // of what was located last
  std::size_t bucket_ = 0;
  std::uint32_t last_ = kNoParent;
  std::vector<std::uint32_t> rows_;      // by state: the numbers of its values
  std::vector<std::uint32_t> key_rows_;  // beside rows_, where keys are not the states
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> buckets_;
};

}  // namespace kelpie::explore
