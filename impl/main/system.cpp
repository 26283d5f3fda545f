#include "impl/main/system.h"

#include "impl/node/log_emit.h"

namespace kelpie::cluster {

LogClusterOptions SystemOptions::log() const {
  LogClusterOptions options;
  options.seed = lease.seed;
  options.steps = lease.steps;
  options.clients = clients;
  options.bug = lease.bug;
  return options;
}

MigrationClusterOptions SystemOptions::migration() const {
  MigrationClusterOptions options;
  options.seed = lease.seed;
  options.steps = lease.steps;
  options.nodes = lease.nodes;
  options.actors = lease.actors;
  options.bug = lease.bug;
  return options;
}

std::string SystemOf(std::string_view spec) {
  if (spec == node::kLeaseSpec) return "lease";
  if (spec == node::kMigrationSpec) return "migration";
  return spec == node::kLogSpec ? "log" : "";
}

trace::Header HeaderOf(const SystemOptions& options) {
  trace::Header header;
  header.run = "seed-" + std::to_string(options.lease.seed);
  if (options.system == "log") {
    const LogClusterOptions log = options.log();
    header.nodes = {"n1", "owner", "store", "world"};
    header.specs = {{node::kLogSpec, ""}};
    header.constants = node::LogConstants(ClientsOf(log), PayloadsOf(log), log.window_size);
    return header;
  }
  if (options.system == "migration") {
    const node::MigrationNames names = NamesOf(options.migration());
    header.nodes = names.nodes;
    header.nodes.push_back("store");
    header.specs = {{node::kMigrationSpec, ""}};
    header.constants = node::MigrationConstants(names);
    return header;
  }
  const node::LeaseWorldNames names = NamesOf(options.lease);
  header.nodes = names.nodes;
  header.nodes.insert(header.nodes.end(), {"store", "world"});
  header.specs = {{node::kLeaseSpec, ""}};
  header.constants = node::LeaseConstants(names);
  return header;
}

Summary SizesOf(const SystemOptions& options) {
  if (options.system == "log") return {{"clients", options.clients}};
  if (options.system == "migration") return {{"nodes", options.lease.nodes}, {"actors", options.lease.actors}};
  return {{"nodes", options.lease.nodes},
          {"actors", options.lease.actors},
          {"ttl_ms", static_cast<std::uint64_t>(options.lease.ttl_ms)},
          {"rho_per_thousand", static_cast<std::uint64_t>(options.lease.rho_per_thousand)}};
}

Summary RunSystem(const SystemOptions& options, node::EventSink& sink) {
  if (options.system == "log") return Named(LogCluster(options.log(), sink).Run());
  if (options.system == "migration") return Named(MigrationCluster(options.migration(), sink).Run());
  return Named(Cluster(options.lease, sink).Run());
}

}  // namespace kelpie::cluster
