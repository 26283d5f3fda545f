#include "tla/ast/ast.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kelpie::ast {

std::string_view NameOf(NodeKind kind) {
  static constexpr std::array<std::string_view, 256> kNames = {
#define KELPIE_NODE_KIND(name, text) text,
#include "tla/ast/node_kinds.def"
#undef KELPIE_NODE_KIND
  };
  return kNames[static_cast<std::size_t>(kind)];
}

ModuleBuilder::ModuleBuilder() {
  module_.texts_.emplace_back();
  text_index_.emplace(std::string(), 0u);
}

NodeId ModuleBuilder::Add(NodeKind kind, const tla::Span& span, std::span<const NodeId> children,
                          const NodeParts& parts) {
  std::vector<NodeId> complete;
  if (std::any_of(children.begin(), children.end(), [](NodeId child) { return !child.is_valid(); })) {
    complete.assign(children.begin(), children.end());
    for (NodeId& child : complete) {
      if (!child.is_valid()) child = Add(NodeKind::kTuple, span);
    }
    children = complete;
  }
  Node node;
  node.kind = kind;
  node.is_local = parts.is_local;
  node.arity = parts.arity;
  node.span = span;
  node.name_span = parts.name_span;
  node.first_child = static_cast<std::uint32_t>(module_.children_.size());
  node.child_count = static_cast<std::uint32_t>(children.size());
  for (const NodeId child : children) {
    module_.children_.push_back(child);
    node.height = std::max(node.height, module_.nodes_[child.index].height + 1);
  }
  auto found = text_index_.find(parts.text);
  if (found == text_index_.end()) {
    found = text_index_.emplace(std::string(parts.text), static_cast<std::uint32_t>(module_.texts_.size())).first;
    module_.texts_.emplace_back(parts.text);
  }
  node.text = found->second;
  module_.nodes_.push_back(node);
  return NodeId{static_cast<std::uint32_t>(module_.nodes_.size() - 1)};
}

Module ModuleBuilder::Build(NodeId root) && {
  module_.root_ = root;
  return std::move(module_);
}

namespace {

void AppendQuoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\f') {
      out += "\\f";
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

std::string Dump(const Module& module) {
  std::string out;
  // An explicit stack: a dump must work for whatever the parser let through.
  std::vector<std::pair<NodeId, std::size_t>> pending{{module.root(), 0}};
  while (!pending.empty()) {
    const auto [id, depth] = pending.back();
    pending.pop_back();
    const Node& node = module.node(id);
    out.append(2 * depth, ' ');
    out += NameOf(node.kind);
    if (node.is_local) out += " local";
    if (node.text != 0) {
      out += ' ';
      AppendQuoted(module.text(id), out);
    }
    if (node.arity != 0) out += " arity=" + std::to_string(node.arity);
    const tla::Span& s = node.span;
    out += " @" + std::to_string(s.line) + ":" + std::to_string(s.column) + "-" + std::to_string(s.end_line) + ":" +
           std::to_string(s.end_column) + "\n";
    const auto children = module.children(id);
    for (std::size_t i = children.size(); i-- > 0;) pending.emplace_back(children[i], depth + 1);
  }
  return out;
}

}  // namespace kelpie::ast
