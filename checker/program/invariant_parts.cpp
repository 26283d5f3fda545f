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

void SplitConjunction(const Program& program, std::size_t invariant, ExprId id, std::size_t depth,
                      std::vector<InvariantPart>& parts) {
  constexpr std::size_t kDepthMax = 50;  // definitions nested deeper stay whole
  const Expr& e = program.expr(id);
  if (depth < kDepthMax && e.kind == ExprKind::kAnd) {
    for (const ExprId operand : e.operands) SplitConjunction(program, invariant, operand, depth + 1, parts);
    return;
  }
  const bool is_plain =
      e.kind == ExprKind::kApply && e.operands.empty() && !program.let_of.contains(e.definition.index);
  if (depth < kDepthMax && is_plain && !program.overrides.contains(e.definition.index)) {
    SplitConjunction(program, invariant, program.spec->definition(e.definition).body, depth + 1, parts);
    return;
  }
  InvariantPart part{invariant, id, ReadsFinder(program).Find(id), {}};
  for (std::uint32_t slot = 0; slot < part.reads.size(); ++slot) {
    if (part.reads[slot]) part.slots.push_back(slot);
  }
  parts.push_back(std::move(part));
}

}  // namespace

std::vector<InvariantPart> SplitInvariants(const Program& program) {
  std::vector<InvariantPart> parts;
  for (std::size_t i = 0; i < program.invariants.size(); ++i) {
    const DefinitionId id = program.Effective(program.invariants[i].definition);
    SplitConjunction(program, i, program.spec->definition(id).body, 0, parts);
  }
  return parts;
}

}  // namespace kelpie::program
