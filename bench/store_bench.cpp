// Lease transactions through the embedded store: many callers, one committer, one sync for all that wait.
#include <benchmark/benchmark.h>

#include <algorithm>
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

// Claims of actors chosen at random among many, each with a lease row and a counter; of one actor a caller has them
// all.
void ClaimActors(benchmark::State& state, std::uint64_t actors, int callers, std::uint64_t each) {
  const bench::Folder folder;
  store::OpenedStore opened = store::RocksStore::Open({.path = folder.Path("store"), .sync = false});
  if (!opened.store) return state.SkipWithError(opened.error.c_str());
  const auto rows = [](std::uint64_t actor) {
    const std::string name = std::to_string(actor);
    return std::vector<store::Write>{{"lease/a" + name, "1 holder=n1 incarnation=1 token=1"},
                                     {"token/a" + name, "1 count=1"}};
  };
  constexpr std::uint64_t kActorsATransaction = 50;
  for (std::uint64_t first = 0; first < actors; first += kActorsATransaction) {
    store::Transaction load{.operation = {"load", 1, first}, .label = "load"};
    for (std::uint64_t i = first; i < std::min(actors, first + kActorsATransaction); ++i) {
      for (store::Write& write : rows(i)) load.writes.push_back(std::move(write));
    }
    if (opened.store->Commit(load).outcome != store::Outcome::kOk) return state.SkipWithError("not loaded");
  }
  std::uint64_t operation = 0;
  for (auto _ : state) {
    std::atomic<std::uint64_t> failed = 0;
    std::vector<std::thread> threads;
    for (int caller = 0; caller < callers; ++caller) {
      threads.emplace_back([&, caller] {
        bench::Numbers numbers(static_cast<std::uint64_t>(caller) + operation + 1);
        for (std::uint64_t n = 1; n <= each; ++n) {
          const auto share = static_cast<std::uint64_t>(callers);
          const std::uint64_t actor = numbers.Below(actors / share) * share + static_cast<std::uint64_t>(caller);
          const store::ReadReply read = opened.store->Read({{}, {"token/a" + std::to_string(actor)}});
          const std::uint64_t version = read.rows.begin()->second.version;
          store::Transaction claim{{"n" + std::to_string(caller), operation + 1, n}, "acquire", {}, rows(actor)};
          claim.compares = {{"token/a" + std::to_string(actor), version}};
          if (opened.store->Commit(claim).outcome != store::Outcome::kOk) ++failed;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    ++operation;
    if (failed != 0) state.SkipWithError("a claim was refused");
  }
  state.SetItemsProcessed(state.iterations() * callers * static_cast<std::int64_t>(each));
}

BENCHMARK_CAPTURE(ClaimActors, tiny, 100, 2, 5)->UseRealTime();
BENCHMARK_CAPTURE(ClaimActors, of_1000, 1000, 16, 2000)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ClaimActors, of_1000000, 1'000'000, 16, 2000)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(RenewLeases, tiny, true, 4, 5)->UseRealTime();
BENCHMARK_CAPTURE(RenewLeases, synced_1, true, 1, 500)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(RenewLeases, synced_16, true, 16, 200)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(RenewLeases, synced_256, true, 256, 100)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(RenewLeases, unsynced_16, false, 16, 2000)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(RenewLeases, unsynced_256, false, 256, 400)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kelpie
