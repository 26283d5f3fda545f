// Scopes that put the machine back as it was, also when an error passes through.
#pragma once

#include "checker/eval/machine.h"

namespace kelpie::eval {

// One call from outside: what was being looked at before it is taken up again after it.
class Machine::Entry {
 public:
  explicit Entry(Machine& machine)
      : machine_(machine),
        saved_(machine.now_),
        nodes_(machine.nodes_),
        code_(machine.code_),
        literals_(machine.literals_),
        frame_size_(machine.frame_size_) {
    machine.now_ = Context{};
    machine.now_.buffer_count = saved_.buffer_count;
    machine.now_.generation = ++machine.generation_;
    if (machine.stack_base_ == nullptr) {
      machine.stack_base_ = static_cast<const char*>(__builtin_frame_address(0));
      is_outermost_ = true;
    }
  }
  ~Entry() {
    Stop();
    machine_.now_ = saved_;
    machine_.nodes_ = nodes_;
    machine_.code_ = code_;
    machine_.literals_ = literals_;
    machine_.frame_size_ = frame_size_;
    if (is_outermost_) machine_.stack_base_ = nullptr;
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  // The frame of the root: its own one, unless that is in use further out. Starting another code
  // ends the one before.
  Value* Start(Compiled& compiled) {
    Stop();
    machine_.Enter(compiled);
    machine_.frame_size_ = compiled.code->units[0].frame_size;
    if (compiled.is_running) {
      is_pushed_ = true;
      return machine_.frames_.Push(compiled.code->units[0].frame_size);
    }
    compiled.is_running = true;
    running_ = &compiled;
    is_owner_ = true;
    return compiled.frame.data();
  }

 private:
  void Stop() {
    if (is_owner_) running_->is_running = false;
    if (is_pushed_) machine_.frames_.Pop();
    is_owner_ = is_pushed_ = false;
  }

  Machine& machine_;
  Context saved_;
  const Node* nodes_;
  const Code* code_;
  const Value* literals_;
  std::size_t frame_size_;
  Compiled* running_ = nullptr;
  bool is_owner_ = false;
  bool is_pushed_ = false;
  bool is_outermost_ = false;
};

// A frame for one call of a unit or one application of a rule.
class Machine::FrameScope {
 public:
  FrameScope(Machine& machine, std::size_t size)
      : machine_(machine), frame_(machine.frames_.Push(size)), outer_size_(machine.frame_size_) {
    machine.frame_size_ = size;
  }
  ~FrameScope() {
    machine_.frames_.Pop();
    machine_.frame_size_ = outer_size_;
  }
  FrameScope(const FrameScope&) = delete;
  FrameScope& operator=(const FrameScope&) = delete;
  [[nodiscard]] Value* get() const { return frame_; }

 private:
  Machine& machine_;
  Value* frame_;
  std::size_t outer_size_;
};

// Counts nested calls, so that runaway recursion ends in an error with the operator stack and not
// in a crash.
class Machine::CallScope {
 public:
  CallScope(Machine& machine, NodeId at, const std::string& name) : machine_(machine) {
    constexpr std::ptrdiff_t kStackMax = 6 << 20;  // of the usual 8 MiB
    const std::ptrdiff_t used = machine.stack_base_ - static_cast<const char*>(__builtin_frame_address(0));
    const std::size_t limit = machine.options_.limits.depth_max;
    if (machine.now_.depth >= limit || used > kStackMax) {
      machine.FailAt(
          ErrorKind::kDepth,
          machine.now_.depth >= limit
              ? "operators are applied more than " + std::to_string(limit) + " deep in " + name
              : "the stack is used up by operators applied " + std::to_string(machine.now_.depth) + " deep in " + name,
          at == kNoNode ? Span{} : machine.SpanOf(at), "a recursion that does not end, or raise --max-depth");
    }
    if (++machine.now_.depth > machine.deepest_) machine.deepest_ = machine.now_.depth;
  }
  ~CallScope() { --machine_.now_.depth; }
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

 private:
  Machine& machine_;
};

inline const Value* Machine::Leaf(Opcode op, std::uint32_t index, Value* f) const {
  switch (op) {
    case Opcode::kLiteral: return &literals_[index];
    case Opcode::kVariable: Watch(index); return now_.state != nullptr ? &now_.state[index] : nullptr;
    case Opcode::kNextVariable:
      Watch(index);
      return now_.next != nullptr && now_.assigned[index] != 0 ? &now_.next[index] : nullptr;
    case Opcode::kLocal: return &f[index];
    case Opcode::kMemo: return f[index].is_unset() ? nullptr : &f[index];
    case Opcode::kOnce: return once_[index].is_unset() ? nullptr : &once_[index];
    case Opcode::kConstant: return constants_[index].is_unset() ? nullptr : &constants_[index];
    default: return nullptr;
  }
}

// An operator put in place: forgets what it remembered, names itself in errors.
template <typename Body>
auto Machine::InCall(const Node& node, Value* f, const Body& evaluate) {
  const program::Call& call = code_->calls[node.b];
  for (const SlotId slot : call.memo_slots) f[slot] = Value::Unset();
  if (!call.definition.is_valid()) return evaluate(node.a);
  try {
    return evaluate(node.a);
  } catch (EvalFailure& failure) {
    AddErrorFrame(failure.error, spec_.definition(call.effective).name, static_cast<NodeId>(&node - nodes_));
    throw;
  }
}

// Asks a rule, in its own code and a copy of the frame it was met in.
template <typename Ask>
auto Machine::AskLazy(const Value& lazy, const Ask& ask) {
  const auto& rule = *static_cast<const LazyRule*>(lazy.lazy());
  // Rules may lead to rules without an operator in between.
  const CallScope scope(*this, kNoNode, "a set or function given by a rule");
  struct Restore {
    Machine& machine;
    Compiled* compiled;
    ~Restore() { machine.Enter(*compiled); }
  };
  const Restore restore{*this, now_.compiled};
  Enter(*rule.compiled);
  const FrameScope frame(*this, rule.frame.size());
  std::copy(rule.frame.begin(), rule.frame.end(), frame.get());
  return ask(rule.node, frame.get());
}

// Is there no other way to ask this set for an element than to make it? Who asks often then makes it once.
[[nodiscard]] inline bool IsMadeToBeAsked(const Code& code, NodeId set) {
  const Node* node = &code.node(set);
  while (node->op == Opcode::kInline) node = &code.node(node->a);
  return node->op == Opcode::kSetMap || (node->op == Opcode::kSetFilter && !node->is_described());
}

}  // namespace kelpie::eval
