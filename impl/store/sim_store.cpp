#include "impl/store/sim_store.h"

#include <memory>
#include <string>

#include "impl/env/check.h"
#include "impl/store/messages.h"

namespace kelpie::store {

SimStore::SimStore(sim::Network& network, Limits limits) : network_(network), table_(limits) {
  network_.Register(env::kStoreEndpoint,
                    [this](const std::string& from, const env::MessagePtr& message) { Receive(from, message); });
}

void SimStore::OnDecided(std::function<void(const Transaction&)> before, DecisionHook after) {
  before_ = std::move(before);
  after_ = std::move(after);
}

void SimStore::Receive(const std::string& from, const env::MessagePtr& message) {
  if (const auto* transaction = dynamic_cast<const TransactionMessage*>(message.get())) {
    if (before_) before_(transaction->body);
    TransactionReply reply = table_.Commit(transaction->body);
    if (after_) after_({transaction->body, reply});
    network_.Send(env::kStoreEndpoint, from, std::make_shared<TransactionReplyMessage>(std::move(reply)));
    return;
  }
  const auto* read = dynamic_cast<const ReadMessage*>(message.get());
  IMPL_CHECK(read != nullptr, "the store got a message that is no request");
  network_.Send(env::kStoreEndpoint, from, std::make_shared<ReadReplyMessage>(table_.Read(read->body)));
}

}  // namespace kelpie::store
