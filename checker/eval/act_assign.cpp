// Conjuncts that give variables their next values, and those that test them.
#include "checker/eval/scopes.h"

namespace kelpie::eval {

bool Machine::IsPinned(std::uint32_t slot) const {
  return now_.request != nullptr && now_.request->pinned != nullptr && (*now_.request->pinned)[slot].has_value();
}

bool Machine::AgreesWith(std::uint32_t slot, const Value& value, NodeId at) {
  Watch(slot);  // of which both may be made
  return IsPinned(slot) ? Same(now_.next[slot], value) : EqualValues(now_.next[slot], value, at);
}

bool Machine::InAssigned(const Node& node, Value* f, const Value& value, NodeId at) {
  if (node.op == Opcode::kAssignIn) return Contains(node.b, f, value, at);
  if (value.kind() == ValueKind::kModelValue) return false;
  if (!value.is_set()) FailMember(value, "a set of sets", at);
  for (const Value& element : value.items()) {
    if (!Contains(node.b, f, element, at)) return false;
  }
  return true;
}

bool Machine::IsInSet(std::uint32_t slot, const Node& node, Value* f, NodeId at) {
  Watch(slot);
  const Value value = now_.next[slot];
  if (!IsPinned(slot)) return InAssigned(node, f, value, at);
  try {
    return InAssigned(node, f, value, at);
  } catch (const EvalFailure& failure) {
    if (failure.error.kind != ErrorKind::kIncomparable) throw;
    return false;
  }
}

bool Machine::Assign(std::uint32_t slot, Value value, Continuation k) {
  now_.next[slot] = std::move(value);
  now_.assigned[slot] = 1;
  const bool goes_on = k();
  now_.assigned[slot] = 0;
  return goes_on;
}

bool Machine::Passed(NodeId id, Value* f, Continuation k) {
  if (now_.request == nullptr || now_.request->nearest == nullptr) return k();
  passed_.push_back({id, f});
  const bool goes_on = k();
  passed_.pop_back();
  return goes_on;
}

bool Machine::ActLeaf(NodeId id, Value* f, Continuation k) {
  if (!Test(id, f)) {
    Miss(id, f);
    return true;
  }
  return Passed(id, f, k);
}

bool Machine::ActAssign(NodeId id, const Node& node, Value* f, Continuation k) {
  const std::uint32_t slot = node.a;
  const bool is_given = now_.assigned[slot] == 0;
  Value value = is_given ? GivenValue(slot, node.b, f) : Finite(node.b, f);
  if (is_given) {
    return Passed(id, f, [&] { return Assign(slot, std::move(value), k); });
  }
  if (!AgreesWith(slot, value, id)) {
    Miss(id, f, slot, std::move(value));
    return true;
  }
  return Passed(id, f, k);
}

bool Machine::ActAssignIn(NodeId id, const Node& node, Value* f, Continuation k) {
  const std::uint32_t slot = node.a;
  if (now_.assigned[slot] != 0) {
    if (!IsInSet(slot, node, f, id)) {
      Miss(id, f, slot);
      return true;
    }
    return Passed(id, f, k);
  }
  bool is_any = false;
  const auto assign = [&](const Value& element) {
    is_any = true;
    if (now_.reads != nullptr && now_.notes_changes) now_.reads->SetAll(slot);
    return Passed(id, f, [&] { return Assign(slot, element, k); });
  };
  const bool goes_on = node.op == Opcode::kAssignIn ? ForEach(node.b, f, assign) : ForEachSubset(id, node.b, f, assign);
  if (!is_any) Miss(id, f, slot);
  return goes_on;
}

bool Machine::ActUnchanged(NodeId id, const Node& node, Value* f, Continuation k) {
  const std::uint32_t slot = node.a;
  const Value& value = now_.state[slot];
  if (now_.assigned[slot] == 0) {
    NoteUnchanged(slot);
    return Passed(id, f, [&] { return Assign(slot, value, k); });
  }
  if (!AgreesWith(slot, value, id)) {
    Miss(id, f, slot, value);
    return true;
  }
  return Passed(id, f, k);
}

}  // namespace kelpie::eval
