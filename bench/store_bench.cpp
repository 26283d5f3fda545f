// Lease transactions through the embedded store: many callers, one committer, one sync for all that wait.
#include <benchmark/benchmark.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/support.h"
#include "impl/rocks/rocks_store.h"

namespace kelpie {
namespace {

// What a renewal is: compares the session's row and writes it.
store::Transaction Renewal(const std::string& client, std::uint64_t n) {
  const std::string key = "session/" + client;
  return {{client, 1, n}, "renew", {{key, n - 1}}, {{key, "ttl=10000"}}};
}

// `in_flight` callers, each with a session of its own, `each` renewals one after the other.
void RenewLeases(benchmark::State& state, bool sync, int in_flight, std::uint64_t each) {
  std::uint64_t commits = 0;
  std::uint64_t syncs = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto folder = std::make_unique<bench::Folder>();
    store::OpenedStore opened = store::RocksStore::Open({.path = folder->Path("store"), .sync = sync});
    if (!opened.store) return state.SkipWithError(opened.error.c_str());
    std::atomic<std::uint64_t> refused = 0;
    state.ResumeTiming();
    std::vector<std::thread> callers;
    for (int i = 0; i < in_flight; ++i) {
      callers.emplace_back([&, client = "n" + std::to_string(i)] {
        for (std::uint64_t n = 1; n <= each; ++n) {
          if (opened.store->Commit(Renewal(client, n)).outcome != store::Outcome::kOk) ++refused;
        }
      });
    }
    for (std::thread& caller : callers) caller.join();
    state.PauseTiming();
    if (refused != 0) state.SkipWithError("a renewal was not committed");
    commits += opened.store->commit_version();
    syncs += opened.store->counts().batches;
    opened.store.reset();
    folder.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(commits));
  state.counters["commits_per_sync"] = static_cast<double>(commits) / static_cast<double>(syncs);
}

BENCHMARK_CAPTURE(RenewLeases, tiny, true, 4, 5)->UseRealTime();
BENCHMARK_CAPTURE(RenewLeases, synced_1, true, 1, 500)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(RenewLeases, synced_16, true, 16, 200)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(RenewLeases, synced_256, true, 256, 100)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(RenewLeases, unsynced_16, false, 16, 2000)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(RenewLeases, unsynced_256, false, 256, 400)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kelpie
