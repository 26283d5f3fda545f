#include "impl/cluster/log_clients.h"

#include <algorithm>

namespace kelpie::cluster {

using machines::Operation;
using machines::Verdict;

void LogClients::Next() {
  world_.Schedule(world_.now_ms() + random_.Between(1, 2 * options_.gap_ms), [this] {
    const std::string& name = options_.clients[random_.Below(options_.clients.size())];
    if (const std::optional<Operation> operation = Draw(name, clients_[name])) {
      ++requests_;
      ask_(*operation);
    }
    Next();
  });
}

const std::string& LogClients::DrawPayload() { return options_.payloads[random_.Below(options_.payloads.size())]; }

std::optional<Operation> LogClients::Draw(const std::string& name, Client& client) {
  if (is_finishing_) {
    if (client.open.empty()) return std::nullopt;
    return client.open[random_.Below(client.open.size())];
  }
  if (!client.answered.empty() && random_.Chance(options_.old_per_thousand)) {
    const std::size_t back = 1 + random_.Below(std::min<std::size_t>(client.answered.size(), 6));
    return client.answered[client.answered.size() - back];
  }
  if (client.last_key > 0 && random_.Chance(options_.mismatch_per_thousand)) {
    const std::uint64_t back = random_.Below(std::min<std::uint64_t>(client.last_key, 6));
    return Operation{name, client.last_key - back, DrawPayload()};
  }
  const bool is_full = client.open.size() >= options_.open_max;
  if (!client.open.empty() && (is_full || random_.Chance(options_.again_per_thousand)))
    return client.open[random_.Below(client.open.size())];
  client.open.push_back({name, ++client.last_key, DrawPayload()});
  return client.open.back();
}

void LogClients::Told(const machines::WalReply& reply) {
  const Operation& operation = reply.operation;
  heard_[operation].push_back(reply.verdict);
  Client& client = clients_[operation.client];
  const auto move = [&](std::vector<Operation>& from, std::vector<Operation>& to) {
    const auto found = std::find(from.begin(), from.end(), operation);
    if (found == from.end()) return;
    from.erase(found);
    to.push_back(operation);
  };
  if (reply.verdict == Verdict::kConflict) return;
  if (reply.verdict == Verdict::kAccepted) {
    if (operation.key % 2 == 1) move(client.open, client.trusted);
    return;
  }
  move(client.open, client.answered);
  move(client.trusted, client.answered);
}

std::vector<Operation> LogClients::Unanswered() const {
  std::vector<Operation> unanswered;
  for (const auto& [name, client] : clients_) {
    unanswered.insert(unanswered.end(), client.open.begin(), client.open.end());
    unanswered.insert(unanswered.end(), client.trusted.begin(), client.trusted.end());
  }
  return unanswered;
}

}  // namespace kelpie::cluster
