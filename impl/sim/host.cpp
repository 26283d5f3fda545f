#include "impl/sim/host.h"

#include <algorithm>
#include <utility>

#include "impl/env/check.h"

namespace kelpie::sim {

Host::Host(World& world, Network& network, std::string node, Clock clock, Random random)
    : world_(world), network_(network), node_(std::move(node)), clock_(std::move(clock)), random_(random) {}

Host::~Host() = default;

std::string Host::endpoint() const { return node_ + "/" + std::to_string(incarnation_); }

void Host::Start(const Factory& factory) {
  IMPL_CHECK(!alive(), node_ + " has a process");
  ++incarnation_;
  paused_ = false;
  process_ = factory(*this, incarnation_);
  network_.Register(endpoint(), [this](const std::string& from, const env::MessagePtr& message) {
    Take({[from, message](env::Process& process) { process.OnMessage(from, message); }, message, false});
  });
  GiveToProcess([](env::Process& process) { process.OnStart(); });
}

void Host::Crash() {
  IMPL_CHECK(alive(), node_ + " has no process");
  network_.Unregister(endpoint());
  ++wake_order_;
  paused_ = false;
  process_.reset();
  const std::deque<Held> held = std::exchange(held_, {});
  for (const Held& one : held) {
    if (one.message == nullptr) continue;
    ++world_.faults().to_the_dead;
    network_.Lose(one.message);
  }
}

void Host::Pause() {
  IMPL_CHECK(alive() && !paused_, node_ + " cannot pause");
  paused_ = true;
}

void Host::Resume() {
  IMPL_CHECK(alive() && paused_, node_ + " is not paused");
  paused_ = false;
  std::deque<Held> held = std::exchange(held_, {});
  if (random_.Chance(500)) {
    std::stable_partition(held.begin(), held.end(), [](const Held& one) { return !one.is_wake; });
  }
  for (const Held& one : held) GiveToProcess(one.input);
}

void Host::Post(Input input) {
  if (alive()) Take({std::move(input), nullptr, false});
}

void Host::Take(Held held) {
  if (!paused_) {
    GiveToProcess(held.input);
    return;
  }
  ++world_.faults().held;
  held_.push_back(std::move(held));
}

void Host::GiveToProcess(const Input& input) {
  world_.CountStep();
  input(*process_);
}

env::Moment Host::Now() { return {clock_.ReadingAt(world_.now_ms()), random_.Bits()}; }

void Host::Send(const std::string& to, env::MessagePtr message) { network_.Send(endpoint(), to, std::move(message)); }

void Host::WakeAt(std::int64_t reading_ms) {
  const std::uint64_t order = ++wake_order_;
  const std::int64_t at_ms = std::max(world_.now_ms(), clock_.FirstAtReading(reading_ms));
  world_.Schedule(at_ms, [this, order] {
    if (order != wake_order_ || !alive()) return;
    Take({[](env::Process& process) { process.OnWake(); }, nullptr, true});
  });
}

}  // namespace kelpie::sim
