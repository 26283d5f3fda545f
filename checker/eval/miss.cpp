// Why there was no successor: the way that came furthest, conjunct by conjunct.
#include "checker/eval/scopes.h"

namespace kelpie::eval {

// Keeps the way that passed the most conjuncts below the claimed operator; ties keep the
// first, which is the first in text order.
void Machine::Miss(NodeId id, Value* f, std::optional<std::uint32_t> slot, std::optional<Value> expected) {
  if (now_.request == nullptr || now_.request->nearest == nullptr) return;
  if (now_.request->claim != nullptr && !now_.is_entered) return;
  NearestMiss& best = *now_.request->nearest;
  const bool is_first = best.conjuncts.empty() && !best.error;
  if (!is_first && passed_.size() <= best.passed_count) return;
  best = NearestMiss{};
  best.passed_count = passed_.size();
  best.is_guard = !nodes_[id].is_step();
  best.action = CurrentAction();
  // Describing evaluates; it must not be described itself.
  const SuccessorRequest* saved = now_.request;
  now_.request = nullptr;
  std::vector<ConjunctValue> conjuncts;
  for (const PassedLeaf& leaf : passed_) {
    // UNCHANGED <<x, y>> is one conjunct of the text.
    const bool repeats = !conjuncts.empty() && conjuncts.back().expr == nodes_[leaf.node].origin;
    if (!repeats) conjuncts.push_back(Describe(leaf.node, leaf.frame, ConjunctValue::Truth::kTrue));
  }
  if (!conjuncts.empty() && conjuncts.back().expr == nodes_[id].origin) conjuncts.pop_back();
  ConjunctValue missed = Describe(id, f, ConjunctValue::Truth::kFalse);
  missed.slot = slot;
  missed.expected = std::move(expected);
  conjuncts.push_back(std::move(missed));
  AddRemaining(conjuncts);
  now_.request = saved;
  best.conjuncts = std::move(conjuncts);
}

void Machine::AddRemaining(std::vector<ConjunctValue>& conjuncts) {
  for (const AndFrame* frame = now_.and_top; frame != nullptr; frame = frame->outer) {
    const Node& node = nodes_[frame->node];
    if (program_.expr(node.origin).kind == resolve::ExprKind::kUnchanged) continue;
    for (std::size_t i = frame->index + 1; i < node.list_size; ++i) {
      const NodeId operand = code_->lists[node.list + i];
      ConjunctValue::Truth truth = ConjunctValue::Truth::kUnknown;
      if (!nodes_[operand].is_step()) {
        try {
          truth = Test(operand, frame->frame) ? ConjunctValue::Truth::kTrue : ConjunctValue::Truth::kFalse;
        } catch (const EvalFailure&) {
          truth = ConjunctValue::Truth::kError;
        }
      }
      conjuncts.push_back(Describe(operand, frame->frame, truth));
    }
  }
}

void Machine::MissError(const EvalError& error) {
  if (now_.request == nullptr || now_.request->nearest == nullptr) return;
  now_.request->nearest->error = error;
}

ConjunctValue Machine::Describe(NodeId id, Value* f, ConjunctValue::Truth truth) {
  ConjunctValue conjunct;
  conjunct.expr = nodes_[id].origin;
  conjunct.truth = truth;
  CollectParts(id, f, conjunct.parts, 0);
  if (truth == ConjunctValue::Truth::kFalse && !nodes_[id].is_step()) CollectCauses(id, f, conjunct.causes);
  return conjunct;
}

// Follows a false state predicate inwards to the first part of it that is false: through
// conjunctions, the conclusion of an implication, LET and the operators that it applies.
void Machine::CollectCauses(NodeId id, Value* f, std::vector<ConjunctValue::Cause>& causes) {
  constexpr std::size_t kCausesMax = 6;
  const Node& node = nodes_[id];
  const auto follow = [&](NodeId part) {
    if (causes.size() >= kCausesMax) return;
    ConjunctValue::Cause cause{nodes_[part].origin, {}};
    CollectParts(part, f, cause.parts, 0);
    causes.push_back(std::move(cause));
    CollectCauses(part, f, causes);
  };
  try {
    if (node.op == Opcode::kAnd) {
      for (const NodeId operand : code_->list(node)) {
        if (Test(operand, f)) continue;
        follow(operand);
        return;
      }
    } else if (node.op == Opcode::kImplies) {
      follow(node.b);
    } else if (node.op == Opcode::kInline) {
      const program::Call& call = code_->calls[node.b];
      for (const SlotId slot : call.memo_slots) f[slot] = Value::Unset();
      const Opcode body = nodes_[node.a].op;
      if (!call.definition.is_valid() || body == Opcode::kAnd || body == Opcode::kInline) {
        CollectCauses(node.a, f, causes);
      } else {
        follow(node.a);
      }
    }
  } catch (const EvalFailure&) {
    return;  // the causes found so far are still right
  }
}

// A variable, or f[i].g... over one: its value and its place in the state.
bool Machine::AddPlace(NodeId id, Value* f, std::vector<ConjunctValue::Part>& parts) {
  std::vector<NodeId> steps;
  NodeId root = id;
  while (nodes_[root].op == Opcode::kApply) {
    steps.push_back(root);
    root = nodes_[root].a;
  }
  const Node& base = nodes_[root];
  if (base.op != Opcode::kVariable && base.op != Opcode::kNextVariable) return false;
  ConjunctValue::Part part;
  part.span = SpanOf(id);
  part.is_primed = base.op == Opcode::kNextVariable && !now_.is_init;
  part.variable = program_.SlotName(base.a);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) part.path.push_back(Finite(nodes_[*step].b, f));
  part.value = Finite(id, f);
  parts.push_back(std::move(part));
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (nodes_[nodes_[*step].b].op != Opcode::kLiteral) CollectParts(nodes_[*step].b, f, parts, 1);
  }
  return true;
}

