#include <map>
#include <string_view>
#include <utility>

#include "tla/resolve/resolver.h"

namespace kelpie::resolve {

using ast::NodeKind;
using tla::Span;

// Sets are evaluated outside of all the names bound beside them.
std::vector<Bound> Resolver::ResolveBounds(std::span<const NodeId> nodes) {
  std::vector<Bound> bounds;
  for (const NodeId id : nodes) {
    const NodeKind kind = node(id).kind;
    Bound bound{.is_tuple = kind == NodeKind::kTupleBound || kind == NodeKind::kUnboundedTuple, .span = node(id).span};
    const bool has_set = kind == NodeKind::kBound || kind == NodeKind::kTupleBound;
    if (has_set) bound.set = Resolve(children(id).back());
    bounds.push_back(std::move(bound));
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const NodeId name : children(nodes[i])) {
      const bool is_set = bounds[i].set.is_valid() && name == children(nodes[i]).back();
      if (!is_set) bounds[i].locals.push_back(BindLocal(text(name), node(name).span));
    }
  }
  return bounds;
}

ExprId Resolver::ResolveBinder(NodeId id, ExprKind kind) {
  const auto parts = children(id);
  const std::size_t mark = locals_.size();
  Expr binder{.kind = kind, .span = node(id).span};
  binder.bounds = ResolveBounds(parts.first(parts.size() - 1));
  binder.operands = {Resolve(parts.back())};
  locals_.resize(mark);
  return Add(std::move(binder));
}

ExprId Resolver::ResolveSetMap(NodeId id) {
  const auto parts = children(id);
  const std::size_t mark = locals_.size();
  Expr map{.kind = ExprKind::kSetMap, .span = node(id).span};
  map.bounds = ResolveBounds(parts.subspan(1));
  map.operands = {Resolve(parts.front())};
  locals_.resize(mark);
  return Add(std::move(map));
}

ExprId Resolver::ResolveTemporalQuantifier(NodeId id, ExprKind kind) {
  const ExprId quantifier = ResolveBinder(id, kind);
  // The names bound by \AA and \EE are variables: their values change along a behavior.
  for (const LocalId local : spec_->expr(quantifier).bounds.front().locals) {
    local_facts_[local.index].level = Level::kState;
  }
  return quantifier;
}

// ASSUME NEW x, P PROVE Q: a name holds from its NEW to the end of its sequent.
void Resolver::ResolveSequent(NodeId id) {
  const std::size_t mark = locals_.size();
  for (const NodeId part : children(id)) {
    if (node(part).kind == NodeKind::kAssumeProve) {
      ResolveSequent(part);
    } else if (node(part).kind == NodeKind::kNewSymbol) {
      ResolveNewSymbol(part);
    } else {
      static_cast<void>(Resolve(part));
    }
  }
  locals_.resize(mark);
  if (label_scope_ != nullptr) label_scope_->locals_begin = mark;
}

void Resolver::ResolveNewSymbol(NodeId id) {
  static const std::map<std::string_view, Level> kLevels = {{"VARIABLE", Level::kState},
                                                            {"VARIABLES", Level::kState},
                                                            {"STATE", Level::kState},
                                                            {"ACTION", Level::kAction},
                                                            {"TEMPORAL", Level::kTemporal}};
  const auto parts = children(id);
  if (parts.size() > 1) static_cast<void>(Resolve(parts[1]));
  const NodeId declaration = parts.front();
  const LocalId local = BindLocal(text(declaration), node(declaration).span, node(declaration).arity);
  if (label_scope_ != nullptr) label_scope_->locals_begin = locals_.size();  // labels do not repeat it
  const auto level = kLevels.find(text(id));
  if (level != kLevels.end()) local_facts_[local.index].level = level->second;
}

ExprId Resolver::ResolveLambda(NodeId id) {
  const auto parts = children(id);
  const std::size_t mark = locals_.size();
  Expr lambda{.kind = ExprKind::kLambda, .span = node(id).span};
  Bound parameters{.span = node(id).span};
  for (const NodeId parameter : parts.first(parts.size() - 1)) {
    parameters.locals.push_back(BindLocal(text(parameter), node(parameter).span));
  }
  lambda.bounds.push_back(std::move(parameters));
  lambda.operands = {Resolve(parts.back())};
  locals_.resize(mark);
  return Add(std::move(lambda));
}

ExprId Resolver::ResolveLet(NodeId id) {
  const auto parts = children(id);
  const std::size_t mark = locals_.size();
  const std::set<std::uint32_t> outer_undefined = undefined_recursive_;
  Expr let{.kind = ExprKind::kLet, .span = node(id).span};
  for (const NodeId unit : parts.first(parts.size() - 1)) {
    if (node(unit).kind == NodeKind::kRecursive) {
      DeclareRecursive(unit, true);
    } else if (node(unit).kind == NodeKind::kModuleDefinition) {
      std::vector<DefinitionId>* const outer = std::exchange(let_definitions_, &let.definitions);
      DefineInstance(unit, true);
      let_definitions_ = outer;
    } else {
      // Definitions inside belong to inner LETs, not to an instance around.
      std::vector<DefinitionId>* const outer = std::exchange(let_definitions_, nullptr);
      let.definitions.push_back(Define(unit, true));
      let_definitions_ = outer;
    }
  }
  CheckRecursiveDefined(outer_undefined);
  let.operands = {Resolve(parts.back())};
  locals_.resize(mark);
  return Add(std::move(let));
}

}  // namespace kelpie::resolve
