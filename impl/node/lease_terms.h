// The vocabulary of KelpieLease.tla as trace values: names, records, places in variables.
//
//   Value request = RequestTerm("n1", lease_request, "sent");
//   Location at = Place("leases", {ActorTerm("a1")});
//
// Nodes and actors are model values everywhere; kinds and states of requests are strings.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "impl/machines/lease/lease_rows.h"
#include "impl/machines/lease/lease_types.h"
#include "trace/value/event.h"

namespace kelpie::node {

inline constexpr const char* kLeaseSpec = "KelpieLease";
inline constexpr const char* kNoHolder = "NoHolder";

struct LeaseWorldNames {
  std::vector<std::string> nodes;
  std::vector<std::string> actors;
  std::int64_t ttl_ms = 0;
  std::int64_t rho_per_thousand = 0;
};

[[nodiscard]] trace::Value NodeTerm(const std::string& node);
[[nodiscard]] trace::Value ActorTerm(const std::string& actor);
// The set of them: nodes or actors.
[[nodiscard]] trace::Value NamesTerm(const std::vector<std::string>& names);
// The spec's request record. `status` is sent, done or refused.
[[nodiscard]] trace::Value RequestTerm(const std::string& node, const machines::LeaseRequest& request,
                                       const std::string& status);
[[nodiscard]] trace::Value TokensTerm(const std::vector<std::string>& actors,
                                      const std::map<std::string, std::int64_t>& tokens);
[[nodiscard]] trace::Value ObservedTerm(const machines::ObservedSession& observed);

// Rows as the spec has them. A row that was never written, and a tombstone, have the spec's
// initial value, but for the version of a session, which is the row's.
[[nodiscard]] trace::Value SessionTerm(const store::Row& row);
[[nodiscard]] trace::Value LeaseTerm(const store::Row& row);
[[nodiscard]] trace::Value CounterTerm(const store::Row& row);
[[nodiscard]] trace::Value WriteTerm(const store::Row& row);

// CONSTANTS of the spec for the header of a run.
[[nodiscard]] std::vector<std::pair<std::string, trace::Value>> LeaseConstants(const LeaseWorldNames& names);

}  // namespace kelpie::node
