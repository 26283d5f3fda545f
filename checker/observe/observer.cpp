#include "checker/observe/observer.h"

#include <algorithm>

#include "checker/eval/value_order.h"

namespace kelpie::observe {

using eval::Value;
using resolve::Expr;
using resolve::ExprKind;

namespace {

void CollectModelValues(const trace::Value& value, std::set<std::string>& names) {
  if (value.kind() == trace::ValueKind::kModelValue) names.insert(value.text());
  for (const auto& element : value.elements()) CollectModelValues(element, names);
  for (const auto& [name, field] : value.fields()) CollectModelValues(field, names);
  for (const auto& [key, item] : value.entries()) {
    CollectModelValues(key, names);
    CollectModelValues(item, names);
  }
}

std::string NearestName(const std::string& name, const std::vector<std::string>& known) {
  // A name that differs only in case or by a short prefix is what people mistype.
  const auto lower = [](std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
  };
  for (const std::string& candidate : known) {
    if (lower(candidate) == lower(name)) return "did you mean " + candidate + "?";
  }
  for (const std::string& candidate : known) {
    if (lower(candidate).rfind(lower(name).substr(0, 4), 0) == 0) return "did you mean " + candidate + "?";
  }
  std::string all;
  for (const std::string& candidate : known) all += (all.empty() ? "" : ", ") + candidate;
  return "known: " + all;
}

}  // namespace

std::set<std::string> ModelValueNames(const program::Program& program, const trace::Header& header) {
  std::set<std::string> names(program.model->model_values.begin(), program.model->model_values.end());
  for (const auto& [name, value] : header.constants) CollectModelValues(value, names);
  for (const Expr& e : program.spec->exprs) {
    if (e.kind == ExprKind::kString) names.erase(e.text);
  }
  return names;
}

Result<eval::ConstantValues> ReadConstants(const program::Program& program, const trace::Header& header) {
  const ValueReader reader(ModelValueNames(program, header));
  eval::ConstantValues constants;
  for (const auto& [name, value] : header.constants) {
    const auto id = program.spec->FindConstant(name);
    if (!id) continue;  // of another spec of the same run; the caller knows whether nobody has it
    Result<Value> read = reader.ReadExact(value, "the constant ", name);
    if (!read.ok()) return read.error();
    constants.emplace(id->index, std::move(read.value()));
  }
  return constants;
}

Observer::Observer(std::shared_ptr<const program::Program> program, const trace::Header& header)
    : program_(std::move(program)), values_(ModelValueNames(*program_, header)) {}

Result<StatePath> Observer::ReadPath(const trace::Location& location) const {
  const auto variable = program_->spec->FindVariable(location.variable);
  if (!variable) {
    std::vector<std::string> known;
    for (const auto& v : program_->spec->variables) known.push_back(v.name);
    return BadInput{"unknown-variable", "the spec " + program_->spec->name + " has no variable " + location.variable,
                    location.variable, "a declared variable", NearestName(location.variable, known)};
  }
  StatePath path;
  path.slot = variable->index;
  for (const trace::Value& step : location.path) {
    Result<Value> read = values_.ReadExact(step, "a step of a path");
    if (!read.ok()) return read.error();
    path.steps.push_back(std::move(read.value()));
  }
  return path;
}

Result<bool> Observer::CheckContradictions(const std::vector<Fact>& facts) const {
  for (std::size_t i = 0; i < facts.size(); ++i) {
    for (std::size_t j = 0; j < facts.size(); ++j) {
      const Fact& outer = facts[i];
      const Fact& inner = facts[j];
      if (i == j || outer.op != trace::UpdateOp::kSet || inner.op != trace::UpdateOp::kSet) continue;
      if (outer.path.slot != inner.path.slot || outer.path.steps.size() > inner.path.steps.size()) continue;
      if (!outer.pattern.is_exact() || !inner.pattern.is_exact()) continue;
      const Value* at = &outer.pattern.value();
      bool is_prefix = true;
      for (std::size_t k = 0; k < inner.path.steps.size() && at != nullptr; ++k) {
        if (k < outer.path.steps.size()) {
          is_prefix = is_prefix && eval::Same(outer.path.steps[k], inner.path.steps[k]);
        } else {
          at = at->is_function() ? at->Apply(inner.path.steps[k]) : nullptr;
        }
      }
      if (!is_prefix) continue;
      if (at == nullptr || !eval::Same(*at, inner.pattern.value())) {
        return BadInput{"contradiction",
                        "two facts of one claim contradict each other about " + PathText(*program_, inner.path),
                        inner.pattern.ToString(), at != nullptr ? eval::ToString(*at) : "nothing there", ""};
      }
    }
  }
  return true;
}

Result<bool> Observer::ReadFacts(const trace::Claim& claim, ObservedStep& step) const {
  for (const trace::Read& read : claim.reads) {
    Result<StatePath> path = ReadPath(read.location);
    if (!path.ok()) return path.error();
    Result<Pattern> pattern = values_.Read(read.value);
    if (!pattern.ok()) return pattern.error();
    step.reads.push_back({std::move(path.value()), trace::UpdateOp::kSet, std::move(pattern.value())});
  }
  for (const trace::Update& update : claim.updates) {
    Result<StatePath> path = ReadPath(update.location);
    if (!path.ok()) return path.error();
    Result<Pattern> pattern = values_.Read(update.value);
    if (!pattern.ok()) return pattern.error();
    const bool is_key = update.op == trace::UpdateOp::kRemove && pattern.value().is_unknown();
    if (is_key && path.value().steps.empty()) {
      return BadInput{"bad-update", "`remove` names neither an element nor a key of " + update.location.variable, "",
                      "a value, or a path that ends in the key", ""};
    }
    const bool needs_value = update.op == trace::UpdateOp::kAdd || (update.op == trace::UpdateOp::kRemove && !is_key);
    if (needs_value && !pattern.value().is_exact()) {
      return BadInput{"unknown-part", "an element that is added or removed must be known completely", "", "", ""};
    }
    step.updates.push_back({std::move(path.value()), update.op, std::move(pattern.value())});
  }
  for (const auto& [variable, is_closed] : claim.frame_closed) {
    Result<StatePath> path = ReadPath({variable, {}});
    if (!path.ok()) return path.error();
    if (is_closed) step.closed_slots.push_back(path.value().slot);
  }
  Result<bool> consistent = CheckContradictions(step.reads);
  return consistent.ok() ? CheckContradictions(step.updates) : consistent;
}

Result<bool> Observer::ReadArguments(const trace::Claim& claim, const resolve::Definition& definition,
                                     eval::ClaimedAction& action) const {
  action.parameters.resize(definition.parameters.size());
  if (claim.args.positional.size() > definition.parameters.size()) {
    return BadInput{"wrong-arity",
                    claim.action + " takes " + std::to_string(definition.parameters.size()) + " arguments",
                    std::to_string(claim.args.positional.size()), std::to_string(definition.parameters.size()), ""};
  }
  for (std::size_t i = 0; i < claim.args.positional.size(); ++i) {
    if (claim.args.positional[i].is_unknown()) continue;
    Result<Value> value = values_.ReadExact(claim.args.positional[i], "an argument of ", claim.action);
    if (!value.ok()) return value.error();
    action.parameters[i] = std::move(value.value());
  }
  for (const auto& argument : claim.args.named) {
    const std::string& name = argument.first;
    const trace::Value& given = argument.second;
    std::optional<std::size_t> parameter;
    for (std::size_t i = 0; i < definition.parameters.size(); ++i) {
      if (definition.parameters[i].name == name) parameter = i;
    }
    const auto& bound = action.paths->bound_names;
    const bool is_bound =
        std::any_of(bound.begin(), bound.end(), [&](const auto& entry) { return entry.second == name; });
    if (!parameter && !is_bound) {
      std::vector<std::string> known;
      for (const auto& p : definition.parameters) known.push_back(p.name);
      for (const auto& [local, bound_name] : bound) known.push_back(bound_name);
      std::sort(known.begin(), known.end());
      known.erase(std::unique(known.begin(), known.end()), known.end());
      return BadInput{"surplus-argument", claim.action + " has no parameter and no bound variable " + name, name, "",
                      NearestName(name, known)};
    }
    if (given.is_unknown()) continue;
    Result<Value> value = values_.ReadExact(given, "the argument ", name);
    if (!value.ok()) return value.error();
    if (parameter) {
      action.parameters[*parameter] = std::move(value.value());
    } else {
      action.bound.emplace_back(name, std::move(value.value()));
    }
  }
  return true;
}

Result<bool> Observer::ReadAction(const trace::Claim& claim, ObservedStep& step) {
  const auto named = program_->spec->FindDefinition(claim.action);
  if (!named) {
    std::vector<std::string> known;
    for (const auto& action : program_->actions) known.push_back(action.name);
    return BadInput{"unknown-action", "the spec " + program_->spec->name + " has no operator " + claim.action,
                    claim.action, "an operator of the spec", NearestName(claim.action, known)};
  }
  const program::ActionOperator* action = program_->FindAction(claim.action);
  const resolve::DefinitionId effective = program_->Effective(*named);
  step.is_disjunct = action != nullptr;
  auto known = paths_.find(claim.action);
  if (known == paths_.end()) {
    known = paths_.emplace(claim.action, program::FindClaimPaths(*program_, effective)).first;
  }
  step.action.emplace();
  step.action->paths = &known->second;
  if (!step.is_disjunct) return true;  // check 2 says so; its arguments do not matter then
  return ReadArguments(claim, program_->spec->definition(effective), *step.action);
}

Result<ObservedStep> Observer::ObserveClaim(const trace::Claim& claim) {
  ObservedStep step;
  step.action_name = claim.action;
  if (!claim.action.empty()) {
    Result<bool> read = ReadAction(claim, step);
    if (!read.ok()) return read.error();
  } else if (!claim.args.empty()) {
    return BadInput{"surplus-argument", "arguments are given without an action", "args", "an action's name", ""};
  }
  Result<bool> facts = ReadFacts(claim, step);
  if (!facts.ok()) return facts.error();
  return step;
}

Result<Observation> Observer::Observe(const trace::Event& event) {
  Observation observation;
  observation.kind = event.kind;
  const trace::Claim* mine = nullptr;
  for (const trace::Claim& claim : event.claims) {
    if (!claim.spec.empty() && claim.spec != program_->spec->name) continue;
    if (mine != nullptr) {
      return BadInput{"two-claims", "one event claims twice for " + program_->spec->name, "", "one claim a spec",
                      "join several actions as `steps` of one claim"};
    }
    mine = &claim;
  }
  if (mine == nullptr) return observation;
  const trace::EventKind kind = event.kind;
  if (kind == trace::EventKind::kCall || kind == trace::EventKind::kReturn || kind == trace::EventKind::kMark ||
      kind == trace::EventKind::kEnd || kind == trace::EventKind::kLost) {
    return BadInput{"claim-without-step", "an event of this kind cannot claim anything yet", "", "",
                    "put the claim on a step event at the point where it takes effect"};
  }
  if (!event.group.empty()) {
    return BadInput{"group", "events joined by `group` are not read by this version", event.group, "",
                    "write the whole action into its last event"};
  }
  observation.is_seen = true;
  if (kind != trace::EventKind::kStep && (!mine->action.empty() || !mine->steps.empty())) {
    return BadInput{"action-without-step", "only a step can claim an action", mine->action, "", "use kind `step`"};
  }
  if (mine->steps.empty()) {
    Result<ObservedStep> step = ObserveClaim(*mine);
    if (!step.ok()) return step.error();
    observation.steps.push_back(std::move(step.value()));
    return observation;
  }
  if (!mine->action.empty() || !mine->updates.empty() || !mine->reads.empty() || !mine->args.empty()) {
    return BadInput{"mixed-steps", "a claim with `steps` says everything inside them", "", "", ""};
  }
  for (const trace::Claim& part : mine->steps) {
    if (!part.steps.empty()) return BadInput{"nested-steps", "`steps` cannot be nested", "", "", ""};
    Result<ObservedStep> step = ObserveClaim(part);
    if (!step.ok()) return step.error();
    observation.steps.push_back(std::move(step.value()));
  }
  return observation;
}

}  // namespace kelpie::observe
