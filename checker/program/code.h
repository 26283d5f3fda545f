// Compiled expressions: names resolved to slots, operators put in place, steps made explicit.
//
//   CodeBuilder builder(program);
//   NodeId next = builder.Compile(program.next, Mode::kStep);
//   const Node& node = builder.code().node(next);      // kOr, its list the disjuncts
//
// One tree of nodes, addressed by id; two value domains give it meaning: concrete values
// (checker/eval) and values with unknown leaves (checker/symbolic). A unit is a piece of code with
// a frame of its own: slots for parameters, bound variables and remembered values. Operators that
// are not recursive are compiled in place, with slots of the frame around them, so that no name is
// looked up while evaluating and no environment is built.
// Invariants: children have smaller ids than their parents, except bodies of units; a slot has
// one binder; whatever a node does not use of a, b, c and list is zero or kNoNode.
// Cost: O(size after putting operators in place); operators whose size would pass a limit are
// units and called.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tla/resolve/resolved_module.h"

namespace kelpie::program {

using resolve::DefinitionId;
using resolve::ExprId;
using resolve::LocalId;

enum class Opcode : std::uint8_t {
#define KELPIE_OPCODE(name, text, children) name,
#include "checker/program/opcodes.def"
#undef KELPIE_OPCODE
};

[[nodiscard]] std::string_view NameOf(Opcode opcode);
// Which fields are nodes, as opcodes.def writes it.
[[nodiscard]] std::string_view ChildrenOf(Opcode opcode);

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = UINT32_MAX;
using UnitId = std::uint32_t;
using SlotId = std::uint32_t;  // of a frame

// What a node is known to be without evaluating it.
enum NodeFlag : std::uint8_t {
  kFlagStep = 1,        // reads or gives a primed variable (in an initial predicate: any variable)
  kFlagDescribed = 2,   // a set that is described, not listed: better asked than made
  kFlagName = 4,        // stands for a parameter or bound variable of the text
  kFlagPlace = 8,       // a name, or f[x] over names: it need not be made, only found
  kFlagSingleWay = 32,  // as a guard true in one way or not at all, as TLC counts ways
  kFlagFixedSet = 64,   // a set put together of constants only: it is the same whenever it is made
  kFlagShared = 16,     // kInline of an operator of the state whose value depends on its arguments only
};

struct Node {
  Opcode op = Opcode::kLiteral;
  std::uint8_t flags = 0;
  ExprId origin;  // the expression it was made of; its span is where errors point
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t c = 0;
  std::uint32_t list = 0;
  std::uint32_t list_size = 0;

  [[nodiscard]] bool is_step() const { return (flags & kFlagStep) != 0; }
  [[nodiscard]] bool is_place() const { return (flags & kFlagPlace) != 0; }
  [[nodiscard]] bool is_single_way() const { return (flags & kFlagSingleWay) != 0; }
  [[nodiscard]] bool is_fixed_set() const { return (flags & kFlagFixedSet) != 0; }
  [[nodiscard]] bool is_described() const { return (flags & kFlagDescribed) != 0; }
};

// A step of the way to a place such as v[x].field: first where the way begins, then the arguments.
struct PathStep {
  Opcode op = Opcode::kApply;  // of a leaf; kApply: a place that has to be found by itself
  std::uint32_t index = 0;     // the leaf's `a`; of kApply the node
};

struct Literal {
  enum class Kind : std::uint8_t { kBool, kInt, kString, kModelValue };
  Kind kind = Kind::kBool;
  std::int64_t integer = 0;
  std::string text;
};

// `x \in S`, `x, y \in S` or `<<x, y>> \in S`.
struct Binder {
  NodeId set = kNoNode;  // kNoNode: unbounded
  std::vector<SlotId> slots;
  std::vector<LocalId> locals;  // beside slots
  bool is_tuple = false;
  resolve::Span span;
};

struct Update {
  std::vector<NodeId> path;
  NodeId value = kNoNode;
  SlotId at = 0;  // frame slot of @
  resolve::Span span;
};

// An operator put in place.
struct Call {
  DefinitionId definition;         // as named in the text; invalid for LET
  DefinitionId effective;          // what it stands for
  std::vector<SlotId> memo_slots;  // cleared on entry
  std::vector<NodeId> parameters;  // by parameter; kNoNode for those of operator kind
};

// A piece of code with its own frame.
struct Unit {
  std::string name;
  NodeId body = kNoNode;
  std::uint32_t inherited_count = 0;  // first slots of the frame, copied from the caller's
  std::vector<SlotId> parameters;
  std::uint32_t frame_size = 0;
  resolve::Span span;
};

struct Code {
  std::vector<Node> nodes;
  std::vector<NodeId> lists;
  std::vector<PathStep> paths;
  std::vector<Literal> literals;
  std::vector<Binder> binders;
  std::vector<Update> updates;
  std::vector<Call> calls;
  std::vector<Unit> units;
  std::vector<resolve::Builtin> builtins;
  std::vector<std::string> messages;
  std::uint32_t once_count = 0;

  [[nodiscard]] const Node& node(NodeId id) const { return nodes[id]; }
  [[nodiscard]] std::span<const NodeId> list(const Node& node) const {
    return {lists.data() + node.list, node.list_size};
  }
  [[nodiscard]] std::span<const Binder> bound(const Node& node) const { return {binders.data() + node.b, node.c}; }
  [[nodiscard]] std::span<const Update> updates_of(const Node& node) const { return {updates.data() + node.b, node.c}; }
};

// Calls visit(NodeId) for each child of a node, in the order of evaluation where there is one.
template <typename Visit>
void ForEachChild(const Code& code, const Node& node, const Visit& visit) {
  const auto one = [&](NodeId child) {
    if (child != kNoNode) visit(child);
  };
  for (const char field : ChildrenOf(node.op)) {
    switch (field) {
      case 'a': one(node.a); break;
      case 'b': one(node.b); break;
      case 'c': one(node.c); break;
      case 'l':
        for (std::uint32_t i = 0; i < node.list_size; ++i) one(code.lists[node.list + i]);
        break;
      case 'B':
        for (std::uint32_t i = 0; i < node.c; ++i) one(code.binders[node.b + i].set);
        break;
      default:  // 'U'
        for (std::uint32_t i = 0; i < node.c; ++i) {
          const Update& update = code.updates[node.b + i];
          for (const NodeId step : update.path) one(step);
          one(update.value);
        }
        break;
    }
  }
}

}  // namespace kelpie::program
