#include "trace/value/event_names.h"

#include <array>
#include <cstring>

namespace kelpie::trace {

namespace {

constexpr std::array<std::string_view, 8> kEventKinds = {"step", "observe", "call", "return",
                                                         "lost", "init",    "mark", "end"};
constexpr std::array<std::string_view, 3> kOutcomes = {"ok", "failed", "unknown"};
constexpr std::array<std::string_view, 4> kUpdateOps = {"set", "remove", "add", "append"};
constexpr std::array<std::string_view, 10> kValueKinds = {"a Boolean",     "an integer",      "an integer", "a string",
                                                          "a model value", "a sequence",      "a record",   "a set",
                                                          "a map",         "an unknown value"};

template <typename Enum, std::size_t N>
std::optional<Enum> Find(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Length of the one character at the start of `text`, 0 when it is none (RFC 3629: no
// surrogates, no overlong forms, nothing above U+10FFFF).
std::size_t CharacterLength(std::string_view text) {
  const auto b0 = static_cast<unsigned char>(text[0]);
  if (b0 < 0x80) return 1;
  if (b0 < 0xC2 || b0 > 0xF4) return 0;
  const std::size_t length = b0 < 0xE0 ? 2 : b0 < 0xF0 ? 3 : 4;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  const auto b1 = static_cast<unsigned char>(text[1]);
  if ((b0 == 0xE0 && b1 < 0xA0) || (b0 == 0xED && b1 > 0x9F)) return 0;
  if ((b0 == 0xF0 && b1 < 0x90) || (b0 == 0xF4 && b1 > 0x8F)) return 0;
  return length;
}

// Walks what is written and remembers the first thing that cannot be.
class WritableCheck {
 public:
  explicit WritableCheck(const WriteLimits& limits) : depth_max_(limits.depth_max) {}

  void Text(std::string_view text) {
    if (ValidUtf8Prefix(text) != text.size()) Fail("a text is not UTF-8, and traces hold UTF-8 only", "");
  }

  void Of(const Value& value, int depth) {
    if (depth > depth_max_) return TooDeep();
    if (!value.text().empty()) Text(value.text());
    for (const Value& element : value.elements()) Of(element, depth + 1);
    const std::string* previous = nullptr;
    for (const auto& [name, field] : value.fields()) {
      Text(name);
      if (previous != nullptr && *previous == name) Fail("a record has two fields of one name", name);
      previous = &name;
      Of(field, depth + 1);
    }
    for (const auto& [key, entry] : value.entries()) {
      Of(key, depth + 1);
      Of(entry, depth + 1);
    }
  }

  void Of(const Location& location) {
    Text(location.variable);
    for (const Value& step : location.path) Of(step, 1);
  }

  void Of(const Claim& claim, int depth) {
    if (depth > depth_max_) return TooDeep();
    Text(claim.spec);
    Text(claim.action);
    if (!claim.args.named.empty() && !claim.args.positional.empty()) {
      Fail("a claim has arguments by name and by position; they are one or the other", claim.action);
    }
    for (std::size_t i = 0; i < claim.args.named.size(); ++i) {
      Text(claim.args.named[i].first);
      Of(claim.args.named[i].second, 1);
      for (std::size_t j = 0; j < i; ++j) {
        if (claim.args.named[j].first == claim.args.named[i].first) {
          Fail("a claim has two arguments of one name", claim.args.named[i].first);
        }
      }
    }
    for (const Value& argument : claim.args.positional) Of(argument, 1);
    for (const Read& read : claim.reads) {
      Of(read.location);
      Of(read.value, 1);
    }
    for (const Update& update : claim.updates) {
      Of(update.location);
      Of(update.value, 1);
    }
    for (const auto& [variable, closed] : claim.frame_closed) Text(variable);
    for (const Claim& step : claim.steps) Of(step, depth + 1);
  }

  void Of(const Event& event) {
    if (event.id.seq == 0) Fail("an event has no seq; they count from 1", "0");
    Text(event.id.node);
    Text(event.operation);
    Text(event.group);
    for (const Claim& claim : event.claims) Of(claim, 1);
    for (const EventId& cause : event.causes) Text(cause.node);
    for (const auto& [node, position] : event.vclock) Text(node);
    for (const auto& [object, version] : event.versions) Text(object);
    if (event.lost_count && event.kind != EventKind::kLost) {
      Fail("lost_count belongs to events of kind lost", std::string(NameOf(event.kind)));
    }
    if (!status_.ok() && place_of_ == nullptr) place_of_ = &event.id;
  }

  void Of(const Header& header) {
    Text(header.format);
    Text(header.run);
    Text(header.node);
    for (const std::string& node : header.nodes) Text(node);
    for (const SpecReference& spec : header.specs) {
      Text(spec.name);
      Text(spec.digest);
    }
    for (std::size_t i = 0; i < header.constants.size(); ++i) {
      Text(header.constants[i].first);
      Of(header.constants[i].second, 1);
      for (std::size_t j = 0; j < i; ++j) {
        if (header.constants[j].first == header.constants[i].first) {
          Fail("a header has two constants of one name", header.constants[i].first);
        }
      }
    }
  }

  Status Take() {
    if (status_.ok()) return Status();
    Error error = status_.TakeError();
    if (place_of_ != nullptr) error.message = "event " + ToText(*place_of_) + ": " + error.message;
    return error;
  }

 private:
  void TooDeep() { Fail("nesting is deeper than " + std::to_string(depth_max_) + ", the limit depth_max", ""); }

  void Fail(std::string message, std::string found) {
    if (!status_.ok()) return;
    status_ = Error{.kind = ErrorKind::kUnwritable, .message = std::move(message), .found = std::move(found)};
  }

  int depth_max_;
  const EventId* place_of_ = nullptr;
  Status status_;
};

}  // namespace

std::string_view NameOf(EventKind kind) { return kEventKinds[static_cast<std::size_t>(kind)]; }
std::string_view NameOf(Outcome outcome) { return kOutcomes[static_cast<std::size_t>(outcome)]; }
std::string_view NameOf(UpdateOp op) { return kUpdateOps[static_cast<std::size_t>(op)]; }
std::string_view NameOf(ValueKind kind) { return kValueKinds[static_cast<std::size_t>(kind)]; }

std::optional<EventKind> ParseEventKind(std::string_view name) { return Find<EventKind>(kEventKinds, name); }
std::optional<Outcome> ParseOutcome(std::string_view name) { return Find<Outcome>(kOutcomes, name); }
std::optional<UpdateOp> ParseUpdateOp(std::string_view name) { return Find<UpdateOp>(kUpdateOps, name); }

std::string ToText(const EventId& id) {
  if (id.node.empty()) return "event " + std::to_string(id.seq);
  return id.node + "/" + std::to_string(id.incarnation) + "/" + std::to_string(id.seq);
}

std::size_t ValidUtf8Prefix(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    // Nearly all text is ASCII: eight bytes at a time.
    std::uint64_t eight = 0;
    while (text.size() - i >= sizeof eight) {
      std::memcpy(&eight, text.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080U) != 0) break;
      i += sizeof eight;
    }
    if (i == text.size()) break;
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = CharacterLength(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return i;
}

Status CheckWritable(const Event& event, const WriteLimits& limits) {
  WritableCheck check(limits);
  check.Of(event);
  return check.Take();
}

Status CheckWritable(const Header& header, const WriteLimits& limits) {
  WritableCheck check(limits);
  check.Of(header);
  return check.Take();
}

}  // namespace kelpie::trace
