// Real processes that die while they record: at every event, at every step of an event, by
// somebody else's hand, and while their drain writes any byte.
#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "record_support.h"

namespace kelpie::trace::record {
namespace {

using test::CopyRun;
using test::ExpectNumbered;
using test::ExpectRecovers;
using test::InChild;
using test::KillMyself;
using test::NumbersIn;
using test::Rig;
using test::Shared;
using test::SmallOptions;
using trace::test::BytesOf;
using trace::test::ReadAll;
using trace::test::ReadResult;
using trace::test::TempDir;

bool WasKilledBy(int status, int signal) { return WIFSIGNALED(status) && WTERMSIG(status) == signal; }

TEST(Kill, AfterEveryEvent) {
  for (std::int64_t count = 0; count <= 300; ++count) {
    TempDir dir;
    LiveOptions options = SmallOptions(dir.path());
    options.has_drain_thread = count % 2 == 1;  // with luck the drain is in the middle of something
    const int status = InChild([&]() -> int {
      Rig rig(options);
      for (std::int64_t i = 1; i <= count; ++i) rig.Emit(i);
      KillMyself();
    });
    ASSERT_TRUE(WasKilledBy(status, SIGKILL));
    ASSERT_TRUE(test::HasRings(dir.path()));
    ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.path(), count, std::to_string(count) + " events: "));
  }
}

TEST(Kill, AtEveryStepOfAnEvent) {
  constexpr int kSealed = Rig::kAllParts + 1;
  constexpr int kNumbered = kSealed + 1;
  constexpr int kPublished = kNumbered + 1;
  for (int step = 0; step <= kPublished; ++step) {
    TempDir dir;
    const int status = InChild([&]() -> int {
      Rig rig(dir.path());
      for (std::int64_t i = 1; i <= 3; ++i) rig.Emit(i);
      Emission emission = rig.emitter.Step(rig.stream, rig.action);
      rig.Fill(emission, 4, std::min(step, Rig::kAllParts));
      std::uint64_t size = 0;
      if (step >= kSealed) size = EmissionProbe::Seal(emission);
      if (step >= kNumbered) EmissionProbe::TakeSeq(emission);
      if (step >= kPublished) EmissionProbe::Publish(emission, size);
      KillMyself();
    });
    ASSERT_TRUE(WasKilledBy(status, SIGKILL));
    ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.path(), step == kPublished ? 4 : 3, std::to_string(step) + " steps: "));
  }
}

// A thread took a seq and died before it published; others had gone on. The one event that
// may have happened is told as lost, and theirs are all there.
TEST(Kill, BetweenSeqAndPublishOfOneThreadOfThree) {
  TempDir dir;
  const int status = InChild([&]() -> int {
    Rig rig(dir.path());
    Emitter second = *rig.recorder.NewEmitter();
    Emitter third = *rig.recorder.NewEmitter();
    rig.Emit(1);
    Emission torn = rig.emitter.Step(rig.stream, rig.action);
    EmissionProbe::Seal(torn);
    EmissionProbe::TakeSeq(torn);
    rig.Emit(second, 3);
    Emission also_torn = second.Step(rig.stream, rig.action);
    EmissionProbe::Seal(also_torn);
    EmissionProbe::TakeSeq(also_torn);
    rig.Emit(third, 5);
    rig.Emit(third, 6);
    Emission last = third.Step(rig.stream, rig.action);  // nothing comes behind it: the history ends before
    EmissionProbe::Seal(last);
    EmissionProbe::TakeSeq(last);
    KillMyself();
  });
  ASSERT_TRUE(WasKilledBy(status, SIGKILL));
  const Result<Recovery> recovery = Recover(dir.path());
  ASSERT_TRUE(recovery.ok()) << recovery.error().Render();
  EXPECT_EQ(recovery->counters.hole_count, 2U);
  EXPECT_EQ(NumbersIn(dir.path()), (std::vector<std::int64_t>{1, -1, 3, -1, 5, 6}));
}

