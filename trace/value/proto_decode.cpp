#include <string>
#include <utility>

#include "trace.pb.h"
#include "trace/value/proto.h"
#include "trace/value/value_decoder.h"
#include "trace/value/wire_reader.h"

namespace kelpie::trace {

namespace {

constexpr WireType kVarint = WireType::kVarint;
constexpr WireType kBytes = WireType::kBytes;

// Builds headers and events from bytes and remembers the first thing that is wrong. Field
// numbers are those of the generated code, so that they stand in trace.proto alone.
class Decoder : public ValueDecoder {
 public:
  using ValueDecoder::ValueDecoder;

  Event ReadEvent(std::string_view bytes) {
    Event event;
    bool has_kind = false;
    bool has_id = false;
    event.claims.reserve(CountOf(bytes, v1::Event::kClaimsFieldNumber));
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.Is(v1::Event::kIdFieldNumber, kBytes)) {
        Once(has_id, "id");
        event.id = ReadId(in.Bytes());
      } else if (in.Is(v1::Event::kKindFieldNumber, kVarint)) {
        has_kind = true;
        event.kind = ReadEnum<EventKind>(in.Varint() - 1, static_cast<int>(EventKind::kEnd), "kind of event");
      } else if (in.Is(v1::Event::kClaimsFieldNumber, kBytes)) {
        ReadClaim(in.Bytes(), event.claims.emplace_back(), 1);
      } else if (in.Is(v1::Event::kVersionsFieldNumber, kBytes)) {
        ReadVersion(in.Bytes(), event);
      } else if (in.Is(v1::Event::kHybridNsFieldNumber, kVarint)) {
        event.hybrid_ns = static_cast<std::int64_t>(in.Varint());
      } else {
        ReadRareField(in, event);
      }
    }
    Check(in);
    if (event.id.seq == 0) Bad("an event has no seq; they count from 1", "");
    if (!has_kind) Bad("an event is of no kind that this version knows", "0");
    if (event.lost_count && event.kind != EventKind::kLost) Bad("lost_count belongs to events of kind lost", "");
    return event;
  }

