// The states that an exploration found, whole, in the order they were found.
//
//   StateStore store(variable_count);
//   StateStore::Probe probe;
//   if (!store.Find(probe, state, parent, &parent_state)) ... probe.row ... store.Add(probe, state, parent, level);
//
// A state is a row of numbers of interned values (value_table.h): states are compared exactly, by
// comparing rows. Memory: 4 bytes a variable and 24 to 40 bytes a state, and each distinct value once.
// Cost of Find: O(variables) for those that differ from the parent's.
// Threads: while none adds, several may find and read, each with a probe of its own, if the store is shared.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/eval/eval_error.h"
#include "checker/explore/large_memory.h"
#include "checker/explore/predicate_memo.h"
#include "checker/explore/value_table.h"

namespace kelpie::explore {

inline constexpr std::uint32_t kNoParent = UINT32_MAX;

[[nodiscard]] inline eval::EvalError ErrorOf(const SpillFailure& failure) {
  return {eval::ErrorKind::kFile, failure.what(), {}, "give --spill a directory with more room", {}};
}

// The distinct states in the order they were found, with who found them.
class StateStore {
 public:
  explicit StateStore(std::size_t width, bool is_shared = false)
      : width_(width),
        values_(is_shared, true),
        rows_(LargeAllocator<std::uint32_t>(&memory_)),
        key_rows_(LargeAllocator<std::uint32_t>(&memory_)),
        nodes_(LargeAllocator<Node>(&memory_)),
        buckets_(1024, LargeAllocator<Bucket>(&memory_)) {}
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;

  // What was looked for last, and where it belongs.
  struct Probe {
    std::vector<std::uint32_t> row;      // numbers of the state's values; kNoNumber: the value never came up
    std::vector<std::uint32_t> key_row;  // the same of its key, where there are keys
    std::uint32_t tag = 0;
    std::size_t bucket = 0;
    std::uint32_t found = kNoParent;  // the state
  };

  // Is the state, which is its own key, known? `parent_state` is the state of `parent`: what is the same object there
  // has its number already.
  bool Find(Probe& probe, const eval::State& state, std::uint32_t parent, const eval::State* parent_state) const {
    return NumberRow(probe, state, parent, parent_state) && Locate(probe, probe.row, false);
  }
  // Is there a state of this row, which is complete and its own key? Rows that are looked for at a time are told twice
  // before, so that memory has what is looked at when it is: first all of them by Expect, then by ExpectRow.
  [[nodiscard]] bool HasRow(std::span<const std::uint32_t> row, std::uint32_t tag) const {
    for (std::size_t bucket = tag & (buckets_.size() - 1); buckets_[bucket].state != kNoParent;
         bucket = (bucket + 1) & (buckets_.size() - 1)) {
      if (buckets_[bucket].tag == tag && IsRow(rows_, buckets_[bucket].state, row)) return true;
    }
    return false;
  }
  void Expect(std::uint32_t tag) const { __builtin_prefetch(&buckets_[tag & (buckets_.size() - 1)]); }
  void ExpectRow(std::uint32_t tag) const {
    const Bucket& bucket = buckets_[tag & (buckets_.size() - 1)];
    if (bucket.state != kNoParent) __builtin_prefetch(rows_.data() + bucket.state * width_);
  }
  static std::uint32_t TagOf(std::span<const std::uint32_t> row) {
    std::uint64_t hash = row.size();
    for (const std::uint32_t id : row) hash = (hash ^ id) * 0x9e3779b97f4a7c15ULL + (hash >> 29);
    return static_cast<std::uint32_t>(hash >> 32);
  }
  // The same as Find, and what is equal to a value of the store becomes that object.
  bool FindShared(Probe& probe, eval::State& state, std::uint32_t parent, const eval::State* parent_state) const {
    bool is_numbered = NumberRow(probe, state, parent, parent_state);
    for (std::size_t slot = 0; slot < width_; ++slot) {
      if (probe.row[slot] == kNoNumber) continue;
      const eval::Value& shared = values_.value(probe.row[slot]);
      if (!shared.is_same_object(state[slot])) state[slot] = shared;
    }
    return is_numbered && Locate(probe, probe.row, false);
  }
  // Is a state of this key known?
  bool FindKey(Probe& probe, const eval::State& state, const eval::State& key, std::uint32_t parent,
               const eval::State* parent_state) const {
    (void)NumberRow(probe, state, parent, parent_state);
    bool is_numbered = true;
    probe.key_row.resize(key.size());
    for (std::size_t i = 0; i < key.size(); ++i) {
      probe.key_row[i] = values_.Find(key[i]).value_or(kNoNumber);
      is_numbered = is_numbered && probe.key_row[i] != kNoNumber;
    }
    return is_numbered && Locate(probe, probe.key_row, true);
  }
  // Adds what the probe found not to be known, with nothing added in between.
  void Add(Probe& probe, const eval::State& state, std::uint32_t parent, std::uint32_t level) {
    NumberRest(probe.row, state);
    (void)Locate(probe, probe.row, false);
    Insert(probe, parent, level);
  }
  void AddKeyed(Probe& probe, const eval::State& state, const eval::State& key, std::uint32_t parent,
                std::uint32_t level) {
    NumberRest(probe.row, state);
    NumberRest(probe.key_row, key);
    (void)Locate(probe, probe.key_row, true);
    Insert(probe, parent, level);
    key_rows_.insert(key_rows_.end(), probe.key_row.begin(), probe.key_row.end());
  }
  // Both in one: true when no state of that key was known; null: the state itself.
  bool Put(Probe& probe, const eval::State& state, const eval::State* key, std::uint32_t parent,
           const eval::State* parent_state, std::uint32_t level) {
    if (key == nullptr) {
      if (Find(probe, state, parent, parent_state)) return false;
      Add(probe, state, parent, level);
    } else {
      if (FindKey(probe, state, *key, parent, parent_state)) return false;
      AddKeyed(probe, state, *key, parent, level);
    }
    return true;
  }
  // The numbers of a state's values.
  [[nodiscard]] std::span<const std::uint32_t> row(std::uint32_t i) const {
    return {rows_.data() + i * width_, width_};
  }

