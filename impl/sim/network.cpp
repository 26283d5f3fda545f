#include "impl/sim/network.h"

#include <algorithm>

#include "impl/env/check.h"

namespace kelpie::sim {

Network::Network(World& world, const FaultOptions& faults, Random random)
    : world_(world), faults_(faults), random_(random) {}

void Network::Register(const std::string& endpoint, Handler handler) {
  const bool inserted = handlers_.emplace(endpoint, std::move(handler)).second;
  IMPL_CHECK(inserted, "two endpoints named " + endpoint);
}

void Network::Unregister(const std::string& endpoint) {
  handlers_.erase(endpoint);
  std::erase_if(last_arrival_ms_,
                [&](const auto& entry) { return entry.first.first == endpoint || entry.first.second == endpoint; });
}

void Network::Lose(const env::MessagePtr& message) const {
  if (on_lost_) on_lost_(message);
}

std::int64_t Network::DrawArrival(const Way& way) {
  // Only requests land late: a late reply is the same to a machine as a lost one. A late one
  // took another way, so it holds up nothing behind it, whatever `reorder` says.
  if (way.second == env::kStoreEndpoint && random_.Chance(faults_.late_per_thousand)) {
    ++world_.faults().late;
    world_.CountStep();
    return world_.now_ms() + random_.Between(faults_.late_ms_min, std::max(faults_.late_ms_min, faults_.late_ms_max));
  }
  std::int64_t arrival_ms = world_.now_ms() + random_.Between(faults_.delay_ms_min, faults_.delay_ms_max);
  std::int64_t& last_ms = last_arrival_ms_[way];
  if (!faults_.reorder) arrival_ms = std::max(arrival_ms, last_ms);
  if (arrival_ms < last_ms) ++world_.faults().reordered;
  last_ms = std::max(last_ms, arrival_ms);
  return arrival_ms;
}

void Network::Send(const std::string& from, const std::string& to, env::MessagePtr message) {
  const bool to_store = to == env::kStoreEndpoint;
  if (random_.Chance(to_store ? faults_.request_loss_per_thousand : faults_.reply_loss_per_thousand)) {
    ++(to_store ? world_.faults().requests_lost : world_.faults().replies_lost);
    world_.CountStep();
    Lose(message);
    return;
  }
  world_.Schedule(DrawArrival({from, to}), [this, from, to, message = std::move(message)] {
    const auto found = handlers_.find(to);
    if (found == handlers_.end()) {
      ++world_.faults().to_the_dead;
      Lose(message);
      return;
    }
    found->second(from, message);
  });
}

}  // namespace kelpie::sim
