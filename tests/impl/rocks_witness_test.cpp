// The store's own record of its commits: in order, without gaps, each once, whatever crashes.
#include <gtest/gtest.h>

#include <filesystem>

#include "impl/rocks/rocks_store.h"
#include "tests/impl/lossy_files.h"
#include "tests/support/temp_dir.h"

namespace kelpie::impl_test {
namespace {

using store::CommitRecord;
using store::OpenedStore;
using store::Outcome;
using store::RocksOptions;
using store::RocksStore;
using store::Transaction;

class RocksWitnessTest : public testing::Test {
 protected:
  void Clear() {
    std::filesystem::remove_all(Path());
    told_.clear();
  }
  [[nodiscard]] std::string Path() const { return folder_.File("store"); }
  // A store that tells this test what it did not hear yet.
  OpenedStore Open(std::shared_ptr<LossyFiles> files = nullptr) {
    RocksOptions options{.path = Path(), .files = std::move(files)};
    options.on_commit = [this](const CommitRecord& commit) { told_.push_back(commit); };
    options.commits_seen = told_.size();
    return RocksStore::Open(options);
  }
  static Transaction Step(std::uint64_t n) { return {{"c", 1, n}, "", {{"x", n - 1}}, {{"x", "v"}}}; }
  void ExpectInOrder() const {
    for (std::size_t i = 0; i < told_.size(); ++i) {
      EXPECT_EQ(told_[i], (CommitRecord{i + 1, {"c", 1, i + 1}, {{"x", i + 1}}}));
    }
  }

  const test::TempDir folder_;
  std::vector<CommitRecord> told_;
};

TEST_F(RocksWitnessTest, IsToldBeforeTheAnswer) {
  const OpenedStore opened = Open();
  ASSERT_TRUE(opened.store) << opened.error;
  for (std::uint64_t n = 1; n <= 20; ++n) {
    ASSERT_EQ(opened.store->Commit(Step(n)).outcome, Outcome::kOk);
    ASSERT_EQ(told_.size(), n);
  }
  EXPECT_EQ(opened.store->Commit(Step(20)).outcome, Outcome::kFailed);
  EXPECT_EQ(told_.size(), 20U);  // refusals are no commits
  ExpectInOrder();
}

// What was synced before a power failure and not told is told after it; and nothing else.
TEST_F(RocksWitnessTest, NoPowerFailureMakesAGap) {
  std::uint64_t changes = 0;
  {
    const auto files = std::make_shared<LossyFiles>();
    const OpenedStore opened = Open(files);
    ASSERT_TRUE(opened.store) << opened.error;
    for (std::uint64_t n = 1; n <= 40; ++n) ASSERT_EQ(opened.store->Commit(Step(n)).outcome, Outcome::kOk);
    changes = files->changes();
  }
  std::uint64_t told_again = 0;
  for (std::uint64_t change = 1; change <= changes; ++change) {
    SCOPED_TRACE("power failure at change " + std::to_string(change));
    Clear();
    const auto files = std::make_shared<LossyFiles>();
    files->CrashAt(change);
    std::uint64_t acknowledged = 0;
    if (const OpenedStore opened = Open(files); opened.store) {
      while (acknowledged < 40 && opened.store->Commit(Step(acknowledged + 1)).outcome == Outcome::kOk) ++acknowledged;
    }
    EXPECT_EQ(told_.size(), acknowledged);
    files->LoseUnsynced(static_cast<Tail>(change % 3));
    const OpenedStore opened = Open();
    ASSERT_TRUE(opened.store) << opened.error;
    EXPECT_EQ(told_.size(), opened.store->commit_version());
    EXPECT_EQ(told_.size(), opened.store->Read({{"r", 1, 1}, {"x"}}).rows.at("x").version);
    EXPECT_GE(told_.size(), acknowledged);
    told_again += told_.size() - acknowledged;
    ExpectInOrder();
    if (HasFailure()) return;
  }
  EXPECT_GT(told_again, 0U);
}

TEST_F(RocksWitnessTest, WhatIsForgottenIsNotToldAgain) {
  {
    const OpenedStore opened = Open();
    ASSERT_TRUE(opened.store) << opened.error;
    for (std::uint64_t n = 1; n <= 10; ++n) ASSERT_EQ(opened.store->Commit(Step(n)).outcome, Outcome::kOk);
    EXPECT_EQ(opened.store->ForgetCommits(6), "");
  }
  told_.resize(6);
  {
    const OpenedStore opened = Open();
    ASSERT_TRUE(opened.store) << opened.error;
    EXPECT_EQ(told_.size(), 10U);
    ExpectInOrder();
  }
  told_.resize(3);
  const OpenedStore opened = Open();
  EXPECT_FALSE(opened.store);
  EXPECT_NE(opened.error.find("keeps no record of commit 4 of 10, which was not told yet"), std::string::npos)
      << opened.error;
}

// A backup that was put back, say.
TEST_F(RocksWitnessTest, AStoreThatIsOlderThanItsWitnessIsNotOpened) {
  {
    const OpenedStore opened = Open();
    ASSERT_TRUE(opened.store) << opened.error;
    ASSERT_EQ(opened.store->Commit(Step(1)).outcome, Outcome::kOk);
  }
  told_.resize(2);
  const OpenedStore opened = Open();
  EXPECT_FALSE(opened.store);
  EXPECT_NE(opened.error.find("has 1 commits, not the 2 that were told"), std::string::npos) << opened.error;
}

TEST(CommitBytesTest, RoundTripsAndRefusesEveryCut) {
  const CommitRecord commit{7, {"n1", 2, 3}, {{"a", 1}, {"long key", 12}}};
  const std::string bytes = store::EncodeCommit(commit);
  EXPECT_EQ(store::DecodeCommit(bytes), commit);
  const std::size_t head = store::EncodeCommit({7, {"n1", 2, 3}, {}}).size();
  const std::size_t one = store::EncodeCommit({7, {"n1", 2, 3}, {{"a", 1}}}).size();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(store::DecodeCommit(bytes.substr(0, size)).has_value(), size == head || size == one) << size;
  }
}

}  // namespace
}  // namespace kelpie::impl_test
