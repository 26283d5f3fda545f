// The states that an exploration found, whole, in the order they were found.
//
//   StateStore store(variable_count);
//   if (store.Add(state, nullptr, kNoParent, nullptr, 1)) ...   // was not known
//
// A state is a row of numbers of interned values (value_table.h): states are compared exactly, by
// comparing rows. Memory: 4 bytes a variable and 20 bytes a state, and each distinct value once.
// Cost of Add: O(variables) for those that differ from the parent's.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

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
    for (std::size_t slot = 0; slot < width_; ++slot) {
      const bool is_kept = parent_state != nullptr && state[slot].is_same_object((*parent_state)[slot]);
      row_[slot] = is_kept ? rows_[parent * width_ + slot] : values_.Intern(state[slot]);
    }
    if (key != nullptr) {
      key_row_.resize(key->size());
      for (std::size_t i = 0; i < key->size(); ++i) key_row_[i] = values_.Intern((*key)[i]);
    }
    const std::vector<std::uint32_t>& identity = key != nullptr ? key_row_ : row_;
    const std::uint32_t tag = TagOf(identity);
    std::size_t bucket = tag & (buckets_.size() - 1);
    for (; buckets_[bucket] != kNoParent; bucket = (bucket + 1) & (buckets_.size() - 1)) {
      const std::uint32_t known = buckets_[bucket];
      if (nodes_[known].tag == tag && IsRow(known, identity, key != nullptr)) return false;
    }
    buckets_[bucket] = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({tag, parent, level});
    rows_.insert(rows_.end(), row_.begin(), row_.end());
    if (key != nullptr) key_rows_.insert(key_rows_.end(), key_row_.begin(), key_row_.end());
    if (nodes_.size() * 2 > buckets_.size()) Grow();
    return true;
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
  std::vector<std::uint32_t> rows_;      // by state: the numbers of its values
  std::vector<std::uint32_t> key_rows_;  // beside rows_, where keys are not the states
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> buckets_;
};

}  // namespace kelpie::explore
