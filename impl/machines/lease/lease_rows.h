// The rows that leases are made of, and their keys.
//
//   session/<node>              incarnation, TTL      written by opening and by each renewal
//   session/<node>/incarnation  incarnation           written by opening only
//   lease/<actor>               holder, incarnation, token; a tombstone when released
//   token/<actor>               the counter           written by each grant, never by a release
//   state/<actor>               token of the write    written by each write
//
// A row holds no time stamp. Which key a transaction compares is what it depends on, so facts
// that change at different moments have keys of their own: a grant must not conflict with the
// claimer's own renewals, and a counter must outlive the lease. The text is one line,
// "1 name=value ..", where 1 is the version of this format; names and values hold no blanks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "impl/store/transaction.h"

namespace kelpie::machines {

[[nodiscard]] store::Key SessionKey(const std::string& node);
[[nodiscard]] store::Key SessionIncarnationKey(const std::string& node);
[[nodiscard]] store::Key LeaseKey(const std::string& actor);
[[nodiscard]] store::Key TokenKey(const std::string& actor);
[[nodiscard]] store::Key StateKey(const std::string& actor);

struct SessionRow {
  std::uint64_t incarnation = 0;
  std::int64_t ttl_ms = 0;
};

struct LeaseRow {
  std::string holder;  // a node
  std::uint64_t incarnation = 0;
  std::int64_t token = 0;
};

// token/<actor>: the last token granted. state/<actor>: the token of the last write.
struct CounterRow {
  std::int64_t count = 0;
};

[[nodiscard]] std::string Encode(const SessionRow& row);
[[nodiscard]] std::string Encode(const LeaseRow& row);
[[nodiscard]] std::string Encode(const CounterRow& row);

// None for a row that was never written or is a tombstone. A row that does not parse is a
// mistake of ours (only our machines write these keys) and ends the process.
[[nodiscard]] std::optional<SessionRow> DecodeSession(const store::Row& row);
[[nodiscard]] std::optional<LeaseRow> DecodeLease(const store::Row& row);
[[nodiscard]] std::optional<CounterRow> DecodeCounter(const store::Row& row);

}  // namespace kelpie::machines
