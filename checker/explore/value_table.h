// Values given numbers: equal values have one number, and one object.
//
//   ValueTable table;
//   std::uint32_t id = table.Intern(value);     table.value(id) is the object all users share
//
// A shared table freezes its values (checker/eval/value.h), so that several threads may read them, and call Find and
// value() while none interns. Memory: one entry a distinct value; values are never dropped before the table.
// Cost: O(1) probes, each a comparison of hashes; one comparison of values on a hit.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/eval/value.h"
#include "checker/eval/value_order.h"

namespace kelpie::explore {

class ValueTable {
 public:
  explicit ValueTable(bool is_shared = false) : is_shared_(is_shared), buckets_(1024, kEmpty) {}

  [[nodiscard]] std::uint32_t Intern(const eval::Value& value) {
    const std::uint64_t hash = value.hash();
    for (std::size_t i = hash & (buckets_.size() - 1);; i = (i + 1) & (buckets_.size() - 1)) {
      const std::uint32_t id = buckets_[i];
      if (id == kEmpty) return Add(i, hash, value);
      if (entries_[id].hash == hash && eval::Same(entries_[id].value, value)) return id;
    }
  }
  // The number of a value that has one already.
  [[nodiscard]] std::optional<std::uint32_t> Find(const eval::Value& value) const {
    const std::uint64_t hash = value.hash();
    for (std::size_t i = hash & (buckets_.size() - 1);; i = (i + 1) & (buckets_.size() - 1)) {
      const std::uint32_t id = buckets_[i];
      if (id == kEmpty) return std::nullopt;
      if (entries_[id].hash == hash && eval::Same(entries_[id].value, value)) return id;
    }
  }
  [[nodiscard]] const eval::Value& value(std::uint32_t id) const { return entries_[id].value; }
  [[nodiscard]] std::uint64_t hash(std::uint32_t id) const { return entries_[id].hash; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  static constexpr std::uint32_t kEmpty = UINT32_MAX;
  struct Entry {
    eval::Value value;
    std::uint64_t hash;
  };

  std::uint32_t Add(std::size_t bucket, std::uint64_t hash, const eval::Value& value) {
    const auto id = static_cast<std::uint32_t>(entries_.size());
    if (is_shared_) frozen_.Freeze(value);
    entries_.push_back({value, hash});
    buckets_[bucket] = id;
    if (entries_.size() * 2 > buckets_.size()) Grow();
    return id;
  }
  void Grow() {
    std::vector<std::uint32_t> larger(buckets_.size() * 2, kEmpty);
    for (std::uint32_t id = 0; id < entries_.size(); ++id) {
      std::size_t i = entries_[id].hash & (larger.size() - 1);
      while (larger[i] != kEmpty) i = (i + 1) & (larger.size() - 1);
      larger[i] = id;
    }
    buckets_ = std::move(larger);
  }

  bool is_shared_;
  eval::FrozenValues frozen_;  // outlives the entries
  std::vector<std::uint32_t> buckets_;
  std::vector<Entry> entries_;
};

}  // namespace kelpie::explore
