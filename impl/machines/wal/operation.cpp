#include "impl/machines/wal/operation.h"

#include <charconv>

namespace kelpie::machines {
namespace {

// Up to the next blank, or zero byte.
std::string_view TakeField(std::string_view& text) {
  const std::size_t size = std::min(text.find_first_of(std::string_view(" \0", 2)), text.size());
  const std::string_view field = text.substr(0, size);
  text.remove_prefix(std::min(text.size(), size + 1));
  return field;
}

}  // namespace

std::string ToText(const Operation& operation) {
  return operation.client + " " + std::to_string(operation.key) + " " + operation.data;
}

Operation OperationOf(std::string_view text) {
  Operation operation;
  operation.client = TakeField(text);
  const std::string_view key = TakeField(text);
  std::from_chars(key.data(), key.data() + key.size(), operation.key);
  operation.data = TakeField(text);
  return operation;
}

const char* ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAccepted: return "accepted";
    case Verdict::kCommitted: return "committed";
    case Verdict::kExpired: return "expired";
    case Verdict::kMismatch: return "mismatch";
    case Verdict::kConflict: return "conflict";
  }
  return "";
}

}  // namespace kelpie::machines
