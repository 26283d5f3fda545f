// Messages between the nodes and the store, with everything that can happen to them.
//
//   Network network(world, faults, random.Split("network"));
//   network.Register("store", [&](const std::string& from, const MessagePtr& m) { ... });
//   network.OnLost([&](const MessagePtr& m) { ... });
//   network.Send("n1/1", "store", message);
//
// A message arrives at most once. An endpoint is one process, not one machine: what is sent to
// a process that died reaches nobody, also when the node has a new one. The loss of a message
// is told to OnLost when it is decided; nobody inside the world may act on it but the witness.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "impl/env/env.h"
#include "impl/sim/faults.h"
#include "impl/sim/world.h"

namespace kelpie::sim {

class Network {
 public:
  using Handler = std::function<void(const std::string& from, const env::MessagePtr& message)>;
  using LostHandler = std::function<void(const env::MessagePtr& message)>;

  Network(World& world, const FaultOptions& faults, Random random);

  // Requires: the endpoint is not registered yet.
  void Register(const std::string& endpoint, Handler handler);
  // Whatever is still on its way to the endpoint will be lost on arrival.
  void Unregister(const std::string& endpoint);
  void OnLost(LostHandler handler) { on_lost_ = std::move(handler); }
  void Send(const std::string& from, const std::string& to, env::MessagePtr message);
  // The message ends here without having been looked at.
  void Lose(const env::MessagePtr& message) const;

 private:
  using Way = std::pair<std::string, std::string>;
  [[nodiscard]] std::int64_t DrawArrival(const Way& way);

  World& world_;
  FaultOptions faults_;
  Random random_;
  LostHandler on_lost_;
  std::map<std::string, Handler> handlers_;
  std::map<Way, std::int64_t> last_arrival_ms_;
};

}  // namespace kelpie::sim
