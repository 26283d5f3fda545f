// True time and what happens next: a queue of things to do, in one thread.
//
//   World world;
//   world.Schedule(world.now_ms() + 5, [&] { Deliver(); });
//   while (world.RunNext()) {}
//
// Two things due at the same millisecond happen in the order in which they were scheduled.
// Also counts what happened, for the run's limit and for its summary.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace kelpie::sim {

// What the world did, over a whole run.
struct FaultCounts {
  std::uint64_t requests_lost = 0;
  std::uint64_t replies_lost = 0;
  std::uint64_t late = 0;       // requests that were sent on a very slow way
  std::uint64_t reordered = 0;  // messages that overtook an earlier one of their direction
  std::uint64_t pauses = 0;
  std::uint64_t held = 0;  // inputs that waited for the end of a pause
  std::uint64_t crashes = 0;
  std::uint64_t restarts = 0;
  std::uint64_t to_the_dead = 0;  // messages that found no process, or a newer one
  friend bool operator==(const FaultCounts&, const FaultCounts&) = default;
};

class World {
 public:
  using Task = std::function<void()>;

  [[nodiscard]] std::int64_t now_ms() const { return now_ms_; }
  // Requires: at_ms >= now_ms().
  void Schedule(std::int64_t at_ms, Task task);
  // Moves time to the next task and does it. False: nothing is left. O(log tasks).
  bool RunNext();

  // A step is one input to one machine, or one fault.
  void CountStep() { ++steps_; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  FaultCounts& faults() { return faults_; }
  [[nodiscard]] const FaultCounts& faults() const { return faults_; }

 private:
  struct Entry {
    std::int64_t at_ms;
    std::uint64_t order;
    Task task;
    // std::priority_queue gives the largest first.
    friend bool operator<(const Entry& a, const Entry& b) {
      return a.at_ms != b.at_ms ? a.at_ms > b.at_ms : a.order > b.order;
    }
  };

  std::int64_t now_ms_ = 0;
  std::uint64_t scheduled_ = 0;
  std::uint64_t steps_ = 0;
  FaultCounts faults_;
  std::priority_queue<Entry> queue_;
};

}  // namespace kelpie::sim
