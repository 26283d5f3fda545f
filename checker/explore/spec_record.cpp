#include "checker/explore/spec_record.h"

#include <string>
#include <utility>
#include <vector>

#include "checker/eval/value_order.h"

namespace kelpie::explore {

using eval::Intern;
using eval::Value;

namespace {

using Fields = std::vector<std::pair<eval::Symbol, Value>>;

Value Number(std::uint64_t number) { return Value::Int(static_cast<std::int64_t>(number)); }

// TLC's last column is the last of the text; a span ends behind it.
Value Named(const std::string& name, const std::string& module, const tla::Span& span) {
  return Value::Record({{Intern("name"), Value::String(name)},
                        {Intern("location"), Value::Record({{Intern("beginLine"), Number(span.line)},
                                                            {Intern("beginColumn"), Number(span.column)},
                                                            {Intern("endLine"), Number(span.end_line)},
                                                            {Intern("endColumn"), Number(span.end_column - 1)},
                                                            {Intern("module"), Value::String(module)}})}});
}

class Definitions {
 public:
  explicit Definitions(const program::Program& program) : program_(program) {}
  // With the place of the body, or of the definition as a whole.
  void Add(const std::string& name, resolve::DefinitionId id, bool is_whole = false) {
    const resolve::Definition& definition = program_.spec->definition(program_.Effective(id));
    records_.push_back(
        Named(name, definition.module, is_whole ? definition.span : program_.expr(definition.body).span));
  }
  void Add(const std::string& name) {
    if (const auto id = program_.spec->FindDefinition(name)) Add(name, *id);
  }
  // The definition that an expression applies, if that is all.
  void AddApplied(resolve::ExprId id) {
    if (!id.is_valid()) return;
    const resolve::Expr& e = program_.expr(id);
    if (e.kind == resolve::ExprKind::kApply) Add(program_.spec->definition(e.definition).name, e.definition);
  }
  [[nodiscard]] bool is_empty() const { return records_.empty(); }
  Value Take() { return *eval::MakeSet(std::exchange(records_, {})); }

 private:
  const program::Program& program_;
  std::vector<Value> records_;
};

}  // namespace

Value ConfigRecord(bool is_deadlock_checked, std::size_t worker_count) {
  return Value::Record({{Intern("mode"), Value::String("bfs")},
                        {Intern("deadlock"), Value::Bool(is_deadlock_checked)},
                        {Intern("worker"), Number(worker_count)},
                        {Intern("seed"), Value::String("0")}});
}

Value ConfigRecord(bool is_deadlock_checked, std::uint64_t behavior_count, std::uint64_t depth_max,
                   std::uint64_t seed) {
  return Value::Record({{Intern("mode"), Value::String("simulate")},
                        {Intern("deadlock"), Value::Bool(is_deadlock_checked)},
                        {Intern("depth"), Number(depth_max)},
                        {Intern("traces"), Number(behavior_count)},
                        {Intern("worker"), Value::Int(1)},
                        {Intern("seed"), Value::String(std::to_string(seed))}});
}

Value SpecRecord(const program::Program& program) {
  const resolve::Model& model = *program.model;
  Fields fields;
  Definitions some(program);
  const auto end = [&](const char* name) { fields.emplace_back(Intern(name), some.Take()); };
  for (const program::ActionOperator& action : program.actions) {
    if (action.is_leaf) some.Add(action.name, action.definition);
  }
  if (some.is_empty() && model.next) some.Add(program.spec->definition(*model.next).name, *model.next);
  if (some.is_empty()) some.AddApplied(program.next);
  end("actions");
  for (const auto id : program.action_constraints) some.Add(program.spec->definition(id).name, id, true);
  end("actionconstraints");
  for (const auto id : program.constraints) some.Add(program.spec->definition(id).name, id, true);
  end("constraints");
  for (const program::ActionProperty& property : program.action_properties) some.Add(property.name);
  end("impliedactions");
  for (const std::string& name : program.initial_properties) some.Add(name);
  end("impliedinits");
  for (const program::LivenessProperty& property : program.liveness) some.Add(property.name);
  end("impliedtemporals");
  if (model.init) some.Add(program.spec->definition(*model.init).name, *model.init);
  for (const resolve::ExprId id : program.init) {
    if (!model.init) some.AddApplied(id);
  }
  end("inits");
  for (const program::Invariant& invariant : program.invariants) some.Add(invariant.name, invariant.definition);
  end("invariants");
  end("temporals");
  std::vector<Value> variables;
  for (const resolve::Variable& variable : program.spec->variables) {
    variables.push_back(Named(variable.name, program.spec->name, variable.span));
  }
  fields.emplace_back(Intern("variables"), *eval::MakeSet(std::move(variables)));
  return Value::Record(std::move(fields));
}

}  // namespace kelpie::explore
