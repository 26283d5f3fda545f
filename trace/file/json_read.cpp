#include "trace/file/json_read.h"

#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "trace/file/event_source.h"
#include "trace/file/json_claim.h"
#include "trace/file/json_value.h"
#include "trace/value/event_names.h"
#include "trace/value/refill.h"

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
    out.is_header = false;
    if (!cursor_.EnterObject()) return false;
    Event& event = out.event;
    ResetScalars(event);
    Seen seen = 0;
    std::size_t field = 0;
    while (NextField(kEventFields, seen, field)) {
      if (!ReadEventField(field, out)) return false;
      if (out.is_header && seen != (1U << field)) return FailMixed("a header shares its line with other fields");
    }
    if (cursor_.failed() || !cursor_.ExpectEnd()) return false;
    if (out.is_header) return true;
    const bool is_short = (seen & kClaimMask) != 0;
    if (is_short && (seen & Bit(kEventFields, "claims")) != 0) {
      return FailMixed("an event has `claims` and the fields of a single claim beside it");
    }
    if (is_short) {
      event.claims.resize(1);
      ResetUnseen(seen & kClaimMask, event.claims[0]);
    } else if ((seen & Bit(kEventFields, "claims")) == 0) {
      event.claims.clear();
    }
    if ((seen & Bit(kEventFields, "causes")) == 0) event.causes.clear();
    if ((seen & Bit(kEventFields, "vclock")) == 0) event.vclock.clear();
    if ((seen & Bit(kEventFields, "versions")) == 0) event.versions.clear();
    if (event.lost_count && event.kind != EventKind::kLost) {
      return FailMixed("lost_count belongs to events of kind lost");
    }
    out.has_node = (seen & Bit(kEventFields, "node")) != 0;
    out.has_incarnation = (seen & Bit(kEventFields, "incarnation")) != 0;
    out.has_seq = (seen & Bit(kEventFields, "seq")) != 0;
    return true;
  }

 private:
  static void ResetScalars(Event& event) {
    event.id.node.clear();
    event.id.incarnation = 0;
    event.id.seq = 0;
    event.kind = EventKind::kStep;
    event.operation.clear();
    event.outcome.reset();
    event.lost_count.reset();
    event.hybrid_ns.reset();
    event.wall_ns.reset();
    event.true_ns.reset();
    event.group.clear();
  }

  bool ReadEventField(std::size_t field, ParsedLine& out) {
    Event& event = out.event;
    if (field < kClaimFields.size()) {
      if (event.claims.empty()) event.claims.emplace_back();
      return ReadClaimField(field, event.claims[0], 1);
    }
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
      default:
        out.is_header = true;
        out.header = Header();
        return ReadHeader(out.header);
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
    Refill<EventId> causes(out);
    while (cursor_.NextElement()) {
      EventId& id = causes.Add();
      const bool read = cursor_.Peek() == JsonCursor::Kind::kObject ? ReadIdObject(id) : ReadIdArray(id);
      if (!read) return false;
    }
    return !cursor_.failed();
  }

  bool ReadIdObject(EventId& id) {
    if (!cursor_.EnterObject()) return false;
    const std::size_t start = cursor_.token_position();
    id = EventId();
    Seen seen = 0;
    std::size_t field = 0;
    while (NextField(kIdFields, seen, field)) {
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
    RefillMap vclock(event.vclock);
    std::string_view key;
    while (cursor_.NextKey(key)) {
      const auto [position, is_new] = vclock.Add(key);
      if (!is_new) return values_.FailDuplicate(key);
      if (!cursor_.EnterArray()) return false;
      if (!ReadPosition(position->first, position->second, "[incarnation, seq]")) return false;
    }
    return !cursor_.failed();
  }

  bool ReadVersions(Event& event) {
    if (!cursor_.EnterObject()) return false;
    RefillMap versions(event.versions);
    std::string_view key;
    while (cursor_.NextKey(key)) {
      const auto [version, is_new] = versions.Add(key);
      if (!is_new) return values_.FailDuplicate(key);
      if (!values_.ReadUnsigned(*version)) return false;
    }
    return !cursor_.failed();
  }

  bool ReadHeader(Header& header) {
    if (!cursor_.EnterObject()) return false;
    Seen seen = 0;
    std::size_t field = 0;
    while (NextField(kHeaderFields, seen, field)) {
      if (!ReadHeaderField(field, header)) return false;
      // Writers put the format first, so that what follows is read by its rules.
      if (field == IndexOf(kHeaderFields, "format")) {
        const Result<std::uint64_t> minor = MinorVersionOf(header.format);
        options_.skip_unknown = !minor.ok() || *minor > 0;  // others are refused once the header is read
      }
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
    Seen seen = 0;
    std::size_t field = 0;
    while (NextField(kSpecFields, seen, field)) {
      if (!values_.ReadText(field == 0 ? out.name : out.digest)) return false;
    }
    if (cursor_.failed()) return false;
    return (seen & 1U) != 0 ? true : FailMissing(start, "a spec in the header", "name");
  }
};

// Brackets around the deepest value: those of the line, and three for a level of a map.
int BracketsMax(int depth_max) { return 5 * depth_max + 16; }

}  // namespace

bool ReadJsonLine(std::string_view text, const LineOptions& options, ParsedLine& out, JsonFailure& failure) {
  JsonCursor cursor(text, BracketsMax(options.depth_max));
  if (LineReader(cursor, options).ReadLine(out)) return true;
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
