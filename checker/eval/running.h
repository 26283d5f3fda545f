// What TLCGet tells of an exploration while it runs, and what TLCSet asks of it.
//
//   options.running = std::make_shared<RunningExploration>();
//   options.running->LookAt(3);     // before a state of level 3 is looked at: TLCGet("level") is 3 there
//   if (options.running->is_exit_wanted) ...
//
// Names, and what is counted when, are those of TLC with one worker (tests/testdata/README.md). Threads: read and
// written where effects are seen, by one worker.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "checker/eval/value.h"

namespace kelpie::eval {

struct RunningExploration {
  // Levels of the state that is looked at and of the one that primes mean. Initial states have level 1; 0 is no state:
  // an assumption, an initial predicate, a postcondition. Nothing: there is a state, and nobody knows its level.
  std::optional<std::uint64_t> level = 0;
  std::optional<std::uint64_t> next_level = 0;
  std::uint64_t diameter = 1;  // the greatest level so far
  std::uint64_t distinct_count = 0;
  std::uint64_t generated_count = 0;
  std::uint64_t initial_count = 0;
  std::uint64_t queue_count = 0;
  std::optional<std::uint64_t> behavior_count;  // of a simulation: those that are over; absent: not a simulation
  bool is_exit_wanted = false;                  // TLCSet("exit", TRUE)

  // The first states of the behavior that is looked at, up to that level; absent: nobody knows. Cost: O(states).
  std::function<std::vector<State>(std::uint64_t level)> behavior;
  std::function<std::vector<State>()> counterexample;  // all of it, while its ALIAS is evaluated
  std::function<std::optional<std::uint32_t>(std::string_view name)> slot_of;  // beside counterexample
  Value config;                           // TLCGet("config")
  std::function<Value()> spec;            // TLCGet("spec"); absent: refused
  std::function<std::int64_t()> seconds;  // since the beginning; absent: none. All else is the same in each run

  // A state of this level is looked at, and steps that lead to the next.
  void LookAt(std::uint64_t at) {
    level = at;
    next_level = at == 0 ? 0 : at + 1;
  }
  void LookAtUnknown() { level = next_level = std::nullopt; }
};

}  // namespace kelpie::eval
