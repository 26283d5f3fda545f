// Values given numbers: equal values have one number, and one object. So have their parts one object, so that equal
// values are seen to be equal by looking at pointers, and what many values have in common is there once.
//
//   ValueTable table;
//   std::uint32_t id = table.Intern(value);     table.value(id) is the object all users share
//
// A shared table freezes its values (checker/eval/value.h), so that several threads may read them, and call Find and
// value() while none interns. Memory: one entry a distinct value, and one a distinct part; none is dropped before the
// table. Cost: O(1) probes, each a comparison of hashes; one comparison of values on a hit.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "checker/eval/value.h"
#include "checker/eval/value_order.h"
#include "checker/explore/large_memory.h"

namespace kelpie::explore {

class ValueTable {
 public:
  // `gives_numbers`: objects know their number, so that finding it takes no look at the table. One thread at a time may
  // intern in such tables, whichever they are.
  explicit ValueTable(bool is_shared = false, bool gives_numbers = false)
      : is_shared_(is_shared), name_(gives_numbers ? NextName() : 0), buckets_(1024), part_buckets_(1024) {}

  [[nodiscard]] std::uint32_t Intern(const eval::Value& value) {
    if (const std::uint32_t known = QuickFind(value); known != eval::Value::kNoNumber) return known;
    const std::uint64_t hash = value.hash();
    for (std::size_t i = hash & (buckets_.size() - 1);; i = (i + 1) & (buckets_.size() - 1)) {
      const Bucket& bucket = buckets_[i];
      if (bucket.id == kEmpty) return Add(i, hash, value);
      if (bucket.tag == TagOf(hash) && eval::Same(entries_[bucket.id].value, value)) return bucket.id;
    }
  }
  // The number of a value that has one already.
  [[nodiscard]] std::optional<std::uint32_t> Find(const eval::Value& value) const {
    if (const std::uint32_t known = QuickFind(value); known != eval::Value::kNoNumber) return known;
    if (PlaceOf(value) < scalars_.size()) return std::nullopt;
    const std::uint64_t hash = value.hash();
    for (std::size_t i = hash & (buckets_.size() - 1);; i = (i + 1) & (buckets_.size() - 1)) {
      const Bucket& bucket = buckets_[i];
      if (bucket.id == kEmpty) return std::nullopt;
      if (bucket.tag == TagOf(hash) && eval::Same(entries_[bucket.id].value, value)) return bucket.id;
    }
  }
  // The number of a collection that need not be made: is_it(known value) tells it from others of its hash.
  template <typename IsIt>
  [[nodiscard]] std::optional<std::uint32_t> FindBy(std::uint64_t hash, const IsIt& is_it) const {
    for (std::size_t i = hash & (buckets_.size() - 1);; i = (i + 1) & (buckets_.size() - 1)) {
      const Bucket& bucket = buckets_[i];
      if (bucket.id == kEmpty) return std::nullopt;
      if (bucket.tag == TagOf(hash) && is_it(entries_[bucket.id].value)) return bucket.id;
    }
  }
  // So that memory has what FindBy looks at when it does: one after the other, for many hashes at a time.
  void Expect(std::uint64_t hash) const { __builtin_prefetch(&buckets_[hash & (buckets_.size() - 1)]); }
  void ExpectEntry(std::uint64_t hash) const {
    const Bucket& bucket = buckets_[hash & (buckets_.size() - 1)];
    if (bucket.id != kEmpty) __builtin_prefetch(&entries_[bucket.id]);
  }
  void ExpectObject(std::uint64_t hash) const {
    const Bucket& bucket = buckets_[hash & (buckets_.size() - 1)];
    if (bucket.id == kEmpty || bucket.tag != TagOf(hash)) return;
    const auto* object = reinterpret_cast<const char*>(entries_[bucket.id].value.Identity());
    constexpr std::size_t kLine = 64;
    for (std::size_t line = 0; line < 3; ++line) __builtin_prefetch(object + line * kLine);
  }
  [[nodiscard]] const eval::Value& value(std::uint32_t id) const { return entries_[id].value; }
  [[nodiscard]] std::uint64_t hash(std::uint32_t id) const { return entries_[id].hash; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  // Of the table, its values and their parts.
  [[nodiscard]] std::size_t memory_bytes() const {
    return block_bytes_ + (buckets_.capacity() + part_buckets_.capacity()) * sizeof(Bucket) +
           entries_.capacity() * sizeof(Entry) + parts_.capacity() * sizeof(eval::Value);
  }

 private:
  static constexpr std::uint32_t kEmpty = UINT32_MAX;
  struct Entry {
    eval::Value value;
    std::uint64_t hash;
  };
  // The tag spares a look at the entry, which is seldom near.
  struct Bucket {
    std::uint32_t id = kEmpty;
    std::uint32_t tag = 0;
  };
  // Tables of one process have names, to tell whose number an object has; 0 is nobody's, and that of all tables when
  // there were too many.
  static std::uint16_t NextName() {
    static std::atomic<std::uint32_t> count = 0;
    const std::uint32_t name = ++count;
    return name <= UINT16_MAX ? static_cast<std::uint16_t>(name) : 0;
  }
  // Of a small scalar; of all others no place there is.
  static std::uint64_t PlaceOf(const eval::Value& value) {
    const bool is_small = value.kind() < eval::ValueKind::kSet && value.Identity() < kScalarsMax / 8;
    return is_small ? value.Identity() * 8 + static_cast<std::uint64_t>(value.kind()) : UINT64_MAX;
  }
  // Without a look at the table: by the number that the object has, or a small scalar's place.
  [[nodiscard]] std::uint32_t QuickFind(const eval::Value& value) const {
    if (value.kind() >= eval::ValueKind::kSet) return name_ == 0 ? kEmpty : value.NumberIn(name_);
    const std::uint64_t place = PlaceOf(value);
    return place < scalars_.size() ? scalars_[place] : kEmpty;
  }
  static std::uint32_t TagOf(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  std::uint32_t Add(std::size_t bucket, std::uint64_t hash, const eval::Value& value) {
    const auto id = static_cast<std::uint32_t>(entries_.size());
    value.ShareParts([this](eval::Value& part) { SharePart(part); });
    if (value.kind() >= eval::ValueKind::kSet) {
      if (name_ != 0) value.SetNumber(name_, id);
    } else if (const std::uint64_t place = PlaceOf(value); place < kScalarsMax) {
      if (place >= scalars_.size()) scalars_.resize(std::min(place * 2 + 64, kScalarsMax), kEmpty);
      scalars_[place] = id;
    }
    if (is_shared_) frozen_.Freeze(value);
    block_bytes_ += value.BlockBytes();
    entries_.push_back({value, hash});
    buckets_[bucket] = {id, TagOf(hash)};
    if (entries_.size() * 2 > buckets_.size())
      Grow(buckets_, entries_.size(), [this](std::size_t i) { return entries_[i].hash; });
    return id;
  }
  void SharePart(eval::Value& part) {
    const std::uint64_t hash = part.hash();
    std::size_t i = hash & (part_buckets_.size() - 1);
    for (; part_buckets_[i].id != kEmpty; i = (i + 1) & (part_buckets_.size() - 1)) {
      const eval::Value& known = parts_[part_buckets_[i].id];
      if (part_buckets_[i].tag != TagOf(hash) || !eval::Same(known, part)) continue;
      if (!known.is_same_object(part)) part = known;
      return;
    }
    part.ShareParts([this](eval::Value& inner) { SharePart(inner); });
    // Inner parts may have made the table larger.
    for (i = hash & (part_buckets_.size() - 1); part_buckets_[i].id != kEmpty;)
      i = (i + 1) & (part_buckets_.size() - 1);
    part_buckets_[i] = {static_cast<std::uint32_t>(parts_.size()), TagOf(hash)};
    parts_.push_back(part);
    block_bytes_ += part.BlockBytes();
    if (parts_.size() * 2 > part_buckets_.size())
      Grow(part_buckets_, parts_.size(), [this](std::size_t k) { return parts_[k].hash(); });
  }
  template <typename HashOf>
  static void Grow(LargeVector<Bucket>& buckets, std::size_t count, const HashOf& hash_of) {
    LargeVector<Bucket> larger(buckets.size() * 2);
    for (std::uint32_t id = 0; id < count; ++id) {
      const std::uint64_t hash = hash_of(id);
      std::size_t i = hash & (larger.size() - 1);
      while (larger[i].id != kEmpty) i = (i + 1) & (larger.size() - 1);
      larger[i] = {id, TagOf(hash)};
    }
    buckets = std::move(larger);
  }

  static constexpr std::uint64_t kScalarsMax = std::uint64_t{1} << 16;

  bool is_shared_;
  const std::uint16_t name_;
  std::size_t block_bytes_ = 0;         // of values and parts
  std::vector<std::uint32_t> scalars_;  // by PlaceOf
  eval::FrozenValues frozen_;           // outlives the entries
  LargeVector<Bucket> buckets_;
  LargeVector<Entry> entries_;
  LargeVector<Bucket> part_buckets_;
  LargeVector<eval::Value> parts_;
};

}  // namespace kelpie::explore
