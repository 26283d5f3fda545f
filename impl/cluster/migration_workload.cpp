#include "impl/cluster/migration_workload.h"

namespace kelpie::cluster {

void MigrationWorkload::Start() {
  CampaignAgainAndAgain();
  CallAgainAndAgain();
  MoveAgainAndAgain();
}

void MigrationWorkload::CallAgainAndAgain() {
  world_.Schedule(world_.now_ms() + random_.Between(1, 2 * options_.call_gap_ms), [this] {
    const std::string& actor = Any(options_.actors);
    const auto known = served_at_.find(actor);
    const bool is_stray = known == served_at_.end() || random_.Chance(150);
    const std::string node = is_stray ? Any(options_.nodes) : known->second;
    calls_.push_back({actor, node, ++order_});
    doors_.call(node, actor, calls_.size());
    CallAgainAndAgain();
  });
}

void MigrationWorkload::Ended(const machines::Served& served) {
  ActorCall& call = calls_.at(served.call - 1);
  call.ended = ++order_;
  call.is_committed = served.is_committed;
  call.version = served.version;
  const auto known = served_at_.find(call.actor);
  if (served.is_committed) {
    served_at_[call.actor] = call.node;
  } else if (known != served_at_.end() && known->second == call.node) {
    served_at_.erase(known);
  }
}

void MigrationWorkload::MoveAgainAndAgain() {
  world_.Schedule(world_.now_ms() + random_.Between(1, 2 * options_.move_gap_ms), [this] {
    if (is_finishing_) return;
    const std::string& actor = Any(options_.actors);
    doors_.move(random_.Chance(200) ? Any(options_.nodes) : primary_, actor, Any(options_.nodes));
    if (random_.Chance(options_.regret_per_thousand)) RegretSoon(actor);
    MoveAgainAndAgain();
  });
}

// It shall stay where it was last served.
void MigrationWorkload::RegretSoon(const std::string& actor) {
  world_.Schedule(world_.now_ms() + random_.Between(1, 40), [this, actor] {
    const auto known = served_at_.find(actor);
    if (known != served_at_.end()) doors_.move(primary_, actor, known->second);
  });
}

void MigrationWorkload::CampaignAgainAndAgain() {
  doors_.campaign(primary_ = Any(options_.nodes));
  world_.Schedule(world_.now_ms() + random_.Between(1, 2 * options_.campaign_gap_ms),
                  [this] { CampaignAgainAndAgain(); });
}

}  // namespace kelpie::cluster
