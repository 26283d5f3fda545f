// Clients of a log: each numbers its operations, repeats one until it is answered, and sometimes does what it should
// not.
//
//   LogClients clients(world, random.Split("clients"), options, [&](const Operation& op) { ... });
//   clients.Start();
//   clients.Told(reply);     // from the node; what it says is kept
//
// A client has at most `open_max` operations that it repeats. Of an operation that was accepted it repeats some, and of
// the others trusts that they will be answered. It asks again for answered ones (some have left the owner's window by
// then), and now and then sends another payload under a number that it used. What was told is kept: whoever judges a
// run by what its clients saw reads it here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "impl/machines/wal/wal_types.h"
#include "impl/sim/random.h"
#include "impl/sim/world.h"

namespace kelpie::cluster {

struct LogClientsOptions {
  std::vector<std::string> clients;
  std::vector<std::string> payloads;
  std::int64_t gap_ms = 12;  // the next request of any client comes 1..2*gap ms after this one
  std::size_t open_max = 2;
  std::int64_t again_per_thousand = 350;     // requests that repeat an open operation
  std::int64_t old_per_thousand = 60;        // that ask for an answered one
  std::int64_t mismatch_per_thousand = 110;  // that use a number again
};

class LogClients {
 public:
  using Ask = std::function<void(const machines::Operation& operation)>;
  using Heard = std::map<machines::Operation, std::vector<machines::Verdict>>;

  LogClients(sim::World& world, sim::Random random, LogClientsOptions options, Ask ask)
      : world_(world), random_(random), options_(std::move(options)), ask_(std::move(ask)) {}

  // Requires: called once.
  void Start() { Next(); }
  void Told(const machines::WalReply& reply);
  // From now on nothing new is asked for.
  void Finish() { is_finishing_ = true; }
  // Operations that were accepted, or are still asked for, and have no final answer.
  [[nodiscard]] std::vector<machines::Operation> Unanswered() const;
  [[nodiscard]] const Heard& heard() const { return heard_; }
  [[nodiscard]] std::uint64_t requests() const { return requests_; }

 private:
  struct Client {
    std::uint64_t last_key = 0;
    std::vector<machines::Operation> open;
    std::vector<machines::Operation> trusted;  // accepted, and not repeated
    std::vector<machines::Operation> answered;
  };
  void Next();
  [[nodiscard]] std::optional<machines::Operation> Draw(const std::string& name, Client& client);
  [[nodiscard]] const std::string& DrawPayload();

  sim::World& world_;
  sim::Random random_;
  LogClientsOptions options_;
  Ask ask_;
  std::map<std::string, Client> clients_;
  Heard heard_;
  std::uint64_t requests_ = 0;
  bool is_finishing_ = false;
};

}  // namespace kelpie::cluster
