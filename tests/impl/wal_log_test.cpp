// The log on a simulated disk: what was confirmed is found again, and damage is told from a torn end.
#include <algorithm>

#include "impl/wal/segment_names.h"
#include "tests/impl/wal_script.h"

namespace kelpie::impl_test {
namespace {

TEST(WalLogTest, WhatWasSyncedIsFoundAgain) {
  Disk disk{Random(1)};
  {
    Log log(disk, Small());
    Open(log);
    Fill(log, 1, 100);
    EXPECT_EQ(log.durable(), 100U);
  }
  EXPECT_GT(Names(disk).size(), 5U) << "the segments are small";
  const Found found = MustScan(disk);
  ASSERT_EQ(found.size(), 100U);
  for (const auto& [number, payload] : found) EXPECT_EQ(payload, Payload(number));
}

TEST(WalLogTest, KillsLoseNothingAndPowerFailuresOnlyWhatWasNotSynced) {
  int losses = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Disk disk{Random(seed)};
    Log log(disk, Small());
    Open(log);
    Fill(log, 1, 7);
    for (std::uint64_t i = 8; i <= 12; ++i) ASSERT_TRUE(log.Append(Payload(i)).status.ok());
    ASSERT_TRUE(log.Write().ok());
    EXPECT_EQ(MustScan(disk).size(), 12U);
    disk.LosePower();
    const Found found = MustScan(disk);
    EXPECT_GE(found.size(), 7U);
    EXPECT_LE(found.size(), 12U);
    losses += found.size() < 12 ? 1 : 0;
  }
  EXPECT_GT(losses, 100);
}

// A segment cut off anywhere has the whole records in front of the cut; nothing else is made of the rest.
TEST(WalLogTest, ATornTailIsCutAtEveryByte) {
  Disk disk{Random(1)};
  LogOptions options = Small();
  options.segment_bytes = 1 << 16;
  Log log(disk, options);
  Open(log);
  std::vector<std::size_t> ends;
  for (std::uint64_t i = 1; i <= 6; ++i) {  // one group: none of them says of another that it is durable
    ASSERT_TRUE(log.Append(Payload(i)).status.ok());
    ends.push_back(log.bytes());
  }
  ASSERT_TRUE(log.Sync().ok());
  const std::string name = Names(disk).front();
  const std::string whole = Bytes(disk, name);
  for (std::size_t cut = wal::kSegmentHeaderBytes; cut <= ends.back(); ++cut) {
    std::string torn = whole;
    std::fill(torn.begin() + static_cast<std::ptrdiff_t>(cut), torn.end(), '\0');
    Replace(disk, name, torn);
    const Found found = MustScan(disk, options);
    std::size_t expected = 0;
    // The last byte of a payload may be the zero that the cut leaves there; these end in none.
    while (expected < ends.size() && ends[expected] <= cut) ++expected;
    EXPECT_EQ(found.size(), expected) << "cut at " << cut;
  }
}

// Every bit counts: damage in front of a record that vouches is an error, behind the last one it is a torn tail.
TEST(WalLogTest, DamageOfWhatWasDurableIsAnError) {
  Disk disk{Random(1)};
  LogOptions options = Small();
  options.segment_bytes = 1 << 16;
  Log log(disk, options);
  Open(log);
  Fill(log, 1, 5);
  const std::string name = Names(disk).front();
  const std::string whole = Bytes(disk, name);
  const std::size_t end = EndOf(whole);
  const std::size_t last_begin = end - wal::kRecordHeaderBytes - Payload(5).size();
  for (std::size_t at = 0; at < end; ++at) {
    Replace(disk, name, whole);
    disk.Damage(name, at, '\x10');
    const Status scanned = ScanStatus(disk, options);
    if (at >= last_begin) {
      EXPECT_TRUE(scanned.ok()) << at << ": " << scanned.text;
      EXPECT_EQ(MustScan(disk, options).size(), 4U);
    } else {
      EXPECT_EQ(scanned.trouble, at >= 8 && at < 12 ? Trouble::kNewer : Trouble::kDamaged) << at << scanned.text;
    }
  }
  Replace(disk, name, whole);
  disk.Damage(name, wal::kSegmentHeaderBytes + 30, '\x01');
  EXPECT_EQ(ScanStatus(disk, options).text,
            name + ":128: record 1 is damaged, and was durable; bring the file back from a copy");
}

// A segment that was begun with records says so: of these the last one is vouched for, too.
TEST(WalLogTest, DamageOfTheLastRecordIsAnErrorOnceTheLogWasBegunWithIt) {
  Disk disk{Random(1)};
  Log log(disk, Small());
  Open(log);
  Fill(log, 1, 3);
  Open(log);
  const std::string name = Names(disk).front();
  disk.Damage(name, EndOf(Bytes(disk, name)) - 1, '\x04');
  EXPECT_EQ(ScanStatus(disk).trouble, Trouble::kDamaged);
}

// Pages of one group reach the disk in any order: a whole record behind a hole is no proof of damage.
TEST(WalLogTest, AHoleInWhatWasNeverConfirmedIsATornTail) {
  Disk disk{Random(1)};
  LogOptions options = Small();
  options.segment_bytes = 1 << 16;
  Log log(disk, options);
  Open(log);
  Fill(log, 1, 3);
  const std::uint64_t begin = log.bytes();
  for (std::uint64_t i = 4; i <= 6; ++i) ASSERT_TRUE(log.Append(Payload(i)).status.ok());
  ASSERT_TRUE(log.Write().ok());
  const std::string name = Names(disk).front();
  std::string bytes = Bytes(disk, name);
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(begin), wal::kRecordHeaderBytes, '\0');
  Replace(disk, name, bytes);
  EXPECT_EQ(MustScan(disk, options).size(), 3U);
}

