#include "impl/machines/lease/lease_rows.h"

#include <charconv>
#include <string_view>

#include "impl/env/check.h"

namespace kelpie::machines {
namespace {

constexpr std::string_view kFormat = "1";

// The text behind "name=" in a row, up to the next blank.
std::string_view Field(std::string_view text, std::string_view name) {
  const std::string wanted = " " + std::string(name) + "=";
  const std::size_t at = text.find(wanted);
  IMPL_CHECK(text.substr(0, text.find(' ')) == kFormat && at != std::string_view::npos,
             "row without " + std::string(name) + ": " + std::string(text));
  const std::string_view rest = text.substr(at + wanted.size());
  return rest.substr(0, rest.find(' '));
}

template <typename Integer>
Integer Number(std::string_view text, std::string_view name) {
  const std::string_view digits = Field(text, name);
  Integer value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  IMPL_CHECK(parsed.ec == std::errc() && parsed.ptr == digits.data() + digits.size(),
             "row with a bad number: " + std::string(text));
  return value;
}

}  // namespace

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
  return SessionRow{Number<std::uint64_t>(*row.value, "incarnation"), Number<std::int64_t>(*row.value, "ttl_ms")};
}

std::optional<LeaseRow> DecodeLease(const store::Row& row) {
  if (!row.value) return std::nullopt;
  return LeaseRow{std::string(Field(*row.value, "holder")), Number<std::uint64_t>(*row.value, "incarnation"),
                  Number<std::int64_t>(*row.value, "token")};
}

std::optional<CounterRow> DecodeCounter(const store::Row& row) {
  if (!row.value) return std::nullopt;
  return CounterRow{Number<std::int64_t>(*row.value, "count")};
}

}  // namespace kelpie::machines
