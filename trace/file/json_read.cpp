#include "trace/file/json_read.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "trace/file/json_value.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::file {

namespace {

// Bits of which fields an object had, by their place in its list of names.
using Seen = std::uint32_t;

constexpr std::array<std::string_view, 7> kClaimFields = {"spec", "action", "args", "reads", "updates", "frame", "steps"};
constexpr std::array<std::string_view, 23> kEventFields = {
    "spec",    "action",     "args",   "reads",  "updates",  "frame",     "steps",   // a claim's, in its order
    "node",    "incarnation", "seq",   "kind",   "claims",   "operation", "outcome",
    "lost_count", "causes",  "vclock", "versions", "hybrid_ns", "wall_ns", "true_ns", "group", "header"};
constexpr std::array<std::string_view, 8> kHeaderFields = {"format", "run",       "node",  "incarnation",
                                                           "nodes",  "specs", "constants", "clock_error_ns"};
constexpr std::array<std::string_view, 3> kUpdateFields = {"path", "op", "value"};
constexpr std::array<std::string_view, 2> kSpecFields = {"name", "digest"};
constexpr std::array<std::string_view, 3> kIdFields = {"node", "incarnation", "seq"};

constexpr Seen kClaimMask = (1U << kClaimFields.size()) - 1;

template <std::size_t N>
constexpr std::size_t IndexOf(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return i;
  }
  return N;
}

// Number of single-character edits between two short words; for "did you mean".
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

class LineReader {
 public:
  LineReader(JsonCursor& cursor, int depth_max) : cursor_(cursor), values_(cursor, depth_max), depth_max_(depth_max) {}

  bool ReadLine(ParsedLine& out) {
    if (!cursor_.EnterObject()) return false;
    std::string_view key;
    Seen seen = 0;
    Claim short_claim;
    while (cursor_.NextKey(key)) {
      const std::size_t field = Field(kEventFields, key, seen);
      if (cursor_.failed() || !ReadEventField(field, short_claim, out)) return false;
      if (out.is_header && seen != (1U << field)) return FailMixed("a header shares its line with other fields");
    }
    if (cursor_.failed() || !cursor_.ExpectEnd()) return false;
    if (out.is_header) return true;
    const bool is_short = (seen & kClaimMask) != 0;
    if (is_short && (seen & Bit(kEventFields, "claims")) != 0) {
      return FailMixed("an event has `claims` and the fields of a single claim beside it");
    }
    if (is_short) out.event.claims.push_back(std::move(short_claim));
    if (out.event.lost_count && out.event.kind != EventKind::kLost) {
      return FailMixed("lost_count belongs to events of kind lost");
    }
    out.has_node = (seen & Bit(kEventFields, "node")) != 0;
    out.has_incarnation = (seen & Bit(kEventFields, "incarnation")) != 0;
    out.has_seq = (seen & Bit(kEventFields, "seq")) != 0;
    return true;
  }

 private:
  template <std::size_t N>
  static constexpr Seen Bit(const std::array<std::string_view, N>& names, std::string_view name) {
    return 1U << IndexOf(names, name);
  }

  // Index of a key among `names`; fails on a key that is not there or came before.
  template <std::size_t N>
  std::size_t Field(const std::array<std::string_view, N>& names, std::string_view key, Seen& seen) {
    const std::size_t index = IndexOf(names, key);
    if (index == N) {
      std::string expected;
      std::string_view nearest = names[0];
      for (const std::string_view name : names) {
        expected += (expected.empty() ? "" : ", ") + std::string(name);
        if (EditDistance(key.substr(0, 40), name) < EditDistance(key.substr(0, 40), nearest)) nearest = name;
      }
      const bool near = EditDistance(key.substr(0, 40), nearest) <= 2;
      cursor_.Fail({.kind = ErrorKind::kUnknownField,
                    .position = cursor_.token_position(),
                    .message = "a field that does not exist here",
                    .found = "\"" + std::string(key.substr(0, 80)) + "\"",
                    .expected = std::move(expected),
                    .hint = near ? "did you mean \"" + std::string(nearest) + "\"?" : ""});
      return N;
    }
    if ((seen & (1U << index)) != 0) values_.FailDuplicate(key);
    seen |= 1U << index;
    return index;
  }

