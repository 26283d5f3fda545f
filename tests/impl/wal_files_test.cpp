// The log in files of the system, and for many threads.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "impl/sim/disk.h"
#include "impl/wal/group_log.h"
#include "impl/wal/posix_folder.h"
#include "tests/support/temp_dir.h"

namespace kelpie::impl_test {
namespace {

using wal::Log;
using wal::LogOptions;
using wal::Trouble;

std::unique_ptr<Log> Begun(env::Folder& folder, const LogOptions& options, std::set<std::string>* found = nullptr) {
  auto log = std::make_unique<Log>(folder, options);
  const wal::Status scanned = log->Scan([&](const wal::Entry& entry) {
    if (found != nullptr) found->insert(std::string(entry.payload));
  });
  EXPECT_TRUE(scanned.ok()) << scanned.text;
  const wal::Status begun = log->Begin();
  EXPECT_TRUE(begun.ok()) << begun.text;
  return log;
}

TEST(WalFilesTest, ThreadsShareSyncsAndAllThatWasConfirmedIsThere) {
  const test::TempDir dir;
  LogOptions options;
  options.segment_bytes = 20'000;
  constexpr int kThreads = 8;
  constexpr int kEach = 200;
  std::vector<std::set<std::string>> confirmed(kThreads);
  {
    const wal::OpenedFolder opened = wal::OpenFolder(dir.File("wal"));
    ASSERT_NE(opened.folder, nullptr) << opened.error;
    wal::GroupLog log(Begun(*opened.folder, options));
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          const std::string payload = "thread " + std::to_string(t) + " operation " + std::to_string(i);
          if (log.Append(payload).status.ok()) confirmed[t].insert(payload);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_GT(log.counts().segments_made, 2U);
    EXPECT_LE(log.counts().syncs, static_cast<std::uint64_t>(kThreads * kEach));
  }
  const wal::OpenedFolder opened = wal::OpenFolder(dir.File("wal"));
  ASSERT_NE(opened.folder, nullptr) << opened.error;
  std::set<std::string> found;
  (void)Begun(*opened.folder, options, &found);
  EXPECT_EQ(found.size(), static_cast<std::size_t>(kThreads * kEach));
  for (const std::set<std::string>& one : confirmed) {
    EXPECT_EQ(one.size(), static_cast<std::size_t>(kEach));
    for (const std::string& payload : one) EXPECT_TRUE(found.contains(payload)) << payload;
  }
}

TEST(WalFilesTest, AfterAFailedSyncNobodyIsToldOfSuccess) {
  for (std::uint64_t failing = 0; failing < 20; ++failing) {
    sim::Disk disk{sim::Random(failing)};
    wal::GroupLog log(Begun(disk, {}));
    disk.FailNextSync(failing);
    std::vector<std::set<std::string>> confirmed(4);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < confirmed.size(); ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i) {
          const std::string payload = std::to_string(t) + "." + std::to_string(i);
          const wal::Appended one = log.Append(payload);
          if (!one.status.ok()) {
            EXPECT_EQ(one.status.trouble, Trouble::kPoisoned);
            return;
          }
          confirmed[t].insert(payload);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(log.Append("late").status.trouble, Trouble::kPoisoned);
    disk.LosePower();
    std::set<std::string> found;
    (void)Begun(disk, {}, &found);
    for (const std::set<std::string>& one : confirmed) {
      EXPECT_LT(one.size(), 50U);
      for (const std::string& payload : one) EXPECT_TRUE(found.contains(payload)) << payload;
    }
  }
}

TEST(WalFilesTest, OneProcessAtATime) {
  const test::TempDir dir;
  const wal::OpenedFolder first = wal::OpenFolder(dir.File("wal"));
  ASSERT_NE(first.folder, nullptr) << first.error;
  const wal::OpenedFolder second = wal::OpenFolder(dir.File("wal"));
  EXPECT_EQ(second.folder, nullptr);
  EXPECT_EQ(second.error, dir.File("wal") + ": another process has this log open; stop it first");
}

TEST(WalFilesTest, RefusalsOfTheSystemNameTheFile) {
  const test::TempDir dir;
  EXPECT_EQ(wal::OpenFolder(dir.File("no/wal")).error, dir.File("no/wal") + ": cannot make: No such file or directory");
  dir.Write("file", "x");
  EXPECT_EQ(wal::OpenFolder(dir.File("file")).error, dir.File("file") + ": cannot open: Not a directory");
  const wal::OpenedFolder opened = wal::OpenFolder(dir.File("wal"));
  ASSERT_NE(opened.folder, nullptr) << opened.error;
  std::string bytes;
  const env::FileStatus read = opened.folder->Read("none", bytes);
  EXPECT_EQ(read.trouble, env::FileTrouble::kMissing);
  EXPECT_EQ(read.text, dir.File("wal/none") + ": cannot read: No such file or directory");
  EXPECT_EQ(opened.folder->Publish("none", "some").trouble, env::FileTrouble::kMissing);
  EXPECT_EQ(opened.folder->Remove("none").trouble, env::FileTrouble::kMissing);
  std::unique_ptr<env::File> file;
  EXPECT_EQ(opened.folder->Open("none", file).trouble, env::FileTrouble::kMissing);
}

}  // namespace
}  // namespace kelpie::impl_test
