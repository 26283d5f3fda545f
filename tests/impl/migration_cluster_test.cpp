// Actors that move between nodes, in a simulated world: repeatable, all its faults happen, migrations end, and clients
// can rely on what they are told. The oracle here reads what clients heard; it knows nothing of the specification.
#include "impl/cluster/migration_cluster.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "impl/machines/migration/migration_rows.h"
#include "tests/impl/event_digest.h"

namespace kelpie::impl_test {
namespace {

using cluster::ActorCall;
using cluster::MigrationCluster;
using cluster::MigrationClusterOptions;

MigrationClusterOptions Options(std::uint64_t seed, machines::Bug bug = machines::Bug::kNone) {
  MigrationClusterOptions options;
  options.seed = seed;
  options.bug = bug;
  return options;
}

machines::JournalRow JournalOf(MigrationCluster& cluster, const std::string& actor) {
  return machines::DecodeJournal(cluster.store().table().RowAt(machines::JournalKey(actor)));
}

TEST(MigrationClusterTest, TheSameSeedGivesTheSameEvents) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    node::VectorSink first;
    node::VectorSink second;
    const auto summary = MigrationCluster(Options(seed), first).Run();
    EXPECT_EQ(MigrationCluster(Options(seed), second).Run(), summary);
    EXPECT_EQ(first.events(), second.events());
    EXPECT_EQ(first.events().size(), summary.events);
  }
}

TEST(MigrationClusterTest, EverythingThatIsCountedHappens) {
  std::map<std::string, std::uint64_t> totals;
  std::vector<std::uint64_t> crashes;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    node::VectorSink sink;
    const auto summary = MigrationCluster(Options(seed), sink).Run();
    for (const auto& [name, count] : Named(summary)) totals[name] += count;
    crashes.push_back(summary.crashes_in_migration);
  }
  for (const auto& [name, count] : totals) EXPECT_GT(count, 0U) << name;
  std::sort(crashes.begin(), crashes.end());
  EXPECT_GE(crashes[crashes.size() / 2], 1U) << "a median run has a crash within a migration";
}

TEST(MigrationClusterTest, WithoutFaultsNothingIsFencedUnlessItIsCancelled) {
  node::VectorSink sink;
  MigrationClusterOptions options = Options(1);
  options.faults = sim::NoFaults(50);
  const auto summary = MigrationCluster(options, sink).Run();
  EXPECT_EQ(summary.unknown_outcomes, 0U);
  EXPECT_LE(summary.fenced, summary.commits.at("AbortMigration"));
  EXPECT_GT(summary.commits.at("ActivateTarget"), 10U);
  EXPECT_EQ(summary.commits.contains("CloseSuperseded"), false);
}

// Once faults are over every migration ends, every actor is served, and most calls are answered with a commit.
TEST(MigrationClusterTest, AfterTheLastFaultMigrationsEndAndActorsAreServed) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    node::VectorSink sink;
    MigrationCluster cluster(Options(seed), sink);
    cluster.Run();
    cluster.Settle(15'000);
    const std::size_t healed = cluster.workload().calls().size();
    cluster.Settle(5'000);
    std::map<std::string, std::pair<int, int>> served;  // of all
    for (std::size_t i = healed; i < cluster.workload().calls().size(); ++i) {
      const ActorCall& call = cluster.workload().calls()[i];
      served[call.actor].first += call.is_committed ? 1 : 0;
      ++served[call.actor].second;
    }
    for (const std::string& actor : cluster.names().actors) {
      EXPECT_FALSE(IsOpen(JournalOf(cluster, actor))) << "seed " << seed << ", " << actor;
      EXPECT_GE(served[actor].first * 10, served[actor].second * 6) << "seed " << seed << ", " << actor;
    }
  }
}

// Each call adds one to a counter and is told what it made of it: what clients heard must be the history of one counter
// (a linearizable fetch-and-add), and the counter at the end at least what was last heard. Empty: it is.
std::string Complaint(std::uint64_t seed, machines::Bug bug) {
  node::VectorSink sink;
  MigrationCluster cluster(Options(seed, bug), sink);
  cluster.Run();
  cluster.Settle(15'000);
  const std::size_t healed = cluster.workload().calls().size();
  cluster.Settle(5'000);
  std::map<std::string, std::map<std::uint64_t, const ActorCall*>> versions;
  std::map<std::string, std::size_t> calls;
  for (const ActorCall& call : cluster.workload().calls()) {
    ++calls[call.actor];
    if (!call.is_committed) continue;
    if (!versions[call.actor].emplace(call.version, &call).second) {
      return call.actor + ": two calls were told version " + std::to_string(call.version);
    }
  }
  for (const std::string& actor : cluster.names().actors) {
    std::uint64_t begun_max =
        0;  // of calls with a smaller version: a call that ended before they began is out of order
    for (const auto& [version, call] : versions[actor]) {
      if (call->ended < begun_max) return actor + ": version " + std::to_string(version) + " came too late";
      begun_max = std::max(begun_max, call->begun);
    }
    const auto state = machines::DecodeActorState(cluster.store().table().RowAt(machines::StateKey(actor)));
    const std::uint64_t heard = versions[actor].empty() ? 0 : versions[actor].rbegin()->first;
    if (heard > state.version) return actor + ": version " + std::to_string(heard) + " is lost";
    if (state.version > calls[actor]) return actor + ": more was executed than was called";
    if (IsOpen(JournalOf(cluster, actor))) return actor + ": its migration never ends";
  }
  for (std::size_t i = healed; i < cluster.workload().calls().size(); ++i) {
    if (cluster.workload().calls()[i].is_committed) return "";
  }
  return "nothing is served any more";
}

TEST(MigrationClusterTest, ClientsCanRelyOnWhatTheyAreTold) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) EXPECT_EQ(Complaint(seed, machines::Bug::kNone), "") << seed;
}

// Most of the mistakes are kept from doing harm by what the others still compare; those that are not are noticed.
TEST(MigrationClusterTest, ClientsNoticeSomeBugsToo) {
  std::set<std::string> noticed;
  for (const machines::BugInfo& info : machines::AllBugs()) {
    if (info.spec != "KelpieMigration") continue;
    for (std::uint64_t seed = 1; seed <= 20 && !noticed.contains(std::string(info.name)); ++seed) {
      const std::string complaint = Complaint(seed, info.bug);
      if (complaint.empty()) continue;
      noticed.insert(std::string(info.name));
      std::cout << "  " << info.name << ", seed " << seed << ": " << complaint << "\n";
    }
  }
  EXPECT_GE(noticed.size(), 2U);
}

}  // namespace
}  // namespace kelpie::impl_test
