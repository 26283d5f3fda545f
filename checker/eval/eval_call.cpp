// Operators that are called, not put in place: the recursive ones, and those that are too large.
#include <algorithm>

#include "checker/eval/scopes.h"
#include "tla/resolve/builtins.h"

namespace kelpie::eval {

// Arguments are evaluated before the call; one that cannot be is missed only if it is looked at.
// What the unit inherits stands in front of them.
void Machine::PassArguments(const program::Unit& unit, const Node& call, Value* f, Value* inner) {
  for (std::uint32_t i = 0; i < unit.inherited_count; ++i) inner[i] = f[i];
  for (std::size_t i = 0; i < unit.parameters.size(); ++i) {
    const NodeId argument = code_->lists[call.list + i];
    if (nodes_[argument].is_described()) {
      inner[unit.parameters[i]] = MakeLazy(argument, f);
      continue;
    }
    try {
      inner[unit.parameters[i]] = Eval(argument, f);
    } catch (const EvalFailure&) {
      inner[unit.parameters[i]] = MakeLazy(argument, f);
    }
  }
}

namespace {

// Of one unit, but for what it calls, which is added to `reached`.
bool IsBodyPure(const Code& code, UnitId id, std::vector<UnitId>& reached) {
  const program::Unit& unit = code.units[id];
  if (unit.inherited_count != 0) return false;
  std::vector<NodeId> open{unit.body};
  while (!open.empty()) {
    const Node& node = code.node(open.back());
    open.pop_back();
    switch (node.op) {
      case Opcode::kVariable:
      case Opcode::kNextVariable:
      case Opcode::kUnchanged:
      case Opcode::kAssign:
      case Opcode::kAssignIn:
      case Opcode::kAssignSubset:
      case Opcode::kEnabled:
      case Opcode::kCompose:
      case Opcode::kCount: return false;
      case Opcode::kModuleOperator: {
        const Builtin builtin = code.builtins[node.a];
        if (builtin == Builtin::kPrint || builtin == Builtin::kPrintT || builtin == Builtin::kAssertEq ||
            resolve::IsVolatile(builtin)) {
          return false;
        }
        break;
      }
      case Opcode::kCall:
        if (std::find(reached.begin(), reached.end(), node.a) == reached.end()) reached.push_back(node.a);
        break;
      default: break;
    }
    program::ForEachChild(code, node, [&](NodeId child) { open.push_back(child); });
  }
  return true;
}

}  // namespace

// Does a unit's value depend on its arguments alone? So must be all that it may call, itself among them.
bool Machine::IsPure(UnitId id) {
  std::vector<std::int8_t>& known = now_.compiled->is_pure;
  if (known.empty()) known.assign(code_->units.size(), kNotLooked);
  if (known[id] != kNotLooked) return known[id] != 0;
  std::vector<UnitId> reached{id};
  bool is_pure = code_->units[id].parameters.size() <= CallMemory::kArgumentsMax;
  for (std::size_t i = 0; is_pure && i < reached.size(); ++i) is_pure = IsBodyPure(*code_, reached[i], reached);
  known[id] = is_pure ? 1 : 0;
  return is_pure;
}

Value Machine::EvalCall(NodeId id, const Node& node, Value* f) {
  const program::Unit& unit = code_->units[node.a];
  const CallScope scope(*this, id, unit.name);
  const std::size_t caller_size = frame_size_;
  const FrameScope frame(*this, unit.frame_size);
  frame_size_ = caller_size;
  PassArguments(unit, node, f, frame.get());
  frame_size_ = unit.frame_size;
  const auto evaluate = [&] {
    try {
      return Eval(unit.body, frame.get());
    } catch (EvalFailure& failure) {
      AddErrorFrame(failure.error, unit.name, id);
      throw;
    }
  };
  if (!IsPure(node.a)) return evaluate();
  CallMemory::Question question{now_.compiled, node.a, {}, 0, 0};
  for (const SlotId slot : unit.parameters) {
    if (frame.get()[slot].is_lazy()) return evaluate();
    question.Add(frame.get()[slot]);
  }
  // What is known was found so many operators deep: where that would be too deep, the error is met.
  if (const CallMemory::Entry* known = calls_.Find(question);
      known != nullptr && now_.depth + known->depth < options_.limits.depth_max) {
    deepest_ = std::max(deepest_, now_.depth + known->depth);
    return known->value;
  }
  const std::size_t outer_deepest = deepest_;
  deepest_ = now_.depth;
  Value value = evaluate();
  if (!value.is_lazy()) calls_.Keep(std::move(question), value, deepest_ - now_.depth);
  deepest_ = std::max(outer_deepest, deepest_);
  return value;
}

}  // namespace kelpie::eval
