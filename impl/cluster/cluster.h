// A whole cluster in one simulated world: nodes, store, clients, faults, and the witness.
//
//   VectorSink sink;
//   Cluster cluster({.seed = 7, .steps = 3000}, sink);
//   RunSummary summary = cluster.Run();
//
// One thread. The seed and the options determine every byte of the run; the planted bug, if
// any, is handed to the machines and read nowhere else.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "impl/cluster/counter.h"
#include "impl/cluster/run_summary.h"
#include "impl/cluster/workload.h"
#include "impl/node/emit.h"
#include "impl/node/lease_node.h"
#include "impl/sim/fault_driver.h"
#include "impl/sim/host.h"
#include "impl/store/sim_store.h"

namespace kelpie::cluster {

struct ClusterOptions {
  std::uint64_t seed = 1;
  std::uint64_t steps = 3000;  // the run ends at the first moment with at least so many
  std::size_t nodes = 3;
  std::size_t actors = 3;
  std::int64_t ttl_ms = 1000;
  std::int64_t rho_per_thousand = 50;
  bool clock_fault = false;  // clocks leave the envelope (sim::FaultOptions)
  machines::Bug bug = machines::Bug::kNone;
  std::optional<sim::FaultOptions> faults;  // none: drawn from the seed (sim::Swarm)
};

// n1.., a1..: the names of the run's nodes and actors.
[[nodiscard]] node::LeaseWorldNames NamesOf(const ClusterOptions& options);

class Cluster final : private node::WorldView {
 public:
  Cluster(ClusterOptions options, node::EventSink& sink);
  ~Cluster() override;

  RunSummary Run();

  // For tests: called after everything that happened at one point of the run.
  void OnStep(std::function<void(Cluster&)> observer) { observer_ = std::move(observer); }
  [[nodiscard]] const node::LeaseWorldNames& names() const { return names_; }
  [[nodiscard]] std::int64_t now_ms() const { return world_.now_ms(); }
  // Null while no process runs there.
  [[nodiscard]] const machines::LeaseMachine* MachineAt(const std::string& node) const;
  [[nodiscard]] std::int64_t ReadingAt(const std::string& node) const;
  [[nodiscard]] store::SimStore& store() { return store_; }
  [[nodiscard]] sim::World& world() { return world_; }

 private:
  [[nodiscard]] std::int64_t TrueMs() const override { return world_.now_ms(); }
  [[nodiscard]] std::int64_t NodeClock(const std::string& node) const override;
  [[nodiscard]] store::Row RowAt(const store::Key& key) const override { return store_.table().RowAt(key); }

  void ConnectStore();
  void AddNode(const std::string& node);
  void StartProcess(sim::Host& host);
  [[nodiscard]] WorkloadDoors Doors();

  ClusterOptions options_;
  node::LeaseWorldNames names_;
  sim::Random random_;
  sim::FaultOptions faults_;
  sim::World world_;
  sim::Network network_;
  store::SimStore store_;
  node::Emitter emitter_;
  Counter counter_;
  sim::FaultDriver driver_;
  std::map<std::string, std::unique_ptr<sim::Host>> hosts_;
  Workload workload_;
  store::Row lease_before_;
  std::function<void(Cluster&)> observer_;
};

}  // namespace kelpie::cluster
