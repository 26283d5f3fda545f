#include "impl/node/migration_node.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "impl/env/check.h"

namespace kelpie::node {

MigrationNode::MigrationNode(const machines::MigrationOptions& options, env::Env& env, MigrationEmitter& emitter,
                             MigrationNodeHooks hooks)
    : tag_(options.node, options.process),
      host_(options),
      primary_(options),
      env_(env),
      emitter_(emitter),
      hooks_(std::move(hooks)),
      primary_wake_ms_(std::numeric_limits<std::int64_t>::max()) {}

void MigrationNode::StepHost(const machines::ActorHostInput& input) {
  machines::MigrationOutputs outputs = host_.Step(env_.Now(), input);
  host_wake_ms_ = outputs.wake_at_ms;
  Carry(std::move(outputs));
}

void MigrationNode::StepPrimary(const machines::PrimaryInput& input) {
  machines::MigrationOutputs outputs = primary_.Step(env_.Now(), input);
  primary_wake_ms_ = outputs.wake_at_ms;
  Carry(std::move(outputs));
}

void MigrationNode::Carry(machines::MigrationOutputs outputs) {
  for (const machines::MigrationFact& fact : outputs.facts) emitter_.Fact(tag_, fact);
  if (hooks_.stepped) hooks_.stepped(outputs);
  for (const machines::Served& served : outputs.served) hooks_.served(served);
  for (store::Transaction& transaction : outputs.transactions) {
    env_.Send(env::kStoreEndpoint, std::make_shared<store::TransactionMessage>(std::move(transaction)));
  }
  for (store::ReadRequest& read : outputs.reads) {
    env_.Send(env::kStoreEndpoint, std::make_shared<store::ReadMessage>(std::move(read)));
  }
  for (machines::AddressedOrder& order : outputs.orders) {
    env_.Send(order.address, std::make_shared<OrderMessage>(std::move(order.order)));
  }
  env_.WakeAt(std::min(host_wake_ms_, primary_wake_ms_));
}

void MigrationNode::OnWake() {
  const std::int64_t reading_ms = env_.Now().reading_ms;
  if (reading_ms >= host_wake_ms_) StepHost(machines::LookInput{});
  if (reading_ms >= primary_wake_ms_) StepPrimary(machines::LookInput{});
}

void MigrationNode::OnMessage(const std::string& from, const env::MessagePtr& message) {
  if (const auto* order = dynamic_cast<const OrderMessage*>(message.get())) return StepHost(order->body);
  const auto is_of_host = [&](const store::OperationId& operation) { return operation.client == tag_.first; };
  if (const auto* reply = dynamic_cast<const store::TransactionReplyMessage*>(message.get())) {
    return is_of_host(reply->body.operation) ? StepHost(reply->body) : StepPrimary(reply->body);
  }
  const auto* rows = dynamic_cast<const store::ReadReplyMessage*>(message.get());
  IMPL_CHECK(rows != nullptr, "a message of unknown kind from " + from);
  return is_of_host(rows->body.operation) ? StepHost(rows->body) : StepPrimary(rows->body);
}

}  // namespace kelpie::node