  Header ReadHeader(std::string_view bytes) {
    Header header;
    header.format.clear();
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.Is(v1::Header::kFormatFieldNumber, kBytes)) {
        Text(in, header.format);
      } else if (in.Is(v1::Header::kRunFieldNumber, kBytes)) {
        Text(in, header.run);
      } else if (in.Is(v1::Header::kNodeFieldNumber, kBytes)) {
        Text(in, header.node);
      } else if (in.Is(v1::Header::kIncarnationFieldNumber, kVarint)) {
        header.incarnation = in.Varint();
      } else if (in.Is(v1::Header::kNodesFieldNumber, kBytes)) {
        Text(in, header.nodes.emplace_back());
      } else if (in.Is(v1::Header::kSpecsFieldNumber, kBytes)) {
        ReadSpec(in.Bytes(), header.specs.emplace_back());
      } else if (in.Is(v1::Header::kConstantsFieldNumber, kBytes)) {
        ReadNamed(in.Bytes(), header.constants, 1, "constant");
      } else if (in.Is(v1::Header::kClockErrorNsFieldNumber, kVarint)) {
        header.clock_error_ns = static_cast<std::int64_t>(in.Varint());
      } else {
        in.Skip();
      }
    }
    Check(in);
    return header;
  }

 private:
  void ReadRareField(WireReader& in, Event& event) {
    if (in.Is(v1::Event::kTrueNsFieldNumber, kVarint)) {
      event.true_ns = static_cast<std::int64_t>(in.Varint());
    } else if (in.Is(v1::Event::kWallNsFieldNumber, kVarint)) {
      event.wall_ns = static_cast<std::int64_t>(in.Varint());
    } else if (in.Is(v1::Event::kCausesFieldNumber, kBytes)) {
      event.causes.push_back(ReadId(in.Bytes()));
    } else if (in.Is(v1::Event::kVclockFieldNumber, kBytes)) {
      EventId id = ReadId(in.Bytes());
      if (!event.vclock.try_emplace(std::move(id.node), id.incarnation, id.seq).second) {
        Bad("an event names a node twice in its vclock", "");
      }
    } else if (in.Is(v1::Event::kOperationFieldNumber, kBytes)) {
      Text(in, event.operation);
    } else if (in.Is(v1::Event::kOutcomeFieldNumber, kVarint)) {
      const std::uint64_t number = in.Varint();
      event.outcome.reset();
      if (number != 0) event.outcome = ReadEnum<Outcome>(number - 1, static_cast<int>(Outcome::kUnknown), "outcome");
    } else if (in.Is(v1::Event::kLostCountFieldNumber, kVarint)) {
      event.lost_count = in.Varint();
    } else if (in.Is(v1::Event::kGroupFieldNumber, kBytes)) {
      Text(in, event.group);
    } else {
      in.Skip();
    }
  }

  void ReadClaim(std::string_view bytes, Claim& claim, int depth) {
    if (depth > depth_max()) return TooDeep();
    claim.updates.reserve(CountOf(bytes, v1::Claim::kUpdatesFieldNumber));
    claim.args.named.reserve(CountOf(bytes, v1::Claim::kNamedArgsFieldNumber));
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.Is(v1::Claim::kSpecFieldNumber, kBytes)) {
        Text(in, claim.spec);
      } else if (in.Is(v1::Claim::kActionFieldNumber, kBytes)) {
        Text(in, claim.action);
      } else if (in.Is(v1::Claim::kNamedArgsFieldNumber, kBytes)) {
        ReadNamed(in.Bytes(), claim.args.named, 1, "argument");
      } else if (in.Is(v1::Claim::kPositionalArgsFieldNumber, kBytes)) {
        ReadValue(in.Bytes(), claim.args.positional.emplace_back(), 1);
      } else if (in.Is(v1::Claim::kUpdatesFieldNumber, kBytes)) {
        Update& update = claim.updates.emplace_back();
        ReadFact<v1::Update>(in.Bytes(), update.location, update.value, &update.op);
      } else if (in.Is(v1::Claim::kReadsFieldNumber, kBytes)) {
        Read& read = claim.reads.emplace_back();
        ReadFact<v1::Read>(in.Bytes(), read.location, read.value, nullptr);
      } else if (in.Is(v1::Claim::kFrameFieldNumber, kBytes)) {
        ReadFrame(in.Bytes(), claim);
      } else if (in.Is(v1::Claim::kStepsFieldNumber, kBytes)) {
        ReadClaim(in.Bytes(), claim.steps.emplace_back(), depth + 1);
      } else {
        in.Skip();
      }
    }
    Check(in);
    if (!claim.args.named.empty() && !claim.args.positional.empty()) {
      Bad("a claim has arguments by name and by position", claim.action);
    }
  }

  // An Update, or a Read, which has no op and the same numbers otherwise.
  template <typename Message>
  void ReadFact(std::string_view bytes, Location& location, Value& value, UpdateOp* op) {
    location.path.reserve(CountOf(bytes, Message::kPathFieldNumber));
    bool has_value = false;
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.Is(Message::kVariableFieldNumber, kBytes)) {
        Text(in, location.variable);
      } else if (in.Is(Message::kPathFieldNumber, kBytes)) {
        ReadValue(in.Bytes(), location.path.emplace_back(), 1);
      } else if (in.Is(Message::kValueFieldNumber, kBytes)) {
        Once(has_value, "value");
        ReadValue(in.Bytes(), value, 1);
      } else if (op != nullptr && in.Is(v1::Update::kOpFieldNumber, kVarint)) {
        *op = ReadEnum<UpdateOp>(in.Varint(), static_cast<int>(UpdateOp::kAppend), "op of an update");
      } else {
        in.Skip();
      }
    }
    Check(in);
    if (!has_value) NoKind();
  }

  void ReadFrame(std::string_view bytes, Claim& claim) {
    std::string variable;
    bool closed = false;
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.Is(v1::FrameEntry::kVariableFieldNumber, kBytes)) {
        Text(in, variable);
      } else if (in.Is(v1::FrameEntry::kClosedFieldNumber, kVarint)) {
        closed = in.Varint() != 0;
      } else {
        in.Skip();
      }
    }
    Check(in);
    if (!claim.frame_closed.try_emplace(std::move(variable), closed).second) Bad("a frame names a variable twice", "");
  }

  void ReadVersion(std::string_view bytes, Event& event) {
    std::string object;
    std::uint64_t version = 0;
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.Is(v1::ObjectVersion::kObjectFieldNumber, kBytes)) {
        Text(in, object);
      } else if (in.Is(v1::ObjectVersion::kVersionFieldNumber, kVarint)) {
        version = in.Varint();
      } else {
        in.Skip();
      }
    }
    Check(in);
    if (!event.versions.try_emplace(std::move(object), version).second) {
      Bad("an event names an object twice in its versions", "");
    }
  }

  EventId ReadId(std::string_view bytes) {
    EventId id;
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.Is(v1::EventId::kNodeFieldNumber, kBytes)) {
        Text(in, id.node);
      } else if (in.Is(v1::EventId::kIncarnationFieldNumber, kVarint)) {
        id.incarnation = in.Varint();
      } else if (in.Is(v1::EventId::kSeqFieldNumber, kVarint)) {
        id.seq = in.Varint();
      } else {
        in.Skip();
      }
    }
    Check(in);
    return id;
  }

  void ReadSpec(std::string_view bytes, SpecReference& spec) {
    WireReader in(bytes);
    while (!failed() && in.Next()) {
      if (in.Is(v1::SpecReference::kNameFieldNumber, kBytes)) {
        Text(in, spec.name);
      } else if (in.Is(v1::SpecReference::kDigestFieldNumber, kBytes)) {
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

Result<Event> DecodeEvent(std::string_view bytes, const DecodeLimits& limits) {
  Status size = CheckSize(bytes, limits);
  if (!size.ok()) return size.TakeError();
  Decoder decoder(limits);
  Event event = decoder.ReadEvent(bytes);
  if (decoder.failed()) return decoder.TakeError();
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
