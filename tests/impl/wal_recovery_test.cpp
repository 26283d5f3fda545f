// The log over its life: checkpoints, full disks, and a crash at every change.
#include <algorithm>

#include "tests/impl/wal_script.h"

namespace kelpie::impl_test {
namespace {

TEST(WalRecoveryTest, ACheckpointBoundsTheLog) {
  Disk disk{Random(1)};
  LogOptions options = Small();
  options.log_bytes_max = 3000;
  Log log(disk, options);
  Open(log);
  std::uint64_t taken = 0;
  wal::Appended last;
  while ((last = log.Append(Payload(3))).status.ok()) {
    ASSERT_TRUE(log.Sync().ok());
    ++taken;
  }
  EXPECT_EQ(last.status.trouble, Trouble::kFull) << last.status.text;
  EXPECT_LE(log.bytes(), options.log_bytes_max);
  log.Checkpoint(taken - 2);
  EXPECT_TRUE(log.Append(Payload(3)).status.ok()) << "there is room again";
  ASSERT_TRUE(log.Sync().ok());
  EXPECT_LE(Names(disk).size(), 3U);
  const Found found = MustScan(disk, options);
  EXPECT_EQ(found.size(), 3U) << "two that are not settled, and the new one";
  EXPECT_EQ(found.begin()->first, taken - 1);
}

// What is settled goes when a segment says so that is durable itself.
TEST(WalRecoveryTest, ACheckpointRemovesNothingBeforeItIsDurable) {
  Disk disk{Random(1)};
  Log log(disk, Small());
  Open(log);
  Fill(log, 1, 60);
  const std::size_t before = Names(disk).size();
  log.Checkpoint(60);
  EXPECT_EQ(Names(disk).size(), before);
  EXPECT_EQ(log.checkpoint(), 0U);
  std::uint64_t next = 61;
  for (std::uint64_t syncs = disk.syncs(); disk.syncs() != syncs + 2; ++next) {  // until a segment was to be made
    syncs = disk.syncs();
    disk.FailNextSync(1);
    Fill(log, next, next);
    ASSERT_LT(next, 100U);
  }
  EXPECT_EQ(log.checkpoint(), 0U);
  EXPECT_EQ(MustScan(disk).size(), next - 1);
  EXPECT_EQ(Names(disk).size(), before);
  ASSERT_TRUE(log.Append(Payload(next)).status.ok()) << "it is tried again";
  EXPECT_EQ(log.checkpoint(), 60U);
  EXPECT_LT(Names(disk).size(), before);
}

// A crash may bring back some of the segments that a checkpoint removed, and those that a new one replaced.
TEST(WalRecoveryTest, RemovedSegmentsThatAreThereAgainAreLeftOut) {
  Disk disk{Random(1)};
  Log log(disk, Small());
  Open(log);
  Fill(log, 1, 60);
  const std::vector<std::string> names = Names(disk);
  const std::string first = Bytes(disk, names[0]);
  const std::string third = Bytes(disk, names[2]);
  log.Checkpoint(55);
  std::uint64_t next = 61;
  for (; log.checkpoint() == 0; ++next) Fill(log, next, next);
  const std::string last_name = Names(disk).back();
  const std::string last = Bytes(disk, last_name);
  Open(log);
  Replace(disk, names[0], first);
  Replace(disk, names[2], third);
  Replace(disk, last_name, last);
  Replace(disk, names[1] + ".new", "half a segment");
  Replace(disk, "notes.txt", "somebody's");
  const Found found = MustScan(disk);
  EXPECT_EQ(found.size(), next - 56);
  EXPECT_EQ(found.begin()->first, 56U);
  Log again(disk, Small());
  Open(again);
  const std::vector<std::string> left = Names(disk);
  for (const std::string& gone : {names[0], names[1] + ".new", names[2], last_name})
    EXPECT_EQ(std::count(left.begin(), left.end(), gone), 0) << gone;
  EXPECT_EQ(std::count(left.begin(), left.end(), "notes.txt"), 1);
}

TEST(WalRecoveryTest, AFullDiskRefusesAndGoesOnWhenThereIsRoom) {
  Disk disk{Random(1)};
  Log log(disk, Small());
  Open(log);
  disk.SetFull(true);
  std::uint64_t taken = 0;
  wal::Appended last;
  while ((last = log.Append(Payload(1))).status.ok()) {
    ASSERT_TRUE(log.Sync().ok()) << "room for the segment was set aside";
    ASSERT_LT(++taken, 100U);
  }
  EXPECT_EQ(last.status.trouble, Trouble::kNoSpace) << last.status.text;
  EXPECT_FALSE(log.is_poisoned());
  log.Checkpoint(1);
  EXPECT_EQ(log.Append(Payload(1)).status.trouble, Trouble::kNoSpace);
  disk.SetFull(false);
  EXPECT_TRUE(log.Append(Payload(1)).status.ok());
  ASSERT_TRUE(log.Sync().ok());
  EXPECT_EQ(MustScan(disk).size(), taken) << "all but the settled one, and the new one";
}

// Operations in groups of up to four, now and then a checkpoint, until the machine stands still.
struct Written {
  std::uint64_t confirmed = 0;
  std::uint64_t appended = 0;
  std::uint64_t settled = 0;
  std::uint64_t operations = 0;
};
Written WriteUntilCrash(Disk& disk, std::uint64_t operations) {
  Written written;
  Log log(disk, Small());
  Found found;
  if (!ScanInto(log, found).ok() || !log.Begin().ok()) return written;
  while (written.operations < operations) {
    const std::uint64_t group = 1 + written.operations % 4;
    for (std::uint64_t i = 0; i < group; ++i) {
      const wal::Appended one = log.Append(Payload(log.last() + 1));
      if (!one.status.ok()) return written;
      written.appended = one.number;
      ++written.operations;
    }
    if (!log.Sync().ok()) return written;
    written.confirmed = log.durable();
    if (written.operations % 24 < 4 && written.confirmed > 3) {
      written.settled = written.confirmed - 3;
      log.Checkpoint(written.settled);
    }
  }
  return written;
}

void ExpectKept(const Found& found, const Written& written) {
  std::uint64_t last = written.settled;
  for (const auto& [number, payload] : found) {
    EXPECT_TRUE(number <= written.settled || payload == Payload(number)) << number << ": " << payload;
    last = number;
  }
  EXPECT_GE(last, written.confirmed);
  EXPECT_LE(last, std::max(written.appended, written.confirmed));
}

// The machine loses power at each change that 200 operations make to the disk, and again at each change of the
// recovery.
TEST(WalRecoveryTest, APowerFailureAtEveryChangeLosesNothingConfirmed) {
  std::uint64_t changes = 0;
  {
    Disk disk{Random(1)};
    WriteUntilCrash(disk, 200);
    changes = disk.changes();
  }
  ASSERT_GT(changes, 200U);
  for (std::uint64_t crash = 1; crash <= changes + 1; ++crash) {
    SCOPED_TRACE(crash);
    Disk disk{Random(crash)};
    disk.CrashAt(crash);
    const Written written = WriteUntilCrash(disk, 200);
    disk.LosePower();
    for (std::uint64_t again = 1; again <= 12; ++again) {
      disk.CrashAt(disk.changes() + again);
      Log log(disk, Small());
      Found found;
      const Status scanned = ScanInto(log, found);
      ASSERT_TRUE(scanned.ok()) << scanned.text;
      ExpectKept(found, written);
      const bool has_begun = log.Begin().ok();
      disk.LosePower();
      if (has_begun) break;
    }
    ExpectKept(MustScan(disk), written);
  }
}

}  // namespace
}  // namespace kelpie::impl_test