  bool FailMixed(std::string message) {
    return cursor_.Fail({.kind = ErrorKind::kMixedForms,
                         .position = 0,
                         .message = std::move(message),
                         .expected = "one form or the other"});
  }

  bool FailMissing(std::size_t position, std::string_view what, std::string_view field) {
    return cursor_.Fail({.kind = ErrorKind::kMissingField,
                         .position = position,
                         .message = std::string(what) + " lacks a field",
                         .expected = "\"" + std::string(field) + "\""});
  }

  bool ReadEventField(std::size_t field, Claim& short_claim, ParsedLine& out) {
    Event& event = out.event;
    if (field < kClaimFields.size()) return ReadClaimField(field, short_claim, 1);
    switch (field) {
      case IndexOf(kEventFields, "node"): return values_.ReadText(event.id.node);
      case IndexOf(kEventFields, "incarnation"): return values_.ReadUnsigned(event.id.incarnation);
      case IndexOf(kEventFields, "seq"): return ReadSeq(event.id.seq);
      case IndexOf(kEventFields, "kind"): return ReadKind(event);
      case IndexOf(kEventFields, "claims"): return ReadClaims(event.claims, 1);
      case IndexOf(kEventFields, "operation"): return values_.ReadText(event.operation);
      case IndexOf(kEventFields, "outcome"): return ReadOutcome(event.outcome);
      case IndexOf(kEventFields, "lost_count"): return values_.ReadUnsigned(event.lost_count.emplace());
      case IndexOf(kEventFields, "causes"): return ReadCauses(event.causes);
      case IndexOf(kEventFields, "vclock"): return ReadVclock(event);
      case IndexOf(kEventFields, "versions"): return ReadVersions(event);
      case IndexOf(kEventFields, "hybrid_ns"): return values_.ReadSigned(event.hybrid_ns.emplace());
      case IndexOf(kEventFields, "wall_ns"): return values_.ReadSigned(event.wall_ns.emplace());
      case IndexOf(kEventFields, "true_ns"): return values_.ReadSigned(event.true_ns.emplace());
      case IndexOf(kEventFields, "group"): return values_.ReadText(event.group);
      default: out.is_header = true; return ReadHeader(out.header);
    }
  }

  bool ReadSeq(std::uint64_t& seq) {
    if (!values_.ReadUnsigned(seq)) return false;
    if (seq != 0) return true;
    return cursor_.Fail({.kind = ErrorKind::kWrongType,
                         .position = cursor_.token_position(),
                         .message = "seq counts from 1",
                         .found = "0",
                         .expected = "1 or more"});
  }

  bool FailName(std::string_view found, std::string_view expected) {
    return cursor_.Fail({.kind = ErrorKind::kWrongType,
                         .position = cursor_.token_position(),
                         .message = "a name that the field does not have",
                         .found = "\"" + std::string(found.substr(0, 80)) + "\"",
                         .expected = std::string(expected)});
  }

  // "step", .., and "lost(3)" as short for kind "lost" with lost_count 3.
  bool ReadKind(Event& event) {
    std::string_view name;
    if (!cursor_.ReadString(name)) return false;
    if (const auto kind = ParseEventKind(name)) {
      event.kind = *kind;
      return true;
    }
    if (name.starts_with("lost(") && name.ends_with(')')) {
      const std::string_view digits = name.substr(5, name.size() - 6);
      std::uint64_t count = 0;
      const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
      if (error == std::errc() && stop == digits.data() + digits.size()) {
        event.kind = EventKind::kLost;
        event.lost_count = count;
        return true;
      }
    }
    return FailName(name, "step, observe, call, return, lost, init, mark or end");
  }

  bool ReadOutcome(std::optional<Outcome>& out) {
    std::string_view name;
    if (!cursor_.ReadString(name)) return false;
    out = ParseOutcome(name);
    return out ? true : FailName(name, "ok, failed or unknown");
  }

