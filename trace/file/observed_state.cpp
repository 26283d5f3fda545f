#include "trace/file/observed_state.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace kelpie::trace::file {

namespace {

bool IsName(const Value& value) { return value.kind() == ValueKind::kString || value.kind() == ValueKind::kModelValue; }

bool IsSame(const Value& a, const Value& b) { return a == b || (IsName(a) && IsName(b) && a.text() == b.text()); }

// Replaces, or removes, the part of `parts` at `at`.
template <typename Part, typename GetValue>
bool ApplyAt(std::vector<Part>& parts, std::size_t at, GetValue part_value, std::span<const Value> rest, UpdateOp op,
             const Value& operand) {
  if (rest.empty() && op == UpdateOp::kRemove && operand.is_unknown()) {
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at));
    return true;
  }
  return ApplyUpdate(rest, op, operand, part_value(parts[at]));
}

template <typename Part, typename IsHere>
std::size_t Find(const std::vector<Part>& parts, IsHere is_here) {
  return static_cast<std::size_t>(std::find_if(parts.begin(), parts.end(), is_here) - parts.begin());
}

bool ApplyInside(std::span<const Value> path, UpdateOp op, const Value& operand, Value& value) {
  const Value& step = path.front();
  const std::span<const Value> rest = path.subspan(1);
  switch (value.kind()) {
    case ValueKind::kRecord: {
      std::vector<Value::Field> fields = value.fields();
      const std::size_t at =
          Find(fields, [&step](const Value::Field& f) { return IsName(step) && f.first == step.text(); });
      const auto get = [](Value::Field& field) -> Value& { return field.second; };
      if (at == fields.size() || !ApplyAt(fields, at, get, rest, op, operand)) return false;
      value = Value::Record(std::move(fields));
      return true;
    }
    case ValueKind::kMap: {
      std::vector<Value::Entry> entries = value.entries();
      const std::size_t at = Find(entries, [&step](const Value::Entry& e) { return IsSame(e.first, step); });
      const auto get = [](Value::Entry& entry) -> Value& { return entry.second; };
      if (at == entries.size() || !ApplyAt(entries, at, get, rest, op, operand)) return false;
      value = Value::Map(std::move(entries));
      return true;
    }
    case ValueKind::kSequence: {
      std::vector<Value> elements = value.elements();
      const bool is_inside = step.kind() == ValueKind::kInt && step.as_int() >= 1 &&
                             static_cast<std::uint64_t>(step.as_int()) <= elements.size();
      // A key that leaves the domain of a sequence leaves no sequence, unless it is the last.
      const bool is_removal = rest.empty() && op == UpdateOp::kRemove && operand.is_unknown();
      if (!is_inside || (is_removal && static_cast<std::uint64_t>(step.as_int()) != elements.size())) return false;
      const auto get = [](Value& element) -> Value& { return element; };
      if (!ApplyAt(elements, static_cast<std::size_t>(step.as_int() - 1), get, rest, op, operand)) return false;
      value = Value::Sequence(std::move(elements));
      return true;
    }
    default: return false;
  }
}

}  // namespace

bool ApplyUpdate(std::span<const Value> path, UpdateOp op, const Value& operand, Value& value) {
  if (!path.empty()) return ApplyInside(path, op, operand, value);
  if (op == UpdateOp::kSet) {
    value = operand;
    return true;
  }
  if (op == UpdateOp::kAppend) {
    if (value.kind() != ValueKind::kSequence) return false;
    std::vector<Value> elements = value.elements();
    elements.push_back(operand);
    value = Value::Sequence(std::move(elements));
    return true;
  }
  if (value.kind() != ValueKind::kSet) return false;
  std::vector<Value> elements = value.elements();
  const std::size_t at = Find(elements, [&operand](const Value& e) { return IsSame(e, operand); });
  if (op == UpdateOp::kAdd) {
    if (at == elements.size()) elements.push_back(operand);
  } else {
    if (at == elements.size()) return false;
    elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(at));
  }
  value = Value::Set(std::move(elements));
  return true;
}

void ObservedState::Apply(const Event& event) {
  switch (event.kind) {
    case EventKind::kStep:
    case EventKind::kInit:
    case EventKind::kObserve:
      for (const Claim& claim : event.claims) Apply(claim);
      return;
    case EventKind::kLost:
      for (auto& [variable, value] : variables_) value = Value::Unknown();
      return;
    case EventKind::kCall:
    case EventKind::kReturn:
    case EventKind::kMark:
    case EventKind::kEnd: return;
  }
}

void ObservedState::Apply(const Claim& claim) {
  for (const Claim& step : claim.steps) Apply(step);
  for (const Read& read : claim.reads) {
    Value& value = variables_[read.location.variable];
    if (read.location.path.empty() && value.is_unknown()) value = read.value;
  }
  for (const Update& update : claim.updates) {
    Value& value = variables_[update.location.variable];
    if (update.op != UpdateOp::kSet && value.is_unknown()) continue;
    if (!update.location.path.empty() && value.is_unknown()) continue;
    Value changed = value;
    const bool fits = ApplyUpdate(update.location.path, update.op, update.value, changed);
    value = fits ? std::move(changed) : Value::Unknown();
  }
}

}  // namespace kelpie::trace::file
