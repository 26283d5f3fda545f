// Filling what is there already: vectors and maps whose elements are overwritten before new
// ones are made, so that reading event after event into one place allocates next to nothing.
//
//   Refill<Claim> claims(event.claims);
//   while (...) ReadClaim(claims.Add());     // the claim may hold what an earlier event left
//                                            // what was not overwritten goes with `claims`
//
// Whoever overwrites an element resets all of it; tests read unlike events into one place.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kelpie::trace {

template <typename T>
class Refill {
 public:
  explicit Refill(std::vector<T>& all) : all_(all) {}
  Refill(const Refill&) = delete;
  Refill& operator=(const Refill&) = delete;
  ~Refill() {
    if (count_ < all_.size()) all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(count_), all_.end());
  }

  T& Add() {
    if (count_ == all_.size()) all_.emplace_back();
    return all_[count_++];
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  // Requires: index < count().
  [[nodiscard]] const T& operator[](std::size_t index) const { return all_[index]; }

 private:
  std::vector<T>& all_;
  std::size_t count_ = 0;
};

// A std::map from text. As long as keys come in the order in which the map has them already,
// its nodes are kept; from the first other key on, the rest is made anew.
template <typename Map>
class RefillMap {
 public:
  explicit RefillMap(Map& map) : map_(map), next_(map.begin()) {}
  RefillMap(const RefillMap&) = delete;
  RefillMap& operator=(const RefillMap&) = delete;
  ~RefillMap() { map_.erase(next_, map_.end()); }

  // The place of the key's value, which may hold what was there before; false: the key was
  // added before.
  std::pair<typename Map::mapped_type*, bool> Add(std::string_view key) {
    if (next_ != map_.end() && next_->first == key) return {&(next_++)->second, true};
    map_.erase(next_, map_.end());
    next_ = map_.end();
    const auto [entry, is_new] = map_.try_emplace(std::string(key));
    return {&entry->second, is_new};
  }

 private:
  Map& map_;
  typename Map::iterator next_;
};

}  // namespace kelpie::trace