// One instruction of the emitting thread after the other: a copy of the files in between is
// what a kill at that instruction leaves.
TEST(Kill, AtEveryInstruction) {
  const auto emit_two = [](const std::string& directory, const Shared& shared) {
    Rig rig(directory);
    rig.Emit(1);
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) return 9;
    raise(SIGSTOP);
    for (std::int64_t i = 2; i <= 3; ++i) {
      shared[0] = i;  // begun
      rig.Emit(i);
      shared[1] = i;  // emitted
    }
    raise(SIGSTOP);
    return 0;
  };
  std::int64_t stride = 1;
  for (const bool is_counting : {true, false}) {
    TempDir dir;
    Shared shared;
    shared[0] = 1;
    shared[1] = 1;
    const pid_t child = fork();
    if (child == 0) _exit(emit_two(dir.File("run"), shared));
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 9) GTEST_SKIP() << "this system does not let a process be traced";
    ASSERT_TRUE(WIFSTOPPED(status));
    std::int64_t step_count = 0;
    std::int64_t recovered = 1;
    while (true) {
      ASSERT_EQ(ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr), 0);
      ASSERT_EQ(waitpid(child, &status, 0), child);
      ASSERT_TRUE(WIFSTOPPED(status));
      if (WSTOPSIG(status) == SIGSTOP) break;
      if (++step_count % stride != 0 || is_counting) continue;
      CopyRun(dir.File("run"), dir.File("copy"));
      ASSERT_TRUE(Recover(dir.File("copy")).ok());
      const auto count = static_cast<std::int64_t>(ReadAll(dir.File("copy/n1.1.ktrace")).events.size());
      ASSERT_GE(count, recovered);
      recovered = count;
      ASSERT_GE(recovered, shared[1]);
      ASSERT_LE(recovered, shared[0]);
      ASSERT_NO_FATAL_FAILURE(ExpectNumbered(dir.File("copy"), recovered));
    }
    kill(child, SIGKILL);
    ASSERT_EQ(waitpid(child, &status, 0), child);
    if (!is_counting) {
      EXPECT_EQ(recovered, 3);
      ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.File("run"), 3));
    }
    // Unoptimised programs have many more instructions.
    stride = std::max<std::int64_t>(1, step_count / 1000);
  }
}

// ---- the drain ----

constexpr std::int64_t kFlushed = 2;
constexpr std::int64_t kAll = 6;

// A run that was killed with kFlushed events in its file and the rest in its ring.
void LeaveRun(const std::string& directory) {
  const int status = InChild([&]() -> int {
    Rig rig(directory);
    for (std::int64_t i = 1; i <= kAll; ++i) {
      rig.Emit(i);
      if (i == kFlushed && !rig.recorder.Flush().ok()) return 1;
    }
    KillMyself();
  });
  ASSERT_TRUE(WasKilledBy(status, SIGKILL));
}

// The file that a drain leaves when it is killed having written so many bytes.
TEST(Drain, CutOffAtEveryByte) {
  TempDir dir;
  ASSERT_NO_FATAL_FAILURE(LeaveRun(dir.File("left")));
  const std::size_t flushed = BytesOf(dir.File("left/n1.1.ktrace")).size();
  CopyRun(dir.File("left"), dir.File("whole"));
  ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.File("whole"), kAll));
  const std::string whole = BytesOf(dir.File("whole/n1.1.ktrace"));
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    CopyRun(dir.File("left"), dir.File("cut"));
    dir.Write("cut/n1.1.ktrace", whole.substr(0, size));
    if (size >= flushed) {
      ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.File("cut"), kAll, std::to_string(size) + " bytes: "));
      continue;
    }
    // What the recorder had written and been told is written is gone: somebody else did that.
    const Result<Recovery> recovery = Recover(dir.File("cut"));
    ASSERT_FALSE(recovery.ok()) << size;
    ASSERT_EQ(recovery.error().kind, ErrorKind::kSequenceGap) << size;
    ASSERT_TRUE(test::HasRings(dir.File("cut")));
    if (size % 8 != 0) continue;
    dir.Write("cut/n1.1.ktrace", whole.substr(0, flushed));
    ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.File("cut"), kAll));
  }
}

