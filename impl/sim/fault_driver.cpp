#include "impl/sim/fault_driver.h"

#include <algorithm>
#include <utility>

#include "impl/env/check.h"

namespace kelpie::sim {

void FaultDriver::Drive(Host& host, ProcessHooks hooks) {
  auto driven = std::make_unique<Driven>(Driven{&host, std::move(hooks), random_.Split(host.node())});
  Driven& kept = *driven;
  const bool inserted = driven_.emplace(host.node(), std::move(driven)).second;
  IMPL_CHECK(inserted, host.node() + " is driven twice");
  if (faults_.pause_gap_ms > 0) PlanPause(kept);
  if (faults_.crash_gap_ms > 0) PlanCrash(kept);
}

std::int64_t FaultDriver::DrawPauseMs(Random& random) const {
  const std::int64_t pivot = faults_.pivot_ms;
  if (random.Chance(500)) return random.Between(std::max<std::int64_t>(1, pivot * 7 / 10), pivot * 13 / 10 + 1);
  return random.Between(1, std::max<std::int64_t>(1, faults_.pause_ms_max));
}

void FaultDriver::PlanPause(Driven& driven) {
  world_.Schedule(world_.now_ms() + driven.random.Between(1, 2 * faults_.pause_gap_ms),
                  [this, &driven] { PauseNow(driven); });
}

void FaultDriver::PauseNow(Driven& driven) {
  if (is_stopped_) return;
  if (!driven.host->alive() || driven.host->paused()) {
    PlanPause(driven);
    return;
  }
  ++world_.faults().pauses;
  world_.CountStep();
  driven.host->Pause();
  const std::uint64_t pause = ++driven.pause_count;
  world_.Schedule(world_.now_ms() + DrawPauseMs(driven.random), [this, &driven, pause] {
    if (pause == driven.pause_count && driven.host->alive() && driven.host->paused()) driven.host->Resume();
    PlanPause(driven);
  });
}

void FaultDriver::PlanCrash(Driven& driven) {
  world_.Schedule(world_.now_ms() + driven.random.Between(1, 2 * faults_.crash_gap_ms),
                  [this, &driven] { CrashNow(driven); });
}

void FaultDriver::CrashNow(Driven& driven) {
  if (is_stopped_) return;
  ++world_.faults().crashes;
  world_.CountStep();
  ++driven.pause_count;
  // The kill is told first: what the dead process leaves behind is lost because of it.
  if (driven.hooks.crashed) driven.hooks.crashed();
  driven.host->Crash();
  world_.Schedule(world_.now_ms() + driven.random.Between(1, std::max<std::int64_t>(1, faults_.down_ms_max)),
                  [this, &driven] {
                    ++world_.faults().restarts;
                    driven.hooks.restart();
                    PlanCrash(driven);
                  });
}

}  // namespace kelpie::sim
