// What emitting an event costs in calls: no allocation and no mutex, counted by stepping in
// front of both. And the example of the README, as it stands there.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <thread>

#include "record_support.h"

// g++ says it by macros, clang by features.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define KELPIE_IS_SANITIZED 1
#elif defined(__has_feature)
#define KELPIE_IS_SANITIZED (__has_feature(thread_sanitizer) || __has_feature(address_sanitizer))
#else
#define KELPIE_IS_SANITIZED 0
#endif

namespace {

thread_local std::int64_t allocation_count = 0;
thread_local std::int64_t lock_count = 0;
// A thread that is to stay inside the next mutex it takes, and whether it is there.
thread_local bool stays_inside = false;
std::atomic<bool> is_inside{false};
std::atomic<bool> may_leave{false};

#if KELPIE_IS_SANITIZED
constexpr bool kIsCounting = false;  // sanitizers stand in front of the same functions
#else
constexpr bool kIsCounting = true;
#endif

}  // namespace

#if !KELPIE_IS_SANITIZED

// Not inlined: g++ would see malloc meet operator delete.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocation_count;
  if (void* memory = std::malloc(size)) return memory;
  std::abort();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) {
  using Function = int (*)(pthread_mutex_t*);
  static const auto next = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
  const int result = next(mutex);
  ++lock_count;
  if (stays_inside) {
    stays_inside = false;
    is_inside = true;
    while (!may_leave) usleep(100);
  }
  return result;
}

#endif

namespace kelpie::trace::record {
namespace {

using test::Rig;
using test::SmallOptions;
using trace::test::TempDir;

TEST(Cost, AnEventAllocatesNothingAndTakesNoLock) {
  if (!kIsCounting) GTEST_SKIP() << "the sanitizer stands in front of these functions itself";
  TempDir dir;
  LiveOptions options = SmallOptions(dir.path());
  options.ring_bytes = 1U << 20U;
  Rig rig(options);
  allocation_count = 0;
  lock_count = 0;
  for (std::int64_t i = 1; i <= 5000; ++i) {
    ASSERT_NE(rig.emitter.Step(rig.stream, rig.action)
                  .Arg(Model(rig.actor))
                  .Arg(i)
                  .Arg(true)
                  .Arg("a text that is longer than a string holds by itself")
                  .Set(rig.leases, {rig.actor, rig.token}, i)
                  .Set(rig.total, {}, i)
                  .Commit(),
              0U);
  }
  EXPECT_EQ(allocation_count, 0);
  EXPECT_EQ(lock_count, 0);
  // The counters do count.
  ASSERT_TRUE(rig.recorder.Flush().ok());
  EXPECT_GT(lock_count, 0);
  EXPECT_GT(allocation_count, 0);
}

TEST(Cost, AFullRingThatCountsAllocatesNothingEither) {
  if (!kIsCounting) GTEST_SKIP() << "the sanitizer stands in front of these functions itself";
  TempDir dir;
  LiveOptions options = SmallOptions(dir.path());
  options.ring_bytes = 4096;
  options.when_full = FullPolicy::kCount;
  Rig rig(options);
  while (rig.Emit(1) != 0) {
  }
  allocation_count = 0;
  lock_count = 0;
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(rig.Emit(i), 0U);
  EXPECT_EQ(allocation_count, 0);
  EXPECT_EQ(lock_count, 0);
}

// Another thread sits inside the recorder's mutex for as long as this one emits.
TEST(Cost, EmittingDoesNotWaitForWhoHoldsTheLock) {
  if (!kIsCounting) GTEST_SKIP() << "the sanitizer stands in front of these functions itself";
  TempDir dir;
  Rig rig(dir.path());
  is_inside = false;
  may_leave = false;
  std::thread holder([&] {
    stays_inside = true;
    EXPECT_TRUE(rig.recorder.Flush().ok());
  });
  while (!is_inside) usleep(100);
  for (std::int64_t i = 1; i <= 200; ++i) EXPECT_EQ(rig.Emit(i), static_cast<std::uint64_t>(i));
  may_leave = true;
  holder.join();
  ASSERT_TRUE(rig.recorder.Close().ok());
  test::ExpectNumbered(dir.path(), 200);
}

TEST(Example, IsWhatTheReadmeShows) {
  const std::string source(KELPIE_SOURCE_DIR);
  const std::string readme = trace::test::BytesOf(source + "/trace/record/README.md");
  const std::string example = trace::test::BytesOf(source + "/tests/trace/record_example.cpp");
  EXPECT_NE(readme.find("```cpp\n" + example + "```\n"), std::string::npos);
}

TEST(Example, RecordsWhatItSays) {
  TempDir dir;
  const std::string command = "cd '" + dir.path() + "' && '" + KELPIE_BINARY_DIR + "/bin/record_example'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const trace::test::ReadResult trace = trace::test::ReadAll(dir.File("run-7/n1.1.ktrace"));
  ASSERT_EQ(trace.events.size(), 1U);
  const Claim& claim = trace.events[0].event.claims.at(0);
  EXPECT_EQ(claim.action, "Reserve");
  const std::vector<std::pair<std::string, Value>> args = {{"b", Value::String("ann")}, {"n", Value::Int(2)}};
  EXPECT_EQ(claim.args.named, args);
  ASSERT_EQ(claim.updates.size(), 1U);
  EXPECT_EQ(claim.updates[0].location.variable, "free");
}

}  // namespace
}  // namespace kelpie::trace::record
