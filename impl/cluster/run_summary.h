// What happened in one run: the situations in which a mistake would show, counted.
//
//   RunSummary summary = cluster.Run();
//   if (summary.takeovers == 0) ...  // the run proved little
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "impl/sim/world.h"

namespace kelpie::cluster {

struct RunSummary {
  std::uint64_t steps = 0;    // inputs to machines, and faults
  std::uint64_t events = 0;   // written to the trace
  std::uint64_t true_ms = 0;  // simulated time
  sim::FaultCounts faults;

  std::uint64_t opens = 0;  // sessions opened
  std::uint64_t renewals = 0;
  std::uint64_t grants = 0;
  std::uint64_t takeovers = 0;  // grants over a lease that another node's row still named
  std::uint64_t releases = 0;
  std::uint64_t writes = 0;
  std::uint64_t fenced_writes = 0;     // refused at the store
  std::uint64_t refusals = 0;          // transactions refused, fenced writes included
  std::uint64_t unknown_outcomes = 0;  // transactions returned as unknown
  std::uint64_t unknown_commits = 0;   // of these, committed all the same, before or after
  std::uint64_t late_landings = 0;     // decided after their process had given them up, or died
  std::uint64_t stale_replies = 0;     // came after the process had given up
  std::uint64_t lapses = 0;            // sessions that ran out and were renewed afterwards
  std::uint64_t invocations = 0;
  std::uint64_t invocations_refused = 0;  // not served at the node that was asked
  std::uint64_t requests_under_way_max = 0;
  friend bool operator==(const RunSummary&, const RunSummary&) = default;
};

// Every count by name, in the order above: for text, JSON and tests.
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> Named(const RunSummary& summary);

}  // namespace kelpie::cluster
