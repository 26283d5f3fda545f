#include "impl/node/lease_node.h"

#include <memory>
#include <utility>

#include "impl/env/check.h"
#include "impl/store/messages.h"

namespace kelpie::node {

LeaseNode::LeaseNode(machines::LeaseOptions options, env::Env& env, Emitter& emitter, LeaseNodeHooks hooks)
    : node_(options.node), machine_(std::move(options)), env_(env), emitter_(emitter), hooks_(std::move(hooks)) {}

void LeaseNode::Step(const machines::LeaseInput& input) {
  machines::LeaseOutputs outputs = machine_.Step(env_.Now(), input);
  for (const machines::LeaseFact& fact : outputs.facts) emitter_.Fact(node_, fact);
  if (hooks_.stepped) hooks_.stepped(node_, outputs);
  for (store::Transaction& transaction : outputs.transactions) {
    env_.Send(env::kStoreEndpoint, std::make_shared<store::TransactionMessage>(std::move(transaction)));
  }
  for (store::ReadRequest& read : outputs.reads) {
    env_.Send(env::kStoreEndpoint, std::make_shared<store::ReadMessage>(std::move(read)));
  }
  env_.WakeAt(outputs.wake_at_ms);
}

void LeaseNode::OnStart() { Step(machines::StartInput{}); }
void LeaseNode::OnWake() { Step(machines::WakeInput{}); }
void LeaseNode::Want(const std::string& actor) { Step(machines::WantInput{actor}); }
void LeaseNode::Unwant(const std::string& actor) { Step(machines::UnwantInput{actor}); }
void LeaseNode::Invoke(const std::string& actor) { Step(machines::InvokeInput{actor}); }

void LeaseNode::OnMessage(const std::string& from, const env::MessagePtr& message) {
  if (const auto* reply = dynamic_cast<const store::TransactionReplyMessage*>(message.get())) {
    Step(reply->body);
    return;
  }
  const auto* rows = dynamic_cast<const store::ReadReplyMessage*>(message.get());
  IMPL_CHECK(rows != nullptr, "a message of unknown kind from " + from);
  Step(rows->body);
}

}  // namespace kelpie::node
