#include "impl/sim/faults.h"

#include <algorithm>

namespace kelpie::sim {

FaultOptions Swarm(Random random, std::int64_t ttl_ms, std::int64_t rho_per_thousand, bool clock_fault) {
  // Off in one run of five.
  const auto drawn = [&random](std::int64_t low, std::int64_t high) {
    const std::int64_t value = random.Between(low, high);
    return random.Chance(200) ? std::int64_t{0} : value;
  };
  FaultOptions faults;
  faults.rho_per_thousand = rho_per_thousand;
  faults.pivot_ms = ttl_ms;
  faults.clock_fault = clock_fault;
  faults.drift = !random.Chance(100);
  faults.drift_extreme_per_thousand = random.Between(300, 1000);
  faults.drift_segment_ms_max = random.Between(1, 6 * ttl_ms);
  faults.delay_ms_min = 1;
  faults.delay_ms_max = random.Between(2, std::max<std::int64_t>(3, ttl_ms / 25));
  faults.reorder = !random.Chance(200);
  faults.request_loss_per_thousand = drawn(5, 40);
  faults.reply_loss_per_thousand = drawn(5, 40);
  faults.late_per_thousand = drawn(10, 50);
  faults.late_ms_min = std::max<std::int64_t>(1, ttl_ms / 5);
  faults.late_ms_max = random.Between(ttl_ms, 3 * ttl_ms);
  faults.pause_gap_ms = drawn(ttl_ms, 4 * ttl_ms);
  faults.pause_ms_max = random.Between(ttl_ms, 3 * ttl_ms);
  faults.crash_gap_ms = drawn(2 * ttl_ms, 8 * ttl_ms);
  faults.down_ms_max = random.Between(ttl_ms, 3 * ttl_ms);
  faults.sync_failure_per_thousand = drawn(5, 40);
  faults.power_failure_per_thousand = random.Between(200, 1000);
  faults.disk_full_gap_ms = drawn(2 * ttl_ms, 8 * ttl_ms);
  return faults;
}

FaultOptions NoFaults(std::int64_t rho_per_thousand) {
  FaultOptions faults;
  faults.rho_per_thousand = rho_per_thousand;
  faults.drift = false;
  faults.delay_ms_max = 1;
  faults.reorder = false;
  faults.request_loss_per_thousand = 0;
  faults.reply_loss_per_thousand = 0;
  faults.late_per_thousand = 0;
  faults.pause_gap_ms = 0;
  faults.crash_gap_ms = 0;
  faults.sync_failure_per_thousand = 0;
  faults.disk_full_gap_ms = 0;
  return faults;
}

}  // namespace kelpie::sim
