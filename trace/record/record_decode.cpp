#include "trace/record/record_decode.h"

#include <cstring>
#include <limits>
#include <utility>

#include "trace/value/proto.h"

namespace kelpie::trace::record {

namespace {

// Reads the parts of one record. The first failure sticks, and all reads behind it give zeros.
class PartReader {
 public:
  PartReader(std::string_view bytes, const Definitions& definitions)
      : bytes_(bytes), definitions_(definitions), at_(sizeof(RecordHead)) {}

  [[nodiscard]] bool failed() const { return failure_ != nullptr; }
  [[nodiscard]] Error TakeError() {
    return {.kind = ErrorKind::kBadFrame,
            .place = {.file = {}, .line = 0, .column = 0, .offset = at_},
            .message = std::string("a record in a ring is damaged: ") + failure_};
  }

  template <typename T>
  T Take() {
    T value{};
    if (failed() || bytes_.size() - at_ < sizeof value) {
      Fail("it ends in the middle of a part");
      return value;
    }
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }

  const std::string& TextOf(DefinitionKind kind, std::uint64_t id) {
    static const std::string kNone;
    const Definition* definition = definitions_.Find(kind, id);
    if (definition == nullptr) {
      Fail("it names something that was not defined");
      return kNone;
    }
    return definition->texts[0];
  }

  Value TakeScalar() { return ScalarOf(Take<std::uint8_t>()); }

  Value ScalarOf(std::uint8_t kind) {
    const auto bits = Take<std::uint64_t>();
    switch (static_cast<ScalarKind>(kind)) {
      case ScalarKind::kFalse: return Value::Bool(false);
      case ScalarKind::kTrue: return Value::Bool(true);
      case ScalarKind::kInt: return Value::Int(static_cast<std::int64_t>(bits));
      case ScalarKind::kUnsigned:
        if (bits <= std::numeric_limits<std::int64_t>::max()) return Value::Int(static_cast<std::int64_t>(bits));
        return Value::BigInt(std::to_string(bits));
      case ScalarKind::kName: return Value::String(TextOf(DefinitionKind::kName, bits));
      case ScalarKind::kModelName: return Value::Model(TextOf(DefinitionKind::kName, bits));
      case ScalarKind::kText: return Value::String(TakeText(bits));
      case ScalarKind::kModelText: return Value::Model(TakeText(bits));
      case ScalarKind::kUnknown: return Value::Unknown();
    }
    Fail("a value is of no kind");
    return {};
  }

  Location TakeLocation(std::uint8_t path_count) {
    Location location;
    location.variable = TextOf(DefinitionKind::kVariable, Take<std::uint32_t>());
    for (unsigned i = 0; i < path_count && !failed(); ++i) location.path.push_back(TakeScalar());
    return location;
  }

  void Fail(const char* why) {
    if (!failed()) failure_ = why;
  }

 private:
  std::string TakeText(std::uint64_t size) {
    if (failed() || size > bytes_.size() - at_) {
      Fail("a text is longer than the record");
      return {};
    }
    at_ += size;
    return std::string(bytes_.substr(at_ - size, size));
  }

