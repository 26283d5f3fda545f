// A lease machine on a bench: the test is its world, one input at a time.
//
//   LeaseScript s;
//   s.Open();                         // the session is confirmed at reading 10
//   s.Want("a1");
//   s.AnswerReads({{"lease/a1", {}}, {"token/a1", {}}});
//   s.Grant();                        // the transaction under way is ok
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "impl/machines/lease/lease_machine.h"
#include "impl/machines/lease/lease_rows.h"

namespace kelpie::impl_test {

using machines::FactKind;
using machines::LeaseFact;
using machines::LeaseInput;
using machines::LeaseMachine;
using machines::LeaseOptions;
using machines::LeaseOutputs;
using store::Outcome;
using store::ReadRequest;
using store::Row;
using store::Transaction;

// n1 of n1 and n2; TTL 1000, rho 50, so a holder counts 950 and a claimer more than 1050.
inline LeaseOptions ScriptOptions() {
  LeaseOptions options = machines::LeaseOptionsFor("n1", {"n2"}, 1000, 50);
  options.renew_jitter_ms = 0;
  return options;
}

inline Row SessionOf(std::uint64_t version, std::uint64_t incarnation) {
  return {version, machines::Encode(machines::SessionRow{incarnation, 1000}), {}};
}
inline Row LeaseOf(std::uint64_t version, const std::string& holder, std::uint64_t incarnation, std::int64_t token) {
  return {version, machines::Encode(machines::LeaseRow{holder, incarnation, token}), {}};
}
inline Row Counted(std::uint64_t version) {
  return {version, machines::Encode(machines::CounterRow{static_cast<std::int64_t>(version)}), {}};
}

class LeaseScript {
 public:
  explicit LeaseScript(LeaseOptions options = ScriptOptions()) : machine_(std::move(options)) {}

  void At(std::int64_t reading_ms) { reading_ms_ = reading_ms; }
  LeaseOutputs& Give(const LeaseInput& input) {
    out_ = machine_.Step({reading_ms_, 0}, input);
    EXPECT_GT(out_.wake_at_ms, reading_ms_);
    for (const Transaction& t : out_.transactions) sent_.push_back(t);
    for (const ReadRequest& r : out_.reads) reads_.push_back(r);
    return out_;
  }
  LeaseOutputs& Wake(std::int64_t reading_ms) {
    At(reading_ms);
    return Give(machines::WakeInput{});
  }
  LeaseOutputs& Want(const std::string& actor) { return Give(machines::WantInput{actor}); }
  LeaseOutputs& Unwant(const std::string& actor) { return Give(machines::UnwantInput{actor}); }
  LeaseOutputs& Invoke(const std::string& actor) { return Give(machines::InvokeInput{actor}); }

  // Answers the oldest open read that names `key`; rows not given were never written.
  LeaseOutputs& AnswerRead(const store::Key& key, const store::Rows& rows) {
    const auto found = std::find_if(reads_.begin(), reads_.end(), [&](const ReadRequest& r) {
      return std::find(r.keys.begin(), r.keys.end(), key) != r.keys.end();
    });
    EXPECT_NE(found, reads_.end()) << "no read of " << key;
    if (found == reads_.end()) return out_;
    const ReadRequest read = *found;
    reads_.erase(found);
    store::ReadReply reply{read.operation, Outcome::kOk, {}};
    for (const store::Key& k : read.keys) reply.rows[k] = rows.contains(k) ? rows.at(k) : Row{};
    return Give(reply);
  }
  [[nodiscard]] bool Reads(const store::Key& key) const {
    return std::any_of(reads_.begin(), reads_.end(), [&](const ReadRequest& r) {
      return std::find(r.keys.begin(), r.keys.end(), key) != r.keys.end();
    });
  }

  // Answers a transaction: ok with the versions that follow from what it compared, or a conflict.
  LeaseOutputs& Answer(const Transaction& t, Outcome outcome) {
    store::TransactionReply reply{.operation = t.operation, .outcome = outcome};
    if (outcome == Outcome::kFailed) reply.refusal = store::Refusal::kConflict;
    for (const store::Write& write : t.writes) {
      if (outcome == Outcome::kOk) reply.versions[write.key] = ++versions_[write.key];
    }
    return Give(reply);
  }
  LeaseOutputs& Ok() { return Answer(sent_.back(), Outcome::kOk); }
  LeaseOutputs& Refuse() { return Answer(sent_.back(), Outcome::kFailed); }
  void StoreHas(const store::Key& key, std::uint64_t version) { versions_[key] = version; }

  // Session asked for at 5, confirmed at 10: live below 955.
  void Open() {
    At(0);
    Give(machines::StartInput{});
    At(5);
    AnswerRead("session/n1", {});
    At(10);
    Ok();
  }
  // As Open, then a1 granted with token 1 at reading 20.
  void OpenAndOwn() {
    Open();
    At(12);
    Want("a1");
    At(16);
    AnswerRead("lease/a1", {});
    At(20);
    Ok();
  }

  [[nodiscard]] const LeaseMachine& machine() const { return machine_; }
  [[nodiscard]] const LeaseOutputs& out() const { return out_; }
  [[nodiscard]] const std::vector<Transaction>& sent() const { return sent_; }
  [[nodiscard]] const Transaction& last() const { return sent_.back(); }
  [[nodiscard]] std::vector<FactKind> facts() const {
    std::vector<FactKind> kinds;
    for (const LeaseFact& fact : out_.facts) kinds.push_back(fact.kind);
    return kinds;
  }
  [[nodiscard]] bool Compares(const store::Key& key, std::uint64_t version) const {
    const auto& compares = sent_.back().compares;
    return std::any_of(compares.begin(), compares.end(),
                       [&](const store::Compare& c) { return c.key == key && c.version == version; });
  }

 private:
  LeaseMachine machine_;
  std::int64_t reading_ms_ = 0;
  LeaseOutputs out_;
  std::vector<Transaction> sent_;
  std::vector<ReadRequest> reads_;
  std::map<store::Key, std::uint64_t> versions_;
};

}  // namespace kelpie::impl_test
