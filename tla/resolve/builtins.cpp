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

// By argument, of the operators of library.def.
constexpr std::string_view kShapes[] = {
#define KELPIE_LIBRARY(name, module, text, shape, level) shape,
#include "tla/resolve/library.def"
#undef KELPIE_LIBRARY
};

constexpr Builtin kFirstOfLibrary = Builtin::kMapThenFoldSet;

using ModuleTable = std::map<std::string_view, std::vector<OfferedBuiltin>>;

// What a standard module EXTENDS; the others are only used locally. An extended module stands before the one that
// extends it, and brings what it extends itself.
struct Extension {
  std::string_view module;
  std::vector<std::string_view> extended;
};

const Extension kStandardExtensions[] = {{"Integers", {"Naturals"}}, {"Reals", {"Integers"}}, {"Bags", {"TLC"}}};

// Modules of theorems define nothing that a model evaluates; their names stand in proofs.
const Extension kLibraryExtensions[] = {
    {"Functions", {"Integers", "Folds"}},
    {"FiniteSetsExt", {"Integers", "FiniteSets", "Folds", "Functions"}},
    {"SequencesExt",
     {"Sequences", "Naturals", "FiniteSets", "FiniteSetsExt", "Folds", "Functions", "Bags", "TLC"}},
    {"Combinatorics", {"Naturals"}},
    {"Statistics", {"Naturals"}},
    {"Relation", {"Naturals", "FiniteSets"}},
    {"Graphs", {"Naturals", "Sequences", "FiniteSets", "SequencesExt", "Relation"}},
    {"ShiViz", {"Toolbox"}},
    {"VectorClocks", {"Naturals", "Sequences", "Functions"}},
    {"TLAPS", {}},
    {"NaturalsInduction", {"Integers"}},
    {"WellFoundedInduction", {"NaturalsInduction"}},
    {"FunctionTheorems", {"Functions", "Integers", "FiniteSets"}},
    {"JectionThm", {"Functions"}},
    {"FiniteSetTheorems", {"FiniteSets", "Integers", "Functions", "WellFoundedInduction"}},
    {"SequenceTheorems", {"Sequences", "Functions"}},
    {"BagsTheorems", {"Bags"}},
    {"FoldsTheorems", {"Folds", "FiniteSets"}},
    {"FiniteSetsExtTheorems", {"FiniteSetsExt", "FiniteSets", "Integers"}},
    {"SequencesExtTheorems", {"Sequences", "SequencesExt", "Functions", "Integers", "WellFoundedInduction"}},
    {"GraphTheorems", {"Graphs", "Sequences"}},
    {"QuorumTheorems", {"Quorum", "Integers", "FiniteSets"}},
};

void Extend(ModuleTable& modules, const Extension& extension, bool is_weak) {
  std::vector<OfferedBuiltin>& own = modules[extension.module];
  for (const std::string_view name : extension.extended) {
    const std::vector<OfferedBuiltin> names = modules[name];
    for (OfferedBuiltin offered : names) {
      const auto is_it = [&](const OfferedBuiltin& other) { return other.builtin == offered.builtin; };
      if (std::find_if(own.begin(), own.end(), is_it) != own.end()) continue;
      offered.is_weak = is_weak;
      own.push_back(offered);
    }
  }
}

ModuleTable MakeModules() {
  ModuleTable modules;
  for (const BuiltinInfo& info : kBuiltins) {
    if (!info.module.empty()) modules[info.module].push_back({info.builtin});
  }
  for (const Extension& extension : kStandardExtensions) Extend(modules, extension, false);
  for (const Extension& extension : kLibraryExtensions) Extend(modules, extension, true);
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

const std::vector<OfferedBuiltin>* FindStandardModule(std::string_view name) {
  static const ModuleTable modules = MakeModules();
  const auto found = modules.find(name);
  return found == modules.end() ? nullptr : &found->second;
}

bool IsKnownForeignModule(std::string_view name) {
  static constexpr std::array kForeign = {"RealTime", "Apalache", "Variants", "HTML", "DifferentialEquations"};
  return std::find(kForeign.begin(), kForeign.end(), name) != kForeign.end();
}

bool IsLibraryModule(std::string_view name) {
  const auto is_extension = [&](const Extension& extension) { return extension.module == name; };
  if (std::any_of(std::begin(kLibraryExtensions), std::end(kLibraryExtensions), is_extension)) return true;
  const auto is_its = [&](const BuiltinInfo& info) { return IsLibrary(info.builtin) && info.module == name; };
  return std::any_of(std::begin(kBuiltins), std::end(kBuiltins), is_its);
}

bool IsLibrary(Builtin builtin) { return builtin >= kFirstOfLibrary; }

bool IsDescribedSet(Builtin builtin) {
  switch (builtin) {
    case Builtin::kInjection:
    case Builtin::kSurjection:
    case Builtin::kBijection:
    case Builtin::kSeqOf:
    case Builtin::kBoundedSeq:
    case Builtin::kGraphPath:
    case Builtin::kUndirectedPath:
    case Builtin::kAllGraphs:
    case Builtin::kAllUndirectedGraphs: return true;
    default: return false;
  }
}

std::uint32_t ArgumentArity(Builtin builtin, std::size_t argument) {
  if (IsLibrary(builtin)) {
    const std::string_view shape =
        kShapes[static_cast<std::size_t>(builtin) - static_cast<std::size_t>(kFirstOfLibrary)];
    return argument < shape.size() && shape[argument] != 'e' ? static_cast<std::uint32_t>(shape[argument] - '0') : 0;
  }
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
    case Builtin::kTeTrace:
    case Builtin::kTePosition:
    case Builtin::kShiVizHost:
    case Builtin::kShiVizClock:
    case Builtin::kRandomSubset:
    case Builtin::kRandomSetOfSubsets:
    case Builtin::kTestRandomSetOfSubsets:
    case Builtin::kJsonSerialize:
    case Builtin::kNdJsonSerialize:
    case Builtin::kIoSerialize:
    case Builtin::kIoDeserialize:
    case Builtin::kSerialize:
    case Builtin::kDeserialize:
    case Builtin::kIoExec:
    case Builtin::kIoEnvExec:
    case Builtin::kIoExecTemplate:
    case Builtin::kIoEnvExecTemplate:
    case Builtin::kCsvWriteRecord:
    case Builtin::kCsvWrite:
    case Builtin::kCsvRead:
    case Builtin::kCsvRecords:
    case Builtin::kSvgSerialize: return true;
    default: return false;
  }
}

}  // namespace kelpie::resolve
