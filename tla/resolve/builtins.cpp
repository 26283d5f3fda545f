#include "tla/resolve/builtins.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace kelpie::resolve {
namespace {

constexpr BuiltinInfo kBuiltins[] = {
#define KELPIE_BUILTIN(name, module, text, arity, level) \
  {Builtin::name, #name, module, text, arity, static_cast<Level>(level)},
#include "tla/resolve/builtins.def"
#undef KELPIE_BUILTIN
};

using ModuleTable = std::map<std::string_view, std::vector<Builtin>>;

ModuleTable MakeModules() {
  ModuleTable modules;
  for (const BuiltinInfo& info : kBuiltins) {
    if (!info.module.empty()) modules[info.module].push_back(info.builtin);
  }
  // What a standard module EXTENDS; the others are only used locally.
  const std::pair<std::string_view, std::string_view> extends[] = {
      {"Integers", "Naturals"}, {"Reals", "Integers"}, {"Bags", "TLC"}};
  for (const auto& [by, extended] : extends) {
    const std::vector<Builtin> names = modules[extended];
    modules[by].insert(modules[by].begin(), names.begin(), names.end());
  }
  // Its operators are hints to provers, which only stand in proofs.
  modules["TLAPS"];
  return modules;
}

}  // namespace

const BuiltinInfo& InfoOf(Builtin builtin) { return kBuiltins[static_cast<std::size_t>(builtin)]; }

std::span<const BuiltinInfo> AllBuiltins() { return kBuiltins; }

const BuiltinInfo* FindLanguageBuiltin(std::string_view text) {
  for (const BuiltinInfo& info : kBuiltins) {
    if (info.module.empty() && info.text == text) return &info;
  }
  return nullptr;
}

std::string_view ModuleThatDefines(std::string_view text) {
  for (const BuiltinInfo& info : kBuiltins) {
    if (info.text != text || info.module.empty()) continue;
    // Arithmetic is wanted with negative numbers sooner or later.
    return info.module == "Naturals" ? "Integers" : info.module;
  }
  return "";
}

const std::vector<Builtin>* FindStandardModule(std::string_view name) {
  static const ModuleTable modules = MakeModules();
  const auto found = modules.find(name);
  return found == modules.end() ? nullptr : &found->second;
}

bool IsKnownForeignModule(std::string_view name) {
  static constexpr std::array kForeign = {
      "RealTime", "IOUtils", "SequencesExt", "FiniteSetsExt", "Functions",     "Folds",        "CSV",     "SVG",
      "BagsExt",  "Graphs",  "Apalache",     "Variants",      "Combinatorics", "VectorClocks", "Bitwise", "Relation"};
  return std::find(kForeign.begin(), kForeign.end(), name) != kForeign.end();
}

std::uint32_t ArgumentArity(Builtin builtin, std::size_t argument) {
  if (builtin == Builtin::kSelectSeq && argument == 1) return 1;
  if (builtin == Builtin::kSortSeq && argument == 1) return 2;
  if (builtin == Builtin::kBagOfAll && argument == 0) return 1;
  if (builtin == Builtin::kTlcGetAndSet && argument == 1) return 2;
  return 0;
}

bool IsVolatile(Builtin builtin) {
  switch (builtin) {
    case Builtin::kJavaTime:
    case Builtin::kTlcGet:
    case Builtin::kTlcSet:
    case Builtin::kRandomElement:
    case Builtin::kTlcGetOrDefault:
    case Builtin::kTlcGetAndSet:
    case Builtin::kTrace:
    case Builtin::kCounterExample:
    case Builtin::kTlcDefer:
    case Builtin::kPickSuccessor:
    case Builtin::kTlcEvalDefinition:
    case Builtin::kTePosition:
    case Builtin::kRandomSubset:
    case Builtin::kRandomSetOfSubsets:
    case Builtin::kTestRandomSetOfSubsets:
    case Builtin::kJsonSerialize:
    case Builtin::kJsonDeserialize:
    case Builtin::kNdJsonSerialize:
    case Builtin::kNdJsonDeserialize: return true;
    default: return false;
  }
}

}  // namespace kelpie::resolve
