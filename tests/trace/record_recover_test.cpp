// Opening and recovering run directories: who may, and what is refused.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>

#include <nlohmann/json.hpp>
#include <sstream>

#include "record_support.h"
#include "trace/cli/trace_verbs.h"

namespace kelpie::trace::record {
namespace {

using test::CopyRun;
using test::ExpectNumbered;
using test::ExpectRecovers;
using test::InChild;
using test::KillMyself;
using test::Rig;
using test::Shared;
using test::SmallOptions;
using trace::test::BytesOf;
using trace::test::TempDir;

// Leaves a killed run of `count` events, all still in the ring.
void LeaveRun(const std::string& directory, std::int64_t count) {
  InChild([&]() -> int {
    Rig rig(directory);
    for (std::int64_t i = 1; i <= count; ++i) rig.Emit(i);
    KillMyself();
  });
  ASSERT_TRUE(test::HasRings(directory));
}

void Patch(const std::string& path, std::size_t at, const void* bytes, std::size_t size) {
  FILE* file = std::fopen(path.c_str(), "r+b");
  ASSERT_NE(file, nullptr);
  std::fseek(file, static_cast<long>(at), SEEK_SET);
  ASSERT_EQ(std::fwrite(bytes, 1, size, file), size);
  std::fclose(file);
}

ErrorKind KindOfRefusal(const std::string& directory) {
  Result<Recovery> refused = Recover(directory);
  EXPECT_FALSE(refused.ok());
  EXPECT_TRUE(test::HasRings(directory));
  return refused.ok() ? ErrorKind::kEmptyRun : refused.error().kind;
}

TEST(Recover, OfARunThatWasClosedDoesNothing) {
  TempDir dir;
  {
    Rig rig(dir.path());
    rig.Emit(1);
  }
  const std::string before = BytesOf(dir.File("n1.1.ktrace"));
  const Result<Recovery> recovery = Recover(dir.path());
  ASSERT_TRUE(recovery.ok());
  EXPECT_FALSE(recovery->was_needed);
  EXPECT_EQ(BytesOf(dir.File("n1.1.ktrace")), before);
}

TEST(Recover, IsDoneByTheNextOpen) {
  TempDir dir;
  for (std::uint64_t incarnation = 1; incarnation <= 3; ++incarnation) {
    Shared shared;
    InChild([&]() -> int {
      Rig rig(SmallOptions(dir.path()), "n1", incarnation);
      shared[0] = rig.recorder.recovery().was_needed ? 1 : 0;
      shared[1] = static_cast<std::int64_t>(rig.recorder.recovery().counters.event_count);
      for (std::int64_t i = 1; i <= 5; ++i) rig.Emit(i);
      KillMyself();
    });
    EXPECT_EQ(shared[0], incarnation == 1 ? 0 : 1);
    EXPECT_EQ(shared[1], incarnation == 1 ? 0 : 5);
  }
  ASSERT_TRUE(Recover(dir.path()).ok());
  ExpectNumbered(dir.path(), 5);
  EXPECT_EQ(trace::test::ReadAll(dir.File("n1.3.ktrace")).events.size(), 5U);
}

TEST(Recover, KilledBetweenTheRemovals) {
  TempDir dir;
  ASSERT_NO_FATAL_FAILURE(LeaveRun(dir.File("left"), 5));
  for (const std::string gone :
       {"control", "control definitions", "control 0001.ring", "control definitions 0001.ring"}) {
    CopyRun(dir.File("left"), dir.File("run"));
    CopyRun(dir.File("left"), dir.File("done"));
    ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.File("done"), 5));
    std::filesystem::copy_file(dir.File("done/n1.1.ktrace"), dir.File("run/n1.1.ktrace"),
                               std::filesystem::copy_options::overwrite_existing);
    for (const std::string name : {"control", "definitions", "0001.ring"}) {
      if (gone.find(name) != std::string::npos) std::filesystem::remove(dir.File("run/rings/" + name));
    }
    ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.File("run"), 5, gone));
  }
}

TEST(Recover, FilesThatWereStillBeingMade) {
  TempDir dir;
  ASSERT_NO_FATAL_FAILURE(LeaveRun(dir.path(), 5));
  dir.Write("rings/0002.ring.new", "half");
  dir.Write("rings/control.new", "half");
  const std::string definitions = BytesOf(dir.File("rings/definitions"));
  dir.Write("rings/definitions", definitions + definitions.substr(0, 21));
  ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.path(), 5));
}

TEST(Recover, AnotherFileInTheFolderIsNotOursToRemove) {
  TempDir dir;
  ASSERT_NO_FATAL_FAILURE(LeaveRun(dir.path(), 5));
  dir.Write("rings/notes.txt", "mine");
  const Result<Recovery> recovery = Recover(dir.path());
  ASSERT_FALSE(recovery.ok());
  EXPECT_EQ(recovery.error().kind, ErrorKind::kCannotWrite);
  EXPECT_EQ(BytesOf(dir.File("rings/notes.txt")), "mine");
  ExpectNumbered(dir.path(), 5);
}

TEST(Recover, OneProcessARun) {
  TempDir dir;
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    Rig rig(dir.path());
    for (std::int64_t i = 1; i <= 5; ++i) rig.Emit(i);
    if (write(ready[1], "x", 1) != 1) _exit(1);
    while (true) pause();
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_EQ(LiveRecorder::Open(SmallOptions(dir.path())).error().kind, ErrorKind::kRunInUse);
  EXPECT_EQ(KindOfRefusal(dir.path()), ErrorKind::kRunInUse);
  kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.path(), 5));
  close(ready[0]);
  close(ready[1]);
}

