// A resolved specification and its model, made ready to be evaluated.
//
//   BuildResult built = BuildProgram(spec, model, diagnostics);
//   for (const ActionOperator& action : built.program->actions) ...
//
// Holds what is decided once and not per state: which formula is Init and which is Next,
// what each constant and overridden definition stands for, which operators name actions.
// Immutable after BuildProgram; shared by everything that evaluates.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "tla/resolve/model.h"
#include "tla/resolve/resolved_module.h"
#include "tla/source/diagnostic.h"

namespace kelpie::program {

using resolve::DefinitionId;
using resolve::ExprId;
using resolve::LocalId;

// An operator on the way from Next to a disjunct: an event may claim it, coverage counts it.
struct ActionOperator {
  DefinitionId definition;
  std::string name;
  bool is_leaf = true;  // names no further action operators: what coverage counts
};

// A property of the model file, sorted by what a finite trace or a step can decide.
struct ActionProperty {
  std::string name;  // as the model file lists it
  ExprId action;     // A of [][A]_v
  ExprId subscript;  // v
};

// An INVARIANT of the model, or P of a PROPERTY []P, which says the same.
struct Invariant {
  std::string name;         // as the model file lists it
  DefinitionId definition;  // of that name
  ExprId expr;              // what must hold in every state
};

// A conjunct of a PROPERTY that no finite behavior breaks, or that only a lasso can.
struct LivenessProperty {
  std::string name;  // as the model file lists it
  ExprId expr;
};

class Program {
 public:
  std::shared_ptr<const resolve::ResolvedSpec> spec;
  std::shared_ptr<const resolve::Model> model;

  std::vector<ExprId> init;      // conjuncts of the initial predicate, in order
  ExprId next;                   // invalid when the spec has no next-state relation
  ExprId subscript;              // v of [][Next]_v; invalid for the INIT/NEXT form
  std::vector<ExprId> fairness;  // WF and SF conjuncts of the specification
  std::vector<Invariant> invariants;
  std::vector<ActionProperty> action_properties;
  std::vector<std::string> initial_properties;  // state-level PROPERTY: holds in initial states
  std::vector<ExprId> initial_property_exprs;   // beside initial_properties
  std::vector<LivenessProperty> liveness;       // the other conjuncts of properties
  std::vector<DefinitionId> constraints;
  std::vector<DefinitionId> action_constraints;
  std::vector<ActionOperator> actions;  // in text order of Next

  // By DefinitionId: what an overridden definition stands for.
  std::unordered_map<std::uint32_t, resolve::Replacement> overrides;
  // By DefinitionId: what stands for a variable of an INSTANCE has a slot behind the variables, for its next value
  // inside ENABLED.
  std::unordered_map<std::uint32_t, std::uint32_t> abstract_slots;
  // By DefinitionId: the LET that defines it; absent for top-level definitions.
  std::unordered_map<std::uint32_t, ExprId> let_of;

  // The definition that applications of `id` really mean.
  [[nodiscard]] DefinitionId Effective(DefinitionId id) const;
  // What the model puts in place of a built-in where it is used; null: nothing. is_instanced: Expr has it.
  [[nodiscard]] const resolve::Replacement* Replaces(resolve::Builtin builtin, bool is_instanced) const;
  // The body that applications of `id` evaluate.
  [[nodiscard]] ExprId Body(DefinitionId id) const { return spec->definition(Effective(id)).body; }
  [[nodiscard]] const resolve::Expr& expr(ExprId id) const { return spec->expr(id); }
  // The definition of that name that Next names as an action, if any.
  [[nodiscard]] const ActionOperator* FindAction(std::string_view name) const;
  // Variables, and what stands for variables.
  [[nodiscard]] std::size_t slot_count() const { return spec->variables.size() + abstract_slots.size(); }
  [[nodiscard]] std::string SlotName(std::uint32_t slot) const;
  [[nodiscard]] bool check_deadlock() const { return model->check_deadlock.value_or(true); }
};

// Splits the specification. Returns nothing exactly when it added an error to `diagnostics`:
// no initial predicate, no next-state relation, or a property of a form that cannot be split.
[[nodiscard]] std::shared_ptr<const Program> BuildProgram(std::shared_ptr<const resolve::ResolvedSpec> spec,
                                                          std::shared_ptr<const resolve::Model> model,
                                                          tla::Diagnostics& diagnostics);

// A predicate, or a conjunct of one, and the variables that its truth depends on, by slot.
struct PredicatePart {
  std::size_t source = 0;  // which predicate it is a conjunct of
  ExprId expr;
  std::vector<bool> reads;
  std::vector<std::uint32_t> slots;  // where `reads` is true
  bool is_pure = true;               // its truth depends on nothing else, and evaluating it does nothing else
};

// The invariants taken apart at their top-level conjunctions, in order: after a step only the
// parts that read a changed variable need to be looked at again. `source` is the index in Program::invariants.
[[nodiscard]] std::vector<PredicatePart> SplitInvariants(const Program& program);
// The same of Program::constraints.
[[nodiscard]] std::vector<PredicatePart> SplitConstraints(const Program& program);
// The actions of Program::action_properties, each as a whole; a variable is read where it is primed too.
[[nodiscard]] std::vector<PredicatePart> PropertyActions(const Program& program);

// Whether evaluating states and steps does more than give a value, or gives another one each time: Print, TLCSet,
// TLCGet, random choices. Their order can be seen then.
[[nodiscard]] bool HasEffects(const Program& program);

// Where an action operator's arguments come from, on every way from Next to it.
struct ClaimPaths {
  DefinitionId definition;
  // Binder -> index of the operator's parameter that it is passed for, by LocalId.
  std::unordered_map<std::uint32_t, std::size_t> parameter_of_binder;
  // Names of bound variables on the way to the operator and in its body, by LocalId.
  std::unordered_map<std::uint32_t, std::string> bound_names;
  // Expressions from which an application of the operator can be reached in action position.
  std::vector<bool> reaches;
};

[[nodiscard]] ClaimPaths FindClaimPaths(const Program& program, DefinitionId action);

// The parts of a formula in which its actions are named: disjuncts, bodies of \E, LET and
// labels, branches, the one action-level conjunct. Not the definitions that it applies.
[[nodiscard]] std::vector<ExprId> NamedParts(const Program& program, const resolve::Expr& e);

// May an action's successors be looked for below operand `index` of this conjunction by name?
// Only the sole action-level operand counts: `guard /\ A` names A, `A /\ B` names neither.
[[nodiscard]] bool IsNamedOperand(const Program& program, const resolve::Expr& conjunction, std::size_t index);

}  // namespace kelpie::program