  // Of states and values, the same in every run; what lies in files does not count.
  [[nodiscard]] std::size_t memory_bytes() const {
    return values_.memory_bytes() + TableBytes(rows_) + TableBytes(key_rows_) + TableBytes(nodes_) +
           TableBytes(buckets_);
  }
  [[nodiscard]] std::size_t spilled_bytes() const { return memory_.file_bytes(); }
  [[nodiscard]] bool is_in_files() const { return memory_.is_in_files(); }
  // Tables that are large, or become so, lie in files of this directory from now on: the system keeps of them in memory
  // what there is room for. Values stay in memory. An error: it cannot be. Later SpillFailure may be thrown by Add.
  [[nodiscard]] std::optional<eval::EvalError> MoveToFiles(const std::string& directory);

  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] std::size_t value_count() const { return values_.size(); }
  [[nodiscard]] eval::State state(std::uint32_t i) const {
    eval::State state;
    state.reserve(width_);
    for (std::size_t slot = 0; slot < width_; ++slot) state.push_back(values_.value(rows_[i * width_ + slot]));
    return state;
  }
  [[nodiscard]] const eval::Value& value(std::uint32_t number) const { return values_.value(number); }
  // kNoNumber: it has none.
  [[nodiscard]] std::uint32_t NumberOf(const eval::Value& value) const {
    return values_.Find(value).value_or(kNoNumber);
  }
  [[nodiscard]] const ValueTable& values() const { return values_; }
  // The same of a collection that is not made: by its hash, and is_it(a value of that hash).
  template <typename IsIt>
  [[nodiscard]] std::uint32_t NumberBy(std::uint64_t hash, const IsIt& is_it) const {
    return values_.FindBy(hash, is_it).value_or(kNoNumber);
  }
  // The first `level` states on the way to a state that is at least at that level.
  [[nodiscard]] std::vector<eval::State> BehaviorTo(std::uint32_t i, std::uint64_t level) const {
    std::vector<eval::State> states(level);
    for (std::uint32_t at = i; level > 0 && at != kNoParent; at = parent(at)) {
      if (this->level(at) <= level) states[this->level(at) - 1] = state(at);
    }
    return states;
  }
  [[nodiscard]] std::uint32_t parent(std::uint32_t i) const { return nodes_[i].parent; }
  [[nodiscard]] std::uint32_t level(std::uint32_t i) const { return nodes_[i].level; }

