// Real processes that die while they count losses: what nobody will report is told with its
// number, whoever had taken it when the process died.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "record_support.h"

namespace kelpie::trace::record {
namespace {

using test::InChild;
using test::KillMyself;
using test::NumbersIn;
using test::Rig;
using test::Shared;
using test::SmallOptions;
using trace::test::Rng;
using trace::test::TempDir;

TEST(Kill, LossesBeforeTheEndAreTold) {
  TempDir dir;
  LiveOptions options = SmallOptions(dir.path());
  options.ring_bytes = 4096;
  options.when_full = FullPolicy::kCount;
  Shared shared;
  InChild([&]() -> int {
    Rig rig(options);
    std::int64_t kept = 0;
    while (rig.Emit(kept + 1) != 0) ++kept;
    for (int i = 0; i < 6; ++i) rig.Emit(1000);
    shared[0] = kept;
    KillMyself();
  });
  ASSERT_TRUE(Recover(dir.path()).ok());
  const std::vector<std::int64_t> numbers = NumbersIn(dir.path());
  ASSERT_EQ(numbers.size(), static_cast<std::size_t>(shared[0]) + 1);
  EXPECT_EQ(numbers.back(), -7);
}

void Lose(const Rig& rig, int count) {
  for (int i = 0; i < count; ++i) CountLost(*rig.stream.slot);
}

// Takes a seq and never publishes.
void Tear(const Rig& rig, Emitter& by) {
  Emission torn = by.Step(rig.stream, rig.action);
  EmissionProbe::Seal(torn);
  EmissionProbe::TakeSeq(torn);
}

// Losses that a thread took with its ticket and did not live to publish are told with their
// number: between events, at the end, and of more threads than there are seqs without losses.
TEST(Kill, LossesTakenByAThreadThatDiedAreTold) {
  TempDir dir;
  const int status = InChild([&]() -> int {
    Rig rig(dir.path());
    Emitter second = *rig.recorder.NewEmitter();
    Emitter third = *rig.recorder.NewEmitter();
    rig.Emit(1);
    Lose(rig, 7);
    Tear(rig, rig.emitter);
    Lose(rig, 5);
    Tear(rig, second);
    rig.Emit(third, 6);
    Lose(rig, 9);
    Tear(rig, third);
    KillMyself();
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  const Result<Recovery> recovery = Recover(dir.path());
  ASSERT_TRUE(recovery.ok()) << recovery.error().Render();
  EXPECT_EQ(NumbersIn(dir.path()), (std::vector<std::int64_t>{1, -7, -1, -5, -1, 6, -9}));
  EXPECT_EQ(recovery->counters.hole_count, 2U);
  EXPECT_EQ(recovery->counters.lost_count, 23U);
}

// What a thread tried in vain was taken by another with more losses; both died. A ticket of
// another stream says nothing of this one.
TEST(Kill, OfTicketsTriedTheHighestWasTaken) {
  for (const bool is_other_stream : {false, true}) {
    TempDir dir;
    const int status = InChild([&]() -> int {
      Rig rig(dir.path());
      const Stream other = *rig.recorder.OpenStream("n2", 1);
      Emitter second = *rig.recorder.NewEmitter();
      Emitter third = *rig.recorder.NewEmitter();
      rig.Emit(1);
      Emission in_vain = second.Step(rig.stream, rig.action);
      TellTried(EmissionProbe::RingOf(in_vain), is_other_stream ? other.index : rig.stream.index,
                TicketOf(3, is_other_stream ? 100 : 3));
      Lose(rig, 4);
      Tear(rig, rig.emitter);
      rig.Emit(third, 4);
      KillMyself();
    });
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_TRUE(Recover(dir.path()).ok());
    EXPECT_EQ(NumbersIn(dir.path()), (std::vector<std::int64_t>{1, -4, -1, 4}));
  }
}

// Three threads and a drain, killed from outside at some moment. What a thread was told is
// recorded is there; at most one event of each thread is beyond that.
void KillFromOutside(FullPolicy when_full, std::uint64_t seed) {
  constexpr std::size_t kThreads = 3;
  // A thread that does not wait for room counts tens of millions a second: no time to kill it uses these up.
  constexpr std::int64_t kNumbersOfThread = 1'000'000'000'000;
  TempDir dir;
  Shared shared;  // by thread: begun, then kept
  LiveOptions options = SmallOptions(dir.path());
  options.ring_bytes = 8192;
  options.when_full = when_full;
  options.has_drain_thread = true;
  const pid_t child = fork();
  if (child == 0) {
    Rig rig(options);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&rig, &shared, t] {
        Emitter emitter = *rig.recorder.NewEmitter();
        for (std::int64_t i = 1;; ++i) {
          shared[2 * t] = i;
          if (rig.Emit(emitter, static_cast<std::int64_t>(t) * kNumbersOfThread + i) != 0) ++shared[2 * t + 1];
        }
      });
    }
    while (true) pause();
  }
  const std::int64_t wanted = static_cast<std::int64_t>(Rng(seed).Below(4000)) + 1;
  while (shared[2] < wanted) std::this_thread::yield();
  kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  const Result<Recovery> recovery = Recover(dir.path());
  ASSERT_TRUE(recovery.ok()) << recovery.error().Render();
  std::vector<std::int64_t> kept(kThreads);
  std::vector<std::int64_t> last(kThreads);
  std::int64_t lost = 0;
  for (const std::int64_t number : NumbersIn(dir.path())) {
    if (number < 0) {
      lost -= number;
      continue;
    }
    const auto t = static_cast<std::size_t>(number / kNumbersOfThread);
    ASSERT_LT(t, kThreads);
    const std::int64_t i = number % kNumbersOfThread;
    ASSERT_GT(i, last[t]);
    if (when_full == FullPolicy::kWait) {
      ASSERT_EQ(i, last[t] + 1);
    }
    last[t] = i;
    ++kept[t];
  }
  std::int64_t refused = 0;
  for (std::size_t t = 0; t < kThreads; ++t) {
    EXPECT_GE(kept[t], shared[2 * t + 1]);
    EXPECT_LE(kept[t], shared[2 * t + 1] + 1);
    EXPECT_LE(last[t], shared[2 * t]);
    refused += shared[2 * t] - kept[t];
  }
  // Every event is kept, told as lost, or was still on its way.
  EXPECT_LE(lost, refused);
  EXPECT_GE(lost, refused - static_cast<std::int64_t>(kThreads));
}

TEST(Kill, FromOutside) {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    ASSERT_NO_FATAL_FAILURE(KillFromOutside(FullPolicy::kWait, seed)) << seed;
    ASSERT_NO_FATAL_FAILURE(KillFromOutside(FullPolicy::kCount, seed)) << seed;
  }
}

}  // namespace
}  // namespace kelpie::trace::record
