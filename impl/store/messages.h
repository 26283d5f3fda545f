// The store's requests and replies as messages of the simulated network.
#pragma once

#include <utility>

#include "impl/env/env.h"
#include "impl/store/transaction.h"

namespace kelpie::store {

template <typename Body>
struct MessageOf final : env::Message {
  explicit MessageOf(Body b) : body(std::move(b)) {}
  const Body body;
};

using TransactionMessage = MessageOf<Transaction>;
using TransactionReplyMessage = MessageOf<TransactionReply>;
using ReadMessage = MessageOf<ReadRequest>;
using ReadReplyMessage = MessageOf<ReadReply>;

}  // namespace kelpie::store
