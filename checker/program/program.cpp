#include "checker/program/program.h"

namespace kelpie::program {

using resolve::Expr;
using resolve::ExprKind;
using resolve::Level;

DefinitionId Program::Effective(DefinitionId id) const {
  // A <- B and B <- C make A mean C; a circle of them ends where it began.
  constexpr int kHopsMax = 16;
  for (int hop = 0; hop < kHopsMax; ++hop) {
    const auto found = overrides.find(id.index);
    if (found == overrides.end() || !found->second.definition) break;
    id = *found->second.definition;
  }
  return id;
}

std::string Program::SlotName(std::uint32_t slot) const {
  if (slot < spec->variables.size()) return spec->variables[slot].name;
  for (const auto& [definition, abstract_slot] : abstract_slots) {
    if (abstract_slot == slot) return spec->definitions[definition].name;
  }
  return "?";
}

const resolve::Replacement* Program::Replaces(resolve::Builtin builtin, bool is_instanced) const {
  const auto found = model->builtins.find(builtin);
  if (found == model->builtins.end() || (is_instanced && !found->second.is_everywhere)) return nullptr;
  return &found->second.replacement;
}

const ActionOperator* Program::FindAction(std::string_view name) const {
  for (const ActionOperator& action : actions) {
    if (action.name == name) return &action;
  }
  return nullptr;
}

bool IsNamedOperand(const Program& program, const Expr& conjunction, std::size_t index) {
  for (std::size_t i = 0; i < conjunction.operands.size(); ++i) {
    const bool is_action = program.expr(conjunction.operands[i]).level >= Level::kAction;
    if (is_action != (i == index)) return false;
  }
  return true;
}

std::vector<ExprId> NamedParts(const Program& program, const Expr& e) {
  std::vector<ExprId> parts;
  switch (e.kind) {
    case ExprKind::kAnd:
      for (std::size_t i = 0; i < e.operands.size(); ++i) {
        if (IsNamedOperand(program, e, i)) parts.push_back(e.operands[i]);
      }
      return parts;
    case ExprKind::kOr:
    case ExprKind::kExists:
    case ExprKind::kIf:
    case ExprKind::kLet:
    case ExprKind::kLabel:
    case ExprKind::kSquareAction:
    case ExprKind::kAngleAction: return e.operands;
    case ExprKind::kCase:
      for (const auto& arm : e.arms) parts.push_back(arm.value);
      return parts;
    default: return parts;
  }
}

namespace {

// Collects the operators that name actions: those applied on the way from Next through
// disjunctions, quantifiers, IF, CASE, LET, labels and definitions.
class ActionCollector {
 public:
  explicit ActionCollector(const Program& program)
      : program_(program), is_seen_(program.spec->definitions.size(), false) {}

  // Was an operator that names an action met?
  bool Walk(ExprId id) {
    const Expr& e = program_.expr(id);
    if (e.level < Level::kAction) return false;
    if (e.kind == ExprKind::kApply) {
      WalkDefinition(e.definition);
      return true;
    }
    bool is_met = false;
    for (const ExprId part : NamedParts(program_, e)) is_met |= Walk(part);
    return is_met;
  }

  std::vector<ActionOperator> Take() { return std::move(actions_); }

 private:
  void WalkDefinition(DefinitionId id) {
    const DefinitionId effective = program_.Effective(id);
    if (is_seen_[effective.index]) return;
    is_seen_[effective.index] = true;
    const auto& definition = program_.spec->definition(id);
    const std::size_t index = actions_.size();
    actions_.push_back({effective, definition.name});
    const bool is_leaf = !Walk(program_.spec->definition(effective).body);
    actions_[index].is_leaf = is_leaf;
  }

  const Program& program_;
  std::vector<bool> is_seen_;
  std::vector<ActionOperator> actions_;
};

// Takes Init /\ [][Next]_v /\ fairness apart, through definitions and conjunctions.
class SpecificationSplitter {
 public:
  SpecificationSplitter(Program& program, tla::Diagnostics& diagnostics)
      : program_(program), diagnostics_(diagnostics) {}

  void Split(ExprId id) {
    const Expr& e = program_.expr(id);
    if (e.kind == ExprKind::kAnd) {
      for (const ExprId operand : e.operands) Split(operand);
    } else if (e.kind == ExprKind::kLabel) {
      Split(e.operands[0]);
    } else if (e.kind == ExprKind::kApply && e.level == Level::kTemporal && e.operands.empty()) {
      Split(program_.Body(e.definition));
    } else if (e.level <= Level::kState) {
      program_.init.push_back(id);
    } else if (IsBoxedAction(e)) {
      const Expr& square = program_.expr(e.operands[0]);
      if (program_.next.is_valid()) {
        diagnostics_.Add(tla::DiagnosticKind::kModelConflict, e.span,
                         {.found = "the specification has a second next-state relation",
                          .expected = "keep one [][Next]_vars conjunct"});
        return;
      }
      program_.next = square.operands[0];
      program_.subscript = square.operands[1];
    } else {
      // WF, SF and other temporal conjuncts: no finite prefix refutes them.
      program_.fairness.push_back(id);
    }
  }

