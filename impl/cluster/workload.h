// What clients and placement ask of the nodes: who shall own which actor, and calls to actors.
//
//   Workload workload(world, random.Split("workload"), options, {.want = .., .invoke = ..});
//   workload.Start();
//
// Wishes overlap on purpose: several nodes want one actor, an owner is told to give it up while
// calls are under way, calls go to nodes that own nothing any more. All of it is legal.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "impl/sim/random.h"
#include "impl/sim/world.h"

namespace kelpie::cluster {

struct WorkloadOptions {
  std::vector<std::string> nodes;
  std::vector<std::string> actors;
  std::int64_t gap_ms = 20;                // the next ask comes 1..2*gap ms after this one
  std::int64_t wish_per_thousand = 120;    // asks that change who shall own; the rest are calls
  std::int64_t unwant_per_thousand = 450;  // of the wishes, those that take one back
};

// How an ask reaches a node. Not delivered while its process is down, held while it is paused.
struct WorkloadDoors {
  std::function<void(const std::string& node, const std::string& actor)> want;
  std::function<void(const std::string& node, const std::string& actor)> unwant;
  std::function<void(const std::string& node, const std::string& actor)> invoke;
};

class Workload {
 public:
  Workload(sim::World& world, sim::Random random, WorkloadOptions options, WorkloadDoors doors)
      : world_(world), random_(random), options_(std::move(options)), doors_(std::move(doors)) {}

  // Requires: called once.
  void Start();
  // Tells a new process what its predecessor was asked to own.
  void Restarted(const std::string& node);

 private:
  void Next();
  void AskOnce();

  sim::World& world_;
  sim::Random random_;
  WorkloadOptions options_;
  WorkloadDoors doors_;
  std::set<std::pair<std::string, std::string>> wishes_;  // actor, node
};

}  // namespace kelpie::cluster