  bool ReadClaims(std::vector<Claim>& out, int depth) {
    if (!cursor_.EnterArray()) return false;
    while (cursor_.NextElement()) {
      if (!ReadClaim(out.emplace_back(), depth)) return false;
    }
    return !cursor_.failed();
  }

  bool ReadClaim(Claim& out, int depth) {
    if (depth > depth_max_) {
      return cursor_.Fail({.kind = ErrorKind::kTooDeep,
                           .position = cursor_.token_position(),
                           .message = "steps nest deeper than " + std::to_string(depth_max_) + ", the limit depth_max"});
    }
    if (!cursor_.EnterObject()) return false;
    std::string_view key;
    Seen seen = 0;
    while (cursor_.NextKey(key)) {
      const std::size_t field = Field(kClaimFields, key, seen);
      if (cursor_.failed() || !ReadClaimField(field, out, depth)) return false;
    }
    return !cursor_.failed();
  }

  bool ReadClaimField(std::size_t field, Claim& claim, int depth) {
    switch (field) {
      case IndexOf(kClaimFields, "spec"): return values_.ReadText(claim.spec);
      case IndexOf(kClaimFields, "action"): return values_.ReadText(claim.action);
      case IndexOf(kClaimFields, "args"):
        switch (cursor_.Peek()) {
          case JsonCursor::Kind::kObject: return values_.ReadNamed(claim.args.named, 1);
          case JsonCursor::Kind::kArray: return values_.ReadList(claim.args.positional, 1);
          default: return cursor_.FailType("an object by parameter name or an array by position");
        }
      case IndexOf(kClaimFields, "reads"): return ReadReads(claim.reads);
      case IndexOf(kClaimFields, "updates"): return ReadUpdates(claim.updates);
      case IndexOf(kClaimFields, "frame"): return ReadFrame(claim);
      default: return ReadClaims(claim.steps, depth + 1);
    }
  }

  bool ReadReads(std::vector<Read>& out) {
    std::vector<Update> facts;
    const bool as_reads = true;
    if (!ReadFacts(facts, as_reads)) return false;
    out.reserve(facts.size());
    for (Update& fact : facts) out.push_back({.location = std::move(fact.location), .value = std::move(fact.value)});
    return true;
  }

  bool ReadUpdates(std::vector<Update>& out) {
    const bool as_reads = false;
    return ReadFacts(out, as_reads);
  }

  // {"x": v} or [{"path":["x",k,"f"],"op":"set","value":v}]; reads have no op.
  bool ReadFacts(std::vector<Update>& out, bool as_reads) {
    if (cursor_.Peek() == JsonCursor::Kind::kObject) {
      std::vector<Value::Field> named;
      if (!values_.ReadNamed(named, 1)) return false;
      out.reserve(named.size());
      for (auto& [variable, value] : named) {
        out.push_back({.location = {.variable = std::move(variable), .path = {}}, .value = std::move(value)});
      }
      return true;
    }
    if (cursor_.Peek() != JsonCursor::Kind::kArray) {
      return cursor_.FailType("an object {\"x\": v} or an array of {\"path\", \"value\"}");
    }
    if (!cursor_.EnterArray()) return false;
    while (cursor_.NextElement()) {
      if (!ReadFact(out.emplace_back(), as_reads)) return false;
    }
    return !cursor_.failed();
  }

  bool ReadFact(Update& out, bool as_reads) {
    if (!cursor_.EnterObject()) return false;
    const std::size_t start = cursor_.token_position();
    std::string_view key;
    Seen seen = 0;
    while (cursor_.NextKey(key)) {
      const std::size_t field = Field(kUpdateFields, key, seen);
      if (cursor_.failed()) return false;
      bool read = false;
      if (field == IndexOf(kUpdateFields, "path")) {
        read = ReadPath(out.location);
      } else if (field == IndexOf(kUpdateFields, "value")) {
        read = values_.Read(out.value);
      } else {
        if (as_reads) return FailMixed("a read has an op; only updates have one");
        read = ReadOp(out.op);
      }
      if (!read) return false;
    }
    if (cursor_.failed()) return false;
    if ((seen & Bit(kUpdateFields, "path")) == 0) return FailMissing(start, as_reads ? "a read" : "an update", "path");
    // A removed key is named by the path; everything else needs its value.
    if ((seen & Bit(kUpdateFields, "value")) == 0 && out.op != UpdateOp::kRemove) {
      return FailMissing(start, as_reads ? "a read" : "an update", "value");
    }
    return true;
  }

