#include "checker/eval/temporal.h"

#include <algorithm>

#include "checker/eval/scopes.h"

namespace kelpie::eval {
namespace {

using Op = TemporalFormula::Op;

bool IsTemporal(Opcode op) { return op >= Opcode::kAlways && op <= Opcode::kStrongFairness; }

constexpr std::size_t kNodesMax = 1'000'000;  // of one formula, written out

}  // namespace

// Walks the code of one formula. The frame holds what quantifiers and operators around the present place have bound.
class TemporalWalker {
 public:
  TemporalWalker(Machine& machine, Value* frame, std::size_t frame_size)
      : machine_(machine), code_(*machine.code_), f_(frame), frame_size_(frame_size) {
    has_temporal_.assign(code_.nodes.size(), kUnknown);
  }

  TemporalFormula Run() {
    made_.root = Walk(code_.units[0].body);
    return std::move(made_);
  }

 private:
  enum : std::uint8_t { kUnknown, kYes, kNo };

  bool HasTemporal(NodeId id) {
    std::uint8_t& known = has_temporal_[id];
    if (known != kUnknown) return known == kYes;
    known = kNo;
    bool has = IsTemporal(code_.node(id).op);
    ForEachChild(code_, code_.node(id), [&](NodeId child) { has = HasTemporal(child) || has; });
    has_temporal_[id] = has ? kYes : kNo;
    return has;
  }

  std::uint32_t Add(TemporalFormula::Node node) {
    if (made_.nodes.size() >= kNodesMax) {
      machine_.FailAt(ErrorKind::kSize, "a temporal formula has more than " + std::to_string(kNodesMax) + " parts",
                      node.span, "quantify over smaller sets");
    }
    made_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(made_.nodes.size() - 1);
  }
  std::uint32_t Make(Op op, NodeId at, std::vector<std::uint32_t> parts) {
    return Add({.op = op, .parts = std::move(parts), .span = machine_.SpanOf(at)});
  }

  std::uint32_t Atom(NodeId id) {
    const AtomId atom = machine_.AddAtom(id, f_, frame_size_);
    return Add({.op = Op::kAtom, .atom = atom, .is_step = code_.node(id).is_step(), .span = machine_.SpanOf(id)});
  }

  std::uint32_t Walk(NodeId id) {
    if (!HasTemporal(id)) return Atom(id);
    const Node& node = code_.node(id);
    switch (node.op) {
      case Opcode::kAlways: return Make(Op::kAlways, id, {Walk(node.a)});
      case Opcode::kEventually: return Make(Op::kEventually, id, {Walk(node.a)});
      case Opcode::kNot: return Make(Op::kNot, id, {Walk(node.a)});
      case Opcode::kLeadsTo: return Binary(Op::kLeadsTo, id, node);
      case Opcode::kImplies: return Binary(Op::kImplies, id, node);
      case Opcode::kEquivalent: return Binary(Op::kEquivalent, id, node);
      case Opcode::kWeakFairness: return Make(Op::kWeakFairness, id, {Atom(node.a), Atom(node.b)});
      case Opcode::kStrongFairness: return Make(Op::kStrongFairness, id, {Atom(node.a), Atom(node.b)});
      case Opcode::kAnd:
      case Opcode::kOr: {
        std::vector<std::uint32_t> parts;
        for (const NodeId part : code_.list(node)) parts.push_back(Walk(part));
        return Make(node.op == Opcode::kAnd ? Op::kAnd : Op::kOr, id, std::move(parts));
      }
      case Opcode::kForAll:
      case Opcode::kExists: return Quantifier(id, node);
      case Opcode::kIf: {
        const std::uint32_t condition = Walk(node.a);
        const std::uint32_t yes = Walk(node.b);
        return If(id, condition, yes, Walk(node.c));
      }
      case Opcode::kCase:
        if (node.a != kNoNode) return Case(id, node);
        [[fallthrough]];
      case Opcode::kMemo:
      case Opcode::kOnce: return Walk(node.b);
      case Opcode::kInline:
        for (const SlotId slot : code_.calls[node.b].memo_slots) f_[slot] = Value::Unset();
        return Walk(node.a);
      default:
        machine_.Fail(ErrorKind::kUnsupported, "a temporal formula stands where only a state or a step can be judged",
                      id,
                      "temporal operators may be combined by /\\, \\/, ~, =>, <=>, IF, CASE with OTHER, \\A and \\E");
    }
  }

