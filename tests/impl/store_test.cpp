// The store's contract, held to every form there is: the table itself, the table reached
// by messages, and the one in files. A new form adds a factory below.
#include "impl/store/store.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "impl/sim/network.h"
#include "impl/store/messages.h"
#include "impl/rocks/rocks_store.h"
#include "impl/store/sim_store.h"
#include "tests/support/temp_dir.h"

namespace kelpie::impl_test {
namespace {

using store::Outcome;
using store::Refusal;
using store::Row;
using store::Transaction;
using store::TransactionReply;

// Sends one request and lets the world run until the reply is there, or for a while.
class ByMessages final : public store::Store {
 public:
  explicit ByMessages(const sim::FaultOptions& faults = sim::NoFaults(50))
      : network_(world_, faults, sim::Random(4)), store_(network_) {
    network_.Register("c/1", [this](const std::string&, const env::MessagePtr& message) { reply_ = message; });
  }

  TransactionReply Commit(const Transaction& transaction) override {
    const env::MessagePtr message = Ask(std::make_shared<store::TransactionMessage>(transaction));
    const auto* reply = dynamic_cast<const store::TransactionReplyMessage*>(message.get());
    return reply == nullptr ? TransactionReply{.operation = transaction.operation} : reply->body;
  }
  store::ReadReply Read(const store::ReadRequest& request) override {
    const env::MessagePtr message = Ask(std::make_shared<store::ReadMessage>(request));
    const auto* reply = dynamic_cast<const store::ReadReplyMessage*>(message.get());
    return reply == nullptr ? store::ReadReply{.operation = request.operation} : reply->body;
  }
  // What was still on its way arrives.
  void Drain() {
    while (world_.RunNext()) {
    }
  }
  [[nodiscard]] store::SimStore& sim_store() { return store_; }

 private:
  env::MessagePtr Ask(env::MessagePtr request) {
    reply_ = nullptr;
    network_.Send("c/1", env::kStoreEndpoint, std::move(request));
    bool over = false;
    world_.Schedule(world_.now_ms() + 100, [&over] { over = true; });
    while (!over && reply_ == nullptr && world_.RunNext()) {
    }
    const env::MessagePtr reply = reply_;
    while (!over && world_.RunNext()) {
    }
    return reply;
  }

  sim::World world_;
  sim::Network network_;
  store::SimStore store_;
  env::MessagePtr reply_;
};

// A database in a folder of its own.
class InFolder final : public store::Store {
 public:
  InFolder() {
    store::OpenedStore opened = store::RocksStore::Open({.path = folder_.File("store")});
    EXPECT_TRUE(opened.store) << opened.error;
    store_ = std::move(opened.store);
  }

  TransactionReply Commit(const Transaction& transaction) override { return store_->Commit(transaction); }
  store::ReadReply Read(const store::ReadRequest& request) override { return store_->Read(request); }

 private:
  const test::TempDir folder_;  // outlives the store
  std::unique_ptr<store::RocksStore> store_;
};

struct Form {
  const char* name;
  std::function<std::unique_ptr<store::Store>()> make;
};

class StoreTest : public testing::TestWithParam<Form> {
 protected:
  StoreTest() : store_(GetParam().make()) {}
  Transaction Make(std::vector<store::Compare> compares, std::vector<store::Write> writes) {
    return {{"c", 1, ++number_}, "test", std::move(compares), std::move(writes)};
  }
  Row At(const store::Key& key) { return store_->Read({{"c", 1, ++number_}, {key}}).rows.at(key); }