TEST(Recover, OneRecorderARunInOneProcessToo) {
  TempDir dir;
  Rig rig(dir.path());
  EXPECT_EQ(LiveRecorder::Open(SmallOptions(dir.path())).error().kind, ErrorKind::kRunInUse);
  rig.Emit(1);
  ASSERT_TRUE(rig.recorder.Close().ok());
  EXPECT_TRUE(LiveRecorder::Open(SmallOptions(dir.path())).ok());
}

TEST(Recover, ANewerVersionIsRefused) {
  const std::uint32_t newer = kLayoutVersion + 1;
  for (const std::string name : {"control", "0001.ring"}) {
    TempDir dir;
    ASSERT_NO_FATAL_FAILURE(LeaveRun(dir.path(), 5));
    Patch(dir.File("rings/" + name), 8, &newer, sizeof newer);
    EXPECT_EQ(KindOfRefusal(dir.path()), ErrorKind::kNewerFormat);
    EXPECT_EQ(LiveRecorder::Open(SmallOptions(dir.path())).error().kind, ErrorKind::kNewerFormat);
    Patch(dir.File("rings/" + name), 8, &kLayoutVersion, sizeof kLayoutVersion);
    ASSERT_NO_FATAL_FAILURE(ExpectRecovers(dir.path(), 5));
  }
}

TEST(Recover, DamageIsRefusedAndNamed) {
  TempDir dir;
  ASSERT_NO_FATAL_FAILURE(LeaveRun(dir.File("left"), 5));
  const auto refusal = [&](const std::string& file, std::size_t at, std::uint64_t value, std::size_t size) {
    CopyRun(dir.File("left"), dir.File("run"));
    Patch(dir.File("run/rings/" + file), at, &value, size);
    return KindOfRefusal(dir.File("run"));
  };
  EXPECT_EQ(refusal("control", 0, 0, 8), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("control", 8, 0, 4), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("0001.ring", 0, 0, 8), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("0001.ring", offsetof(RingHeader, capacity), 1U << 20U, 8), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("0001.ring", offsetof(RingHeader, head), 1U << 20U, 8), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("0001.ring", offsetof(RingHeader, tail), 1U << 20U, 8), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("definitions", 3, 0x55, 1), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("definitions", 20, 0x55, 1), ErrorKind::kBadFrame);
  constexpr std::size_t kRecord = kPageBytes;
  EXPECT_EQ(refusal("0001.ring", kRecord + offsetof(RecordHead, size_bytes), 16, 4), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("0001.ring", kRecord + offsetof(RecordHead, size_bytes), 8000, 4), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("0001.ring", kRecord + offsetof(RecordHead, stream), 7, 2), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("0001.ring", kRecord + offsetof(RecordHead, type), 9, 1), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("0001.ring", kRecord + offsetof(RecordHead, event_kind), 99, 1), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("0001.ring", kRecord + offsetof(RecordHead, action), 99, 4), ErrorKind::kBadFrame);
  EXPECT_EQ(refusal("0001.ring", kRecord + offsetof(RecordHead, ticket), 40, 8), ErrorKind::kSequenceGap);
  EXPECT_EQ(refusal("0001.ring", kRecord + offsetof(RecordHead, ticket), 0, 8), ErrorKind::kSequenceRepeat);
  CopyRun(dir.File("left"), dir.File("run"));
  std::filesystem::resize_file(dir.File("run/rings/0001.ring"), 9000);
  EXPECT_EQ(KindOfRefusal(dir.File("run")), ErrorKind::kBadFrame);
}

// Whatever one byte of a record becomes, recovery ends, with a trace that can be read or an error.
TEST(Recover, NoByteOfARecordMakesItFail) {
  TempDir dir;
  ASSERT_NO_FATAL_FAILURE(LeaveRun(dir.File("left"), 2));
  for (std::size_t at = 0; at < 300; at += 2) {
    for (const int byte : {0, 0x7F, 0xFF}) {
      CopyRun(dir.File("left"), dir.File("run"));
      Patch(dir.File("run/rings/0001.ring"), kPageBytes + at, &byte, 1);
      Result<Recovery> recovery = Recover(dir.File("run"));
      if (recovery.ok()) {
        EXPECT_FALSE(trace::test::ReadAll(dir.File("run/n1.1.ktrace")).error) << at;
      } else {
        EXPECT_TRUE(test::HasRings(dir.File("run"))) << at;
      }
    }
  }
}

TEST(Recover, TheVerbSaysWhatItDid) {
  TempDir dir;
  ASSERT_NO_FATAL_FAILURE(LeaveRun(dir.path(), 5));
  const auto recover = [&](const std::string& directory, nlohmann::json& json) {
    const char* argv[] = {"trace", "recover", directory.c_str(), "--json"};
    std::ostringstream out;
    std::ostringstream err;
    const int exit = cli::RunTrace(4, argv, out, err);
    json = nlohmann::json::parse(out.str());
    return exit;
  };
  nlohmann::json json;
  ASSERT_EQ(recover(dir.path(), json), 0);
  EXPECT_EQ(json["was_needed"], true);
  EXPECT_EQ(json["events"], 5);
  EXPECT_EQ(json["traces"], 1);
  ExpectNumbered(dir.path(), 5);
  ASSERT_EQ(recover(dir.path(), json), 0);
  EXPECT_EQ(json["was_needed"], false);
  EXPECT_EQ(recover(dir.File("no"), json), 3);
  EXPECT_EQ(json["error"]["code"], "cannot-open");
}

TEST(Recover, AFolderThatIsNotThere) {
  TempDir dir;
  EXPECT_EQ(Recover(dir.File("no")).error().kind, ErrorKind::kCannotOpen);
}

}  // namespace
}  // namespace kelpie::trace::record
