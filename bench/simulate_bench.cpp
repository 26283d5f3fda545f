// The reference cluster in its simulated world, events into memory.
#include <benchmark/benchmark.h>

#include "bench/support.h"
#include "impl/cluster/cluster.h"

namespace kelpie::bench {
namespace {

void Simulate(benchmark::State& state, std::uint64_t steps, std::size_t nodes) {
  std::uint64_t events = 0;
  for (auto _ : state) {
    cluster::ClusterOptions options;
    options.seed = 2;
    options.steps = steps;
    options.nodes = nodes;
    node::VectorSink sink;
    const cluster::RunSummary summary = cluster::Cluster(options, sink).Run();
    Require(summary.steps >= steps && !sink.events().empty(), "the run ended early");
    events = summary.events;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(steps) * state.iterations());
  state.counters["events"] = static_cast<double>(events);
}
BENCHMARK_CAPTURE(Simulate, tiny, 50, 2);
BENCHMARK_CAPTURE(Simulate, 3_nodes_3000_steps, 3000, 3)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Simulate, 20_nodes_3000_steps, 3000, 20)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kelpie::bench
