#include <algorithm>

#include "checker/program/expr_facts.h"
#include "checker/program/program.h"

namespace kelpie::program {

using resolve::Expr;
using resolve::ExprKind;

namespace {

// The variables an expression may read, through every definition it may apply.
class ReadsFinder {
 public:
  explicit ReadsFinder(const Program& program)
      : program_(program),
        reads_(program.spec->variables.size(), false),
        is_expr_seen_(program.spec->exprs.size(), false),
        is_definition_seen_(program.spec->definitions.size(), false) {}

  std::vector<bool> Find(ExprId id) {
    Visit(id);
    return reads_;
  }

 private:
  void Visit(ExprId root) {
    pending_.push_back(root);
    while (!pending_.empty()) {
      const ExprId id = pending_.back();
      pending_.pop_back();
      if (!id.is_valid() || is_expr_seen_[id.index]) continue;
      is_expr_seen_[id.index] = true;
      const Expr& e = program_.expr(id);
      if (e.kind == ExprKind::kVariable) reads_[e.variable.index] = true;
      if (e.kind == ExprKind::kEnabled) reads_.assign(reads_.size(), true);
      if (e.kind == ExprKind::kApply || (e.kind == ExprKind::kOperatorRef && e.definition.is_valid())) {
        AddDefinition(e.definition);
      }
      for (const DefinitionId definition : e.definitions) AddDefinition(definition);
      if (e.kind == ExprKind::kConstant) AddConstant(e.constant);
      pending_.insert(pending_.end(), e.operands.begin(), e.operands.end());
      for (const auto& bound : e.bounds) pending_.push_back(bound.set);
      for (const auto& update : e.updates) {
        pending_.insert(pending_.end(), update.path.begin(), update.path.end());
        pending_.push_back(update.value);
      }
      for (const auto& arm : e.arms) {
        pending_.push_back(arm.guard);
        pending_.push_back(arm.value);
      }
    }
  }

  void AddDefinition(DefinitionId id) {
    const DefinitionId effective = program_.Effective(id);
    if (is_definition_seen_[effective.index]) return;
    is_definition_seen_[effective.index] = true;
    pending_.push_back(program_.spec->definition(effective).body);
  }

  // A constant may stand for a definition that reads variables.
  void AddConstant(resolve::ConstantId id) {
    const auto found = program_.model->constants.find(id);
    if (found != program_.model->constants.end() && found->second.definition) AddDefinition(*found->second.definition);
  }

  const Program& program_;
  std::vector<bool> reads_;
  std::vector<bool> is_expr_seen_;
  std::vector<bool> is_definition_seen_;
  std::vector<ExprId> pending_;
};

class Splitter {
 public:
  explicit Splitter(const Program& program) : program_(program), facts_(program) {}

  void AddConjuncts(std::size_t source, ExprId id, std::size_t depth = 0) {
    constexpr std::size_t kDepthMax = 50;  // definitions nested deeper stay whole
    const Expr& e = program_.expr(id);
    if (depth < kDepthMax && e.kind == ExprKind::kAnd) {
      for (const ExprId operand : e.operands) AddConjuncts(source, operand, depth + 1);
      return;
    }
    const bool is_plain =
        e.kind == ExprKind::kApply && e.operands.empty() && !program_.let_of.contains(e.definition.index);
    if (depth < kDepthMax && is_plain && !program_.overrides.contains(e.definition.index)) {
      AddConjuncts(source, program_.spec->definition(e.definition).body, depth + 1);
      return;
    }
    AddWhole(source, id);
  }

  void AddWhole(std::size_t source, ExprId id) {
    PredicatePart part{source, id, ReadsFinder(program_).Find(id), {}, !facts_.Of(id).has_effects};
    for (std::uint32_t slot = 0; slot < part.reads.size(); ++slot) {
      if (part.reads[slot]) part.slots.push_back(slot);
    }
    parts_.push_back(std::move(part));
  }

  std::vector<PredicatePart> Take() { return std::move(parts_); }

 private:
  const Program& program_;
  ExprFacts facts_;
  std::vector<PredicatePart> parts_;
};

}  // namespace

std::vector<PredicatePart> SplitInvariants(const Program& program) {
  Splitter splitter(program);
  for (std::size_t i = 0; i < program.invariants.size(); ++i) {
    splitter.AddConjuncts(i, program.invariants[i].expr);
  }
  return splitter.Take();
}

std::vector<PredicatePart> SplitConstraints(const Program& program) {
  Splitter splitter(program);
  for (std::size_t i = 0; i < program.constraints.size(); ++i) {
    splitter.AddConjuncts(i, program.Body(program.constraints[i]));
  }
  return splitter.Take();
}

std::vector<PredicatePart> PropertyActions(const Program& program) {
  Splitter splitter(program);
  for (std::size_t i = 0; i < program.action_properties.size(); ++i) {
    splitter.AddWhole(i, program.action_properties[i].action);
  }
  return splitter.Take();
}

bool HasEffects(const Program& program) {
  ExprFacts facts(program);
  std::vector<ExprId> evaluated = program.init;
  if (program.next.is_valid()) evaluated.push_back(program.next);
  for (const Invariant& invariant : program.invariants) evaluated.push_back(invariant.expr);
  for (const ActionProperty& property : program.action_properties) evaluated.push_back(property.action);
  for (const ExprId id : program.initial_property_exprs) evaluated.push_back(id);
  for (const DefinitionId id : program.constraints) evaluated.push_back(program.Body(id));
  for (const DefinitionId id : program.action_constraints) evaluated.push_back(program.Body(id));
  if (program.model->view) evaluated.push_back(program.Body(*program.model->view));
  return std::any_of(evaluated.begin(), evaluated.end(), [&](ExprId id) { return facts.Of(id).has_effects; });
}

}  // namespace kelpie::program
