#include "tla/resolve/model.h"

#include <algorithm>
#include <utility>

#include "tla/resolve/builtins.h"
#include "tla/resolve/levels.h"
#include "tla/resolve/load.h"
#include "tla/resolve/modules.h"
#include "tla/resolve/scope.h"
#include "tla/syntax/model_file.h"

namespace kelpie::resolve {
namespace {

using syntax::ModelAssignment;
using syntax::ModelName;
using syntax::ModelValue;
using tla::DiagnosticKind;
using tla::Span;

std::string Quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

std::string Arguments(std::size_t count) {
  return count == 0 ? "no arguments" : std::to_string(count) + (count == 1 ? " argument" : " arguments");
}

class Binder {
 public:
  Binder(const ResolvedSpec& spec, const ModelOptions& options, tla::Diagnostics& diagnostics)
      : spec_(spec), options_(options), diagnostics_(diagnostics) {}

  std::shared_ptr<const Model> Run(std::string path, const syntax::ModelFile& file, const Span& whole) {
    model_.file = std::move(path);
    for (const ModelAssignment& assignment : file.assignments) Assign(assignment);
    BindBehavior(file);
    BindList(file.invariants, "an invariant", Level::kState, model_.invariants);
    BindList(file.properties, "a property", Level::kTemporal, model_.properties);
    BindList(file.constraints, "a constraint", Level::kState, model_.constraints);
    BindList(file.action_constraints, "an action constraint", Level::kAction, model_.action_constraints);
    BindOne(file.symmetry, "SYMMETRY", Level::kConstant, model_.symmetry);
    BindOne(file.view, "VIEW", Level::kAction, model_.view);
    if (model_.view && spec_.definition(*model_.view).level == Level::kConstant) {
      Report(DiagnosticKind::kLevel, file.view.back().span,
             {.found = Quoted(file.view.back().text) + " is " + std::string(DescribeLevel(Level::kConstant)),
              .expected = "VIEW must depend on the state, or all states are one"});
    }
    BindOne(file.alias, "ALIAS", Level::kAction, model_.alias);
    BindOne(file.postcondition, "POSTCONDITION", Level::kState, model_.postcondition);
    for (std::size_t i = 0; i < file.check_deadlock.size(); ++i) {
      if (i > 0) Duplicate("CHECK_DEADLOCK", file.check_deadlock[i].second);
      model_.check_deadlock = file.check_deadlock[i].first;
    }
    for (const ModelName& statement : file.unsupported) {
      Report(DiagnosticKind::kUnsupported, statement.span,
             {.found = "the statement " + statement.text, .expected = "it belongs to TLC's own search"});
    }
    DemandConstants(whole);
    return diagnostics_.has_errors() ? nullptr : std::make_shared<const Model>(std::move(model_));
  }

  // Without a model file: Spec, else Init and Next.
  std::shared_ptr<const Model> RunDefault() {
    const auto plain = [&](const char* name) -> std::optional<DefinitionId> {
      const std::optional<DefinitionId> id = spec_.FindDefinition(name);
      return id && spec_.definition(*id).parameters.empty() ? id : std::nullopt;
    };
    model_.specification = plain("Spec");
    if (!model_.specification && plain("Init") && plain("Next")) {
      model_.init = plain("Init");
      model_.next = plain("Next");
    }
    DemandConstants({});
    return diagnostics_.has_errors() ? nullptr : std::make_shared<const Model>(std::move(model_));
  }

 private:
  void Report(DiagnosticKind kind, const Span& span, tla::DiagnosticDetail detail) {
    diagnostics_.Add(kind, span, std::move(detail));
  }
  void Duplicate(const std::string& what, const Span& span) {
    Report(DiagnosticKind::kModelDuplicate, span, {.found = what, .expected = "a model file says it once"});
  }

  [[nodiscard]] std::string HintFor(std::string_view name) const {
    NearestName nearest(name);
    for (const auto& [candidate, id] : spec_.top_level) nearest.Offer(candidate);
    for (const Constant& constant : spec_.constants) nearest.Offer(constant.name);
    return nearest.Hint();
  }

  // --- constants

