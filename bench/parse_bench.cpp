// The front end: text to syntax tree, and file to resolved specification and model.
#include <benchmark/benchmark.h>

#include "bench/support.h"
#include "tla/resolve/load.h"
#include "tla/syntax/parse.h"

namespace kelpie::bench {
namespace {

// `count` actions of a dozen lines: junction lists, EXCEPT, records, quantifiers, IF and LET.
std::string GeneratedSpec(std::int64_t count) {
  std::string text = "---- MODULE Generated ----\nEXTENDS Naturals, Sequences\nCONSTANT Nodes\nVARIABLES rows, log\n";
  for (std::int64_t i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    text += "\nStep" + n +
            "(node, value) ==\n"
            "  /\\ node \\in Nodes\n"
            "  /\\ \\/ rows[node].count < " +
            n +
            " + 3\n"
            "     \\/ \\A other \\in Nodes : other # node => rows[other].owner = node\n"
            "  /\\ LET old == rows[node].count\n"
            "         new == IF old > 2 * value THEN old - value ELSE old + " +
            n +
            "\n"
            "     IN  rows' = [rows EXCEPT ![node].count = new, ![node].owner = CHOOSE m \\in Nodes : TRUE]\n"
            "  /\\ log' = Append(log, [node |-> node, value |-> value, kind |-> \"step" +
            n + "\"])\n";
  }
  return text + "====\n";
}

void ParseGenerated(benchmark::State& state, std::int64_t count) {
  const std::string text = GeneratedSpec(count);
  for (auto _ : state) {
    tla::SourceMap sources;
    tla::Diagnostics diagnostics;
    const auto file = sources.Add("Generated.tla", text);
    auto module = syntax::ParseModule(file, sources, {}, diagnostics);
    Require(module.has_value(), "the generated specification does not parse");
    benchmark::DoNotOptimize(module);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
  state.SetLabel(HashLabel(text));
}
BENCHMARK_CAPTURE(ParseGenerated, tiny, 2);
BENCHMARK_CAPTURE(ParseGenerated, 30_actions, 30)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ParseGenerated, 1000_actions, 1000)->Unit(benchmark::kMillisecond);

// What `check` does before the first event.
void LoadShipped(benchmark::State& state, const std::string& spec_file, const std::string& model_file) {
  const std::string folder = std::string(KELPIE_SOURCE_DIR) + "/";
  for (auto _ : state) {
    tla::SourceMap sources;
    tla::Diagnostics diagnostics;
    const auto spec = resolve::LoadSpec(folder + spec_file, {}, sources, diagnostics);
    Require(spec != nullptr, tla::Render(sources, diagnostics.list()));
    auto model = resolve::LoadModel(folder + model_file, *spec, {}, sources, diagnostics);
    Require(model != nullptr, tla::Render(sources, diagnostics.list()));
    benchmark::DoNotOptimize(model);
  }
}
BENCHMARK_CAPTURE(LoadShipped, tiny, "bench/specs/Clocks.tla", "bench/specs/Clocks.cfg");
BENCHMARK_CAPTURE(LoadShipped, KelpieLease, "tla/specs/KelpieLease.tla", "tla/specs/KelpieLease.cfg")
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kelpie::bench
