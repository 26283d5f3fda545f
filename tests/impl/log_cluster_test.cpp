// The log in a simulated world: repeatable, all its faults happen, and clients can rely on what they are told. The
// oracle here reads what clients heard and what the actor did; it knows nothing of the specification.
#include "impl/cluster/log_cluster.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "tests/impl/event_digest.h"

namespace kelpie::impl_test {
namespace {

using cluster::LogCluster;
using cluster::LogClusterOptions;
using machines::Operation;
using machines::Verdict;

LogClusterOptions Options(std::uint64_t seed, machines::Bug bug = machines::Bug::kNone) {
  LogClusterOptions options;
  options.seed = seed;
  options.steps = 2000;
  options.bug = bug;
  return options;
}

TEST(LogClusterTest, TheSameSeedGivesTheSameEvents) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    node::VectorSink first;
    node::VectorSink second;
    const auto summary = LogCluster(Options(seed), first).Run();
    EXPECT_EQ(LogCluster(Options(seed), second).Run(), summary);
    EXPECT_EQ(first.events(), second.events());
    EXPECT_EQ(first.events().size(), summary.events);
  }
}

TEST(LogClusterTest, EverythingThatIsCountedHappens) {
  std::map<std::string, std::uint64_t> totals;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    node::VectorSink sink;
    for (const auto& [name, count] : Named(LogCluster(Options(seed), sink).Run())) totals[name] += count;
  }
  for (const auto& [name, count] : totals) EXPECT_GT(count, 0U) << name;
}

TEST(LogClusterTest, WithoutFaultsEverythingIsCommittedOrALegalRefusal) {
  node::VectorSink sink;
  LogClusterOptions options = Options(1);
  options.faults = sim::NoFaults(50);
  LogCluster cluster(options, sink);
  const auto summary = cluster.Run();
  EXPECT_EQ(summary.recoveries, 1U);
  EXPECT_EQ(summary.reopened, 0U);
  EXPECT_EQ(summary.unknown_outcomes, 0U);
  EXPECT_GT(summary.committed, 100U);
}

// What clients were told, held against what they may rely on; empty: all is well.
std::string Complaint(std::uint64_t seed, machines::Bug bug) {
  node::VectorSink sink;
  LogCluster cluster(Options(seed, bug), sink);
  cluster.Run();
  cluster.Settle(20'000);
  std::map<std::pair<std::string, std::uint64_t>, Operation> executed;
  for (const Operation& operation : cluster.executed()) {
    const auto [known, is_new] = executed.emplace(std::pair{operation.client, operation.key}, operation);
    if (!is_new) return "executed twice: " + ToText(operation) + " and " + ToText(known->second);
  }
  for (const auto& [operation, verdicts] : cluster.clients().heard()) {
    const auto known = executed.find({operation.client, operation.key});
    const bool is_executed = known != executed.end() && known->second == operation;
    for (const Verdict verdict : verdicts) {
      if (verdict == Verdict::kCommitted && !is_executed) return "committed and not executed: " + ToText(operation);
      if (verdict == Verdict::kMismatch && is_executed) return "executed and called a mismatch: " + ToText(operation);
    }
  }
  for (const Operation& operation : cluster.clients().Unanswered()) {
    const auto heard = cluster.clients().heard().find(operation);
    if (heard != cluster.clients().heard().end()) return "accepted and lost: " + ToText(operation);
    return "never answered: " + ToText(operation);
  }
  return "";
}

TEST(LogClusterTest, ClientsCanRelyOnWhatTheyAreTold) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) EXPECT_EQ(Complaint(seed, machines::Bug::kNone), "") << seed;
}

// Some bugs cost nobody anything here: what was answered too early was safe all the same, or was never confirmed. The
// specification sees all of them.
TEST(LogClusterTest, ClientsNoticeMostBugsToo) {
  std::set<std::string> noticed;
  for (const machines::BugInfo& info : machines::AllBugs()) {
    if (info.spec != "KelpieWAL") continue;
    for (std::uint64_t seed = 1; seed <= 40 && !noticed.contains(std::string(info.name)); ++seed) {
      const std::string complaint = Complaint(seed, info.bug);
      if (complaint.empty()) continue;
      noticed.insert(std::string(info.name));
      std::cout << "  " << info.name << ", seed " << seed << ": " << complaint << "\n";
    }
  }
  EXPECT_GE(noticed.size(), 12U);
}

}  // namespace
}  // namespace kelpie::impl_test
