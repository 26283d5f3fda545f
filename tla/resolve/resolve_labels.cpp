// Labels: `lab(x, y) :: e` names a part of a definition; its parameters are the names bound between
// the definition, or the next label outside, and the label (Specifying Systems' successor, "TLA+2").
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tla/resolve/resolver.h"

namespace kelpie::resolve {

using tla::DiagnosticKind;

ExprId Resolver::ResolveLabel(NodeId id) {
  CheckLabel(id);
  Expr label{.kind = ExprKind::kLabel, .span = node(id).span};
  LabelScope inner{.locals_begin = locals_.size()};
  LabelScope* const outer = std::exchange(label_scope_, label_scope_ != nullptr ? &inner : nullptr);
  label.operands = {Resolve(children(id).back())};
  label_scope_ = outer;
  label.fields = {std::string(text(id))};
  return Add(std::move(label));
}

void Resolver::CheckLabel(NodeId id) {
  const auto report = [&](const tla::Span& span, std::string rule) {
    Report(DiagnosticKind::kBadLabel, span, {.found = std::string(text(id)), .expected = std::move(rule)});
  };
  if (label_scope_ == nullptr) return report(node(id).span, "a label stands in a definition or a named theorem");
  if (!at_.empty()) return report(node(id).span, "parts of EXCEPT have no labels");
  if (!label_scope_->names.insert(std::string(text(id))).second) report(node(id).span, "another part has that label");
  std::vector<std::string_view> bound;
  for (std::size_t i = label_scope_->locals_begin; i < locals_.size(); ++i) {
    if (locals_[i].symbol.kind == Symbol::Kind::kLocal) bound.push_back(locals_[i].name);
  }
  const auto parameters = children(id).first(children(id).size() - 1);
  for (const NodeId parameter : parameters) {
    const auto found = std::find(bound.begin(), bound.end(), text(parameter));
    if (found == bound.end()) {
      report(node(parameter).span, "its parameters are the names bound around it, each once");
    } else {
      bound.erase(found);
    }
  }
  if (!bound.empty()) report(node(id).span, "it needs the parameter `" + std::string(bound.front()) + "`");
}

Resolver::ExprIds Resolver::ResolveInLabelScope(std::span<const NodeId> nodes) {
  LabelScope scope{.locals_begin = locals_.size()};
  LabelScope* const outer = std::exchange(label_scope_, &scope);
  ExprIds resolved;
  for (const NodeId one : nodes) resolved.push_back(Resolve(one));
  label_scope_ = outer;
  return resolved;
}

}  // namespace kelpie::resolve
