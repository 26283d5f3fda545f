#include "trace/file/json_write.h"

#include <cstdint>

#include "trace/file/json_parts.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::file {

namespace {

void AppendPath(const Location& location, std::string& out) {
  out += "\"path\":[";
  AppendJsonString(location.variable, out);
  for (const Value& step : location.path) {
    out += ',';
    AppendJson(step, out);
  }
  out += ']';
}

const Location& LocationOf(const Read& read) { return read.location; }
const Location& LocationOf(const Update& update) { return update.location; }
UpdateOp OpOf(const Read&) { return UpdateOp::kSet; }
UpdateOp OpOf(const Update& update) { return update.op; }

// The short form {"x": v} holds whole variables that are set, each once.
template <typename Fact>
bool FitsObject(const std::vector<Fact>& facts) {
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (!LocationOf(facts[i]).path.empty() || OpOf(facts[i]) != UpdateOp::kSet) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (LocationOf(facts[j]).variable == LocationOf(facts[i]).variable) return false;
    }
  }
  return true;
}

template <typename Fact>
void AppendFacts(const std::vector<Fact>& facts, std::string& out) {
  const bool as_object = FitsObject(facts);
  out += as_object ? '{' : '[';
  Commas commas(out);
  for (const Fact& fact : facts) {
    if (as_object) {
      commas.AnyKey(LocationOf(fact).variable);
      AppendJson(fact.value, out);
      continue;
    }
    commas.Next();
    out += '{';
    AppendPath(LocationOf(fact), out);
    if (OpOf(fact) != UpdateOp::kSet) {
      out += ",\"op\":\"";
      out += NameOf(OpOf(fact));
      out += '"';
    }
    if (OpOf(fact) != UpdateOp::kRemove || !fact.value.is_unknown()) {
      out += ",\"value\":";
      AppendJson(fact.value, out);
    }
    out += '}';
  }
  out += as_object ? '}' : ']';
}

void AppendClaim(const Claim& claim, std::string& out);

void AppendClaims(const std::vector<Claim>& claims, std::string& out) {
  out += '[';
  Commas commas(out);
  for (const Claim& claim : claims) {
    commas.Next();
    AppendClaim(claim, out);
  }
  out += ']';
}

void AppendClaimFields(const Claim& claim, Commas& commas, std::string& out) {
  if (!claim.spec.empty()) {
    commas.Key("spec");
    AppendJsonString(claim.spec, out);
  }
  if (!claim.action.empty()) {
    commas.Key("action");
    AppendJsonString(claim.action, out);
  }
  if (!claim.args.empty()) {
    commas.Key("args");
    if (claim.args.positional.empty()) {
      AppendNamed(claim.args.named, out);
    } else {
      AppendList(claim.args.positional, out);
    }
  }
  if (!claim.reads.empty()) {
    commas.Key("reads");
    AppendFacts(claim.reads, out);
  }
  if (!claim.updates.empty()) {
    commas.Key("updates");
    AppendFacts(claim.updates, out);
  }
  if (!claim.frame_closed.empty()) {
    commas.Key("frame");
    out += '{';
    Commas entries(out);
    for (const auto& [variable, closed] : claim.frame_closed) {
      entries.AnyKey(variable);
      out += closed ? "\"closed\"" : "\"open\"";
    }
    out += '}';
  }
  if (!claim.steps.empty()) {
    commas.Key("steps");
    AppendClaims(claim.steps, out);
  }
}

void AppendClaim(const Claim& claim, std::string& out) {
  out += '{';
  Commas commas(out);
  AppendClaimFields(claim, commas, out);
  out += '}';
}

void AppendEventClaims(const Event& event, Commas& commas, std::string& out) {
  if (event.claims.empty()) return;
  // A single claim that says nothing would leave no field behind in the short form.
  if (event.claims.size() == 1 && event.claims[0] != Claim()) {
    AppendClaimFields(event.claims[0], commas, out);
    return;
  }
  commas.Key("claims");
  AppendClaims(event.claims, out);
}

