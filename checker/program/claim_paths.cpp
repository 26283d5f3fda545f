#include <set>

#include "checker/program/program.h"

namespace kelpie::program {

using resolve::Expr;
using resolve::ExprKind;
using resolve::Level;

namespace {

// Walks from Next to every application of one operator. `Reach` answers from memory per
// expression; binders are matched with the operator's parameters by following arguments
// that are plain names through the definitions in between.
class PathFinder {
 public:
  PathFinder(const Program& program, ClaimPaths& paths)
      : program_(program), paths_(paths), memo_(program.spec->exprs.size(), kUnvisited) {}

  bool Reach(ExprId id) {
    std::uint8_t& known = memo_[id.index];
    if (known == kVisiting) return false;  // a recursive operator adds no new way
    if (known != kUnvisited) return known == kYes;
    known = kVisiting;
    const bool reaches = Compute(id);
    memo_[id.index] = reaches ? kYes : kNo;
    if (reaches) paths_.reaches[id.index] = true;
    return reaches;
  }

  // Binders and parameters met on the way: where did the value of a local come from?
  using Origin = std::unordered_map<std::uint32_t, LocalId>;

  void MatchBinders(ExprId id, const Origin& origin, std::size_t depth) {
    if (depth > kDepthMax || !paths_.reaches[id.index]) return;
    const Expr& e = program_.expr(id);
    NameBounds(e);
    if (e.kind == ExprKind::kApply) {
      MatchApplication(e, origin, depth);
      return;
    }
    const std::size_t scope_size = scope_.size();
    if (e.kind == ExprKind::kExists) {
      for (const auto& bound : e.bounds) scope_.insert(scope_.end(), bound.locals.begin(), bound.locals.end());
    }
    for (const ExprId operand : e.operands) MatchBinders(operand, origin, depth + 1);
    for (const auto& arm : e.arms) MatchBinders(arm.value, origin, depth + 1);
    scope_.resize(scope_size);
  }

  // Bound variables in action position inside the operator's own body.
  void NameBody(ExprId id, std::size_t depth) {
    const Expr& e = program_.expr(id);
    if (depth > kDepthMax || e.level < Level::kAction || !body_seen_.insert(id.index).second) return;
    NameBounds(e);
    if (e.kind == ExprKind::kApply) {
      NameBody(program_.Body(e.definition), depth + 1);
    }
    for (const ExprId operand : e.operands) NameBody(operand, depth + 1);
    for (const auto& arm : e.arms) NameBody(arm.value, depth + 1);
  }

 private:
  static constexpr std::uint8_t kUnvisited = 0, kVisiting = 1, kNo = 2, kYes = 3;
  static constexpr std::size_t kDepthMax = 400;  // ways deeper than this are not searched by name

  bool Compute(ExprId id) {
    const Expr& e = program_.expr(id);
    if (e.level < Level::kAction) return false;
    if (e.kind == ExprKind::kApply) {
      const DefinitionId effective = program_.Effective(e.definition);
      return effective == paths_.definition || Reach(program_.spec->definition(effective).body);
    }
    bool reaches = false;
    for (const ExprId part : NamedParts(program_, e)) reaches |= Reach(part);
    return reaches;
  }

  void NameBounds(const Expr& e) {
    if (e.kind != ExprKind::kExists) return;
    for (const auto& bound : e.bounds) {
      for (const LocalId local : bound.locals) {
        paths_.bound_names.emplace(local.index, program_.spec->local_names[local.index]);
      }
    }
  }

  void MatchApplication(const Expr& e, const Origin& origin, std::size_t depth) {
    const DefinitionId effective = program_.Effective(e.definition);
    const auto& definition = program_.spec->definition(effective);
    const bool is_target = effective == paths_.definition;
    Origin inner;
    Origin passed_for;  // binder -> itself, for the binders that this application passes on plainly
    for (std::size_t i = 0; i < e.operands.size() && i < definition.parameters.size(); ++i) {
      const Expr& argument = program_.expr(e.operands[i]);
      if (argument.kind != ExprKind::kLocal) continue;
      const auto known = origin.find(argument.local.index);
      const LocalId source = known != origin.end() ? known->second : argument.local;
      if (is_target) {
        Match(source, i);
        passed_for.emplace(source.index, source);
      } else {
        inner.emplace(definition.parameters[i].local.index, source);
      }
    }
    if (!is_target) {
      MatchBinders(definition.body, inner, depth + 1);
      return;
    }
    // A way on which a binder in scope is not passed on, as in A(t) \/ A(t + 1): the claimed
    // argument does not fix it.
    for (const LocalId binder : scope_) {
      if (passed_for.contains(binder.index)) continue;
      ambiguous_.insert(binder.index);
      paths_.parameter_of_binder.erase(binder.index);
    }
  }

  void Match(LocalId binder, std::size_t parameter) {
    const auto [known, is_new] = paths_.parameter_of_binder.emplace(binder.index, parameter);
    // Passed for two different parameters on two ways: the binder cannot be fixed up front.
    if (!is_new && known->second != parameter) ambiguous_.insert(binder.index);
    if (ambiguous_.contains(binder.index)) paths_.parameter_of_binder.erase(binder.index);
  }

  const Program& program_;
  ClaimPaths& paths_;
  std::vector<std::uint8_t> memo_;
  std::set<std::uint32_t> ambiguous_;
  std::vector<LocalId> scope_;  // binders around the expression being walked
  std::set<std::uint32_t> body_seen_;
};

}  // namespace

ClaimPaths FindClaimPaths(const Program& program, DefinitionId action) {
  ClaimPaths paths;
  paths.definition = action;
  paths.reaches.assign(program.spec->exprs.size(), false);
  PathFinder finder(program, paths);
  if (program.next.is_valid() && finder.Reach(program.next)) finder.MatchBinders(program.next, {}, 0);
  finder.NameBody(program.spec->definition(action).body, 0);
  return paths;
}

}  // namespace kelpie::program
