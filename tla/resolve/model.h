// A model file (.cfg) with its names resolved against a specification.
//
//   auto model = LoadModel("KelpieLease.cfg", *spec, sources, diagnostics);
//   for (DefinitionId inv : model->invariants) ...
//
// The model file's grammar is TLC's (Specifying Systems, section 14.7.1). Unknown names are
// errors, except `x = x`, which declares a model value that the spec need not mention.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tla/resolve/resolved_module.h"

namespace kelpie::resolve {

// A value as the model file writes it.
struct ModelTerm {
  enum class Kind : std::uint8_t { kInt, kBool, kString, kModelValue, kSet };
  Kind kind = Kind::kInt;
  std::int64_t integer = 0;         // kInt; 0 or 1 for kBool
  std::string text;                 // kString, kModelValue
  std::vector<ModelTerm> elements;  // kSet
};

// NAME(arguments) = value
struct ReplacementRow {
  std::vector<ModelTerm> arguments;
  ModelTerm value;
};

// What a constant or a definition stands for in this model: exactly one is set.
struct Replacement {
  std::optional<ModelTerm> term;           // NAME = term
  std::vector<ReplacementRow> rows;        // NAME(1, a) = term, ...: arguments without a row are an error
  std::optional<DefinitionId> definition;  // NAME <- Definition
  std::optional<Builtin> builtin;          // NAME <- Nat, for a name that is a built-in
};

// `Nat <- Few` reaches the uses that came by EXTENDS alone, as in TLC; `Nat <- [Module] Few` reaches all.
struct BuiltinReplacement {
  Replacement replacement;  // `builtin` is not set
  bool is_everywhere = false;
};

struct Model {
  std::string file;
  std::map<ConstantId, Replacement> constants;      // every constant of the spec has one
  std::map<DefinitionId, Replacement> definitions;  // overridden definitions
  std::map<Builtin, BuiltinReplacement> builtins;   // overridden built-ins
  std::vector<std::string> model_values;            // every model value mentioned, in order of first mention
  std::optional<DefinitionId> init;                 // INIT / NEXT form
  std::optional<DefinitionId> next;
  std::optional<DefinitionId> specification;  // SPECIFICATION form
  std::vector<DefinitionId> invariants;
  std::vector<DefinitionId> properties;
  std::vector<DefinitionId> constraints;
  std::vector<DefinitionId> action_constraints;
  std::optional<DefinitionId> symmetry;
  std::optional<DefinitionId> view;
  std::optional<DefinitionId> alias;
  std::optional<DefinitionId> postcondition;
  std::optional<bool> check_deadlock;  // absent: the default (TRUE)
};

}  // namespace kelpie::resolve
