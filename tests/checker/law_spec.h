// Small specifications to test laws on: made at random from a seed, or files of this repository.
//
//   LawSpec spec = LoadLawSpec(RandomSpec(17));
//   spec.program ...
//
// A random spec has two to four variables (number, function, set, record, sequence), two or three
// actions with parameters, guards and several forms of effect. It is typed by construction: its
// evaluation meets no error and its one invariant, TypeOK, always holds. The same program makes
// the same text of a seed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "checker/program/program.h"
#include "tla/source/source.h"

namespace kelpie::laws {

struct SpecText {
  std::string name;
  std::string module;
  std::string config;
};

[[nodiscard]] SpecText RandomSpec(std::uint64_t seed);
// Specs of this repository that are small enough: Tickets, Ledger, Clocks, Stock.
[[nodiscard]] std::vector<SpecText> KeptSpecs();
// The spec without the last disjunct of Next that RandomSpec gave it: one that knows less.
[[nodiscard]] SpecText WithoutLastAction(SpecText spec);

struct LawSpec {
  SpecText text;
  std::shared_ptr<tla::SourceMap> sources;
  std::shared_ptr<const program::Program> program;  // null: `diagnostics` says why
  std::string diagnostics;
};

[[nodiscard]] LawSpec LoadLawSpec(const SpecText& text);

}  // namespace kelpie::laws