  bool ReadOp(UpdateOp& out) {
    std::string_view name;
    if (!cursor_.ReadString(name)) return false;
    const auto op = ParseUpdateOp(name);
    if (!op) return FailName(name, "set, remove, add or append");
    out = *op;
    return true;
  }

  bool ReadPath(Location& out) {
    if (!cursor_.EnterArray()) return false;
    const std::size_t start = cursor_.token_position();
    if (!cursor_.NextElement()) {
      return cursor_.failed() ? false : FailMissing(start, "an empty path", "the variable's name as first element");
    }
    if (!values_.ReadText(out.variable)) return false;
    while (cursor_.NextElement()) {
      if (!values_.Read(out.path.emplace_back())) return false;
    }
    return !cursor_.failed();
  }

  bool ReadFrame(Claim& claim) {
    if (!cursor_.EnterObject()) return false;
    std::string_view key;
    while (cursor_.NextKey(key)) {
      const auto [entry, is_new] = claim.frame_closed.try_emplace(std::string(key), false);
      if (!is_new) return values_.FailDuplicate(key);
      std::string_view word;
      if (!cursor_.ReadString(word)) return false;
      if (word != "open" && word != "closed") return FailName(word, "open or closed");
      entry->second = word == "closed";
    }
    return !cursor_.failed();
  }

  // [["n1",1,7], ..] or [{"node":"n1","incarnation":1,"seq":7}, ..]
  bool ReadCauses(std::vector<EventId>& out) {
    if (!cursor_.EnterArray()) return false;
    while (cursor_.NextElement()) {
      EventId& id = out.emplace_back();
      const bool read = cursor_.Peek() == JsonCursor::Kind::kObject ? ReadIdObject(id) : ReadIdArray(id);
      if (!read) return false;
    }
    return !cursor_.failed();
  }

  bool ReadIdObject(EventId& id) {
    if (!cursor_.EnterObject()) return false;
    const std::size_t start = cursor_.token_position();
    std::string_view key;
    Seen seen = 0;
    while (cursor_.NextKey(key)) {
      const std::size_t field = Field(kIdFields, key, seen);
      if (cursor_.failed()) return false;
      const bool read = field == 0   ? values_.ReadText(id.node)
                        : field == 1 ? values_.ReadUnsigned(id.incarnation)
                                     : ReadSeq(id.seq);
      if (!read) return false;
    }
    if (cursor_.failed()) return false;
    return (seen & Bit(kIdFields, "seq")) != 0 ? true : FailMissing(start, "the id of an event", "seq");
  }

  bool ReadIdArray(EventId& id) {
    if (cursor_.Peek() != JsonCursor::Kind::kArray) return cursor_.FailType("[node, incarnation, seq]");
    if (!cursor_.EnterArray()) return false;
    if (!Element("[node, incarnation, seq]") || !values_.ReadText(id.node)) return false;
    return ReadPosition(id.incarnation, id.seq, "[node, incarnation, seq]");
  }

  // The last two elements and the closing bracket of an array.
  bool ReadPosition(std::uint64_t& incarnation, std::uint64_t& seq, std::string_view form) {
    if (!Element(form) || !values_.ReadUnsigned(incarnation)) return false;
    if (!Element(form) || !values_.ReadUnsigned(seq)) return false;
    if (!cursor_.NextElement()) return !cursor_.failed();
    cursor_.Peek();
    return FailForm(form);
  }

  bool Element(std::string_view form) {
    if (cursor_.NextElement()) return true;
    return cursor_.failed() ? false : FailForm(form);
  }

  bool FailForm(std::string_view form) {
    return cursor_.Fail({.kind = ErrorKind::kWrongType,
                         .position = cursor_.token_position(),
                         .message = "an array of another length than the field has",
                         .expected = std::string(form)});
  }

