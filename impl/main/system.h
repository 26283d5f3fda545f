// The systems that can be simulated, each with the specification that judges it.
//
//   const SystemOptions options{.system = "log", .seed = 7};
//   directory.Open(HeaderOf(options));  Summary summary = RunSystem(options, directory);
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "impl/cluster/cluster.h"
#include "impl/cluster/log_cluster.h"
#include "impl/cluster/migration_cluster.h"
#include "trace/value/event.h"

namespace kelpie::cluster {

struct SystemOptions {
  std::string system;       // lease, log or migration
  ClusterOptions lease;     // its seed, steps and bug are those of every system
  std::size_t clients = 2;  // of the log
  [[nodiscard]] LogClusterOptions log() const;
  [[nodiscard]] MigrationClusterOptions migration() const;
};

using Summary = std::vector<std::pair<std::string, std::uint64_t>>;

// The system that a specification judges; empty: none.
[[nodiscard]] std::string SystemOf(std::string_view spec);
[[nodiscard]] trace::Header HeaderOf(const SystemOptions& options);
// What the system was made of, as fields of JSON.
[[nodiscard]] Summary SizesOf(const SystemOptions& options);
[[nodiscard]] Summary RunSystem(const SystemOptions& options, node::EventSink& sink);

}  // namespace kelpie::cluster
