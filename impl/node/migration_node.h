// One process that hosts actors and may be the primary: input, step, record, then send.
//
//   MigrationNode node(options, env, emitter, hooks);
//   node.Call("a1", 17);  node.Campaign();  node.Move("a1", "n2");
//
// The two machines share nothing but the process's wake-up; each has its own transactions.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "impl/env/env.h"
#include "impl/machines/migration/actor_host.h"
#include "impl/machines/migration/migration_primary.h"
#include "impl/node/migration_emit.h"
#include "impl/store/messages.h"

namespace kelpie::node {

using OrderMessage = store::MessageOf<machines::MigrationOrder>;

struct MigrationNodeHooks {
  std::function<void(const machines::Served& served)> served;
  std::function<void(const machines::MigrationOutputs& outputs)> stepped;
};

class MigrationNode final : public env::Process {
 public:
  // Requires: env and emitter outlive the node.
  MigrationNode(const machines::MigrationOptions& options, env::Env& env, MigrationEmitter& emitter,
                MigrationNodeHooks hooks);

  void OnStart() override { StepHost(machines::OpenInput{}); }
  void OnWake() override;
  void OnMessage(const std::string& from, const env::MessagePtr& message) override;

  void Call(const std::string& actor, std::uint64_t call) { StepHost(machines::CallInput{actor, call}); }
  void Campaign() { StepPrimary(machines::CampaignInput{}); }
  void Move(const std::string& actor, const std::string& target) { StepPrimary(machines::MoveInput{actor, target}); }

 private:
  void StepHost(const machines::ActorHostInput& input);
  void StepPrimary(const machines::PrimaryInput& input);
  void Carry(machines::MigrationOutputs outputs);

  Tag tag_;
  machines::ActorHost host_;
  machines::MigrationPrimary primary_;
  env::Env& env_;
  MigrationEmitter& emitter_;
  MigrationNodeHooks hooks_;
  std::int64_t host_wake_ms_ = 0;
  std::int64_t primary_wake_ms_ = 0;
};

}  // namespace kelpie::node