  void Assign(const ModelAssignment& assignment) {
    const ModelName& name = assignment.name;
    const std::string key = assignment.module ? assignment.module->text + "!" + name.text : name.text;
    const bool is_new = assigned_.insert(key).second;
    if (assignment.arguments.empty()) {
      if (!is_new) return Duplicate(Quoted(name.text), name.span);
    } else {
      if (is_new) has_rows_.insert(key);
      if (!has_rows_.contains(key)) return Duplicate(Quoted(name.text), name.span);
    }
    if (assignment.module && assignment.module->text != spec_.name) return AssignInModule(assignment);
    if (assignment.module) assigned_.insert(name.text);
    if (const std::optional<ConstantId> constant = spec_.FindConstant(name.text)) {
      const std::uint32_t arity = spec_.constants[constant->index].arity;
      Put(assignment, arity, model_.constants[*constant]);
      return;
    }
    if (const std::optional<DefinitionId> definition = spec_.FindDefinition(name.text)) {
      const auto arity = static_cast<std::uint32_t>(spec_.definition(*definition).parameters.size());
      Put(assignment, arity, model_.definitions[*definition]);
      return;
    }
    const bool declares_itself =
        assignment.value && assignment.value->kind == ModelValue::Kind::kName && assignment.value->text == name.text;
    if (declares_itself) return MentionModelValue(name.text);
    if (const BuiltinInfo* builtin = FindBuiltin(name.text)) return AssignBuiltin(*builtin, assignment);
    // TLC says nothing at all; for a replacement it stops.
    if (assignment.value) {
      return Report(DiagnosticKind::kModelUnusedValue, name.span, {.found = name.text, .hint = HintFor(name.text)});
    }
    Report(DiagnosticKind::kModelUnknownName, name.span,
           {.found = name.text, .expected = "its constants and definitions", .hint = HintFor(name.text)});
  }

  // `Nat <- MCNat`: uses of the built-in mean the definition.
  void AssignBuiltin(const BuiltinInfo& builtin, const ModelAssignment& assignment) {
    if (builtin.module.empty()) {
      return Report(DiagnosticKind::kUnsupported, assignment.name.span,
                    {.found = "replacing " + Quoted(builtin.text) + ", which is part of the language",
                     .expected = "declare a constant for it and use that in the specification"});
    }
    BuiltinReplacement& made = model_.builtins[builtin.builtin];
    made.is_everywhere = assignment.module.has_value();
    Put(assignment, builtin.arity, made.replacement);
    if (made.replacement.builtin) {
      return Report(DiagnosticKind::kUnsupported, assignment.name.span,
                    {.found = "replacing the built-in " + Quoted(builtin.text) + " by another one",
                     .expected = "define an operator for it and write `" + assignment.name.text + " <- ...`"});
    }
  }

  // `Op <- [M] Definition`: what module M defines or imports, under whatever name an INSTANCE gave it. As in TLC, it is
  // replaced everywhere: M only says which definition of that name is meant.
  void AssignInModule(const ModelAssignment& assignment) {
    const ModelName& name = assignment.name;
    const std::string& module = assignment.module->text;
    const std::set<std::string, std::less<>> imported = Imported(module);
    const std::set<std::uint32_t> in_let = LetDefinitions();
    bool was_found = false;
    for (std::uint32_t i = 0; i < spec_.definitions.size(); ++i) {
      const Definition& definition = spec_.definitions[i];
      const bool is_it = imported.contains(definition.module) &&
                         (definition.name == name.text || definition.name.ends_with("!" + name.text));
      if (!is_it || in_let.contains(i)) continue;
      was_found = true;
      Put(assignment, static_cast<std::uint32_t>(definition.parameters.size()), model_.definitions[DefinitionId{i}]);
    }
    for (const std::string& each : imported) {
      const std::vector<OfferedBuiltin>* builtins = FindStandardModule(each);
      if (was_found || builtins == nullptr) continue;
      for (const OfferedBuiltin& offered : *builtins) {
        if (InfoOf(offered.builtin).text == name.text) return AssignBuiltin(InfoOf(offered.builtin), assignment);
      }
    }
    if (was_found) return;
    Report(DiagnosticKind::kModelUnknownName, name.span,
           {.found = name.text, .expected = "definitions of module " + Quoted(module) + " here"});
  }

