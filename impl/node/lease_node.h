// One process: a lease machine joined to its world.
//
//   LeaseNode node(options, env, emitter, hooks);
//   node.OnStart();
//   node.Want("a1");      // a workload's wish, an input like any other
//
// Each input becomes one step of the machine; the facts of the step are recorded before its
// messages leave. One thread.
#pragma once

#include <functional>
#include <string>

#include "impl/env/env.h"
#include "impl/machines/lease/lease_machine.h"
#include "impl/node/emit.h"

namespace kelpie::node {

// What the world may watch, for counts; may be empty.
struct LeaseNodeHooks {
  std::function<void(const std::string& node, const machines::LeaseOutputs& outputs)> stepped;
};

class LeaseNode final : public env::Process {
 public:
  // Requires: env and emitter outlive the node.
  LeaseNode(machines::LeaseOptions options, env::Env& env, Emitter& emitter, LeaseNodeHooks hooks);

  void OnStart() override;
  void OnWake() override;
  void OnMessage(const std::string& from, const env::MessagePtr& message) override;

  void Want(const std::string& actor);
  void Unwant(const std::string& actor);
  void Invoke(const std::string& actor);

  [[nodiscard]] const machines::LeaseMachine& machine() const { return machine_; }

 private:
  void Step(const machines::LeaseInput& input);

  std::string node_;
  machines::LeaseMachine machine_;
  env::Env& env_;
  Emitter& emitter_;
  LeaseNodeHooks hooks_;
};

}  // namespace kelpie::node