  std::unique_ptr<store::Store> store_;
  std::uint64_t number_ = 0;
};

TEST_P(StoreTest, AKeyNeverWrittenHasVersionZero) {
  EXPECT_EQ(At("x"), Row{});
  EXPECT_EQ(store_->Commit(Make({{"x", 0}}, {})).outcome, Outcome::kOk);
  EXPECT_EQ(At("x"), Row{});
}

TEST_P(StoreTest, WritesBumpVersionsAndNameTheirWriter) {
  const Transaction first = Make({}, {{"x", "1"}, {"y", "2"}});
  const TransactionReply reply = store_->Commit(first);
  EXPECT_EQ(reply.outcome, Outcome::kOk);
  EXPECT_EQ(reply.versions, (std::map<store::Key, std::uint64_t>{{"x", 1}, {"y", 1}}));
  EXPECT_EQ(At("x"), (Row{1, "1", first.operation}));
  const TransactionReply second = store_->Commit(Make({{"x", 1}}, {{"x", "3"}}));
  EXPECT_EQ(second.versions.at("x"), 2U);
  EXPECT_GT(second.commit_version, reply.commit_version);
  EXPECT_EQ(At("y").version, 1U);
}

TEST_P(StoreTest, AComparisonThatFailsChangesNothing) {
  ASSERT_EQ(store_->Commit(Make({}, {{"x", "1"}})).outcome, Outcome::kOk);
  const TransactionReply reply = store_->Commit(Make({{"x", 0}, {"y", 0}, {"z", 3}}, {{"y", "2"}}));
  EXPECT_EQ(reply.outcome, Outcome::kFailed);
  EXPECT_EQ(reply.refusal, Refusal::kConflict);
  EXPECT_EQ(reply.conflicts, (std::vector<store::Key>{"x", "z"}));
  EXPECT_TRUE(reply.versions.empty());
  EXPECT_EQ(At("y"), Row{});
}

// Equality, not order: a version from the future is as wrong as an old one.
TEST_P(StoreTest, ALargerVersionConflictsToo) {
  EXPECT_EQ(store_->Commit(Make({{"x", 1}}, {{"x", "1"}})).refusal, Refusal::kConflict);
}

TEST_P(StoreTest, OfTwoThatReadTheSameOneFails) {
  EXPECT_EQ(store_->Commit(Make({{"x", 0}}, {{"x", "a"}})).outcome, Outcome::kOk);
  EXPECT_EQ(store_->Commit(Make({{"x", 0}}, {{"x", "b"}})).outcome, Outcome::kFailed);
  EXPECT_EQ(At("x").value, "a");
}

// Write skew: each reads what the other writes.
TEST_P(StoreTest, ComparedKeysConflictAlsoWhenOthersAreWritten) {
  EXPECT_EQ(store_->Commit(Make({{"x", 0}, {"y", 0}}, {{"x", "a"}})).outcome, Outcome::kOk);
  EXPECT_EQ(store_->Commit(Make({{"x", 0}, {"y", 0}}, {{"y", "b"}})).outcome, Outcome::kFailed);
}

TEST_P(StoreTest, TombstonesKeepCounting) {
  ASSERT_EQ(store_->Commit(Make({}, {{"x", "1"}})).outcome, Outcome::kOk);
  const Transaction removal = Make({{"x", 1}}, {{"x", std::nullopt}});
  ASSERT_EQ(store_->Commit(removal).outcome, Outcome::kOk);
  EXPECT_EQ(At("x"), (Row{2, std::nullopt, removal.operation}));
  EXPECT_EQ(store_->Commit(Make({{"x", 0}}, {{"x", "again"}})).outcome, Outcome::kFailed);
  EXPECT_EQ(store_->Commit(Make({{"x", 2}}, {{"x", "again"}})).versions.at("x"), 3U);
}

TEST_P(StoreTest, LimitsAreKept) {
  Transaction many = Make({}, {});
  for (int i = 0; i < 50; ++i) {
    many.compares.push_back({"c" + std::to_string(i), 0});
    many.writes.push_back({"w" + std::to_string(i), "v"});
  }
  EXPECT_EQ(store_->Commit(many).outcome, Outcome::kOk);
  many.operation.number = ++number_;
  many.writes.push_back({"one more", "v"});
  EXPECT_EQ(store_->Commit(many).refusal, Refusal::kTooMany);
  EXPECT_EQ(At("one more"), Row{});

  const std::string large((1U << 20U) - 3, 'v');
  EXPECT_EQ(store_->Commit(Make({}, {{"big", large}})).outcome, Outcome::kOk);
  EXPECT_EQ(store_->Commit(Make({}, {{"bigg", large}})).refusal, Refusal::kTooLarge);

  store::ReadRequest read{{"c", 1, ++number_}, std::vector<store::Key>(101, "x")};
  EXPECT_EQ(store_->Read(read).outcome, Outcome::kFailed);
}

TEST_P(StoreTest, NonsenseIsRefused) {
  EXPECT_EQ(store_->Commit(Make({}, {})).refusal, Refusal::kEmpty);
  EXPECT_EQ(store_->Commit(Make({}, {{"x", "1"}, {"x", "2"}})).refusal, Refusal::kWrittenTwice);
  EXPECT_EQ(At("x"), Row{});
}

TEST_P(StoreTest, AReadIsOnePoint) {
  ASSERT_EQ(store_->Commit(Make({}, {{"x", "1"}, {"y", "1"}})).outcome, Outcome::kOk);
  const store::ReadReply reply = store_->Read({{"c", 1, ++number_}, {"x", "y", "z"}});
  EXPECT_EQ(reply.rows.size(), 3U);
  EXPECT_EQ(reply.rows.at("x").writer, reply.rows.at("y").writer);
}

INSTANTIATE_TEST_SUITE_P(Forms, StoreTest,
                         testing::Values(Form{"memory", [] { return std::make_unique<store::MemoryStore>(); }},
                                         Form{"messages", [] { return std::make_unique<ByMessages>(); }},
                                         Form{"rocks", [] { return std::make_unique<InFolder>(); }}),
                         [](const auto& instance) { return std::string(instance.param.name); });

// The third outcome: silence, with the effect already there ..
TEST(SimStoreTest, ALostReplyHidesACommit) {
  sim::FaultOptions faults = sim::NoFaults(50);
  faults.reply_loss_per_thousand = 1000;
  ByMessages store(faults);
  EXPECT_EQ(store.Commit({{"c", 1, 1}, "", {}, {{"x", "1"}}}).outcome, Outcome::kUnknown);
  EXPECT_EQ(store.sim_store().table().RowAt("x").writer.number, 1U);
}

// .. never to be there ..
TEST(SimStoreTest, ALostRequestNeverHappens) {
  sim::FaultOptions faults = sim::NoFaults(50);
  faults.request_loss_per_thousand = 1000;
  ByMessages store(faults);
  EXPECT_EQ(store.Commit({{"c", 1, 1}, "", {}, {{"x", "1"}}}).outcome, Outcome::kUnknown);
  store.Drain();
  EXPECT_EQ(store.sim_store().table().RowAt("x"), Row{});
}

// .. or still to come.
TEST(SimStoreTest, ALateRequestLandsAfterItWasGivenUp) {
  sim::FaultOptions faults = sim::NoFaults(50);
  faults.late_per_thousand = 1000;
  faults.late_ms_min = 500;
  faults.late_ms_max = 600;
  ByMessages store(faults);
  EXPECT_EQ(store.Commit({{"c", 1, 1}, "", {}, {{"x", "1"}}}).outcome, Outcome::kUnknown);
  EXPECT_EQ(store.sim_store().table().RowAt("x"), Row{});
  store.Drain();
  EXPECT_EQ(store.sim_store().table().RowAt("x").version, 1U);
}

TEST(SimStoreTest, TheWitnessSeesTheTableBeforeAndAfter) {
  ByMessages store;
  std::vector<std::uint64_t> versions;
  const store::MemoryStore& table = store.sim_store().table();
  store.sim_store().OnDecided([&](const Transaction&) { versions.push_back(table.RowAt("x").version); },
                              [&](const store::Decision& decision) {
                                versions.push_back(table.RowAt("x").version);
                                EXPECT_EQ(decision.reply.outcome, Outcome::kOk);
                              });
  EXPECT_EQ(store.Commit({{"c", 1, 1}, "", {}, {{"x", "1"}}}).outcome, Outcome::kOk);
  EXPECT_EQ(versions, (std::vector<std::uint64_t>{0, 1}));
}

}  // namespace
}  // namespace kelpie::impl_test
