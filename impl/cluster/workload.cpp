#include "impl/cluster/workload.h"

namespace kelpie::cluster {

void Workload::Start() {
  // Every actor begins with one wish, so that short runs have owners too.
  for (std::size_t i = 0; i < options_.actors.size(); ++i) {
    wishes_.insert({options_.actors[i], options_.nodes[i % options_.nodes.size()]});
  }
  for (const std::string& node : options_.nodes) Restarted(node);
  Next();
}

void Workload::Restarted(const std::string& node) {
  for (const auto& [actor, wisher] : wishes_) {
    if (wisher == node) doors_.want(node, actor);
  }
}

void Workload::Next() {
  world_.Schedule(world_.now_ms() + random_.Between(1, 2 * options_.gap_ms), [this] {
    AskOnce();
    Next();
  });
}

void Workload::AskOnce() {
  const std::string& actor = options_.actors[random_.Below(options_.actors.size())];
  const std::string& any_node = options_.nodes[random_.Below(options_.nodes.size())];
  std::vector<std::string> wishers;
  for (const auto& [wished, node] : wishes_) {
    if (wished == actor) wishers.push_back(node);
  }
  if (!random_.Chance(options_.wish_per_thousand)) {
    // Mostly a node that is meant to own the actor, sometimes any.
    const bool stray = wishers.empty() || random_.Chance(100);
    doors_.invoke(stray ? any_node : wishers[random_.Below(wishers.size())], actor);
    return;
  }
  if (!wishers.empty() && random_.Chance(options_.unwant_per_thousand)) {
    const std::string node = wishers[random_.Below(wishers.size())];
    wishes_.erase({actor, node});
    doors_.unwant(node, actor);
    return;
  }
  wishes_.insert({actor, any_node});
  doors_.want(any_node, actor);
}

}  // namespace kelpie::cluster
