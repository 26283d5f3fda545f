#include "trace/diff/event_diff.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "trace/file/json_write.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::diff {

namespace {

std::string JsonOf(const Value& value) {
  std::string text;
  file::AppendJson(value, text);
  return text;
}

std::string Quoted(std::string_view text) {
  std::string quoted;
  file::AppendJsonString(text, quoted);
  return quoted;
}

// The same value with the elements of sets and the entries of maps in one order.
Value Normal(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kSequence:
    case ValueKind::kSet: {
      std::vector<std::pair<std::string, Value>> elements;
      for (const Value& element : value.elements()) {
        Value normal = Normal(element);
        std::string text = JsonOf(normal);
        elements.emplace_back(std::move(text), std::move(normal));
      }
      const auto by_text = [](const auto& a, const auto& b) { return a.first < b.first; };
      if (value.kind() == ValueKind::kSet) std::sort(elements.begin(), elements.end(), by_text);
      std::vector<Value> normal;
      for (auto& element : elements) normal.push_back(std::move(element.second));
      return value.kind() == ValueKind::kSet ? Value::Set(std::move(normal)) : Value::Sequence(std::move(normal));
    }
    case ValueKind::kRecord: {
      std::vector<Value::Field> fields;
      for (const auto& [name, field] : value.fields()) fields.emplace_back(name, Normal(field));
      return Value::Record(std::move(fields));
    }
    case ValueKind::kMap: {
      std::vector<Value::Entry> entries;
      for (const auto& [key, entry] : value.entries()) entries.emplace_back(Normal(key), Normal(entry));
      std::sort(entries.begin(), entries.end(),
                [](const Value::Entry& a, const Value::Entry& b) { return JsonOf(a.first) < JsonOf(b.first); });
      return Value::Map(std::move(entries));
    }
    default: return value;
  }
}

class Comparison {
 public:
  explicit Comparison(const IgnoredFields& without) : ignored(without) {}

  const IgnoredFields& ignored;
  std::vector<FieldDifference> fields;

  void Field(const std::string& name, std::string_view left, std::string_view right) {
    if (!ignored.Has(name)) Texts(name, left, right);
  }

  void Texts(const std::string& name, std::string_view left, std::string_view right) {
    if (left != right) fields.push_back({name, left.empty() ? "" : Quoted(left), right.empty() ? "" : Quoted(right)});
  }

  void Numbers(const std::string& name, std::optional<std::uint64_t> left, std::optional<std::uint64_t> right) {
    if (left == right) return;
    fields.push_back({name, left ? std::to_string(*left) : "", right ? std::to_string(*right) : ""});
  }

  // Goes into records and into sequences of one length, to the place that differs.
  void Values(const std::string& name, const Value& left, const Value& right) {
    if (left == right) return;
    const Value a = Normal(left);
    const Value b = Normal(right);
    if (a == b) return;
    if (a.kind() == ValueKind::kRecord && b.kind() == ValueKind::kRecord) {
      for (const auto& [key, both] : ByName(a.fields(), b.fields())) Maybe(name + "." + key, both.first, both.second);
      return;
    }
    const bool same_length = a.kind() == b.kind() && a.elements().size() == b.elements().size();
    if (a.kind() == ValueKind::kSequence && same_length) {
      for (std::size_t i = 0; i < a.elements().size(); ++i) {
        Values(name + "[" + std::to_string(i + 1) + "]", a.elements()[i], b.elements()[i]);
      }
      return;
    }
    fields.push_back({name, JsonOf(a), JsonOf(b)});
  }

  using Pairs = std::map<std::string, std::pair<const Value*, const Value*>>;
  static Pairs ByName(const std::vector<Value::Field>& left, const std::vector<Value::Field>& right) {
    Pairs both;
    for (const auto& [key, value] : left) both[key].first = &value;
    for (const auto& [key, value] : right) both[key].second = &value;
    return both;
  }

  // A field of the event whose parts have names.
  void Named(const std::string& prefix, const std::string& field, const std::vector<Value::Field>& left,
             const std::vector<Value::Field>& right) {
    for (const auto& [key, both] : ByName(left, right)) {
      if (!ignored.Has(field, key)) Maybe(prefix + field + "." + key, both.first, both.second);
    }
  }

  void Maybe(const std::string& name, const Value* left, const Value* right) {
    if (left != nullptr && right != nullptr) return Values(name, *left, *right);
    fields.push_back({name, left != nullptr ? JsonOf(*left) : "", right != nullptr ? JsonOf(*right) : ""});
  }

