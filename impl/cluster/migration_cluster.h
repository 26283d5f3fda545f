// Nodes that host actors and move them, a store, clients and operators, in one simulated world.
//
//   VectorSink sink;
//   MigrationCluster cluster({.seed = 7, .steps = 3000}, sink);
//   MigrationSummary summary = cluster.Run();
//
// Processes pause, crash and come back; messages are late, lost or overtaken; primaries change while migrations are
// under way. One thread. The seed and the options determine every byte of the run.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "impl/cluster/migration_workload.h"
#include "impl/node/migration_node.h"
#include "impl/sim/fault_driver.h"
#include "impl/sim/host.h"
#include "impl/store/sim_store.h"

namespace kelpie::cluster {

struct MigrationClusterOptions {
  std::uint64_t seed = 1;
  std::uint64_t steps = 3000;  // the run ends at the first moment with at least so many
  std::size_t nodes = 3;
  std::size_t actors = 3;
  machines::Bug bug = machines::Bug::kNone;
  std::optional<sim::FaultOptions> faults;  // none: drawn from the seed (sim::Swarm)
};

struct MigrationSummary {
  std::uint64_t steps = 0;
  std::uint64_t events = 0;
  std::uint64_t true_ms = 0;
  sim::FaultCounts faults;
  std::map<std::string, std::uint64_t> commits;  // by action of the specification
  std::uint64_t fenced = 0;
  std::uint64_t refusals = 0;
  std::uint64_t unknown_outcomes = 0;
  std::uint64_t unknown_commits = 0;       // of these, committed all the same, before or after
  std::uint64_t crashes_in_migration = 0;  // of a process that an open journal names
  std::uint64_t orders = 0;
  std::uint64_t calls = 0;
  std::uint64_t calls_served = 0;
  std::uint64_t calls_refused = 0;
  friend bool operator==(const MigrationSummary&, const MigrationSummary&) = default;
};
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> Named(const MigrationSummary& summary);

// n1.., a1..: the names of the run's nodes and actors.
[[nodiscard]] node::MigrationNames NamesOf(const MigrationClusterOptions& options);

class MigrationCluster final : private node::MigrationView {
 public:
  MigrationCluster(MigrationClusterOptions options, node::EventSink& sink);
  ~MigrationCluster() override;

  MigrationSummary Run();
  // Behind Run: no more faults of processes, and no wishes, and the world goes on for so long.
  void Settle(std::int64_t ms);

  [[nodiscard]] const MigrationWorkload& workload() const { return workload_; }
  [[nodiscard]] store::SimStore& store() { return store_; }
  [[nodiscard]] const node::MigrationNames& names() const { return names_; }

 private:
  [[nodiscard]] std::int64_t TrueMs() const override { return world_.now_ms(); }
  [[nodiscard]] store::Row RowAt(const store::Key& key) const override { return store_.table().RowAt(key); }

  void AddNode(const std::string& node);
  void StartProcess(sim::Host& host);
  void Crashed(const std::string& node);
  void Decided(const store::Decision& decision);
  void Count(const machines::MigrationOutputs& outputs);
  [[nodiscard]] MigrationDoors Doors();

  MigrationClusterOptions options_;
  node::MigrationNames names_;
  sim::Random random_;
  sim::FaultOptions faults_;
  sim::World world_;
  sim::Network network_;
  store::SimStore store_;
  node::MigrationEmitter emitter_;
  sim::FaultDriver driver_;
  std::map<std::string, std::unique_ptr<sim::Host>> hosts_;
  MigrationWorkload workload_;
  MigrationSummary summary_;
  std::set<store::OperationId> committed_;  // and not returned
  std::set<store::OperationId> doubted_;    // returned as unknown, and not committed
};

}  // namespace kelpie::cluster
