// All reachable states: a wide spec with tiny states, and the lease spec up to a number of states.
#include <benchmark/benchmark.h>

#include "bench/loading.h"
#include "checker/explore/explorer.h"

namespace kelpie::bench {
namespace {

void Report(benchmark::State& state, const explore::ExploreResult& result) {
  state.counters["distinct"] = static_cast<double>(result.distinct_count);
  state.counters["generated_per_second"] =
      benchmark::Counter(static_cast<double>(result.generated_count) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
}

void ExploreClocks(benchmark::State& state, std::int64_t count, std::int64_t size) {
  const auto program = Load("bench/specs/Clocks", {"Count", "Size"});
  const eval::ConstantValues constants{{program->spec->FindConstant("Count")->index, eval::Value::Int(count)},
                                       {program->spec->FindConstant("Size")->index, eval::Value::Int(size)}};
  std::uint64_t expected = 1;
  for (std::int64_t i = 0; i < count; ++i) expected *= static_cast<std::uint64_t>(size);
  explore::ExploreResult result;
  for (auto _ : state) {
    eval::Evaluator evaluator(program, constants, {});
    result = explore::Explore(evaluator, {});
    Require(result.outcome == explore::Outcome::kOk && result.distinct_count == expected, "wrong number of states");
  }
  Report(state, result);
}
BENCHMARK_CAPTURE(ExploreClocks, tiny, 2, 3);
BENCHMARK_CAPTURE(ExploreClocks, 6_clocks_of_5, 6, 5)->Unit(benchmark::kMillisecond);

void ExploreLease(benchmark::State& state, std::uint64_t states_max) {
  const auto program = Load("tla/specs/KelpieLease", {});
  explore::ExploreOptions options;
  options.states_max = states_max;
  explore::ExploreResult result;
  for (auto _ : state) {
    eval::Evaluator evaluator(program, {}, {});
    result = explore::Explore(evaluator, options);
    Require(result.outcome == explore::Outcome::kLimit, "the exploration ended before the limit");
  }
  Report(state, result);
}
BENCHMARK_CAPTURE(ExploreLease, tiny, 20);
BENCHMARK_CAPTURE(ExploreLease, 2000_states, 2000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kelpie::bench
