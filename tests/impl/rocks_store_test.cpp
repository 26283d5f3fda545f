// The embedded store beyond the contract (store_test.cpp): what a power failure leaves, what many threads see, and what
// is refused at opening.
#include "impl/rocks/rocks_store.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <thread>

#include "tests/impl/lossy_files.h"
#include "tests/support/temp_dir.h"

namespace kelpie::impl_test {
namespace {

using store::OpenedStore;
using store::Outcome;
using store::Refusal;
using store::RocksOptions;
using store::RocksStore;
using store::Row;
using store::Transaction;
using store::TransactionReply;

class RocksStoreTest : public testing::Test {
 protected:
  void Clear() { std::filesystem::remove_all(Options().path); }
  [[nodiscard]] RocksOptions Options(std::shared_ptr<LossyFiles> files = nullptr) const {
    return {.path = folder_.File("store"), .files = std::move(files)};
  }
  [[nodiscard]] std::unique_ptr<RocksStore> Open(std::shared_ptr<LossyFiles> files = nullptr) const {
    OpenedStore opened = RocksStore::Open(Options(std::move(files)));
    EXPECT_TRUE(opened.store) << opened.error;
    return std::move(opened.store);
  }

  const test::TempDir folder_;
};

Row At(store::Store& from, const store::Key& key) { return from.Read({{"r", 1, 1}, {key}}).rows.at(key); }

// The n-th of a client that writes two rows each time, so that half a commit shows.
Transaction Step(std::uint64_t n) {
  const std::string value = std::to_string(n);
  return {{"c", 1, n}, "step", {{"last", n - 1}}, {{"last", value}, {"k" + std::to_string(n % 7), value}}};
}

// How many steps the rows show; every row has to be that of the same moment.
std::uint64_t StepsIn(store::Store& from) {
  const std::uint64_t steps = At(from, "last").version;
  for (std::uint64_t n = steps; n > 0 && n + 7 > steps; --n) {
    const Row row = At(from, "k" + std::to_string(n % 7));
    EXPECT_EQ(row.value, std::to_string(n));
    EXPECT_EQ(row.writer.number, n);
    EXPECT_EQ(row.version, (n + 6) / 7);
  }
  for (std::uint64_t key = steps + 1; key < 7; ++key) EXPECT_EQ(At(from, "k" + std::to_string(key % 7)).version, 0U);
  return steps;
}

// Steps until one is not ok; how many were.
std::uint64_t TakeSteps(store::Store& on, std::uint64_t steps, TransactionReply* last = nullptr) {
  for (std::uint64_t n = 1; n <= steps; ++n) {
    const TransactionReply reply = on.Commit(Step(n));
    if (last != nullptr) *last = reply;
    if (reply.outcome != Outcome::kOk) return n - 1;
  }
  return steps;
}

TEST_F(RocksStoreTest, WhatWasCommittedIsThereAfterReopening) {
  std::uint64_t commit_version = 0;
  {
    const auto store = Open();
    ASSERT_EQ(TakeSteps(*store, 20), 20U);
    commit_version = store->commit_version();
  }
  const auto store = Open();
  EXPECT_EQ(StepsIn(*store), 20U);
  EXPECT_EQ(store->commit_version(), commit_version);
  EXPECT_EQ(store->Commit(Step(20)).refusal, Refusal::kConflict);
  EXPECT_EQ(store->Commit(Step(21)).commit_version, commit_version + 1);
}

// The power fails at every change that 200 commits make, from the first file of a new store on, and the disk keeps
// nothing, half or all of what was not synced.
TEST_F(RocksStoreTest, NoPowerFailureLosesACommit) {
  std::uint64_t changes = 0;
  {
    const auto files = std::make_shared<LossyFiles>();
    const auto store = Open(files);
    ASSERT_EQ(TakeSteps(*store, 200), 200U);
    changes = files->changes();
    EXPECT_GT(files->syncs(), 200U);
  }
  ASSERT_GT(changes, 400U);
  std::uint64_t unknown_that_landed = 0;
  std::uint64_t unknown_that_did_not = 0;
  for (std::uint64_t change = 1; change <= changes; ++change) {
    SCOPED_TRACE("power failure at change " + std::to_string(change));
    Clear();
    const auto files = std::make_shared<LossyFiles>();
    files->CrashAt(change);
    std::uint64_t acknowledged = 0;
    TransactionReply last;
    if (OpenedStore opened = RocksStore::Open(Options(files)); opened.store) {
      acknowledged = TakeSteps(*opened.store, 200, &last);
      if (acknowledged < 200) {
        EXPECT_EQ(last.outcome, Outcome::kUnknown);
        EXPECT_FALSE(opened.store->failure().empty());
        EXPECT_EQ(opened.store->Commit(Step(acknowledged + 2)).refusal, Refusal::kUnavailable);
        EXPECT_EQ(opened.store->Read({{"r", 1, 1}, {"last"}}).outcome, Outcome::kFailed);
      }
    }
    files->LoseUnsynced(static_cast<Tail>(change % 3));
    const auto store = Open();
    ASSERT_TRUE(store);
    const std::uint64_t steps = StepsIn(*store);
    EXPECT_GE(steps, acknowledged);
    EXPECT_LE(steps, acknowledged + 1);
    (steps > acknowledged ? unknown_that_landed : unknown_that_did_not) += 1;
    EXPECT_EQ(store->Commit(Step(steps + 1)).outcome, Outcome::kOk);
    if (HasFailure()) return;
  }
  EXPECT_GT(unknown_that_landed, 0U);  // both really happen
  EXPECT_GT(unknown_that_did_not, 0U);
}

// The check above can fail: a store that does not sync loses what it acknowledged.
TEST_F(RocksStoreTest, WithoutSyncAPowerFailureLosesCommits) {
  const auto files = std::make_shared<LossyFiles>();
  RocksOptions options = Options(files);
  options.sync = false;
  {
    const OpenedStore opened = RocksStore::Open(options);
    ASSERT_TRUE(opened.store) << opened.error;
    ASSERT_EQ(TakeSteps(*opened.store, 50), 50U);
    files->CrashAt(0);
  }
  files->LoseUnsynced(Tail::kNothing);
  const auto store = Open();
  ASSERT_TRUE(store);
  EXPECT_LT(StepsIn(*store), 50U);
}

// After a failed sync the next one may succeed and keep nothing; so nothing is tried again.
TEST_F(RocksStoreTest, AFailedSyncClosesTheStore) {
  const auto files = std::make_shared<LossyFiles>();
  std::uint64_t acknowledged = 0;
  {
    const auto store = Open(files);
    ASSERT_EQ(TakeSteps(*store, 10), 10U);
    files->FailSyncs(files->syncs() + 1);
    EXPECT_EQ(store->Commit(Step(11)).outcome, Outcome::kUnknown);
    for (std::uint64_t n = 11; n < 15; ++n) {
      const TransactionReply reply = store->Commit(Step(n));
      EXPECT_EQ(reply.outcome, Outcome::kFailed);
      EXPECT_EQ(reply.refusal, Refusal::kUnavailable);
    }
    acknowledged = 10;
    files->CrashAt(0);
  }
  files->LoseUnsynced(Tail::kAll);
  const auto store = Open();
  ASSERT_TRUE(store);
  EXPECT_EQ(StepsIn(*store), acknowledged);
}

TEST_F(RocksStoreTest, AFullDiskClosesTheStoreAndKeepsWhatIsThere) {
  const auto files = std::make_shared<LossyFiles>();
  {
    const auto store = Open(files);
    ASSERT_EQ(TakeSteps(*store, 10), 10U);
    files->FillDisk();
    EXPECT_EQ(store->Commit(Step(11)).outcome, Outcome::kUnknown);
    EXPECT_NE(store->failure().find("pace"), std::string::npos) << store->failure();
    EXPECT_EQ(store->Commit(Step(11)).refusal, Refusal::kUnavailable);
  }
  const auto store = Open();
  ASSERT_TRUE(store);
  EXPECT_EQ(StepsIn(*store), 10U);
}

struct Done {
  Transaction transaction;
  TransactionReply reply;
  std::uint64_t commits_before = 0;  // the place of the last commit that somebody knew of when this one began
};

struct DoneRead {
  store::ReadReply reply;
  std::uint64_t commits_before = 0;
};

// Four threads read, write skewed, increment and delete the same few rows; two more read several at once. The order of
// commits that the replies name has to be one in which each did read what it compared, and which nobody saw run
// backwards.
TEST_F(RocksStoreTest, CommitsOfManyThreadsAreSerial) {
  constexpr int kWriters = 4;
  constexpr int kReaders = 2;
  constexpr std::uint64_t kEach = 300;
  const std::vector<store::Key> keys = {"a", "b", "c", "d"};
  const auto store = Open(std::make_shared<LossyFiles>());
  std::atomic<std::uint64_t> known = 0;
  const auto know = [&known](std::uint64_t place) {
    std::uint64_t before = known.load();
    while (before < place && !known.compare_exchange_weak(before, place)) {
    }
  };
  std::vector<std::vector<Done>> done(kWriters);
  std::vector<std::vector<DoneRead>> reads(kReaders);
  std::atomic<int> writing = kWriters;
  std::vector<std::thread> threads;
  for (int w = 0; w < kWriters; ++w) {
    threads.emplace_back([&, w] {
      std::mt19937_64 random(static_cast<std::uint64_t>(w) + 1);
      for (std::uint64_t n = 1; n <= kEach; ++n) {
        Transaction t{{"w" + std::to_string(w), 1, n}, "", {}, {}};
        const std::uint64_t before = known.load();
        const store::ReadReply seen = store->Read({t.operation, keys});
        for (const store::Key& key : keys) {
          if (random() % 2 == 0) t.compares.push_back({key, seen.rows.at(key).version});
          if (random() % 3 != 0) continue;
          if (random() % 4 == 0)
            t.writes.push_back({key, std::nullopt});
          else
            t.writes.push_back({key, store::ToString(t.operation)});
        }
        if (t.compares.empty()) t.compares.push_back({keys[0], seen.rows.at(keys[0]).version});
        TransactionReply reply = store->Commit(t);
        if (reply.outcome == Outcome::kOk) know(reply.commit_version);
        done[static_cast<std::size_t>(w)].push_back({std::move(t), std::move(reply), before});
      }
      --writing;
    });
  }
  for (int r = 0; r < kReaders; ++r) {
    threads.emplace_back([&, r] {
      while (writing > 0) {
        const std::uint64_t before = known.load();
        reads[static_cast<std::size_t>(r)].push_back({store->Read({{"r", 1, 1}, keys}), before});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  std::map<std::uint64_t, const Done*> order;
  std::uint64_t refused = 0;
  for (const auto& of_writer : done) {
    for (const Done& one : of_writer) {
      if (one.reply.outcome != Outcome::kOk) {
        EXPECT_EQ(one.reply.refusal, Refusal::kConflict);
        ++refused;
        continue;
      }
      EXPECT_TRUE(order.emplace(one.reply.commit_version, &one).second) << "two commits at one place";
      EXPECT_GT(one.reply.commit_version, one.commits_before);
    }
  }
  EXPECT_EQ(order.size(), store->commit_version());
  EXPECT_GT(refused, 0U);
  EXPECT_GT(order.size(), kEach / 2);

  store::MemoryStore model;
  std::vector<store::Rows> states = {model.Read({{"m", 1, 1}, keys}).rows};
  for (const auto& [place, one] : order) {
    const TransactionReply again = model.Commit(one->transaction);
    ASSERT_EQ(again.outcome, Outcome::kOk) << "commit " << place << " read something else";
    EXPECT_EQ(again.versions, one->reply.versions);
    states.push_back(model.Read({{"m", 1, 1}, keys}).rows);
  }
  for (const auto& of_reader : reads) {
    std::size_t at = 0;
    for (const DoneRead& one : of_reader) {
      ASSERT_EQ(one.reply.outcome, Outcome::kOk);
      at = std::max(at, static_cast<std::size_t>(one.commits_before));
      while (at < states.size() && states[at] != one.reply.rows) ++at;
      ASSERT_LT(at, states.size()) << "a read saw rows that no moment since its beginning had";
    }
  }
}

TEST_F(RocksStoreTest, OneSyncServesAllThatWait) {
  const auto store = Open();
  std::vector<std::thread> threads;
  for (int i = 0; i < 64; ++i) {
    threads.emplace_back([&store, i] {
      for (std::uint64_t n = 1; n <= 20; ++n) {
        const Transaction t{{"c" + std::to_string(i), 1, n}, "", {}, {{"k" + std::to_string(i), "v"}}};
        EXPECT_EQ(store->Commit(t).outcome, Outcome::kOk);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store->counts().transactions, 64U * 20);
  EXPECT_LT(store->counts().batches, 64U * 20);
}

TEST_F(RocksStoreTest, AnotherClustersStoreIsNotOpened) {
  { ASSERT_TRUE(Open()); }
  RocksOptions options = Options();
  options.cluster = "other";
  const OpenedStore opened = RocksStore::Open(options);
  EXPECT_FALSE(opened.store);
  EXPECT_EQ(opened.error, "the store " + options.path +
                              " belongs to cluster kelpie, not to other; name that cluster, or choose another folder");
}

TEST_F(RocksStoreTest, AStoreInUseIsNotOpened) {
  const auto store = Open();
  const OpenedStore second = RocksStore::Open(Options());
  EXPECT_FALSE(second.store);
  EXPECT_NE(second.error.find("cannot be opened"), std::string::npos) << second.error;
}

class StoreWithEntries : public RocksStoreTest {
 protected:
  // The error of opening a database that has just these entries, or those beside what a new store has.
  std::string ErrorWith(const std::vector<std::pair<std::string, std::string>>& entries) {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open(options, Options().path, &db).ok());
    for (const auto& [key, value] : entries) EXPECT_TRUE(db->Put({}, key, value).ok());
    delete db;
    const OpenedStore opened = RocksStore::Open(Options());
    EXPECT_FALSE(opened.store);
    return opened.error;
  }
};

TEST_F(StoreWithEntries, ForeignDatabase) {
  EXPECT_NE(ErrorWith({{"x", "y"}}).find("not a store of this kind"), std::string::npos);
}

TEST_F(StoreWithEntries, NewerFormat) {
  { ASSERT_TRUE(Open()); }
  const std::string error = ErrorWith({{"m/format", "kelpie.store/2"}});
  EXPECT_NE(error.find("has format kelpie.store/2, this program reads kelpie.store/1"), std::string::npos) << error;
}

TEST_F(StoreWithEntries, DamagedCommitVersion) {
  { ASSERT_TRUE(Open()); }
  EXPECT_NE(ErrorWith({{"m/commit", "seven"}}).find("damaged"), std::string::npos);
}

// A row that cannot be read decides nothing: the store says so and closes, and nothing of the batch is written.
TEST_F(RocksStoreTest, ARowThatIsNoRowClosesTheStore) {
  { ASSERT_EQ(TakeSteps(*Open(), 3), 3U); }
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open({}, Options().path, &db).ok());
  ASSERT_TRUE(db->Put({}, "r/last", "\x02later").ok());
  delete db;
  const auto store = Open();
  EXPECT_EQ(store->Read({{"r", 1, 1}, {"last"}}).outcome, Outcome::kFailed);
  const TransactionReply reply = store->Commit(Step(4));
  EXPECT_EQ(reply.outcome, Outcome::kFailed);
  EXPECT_EQ(reply.refusal, Refusal::kUnavailable);
  EXPECT_EQ(store->failure(), "the row last is not of format 1");
}

TEST_F(RocksStoreTest, ADamagedLogIsAnErrorOrATail) {
  { ASSERT_EQ(TakeSteps(*Open(), 50), 50U); }
  // In the middle of the only log: later batches are behind it, so it is no tail.
  for (const auto& entry : std::filesystem::directory_iterator(Options().path)) {
    if (entry.path().extension() != ".log" || std::filesystem::file_size(entry) == 0) continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(entry) / 2));
    file.write("\xff\xff\xff\xff\xff\xff\xff\xff", 8);
  }
  const OpenedStore opened = RocksStore::Open(Options());
  EXPECT_FALSE(opened.store);
  EXPECT_NE(opened.error.find("cannot be opened: Corruption"), std::string::npos) << opened.error;
}

}  // namespace
}  // namespace kelpie::impl_test