  [[nodiscard]] std::set<std::uint32_t> LetDefinitions() const {
    std::set<std::uint32_t> all;
    for (const Expr& e : spec_.exprs) {
      for (const DefinitionId id : e.definitions) all.insert(id.index);
    }
    return all;
  }

  // The module and those whose names it imports.
  [[nodiscard]] std::set<std::string, std::less<>> Imported(const std::string& module) const {
    std::set<std::string, std::less<>> all{module};
    std::vector<std::string> open{module};
    while (!open.empty()) {
      const auto found = spec_.imports.find(open.back());
      open.pop_back();
      if (found == spec_.imports.end()) continue;
      for (const std::string& other : found->second) {
        if (all.insert(other).second) open.push_back(other);
      }
    }
    return all;
  }

  static const BuiltinInfo* FindBuiltin(std::string_view text) {
    for (const BuiltinInfo& info : AllBuiltins()) {
      if (info.text == text) return &info;
    }
    return nullptr;
  }

  void Put(const ModelAssignment& assignment, std::uint32_t arity, Replacement& into) {
    if (assignment.arguments.empty()) {
      if (std::optional<Replacement> made = Replace(assignment, arity)) into = std::move(*made);
      return;
    }
    if (assignment.arguments.size() != arity) {
      return Report(DiagnosticKind::kModelWrongArity, assignment.name.span,
                    {.found = Quoted(assignment.name.text) + " takes " + Arguments(arity),
                     .expected = "a value for each of them"});
    }
    ReplacementRow row{.arguments = {}, .value = Term(*assignment.value)};
    for (const ModelValue& argument : assignment.arguments) row.arguments.push_back(Term(argument));
    into.rows.push_back(std::move(row));
  }

  std::optional<Replacement> Replace(const ModelAssignment& assignment, std::uint32_t arity) {
    const ModelName& name = assignment.name;
    Replacement replacement;
    if (assignment.value) {  // of an operator: its value for all arguments
      replacement.term = Term(*assignment.value);
      return replacement;
    }
    const ModelName& other = *assignment.replacement;
    std::size_t other_arity = 0;
    if (const std::optional<DefinitionId> definition = spec_.FindDefinition(other.text)) {
      replacement.definition = definition;
      other_arity = spec_.definition(*definition).parameters.size();
    } else if (const BuiltinInfo* builtin = FindBuiltin(other.text)) {
      replacement.builtin = builtin->builtin;
      other_arity = builtin->arity;
    } else {
      Report(DiagnosticKind::kModelUnknownName, other.span,
             {.found = other.text, .expected = "its definitions here", .hint = HintFor(other.text)});
      return std::nullopt;
    }
    if (other_arity != arity) {
      Report(DiagnosticKind::kModelWrongArity, other.span,
             {.found = Quoted(other.text) + " takes " + Arguments(other_arity),
              .expected = Quoted(name.text) + " takes " + Arguments(arity)});
      return std::nullopt;
    }
    return replacement;
  }

  void MentionModelValue(const std::string& name) {
    std::vector<std::string>& all = model_.model_values;
    if (mentioned_.insert(name).second) all.push_back(name);
  }

  // Nested at most as deep as the parser allowed.
  ModelTerm Term(const ModelValue& value) {
    ModelTerm term{.integer = value.integer, .text = value.text};
    switch (value.kind) {
      case ModelValue::Kind::kInt: term.kind = ModelTerm::Kind::kInt; break;
      case ModelValue::Kind::kBool: term.kind = ModelTerm::Kind::kBool; break;
      case ModelValue::Kind::kString: term.kind = ModelTerm::Kind::kString; break;
      case ModelValue::Kind::kName:
        term.kind = ModelTerm::Kind::kModelValue;
        MentionModelValue(value.text);
        break;
      case ModelValue::Kind::kSet:
        term.kind = ModelTerm::Kind::kSet;
        for (const ModelValue& element : value.elements) term.elements.push_back(Term(element));
        break;
    }
    return term;
  }

  void DemandConstants(const Span& whole) {
    for (std::uint32_t i = 0; i < spec_.constants.size(); ++i) {
      const Constant& constant = spec_.constants[i];
      if (assigned_.contains(constant.name) || options_.constants_supplied.contains(constant.name)) continue;
      Report(DiagnosticKind::kModelConstantMissing, whole.is_known() ? whole : constant.span,
             {.found = constant.name,
              .hint = constant.arity == 0 ? "CONSTANT " + constant.name + " = ..."
                                          : "CONSTANT " + constant.name + " <- ..."});
    }
  }