TEST(WalLogTest, AMissingOrForeignSegmentIsAnError) {
  const auto filled = [](Disk& disk) {
    Log log(disk, Small());
    Open(log);
    Fill(log, 1, 60);
  };
  for (std::size_t missing = 0;; ++missing) {
    Disk disk{Random(1)};
    filled(disk);
    const std::vector<std::string> names = Names(disk);
    if (missing + 1 >= names.size()) break;  // without the last one, a log has lost its end, which nothing tells
    ASSERT_TRUE(disk.Remove(names[missing]).ok());
    const Status scanned = ScanStatus(disk);
    EXPECT_EQ(scanned.trouble, Trouble::kMissing) << names[missing];
    EXPECT_NE(scanned.text.find("a segment before " + names[missing + 1].substr(0, 16) + " is not there"),
              std::string::npos)
        << scanned.text;
  }
  Disk disk{Random(1)};
  filled(disk);
  const std::vector<std::string> names = Names(disk);
  LogOptions other = Small();
  other.cluster = "c2";
  EXPECT_EQ(ScanStatus(disk, other).trouble, Trouble::kForeign);
  EXPECT_EQ(ScanStatus(disk, other).text,
            names[0] + ": is of cluster \"kelpie\", not of \"c2\"; name the folder of this cluster");

  std::string newer = Bytes(disk, names[1]);
  newer[8] = 2;
  Replace(disk, names[1], newer);
  EXPECT_EQ(ScanStatus(disk).text,
            names[1] + ": has format 2, known is 1; use the program that wrote it, or a newer one");
  newer[8] = 1;
  Replace(disk, names[1], newer);
  EXPECT_TRUE(ScanStatus(disk).ok());

  const std::string renamed = wal::SegmentName(7, 99);
  ASSERT_TRUE(disk.Publish(names[1], renamed).ok());
  EXPECT_EQ(ScanStatus(disk).trouble, Trouble::kDamaged);
  ASSERT_TRUE(disk.Publish(renamed, names[1]).ok());
  Replace(disk, names[2], "");
  EXPECT_EQ(ScanStatus(disk).text, names[2] + ": its first 128 bytes are no segment header");
}

TEST(WalLogTest, AnInnerSegmentThatIsCutShortIsAnError) {
  Disk disk{Random(1)};
  Log log(disk, Small());
  Open(log);
  Fill(log, 1, 60);
  const std::vector<std::string> names = Names(disk);
  std::string cut = Bytes(disk, names[1]);
  cut.resize(EndOf(cut) - 3);
  Replace(disk, names[1], cut);
  EXPECT_EQ(ScanStatus(disk).trouble, Trouble::kDamaged);
}

TEST(WalLogTest, AFailedSyncPoisonsUntilTheLogIsOpenedAgain) {
  Disk disk{Random(3)};
  Log log(disk, Small());
  Open(log);
  Fill(log, 1, 5);
  disk.FailNextSync();
  ASSERT_TRUE(log.Append(Payload(6)).status.ok());
  EXPECT_EQ(log.Sync().trouble, Trouble::kFile);
  EXPECT_EQ(log.durable(), 5U);
  EXPECT_EQ(log.Append(Payload(7)).status.trouble, Trouble::kPoisoned);
  EXPECT_EQ(log.Write().trouble, Trouble::kPoisoned);
  EXPECT_EQ(log.Sync().trouble, Trouble::kPoisoned);
  // Reads see the record. What is begun with it makes it durable.
  Found found;
  ASSERT_TRUE(ScanInto(log, found).ok());
  EXPECT_EQ(found.size(), 6U);
  ASSERT_TRUE(log.Begin().ok());
  disk.LosePower();
  EXPECT_EQ(MustScan(disk).size(), 6U);
}

