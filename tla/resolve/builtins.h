// The built-in operators and standard modules as data.
//
//   const BuiltinInfo& plus = InfoOf(Builtin::kPlus);   // "Naturals", "+", arity 2
//   FindStandardModule("Integers")                       // Naturals' operators, Int, unary minus
//
// builtins.def is the one list; this header only gives it a face.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tla/resolve/resolved_module.h"

namespace kelpie::resolve {

struct BuiltinInfo {
  Builtin builtin;
  std::string_view name;    // of the enumerator, for tests and coverage
  std::string_view module;  // "" is the language
  std::string_view text;
  std::uint32_t arity;
  Level level;
};

[[nodiscard]] const BuiltinInfo& InfoOf(Builtin builtin);
[[nodiscard]] std::span<const BuiltinInfo> AllBuiltins();

// Null when the language itself has no such operator.
[[nodiscard]] const BuiltinInfo* FindLanguageBuiltin(std::string_view text);

// The module that would make `text` visible; "" when none would.
[[nodiscard]] std::string_view ModuleThatDefines(std::string_view text);

// What EXTENDS of a standard module makes visible.
struct OfferedBuiltin {
  Builtin builtin;
  // A community module has it from a module that it extends. Its releases differ in which those are, so
  // that a specification may define the name itself and then means its own.
  bool is_weak = false;
};

// Null when the module is not built in.
[[nodiscard]] const std::vector<OfferedBuiltin>* FindStandardModule(std::string_view name);

// A community module or one of theorems: what stands in the file of the root wins over it, too.
[[nodiscard]] bool IsLibraryModule(std::string_view name);

// An operator of a community module: library.def.
[[nodiscard]] bool IsLibrary(Builtin builtin);

// An operator of a community module whose value is a set that is best described and asked, as SUBSET is:
// it may be too large to list, or infinite.
[[nodiscard]] bool IsDescribedSet(Builtin builtin);

// True for modules that other tools ship and that are not built in here.
[[nodiscard]] bool IsKnownForeignModule(std::string_view name);

// 0 when the argument is an expression, n when it is an operator of n arguments.
[[nodiscard]] std::uint32_t ArgumentArity(Builtin builtin, std::size_t argument);

// True when the value depends on more than the arguments and the state (what was set, the search,
// chance, a file), so that it must not be remembered from one evaluation to the next.
[[nodiscard]] bool IsVolatile(Builtin builtin);

}  // namespace kelpie::resolve
