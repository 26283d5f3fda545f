#include "impl/store/transaction.h"

namespace kelpie::store {

std::string ToString(const OperationId& operation) {
  return operation.client + "." + std::to_string(operation.incarnation) + "." + std::to_string(operation.number);
}

const char* ToString(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone: return "none";
    case Refusal::kConflict: return "conflict";
    case Refusal::kTooMany: return "too many operations";
    case Refusal::kTooLarge: return "too large";
    case Refusal::kWrittenTwice: return "key written twice";
    case Refusal::kEmpty: return "empty";
    case Refusal::kUnavailable: return "unavailable";
  }
  return "none";
}

std::size_t SizeBytes(const Transaction& transaction) {
  std::size_t size_bytes = 0;
  for (const Compare& compare : transaction.compares) size_bytes += compare.key.size();
  for (const Write& write : transaction.writes) {
    size_bytes += write.key.size() + (write.value ? write.value->size() : 0);
  }
  return size_bytes;
}

}  // namespace kelpie::store