// The two decisions that a failed sync asks for, each taken out: what was confirmed is then lost.
TEST(WalLogTest, TryingASyncAgainOrGoingOnInPlaceLosesWhatWasConfirmed) {
  int lost_by_retry = 0;
  int lost_in_place = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    {
      Disk disk{Random(seed)};
      LogOptions options = Small();
      options.policy.poisons = false;
      Log log(disk, options);
      Open(log);
      Fill(log, 1, 5);
      disk.FailNextSync();
      ASSERT_TRUE(log.Append(Payload(6)).status.ok());
      EXPECT_FALSE(log.Sync().ok());
      EXPECT_TRUE(log.Sync().ok()) << "which says that six are durable";
      disk.LosePower();
      lost_by_retry += MustScan(disk).size() < 6 ? 1 : 0;
    }
    Disk disk{Random(seed)};
    LogOptions options = Small();
    options.policy.rewrites_tail = false;
    Log log(disk, options);
    Open(log);
    Fill(log, 1, 5);
    disk.FailNextSync();
    ASSERT_TRUE(log.Append(Payload(6)).status.ok());
    EXPECT_FALSE(log.Sync().ok());
    Open(log);
    EXPECT_EQ(log.durable(), 6U);
    disk.LosePower();
    lost_in_place += MustScan(disk).size() < 6 ? 1 : 0;
  }
  EXPECT_GT(lost_by_retry, 5);
  EXPECT_GT(lost_in_place, 5);
}

TEST(WalLogTest, WithoutChecksumsHalfARecordIsAnOperation) {
  Disk disk{Random(1)};
  LogOptions options = Small();
  Log log(disk, options);
  Open(log);
  ASSERT_TRUE(log.Append("all of it").status.ok());
  ASSERT_TRUE(log.Sync().ok());
  const std::string name = Names(disk).front();
  std::string torn = Bytes(disk, name);
  std::fill_n(torn.begin() + static_cast<std::ptrdiff_t>(EndOf(torn) - 4), 4, '\0');
  Replace(disk, name, torn);
  EXPECT_EQ(MustScan(disk, options).size(), 0U);
  options.policy.checksums = wal::Checksums::kIgnored;
  EXPECT_EQ(MustScan(disk, options).at(1), std::string("all o") + std::string(4, '\0'));
}

TEST(WalLogTest, LimitsAndOrderOfCalls) {
  Disk disk{Random(1)};
  LogOptions options = Small();
  options.payload_bytes_max = 10;
  Log log(disk, options);
  EXPECT_EQ(log.Append("x").status.trouble, Trouble::kNotBegun);
  EXPECT_EQ(log.Begin().trouble, Trouble::kNotBegun);
  Open(log);
  EXPECT_EQ(log.Append("01234567890").status.text, "a payload of 11 bytes; at most 10 are taken");
  EXPECT_EQ(log.Append("0123456789").number, 1U);
  EXPECT_EQ(log.Append("").number, 2U);
  ASSERT_TRUE(log.Sync().ok());
  EXPECT_EQ(MustScan(disk, options).at(2), "");
}

TEST(WalLogTest, TheFormatStaysAsItIs) {
  const std::string header = wal::Encode(wal::SegmentHeader{.first = 5, .generation = 2, .durable = 4, .cluster = "c"});
  std::string bytes = header.substr(0, 56);
  wal::AppendRecord({5, 4, "ab"}, bytes);
  std::string hex;
  for (const char c : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[static_cast<unsigned char>(c) >> 4U];
    hex += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  // Checksums by another program: CRC32C of what stands behind them.
  EXPECT_EQ(hex,
            "4b454c5057414c0a"
            "01000000"
            "38f6be55"
            "0500000000000000"
            "0200000000000000"
            "0400000000000000"
            "0000000000000000"
            "0100000063000000"
            "a98a3888"
            "02000000"
            "0500000000000000"
            "0400000000000000"
            "6162");
}

}  // namespace
}  // namespace kelpie::impl_test