 private:
  bool IsBoxedAction(const Expr& e) const {
    return e.kind == ExprKind::kAlways && program_.expr(e.operands[0]).kind == ExprKind::kSquareAction;
  }

  Program& program_;
  tla::Diagnostics& diagnostics_;
};

// Sorts one PROPERTY into what can be decided state by state, step by step, or neither.
class PropertySorter {
 public:
  PropertySorter(Program& program, DefinitionId id)
      : program_(program), id_(id), name_(program.spec->definition(id).name) {}

  void Sort(ExprId id) {
    const Expr& e = program_.expr(id);
    if (e.kind == ExprKind::kAnd && e.level == Level::kTemporal) {
      for (const ExprId operand : e.operands) Sort(operand);
    } else if (e.kind == ExprKind::kApply && e.operands.empty() && e.level == Level::kTemporal) {
      Sort(program_.Body(e.definition));
    } else if (e.kind == ExprKind::kAlways && program_.expr(e.operands[0]).kind == ExprKind::kSquareAction) {
      const Expr& square = program_.expr(e.operands[0]);
      program_.action_properties.push_back({name_, square.operands[0], square.operands[1]});
    } else if (e.kind == ExprKind::kAlways && program_.expr(e.operands[0]).level <= Level::kState) {
      program_.invariants.push_back({name_, id_, e.operands[0]});  // as for TLC, which reports it as one
    } else if (e.level <= Level::kState) {
      program_.initial_properties.push_back(name_);
      program_.initial_property_exprs.push_back(id);
    } else {
      program_.liveness.push_back({name_, id});
    }
  }

 private:
  Program& program_;
  DefinitionId id_;
  std::string name_;
};

void FindLets(Program& program) {
  for (std::uint32_t i = 0; i < program.spec->exprs.size(); ++i) {
    const Expr& e = program.spec->exprs[i];
    if (e.kind != ExprKind::kLet) continue;
    for (const DefinitionId definition : e.definitions) program.let_of.emplace(definition.index, ExprId{i});
  }
}

void TakeBehavior(Program& program, tla::Diagnostics& diagnostics) {
  const resolve::Model& model = *program.model;
  if (model.specification) {
    SpecificationSplitter(program, diagnostics).Split(program.Body(*model.specification));
    return;
  }
  if (model.init) program.init.push_back(program.Body(*model.init));
  if (model.next) program.next = program.Body(*model.next);
}

}  // namespace

std::shared_ptr<const Program> BuildProgram(std::shared_ptr<const resolve::ResolvedSpec> spec,
                                            std::shared_ptr<const resolve::Model> model,
                                            tla::Diagnostics& diagnostics) {
  auto program = std::make_shared<Program>();
  program->spec = std::move(spec);
  program->model = std::move(model);
  for (const auto& [id, replacement] : program->model->definitions) {
    program->overrides.emplace(id.index, replacement);
  }
  FindLets(*program);
  for (std::uint32_t i = 0; i < program->spec->definitions.size(); ++i) {
    if (!program->spec->definitions[i].stands_for_variable) continue;
    program->abstract_slots.emplace(i, static_cast<std::uint32_t>(program->slot_count()));
  }
  TakeBehavior(*program, diagnostics);
  for (const DefinitionId id : program->model->invariants) {
    program->invariants.push_back({program->spec->definition(id).name, id, program->Body(id)});
  }
  for (const DefinitionId id : program->model->properties) {
    PropertySorter(*program, id).Sort(program->Body(id));
  }
  program->constraints = program->model->constraints;
  program->action_constraints = program->model->action_constraints;
  // Without variables there is no behavior, only assumptions to evaluate.
  if (!program->spec->variables.empty() && (program->init.empty() || !program->next.is_valid())) {
    diagnostics.Add(
        tla::DiagnosticKind::kModelIncomplete, {},
        {.found = program->init.empty() ? "there is no initial predicate" : "there is no next-state relation",
         .expected = "the model file needs SPECIFICATION, or INIT and NEXT"});
  }
  if (diagnostics.has_errors()) return nullptr;
  if (program->next.is_valid()) {
    ActionCollector collector(*program);
    collector.Walk(program->next);
    program->actions = collector.Take();
  }
  return program;
}

}  // namespace kelpie::program
