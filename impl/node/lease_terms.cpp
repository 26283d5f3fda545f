#include "impl/node/lease_terms.h"

#include <optional>
#include <utility>

namespace kelpie::node {

using machines::LeaseRequest;
using machines::RequestKind;
using trace::Value;

Value NodeTerm(const std::string& node) { return Value::Model(node); }
Value ActorTerm(const std::string& actor) { return Value::Model(actor); }

Value NamesTerm(const std::vector<std::string>& names) {
  std::vector<Value> terms;
  for (const std::string& name : names) terms.push_back(Value::Model(name));
  return Value::Set(std::move(terms));
}

Value RequestTerm(const std::string& node, const LeaseRequest& request, const std::string& status) {
  std::vector<Value::Field> fields = {
      {"status", Value::String(status)},
      {"node", NodeTerm(node)},
      {"incarnation", Value::Int(static_cast<std::int64_t>(request.incarnation))},
      {"sentAt", Value::Int(request.sent_at_ms)},
  };
  const auto about_actor = [&](const char* kind) {
    fields.emplace_back("kind", Value::String(kind));
    fields.emplace_back("actor", ActorTerm(request.actor));
    fields.emplace_back("token", Value::Int(request.token));
  };
  switch (request.kind) {
    case RequestKind::kSession:
      fields.emplace_back("kind", Value::String("session"));
      fields.emplace_back("version", Value::Int(request.version));
      break;
    case RequestKind::kAcquire:
      about_actor("acquire");
      fields.emplace_back("holder", NodeTerm(request.holder.empty() ? kNoHolder : request.holder));
      fields.emplace_back("version", Value::Int(request.version));
      break;
    case RequestKind::kRelease: about_actor("release"); break;
    case RequestKind::kWrite: about_actor("write"); break;
  }
  return Value::Record(std::move(fields));
}

Value TokensTerm(const std::vector<std::string>& actors, const std::map<std::string, std::int64_t>& tokens) {
  std::vector<Value::Entry> entries;
  for (const std::string& actor : actors) {
    const auto found = tokens.find(actor);
    entries.emplace_back(ActorTerm(actor), Value::Int(found == tokens.end() ? 0 : found->second));
  }
  return Value::Map(std::move(entries));
}

Value ObservedTerm(const machines::ObservedSession& observed) {
  return Value::Record({{"version", Value::Int(observed.version)}, {"at", Value::Int(observed.at_ms)}});
}

Value SessionTerm(const store::Row& row) {
  const auto session = machines::DecodeSession(row);
  return Value::Record({
      {"incarnation", Value::Int(session ? static_cast<std::int64_t>(session->incarnation) : 0)},
      {"version", Value::Int(static_cast<std::int64_t>(row.version))},
  });
}

Value LeaseTerm(const store::Row& row) {
  const auto lease = machines::DecodeLease(row);
  return Value::Record({
      {"holder", NodeTerm(lease ? lease->holder : kNoHolder)},
      {"incarnation", Value::Int(lease ? static_cast<std::int64_t>(lease->incarnation) : 0)},
      {"token", Value::Int(lease ? lease->token : 0)},
  });
}

Value CounterTerm(const store::Row& row) {
  const auto counter = machines::DecodeCounter(row);
  return Value::Int(counter ? counter->count : 0);
}

Value WriteTerm(const store::Row& row) {
  const auto written = machines::DecodeCounter(row);
  return Value::Record({
      {"token", Value::Int(written ? written->count : 0)},
      {"version", Value::Int(static_cast<std::int64_t>(row.version))},
  });
}

std::vector<std::pair<std::string, Value>> LeaseConstants(const LeaseWorldNames& names) {
  return {{"Nodes", NamesTerm(names.nodes)},
          {"Actors", NamesTerm(names.actors)},
          {"NoHolder", NodeTerm(kNoHolder)},
          {"TtlMs", Value::Int(names.ttl_ms)},
          {"RhoPerThousand", Value::Int(names.rho_per_thousand)}};
}

}  // namespace kelpie::node
