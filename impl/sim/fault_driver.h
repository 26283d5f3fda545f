// Pauses, kills and restarts processes, as the fault options say.
//
//   FaultDriver driver(world, faults, random.Split("faults"));
//   driver.Drive(host, {.crashed = .., .restart = ..});
//
// The driver is the supervisor of docs/RULES.md, R6: it alone knows of a kill, and tells it
// through the hooks. Requires: hosts and driver live as long as the world runs.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "impl/sim/host.h"

namespace kelpie::sim {

struct ProcessHooks {
  std::function<void()> crashed;  // the kill; called before the process is taken down
  std::function<void()> restart;  // starts the next incarnation on the host
};

class FaultDriver {
 public:
  FaultDriver(World& world, const FaultOptions& faults, Random random)
      : world_(world), faults_(faults), random_(random) {}

  void Drive(Host& host, ProcessHooks hooks);
  // No further pauses and crashes; what is down or paused comes back in its time.
  void Stop() { is_stopped_ = true; }

 private:
  struct Driven {
    Host* host;
    ProcessHooks hooks;
    Random random;
    std::uint64_t pause_count = 0;  // a crash or a later pause makes an earlier resume void
  };
  void PlanPause(Driven& driven);
  void PlanCrash(Driven& driven);
  void PauseNow(Driven& driven);
  void CrashNow(Driven& driven);
  [[nodiscard]] std::int64_t DrawPauseMs(Random& random) const;

  World& world_;
  FaultOptions faults_;
  Random random_;
  std::map<std::string, std::unique_ptr<Driven>> driven_;
  bool is_stopped_ = false;
};

}  // namespace kelpie::sim
