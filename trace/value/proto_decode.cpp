#include <map>
#include <string>
#include <utility>

#include "trace.pb.h"
#include "trace/value/proto.h"
#include "trace/value/value_decoder.h"
#include "trace/value/wire_reader.h"

namespace kelpie::trace {

namespace {

constexpr std::uint64_t Number(int field) { return WireReader::Tag(field, WireType::kVarint); }
constexpr std::uint64_t Bytes(int field) { return WireReader::Tag(field, WireType::kBytes); }

void ResetScalars(Event& event) {
  event.id.node.clear();
  event.id.incarnation = 0;
  event.id.seq = 0;
  event.operation.clear();
  event.outcome.reset();
  event.lost_count.reset();
  event.hybrid_ns.reset();
  event.wall_ns.reset();
  event.true_ns.reset();
  event.group.clear();
}

// Builds headers and events from bytes and remembers the first thing that is wrong. Field
// numbers are those of the generated code, so that they stand in trace.proto alone.
class Decoder : public ValueDecoder {
 public:
  using ValueDecoder::ValueDecoder;

  void ReadEvent(std::string_view bytes, Event& event) {
    ResetScalars(event);
    bool has_kind = false;
    bool has_id = false;
    Refill<Claim> claims(event.claims);
    Refill<EventId> causes(event.causes);
    RefillMap vclock(event.vclock);
    RefillMap versions(event.versions);
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      switch (in.tag()) {
        case Bytes(v1::Event::kIdFieldNumber):
          Once(has_id, "id");
          ReadId(in.Bytes(), event.id);
          break;
        case Number(v1::Event::kKindFieldNumber):
          has_kind = true;
          event.kind = ReadEnum<EventKind>(in.Varint() - 1, static_cast<int>(EventKind::kEnd), "kind of event");
          break;
        case Bytes(v1::Event::kClaimsFieldNumber): ReadClaim(in.Bytes(), claims.Add(), 1); break;
        case Bytes(v1::Event::kVersionsFieldNumber): ReadVersion(in.Bytes(), versions); break;
        case Bytes(v1::Event::kCausesFieldNumber): ReadId(in.Bytes(), causes.Add()); break;
        case Bytes(v1::Event::kVclockFieldNumber): ReadClock(in.Bytes(), vclock); break;
        default: ReadScalar(in, event);
      }
    }
    Check(in);
    if (event.id.seq == 0) Bad("an event has no seq; they count from 1", "");
    if (!has_kind) Bad("an event is of no kind that this version knows", "0");
    if (event.lost_count && event.kind != EventKind::kLost) Bad("lost_count belongs to events of kind lost", "");
  }

  Header ReadHeader(std::string_view bytes) {
    Header header;
    header.format.clear();
    Refill<std::string> nodes(header.nodes);
    Refill<SpecReference> specs(header.specs);
    Refill<Value::Field> constants(header.constants);
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      switch (in.tag()) {
        case Bytes(v1::Header::kFormatFieldNumber): Text(in, header.format); break;
        case Bytes(v1::Header::kRunFieldNumber): Text(in, header.run); break;
        case Bytes(v1::Header::kNodeFieldNumber): Text(in, header.node); break;
        case Number(v1::Header::kIncarnationFieldNumber): header.incarnation = in.Varint(); break;
        case Bytes(v1::Header::kNodesFieldNumber): Text(in, nodes.Add()); break;
        case Bytes(v1::Header::kSpecsFieldNumber): ReadSpec(in.Bytes(), specs.Add()); break;
        case Bytes(v1::Header::kConstantsFieldNumber): ReadNamed(in.Bytes(), constants, 1, "constant"); break;
        case Number(v1::Header::kClockErrorNsFieldNumber):
          header.clock_error_ns = static_cast<std::int64_t>(in.Varint());
          break;
        default: in.Skip();
      }
    }
    Check(in);
    return header;
  }

