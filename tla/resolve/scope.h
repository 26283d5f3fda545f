// What names mean at one point of a module.
//
//   Scope scope;
//   scope.Insert("x", Symbol{.kind = Symbol::Kind::kVariable, .index = 0});
//   if (const Symbol* s = scope.Find("x")) ...
//
// A Scope is one module's (or one instance's) names; bound variables, parameters and LET
// definitions are kept in a stack beside it by the resolver.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tla/source/source.h"

namespace kelpie::resolve {

struct Symbol {
  enum class Kind : std::uint8_t { kConstant, kVariable, kDefinition, kBuiltin, kLocal, kInstance, kModule, kFact };
  Kind kind = Kind::kDefinition;
  std::uint32_t index = 0;  // ConstantId, VariableId, DefinitionId, Builtin, LocalId, or the resolver's own table
  std::uint32_t arity = 0;  // arguments that a use writes
  // Leading parameters of a definition that come from parametrised instances around it; a use
  // inside the same instance passes its own on.
  std::uint32_t context_arity = 0;
  bool is_local = false;        // LOCAL: not seen by modules that extend this one
  bool is_instanced = false;    // a built-in that came by INSTANCE, not by EXTENDS
  bool is_substituted = false;  // a declaration of an instanced module; the instance does not offer it
  bool is_weak = false;         // a built-in that a definition of that name replaces: OfferedBuiltin
  tla::Span span;               // of the name where it was introduced
  std::string_view module;      // where it was introduced; a standard module's name for built-ins

  [[nodiscard]] bool IsOffered() const { return !is_local && !is_substituted; }
  [[nodiscard]] bool IsSameAs(const Symbol& other) const { return kind == other.kind && index == other.index; }
};

class Scope {
 public:
  [[nodiscard]] const Symbol* Find(std::string_view name) const;
  // What is there stays, unless it is weak.
  void Insert(std::string_view name, const Symbol& symbol);
  [[nodiscard]] const std::map<std::string, Symbol, std::less<>>& symbols() const { return symbols_; }

 private:
  std::map<std::string, Symbol, std::less<>> symbols_;
};

// Collects the candidate that is most like a misspelt name.
class NearestName {
 public:
  explicit NearestName(std::string_view wanted) : wanted_(wanted) {}
  void Offer(std::string_view candidate);
  // "did you mean `x`?" or "".
  [[nodiscard]] std::string Hint() const;

 private:
  std::string_view wanted_;
  std::string best_;
  std::size_t best_distance_ = SIZE_MAX;
};

}  // namespace kelpie::resolve
