#include "reference_decode.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <string>
#include <utility>

#include "trace.pb.h"

namespace kelpie::trace::test {

namespace {

// Turns messages into events and remembers the first thing that is wrong.
class Decoder {
 public:
  explicit Decoder(const DecodeLimits& limits) : depth_max_(limits.depth_max) {}

  Value Of(const v1::Value& message, int depth) {
    if (depth > depth_max_) return TooDeep(), Value();
    switch (message.kind_case()) {
      case v1::Value::kBoolean: return Value::Bool(message.boolean());
      case v1::Value::kInteger: return Value::Int(message.integer());
      case v1::Value::kBigInteger: return BigInt(message.big_integer());
      case v1::Value::kText: return Value::String(message.text());
      case v1::Value::kModelValue: return Value::Model(message.model_value());
      case v1::Value::kSequence: return Value::Sequence(Elements(message.sequence(), depth));
      case v1::Value::kSet: return Value::Set(Elements(message.set(), depth));
      case v1::Value::kRecord: return Record(message.record(), depth);
      case v1::Value::kMap: return Map(message.map(), depth);
      case v1::Value::kUnknown: return Value::Unknown();
      case v1::Value::KIND_NOT_SET: break;
    }
    Bad("a value is of no kind that this version knows", "");
    return {};
  }

  EventId Of(const v1::EventId& message) {
    return {.node = message.node(), .incarnation = message.incarnation(), .seq = message.seq()};
  }

  Claim Of(const v1::Claim& message, int depth) {
    Claim claim;
    if (depth > depth_max_) return TooDeep(), claim;
    claim.spec = message.spec();
    claim.action = message.action();
    NamedValues(message.named_args(), claim.args.named, "argument");
    claim.args.positional.reserve(static_cast<std::size_t>(message.positional_args_size()));
    for (const v1::Value& value : message.positional_args()) claim.args.positional.push_back(Of(value, 1));
    if (!claim.args.named.empty() && !claim.args.positional.empty()) {
      Bad("a claim has arguments by name and by position", claim.action);
    }
    claim.reads.reserve(static_cast<std::size_t>(message.reads_size()));
    for (const v1::Read& read : message.reads()) {
      claim.reads.push_back({.location = LocationOf(read), .value = Of(read.value(), 1)});
    }
    claim.updates.reserve(static_cast<std::size_t>(message.updates_size()));
    for (const v1::Update& update : message.updates()) {
      if (!v1::UpdateOp_IsValid(update.op())) Bad("an update has an op that this version does not know", "");
      claim.updates.push_back(
          {.location = LocationOf(update), .op = static_cast<UpdateOp>(update.op()), .value = Of(update.value(), 1)});
    }
    for (const v1::FrameEntry& entry : message.frame()) {
      if (!claim.frame_closed.try_emplace(entry.variable(), entry.closed()).second) {
        Bad("a frame names a variable twice", entry.variable());
      }
    }
    claim.steps.reserve(static_cast<std::size_t>(message.steps_size()));
    for (const v1::Claim& step : message.steps()) claim.steps.push_back(Of(step, depth + 1));
    return claim;
  }

  Event Of(const v1::Event& message) {
    Event event;
    event.id = Of(message.id());
    if (event.id.seq == 0) Bad("an event has no seq; they count from 1", "");
    if (message.kind() == v1::EVENT_KIND_UNSPECIFIED || !v1::EventKind_IsValid(message.kind())) {
      Bad("an event is of no kind that this version knows", std::to_string(message.kind()));
    } else {
      event.kind = static_cast<EventKind>(message.kind() - 1);
    }
    event.claims.reserve(static_cast<std::size_t>(message.claims_size()));
    for (const v1::Claim& claim : message.claims()) event.claims.push_back(Of(claim, 1));
    for (const v1::ObjectVersion& entry : message.versions()) {
      if (!event.versions.try_emplace(entry.object(), entry.version()).second) {
        Bad("an event names an object twice in its versions", entry.object());
      }
    }
    for (const v1::EventId& entry : message.vclock()) {
      if (!event.vclock.try_emplace(entry.node(), entry.incarnation(), entry.seq()).second) {
        Bad("an event names a node twice in its vclock", entry.node());
      }
    }
    event.causes.reserve(static_cast<std::size_t>(message.causes_size()));
    for (const v1::EventId& cause : message.causes()) event.causes.push_back(Of(cause));
    if (message.has_hybrid_ns()) event.hybrid_ns = message.hybrid_ns();
    if (message.has_wall_ns()) event.wall_ns = message.wall_ns();
    if (message.has_true_ns()) event.true_ns = message.true_ns();
    if (message.has_lost_count()) event.lost_count = message.lost_count();
    if (event.lost_count && event.kind != EventKind::kLost) Bad("lost_count belongs to events of kind lost", "");
    event.operation = message.operation();
    event.group = message.group();
    if (!v1::Outcome_IsValid(message.outcome())) {
      Bad("an event has an outcome that this version does not know", std::to_string(message.outcome()));
    } else if (message.outcome() != v1::OUTCOME_UNSPECIFIED) {
      event.outcome = static_cast<Outcome>(message.outcome() - 1);
    }
    return event;
  }

