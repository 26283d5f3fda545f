// What may go wrong in a simulated world, and how often. One options struct for all of it.
//
//   FaultOptions faults = Swarm(Random(seed).Split("swarm"), ttl_ms, rho);
//   faults.pause_gap_ms = 0;   // no pauses in this run
//
// THE ENVELOPE. A correct cluster stays correct under any mix of these, and the judge says
// *conforms*:
//   clocks      every node's clock runs at a whole rate per thousand within 1000 +- rho, at
//               every millisecond; it never jumps and goes on through pauses and crashes;
//   messages    to and from the store are delayed, reordered, lost, or delivered very late,
//               each at most once (the path is a connection, not datagrams);
//   processes   pause for any time with inputs held, crash with all memory lost, and restart
//               as a new incarnation, at most one process of a node at a time;
//   the store   is one linearizable service that loses nothing;
//   disks       keep what was synced; of the rest a loss of power takes any part; syncs fail and lose what they
//   covered;
//               they are full for a while.
// OUTSIDE: a rate beyond rho, a jump of a monotonic clock, a duplicated message, two processes
// of one node, a store that forgets. Only `clock_fault` produces one of those, and only when it
// is asked for: then two nodes may believe at once, and fencing must hold all the same.
//
// Every fault kind is off when its rate is 0. All draws are integers.
#pragma once

#include <cstdint>

#include "impl/sim/random.h"

namespace kelpie::sim {

struct FaultOptions {
  // Clocks.
  std::int64_t rho_per_thousand = 50;             // the bound itself
  bool drift = true;                              // off: every clock runs at exactly 1000
  std::int64_t drift_extreme_per_thousand = 700;  // how often a rate is one of the two bounds
  std::int64_t drift_segment_ms_max = 4000;       // a rate stays for 1..this many ms
  bool clock_fault = false;  // outside the envelope: clocks stand still or run at twice the rate for a while

  // Messages, each direction separately.
  std::int64_t delay_ms_min = 1;
  std::int64_t delay_ms_max = 12;
  bool reorder = true;  // off: messages of one direction between two endpoints keep their order
  std::int64_t request_loss_per_thousand = 15;
  std::int64_t reply_loss_per_thousand = 15;
  std::int64_t late_per_thousand = 20;  // a request that lands late_ms_min..late_ms_max after it was sent
  std::int64_t late_ms_min = 200;
  std::int64_t late_ms_max = 3000;

  // Processes. A gap of 0 switches the kind off; else the next one comes 1..2*gap ms after
  // the last one of that node ended.
  std::int64_t pause_gap_ms = 2500;
  std::int64_t pause_ms_max = 2500;
  std::int64_t crash_gap_ms = 6000;
  std::int64_t down_ms_max = 2500;
  // Disks.
  std::int64_t sync_failure_per_thousand = 15;
  std::int64_t power_failure_per_thousand = 600;  // of crashes: the machine's power is gone, too
  std::int64_t disk_full_gap_ms = 4000;           // 0: it is never full

  std::int64_t pivot_ms = 1000;  // the TTL: half of all pauses end close to it, where mistakes show
};

// Draws a mix: each kind of fault is off in about one run of five, the others get an intensity
// of their own, so that rare combinations and long quiet stretches both occur.
[[nodiscard]] FaultOptions Swarm(Random random, std::int64_t ttl_ms, std::int64_t rho_per_thousand,
                                 bool clock_fault = false);

// Nothing goes wrong: exact clocks, one millisecond each way.
[[nodiscard]] FaultOptions NoFaults(std::int64_t rho_per_thousand);

}  // namespace kelpie::sim
