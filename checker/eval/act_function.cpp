// Formulas that are values of functions: f[x] in the place of an action.
#include "checker/eval/scopes.h"

namespace kelpie::eval {

// The function constructor that a node stands for in this frame, if it is one.
NodeId Machine::ConstructorBehind(NodeId id) const {
  for (;;) {
    const Node& node = nodes_[id];
    if (node.op == Opcode::kFunction) return id;
    if (node.op == Opcode::kMemo) {
      id = node.b;
    } else if (node.op == Opcode::kInline && code_->calls[node.b].memo_slots.empty()) {
      id = node.a;
    } else {
      return kNoNode;
    }
  }
}

// f[x] of an f given by a rule is the rule's formula about x: in it, variables may get their values, and there may be
// several ways. A table has its truth values.
bool Machine::ActApply(NodeId id, const Node& node, Value* f, Continuation k) {
  if (!node.is_step() && node.is_single_way()) return ActLeaf(id, f, k);
  const NodeId constructor = ConstructorBehind(node.a);
  if (constructor != kNoNode) return ActRule(constructor, Finite(node.b, f), f, SpanOf(id), k);
  Value held;
  const Value function = Ref(node.a, f, held);
  if (!function.is_lazy()) return ActLeaf(id, f, k);
  const Value argument = Finite(node.b, f);
  const auto& rule = *static_cast<const LazyRule*>(function.lazy());
  const Opcode op = rule.compiled->code->nodes[rule.node].op;
  if (op != Opcode::kFunction && op != Opcode::kRecursiveFunction) return ActLeaf(id, f, k);
  const CallScope scope(*this, id, "a recursive function");
  const Span& span = SpanOf(id);
  Compiled* const outer = now_.compiled;
  const std::size_t outer_size = frame_size_;
  struct Restore {
    Machine& machine;
    Compiled* compiled;
    ~Restore() { machine.Enter(*compiled); }
  };
  const Restore restore{*this, outer};
  Enter(*rule.compiled);
  const FrameScope frame(*this, rule.frame.size());
  std::copy(rule.frame.begin(), rule.frame.end(), frame.get());
  const std::size_t inner_size = frame_size_;
  if (const SlotId self = code_->lists[nodes_[rule.node].list]; self != kNoNode) frame.get()[self] = function;
  return ActRule(rule.node, argument, frame.get(), span, [&] {
    Enter(*outer);
    frame_size_ = outer_size;
    const bool goes_on = k();
    Enter(*rule.compiled);
    frame_size_ = inner_size;
    return goes_on;
  });
}

// What follows may use the same slots for another argument.
bool Machine::ActRule(NodeId constructor, const Value& argument, Value* f, const Span& at, Continuation k) {
  const Node& function = nodes_[constructor];
  const auto binders = code_->bound(function);
  if (!IsArgument(binders, argument, f, constructor)) {
    FailAt(ErrorKind::kOutsideDomain, "the function is applied to " + ToString(argument) + ", outside its DOMAIN", at);
  }
  BindArgument(binders, argument, f, constructor);
  return Act(
      function.a, f,
      [&] {
        const bool goes_on = k();
        BindArgument(binders, argument, f, constructor);
        return goes_on;
      },
      false);
}

}  // namespace kelpie::eval