 private:
  struct Bucket {
    std::uint32_t state = kNoParent;
    std::uint32_t tag = 0;
  };
  struct Node {
    std::uint32_t parent;
    std::uint32_t level;
  };

  template <typename T>
  [[nodiscard]] std::size_t TableBytes(const LargeVector<T>& table) const {
    const std::size_t bytes = table.capacity() * sizeof(T);
    return memory_.is_in_files() && bytes >= LargeAllocator<T>::kSmallBytes ? 0 : bytes;
  }
  template <typename T>
  void Move(LargeVector<T>& table) {
    LargeVector<T> moved(LargeAllocator<T>{&memory_});
    moved.reserve(table.capacity());
    moved.assign(table.begin(), table.end());
    table.swap(moved);
  }

  // False: a value has no number.
  bool NumberRow(Probe& probe, const eval::State& state, std::uint32_t parent, const eval::State* parent_state) const {
    bool is_numbered = true;
    probe.row.resize(width_);
    for (std::size_t slot = 0; slot < width_; ++slot) {
      if (parent_state != nullptr && state[slot].is_same_object((*parent_state)[slot])) {
        probe.row[slot] = rows_[parent * width_ + slot];
        continue;
      }
      probe.row[slot] = values_.Find(state[slot]).value_or(kNoNumber);
      is_numbered = is_numbered && probe.row[slot] != kNoNumber;
    }
    return is_numbered;
  }
  void NumberRest(std::vector<std::uint32_t>& row, const eval::State& state) {
    for (std::size_t slot = 0; slot < row.size(); ++slot) {
      if (row[slot] == kNoNumber) row[slot] = values_.Intern(state[slot]);
    }
  }
  // Is there a state of these numbers? If not, the probe's bucket is where it belongs.
  bool Locate(Probe& probe, const std::vector<std::uint32_t>& identity, bool is_key) const {
    probe.tag = TagOf(identity);
    std::size_t bucket = probe.tag & (buckets_.size() - 1);
    for (; buckets_[bucket].state != kNoParent; bucket = (bucket + 1) & (buckets_.size() - 1)) {
      const Bucket& known = buckets_[bucket];
      if (known.tag != probe.tag || !IsRow(is_key ? key_rows_ : rows_, known.state, identity)) continue;
      probe.found = known.state;
      return true;
    }
    probe.bucket = bucket;
    return false;
  }
  void Insert(Probe& probe, std::uint32_t parent, std::uint32_t level) {
    probe.found = static_cast<std::uint32_t>(nodes_.size());
    buckets_[probe.bucket] = {probe.found, probe.tag};
    nodes_.push_back({parent, level});
    rows_.insert(rows_.end(), probe.row.begin(), probe.row.end());
    if (nodes_.size() * 2 > buckets_.size()) Grow();
  }
  [[nodiscard]] static bool IsRow(const LargeVector<std::uint32_t>& rows, std::uint32_t i,
                                  std::span<const std::uint32_t> row) {
    return std::equal(row.begin(), row.end(), rows.data() + i * row.size());
  }
  void Grow() {
    LargeVector<Bucket> larger(buckets_.size() * 2, LargeAllocator<Bucket>(&memory_));
    for (const Bucket& known : buckets_) {
      if (known.state == kNoParent) continue;
      std::size_t bucket = known.tag & (larger.size() - 1);
      while (larger[bucket].state != kNoParent) bucket = (bucket + 1) & (larger.size() - 1);
      larger[bucket] = known;
    }
    buckets_ = std::move(larger);
  }

  std::size_t width_;
  LargeMemory memory_;
  ValueTable values_;
  LargeVector<std::uint32_t> rows_;      // by state: the numbers of its values
  LargeVector<std::uint32_t> key_rows_;  // beside rows_, where keys are not the states
  LargeVector<Node> nodes_;
  LargeVector<Bucket> buckets_;
};

inline std::optional<eval::EvalError> StateStore::MoveToFiles(const std::string& directory) {
  memory_.MoveToFiles(directory);
  try {
    Move(rows_);
    Move(key_rows_);
    Move(nodes_);
    Move(buckets_);
    return std::nullopt;
  } catch (const SpillFailure& failure) {
    memory_.MoveToFiles("");
    return ErrorOf(failure);
  }
}

}  // namespace kelpie::explore
