#include "tests/impl/event_digest.h"

#include <string>

namespace kelpie::impl_test {
namespace {

class Digest {
 public:
  void Add(std::uint64_t number) {
    for (int i = 0; i < 8; ++i) AddByte(static_cast<unsigned char>(number >> (8 * i)));
  }
  void Add(const std::string& text) {
    Add(text.size());
    for (const char c : text) AddByte(static_cast<unsigned char>(c));
  }
  void Add(const trace::Value& value) {
    Add(static_cast<std::uint64_t>(value.kind()));
    switch (value.kind()) {
      case trace::ValueKind::kBool: Add(std::uint64_t{value.as_bool() ? 1U : 0U}); break;
      case trace::ValueKind::kInt: Add(static_cast<std::uint64_t>(value.as_int())); break;
      case trace::ValueKind::kBigInt:
      case trace::ValueKind::kString:
      case trace::ValueKind::kModelValue: Add(value.text()); break;
      case trace::ValueKind::kSequence:
      case trace::ValueKind::kSet:
        for (const trace::Value& element : value.elements()) Add(element);
        break;
      case trace::ValueKind::kRecord:
        for (const auto& [name, field] : value.fields()) {
          Add(name);
          Add(field);
        }
        break;
      case trace::ValueKind::kMap:
        for (const auto& [key, entry] : value.entries()) {
          Add(key);
          Add(entry);
        }
        break;
      case trace::ValueKind::kUnknown: break;
    }
  }
  void Add(const trace::Location& location) {
    Add(location.variable);
    for (const trace::Value& step : location.path) Add(step);
  }
  void Add(const trace::Event& event) {
    Add(event.id.node);
    Add(event.id.incarnation);
    Add(event.id.seq);
    Add(static_cast<std::uint64_t>(event.kind));
    Add(event.operation);
    Add(event.outcome ? static_cast<std::uint64_t>(*event.outcome) + 1 : 0);
    Add(static_cast<std::uint64_t>(event.true_ns.value_or(-1)));
    for (const auto& [object, version] : event.versions) {
      Add(object);
      Add(version);
    }
    for (const trace::Claim& claim : event.claims) {
      Add(claim.spec);
      Add(claim.action);
      for (const auto& [name, value] : claim.args.named) {
        Add(name);
        Add(value);
      }
      for (const trace::Read& read : claim.reads) {
        Add(read.location);
        Add(read.value);
      }
      for (const trace::Update& update : claim.updates) {
        Add(update.location);
        Add(static_cast<std::uint64_t>(update.op));
        Add(update.value);
      }
    }
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void AddByte(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3U; }
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

}  // namespace

std::uint64_t DigestOf(const std::vector<trace::Event>& events) {
  Digest digest;
  for (const trace::Event& event : events) digest.Add(event);
  return digest.value();
}

}  // namespace kelpie::impl_test