void AppendOrder(const Event& event, Commas& commas, std::string& out) {
  if (!event.causes.empty()) {
    commas.Key("causes");
    out += '[';
    Commas ids(out);
    for (const EventId& cause : event.causes) {
      ids.Next();
      out += '[';
      AppendJsonString(cause.node, out);
      out += ',';
      AppendInteger(cause.incarnation, out);
      out += ',';
      AppendInteger(cause.seq, out);
      out += ']';
    }
    out += ']';
  }
  if (!event.vclock.empty()) {
    commas.Key("vclock");
    out += '{';
    Commas entries(out);
    for (const auto& [node, position] : event.vclock) {
      entries.AnyKey(node);
      out += '[';
      AppendInteger(position.first, out);
      out += ',';
      AppendInteger(position.second, out);
      out += ']';
    }
    out += '}';
  }
  if (!event.versions.empty()) {
    commas.Key("versions");
    out += '{';
    Commas entries(out);
    for (const auto& [object, version] : event.versions) {
      entries.AnyKey(object);
      AppendInteger(version, out);
    }
    out += '}';
  }
}

void AppendTime(std::string_view name, const std::optional<std::int64_t>& time, Commas& commas, std::string& out) {
  if (!time) return;
  commas.Key(name);
  AppendInteger(*time, out);
}

void AppendText(std::string_view name, const std::string& text, Commas& commas, std::string& out) {
  if (text.empty()) return;
  commas.Key(name);
  AppendJsonString(text, out);
}

}  // namespace

void AppendJson(const Event& event, std::string& out) {
  out += '{';
  Commas commas(out);
  AppendText("node", event.id.node, commas, out);
  if (event.id.incarnation != 0) {
    commas.Key("incarnation");
    AppendInteger(event.id.incarnation, out);
  }
  commas.Key("seq");
  AppendInteger(event.id.seq, out);
  if (event.kind != EventKind::kStep) {
    commas.Key("kind");
    out += '"';
    out += NameOf(event.kind);
    out += '"';
  }
  if (event.lost_count) {
    commas.Key("lost_count");
    AppendInteger(*event.lost_count, out);
  }
  AppendText("operation", event.operation, commas, out);
  if (event.outcome) {
    commas.Key("outcome");
    out += '"';
    out += NameOf(*event.outcome);
    out += '"';
  }
  AppendEventClaims(event, commas, out);
  AppendOrder(event, commas, out);
  AppendTime("hybrid_ns", event.hybrid_ns, commas, out);
  AppendTime("wall_ns", event.wall_ns, commas, out);
  AppendTime("true_ns", event.true_ns, commas, out);
  AppendText("group", event.group, commas, out);
  out += '}';
}

void AppendJson(const Header& header, std::string& out) {
  out += "{\"header\":{";
  Commas commas(out);
  commas.Key("format");
  AppendJsonString(header.format, out);
  AppendText("run", header.run, commas, out);
  AppendText("node", header.node, commas, out);
  if (header.incarnation != 0) {
    commas.Key("incarnation");
    AppendInteger(header.incarnation, out);
  }
  if (!header.nodes.empty()) {
    commas.Key("nodes");
    out += '[';
    Commas nodes(out);
    for (const std::string& node : header.nodes) {
      nodes.Next();
      AppendJsonString(node, out);
    }
    out += ']';
  }
  if (!header.specs.empty()) {
    commas.Key("specs");
    out += '[';
    Commas specs(out);
    for (const SpecReference& spec : header.specs) {
      specs.Next();
      out += "{\"name\":";
      AppendJsonString(spec.name, out);
      if (!spec.digest.empty()) {
        out += ",\"digest\":";
        AppendJsonString(spec.digest, out);
      }
      out += '}';
    }
    out += ']';
  }
  if (!header.constants.empty()) {
    commas.Key("constants");
    AppendNamed(header.constants, out);
  }
  AppendTime("clock_error_ns", header.clock_error_ns, commas, out);
  out += "}}";
}

}  // namespace kelpie::trace::file
