// A module's syntax as immutable data: what was written, with exact places, and no meaning.
//
//   NodeId root = module.root();
//   for (NodeId unit : module.children(root))
//     if (module.node(unit).kind == NodeKind::kOperatorDefinition) std::cout << module.text(unit);
//
// All nodes are one struct in one vector; node_kinds.def says what text and children each kind
// has. Invariants: children come before their parent, so a walk in index order is bottom-up; a
// node's height is at most what the parser allowed, so a recursive walk is safe.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tla/source/source.h"

namespace kelpie::ast {

struct NodeId {
  std::uint32_t index = UINT32_MAX;
  [[nodiscard]] bool is_valid() const { return index != UINT32_MAX; }
  friend bool operator==(NodeId, NodeId) = default;
};

enum class NodeKind : std::uint8_t {
#define KELPIE_NODE_KIND(name, text) name,
#include "tla/ast/node_kinds.def"
#undef KELPIE_NODE_KIND
};

// The dump's word for a kind.
[[nodiscard]] std::string_view NameOf(NodeKind kind);

struct Node {
  NodeKind kind{};
  bool is_local = false;    // LOCAL definition or instance
  std::uint32_t arity = 0;  // of a kDeclaration: number of `_`
  std::uint32_t text = 0;   // index into the module's texts; 0 is ""
  std::uint32_t first_child = 0;
  std::uint32_t child_count = 0;
  std::uint32_t height = 1;  // longest path to a leaf, in nodes
  tla::Span span;
  tla::Span name_span;  // of the operator or name in kApply, kPrefix, kInfix, kPostfix
};

// One module with its submodules. Immutable; cheap to move, not meant to be copied.
class Module {
 public:
  [[nodiscard]] NodeId root() const { return root_; }
  [[nodiscard]] const Node& node(NodeId id) const { return nodes_[id.index]; }
  [[nodiscard]] std::string_view text(NodeId id) const { return texts_[nodes_[id.index].text]; }
  [[nodiscard]] std::span<const NodeId> children(NodeId id) const {
    const Node& n = nodes_[id.index];
    return std::span(children_).subspan(n.first_child, n.child_count);
  }
  [[nodiscard]] NodeId child(NodeId id, std::size_t index) const { return children(id)[index]; }
  [[nodiscard]] std::size_t node_count() const { return nodes_.size(); }
  [[nodiscard]] std::string_view name() const { return text(root_); }

 private:
  friend class ModuleBuilder;
  NodeId root_;
  std::vector<Node> nodes_;
  std::vector<NodeId> children_;
  std::vector<std::string> texts_;
};

// What Add() is given beside kind and span.
struct NodeParts {
  std::string_view text;
  std::uint32_t arity = 0;
  bool is_local = false;
  tla::Span name_span;
};

// Makes a Module bottom-up. Used by the parser only.
class ModuleBuilder {
 public:
  ModuleBuilder();
  // An invalid child stands for a part that was reported as wrong; an empty tuple takes its place,
  // in a tree that nobody will see. Cost: O(children + log texts).
  NodeId Add(NodeKind kind, const tla::Span& span, std::span<const NodeId> children = {}, const NodeParts& parts = {});
  [[nodiscard]] const Node& node(NodeId id) const { return module_.node(id); }
  [[nodiscard]] const Module& partial() const { return module_; }
  [[nodiscard]] Module Build(NodeId root) &&;

 private:
  Module module_;
  std::map<std::string, std::uint32_t, std::less<>> text_index_;
};

// One line a node: indentation, kind, text in quotes, span. Deterministic.
[[nodiscard]] std::string Dump(const Module& module);

}  // namespace kelpie::ast
