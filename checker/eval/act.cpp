// The ways through a formula, each ending in its continuation.
#include <algorithm>
#include <bit>

#include "checker/eval/scopes.h"

namespace kelpie::eval {

// Which operator names the present way, put back when the way is left.
class Machine::ActionScope {
 public:
  explicit ActionScope(Machine& machine)
      : machine_(machine),
        action_(machine.now_.action),
        frame_(machine.now_.action_frame),
        is_entered_(machine.now_.is_entered) {}
  ~ActionScope() {
    machine_.now_.action = action_;
    machine_.now_.action_frame = frame_;
    machine_.now_.is_entered = is_entered_;
  }
  ActionScope(const ActionScope&) = delete;
  ActionScope& operator=(const ActionScope&) = delete;

 private:
  Machine& machine_;
  NodeId action_;
  Value* frame_;
  bool is_entered_;
};

bool Machine::CanReach(NodeId id) const {
  const SuccessorRequest* request = now_.request;
  return request != nullptr && request->claim != nullptr && request->claim->paths->reaches[nodes_[id].origin.index];
}

bool Machine::Act(NodeId id, Value* f, Continuation k, bool is_named) {
  const Node& node = nodes_[id];
  // A guard has one truth; only who counts as TLC does splits it into its ways.
  if (!node.is_step() && !(now_.request != nullptr && now_.request->count_ways)) return ActLeaf(id, f, k);
  switch (node.op) {
    case Opcode::kAnd: return ActAnd(id, node, 0, f, k, is_named);
    case Opcode::kOr: return ActOr(id, node, f, k, is_named);
    case Opcode::kExists: return ActExists(id, node, 0, 0, f, k, is_named);
    case Opcode::kForAll: return ActForAll(id, node, f, k);
    case Opcode::kInline: return ActInline(id, node, f, k, is_named);
    case Opcode::kCall: return ActCall(id, node, f, k, is_named);
    case Opcode::kIf: return ActBranch(id, Test(node.a, f) ? node.b : node.c, f, k, is_named);
    case Opcode::kCase: return ActBranch(id, CaseArm(id, node, f), f, k, is_named);
    case Opcode::kAssign: return ActAssign(id, node, f, k);
    case Opcode::kAssignIn:
    case Opcode::kAssignSubset: return ActAssignIn(id, node, f, k);
    case Opcode::kUnchanged: return ActUnchanged(id, node, f, k);
    case Opcode::kSquare: return Act(node.a, f, k, is_named) && Act(node.b, f, k, false);
    case Opcode::kAngle: return ActAngle(node, f, k, is_named);
    case Opcode::kCompose: return ActCompose(id, node, f, k);
    case Opcode::kCount: return ActCounted(node, f, k, is_named);
    case Opcode::kApply: return ActApply(id, node, f, k);
    case Opcode::kImplies:
      // As for TLC: P is a truth, Q takes part in the step.
      return Test(node.a, f) ? Act(node.b, f, k, false) : Passed(id, f, k);
    default: return ActLeaf(id, f, k);
  }
}

// A function of its own, so that the frame of Act, which every level of nesting has, stays small.
bool Machine::ActAngle(const Node& node, Value* f, Continuation k, bool is_named) {
  return Act(
      node.a, f, [&] { return Test(node.b, f) || k(); }, is_named);
}

// As for TLC: once every variable has its value, what is still to come is true in one way or not at
// all. Asked only where ways are counted; elsewhere a failing conjunct may have to be named.
bool Machine::IsSettled() const {
  const bool is_counted =
      now_.request != nullptr && now_.request->nearest == nullptr && (now_.is_init || now_.request->count_ways);
  return is_counted &&
         std::find(now_.assigned, now_.assigned + spec_.variables.size(), 0) == now_.assigned + spec_.variables.size();
}

// Conjuncts that have one way at most are taken in a loop, and only one that may have several continues
// into what is left. Where a miss has to be named, every conjunct is met one inside the other.
bool Machine::ActAnd(NodeId id, const Node& node, std::size_t index, Value* f, Continuation k, bool is_named) {
  constexpr std::uint32_t kSlotsMax = 64;
  const SuccessorRequest* request = now_.request;
  if ((request != nullptr && request->nearest != nullptr) || program_.slot_count() > kSlotsMax) {
    return ActAndNamingMisses(id, node, index, f, k, is_named);
  }
  std::uint64_t given = 0;  // variables that got their next value here
  const bool goes_on = ActAndFrom(id, node, index, f, k, is_named, given);
  for (; given != 0; given &= given - 1) now_.assigned[std::countr_zero(given)] = 0;
  return goes_on;
}

bool Machine::ActAndFrom(NodeId id, const Node& node, std::size_t index, Value* f, Continuation k, bool is_named,
                         std::uint64_t& given) {
  const bool is_counted = now_.request != nullptr && now_.request->count_ways;
  const NodeId* operands = code_->lists.data() + node.list;
  for (; index < node.list_size; ++index) {
    const NodeId operand = operands[index];
    const Node& part = nodes_[operand];
    switch (part.op) {
      case Opcode::kUnchanged: {
        const Value& value = now_.state[part.a];
        if (now_.assigned[part.a] == 0) {
          now_.next[part.a] = value;
          now_.assigned[part.a] = 1;
          given |= std::uint64_t{1} << part.a;
          NoteUnchanged(part.a);
        } else if (!AgreesWith(part.a, value, operand)) {
          return true;
        }
        continue;
      }
      case Opcode::kAssign: {
        const bool is_given = now_.assigned[part.a] == 0;
        Value value = is_given ? GivenValue(part.a, part.b, f) : Finite(part.b, f);
        if (is_given) {
          now_.next[part.a] = std::move(value);
          now_.assigned[part.a] = 1;
          given |= std::uint64_t{1} << part.a;
        } else if (!AgreesWith(part.a, value, operand)) {
          return true;
        }
        continue;
      }
      default: break;
    }
    const bool is_named_here = is_named && node.c == index;
    if (!is_named_here && !part.is_step() && (part.is_single_way() || !is_counted)) {
      if (!Test(operand, f)) return true;
      continue;
    }
    const bool is_name_ahead = is_named && node.c >= index && node.c < node.list_size;
    if (index > 0 && !is_name_ahead && IsSettled()) {
      for (; index < node.list_size; ++index) {
        if (!Test(operands[index], f)) return true;
      }
      break;
    }
    if (index + 1 == node.list_size) return Act(operand, f, k, is_named_here);
    return Act(
        operand, f, [&] { return ActAnd(id, node, index + 1, f, k, is_named); }, is_named_here);
  }
  return k();
}

bool Machine::ActAndNamingMisses(NodeId id, const Node& node, std::size_t index, Value* f, Continuation k,
                                 bool is_named) {
  if (index == node.list_size) return k();
  const bool is_name_ahead = is_named && node.c >= index && node.c < node.list_size;
  if (index > 0 && !is_name_ahead && IsSettled()) {
    for (; index < node.list_size; ++index) {
      if (!Test(code_->lists[node.list + index], f)) return true;
    }
    return k();
  }
  const AndFrame frame{id, index, f, now_.and_top};
  now_.and_top = &frame;
  const bool goes_on = Act(
      code_->lists[node.list + index], f,
      [&] {
        now_.and_top = frame.outer;
        const bool more = ActAndNamingMisses(id, node, index + 1, f, k, is_named);
        now_.and_top = &frame;
        return more;
      },
      is_named && node.c == index);
  now_.and_top = frame.outer;
  return goes_on;
}

bool Machine::ActOr(NodeId id, const Node& node, Value* f, Continuation k, bool is_named) {
  const bool must_reach = !now_.is_entered && CanReach(id);
  for (const NodeId operand : code_->list(node)) {
    if (must_reach && !CanReach(operand)) continue;
    if (!Act(operand, f, k, is_named)) return false;
  }
  return true;
}

// The value that the claim gives a bound variable: by the parameter it is passed for, or by name.
const Value* Machine::ClaimedBound(const Binder& binder, std::size_t slot) const {
  if (now_.request == nullptr || now_.request->claim == nullptr || binder.is_tuple) return nullptr;
  const ClaimedAction& claim = *now_.request->claim;
  const LocalId local = binder.locals[slot];
  if (!now_.is_entered) {
    const auto parameter = claim.paths->parameter_of_binder.find(local.index);
    if (parameter != claim.paths->parameter_of_binder.end()) {
      const std::optional<Value>& value = claim.parameters[parameter->second];
      if (value) return &*value;
    }
  }
  if (claim.bound.empty()) return nullptr;
  const auto name = claim.paths->bound_names.find(local.index);
  if (name == claim.paths->bound_names.end()) return nullptr;
  for (const auto& [bound_name, value] : claim.bound) {
    if (bound_name == name->second) return &value;
  }
  return nullptr;
}

bool Machine::ActExists(NodeId id, const Node& node, std::size_t index, std::size_t slot, Value* f, Continuation k,
                        bool is_named) {
  if (index == node.c) return Act(node.a, f, k, is_named);
  const Binder& binder = code_->binders[node.b + index];
  if (binder.set == kNoNode) {
    FailAt(ErrorKind::kNotEnumerable, "an unbounded quantifier cannot be evaluated", binder.span, "give it a set");
  }
  const bool is_last = binder.is_tuple || slot + 1 == binder.slots.size();
  const auto go = [&](const Value& element) {
    Bind(binder, slot, element, f);
    return ActExists(id, node, is_last ? index + 1 : index, is_last ? 0 : slot + 1, f, k, is_named);
  };
  if (const Value* claimed = ClaimedBound(binder, slot)) {
    if (Contains(binder.set, f, *claimed, id)) return go(*claimed);
    Miss(id, f);
    return true;
  }
  bool is_any = false;
  const bool goes_on = ForEach(binder.set, f, [&](const Value& element) {
    is_any = true;
    return go(element);
  });
  if (!is_any) Miss(id, f);
  return goes_on;
}

// A conjunction over the bindings. What one binding's ways have in the frame is put back after
// the later bindings, which use the same slots, have had their turn.
bool Machine::ActForAll(NodeId id, const Node& node, Value* f, Continuation k) {
  const auto binders = code_->bound(node);
  std::vector<std::vector<Value>> bindings;
  ForEachBinding(binders, f, id, [&] {
    std::vector<Value>& binding = bindings.emplace_back();
    for (const Binder& binder : binders) {
      for (const SlotId slot : binder.slots) binding.push_back(f[slot]);
    }
    CheckSize(bindings.size(), id);
    return true;
  });
  const std::uint32_t first = code_->lists[node.list];
  const std::uint32_t last = code_->lists[node.list + 1];
  const auto go = [&](const auto& self, std::size_t index) -> bool {
    if (index == bindings.size()) return k();
    std::size_t at = 0;
    for (const Binder& binder : binders) {
      for (const SlotId slot : binder.slots) f[slot] = bindings[index][at++];
    }
    if (index > 0 && IsSettled()) return !Test(node.a, f) || self(self, index + 1);
    return Act(
        node.a, f,
        [&] {
          const std::vector<Value> saved(f + first, f + last);
          const bool goes_on = self(self, index + 1);
          std::copy(saved.begin(), saved.end(), f + first);
          return goes_on;
        },
        false);
  };
  return go(go, 0);
}

bool Machine::ActBranch(NodeId id, NodeId taken, Value* f, Continuation k, bool is_named) {
  if (!now_.is_entered && CanReach(id) && !CanReach(taken)) {
    Miss(id, f);
    return true;
  }
  return Act(taken, f, k, is_named);
}

bool Machine::ClaimAgrees(const program::Call& call, Value* f) {
  const ClaimedAction& claim = *now_.request->claim;
  for (std::size_t i = 0; i < call.parameters.size() && i < claim.parameters.size(); ++i) {
    if (!claim.parameters[i] || call.parameters[i] == kNoNode) continue;
    if (!Same(Finite(call.parameters[i], f), *claim.parameters[i])) return false;
  }
  return true;
}

bool Machine::ActInline(NodeId id, const Node& node, Value* f, Continuation k, bool is_named) {
  const program::Call& call = code_->calls[node.b];
  for (const SlotId slot : call.memo_slots) f[slot] = Value::Unset();
  if (!call.definition.is_valid()) return Act(node.a, f, k, is_named);
  const ActionScope scope(*this);
  const SuccessorRequest* request = now_.request;
  if (is_named) {
    now_.action = id;
    now_.action_frame = f;
    if (request != nullptr && request->claim != nullptr && !now_.is_entered &&
        request->claim->paths->definition == call.effective) {
      if (!ClaimAgrees(call, f)) return true;
      now_.is_entered = true;
    }
  }
  try {
    return Act(node.a, f, k, is_named);
  } catch (EvalFailure& failure) {
    AddErrorFrame(failure.error, spec_.definition(call.effective).name, id);
    throw;
  }
}

// A recursive operator in the place of an action.
bool Machine::ActCall(NodeId id, const Node& node, Value* f, Continuation k, bool is_named) {
  const program::Unit& unit = code_->units[node.a];
  const CallScope scope(*this, id, unit.name);
  const std::size_t caller_size = frame_size_;
  const FrameScope frame(*this, unit.frame_size);
  Value* inner = frame.get();
  frame_size_ = caller_size;
  PassArguments(unit, node, f, inner);
  frame_size_ = unit.frame_size;
  return Act(
      unit.body, inner,
      [&] {
        frame_size_ = caller_size;
        const bool goes_on = k();
        frame_size_ = unit.frame_size;
        return goes_on;
      },
      is_named);
}

bool Machine::Enabled(const Node& node, Value* f) {
  const Context saved = now_;
  struct Restore {
    Machine& machine;
    const Context& context;
    ~Restore() { machine.now_ = context; }
  };
  const Restore restore{*this, saved};
  Buffer& buffer = TakeBuffer(program_.slot_count());
  // Under a prime the next state takes the part of the present one.
  if (node.b == 1) now_.state = saved.next;
  now_.next = buffer.next.data();
  now_.assigned = buffer.assigned.data();
  now_.next_state = &buffer.next;
  now_.request = nullptr;
  now_.notes_changes = false;
  now_.is_init = false;
  now_.and_top = nullptr;
  bool is_found = false;
  (void)Act(
      node.a, f,
      [&] {
        is_found = true;
        return false;
      },
      false);
  return is_found;
}

}  // namespace kelpie::eval