  std::string_view bytes_;
  const Definitions& definitions_;
  std::size_t at_;
  const char* failure_ = nullptr;
};

// The claim, which is there as soon as a part needs it.
Claim& ClaimOf(Event& event) {
  if (event.claims.empty()) event.claims.emplace_back();
  return event.claims.front();
}

void AddArgument(Value value, const Definition* action, std::size_t& argument_count, PartReader& reader, Event& event) {
  constexpr std::size_t kFirstParameter = 2;
  const std::size_t index = argument_count++;
  Arguments& args = ClaimOf(event).args;
  if (action == nullptr || action->texts.size() == kFirstParameter) {
    args.positional.push_back(std::move(value));
  } else if (kFirstParameter + index >= action->texts.size()) {
    reader.Fail("it has more arguments than its action has parameters");
  } else if (!value.is_unknown()) {
    args.named.emplace_back(action->texts[kFirstParameter + index], std::move(value));
  }
}

void AddPart(PartTag tag, PartReader& reader, Event& event) {
  switch (tag) {
    case PartTag::kUpdate: {
      const auto op = reader.Take<std::uint8_t>();
      if (op > static_cast<std::uint8_t>(UpdateOp::kAppend)) return reader.Fail("an update is of no kind");
      Location location = reader.TakeLocation(reader.Take<std::uint8_t>());
      ClaimOf(event).updates.push_back({std::move(location), static_cast<UpdateOp>(op), reader.TakeScalar()});
      return;
    }
    case PartTag::kRead: {
      reader.Take<std::uint8_t>();
      Location location = reader.TakeLocation(reader.Take<std::uint8_t>());
      ClaimOf(event).reads.push_back({std::move(location), reader.TakeScalar()});
      return;
    }
    case PartTag::kVersion: {
      const std::string& object = reader.TextOf(DefinitionKind::kName, reader.Take<std::uint32_t>());
      event.versions[object] = reader.Take<std::uint64_t>();
      return;
    }
    case PartTag::kCause: {
      const std::string& node = reader.TextOf(DefinitionKind::kName, reader.Take<std::uint32_t>());
      const auto incarnation = reader.Take<std::uint64_t>();
      event.causes.push_back({node, incarnation, reader.Take<std::uint64_t>()});
      return;
    }
    case PartTag::kHybridNs: event.hybrid_ns = reader.Take<std::int64_t>(); return;
    case PartTag::kWallNs: event.wall_ns = reader.Take<std::int64_t>(); return;
    case PartTag::kTrueNs: event.true_ns = reader.Take<std::int64_t>(); return;
    case PartTag::kOperation: event.operation = reader.TakeScalar().text(); return;
    case PartTag::kGroup: event.group = reader.TakeScalar().text(); return;
    case PartTag::kOutcome: {
      const auto outcome = reader.Take<std::uint64_t>();
      if (outcome > static_cast<std::uint64_t>(Outcome::kUnknown)) return reader.Fail("an outcome is of no kind");
      event.outcome = static_cast<Outcome>(outcome);
      return;
    }
    case PartTag::kEnd: break;
  }
  reader.Fail("a part is of no kind");
}

Result<Event> DecodeParts(std::string_view bytes, const RecordHead& head, const Definitions& definitions) {
  PartReader reader(bytes, definitions);
  Event event;
  const Definition* action = nullptr;
  if (head.event_kind > static_cast<std::uint8_t>(EventKind::kEnd)) reader.Fail("an event is of no kind");
  event.kind = static_cast<EventKind>(head.event_kind);
  if (head.action != 0) {
    action = definitions.Find(DefinitionKind::kAction, head.action);
    if (action == nullptr) {
      reader.Fail("its action was not defined");
    } else {
      event.claims.push_back({.spec = action->texts[0], .action = action->texts[1]});
    }
  }
  std::size_t argument_count = 0;
  while (!reader.failed()) {
    const auto tag = reader.Take<std::uint8_t>();
    if (tag == static_cast<std::uint8_t>(PartTag::kEnd)) break;
    if (tag < static_cast<std::uint8_t>(PartTag::kUpdate)) {
      AddArgument(reader.ScalarOf(tag), action, argument_count, reader, event);
    } else {
      AddPart(static_cast<PartTag>(tag), reader, event);
    }
  }
  if (reader.failed()) return reader.TakeError();
  return event;
}

}  // namespace

RecordHead HeadOf(std::string_view bytes) {
  RecordHead head;
  std::memcpy(&head, bytes.data(), sizeof head);
  return head;
}

Result<Event> DecodeRecord(std::string_view bytes, const Definitions& definitions) {
  const RecordHead head = HeadOf(bytes);
  switch (head.type) {
    case RecordType::kParts: return DecodeParts(bytes, head, definitions);
    case RecordType::kEvent:
      if (head.payload_bytes <= bytes.size() - sizeof head) {
        return DecodeEvent(bytes.substr(sizeof head, head.payload_bytes));
      }
      break;
  }
  return Error{.kind = ErrorKind::kBadFrame,
               .message = "a record in a ring is damaged: its type or length is impossible",
               .found = "type " + std::to_string(static_cast<int>(head.type))};
}

}  // namespace kelpie::trace::record