  void Positional(const std::string& name, const std::vector<Value>& left, const std::vector<Value>& right) {
    for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
      Maybe(name + "[" + std::to_string(i + 1) + "]", i < left.size() ? &left[i] : nullptr,
            i < right.size() ? &right[i] : nullptr);
    }
  }

  // Reads or updates: those of one place are compared in their order, places in no order.
  template <typename Fact>
  void Facts(const std::string& prefix, const std::string& field, const std::vector<Fact>& left,
             const std::vector<Fact>& right) {
    const std::string name = prefix + field;
    const auto is_compared = [&](const Fact& fact) { return !ignored.Has(field, fact.location.variable); };
    std::map<std::string, std::pair<std::vector<const Fact*>, std::vector<const Fact*>>> places;
    for (const Fact& fact : left) {
      if (is_compared(fact)) places[ToText(fact.location)].first.push_back(&fact);
    }
    for (const Fact& fact : right) {
      if (is_compared(fact)) places[ToText(fact.location)].second.push_back(&fact);
    }
    for (const auto& [place, both] : places) {
      for (std::size_t i = 0; i < std::max(both.first.size(), both.second.size()); ++i) {
        const Fact* a = i < both.first.size() ? both.first[i] : nullptr;
        const Fact* b = i < both.second.size() ? both.second[i] : nullptr;
        if constexpr (std::is_same_v<Fact, Update>) {
          if (a != nullptr && b != nullptr && a->op != b->op) {
            Texts(name + " " + place + " op", NameOf(a->op), NameOf(b->op));
          }
        }
        Maybe(name + " " + place, a != nullptr ? &a->value : nullptr, b != nullptr ? &b->value : nullptr);
      }
    }
  }

  void Claims(const std::string& prefix, const Claim& left, const Claim& right) {
    if (!ignored.Has("spec")) Texts(prefix + "spec", left.spec, right.spec);
    if (!ignored.Has("action")) Texts(prefix + "action", left.action, right.action);
    Named(prefix, "args", left.args.named, right.args.named);
    if (!ignored.Has("args")) Positional(prefix + "args", left.args.positional, right.args.positional);
    Facts(prefix, "reads", left.reads, right.reads);
    Facts(prefix, "updates", left.updates, right.updates);
    std::map<std::string, std::pair<std::string, std::string>> frames;
    for (const auto& [variable, closed] : left.frame_closed) frames[variable].first = closed ? "closed" : "open";
    for (const auto& [variable, closed] : right.frame_closed) frames[variable].second = closed ? "closed" : "open";
    for (const auto& [variable, words] : frames) {
      if (!ignored.Has("frame", variable)) Texts(prefix + "frame." + variable, words.first, words.second);
    }
    if (!ignored.Has("steps")) ClaimLists(prefix + "steps", left.steps, right.steps);
  }

  void ClaimLists(const std::string& name, const std::vector<Claim>& left, const std::vector<Claim>& right) {
    if (left.size() != right.size()) Numbers(name + " count", left.size(), right.size());
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
      const bool is_alone = left.size() == 1 && right.size() == 1 && name == "claims";
      Claims(is_alone ? "" : name + "[" + std::to_string(i + 1) + "].", left[i], right[i]);
    }
  }

  void Ids(const std::string& name, std::vector<EventId> left, std::vector<EventId> right) {
    std::sort(left.begin(), left.end());
    std::sort(right.begin(), right.end());
    std::vector<EventId> only;
    std::set_difference(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(only));
    for (const EventId& id : only) fields.push_back({name, Quoted(trace::ToText(id)), ""});
    only.clear();
    std::set_difference(right.begin(), right.end(), left.begin(), left.end(), std::back_inserter(only));
    for (const EventId& id : only) fields.push_back({name, "", Quoted(trace::ToText(id))});
  }
};

}  // namespace

std::string ToText(const Location& location) {
  std::string text = location.variable;
  for (const Value& step : location.path) text += "[" + JsonOf(step) + "]";
  return text;
}

std::vector<FieldDifference> CompareEvents(const Event& left, const Event& right, const IgnoredFields& ignored) {
  Comparison all(ignored);
  all.Texts("node", left.id.node, right.id.node);
  all.Numbers("incarnation", left.id.incarnation, right.id.incarnation);
  all.Numbers("seq", left.id.seq, right.id.seq);
  all.Field("kind", NameOf(left.kind), NameOf(right.kind));
  if (!(left.claims == right.claims)) all.ClaimLists("claims", left.claims, right.claims);
  all.Field("operation", left.operation, right.operation);
  all.Field("outcome", left.outcome ? NameOf(*left.outcome) : "", right.outcome ? NameOf(*right.outcome) : "");
  if (!ignored.Has("lost_count")) all.Numbers("lost_count", left.lost_count, right.lost_count);
  if (left.causes != right.causes && !ignored.Has("causes")) all.Ids("causes", left.causes, right.causes);
  if (left.vclock != right.vclock && !ignored.Has("vclock")) {
    const auto ids_of = [](const Event& event) {
      std::vector<EventId> ids;
      for (const auto& [node, at] : event.vclock)
        ids.push_back({.node = node, .incarnation = at.first, .seq = at.second});
      return ids;
    };
    all.Ids("vclock", ids_of(left), ids_of(right));
  }
  if (left.versions != right.versions) {
    std::map<std::string, std::pair<std::optional<std::uint64_t>, std::optional<std::uint64_t>>> objects;
    for (const auto& [object, version] : left.versions) objects[object].first = version;
    for (const auto& [object, version] : right.versions) objects[object].second = version;
    for (const auto& [object, versions] : objects) {
      if (!ignored.Has("versions", object)) all.Numbers("versions." + object, versions.first, versions.second);
    }
  }
  all.Field("group", left.group, right.group);
  return std::move(all.fields);
}

std::vector<FieldDifference> CompareHeaders(const Header& left, const Header& right, const IgnoredFields& ignored) {
  Comparison all(ignored);
  std::map<std::string, std::pair<std::string, std::string>> specs;
  for (const SpecReference& spec : left.specs) specs[spec.name].first = spec.digest.empty() ? "named" : spec.digest;
  for (const SpecReference& spec : right.specs) specs[spec.name].second = spec.digest.empty() ? "named" : spec.digest;
  for (const auto& [name, digests] : specs) {
    if (!ignored.Has("specs", name)) all.Texts("specs." + name, digests.first, digests.second);
  }
  all.Named("", "constants", left.constants, right.constants);
  return std::move(all.fields);
}

}  // namespace kelpie::trace::diff