void Machine::CollectParts(NodeId id, Value* f, std::vector<ConjunctValue::Part>& parts, std::size_t depth) {
  constexpr std::size_t kDepthMax = 12;  // deeper parts help nobody read a report
  constexpr std::size_t kPartsMax = 24;
  if (depth > kDepthMax || parts.size() >= kPartsMax) return;
  const Node& node = nodes_[id];
  try {
    if ((node.flags & program::kFlagName) != 0) {
      ConjunctValue::Part part{.span = SpanOf(id), .value = Finite(id, f)};
      part.is_local = true;
      parts.push_back(std::move(part));
      return;
    }
    switch (node.op) {
      case Opcode::kVariable:
      case Opcode::kNextVariable:
      case Opcode::kApply:
        if (AddPlace(id, f, parts)) return;
        if (node.op == Opcode::kApply) parts.push_back({.span = SpanOf(id), .value = Finite(id, f)});
        break;
      case Opcode::kOnce:
      case Opcode::kConstant:
      case Opcode::kCall:
      case Opcode::kInline: {
        if (node.op == Opcode::kInline && !code_->calls[node.b].definition.is_valid()) return;
        const resolve::ExprKind kind = program_.expr(node.origin).kind;
        const bool is_name = kind == resolve::ExprKind::kConstant || kind == resolve::ExprKind::kApply;
        if (is_name && !node.is_step() && !node.is_described())
          parts.push_back({.span = SpanOf(id), .value = Finite(id, f)});
        if (node.op == Opcode::kInline) {
          for (const NodeId argument : code_->calls[node.b].parameters) {
            if (argument != kNoNode) CollectParts(argument, f, parts, depth + 1);
          }
          return;
        }
        if (node.op != Opcode::kCall) return;
        break;
      }
      case Opcode::kForAll:
      case Opcode::kExists:
      case Opcode::kChoose:
      case Opcode::kSetFilter:
      case Opcode::kSetMap:
      case Opcode::kFunction:
      case Opcode::kRecursiveFunction:
        // The bodies are about names that have no value here.
        for (const Binder& binder : code_->bound(node)) {
          if (binder.set != kNoNode) CollectParts(binder.set, f, parts, depth + 1);
        }
        return;
      case Opcode::kLambda: return;
      default: break;
    }
  } catch (const EvalFailure&) {
    return;  // a part without a value is left out
  }
  program::ForEachChild(*code_, node, [&](NodeId child) { CollectParts(child, f, parts, depth + 1); });
}

}  // namespace kelpie::eval
