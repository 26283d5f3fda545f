#include "checker/program/expr_facts.h"

#include <algorithm>

#include "tla/resolve/builtins.h"

namespace kelpie::program {

using resolve::Builtin;
using resolve::Expr;
using resolve::ExprKind;

namespace {
constexpr std::uint8_t kUnknown = 0, kVisiting = 1, kKnown = 2;
constexpr std::uint32_t kSizeMax = 1U << 30;

void Unite(std::vector<std::uint32_t>& into, const std::vector<std::uint32_t>& from) {
  if (from.empty()) return;
  std::vector<std::uint32_t> all;
  std::set_union(into.begin(), into.end(), from.begin(), from.end(), std::back_inserter(all));
  into = std::move(all);
}

// What holds of a part holds of the whole.
void Absorb(Facts& facts, const Facts& other) {
  facts.reads_state |= other.reads_state;
  facts.reads_next |= other.reads_next;
  facts.has_effects |= other.has_effects;
  facts.size = std::min(kSizeMax, facts.size + other.size);
  Unite(facts.free_locals, other.free_locals);
}

void Bind(Facts& facts, LocalId local) {
  const auto at = std::lower_bound(facts.free_locals.begin(), facts.free_locals.end(), local.index);
  if (at != facts.free_locals.end() && *at == local.index) facts.free_locals.erase(at);
}
}  // namespace

ExprFacts::ExprFacts(const Program& program)
    : program_(program),
      facts_(program.spec->exprs.size()),
      is_known_(program.spec->exprs.size(), kUnknown),
      definition_facts_(program.spec->definitions.size()),
      is_definition_known_(program.spec->definitions.size(), kUnknown) {}

const Facts& ExprFacts::Of(ExprId id) {
  if (is_known_[id.index] != kUnknown) return facts_[id.index];
  is_known_[id.index] = kVisiting;
  Facts facts = Compute(id);
  facts_[id.index] = std::move(facts);
  is_known_[id.index] = kKnown;
  return facts_[id.index];
}

const Facts& ExprFacts::OfDefinition(DefinitionId id) {
  if (is_definition_known_[id.index] != kUnknown) return definition_facts_[id.index];
  is_definition_known_[id.index] = kVisiting;
  const resolve::Definition& definition = program_.spec->definition(id);
  // What a recursive application inside the definition is taken for, until all is known: its
  // level is the resolver's; one of a LET may read any local around it.
  if (definition.is_recursive) {
    Facts& guess = definition_facts_[id.index];
    guess.reads_state = definition.level >= resolve::Level::kState;
    guess.reads_next = definition.level >= resolve::Level::kAction;
    guess.has_effects = program_.let_of.contains(id.index);
  }
  Facts facts = definition.body.is_valid() ? Of(definition.body) : Facts{};
  for (const auto& parameter : definition.parameters) Bind(facts, parameter.local);
  definition_facts_[id.index] = std::move(facts);
  is_definition_known_[id.index] = kKnown;
  return definition_facts_[id.index];
}

bool ExprFacts::IsFixed(ExprId id) {
  const Facts& facts = Of(id);
  return !facts.reads_state && !facts.reads_next && !facts.has_effects && facts.free_locals.empty();
}

void ExprFacts::Add(Facts& facts, ExprId id) {
  if (!id.is_valid()) return;
  Absorb(facts, Of(id));
}

void ExprFacts::AddDefinition(Facts& facts, DefinitionId id) {
  const DefinitionId effective = program_.Effective(id);
  if (const auto found = program_.overrides.find(effective.index);
      found != program_.overrides.end() && !found->second.definition) {
    return;
  }
  Absorb(facts, OfDefinition(effective));
}

void ExprFacts::AddBuiltin(Facts& facts, const Expr& e) {
  const Builtin builtin = e.builtin;
  const bool is_print = builtin == Builtin::kPrint || builtin == Builtin::kPrintT || builtin == Builtin::kAssertEq;
  if (is_print || resolve::IsVolatile(builtin)) facts.has_effects = true;
  const resolve::Replacement* replaced = program_.Replaces(builtin, e.is_instanced);
  if (replaced != nullptr && replaced->definition) AddDefinition(facts, *replaced->definition);
}

Facts ExprFacts::Compute(ExprId id) {
  const Expr& e = program_.expr(id);
  Facts facts;
  facts.size = 1;
  for (const ExprId operand : e.operands) Add(facts, operand);
  switch (e.kind) {
    case ExprKind::kVariable: facts.reads_state = true; break;
    case ExprKind::kLocal:
    case ExprKind::kAt:
    case ExprKind::kApplyLocal: Unite(facts.free_locals, {e.local.index}); break;
    case ExprKind::kPrime:
      facts.reads_next |= facts.reads_state;
      facts.reads_state = false;
      break;
    case ExprKind::kUnchanged:
    case ExprKind::kSquareAction:
    case ExprKind::kAngleAction:
    case ExprKind::kCompose: facts.reads_next = true; break;
    case ExprKind::kEnabled:
      facts.reads_next = false;
      facts.reads_state = true;
      break;
    case ExprKind::kBuiltin:
    case ExprKind::kBuiltinRef: AddBuiltin(facts, e); break;
    case ExprKind::kApply: AddDefinition(facts, e.definition); break;
    case ExprKind::kOperatorRef:
      if (e.definition.is_valid()) {
        AddDefinition(facts, e.definition);
      } else {
        Unite(facts.free_locals, {e.local.index});
      }
      break;
    case ExprKind::kConstant: {
      const auto found = program_.model->constants.find(e.constant);
      if (found != program_.model->constants.end() && found->second.definition)
        AddDefinition(facts, *found->second.definition);
      break;
    }
    default: break;
  }
  for (const auto& arm : e.arms) {
    Add(facts, arm.guard);
    Add(facts, arm.value);
  }
  for (const auto& update : e.updates) {
    for (const ExprId step : update.path) Add(facts, step);
    Add(facts, update.value);
    Bind(facts, update.at_local);
  }
  for (const auto& bound : e.bounds) {
    for (const LocalId local : bound.locals) Bind(facts, local);
  }
  for (const auto& bound : e.bounds) Add(facts, bound.set);
  if (e.kind == ExprKind::kRecursiveFunction) Bind(facts, e.local);
  return facts;
}

std::uint32_t ExprFacts::CountUses(ExprId id, LocalId local, bool is_repeated, std::size_t depth) {
  constexpr std::size_t kDepthMax = 200;  // deeper uses are taken for repeated ones
  if (!id.is_valid()) return 0;
  const Facts& facts = Of(id);
  if (!std::binary_search(facts.free_locals.begin(), facts.free_locals.end(), local.index)) return 0;
  if (depth > kDepthMax) return 2;
  const Expr& e = program_.expr(id);
  const std::uint32_t once = is_repeated ? 2 : 1;
  if (e.kind == ExprKind::kLocal || e.kind == ExprKind::kAt) return once;
  std::uint32_t count = e.kind == ExprKind::kApplyLocal && e.local == local ? once : 0;
  // Arguments of operators may be used more than once by them.
  const bool repeats = is_repeated || !e.bounds.empty() || e.kind == ExprKind::kApply || e.kind == ExprKind::kLet ||
                       e.kind == ExprKind::kApplyLocal || e.kind == ExprKind::kExcept;
  for (const ExprId operand : e.operands) count += CountUses(operand, local, repeats, depth + 1);
  for (const auto& arm : e.arms) {
    count += CountUses(arm.guard, local, repeats, depth + 1) + CountUses(arm.value, local, repeats, depth + 1);
  }
  for (const auto& update : e.updates) {
    for (const ExprId step : update.path) count += CountUses(step, local, repeats, depth + 1);
    count += CountUses(update.value, local, repeats, depth + 1);
  }
  for (const auto& bound : e.bounds) count += CountUses(bound.set, local, repeats, depth + 1);
  // Free in the expression and not seen in its parts: it is used by a LET definition that it applies.
  return count == 0 ? 2 : count;
}

std::uint32_t ExprFacts::Uses(DefinitionId definition, std::size_t parameter) {
  const resolve::Definition& d = program_.spec->definition(definition);
  return CountUses(d.body, d.parameters[parameter].local, false, 0);
}

}  // namespace kelpie::program
