#include "trace/file/json_write.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "trace/value/event_names.h"

namespace kelpie::trace::file {

namespace {

template <typename Integer>
void AppendInteger(Integer value, std::string& out) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), value);
  out.append(digits, end);
}

// Separates the members of one object or array.
class Commas {
 public:
  explicit Commas(std::string& out) : out_(out) {}
  void Next() {
    if (any_) out_ += ',';
    any_ = true;
  }
  // `name` needs no escapes.
  void Key(std::string_view name) {
    Next();
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }
  void AnyKey(std::string_view name) {
    Next();
    AppendJsonString(name, out_);
    out_ += ':';
  }

 private:
  std::string& out_;
  bool any_ = false;
};

void AppendList(const std::vector<Value>& values, std::string& out) {
  out += '[';
  Commas commas(out);
  for (const Value& value : values) {
    commas.Next();
    AppendJson(value, out);
  }
  out += ']';
}

void AppendNamed(const std::vector<Value::Field>& fields, std::string& out) {
  out += '{';
  Commas commas(out);
  for (const auto& [name, value] : fields) {
    commas.AnyKey(name);
    AppendJson(value, out);
  }
  out += '}';
}

void AppendMap(const std::vector<Value::Entry>& entries, std::string& out) {
  out += "{\"#map\":[";
  Commas commas(out);
  for (const auto& [key, value] : entries) {
    commas.Next();
    out += '[';
    AppendJson(key, out);
    out += ',';
    AppendJson(value, out);
    out += ']';
  }
  out += "]}";
}

void AppendRecord(const Value& record, std::string& out) {
  const auto looks_like_tag = [](const Value::Field& field) { return field.first.starts_with('#'); };
  if (std::none_of(record.fields().begin(), record.fields().end(), looks_like_tag)) {
    return AppendNamed(record.fields(), out);
  }
  std::vector<Value::Entry> entries;
  for (const auto& [name, value] : record.fields()) entries.emplace_back(Value::String(name), value);
  AppendMap(entries, out);
}

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

void AppendJsonString(std::string_view text, std::string& out) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    constexpr std::string_view kHex = "0123456789abcdef";
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += kHex[c >> 4U];
        out += kHex[c & 15U];
    }
  }
  out.append(text, plain, std::string_view::npos);
  out += '"';
}

void AppendJson(const Value& value, std::string& out) {
  // Beyond this, readers that keep numbers as doubles lose digits; ITF asks for the tag.
  constexpr std::int64_t kPlainMax = (std::int64_t{1} << 53) - 1;
  switch (value.kind()) {
    case ValueKind::kBool: out += value.as_bool() ? "true" : "false"; return;
    case ValueKind::kInt:
      if (value.as_int() <= kPlainMax && value.as_int() >= -kPlainMax) return AppendInteger(value.as_int(), out);
      out += "{\"#bigint\":\"";
      AppendInteger(value.as_int(), out);
      out += "\"}";
      return;
    case ValueKind::kBigInt: out += "{\"#bigint\":\"" + value.text() + "\"}"; return;
    case ValueKind::kString: return AppendJsonString(value.text(), out);
    case ValueKind::kModelValue:
      out += "{\"#model\":";
      AppendJsonString(value.text(), out);
      out += '}';
      return;
    case ValueKind::kSequence: return AppendList(value.elements(), out);
    case ValueKind::kRecord: return AppendRecord(value, out);
    case ValueKind::kSet:
      out += "{\"#set\":";
      AppendList(value.elements(), out);
      out += '}';
      return;
    case ValueKind::kMap: return AppendMap(value.entries(), out);
    case ValueKind::kUnknown: out += "{\"#unknown\":true}"; return;
  }
}

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
