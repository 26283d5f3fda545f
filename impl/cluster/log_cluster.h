// A node with a log on a disk, the owner of an actor, a store and clients, in one simulated world.
//
//   VectorSink sink;
//   LogCluster cluster({.seed = 7, .steps = 3000}, sink);
//   LogSummary summary = cluster.Run();
//
// The node crashes, with or without its machine's power; syncs fail, the disk is full for a while; messages are late or
// lost. One thread. The seed and the options determine every byte of the run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "impl/cluster/log_clients.h"
#include "impl/node/log_node.h"
#include "impl/sim/disk.h"
#include "impl/sim/fault_driver.h"
#include "impl/sim/host.h"
#include "impl/store/sim_store.h"

namespace kelpie::cluster {

struct LogClusterOptions {
  std::uint64_t seed = 1;
  std::uint64_t steps = 3000;  // the run ends at the first moment with at least so many
  std::size_t clients = 2;
  std::size_t payloads = 3;
  std::size_t window_size = 3;
  std::uint64_t segment_bytes = 1200;
  std::uint64_t log_bytes_max = 16'000;
  machines::Bug bug = machines::Bug::kNone;
  std::optional<sim::FaultOptions> faults;  // none: drawn from the seed (sim::Swarm)
};

struct LogSummary {
  std::uint64_t steps = 0;
  std::uint64_t events = 0;
  std::uint64_t true_ms = 0;
  sim::FaultCounts faults;
  std::uint64_t power_failures = 0;  // of the crashes
  std::uint64_t torn_records = 0;    // that a crash left
  std::uint64_t sync_failures = 0;
  std::uint64_t requests = 0;
  std::uint64_t appended = 0;
  std::uint64_t syncs = 0;
  std::uint64_t accepted = 0;  // times that it was said
  std::uint64_t committed = 0;
  std::uint64_t expired = 0;
  std::uint64_t mismatches = 0;  // said by the owner
  std::uint64_t conflicts = 0;   // said by the node
  std::uint64_t submitted = 0;
  std::uint64_t cleaned_up = 0;
  std::uint64_t recoveries = 0;
  std::uint64_t reopened = 0;
  std::uint64_t unknown_outcomes = 0;  // transactions of the owner that it gave up
  friend bool operator==(const LogSummary&, const LogSummary&) = default;
};
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> Named(const LogSummary& summary);

// c1.., d1..: the names of the run's clients and payloads.
[[nodiscard]] std::vector<std::string> ClientsOf(const LogClusterOptions& options);
[[nodiscard]] std::vector<std::string> PayloadsOf(const LogClusterOptions& options);

class LogCluster final : private node::LogView {
 public:
  LogCluster(LogClusterOptions options, node::EventSink& sink);
  ~LogCluster() override;

  LogSummary Run();
  // Behind Run: no more faults of processes and disks, nothing new is asked for, and the world goes on for so long.
  void Settle(std::int64_t ms);

  // What the actor executed, in order.
  [[nodiscard]] const std::vector<machines::Operation>& executed() const { return executed_; }
  [[nodiscard]] const LogClients& clients() const { return clients_; }

 private:
  [[nodiscard]] std::int64_t TrueMs() const override { return world_.now_ms(); }
  [[nodiscard]] node::LogOnDisk OnDisk() const override;
  [[nodiscard]] store::Row RowAt(const store::Key& key) const override { return store_.table().RowAt(key); }
  [[nodiscard]] bool IsOwnerBusyWith(const machines::Operation& operation) const override;

  void StartNode();
  void StartOwner();
  void Crash();
  void Decided(const store::Decision& decision);
  void WaitForDisk();
  void FillDiskAgainAndAgain();
  void Lost(const env::MessagePtr& message);
  void Count(const machines::WalOutputs& outputs);

  LogClusterOptions options_;
  sim::Random random_;
  sim::FaultOptions faults_;
  sim::World world_;
  sim::Network network_;
  store::SimStore store_;
  mutable sim::Disk disk_;
  sim::Random disk_random_;
  node::LogEmitter emitter_;
  sim::FaultDriver driver_;
  std::unique_ptr<sim::Host> node_;
  std::unique_ptr<sim::Host> owner_;
  LogClients clients_;
  std::vector<machines::Operation> executed_;
  LogSummary summary_;
};

}  // namespace kelpie::cluster
