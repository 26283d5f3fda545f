#include "impl/machines/lease/lease_rows.h"

#include "impl/machines/row_text.h"

namespace kelpie::machines {

store::Key SessionKey(const std::string& node) { return "session/" + node; }
store::Key SessionIncarnationKey(const std::string& node) { return "session/" + node + "/incarnation"; }
store::Key LeaseKey(const std::string& actor) { return "lease/" + actor; }
store::Key TokenKey(const std::string& actor) { return "token/" + actor; }
store::Key StateKey(const std::string& actor) { return "state/" + actor; }

std::string Encode(const SessionRow& row) {
  return "1 incarnation=" + std::to_string(row.incarnation) + " ttl_ms=" + std::to_string(row.ttl_ms);
}

std::string Encode(const LeaseRow& row) {
  return "1 holder=" + row.holder + " incarnation=" + std::to_string(row.incarnation) +
         " token=" + std::to_string(row.token);
}

std::string Encode(const CounterRow& row) { return "1 count=" + std::to_string(row.count); }

std::optional<SessionRow> DecodeSession(const store::Row& row) {
  if (!row.value) return std::nullopt;
  return SessionRow{NumberIn<std::uint64_t>(*row.value, "incarnation"), NumberIn<std::int64_t>(*row.value, "ttl_ms")};
}

std::optional<LeaseRow> DecodeLease(const store::Row& row) {
  if (!row.value) return std::nullopt;
  return LeaseRow{std::string(FieldIn(*row.value, "holder")), NumberIn<std::uint64_t>(*row.value, "incarnation"),
                  NumberIn<std::int64_t>(*row.value, "token")};
}

std::optional<CounterRow> DecodeCounter(const store::Row& row) {
  if (!row.value) return std::nullopt;
  return CounterRow{NumberIn<std::int64_t>(*row.value, "count")};
}

}  // namespace kelpie::machines
