// A model file (.cfg) as syntax: statements with places, no meaning.
//
//   ModelFile model = ParseModelFile(file, sources, diagnostics);
//   for (const ModelAssignment& a : model.assignments) ...      // NAME = value, NAME <- Definition
//
// The grammar is TLC's (Specifying Systems, section 14.7.1); it is small enough for a parser by
// hand. Nested sets are limited to 100 levels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tla/source/diagnostic.h"
#include "tla/source/source.h"

namespace kelpie::syntax {

struct ModelName {
  std::string text;
  tla::Span span;
};

struct ModelValue {
  enum class Kind : std::uint8_t { kInt, kBool, kString, kName, kSet };
  Kind kind = Kind::kName;
  std::int64_t integer = 0;  // kInt; 0 or 1 for kBool
  std::string text;          // kString without quotes, kName
  std::vector<ModelValue> elements;
  tla::Span span;
};

// Exactly one of `value` and `replacement` is set.
struct ModelAssignment {
  ModelName name;
  std::optional<ModelValue> value;       // NAME = value
  std::optional<ModelName> replacement;  // NAME <- Definition
  std::optional<ModelName> module;       // NAME <- [Module] Definition, NAME = [Module] value
  std::vector<ModelValue> arguments;     // NAME(1, a) = value
};

struct ModelFile {
  std::vector<ModelAssignment> assignments;
  std::vector<ModelName> init, next, specification;
  std::vector<ModelName> invariants, properties, constraints, action_constraints;
  std::vector<ModelName> symmetry, view, alias, postcondition;
  std::vector<std::pair<bool, tla::Span>> check_deadlock;
  std::vector<ModelName> unsupported;  // statements of TLC alone, which are read and then refused
};

// Reports every statement that is wrong and goes on with the next.
[[nodiscard]] ModelFile ParseModelFile(tla::FileId file, const tla::SourceMap& sources, tla::Diagnostics& diagnostics);

}  // namespace kelpie::syntax
