// One node's place in the world: its clock, and the process that runs there, if any.
//
//   Host host(world, network, "n1", Clock(faults, random), random.Split("host/n1"));
//   host.Start([&](env::Env& env, std::uint64_t incarnation) { return MakeProcess(env, incarnation); });
//   host.Pause(); host.Resume();  // inputs wait, the clock does not
//   host.Crash();                 // the process is gone with all it knew
//
// Implements env::Env for the process. Incarnations count from 1.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "impl/env/env.h"
#include "impl/sim/clock.h"
#include "impl/sim/network.h"
#include "impl/sim/world.h"

namespace kelpie::sim {

class Host final : public env::Env {
 public:
  using Factory = std::function<std::unique_ptr<env::Process>(env::Env&, std::uint64_t incarnation)>;
  using Input = std::function<void(env::Process&)>;

  Host(World& world, Network& network, std::string node, Clock clock, Random random);
  ~Host() override;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Starts the next incarnation. Requires: not alive.
  void Start(const Factory& factory);
  // Requires: alive.
  void Crash();
  // Requires: alive, not paused.
  void Pause();
  // Requires: alive and paused. Hands over what was held in its order of arrival, but for the
  // wake-up, which may come after all the rest: a process that runs again may look at its
  // timers first or at its connections first.
  void Resume();

  // An input from outside the network (a client at this node). Ignored while no process runs.
  void Post(Input input);

  [[nodiscard]] const std::string& node() const { return node_; }
  [[nodiscard]] bool alive() const { return process_ != nullptr; }
  [[nodiscard]] bool paused() const { return paused_; }
  [[nodiscard]] std::uint64_t incarnation() const { return incarnation_; }
  [[nodiscard]] Clock& clock() { return clock_; }
  [[nodiscard]] env::Process* process() const { return process_.get(); }

  // env::Env, for the process.
  env::Moment Now() override;
  void Send(const std::string& to, env::MessagePtr message) override;
  void WakeAt(std::int64_t reading_ms) override;

 private:
  // What waits for the end of a pause; `message` is null for anything but a message.
  struct Held {
    Input input;
    env::MessagePtr message;
    bool is_wake = false;
  };
  void Take(Held held);
  void GiveToProcess(const Input& input);
  [[nodiscard]] std::string endpoint() const;

  World& world_;
  Network& network_;
  std::string node_;
  Clock clock_;
  Random random_;
  std::unique_ptr<env::Process> process_;
  std::uint64_t incarnation_ = 0;
  std::uint64_t wake_order_ = 0;  // only the last wake-up asked for counts
  bool paused_ = false;
  std::deque<Held> held_;
};

}  // namespace kelpie::sim
