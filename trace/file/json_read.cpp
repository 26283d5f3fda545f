#include "trace/file/json_read.h"

#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "trace/file/json_claim.h"
#include "trace/file/json_value.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::file {

namespace {

constexpr std::array<std::string_view, 23> kEventFields = {
    "spec",   "action",      "args",     "reads",     "updates", "frame",     "steps",  // a claim's, in its order
    "node",   "incarnation", "seq",      "kind",      "claims",  "operation", "outcome", "lost_count",
    "causes", "vclock",      "versions", "hybrid_ns", "wall_ns", "true_ns",   "group",   "header"};
constexpr std::array<std::string_view, 8> kHeaderFields = {"format", "run",   "node",      "incarnation",
                                                           "nodes",  "specs", "constants", "clock_error_ns"};
constexpr std::array<std::string_view, 2> kSpecFields = {"name", "digest"};
constexpr std::array<std::string_view, 3> kIdFields = {"node", "incarnation", "seq"};

constexpr Seen kClaimMask = (1U << kClaimFields.size()) - 1;

class LineReader : public ClaimReader {
 public:
  using ClaimReader::ClaimReader;

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