  // --- what is checked

  std::optional<DefinitionId> FindUse(const ModelName& name, const std::string& what, Level level_max) {
    const std::optional<DefinitionId> id = spec_.FindDefinition(name.text);
    if (!id) {
      Report(DiagnosticKind::kModelUnknownName, name.span,
             {.found = name.text, .expected = "its definitions here", .hint = HintFor(name.text)});
      return std::nullopt;
    }
    const Definition& definition = spec_.definition(*id);
    if (!definition.parameters.empty()) {
      Report(DiagnosticKind::kModelWrongArity, name.span,
             {.found = Quoted(name.text) + " takes " + Arguments(definition.parameters.size()),
              .expected = what + " takes none"});
      return std::nullopt;
    }
    if (definition.level > level_max) {
      Report(DiagnosticKind::kLevel, name.span,
             {.found = Quoted(name.text) + " is " + std::string(DescribeLevel(definition.level)),
              .expected = what + " must be " + std::string(DescribeLevel(level_max)) + " at most"});
      return std::nullopt;
    }
    return id;
  }

  void BindList(const std::vector<ModelName>& names, const std::string& what, Level level_max,
                std::vector<DefinitionId>& into) {
    for (const ModelName& name : names) {
      const std::optional<DefinitionId> id = FindUse(name, what, level_max);
      if (!id) continue;
      // Saying an invariant twice is harmless, checking it twice is not free.
      if (std::find(into.begin(), into.end(), *id) == into.end()) into.push_back(*id);
    }
  }

  void BindOne(const std::vector<ModelName>& names, const std::string& what, Level level_max,
               std::optional<DefinitionId>& into) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) Duplicate(what, names[i].span);
      into = FindUse(names[i], what, level_max);
    }
  }

  void BindBehavior(const syntax::ModelFile& file) {
    BindOne(file.init, "INIT", Level::kState, model_.init);
    BindOne(file.next, "NEXT", Level::kAction, model_.next);
    BindOne(file.specification, "SPECIFICATION", Level::kTemporal, model_.specification);
    if (!file.specification.empty() && !(file.init.empty() && file.next.empty())) {
      const ModelName& other = file.init.empty() ? file.next.front() : file.init.front();
      Report(
          DiagnosticKind::kModelConflict, other.span,
          {.found = "the behavior is given by SPECIFICATION and by INIT or NEXT", .expected = "keep one of the two"});
    } else if (file.init.empty() != file.next.empty()) {
      const ModelName& one = file.init.empty() ? file.next.front() : file.init.front();
      Report(DiagnosticKind::kModelIncomplete, one.span,
             {.found = file.init.empty() ? "NEXT is given without INIT" : "INIT is given without NEXT",
              .expected = "a behavior needs both"});
    }
  }

  const ResolvedSpec& spec_;
  const ModelOptions& options_;
  tla::Diagnostics& diagnostics_;
  Model model_;
  std::set<std::string> assigned_;
  std::set<std::string> has_rows_;  // those of `assigned_` that have values for single arguments
  std::set<std::string> mentioned_;
};

}  // namespace

std::shared_ptr<const Model> LoadModel(const std::string& path, const ResolvedSpec& spec, const ModelOptions& options,
                                       tla::SourceMap& sources, tla::Diagnostics& diagnostics) {
  std::optional<std::string> text = ReadFile(path, options.file_size_bytes_max, {}, diagnostics);
  if (!text) return nullptr;
  const tla::FileId file = sources.Add(path, std::move(*text));
  const syntax::ModelFile syntax = syntax::ParseModelFile(file, sources, diagnostics);
  // Statements that were not understood would only look like missing ones.
  if (diagnostics.has_errors()) return nullptr;
  return Binder(spec, options, diagnostics).Run(path, syntax, Span{file, 1, 1, 1, 1});
}

std::shared_ptr<const Model> DefaultModel(const ResolvedSpec& spec, const ModelOptions& options, tla::SourceMap&,
                                          tla::Diagnostics& diagnostics) {
  return Binder(spec, options, diagnostics).RunDefault();
}

}  // namespace kelpie::resolve
