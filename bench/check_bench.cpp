// Events in memory to a verdict: what an event costs, by how much it says and how large the state is.
#include <benchmark/benchmark.h>

#include "bench/loading.h"
#include "checker/refine/checker.h"

namespace kelpie::bench {
namespace {

// How much an event of the ledger says.
enum class Detail { kArguments, kPaths, kActionOnly };

struct Ledger {
  trace::Header header;
  std::vector<trace::Event> events;
};

std::string Account(std::uint64_t i) { return "a" + std::to_string(i); }

trace::Update PathUpdate(const std::string& account, std::int64_t balance) {
  return {{"rows", {trace::Value::String(account), trace::Value::String("balance")}},
          trace::UpdateOp::kSet,
          trace::Value::Int(balance)};
}

Ledger MakeLedger(std::uint64_t account_count, std::size_t event_count, Detail detail) {
  Ledger ledger;
  std::vector<trace::Value> accounts;
  for (std::uint64_t i = 0; i < account_count; ++i) accounts.push_back(trace::Value::String(Account(i)));
  ledger.header.constants = {{"Accounts", trace::Value::Set(accounts)}};
  std::vector<std::int64_t> balances(account_count, 100);
  Numbers numbers(7);
  while (ledger.events.size() < event_count) {
    const std::uint64_t from = numbers.Below(account_count);
    const std::uint64_t to = numbers.Below(account_count);
    const auto amount = static_cast<std::int64_t>(1 + numbers.Below(10));
    if (from == to || balances[from] < amount) continue;
    balances[from] -= amount;
    balances[to] += amount;
    trace::Claim claim;
    claim.action = "Transfer";
    if (detail != Detail::kActionOnly) {
      claim.args.named = {{"from", trace::Value::String(Account(from))},
                          {"to", trace::Value::String(Account(to))},
                          {"amount", trace::Value::Int(amount)}};
    }
    if (detail != Detail::kArguments) {
      claim.updates = {PathUpdate(Account(from), balances[from]), PathUpdate(Account(to), balances[to])};
    }
    trace::Event event;
    event.id = {"bank", 1, ledger.events.size() + 1};
    event.claims.push_back(std::move(claim));
    ledger.events.push_back(std::move(event));
  }
  return ledger;
}

void CheckLedger(benchmark::State& state, std::uint64_t account_count, std::size_t event_count, Detail detail) {
  const auto program = Load("bench/specs/Ledger", {"Accounts"});
  const Ledger ledger = MakeLedger(account_count, event_count, detail);
  for (auto _ : state) {
    auto constants = observe::ReadConstants(*program, ledger.header);
    Require(constants.ok(), "the constants cannot be read");
    refine::Checker checker(program, ledger.header, std::move(constants.value()), {}, {});
    refine::EventReference where;
    for (const trace::Event& event : ledger.events) {
      where.id = event.id;
      where.index = event.id.seq;
      Require(checker.Feed(event, where), "an event was refused");
    }
    Require(checker.Finish().verdict == refine::Verdict::kConforms, "the ledger does not conform");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(event_count) * state.iterations());
}
BENCHMARK_CAPTURE(CheckLedger, tiny, 3, 10, Detail::kArguments);
BENCHMARK_CAPTURE(CheckLedger, arguments_10_accounts, 10, 1000, Detail::kArguments)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(CheckLedger, arguments_and_paths_10_accounts, 10, 1000, Detail::kPaths)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(CheckLedger, paths_only_10_accounts, 10, 100, Detail::kActionOnly)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(CheckLedger, arguments_1000_accounts, 1000, 100, Detail::kArguments)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kelpie::bench