  std::uint32_t Binary(Op op, NodeId id, const Node& node) {
    const std::uint32_t left = Walk(node.a);
    return Make(op, id, {left, Walk(node.b)});
  }

  // (condition => yes) /\ (condition \/ no)
  std::uint32_t If(NodeId id, std::uint32_t condition, std::uint32_t yes, std::uint32_t no) {
    const std::uint32_t then = Make(Op::kImplies, id, {condition, yes});
    const std::uint32_t otherwise = Make(Op::kOr, id, {condition, no});
    return Make(Op::kAnd, id, {then, otherwise});
  }

  // The first guard that is true decides; OTHER stands in `a`.
  std::uint32_t Case(NodeId id, const Node& node) {
    std::uint32_t made = Walk(node.a);
    const auto arms = code_.list(node);
    for (std::size_t i = arms.size(); i >= 2; i -= 2) {
      const std::uint32_t guard = Walk(arms[i - 2]);
      made = If(id, guard, Walk(arms[i - 1]), made);
    }
    return made;
  }

  std::uint32_t Quantifier(NodeId id, const Node& node) {
    std::vector<std::uint32_t> parts;
    (void)machine_.ForEachBinding(code_.bound(node), f_, id, [&] {
      parts.push_back(Walk(node.a));
      return true;
    });
    return Make(node.op == Opcode::kForAll ? Op::kAnd : Op::kOr, id, std::move(parts));
  }

  Machine& machine_;
  const Code& code_;
  Value* f_;
  std::size_t frame_size_;
  TemporalFormula made_;
  std::vector<std::uint8_t> has_temporal_;
};

AtomId Machine::AddAtom(NodeId id, const Value* f, std::size_t frame_size) {
  // What an evaluation leaves in slots that it binds itself does not matter, but would make equal atoms differ.
  StepAtom atom{.compiled = now_.compiled, .node = id, .frame = {f, f + frame_size}};
  const auto known = std::find_if(atoms_.begin(), atoms_.end(), [&](const StepAtom& other) {
    return other.compiled == atom.compiled && other.node == atom.node &&
           std::equal(other.frame.begin(), other.frame.end(), atom.frame.begin(), atom.frame.end(),
                      [](const Value& a, const Value& b) {
                        return a.is_same_object(b) ||
                               (!a.is_unset() && !b.is_unset() && !a.is_lazy() && !b.is_lazy() && Same(a, b));
                      });
  });
  if (known != atoms_.end()) return static_cast<AtomId>(known - atoms_.begin());
  atoms_.push_back(std::move(atom));
  return static_cast<AtomId>(atoms_.size() - 1);
}

Result<TemporalFormula> Machine::ExpandTemporal(ExprId expr) {
  Entry entry(*this);
  try {
    Value* f = BeginEvaluation(entry, expr, nullptr, nullptr);
    return TemporalWalker(*this, f, frame_size_).Run();
  } catch (EvalFailure& failure) {
    return std::move(failure.error);
  }
}

// <<A>>_v and [A]_v look at v first: about a step that leaves it alone, A need not have a truth.
Result<bool> Machine::HoldsAtom(AtomId id, const State& state, const State* next) {
  Entry entry(*this);
  const StepAtom& atom = atoms_[id];
  try {
    Value* f = entry.Start(*atom.compiled);
    std::copy(atom.frame.begin(), atom.frame.end(), f);
    now_.state = state.data();
    if (next != nullptr) {
      now_.next = const_cast<Value*>(next->data());
      now_.assigned = all_assigned_.data();
    }
    const Node& node = nodes_[atom.node];
    if (node.op == Opcode::kAngle) return !Test(node.b, f) && Test(node.a, f);
    if (node.op == Opcode::kSquare) return Test(node.b, f) || Test(node.a, f);
    return Test(atom.node, f);
  } catch (EvalFailure& failure) {
    return std::move(failure.error);
  }
}

}  // namespace kelpie::eval
