#include <algorithm>
#include <string>
#include <utility>

#include "trace.pb.h"
#include "trace/value/event_names.h"
#include "trace/value/proto.h"
#include "trace/value/wire_reader.h"

namespace kelpie::trace {

namespace {

constexpr WireType kVarint = WireType::kVarint;
constexpr WireType kBytes = WireType::kBytes;

// How often a repeated field occurs, so that its vector is made in one piece.
std::size_t CountOf(std::string_view bytes, int field) {
  std::size_t count = 0;
  for (WireReader in(bytes); in.Next(); in.Skip()) count += in.Is(field, kBytes) ? 1 : 0;
  return count;
}

// Builds headers and events from bytes and remembers the first thing that is wrong. Field
// numbers are those of the generated code, so that they stand in trace.proto alone.
class Decoder {
 public:
  explicit Decoder(const DecodeLimits& limits) : depth_max_(limits.depth_max) {}

  Event ReadEvent(std::string_view bytes) {
    Event event;
    bool has_kind = false;
    bool has_id = false;
    event.claims.reserve(CountOf(bytes, v1::Event::kClaimsFieldNumber));
    WireReader in(bytes);
    while (!failed_ && in.Next()) {
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
    while (!failed_ && in.Next()) {
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

  [[nodiscard]] bool failed() const { return failed_; }
  Error TakeError() { return std::move(error_); }

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
    if (depth > depth_max_) return TooDeep();
    claim.updates.reserve(CountOf(bytes, v1::Claim::kUpdatesFieldNumber));
    claim.args.named.reserve(CountOf(bytes, v1::Claim::kNamedArgsFieldNumber));
    WireReader in(bytes);
    while (!failed_ && in.Next()) {
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
    while (!failed_ && in.Next()) {
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
    while (!failed_ && in.Next()) {
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
    while (!failed_ && in.Next()) {
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
    while (!failed_ && in.Next()) {
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
    while (!failed_ && in.Next()) {
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

  // A NamedValue, appended. With `what`, a name that is there already is an error; records
  // find theirs after sorting.
  void ReadNamed(std::string_view bytes, std::vector<Value::Field>& out, int depth, const char* what) {
    auto& [name, value] = out.emplace_back();
    bool has_value = false;
    WireReader in(bytes);
    while (!failed_ && in.Next()) {
      if (in.Is(v1::NamedValue::kNameFieldNumber, kBytes)) {
        Text(in, name);
      } else if (in.Is(v1::NamedValue::kValueFieldNumber, kBytes)) {
        Once(has_value, "value");
        ReadValue(in.Bytes(), value, depth);
      } else {
        in.Skip();
      }
    }
    Check(in);
    if (!has_value) NoKind();
    if (what == nullptr) return;
    const auto same = [&n = name](const Value::Field& other) { return other.first == n; };
    if (std::any_of(out.begin(), out.end() - 1, same)) Bad("the same " + std::string(what) + " is given twice", name);
  }

  void ReadValue(std::string_view bytes, Value& out, int depth) {
    if (depth > depth_max_) return TooDeep();
    bool has_kind = false;
    WireReader in(bytes);
    while (!failed_ && in.Next()) {
      const bool is_number = in.Is(v1::Value::kBooleanFieldNumber, kVarint) || in.Is(v1::Value::kIntegerFieldNumber, kVarint);
      if (!is_number && (in.field() < v1::Value::kBigIntegerFieldNumber || in.field() > v1::Value::kUnknownFieldNumber ||
                         !in.Is(static_cast<int>(in.field()), kBytes))) {
        in.Skip();
        continue;
      }
      Once(has_kind, "kind");
      ReadKind(in, out, depth);
    }
    Check(in);
    if (!has_kind) NoKind();
  }

  void ReadKind(WireReader& in, Value& out, int depth) {
    switch (static_cast<int>(in.field())) {
      case v1::Value::kBooleanFieldNumber: out = Value::Bool(in.Varint() != 0); return;
      case v1::Value::kIntegerFieldNumber: out = Value::Int(in.ZigZag()); return;
      case v1::Value::kBigIntegerFieldNumber: out = BigInt(Text(in)); return;
      case v1::Value::kTextFieldNumber: out = Value::String(Text(in)); return;
      case v1::Value::kModelValueFieldNumber: out = Value::Model(Text(in)); return;
      case v1::Value::kSequenceFieldNumber: out = Value::Sequence(ReadValues(in.Bytes(), depth + 1)); return;
      case v1::Value::kSetFieldNumber: out = Value::Set(ReadValues(in.Bytes(), depth + 1)); return;
      case v1::Value::kRecordFieldNumber: out = ReadRecord(in.Bytes(), depth + 1); return;
      case v1::Value::kMapFieldNumber: out = ReadMap(in.Bytes(), depth + 1); return;
      default:
        in.Skip();
        out = Value::Unknown();
        return;
    }
  }

  std::vector<Value> ReadValues(std::string_view bytes, int depth) {
    std::vector<Value> elements;
    elements.reserve(CountOf(bytes, v1::Values::kElementsFieldNumber));
    WireReader in(bytes);
    while (!failed_ && in.Next()) {
      if (in.Is(v1::Values::kElementsFieldNumber, kBytes)) {
        ReadValue(in.Bytes(), elements.emplace_back(), depth);
      } else {
        in.Skip();
      }
    }
    Check(in);
    return elements;
  }

  Value ReadRecord(std::string_view bytes, int depth) {
    std::vector<Value::Field> fields;
    fields.reserve(CountOf(bytes, v1::Fields::kFieldsFieldNumber));
    WireReader in(bytes);
    while (!failed_ && in.Next()) {
      if (in.Is(v1::Fields::kFieldsFieldNumber, kBytes)) {
        ReadNamed(in.Bytes(), fields, depth, nullptr);
      } else {
        in.Skip();
      }
    }
    Check(in);
    Value record = Value::Record(std::move(fields));
    for (std::size_t i = 1; i < record.fields().size(); ++i) {
      if (record.fields()[i].first == record.fields()[i - 1].first) {
        Bad("a record has two fields of one name", record.fields()[i].first);
      }
    }
    return record;
  }

  Value ReadMap(std::string_view bytes, int depth) {
    std::vector<Value::Entry> entries;
    entries.reserve(CountOf(bytes, v1::Entries::kEntriesFieldNumber));
    WireReader in(bytes);
    while (!failed_ && in.Next()) {
      if (in.Is(v1::Entries::kEntriesFieldNumber, kBytes)) {
        ReadEntry(in.Bytes(), entries.emplace_back(), depth);
      } else {
        in.Skip();
      }
    }
    Check(in);
    return Value::Map(std::move(entries));
  }

  void ReadEntry(std::string_view bytes, Value::Entry& entry, int depth) {
    bool has_key = false;
    bool has_value = false;
    WireReader in(bytes);
    while (!failed_ && in.Next()) {
      if (in.Is(v1::Entry::kKeyFieldNumber, kBytes)) {
        Once(has_key, "key");
        ReadValue(in.Bytes(), entry.first, depth);
      } else if (in.Is(v1::Entry::kValueFieldNumber, kBytes)) {
        Once(has_value, "value");
        ReadValue(in.Bytes(), entry.second, depth);
      } else {
        in.Skip();
      }
    }
    Check(in);
    if (!has_key || !has_value) NoKind();
  }

  Value BigInt(std::string digits) {
    const std::size_t sign = digits.starts_with('-') ? 1 : 0;
    if (digits.size() == sign || digits.find_first_not_of("0123456789", sign) != std::string::npos) {
      Bad("a big integer is not decimal digits", std::move(digits));
      return {};
    }
    return Value::BigInt(std::move(digits));
  }

  template <typename Enum>
  Enum ReadEnum(std::uint64_t number, int last, const char* what) {
    if (number <= static_cast<std::uint64_t>(last)) return static_cast<Enum>(number);
    Bad(std::string("a number that this version does not know as ") + what, "");
    return {};
  }

  void Text(WireReader& in, std::string& out) {
    const std::string_view text = in.Bytes();
    if (ValidUtf8Prefix(text) != text.size()) Bad("a text is not UTF-8", "");
    out.assign(text);
  }

  std::string Text(WireReader& in) {
    std::string text;
    Text(in, text);
    return text;
  }

  // Other readers would merge two of them into one; no writer of ours makes that.
  void Once(bool& has, const char* what) {
    if (has) Bad(std::string("a message has two of its ") + what, "");
    has = true;
  }

  void Check(const WireReader& in) {
    if (in.failed()) Bad("the bytes are no message of trace.proto", "");
  }

  void NoKind() { Bad("a value is of no kind that this version knows", ""); }

  void TooDeep() {
    Fail({.kind = ErrorKind::kTooDeep,
          .message = "nesting is deeper than " + std::to_string(depth_max_) + ", the limit depth_max"});
  }

  void Bad(std::string message, std::string found) {
    Fail({.kind = ErrorKind::kBadMessage,
          .message = std::move(message),
          .found = std::move(found),
          .hint = "the writer is newer than this reader, or not a writer of trace.proto"});
  }

  void Fail(Error error) {
    if (failed_) return;
    failed_ = true;
    error_ = std::move(error);
  }

  int depth_max_;
  bool failed_ = false;
  Error error_;
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
