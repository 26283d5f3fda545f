// The states that an exploration found, whole, in the order they were found.
//
//   StateStore store;
//   if (store.Add(state, state, kNoParent, 1)) ...   // was not known
//
// Memory: O(states). States are compared, not only their hashes.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_set>

#include "checker/eval/value.h"
#include "checker/eval/value_order.h"

namespace kelpie::explore {

inline constexpr std::uint32_t kNoParent = UINT32_MAX;

// The distinct states in the order they were found, with who found them.
class StateStore {
 public:
  StateStore() : index_(1024, Hash{this}, Equal{this}) {}
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;

  // True when no state of that key was known. The key often is the state itself.
  bool Add(const eval::State& state, const eval::State& key, std::uint32_t parent, std::uint32_t level) {
    nodes_.push_back({state, &key == &state ? eval::State{} : key, eval::HashState(key), parent, level});
    const bool is_new = index_.insert(static_cast<std::uint32_t>(nodes_.size() - 1)).second;
    if (!is_new) nodes_.pop_back();
    return is_new;
  }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] const eval::State& state(std::uint32_t i) const { return nodes_[i].state; }
  [[nodiscard]] std::uint32_t parent(std::uint32_t i) const { return nodes_[i].parent; }
  [[nodiscard]] std::uint32_t level(std::uint32_t i) const { return nodes_[i].level; }

 private:
  struct Node {
    eval::State state;
    eval::State own_key;  // empty: the state
    std::uint64_t hash;
    std::uint32_t parent;
    std::uint32_t level;
    [[nodiscard]] const eval::State& key() const { return own_key.empty() ? state : own_key; }
  };
  struct Hash {
    const StateStore* store;
    std::size_t operator()(std::uint32_t i) const { return store->nodes_[i].hash; }
  };
  struct Equal {
    const StateStore* store;
    bool operator()(std::uint32_t a, std::uint32_t b) const {
      if (store->nodes_[a].hash != store->nodes_[b].hash) return false;
      return eval::SameState(store->nodes_[a].key(), store->nodes_[b].key());
    }
  };
  std::deque<Node> nodes_;
  std::unordered_set<std::uint32_t, Hash, Equal> index_;
};

}  // namespace kelpie::explore
