// trace/record with several threads and several nodes: one order, every event once.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "record_support.h"
#include "trace/file/run.h"

namespace kelpie::trace::record {
namespace {

using test::ExpectNumbered;
using test::Rig;
using test::SmallOptions;
using trace::test::ReadAll;
using trace::test::ReadResult;
using trace::test::TempDir;

// Each thread's events are in its order, every one is there once, and seq has no gap (the
// reader sees to that).
void EmitFromThreads(FullPolicy when_full) {
  constexpr int kThreads = 4;
  constexpr std::int64_t kEach = 4000;
  TempDir dir;
  LiveOptions options = SmallOptions(dir.path());
  options.ring_bytes = 8192;
  options.has_drain_thread = true;
  options.when_full = when_full;
  Rig rig(options);
  std::vector<std::vector<std::pair<std::uint64_t, std::int64_t>>> emitted(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&rig, &mine = emitted[static_cast<std::size_t>(t)], t] {
      Emitter emitter = *rig.recorder.NewEmitter();
      for (std::int64_t i = 0; i < kEach; ++i) {
        const std::int64_t number = i * kThreads + t;
        if (const std::uint64_t seq = rig.Emit(emitter, number); seq != 0) mine.emplace_back(seq, number);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(rig.recorder.Close().ok());
  const ReadResult trace = ReadAll(dir.File("n1.1.ktrace"));
  ASSERT_FALSE(trace.error) << trace.error->Render();
  std::uint64_t kept = 0;
  for (const auto& mine : emitted) {
    for (const auto& [seq, number] : mine) {
      ASSERT_LE(seq, trace.events.size());
      ASSERT_EQ(trace.events[seq - 1].event, test::Numbered("n1", 1, seq, number));
      ++kept;
    }
  }
  std::uint64_t lost = 0;
  std::uint64_t lost_events = 0;
  for (const file::LocatedEvent& located : trace.events) {
    if (located.event.kind != EventKind::kLost) continue;
    lost += located.event.lost_count.value_or(0);
    ++lost_events;
  }
  EXPECT_EQ(kept + lost_events, trace.events.size());
  EXPECT_EQ(kept + lost, static_cast<std::uint64_t>(kThreads * kEach));
  if (when_full == FullPolicy::kWait) {
    EXPECT_EQ(lost, 0U);
  }
}

TEST(Threads, ManyThreadsOneOrder) { EmitFromThreads(FullPolicy::kWait); }
TEST(Threads, ManyThreadsThatMayLoseEvents) { EmitFromThreads(FullPolicy::kCount); }

// An event that happens before another, by whatever means, has the smaller seq.
TEST(Threads, SeqRespectsTheOrderOfThreads) {
  TempDir dir;
  Rig rig(dir.path());
  Emitter other = *rig.recorder.NewEmitter();
  std::atomic<int> turn{0};
  constexpr int kTurns = 400;
  const auto play = [&](Emitter& emitter, int parity) {
    for (int mine = parity; mine < kTurns; mine += 2) {
      while (turn.load(std::memory_order_acquire) != mine) std::this_thread::yield();
      rig.Emit(emitter, mine + 1);
      turn.store(mine + 1, std::memory_order_release);
    }
  };
  std::thread thread([&] { play(other, 1); });
  play(rig.emitter, 0);
  thread.join();
  ASSERT_TRUE(rig.recorder.Close().ok());
  ExpectNumbered(dir.path(), kTurns);
}

TEST(Threads, SeveralNodesInOneProcess) {
  TempDir dir;
  Rig rig(dir.path());
  const Stream n2 = *rig.recorder.OpenStream("n 2", 3);
  Emitter other = *rig.recorder.NewEmitter();
  // The order of the commits, which no ring shows by itself.
  EXPECT_EQ(rig.Emit(1), 1U);
  EXPECT_EQ(other.Begin(n2, EventKind::kMark, {}).Commit(), 1U);
  EXPECT_EQ(rig.Emit(other, 2), 2U);
  EXPECT_EQ(rig.emitter.Begin(n2, EventKind::kMark, {}).Commit(), 2U);
  EXPECT_EQ(rig.Emit(3), 3U);
  ASSERT_TRUE(rig.recorder.Close().ok());
  ExpectNumbered(dir.path(), 3);
  EXPECT_EQ(ReadAll(dir.File(file::FileNameOf("n 2", 3, false))).events.size(), 2U);
}

TEST(Threads, RingsOfEndedThreadsAreUsedAgain) {
  TempDir dir;
  LiveOptions options = SmallOptions(dir.path());
  options.rings_max = 2;
  Rig rig(options);
  for (std::int64_t i = 1; i <= 40; ++i) {
    Result<Emitter> emitter = rig.recorder.NewEmitter();
    ASSERT_TRUE(emitter.ok()) << emitter.error().Render();
    EXPECT_EQ(rig.recorder.NewEmitter().error().kind, ErrorKind::kCannotWrite);
    ASSERT_EQ(rig.Emit(*emitter, i), static_cast<std::uint64_t>(i));
  }
  ASSERT_TRUE(rig.recorder.Close().ok());
  ExpectNumbered(dir.path(), 40);
}

}  // namespace
}  // namespace kelpie::trace::record