  Header Of(const v1::Header& message) {
    Header header;
    header.format = message.format();
    header.run = message.run();
    header.node = message.node();
    header.incarnation = message.incarnation();
    header.nodes.assign(message.nodes().begin(), message.nodes().end());
    for (const v1::SpecReference& spec : message.specs()) {
      header.specs.push_back({.name = spec.name(), .digest = spec.digest()});
    }
    NamedValues(message.constants(), header.constants, "constant");
    if (message.has_clock_error_ns()) header.clock_error_ns = message.clock_error_ns();
    return header;
  }

  [[nodiscard]] bool failed() const { return failed_; }
  Error TakeError() { return std::move(error_); }

 private:
  Value BigInt(const std::string& digits) {
    const std::size_t sign = digits.starts_with('-') ? 1 : 0;
    if (digits.size() == sign || digits.find_first_not_of("0123456789", sign) != std::string::npos) {
      Bad("a big integer is not decimal digits", digits);
      return {};
    }
    return Value::BigInt(digits);
  }

  std::vector<Value> Elements(const v1::Values& message, int depth) {
    std::vector<Value> elements;
    elements.reserve(static_cast<std::size_t>(message.elements_size()));
    for (const v1::Value& element : message.elements()) elements.push_back(Of(element, depth + 1));
    return elements;
  }

  Value Record(const v1::Fields& message, int depth) {
    std::vector<Value::Field> fields;
    fields.reserve(static_cast<std::size_t>(message.fields_size()));
    for (const v1::NamedValue& field : message.fields())
      fields.emplace_back(field.name(), Of(field.value(), depth + 1));
    Value record = Value::Record(std::move(fields));
    for (std::size_t i = 1; i < record.fields().size(); ++i) {
      if (record.fields()[i].first == record.fields()[i - 1].first) {
        Bad("a record has two fields of one name", record.fields()[i].first);
      }
    }
    return record;
  }

  Value Map(const v1::Entries& message, int depth) {
    std::vector<Value::Entry> entries;
    entries.reserve(static_cast<std::size_t>(message.entries_size()));
    for (const v1::Entry& entry : message.entries()) {
      Value key = Of(entry.key(), depth + 1);
      entries.emplace_back(std::move(key), Of(entry.value(), depth + 1));
    }
    return Value::Map(std::move(entries));
  }

  template <typename Message>
  Location LocationOf(const Message& message) {
    Location location{.variable = message.variable(), .path = {}};
    location.path.reserve(static_cast<std::size_t>(message.path_size()));
    for (const v1::Value& step : message.path()) location.path.push_back(Of(step, 1));
    return location;
  }

  template <typename Repeated>
  void NamedValues(const Repeated& messages, std::vector<Value::Field>& out, std::string_view what) {
    out.reserve(static_cast<std::size_t>(messages.size()));
    for (const v1::NamedValue& named : messages) {
      const auto same = [&named](const Value::Field& other) { return other.first == named.name(); };
      if (std::any_of(out.begin(), out.end(), same)) {
        Bad("the same " + std::string(what) + " is given twice", named.name());
      }
      out.emplace_back(named.name(), Of(named.value(), 1));
    }
  }

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

template <typename Message>
Status Parse(std::string_view bytes, const DecodeLimits& limits, Message* message) {
  if (bytes.size() > limits.message_bytes_max || bytes.size() > 0x7FFFFFFFU) {
    return Error{.kind = ErrorKind::kTooLong,
                 .message = "a message is longer than " + std::to_string(limits.message_bytes_max) +
                            " bytes, the limit message_bytes_max",
                 .found = std::to_string(bytes.size()) + " bytes"};
  }
  // It would write to standard error what is reported here.
  google::protobuf::SetLogHandler(nullptr);
  google::protobuf::io::CodedInputStream input(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                               static_cast<int>(bytes.size()));
  // A value is at most three messages a level (Value, Fields, NamedValue), a claim one.
  input.SetRecursionLimit(4 * limits.depth_max + 16);
  if (message->ParseFromCodedStream(&input) && input.ConsumedEntireMessage()) return Status();
  return Error{.kind = ErrorKind::kBadMessage,
               .message = "the bytes are no message of trace.proto",
               .found = std::to_string(bytes.size()) + " bytes"};
}

template <typename Out, typename Message>
Result<Out> Decode(std::string_view bytes, const DecodeLimits& limits) {
  google::protobuf::Arena arena;
  auto* message = google::protobuf::Arena::CreateMessage<Message>(&arena);
  Status parsed = Parse(bytes, limits, message);
  if (!parsed.ok()) return parsed.TakeError();
  Decoder decoder(limits);
  Out out = decoder.Of(*message);
  if (decoder.failed()) return decoder.TakeError();
  return out;
}

}  // namespace

Result<Event> ReferenceDecodeEvent(std::string_view bytes, const DecodeLimits& limits) {
  return Decode<Event, v1::Event>(bytes, limits);
}

Result<Header> ReferenceDecodeHeader(std::string_view bytes, const DecodeLimits& limits) {
  return Decode<Header, v1::Header>(bytes, limits);
}

}  // namespace kelpie::trace::test