 private:
  void ReadScalar(WireReader& in, Event& event) {
    switch (in.tag()) {
      case Number(v1::Event::kHybridNsFieldNumber): event.hybrid_ns = static_cast<std::int64_t>(in.Varint()); return;
      case Number(v1::Event::kTrueNsFieldNumber): event.true_ns = static_cast<std::int64_t>(in.Varint()); return;
      case Number(v1::Event::kWallNsFieldNumber): event.wall_ns = static_cast<std::int64_t>(in.Varint()); return;
      case Bytes(v1::Event::kOperationFieldNumber): return Text(in, event.operation);
      case Number(v1::Event::kLostCountFieldNumber): event.lost_count = in.Varint(); return;
      case Bytes(v1::Event::kGroupFieldNumber): return Text(in, event.group);
      case Number(v1::Event::kOutcomeFieldNumber): {
        const std::uint64_t number = in.Varint();
        event.outcome.reset();
        if (number != 0) event.outcome = ReadEnum<Outcome>(number - 1, static_cast<int>(Outcome::kUnknown), "outcome");
        return;
      }
      default: in.Skip();
    }
  }

  void ReadClaim(std::string_view bytes, Claim& claim, int depth) {
    if (depth > depth_max()) return TooDeep();
    claim.spec.clear();
    claim.action.clear();
    Refill<Value::Field> named(claim.args.named);
    Refill<Value> positional(claim.args.positional);
    Refill<Read> reads(claim.reads);
    Refill<Update> updates(claim.updates);
    RefillMap frame(claim.frame_closed);
    Refill<Claim> steps(claim.steps);
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      switch (in.tag()) {
        case Bytes(v1::Claim::kSpecFieldNumber): Text(in, claim.spec); break;
        case Bytes(v1::Claim::kActionFieldNumber): Text(in, claim.action); break;
        case Bytes(v1::Claim::kNamedArgsFieldNumber): ReadNamed(in.Bytes(), named, 1, "argument"); break;
        case Bytes(v1::Claim::kPositionalArgsFieldNumber): ReadValue(in.Bytes(), positional.Add(), 1); break;
        case Bytes(v1::Claim::kUpdatesFieldNumber): {
          Update& update = updates.Add();
          update.op = UpdateOp::kSet;
          ReadFact<v1::Update>(in.Bytes(), update.location, update.value, &update.op);
          break;
        }
        case Bytes(v1::Claim::kReadsFieldNumber): {
          Read& read = reads.Add();
          ReadFact<v1::Read>(in.Bytes(), read.location, read.value, nullptr);
          break;
        }
        case Bytes(v1::Claim::kFrameFieldNumber): ReadFrame(in.Bytes(), frame); break;
        case Bytes(v1::Claim::kStepsFieldNumber): ReadClaim(in.Bytes(), steps.Add(), depth + 1); break;
        default: in.Skip();
      }
    }
    Check(in);
    if (named.count() != 0 && positional.count() != 0)
      Bad("a claim has arguments by name and by position", claim.action);
  }

  // An Update, or a Read, which has no op and the same numbers otherwise.
  template <typename Message>
  void ReadFact(std::string_view bytes, Location& location, Value& value, UpdateOp* op) {
    location.variable.clear();
    Refill<Value> path(location.path);
    bool has_value = false;
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.tag() == Bytes(Message::kVariableFieldNumber)) {
        Text(in, location.variable);
      } else if (in.tag() == Bytes(Message::kPathFieldNumber)) {
        ReadValue(in.Bytes(), path.Add(), 1);
      } else if (in.tag() == Bytes(Message::kValueFieldNumber)) {
        Once(has_value, "value");
        ReadValue(in.Bytes(), value, 1);
      } else if (op != nullptr && in.tag() == Number(v1::Update::kOpFieldNumber)) {
        *op = ReadEnum<UpdateOp>(in.Varint(), static_cast<int>(UpdateOp::kAppend), "op of an update");
      } else {
        in.Skip();
      }
    }
    Check(in);
    if (!has_value) NoKind();
  }

  void ReadFrame(std::string_view bytes, RefillMap<std::map<std::string, bool>>& frame) {
    std::string_view variable;
    bool closed = false;
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.tag() == Bytes(v1::FrameEntry::kVariableFieldNumber)) {
        variable = TextView(in);
      } else if (in.tag() == Number(v1::FrameEntry::kClosedFieldNumber)) {
        closed = in.Varint() != 0;
      } else {
        in.Skip();
      }
    }
    Check(in);
    const auto [entry, is_new] = frame.Add(variable);
    *entry = closed;
    if (!is_new) Bad("a frame names a variable twice", "");
  }

  void ReadVersion(std::string_view bytes, RefillMap<std::map<std::string, std::uint64_t>>& versions) {
    std::string_view object;
    std::uint64_t version = 0;
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.tag() == Bytes(v1::ObjectVersion::kObjectFieldNumber)) {
        object = TextView(in);
      } else if (in.tag() == Number(v1::ObjectVersion::kVersionFieldNumber)) {
        version = in.Varint();
      } else {
        in.Skip();
      }
    }
    Check(in);
    const auto [entry, is_new] = versions.Add(object);
    *entry = version;
    if (!is_new) Bad("an event names an object twice in its versions", "");
  }

  void ReadClock(std::string_view bytes,
                 RefillMap<std::map<std::string, std::pair<std::uint64_t, std::uint64_t>>>& vclock) {
    EventId id;
    ReadId(bytes, id);
    const auto [entry, is_new] = vclock.Add(id.node);
    *entry = {id.incarnation, id.seq};
    if (!is_new) Bad("an event names a node twice in its vclock", "");
  }

  void ReadId(std::string_view bytes, EventId& id) {
    id.node.clear();
    id.incarnation = 0;
    id.seq = 0;
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      switch (in.tag()) {
        case Bytes(v1::EventId::kNodeFieldNumber): Text(in, id.node); break;
        case Number(v1::EventId::kIncarnationFieldNumber): id.incarnation = in.Varint(); break;
        case Number(v1::EventId::kSeqFieldNumber): id.seq = in.Varint(); break;
        default: in.Skip();
      }
    }
    Check(in);
  }

  void ReadSpec(std::string_view bytes, SpecReference& spec) {
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.tag() == Bytes(v1::SpecReference::kNameFieldNumber)) {
        Text(in, spec.name);
      } else if (in.tag() == Bytes(v1::SpecReference::kDigestFieldNumber)) {
        Text(in, spec.digest);
      } else {
        in.Skip();
      }
    }
    Check(in);
  }

  template <typename Enum>
  Enum ReadEnum(std::uint64_t number, int last, const char* what) {
    if (number <= static_cast<std::uint64_t>(last)) return static_cast<Enum>(number);
    Bad(std::string("a number that this version does not know as ") + what, "");
    return {};
  }
};

