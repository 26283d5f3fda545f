// What clients and operators ask of nodes that host actors: calls, wishes to move an actor, changes of the primary.
//
//   MigrationWorkload workload(world, random.Split("workload"), options, {.call = .., .move = .., .campaign = ..});
//   workload.Start();
//   workload.Ended(served);    // what a client heard is kept
//
// Every call adds one to its actor's state and is told the version that it made. Calls go to where the last one was
// served, and often elsewhere. What was heard, and in which order calls began and ended, is kept: whoever judges a run
// by what its clients saw reads it here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "impl/machines/migration/migration_types.h"
#include "impl/sim/random.h"
#include "impl/sim/world.h"

namespace kelpie::cluster {

struct MigrationWorkloadOptions {
  std::vector<std::string> nodes;
  std::vector<std::string> actors;
  std::int64_t call_gap_ms = 15;           // the next call comes 1..2*gap ms after this one
  std::int64_t move_gap_ms = 200;          // wishes
  std::int64_t campaign_gap_ms = 900;      // changes of the primary
  std::int64_t regret_per_thousand = 400;  // of the wishes: taken back soon after
};

struct MigrationDoors {
  std::function<void(const std::string& node, const std::string& actor, std::uint64_t call)> call;
  std::function<void(const std::string& node, const std::string& actor, const std::string& target)> move;
  std::function<void(const std::string& node)> campaign;
};

struct ActorCall {
  std::string actor;
  std::string node;
  std::uint64_t begun = 0;  // place among all beginnings and ends
  std::uint64_t ended = 0;  // 0: never; it may have been executed
  bool is_committed = false;
  std::uint64_t version = 0;
};

class MigrationWorkload {
 public:
  MigrationWorkload(sim::World& world, sim::Random random, MigrationWorkloadOptions options, MigrationDoors doors)
      : world_(world), random_(random), options_(std::move(options)), doors_(std::move(doors)) {}

  // Requires: called once.
  void Start();
  void Ended(const machines::Served& served);
  // From now on no wishes. Calls go on, and somebody becomes the primary again and again.
  void Finish() { is_finishing_ = true; }
  // By call number, less one.
  [[nodiscard]] const std::vector<ActorCall>& calls() const { return calls_; }

 private:
  void CallAgainAndAgain();
  void MoveAgainAndAgain();
  void RegretSoon(const std::string& actor);
  void CampaignAgainAndAgain();
  [[nodiscard]] const std::string& Any(const std::vector<std::string>& names) {
    return names[random_.Below(names.size())];
  }

  sim::World& world_;
  sim::Random random_;
  MigrationWorkloadOptions options_;
  MigrationDoors doors_;
  std::map<std::string, std::string> served_at_;  // actor -> node
  std::vector<ActorCall> calls_;
  std::uint64_t order_ = 0;
  std::string primary_;  // who campaigned last
  bool is_finishing_ = false;
};

}  // namespace kelpie::cluster