  bool ReadVclock(Event& event) {
    if (!cursor_.EnterObject()) return false;
    std::string_view key;
    while (cursor_.NextKey(key)) {
      const auto [entry, is_new] = event.vclock.try_emplace(std::string(key));
      if (!is_new) return values_.FailDuplicate(key);
      if (!cursor_.EnterArray()) return false;
      if (!ReadPosition(entry->second.first, entry->second.second, "[incarnation, seq]")) return false;
    }
    return !cursor_.failed();
  }

  bool ReadVersions(Event& event) {
    if (!cursor_.EnterObject()) return false;
    std::string_view key;
    while (cursor_.NextKey(key)) {
      const auto [entry, is_new] = event.versions.try_emplace(std::string(key), 0);
      if (!is_new) return values_.FailDuplicate(key);
      if (!values_.ReadUnsigned(entry->second)) return false;
    }
    return !cursor_.failed();
  }

  bool ReadHeader(Header& header) {
    if (!cursor_.EnterObject()) return false;
    std::string_view key;
    Seen seen = 0;
    while (cursor_.NextKey(key)) {
      const std::size_t field = Field(kHeaderFields, key, seen);
      if (cursor_.failed() || !ReadHeaderField(field, header)) return false;
    }
    return !cursor_.failed();
  }

  bool ReadHeaderField(std::size_t field, Header& header) {
    switch (field) {
      case IndexOf(kHeaderFields, "format"): return values_.ReadText(header.format);
      case IndexOf(kHeaderFields, "run"): return values_.ReadText(header.run);
      case IndexOf(kHeaderFields, "node"): return values_.ReadText(header.node);
      case IndexOf(kHeaderFields, "incarnation"): return values_.ReadUnsigned(header.incarnation);
      case IndexOf(kHeaderFields, "constants"): return values_.ReadNamed(header.constants, 1);
      case IndexOf(kHeaderFields, "clock_error_ns"): return values_.ReadSigned(header.clock_error_ns.emplace());
      case IndexOf(kHeaderFields, "nodes"):
        if (!cursor_.EnterArray()) return false;
        while (cursor_.NextElement()) {
          if (!values_.ReadText(header.nodes.emplace_back())) return false;
        }
        return !cursor_.failed();
      default:
        if (!cursor_.EnterArray()) return false;
        while (cursor_.NextElement()) {
          if (!ReadSpec(header.specs.emplace_back())) return false;
        }
        return !cursor_.failed();
    }
  }

  // {"name":"M","digest":"sha256:.."} or "M".
  bool ReadSpec(SpecReference& out) {
    if (cursor_.Peek() == JsonCursor::Kind::kString) return values_.ReadText(out.name);
    if (!cursor_.EnterObject()) return false;
    const std::size_t start = cursor_.token_position();
    std::string_view key;
    Seen seen = 0;
    while (cursor_.NextKey(key)) {
      const std::size_t field = Field(kSpecFields, key, seen);
      if (cursor_.failed() || !values_.ReadText(field == 0 ? out.name : out.digest)) return false;
    }
    if (cursor_.failed()) return false;
    return (seen & 1U) != 0 ? true : FailMissing(start, "a spec in the header", "name");
  }

  JsonCursor& cursor_;
  JsonValueReader values_;
  int depth_max_;
};

// Brackets around the deepest value: those of the line, and three for a level of a map.
int BracketsMax(int depth_max) { return 5 * depth_max + 16; }

}  // namespace

bool ReadJsonLine(std::string_view text, int depth_max, ParsedLine& out, JsonFailure& failure) {
  JsonCursor cursor(text, BracketsMax(depth_max));
  if (LineReader(cursor, depth_max).ReadLine(out)) return true;
  failure = cursor.failure();
  return false;
}

bool ReadJsonValue(std::string_view text, int depth_max, Value& out, JsonFailure& failure) {
  JsonCursor cursor(text, BracketsMax(depth_max));
  JsonValueReader reader(cursor, depth_max);
  if (reader.Read(out) && cursor.ExpectEnd()) return true;
  failure = cursor.failure();
  return false;
}

}  // namespace kelpie::trace::file
