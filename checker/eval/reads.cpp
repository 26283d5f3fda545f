#include "checker/eval/reads.h"

#include <algorithm>

#include "checker/eval/scopes.h"

namespace kelpie::eval {

void Reads::Begin(std::size_t slot_count) {
  places_.clear();
  key_counts_.assign(slot_count, 0);
  changes_.resize(slot_count);
}

void Reads::AddWhole(std::uint32_t slot) {
  if (key_counts_[slot] == kWhole) return;
  key_counts_[slot] = kWhole;
  places_.push_back({slot, PlaceKind::kWhole, Value::Unset()});
}

void Reads::Add(std::uint32_t slot, PlaceKind kind, const Value& key) {
  if (key_counts_[slot] == kWhole) return;
  const bool is_known = std::any_of(places_.begin(), places_.end(), [&](const Place& place) {
    return place.slot == slot && place.kind == kind && (kind == PlaceKind::kSize || Same(place.key, key));
  });
  if (is_known) return;
  if (key_counts_[slot] == kKeysMax) return AddWhole(slot);
  ++key_counts_[slot];
  places_.push_back({slot, kind, key});
}

// --- the machine, while it is watched

// As FollowPath, of a path that begins with a variable of the present state. Null without a note: who asks goes on to
// evaluate, and is watched there.
const Value* Machine::FollowPathWatched(const Node& node, Value* f) const {
  const program::PathStep* const first = code_->paths.data() + node.list;
  const program::PathStep* const last = first + node.list_size;
  if (now_.state == nullptr || first + 1 == last) return Leaf(first->op, first->index, f);
  const Value* at = &now_.state[first->index];
  for (const program::PathStep* step = first + 1; step != last; ++step) {
    if (at == nullptr || !at->is_function()) return nullptr;
    const Value* argument = step->op == Opcode::kLiteral ? &literals_[step->index]
                            : step->op == Opcode::kApply ? Place(step->index, f)
                                                         : Leaf(step->op, step->index, f);
    if (argument == nullptr || argument->is_lazy()) return nullptr;
    if (step == first + 1) now_.reads->AddAt(first->index, *argument);
    at = at->Apply(*argument);
  }
  return at;
}

// A variable of the present state that is a collection of this kind, of which only the size is asked; null: it is to be
// evaluated.
const Value* Machine::WatchedSize(NodeId id, ValueKind kind) const {
  const Node& node = nodes_[id];
  if (node.op != Opcode::kVariable || now_.state == nullptr || now_.state[node.a].kind() != kind) return nullptr;
  now_.reads->AddSize(node.a);
  return &now_.state[node.a];
}

// v[e], where v is a variable of the present state.
const Value& Machine::ApplyVariableWatched(NodeId id, const Node& node, Value* f, Value& scratch) {
  const std::uint32_t slot = nodes_[node.a].a;
  Value held;
  const Value& argument = Ref(node.b, f, held);
  const Value& function = now_.state[slot];
  if (!function.is_function()) now_.reads->AddWhole(slot);
  if (argument.is_lazy()) {
    now_.reads->AddWhole(slot);
    scratch = ApplyTo(function, Force(argument), id);
    return scratch;
  }
  if (function.is_function()) now_.reads->AddAt(slot, argument);
  return ApplyTo(function, argument, id);
}

// As Ref(function)[argument], where the function is a variable that the text changes first, and is not made yet:
// [v EXCEPT ![k] = e][argument] reads v at k and at the argument. Unset: outside the DOMAIN. Nothing: it is none such.
std::optional<Value> Machine::PartThrough(NodeId function, const Value& argument, Value* f) {
  const Node& node = nodes_[function];
  if (node.op == Opcode::kMemo) {
    if (!f[node.a].is_unset()) return std::nullopt;
    return PartThrough(node.b, argument, f);
  }
  if (node.op == Opcode::kVariable) {
    if (now_.state == nullptr || !now_.state[node.a].is_function()) return std::nullopt;
    now_.reads->AddAt(node.a, argument);
    const Value* part = now_.state[node.a].Apply(argument);
    return part != nullptr ? *part : Value::Unset();
  }
  if (node.op != Opcode::kExcept) return std::nullopt;
  std::vector<std::pair<Value, Value>> changed;  // by key
  const auto part_at = [&](const Value& key) -> std::optional<Value> {
    for (auto known = changed.rbegin(); known != changed.rend(); ++known) {
      if (Same(known->first, key)) return known->second;
    }
    return PartThrough(node.a, key, f);
  };
  for (const program::Update& update : code_->updates_of(node)) {
    Value scratch;
    const Value key = Ref(update.path[0], f, scratch);
    if (key.is_lazy()) return std::nullopt;
    std::optional<Value> old = part_at(key);
    if (!old) return std::nullopt;
    if (!old->is_unset()) changed.emplace_back(key, UpdateAt(std::move(*old), update, 1, f));
  }
  return part_at(argument);
}

// The value that a variable is given, and how it is made of the one it has.
Value Machine::GivenValue(std::uint32_t slot, NodeId id, Value* f) {
  if (now_.reads == nullptr || !now_.notes_changes) return Finite(id, f);
  if (now_.state != nullptr) {
    now_.reads->SetUnchanged(slot);
    if (std::optional<Value> changed = ChangedValue(slot, id, f)) return std::move(*changed);
  }
  Value value = Finite(id, f);
  now_.reads->SetAll(slot);
  return value;
}

// Nothing: it is not made of the variable's own value part by part, or not in a way that is known here. What was read
// until then is read again by who evaluates it as a whole.
std::optional<Value> Machine::ChangedValue(std::uint32_t slot, NodeId id, Value* f) {
  const Node& node = nodes_[id];
  switch (node.op) {
    case Opcode::kVariable:
      if (node.a != slot) return std::nullopt;
      return now_.state[slot];
    case Opcode::kIf: return ChangedValue(slot, Test(node.a, f) ? node.b : node.c, f);
    case Opcode::kInline:
      if ((node.flags & program::kFlagShared) != 0) return std::nullopt;
      return InCall(node, f, [&](NodeId body) { return ChangedValue(slot, body, f); });
    case Opcode::kMemo: return ChangedValue(slot, node.b, f);
    case Opcode::kExcept: {
      const std::optional<Value> own = ChangedValue(slot, node.a, f);
      if (!own || !own->is_function()) return std::nullopt;
      Value value = *own;
      for (const program::Update& update : code_->updates_of(node)) {
        Value scratch;
        const Value& key = Ref(update.path[0], f, scratch);
        if (key.is_lazy()) return std::nullopt;
        now_.reads->AddAt(slot, key);
        now_.reads->change(slot).parts.push_back({Reads::PartKind::kAt, key});
        value = UpdateAt(std::move(value), update, 0, f);
      }
      return value;
    }
    case Opcode::kUnion:
    case Opcode::kSetMinus: return ChangedSet(slot, id, node, f);
    default: return std::nullopt;
  }
}

// As EvalSetOperation, of the variable's own set and one element.
std::optional<Value> Machine::ChangedSet(std::uint32_t slot, NodeId, const Node& node, Value* f) {
  if (node.is_described()) return std::nullopt;
  const std::optional<Value> own = ChangedValue(slot, node.a, f);
  if (!own || !own->is_set()) return std::nullopt;
  Value scratch;
  const Value& other = Ref(node.b, f, scratch);
  if (!other.is_set() || other.size() != 1) return std::nullopt;
  const Value& element = other.items().front();
  bool refused = false;
  if (own->size() > 0) (void)CompareChecked(own->items().front(), element, &refused);
  if (refused) return std::nullopt;
  const bool is_union = node.op == Opcode::kUnion;
  now_.reads->change(slot).parts.push_back(
      {is_union ? Reads::PartKind::kElement : Reads::PartKind::kNoElement, element});
  return is_union ? own->WithElement(element) : own->WithoutElement(element);
}

}  // namespace kelpie::eval
