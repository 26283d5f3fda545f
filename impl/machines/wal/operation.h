// An operation of a client: what the log keeps, what the owner of the actor executes, at most once.
//
//   Operation op{"c1", 7, "d2"};     // the client's seventh; a repetition has the same number
//
// As text: "c1 7 d2", fields without blanks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kelpie::machines {

struct Operation {
  std::string client;
  std::uint64_t key = 0;  // counts from 1, in the client's session
  std::string data;
  friend auto operator<=>(const Operation&, const Operation&) = default;
  friend bool operator==(const Operation&, const Operation&) = default;
};

[[nodiscard]] inline bool SameKey(const Operation& a, const Operation& b) {
  return a.client == b.client && a.key == b.key;
}

[[nodiscard]] std::string ToText(const Operation& operation);
// What the fields of a text are; those that are not there are empty, or 0. Texts come from the log and from rows, both
// of which tell damage by themselves.
[[nodiscard]] Operation OperationOf(std::string_view text);

// What becomes of an operation.
enum class Verdict : std::uint8_t {
  kAccepted,   // in the log: it survives, and is executed, or expires
  kCommitted,  // executed, with this payload
  kExpired,    // its number is at or below the mark of those that were forgotten
  kMismatch,   // its number was used with another payload, which was executed
  kConflict,   // another payload under its number waits for a verdict; no verdict itself, as kAccepted
};
[[nodiscard]] const char* ToString(Verdict verdict);

}  // namespace kelpie::machines
