// The simulated world: numbers, clocks, messages, processes. Each fault really happens.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "impl/sim/clock.h"
#include "impl/sim/fault_driver.h"
#include "impl/sim/host.h"
#include "impl/sim/network.h"
#include "impl/sim/random.h"
#include "impl/sim/world.h"

namespace kelpie::impl_test {
namespace {

using sim::Clock;
using sim::FaultOptions;
using sim::Host;
using sim::Network;
using sim::Random;
using sim::World;

// First draws of the published generators: xoshiro256** filled by splitmix64 from 1.
TEST(RandomTest, DrawsAreFixedForever) {
  Random random(1);
  EXPECT_EQ(random.Bits(), 12966619160104079557U);
  EXPECT_EQ(random.Bits(), 9600361134598540522U);
  EXPECT_EQ(random.Bits(), 10590380919521690900U);
}

TEST(RandomTest, SplitDoesNotDependOnDraws) {
  Random a(5);
  const Random b(5);
  a.Bits();
  EXPECT_EQ(a.Split("x").Bits(), b.Split("x").Bits());
  EXPECT_NE(b.Split("x").Bits(), b.Split("y").Bits());
  EXPECT_NE(Random(5).Split("x").Bits(), Random(6).Split("x").Bits());
}

TEST(RandomTest, RangesAreKeptAndFilled) {
  Random random(3);
  std::vector<int> seen(7);
  for (int i = 0; i < 7000; ++i) ++seen[static_cast<std::size_t>(random.Between(-3, 3) + 3)];
  for (const int count : seen) EXPECT_NEAR(count, 1000, 150);
  int hits = 0;
  for (int i = 0; i < 10'000; ++i) hits += random.Chance(30) ? 1 : 0;
  EXPECT_NEAR(hits, 300, 80);
  EXPECT_FALSE(random.Chance(0));
  EXPECT_TRUE(random.Chance(1000));
}

// The envelope, exactly: on every interval, over many seeds, mixes and bounds.
TEST(ClockTest, IsWithinItsRateOnEveryInterval) {
  std::uint64_t slowest = 0;
  std::uint64_t fastest = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const std::int64_t rho = std::vector<std::int64_t>{0, 10, 50, 100, 500}[seed % 5];
    const FaultOptions faults = sim::Swarm(Random(seed).Split("swarm"), 1000, rho);
    Clock clock(faults, Random(seed));
    Random pick(seed * 7);
    EXPECT_EQ(clock.At(0), 0);
    std::vector<std::int64_t> at_ms;
    for (int i = 0; i < 100; ++i) at_ms.push_back(pick.Between(0, 20'000));
    for (int i = 0; i < 100; ++i) at_ms.push_back(at_ms[static_cast<std::size_t>(i)] + 1);
    std::sort(at_ms.begin(), at_ms.end());
    std::vector<std::int64_t> values;
    for (const std::int64_t t : at_ms) values.push_back(clock.At(t));
    for (std::size_t i = 0; i < at_ms.size(); ++i) {
      for (std::size_t j = i + 1; j < at_ms.size(); ++j) {
        const std::int64_t passed = at_ms[j] - at_ms[i];
        const std::int64_t went = values[j] - values[i];
        ASSERT_GE(went, passed * (1000 - rho));
        ASSERT_LE(went, passed * (1000 + rho));
        if (rho > 0 && passed >= 100 && went == passed * (1000 - rho)) ++slowest;
        if (rho > 0 && passed >= 100 && went == passed * (1000 + rho)) ++fastest;
      }
    }
  }
  // Both bounds are reached, and held for long, often.
  EXPECT_GT(slowest, 10'000U);
  EXPECT_GT(fastest, 10'000U);
}

TEST(ClockTest, FirstAtReadingIsTheFirst) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    FaultOptions faults;
    faults.drift_segment_ms_max = 20;
    Clock clock(faults, Random(seed));
    for (std::int64_t reading_ms = 0; reading_ms < 500; reading_ms += 7) {
      const std::int64_t at_ms = clock.FirstAtReading(reading_ms);
      EXPECT_TRUE(at_ms == 0 || clock.ReadingAt(at_ms - 1) < reading_ms);
      EXPECT_GE(clock.ReadingAt(at_ms), reading_ms);
    }
  }
}

// A long run with short segments must not pile them up, nor read differently for it.
TEST(ClockTest, ForgettingChangesNothing) {
  FaultOptions faults;
  faults.drift_segment_ms_max = 1;
  Clock often(faults, Random(8));
  Clock once(faults, Random(8));
  std::int64_t last = 0;
  for (std::int64_t t = 0; t <= 20'000; ++t) last = often.At(t);
  EXPECT_EQ(last, once.At(20'000));
  EXPECT_EQ(often.FirstAtReading(25'000), once.FirstAtReading(25'000));
  EXPECT_LE(often.FirstAtReading(10), 20'000);
}

TEST(WorldTest, TiesKeepTheOrderOfScheduling) {
  World world;
  std::string order;
  world.Schedule(5, [&] { order += "a"; });
  world.Schedule(3, [&] {
    order += "b";
    world.Schedule(5, [&] { order += "d"; });
  });
  world.Schedule(5, [&] { order += "c"; });
  while (world.RunNext()) {
  }
  EXPECT_EQ(order, "bacd");
  EXPECT_EQ(world.now_ms(), 5);
}

struct Numbered final : env::Message {
  explicit Numbered(int n) : number(n) {}
  int number;
};

// Sends 1000 messages a millisecond apart to the store and notes what arrives when.
struct Arrivals {
  explicit Arrivals(const FaultOptions& faults, const std::string& to = env::kStoreEndpoint) {
    Network network(world, faults, Random(17));
    network.Register(to, [&](const std::string&, const env::MessagePtr& m) {
      const int number = dynamic_cast<const Numbered&>(*m).number;
      numbers.push_back(number);
      delays_ms.push_back(world.now_ms() - number);
    });
    network.OnLost([&](const env::MessagePtr&) { ++told_lost; });
    for (int i = 0; i < 1000; ++i) {
      world.Schedule(i, [&network, &to, i] { network.Send("n1/1", to, std::make_shared<Numbered>(i)); });
    }
    while (world.RunNext()) {
    }
  }
  World world;
  std::vector<int> numbers;
  std::vector<std::int64_t> delays_ms;
  int told_lost = 0;
};

FaultOptions Quiet() { return sim::NoFaults(50); }

TEST(NetworkTest, WithoutFaultsEverythingArrivesInOrder) {
  const Arrivals a(Quiet());
  ASSERT_EQ(a.numbers.size(), 1000U);
  EXPECT_TRUE(std::is_sorted(a.numbers.begin(), a.numbers.end()));
  for (const std::int64_t delay_ms : a.delays_ms) EXPECT_EQ(delay_ms, 1);
}

TEST(NetworkTest, RequestsAndRepliesAreLost) {
  FaultOptions faults = Quiet();
  faults.request_loss_per_thousand = 100;
  const Arrivals requests(faults);
  EXPECT_NEAR(static_cast<double>(requests.numbers.size()), 900, 40);
  EXPECT_EQ(requests.told_lost, 1000 - static_cast<int>(requests.numbers.size()));
  EXPECT_EQ(requests.world.faults().requests_lost, static_cast<std::uint64_t>(requests.told_lost));
  EXPECT_EQ(Arrivals(faults, "n1/1").told_lost, 0);
  faults = Quiet();
  faults.reply_loss_per_thousand = 100;
  EXPECT_EQ(Arrivals(faults).told_lost, 0);
  EXPECT_GT(Arrivals(faults, "n1/1").world.faults().replies_lost, 50U);
}

TEST(NetworkTest, DelaysReorder) {
  FaultOptions faults = Quiet();
  faults.delay_ms_max = 20;
  faults.reorder = true;
  const Arrivals a(faults);
  EXPECT_EQ(a.numbers.size(), 1000U);
  EXPECT_FALSE(std::is_sorted(a.numbers.begin(), a.numbers.end()));
  EXPECT_GT(a.world.faults().reordered, 100U);
  faults.reorder = false;
  const Arrivals in_order(faults);
  EXPECT_TRUE(std::is_sorted(in_order.numbers.begin(), in_order.numbers.end()));
}

TEST(NetworkTest, RequestsLandLate) {
  FaultOptions faults = Quiet();
  faults.late_per_thousand = 50;
  faults.late_ms_min = 300;
  faults.late_ms_max = 900;
  const Arrivals a(faults);
  EXPECT_EQ(a.numbers.size(), 1000U);
  const auto late = std::count_if(a.delays_ms.begin(), a.delays_ms.end(), [](auto d) { return d >= 300 && d <= 900; });
  EXPECT_NEAR(static_cast<double>(late), 50, 25);
  EXPECT_EQ(a.world.faults().late, static_cast<std::uint64_t>(late));
}

// Notes its inputs with the reading at which it saw them.
class Recording final : public env::Process {
 public:
  Recording(env::Env& env, std::vector<std::string>& log) : env_(env), log_(log) {}
  void OnStart() override {
    Note("start");
    env_.WakeAt(env_.Now().reading_ms + 10);
  }
  void OnWake() override { Note("wake"); }
  void OnMessage(const std::string& from, const env::MessagePtr&) override { Note("from " + from); }

 private:
  void Note(const std::string& what) { log_.push_back(what + " " + std::to_string(env_.Now().reading_ms)); }
  env::Env& env_;
  std::vector<std::string>& log_;
};

class HostTest : public testing::Test {
 protected:
  HostTest()
      : network_(world_, Quiet(), Random(1)), host_(world_, network_, "n1", Clock(Quiet(), Random(2)), Random(3)) {
    network_.OnLost([this](const env::MessagePtr&) { ++lost_; });
  }
  void Start() {
    host_.Start([this](env::Env& env, std::uint64_t) { return std::make_unique<Recording>(env, log_); });
  }
  void SendTo(const std::string& endpoint) { network_.Send("store", endpoint, std::make_shared<Numbered>(1)); }
  void At(std::int64_t at_ms, World::Task task) { world_.Schedule(at_ms, std::move(task)); }
  void Finish() {
    while (world_.RunNext()) {
    }
  }

  World world_;
  Network network_;
  std::vector<std::string> log_;
  int lost_ = 0;
  Host host_;
};

TEST_F(HostTest, WakesOnItsOwnClock) {
  Start();
  Finish();
  EXPECT_EQ(log_, (std::vector<std::string>{"start 0", "wake 10"}));
  EXPECT_EQ(world_.steps(), 2U);
}

TEST_F(HostTest, PauseHoldsInputsWhileTheClockGoesOn) {
  Start();
  At(5, [&] { host_.Pause(); });
  At(6, [&] { SendTo("n1/1"); });
  At(100, [&] { host_.Resume(); });
  Finish();
  EXPECT_EQ(log_, (std::vector<std::string>{"start 0", "from store 100", "wake 100"}));
  EXPECT_EQ(world_.faults().held, 2U);
}

TEST_F(HostTest, CrashForgetsAndTheNextIncarnationHearsNothingOfIt) {
  Start();
  At(4, [&] { SendTo("n1/1"); });  // on its way while the process dies
  At(5, [&] { host_.Crash(); });
  At(7, [&] { host_.Post([](env::Process&) { FAIL(); }); });
  At(8, [&] { Start(); });
  At(9, [&] { SendTo("n1/1"); });  // to the dead
  At(9, [&] { SendTo("n1/2"); });
  Finish();
  EXPECT_EQ(host_.incarnation(), 2U);
  EXPECT_EQ(log_, (std::vector<std::string>{"start 0", "start 8", "from store 10", "wake 18"}));
  EXPECT_EQ(lost_, 2);
  EXPECT_EQ(world_.faults().to_the_dead, 2U);
}

TEST_F(HostTest, CrashInAPauseLosesWhatWasHeld) {
  Start();
  At(2, [&] { host_.Pause(); });
  At(3, [&] { SendTo("n1/1"); });
  At(9, [&] { host_.Crash(); });
  Finish();
  EXPECT_EQ(lost_, 1);
  EXPECT_EQ(log_, (std::vector<std::string>{"start 0"}));
}

TEST_F(HostTest, TheDriverPausesKillsAndRestarts) {
  FaultOptions faults = Quiet();
  faults.pause_gap_ms = 300;
  faults.crash_gap_ms = 700;
  sim::FaultDriver driver(world_, faults, Random(9));
  int kills = 0;
  Start();
  driver.Drive(host_, {.crashed = [&] { ++kills; }, .restart = [&] { Start(); }});
  while (world_.now_ms() < 60'000) world_.RunNext();
  EXPECT_GT(world_.faults().pauses, 20U);
  EXPECT_GT(kills, 10);
  EXPECT_EQ(world_.faults().crashes, static_cast<std::uint64_t>(kills));
  EXPECT_EQ(host_.incarnation(), world_.faults().restarts + 1);
}

TEST(SwarmTest, EveryFaultIsOffInSomeSeedsAndOnInMost) {
  int off[6] = {};
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const FaultOptions f = sim::Swarm(Random(seed).Split("swarm"), 1000, 50);
    const bool is_off[6] = {!f.drift,
                            f.request_loss_per_thousand == 0,
                            f.reply_loss_per_thousand == 0,
                            f.late_per_thousand == 0,
                            f.pause_gap_ms == 0,
                            f.crash_gap_ms == 0};
    for (int i = 0; i < 6; ++i) off[i] += is_off[i] ? 1 : 0;
  }
  for (const int count : off) {
    EXPECT_GT(count, 5);
    EXPECT_LT(count, 80);
  }
}

}  // namespace
}  // namespace kelpie::impl_test
