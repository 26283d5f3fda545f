// A program as text: what was split from the specification, and the code of each part.
#include "checker/program/compile.h"

namespace kelpie::program {

namespace {

void DumpPart(const Program& program, const std::string& title, ExprId expr, Mode mode, std::string& out) {
  const CompileResult made = Compile(program, expr, mode, {});
  out += "== " + title + "\n";
  out += made.code != nullptr ? DumpCode(program, *made.code) : "not compiled: " + made.message + "\n";
}

}  // namespace

std::string DumpProgram(const Program& program) {
  std::string out = "program " + program.spec->name + "\n";
  for (std::size_t i = 0; i < program.spec->variables.size(); ++i) {
    out += "slot " + std::to_string(i) + " " + program.spec->variables[i].name + "\n";
  }
  for (const ActionOperator& action : program.actions)
    out += "action " + action.name + (action.is_leaf ? "" : " (names others)") + "\n";
  for (std::size_t i = 0; i < program.init.size(); ++i) {
    DumpPart(program, "init " + std::to_string(i + 1), program.init[i], Mode::kInit, out);
  }
  if (program.next.is_valid()) DumpPart(program, "next", program.next, Mode::kStep, out);
  for (const Invariant& invariant : program.invariants) {
    DumpPart(program, "invariant " + invariant.name, invariant.expr, Mode::kStep, out);
  }
  for (const ActionProperty& property : program.action_properties) {
    DumpPart(program, "property " + property.name, property.action, Mode::kStep, out);
  }
  for (const DefinitionId id : program.constraints) {
    DumpPart(program, "constraint " + program.spec->definition(id).name, program.Body(id), Mode::kStep, out);
  }
  return out;
}

}  // namespace kelpie::program