// The same before anything was flushed, so that the header is cut as well.
TEST(Drain, CutOffAtEveryByteFromTheBeginning) {
  TempDir dir;
  InChild([&]() -> int {
    Rig rig(dir.File("left"));
    for (std::int64_t i = 1; i <= 3; ++i) rig.Emit(i);
    KillMyself();
  });
  CopyRun(dir.File("left"), dir.File("whole"));
  ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.File("whole"), 3));
  const std::string whole = BytesOf(dir.File("whole/n1.1.ktrace"));
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    CopyRun(dir.File("left"), dir.File("cut"));
    dir.Write("cut/n1.1.ktrace", whole.substr(0, size));
    ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.File("cut"), 3, std::to_string(size) + " bytes: "));
  }
}

void LimitFileSize(std::size_t bytes) {
  const rlimit limit = {bytes, bytes};
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(99);
}

// The system itself ends the process at the first byte beyond the limit.
TEST(Drain, KilledWhileItWrites) {
  TempDir dir;
  ASSERT_NO_FATAL_FAILURE(LeaveRun(dir.File("left")));
  const std::size_t flushed = BytesOf(dir.File("left/n1.1.ktrace")).size();
  CopyRun(dir.File("left"), dir.File("whole"));
  ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.File("whole"), kAll));
  const std::size_t whole = BytesOf(dir.File("whole/n1.1.ktrace")).size();
  for (std::size_t size = flushed; size < whole; size += 3) {
    CopyRun(dir.File("left"), dir.File("killed"));
    const int status = InChild([&] {
      signal(SIGXFSZ, SIG_DFL);
      LimitFileSize(size);
      return Recover(dir.File("killed")).ok() ? 0 : 1;
    });
    ASSERT_TRUE(WasKilledBy(status, SIGXFSZ)) << size << " " << status;
    ASSERT_EQ(BytesOf(dir.File("killed/n1.1.ktrace")).size(), size);
    ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.File("killed"), kAll, std::to_string(size) + " bytes: "));
  }
}

TEST(Drain, AFullDiskIsAnErrorAndLosesNothing) {
  TempDir dir;
  const int status = InChild([&] {
    signal(SIGXFSZ, SIG_IGN);
    LiveOptions options = SmallOptions(dir.path());
    options.ring_bytes = 4096;
    Rig rig(options);
    Emitter second = *rig.recorder.NewEmitter();
    for (std::int64_t i = 1; i <= 10; ++i) rig.Emit(i);
    if (!rig.recorder.Flush().ok()) return 1;
    LimitFileSize(BytesOf(dir.File("n1.1.ktrace")).size() + 77);
    for (std::int64_t i = 11; i <= 20; ++i) rig.Emit(i);
    Status flushed = rig.recorder.Flush();
    if (flushed.ok() || flushed.error().kind != ErrorKind::kCannotWrite) return 2;
    if (rig.recorder.status().ok()) return 3;
    // The policy is to wait, for a minute; but nobody drains any more.
    std::int64_t kept = 20;
    while (rig.Emit(second, kept + 1) != 0) ++kept;
    Result<Emitter> refused = rig.recorder.NewEmitter();
    if (refused.ok() || refused.error().kind != ErrorKind::kCannotWrite) return 4;
    Status closed = rig.recorder.Close();
    if (closed.ok() || closed.error().kind != ErrorKind::kCannotWrite) return 5;
    return kept > 30 ? 0 : 6;
  });
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), 0);
  const ReadResult before = ReadAll(dir.File("n1.1.ktrace"));
  ASSERT_FALSE(before.error);
  EXPECT_TRUE(before.torn);
  EXPECT_EQ(before.events.size(), 10U);
  ASSERT_TRUE(Recover(dir.path()).ok());
  std::vector<std::int64_t> numbers = NumbersIn(dir.path());
  ASSERT_GT(numbers.size(), 31U);
  EXPECT_EQ(numbers.back(), -1);
  for (std::size_t i = 0; i + 1 < numbers.size(); ++i) EXPECT_EQ(numbers[i], static_cast<std::int64_t>(i) + 1);
}

}  // namespace
}  // namespace kelpie::trace::record