Status CheckSize(std::string_view bytes, const DecodeLimits& limits) {
  if (bytes.size() <= limits.message_bytes_max) return Status();
  return Error{.kind = ErrorKind::kTooLong,
               .message = "a message is longer than " + std::to_string(limits.message_bytes_max) +
                          " bytes, the limit message_bytes_max",
               .found = std::to_string(bytes.size()) + " bytes"};
}

}  // namespace

Status DecodeEvent(std::string_view bytes, const DecodeLimits& limits, Event& out) {
  Status size = CheckSize(bytes, limits);
  if (!size.ok()) return size;
  Decoder decoder(limits);
  decoder.ReadEvent(bytes, out);
  if (decoder.failed()) return decoder.TakeError();
  return Status();
}

Result<Event> DecodeEvent(std::string_view bytes, const DecodeLimits& limits) {
  Event event;
  Status decoded = DecodeEvent(bytes, limits, event);
  if (!decoded.ok()) return decoded.TakeError();
  return event;
}

Result<Header> DecodeHeader(std::string_view bytes, const DecodeLimits& limits) {
  Status size = CheckSize(bytes, limits);
  if (!size.ok()) return size.TakeError();
  Decoder decoder(limits);
  Header header = decoder.ReadHeader(bytes);
  if (decoder.failed()) return decoder.TakeError();
  return header;
}

}  // namespace kelpie::trace
