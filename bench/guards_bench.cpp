// Events in memory to a verdict by the solver: what a step costs when it is solved, and twice decided.
#include <benchmark/benchmark.h>

#include "bench/loading.h"
#include "checker/refine/checker.h"

namespace kelpie::bench {
namespace {

constexpr std::uint64_t kAccounts = 5;

std::string Account(std::uint64_t i) { return "a" + std::to_string(i); }

trace::Update PathUpdate(const std::string& account, std::int64_t balance) {
  return {{"rows", {trace::Value::String(account), trace::Value::String("balance")}},
          trace::UpdateOp::kSet,
          trace::Value::Int(balance)};
}

// Transfers that say where balances stand afterwards, and nothing else when `is_silent`.
std::vector<trace::Event> Transfers(std::size_t count, bool is_silent) {
  std::vector<trace::Event> events;
  std::vector<std::int64_t> balances(kAccounts, 100);
  Numbers numbers(7);
  while (events.size() < count) {
    const std::uint64_t from = numbers.Below(kAccounts);
    const std::uint64_t to = numbers.Below(kAccounts);
    const auto amount = static_cast<std::int64_t>(1 + numbers.Below(10));
    if (from == to || balances[from] < amount) continue;
    balances[from] -= amount;
    balances[to] += amount;
    trace::Claim claim;
    claim.action = "Transfer";
    if (!is_silent) {
      claim.args.named = {{"from", trace::Value::String(Account(from))},
                          {"to", trace::Value::String(Account(to))},
                          {"amount", trace::Value::Int(amount)}};
    }
    claim.updates = {PathUpdate(Account(from), balances[from]), PathUpdate(Account(to), balances[to])};
    trace::Event event;
    event.id = {"bank", 1, events.size() + 1};
    event.claims.push_back(std::move(claim));
    events.push_back(std::move(event));
  }
  return events;
}

void SolveLedger(benchmark::State& state, std::size_t event_count, bool is_silent, refine::GuardEngine engine) {
  const auto program = Load("bench/specs/Ledger", {"Accounts"});
  trace::Header header;
  std::vector<trace::Value> accounts;
  for (std::uint64_t i = 0; i < kAccounts; ++i) accounts.push_back(trace::Value::String(Account(i)));
  header.constants = {{"Accounts", trace::Value::Set(accounts)}};
  const std::vector<trace::Event> events = Transfers(event_count, is_silent);
  std::uint64_t queries = 0;
  for (auto _ : state) {
    auto constants = observe::ReadConstants(*program, header);
    Require(constants.ok(), "the constants cannot be read");
    refine::Checker checker(program, header, std::move(constants.value()), {}, {}, {.engine = engine});
    refine::EventReference where;
    for (const trace::Event& event : events) {
      where.id = event.id;
      where.index = event.id.seq;
      Require(checker.Feed(event, where), "an event was refused");
    }
    const refine::CheckResult result = checker.Finish();
    Require(result.verdict == refine::Verdict::kConforms, "the ledger does not conform");
    queries = result.solver.queries;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(event_count) * state.iterations());
  state.counters["queries"] = static_cast<double>(queries);
}
BENCHMARK_CAPTURE(SolveLedger, tiny, 3, false, refine::GuardEngine::kZ3);
BENCHMARK_CAPTURE(SolveLedger, arguments, 100, false, refine::GuardEngine::kZ3)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(SolveLedger, paths_only, 100, true, refine::GuardEngine::kZ3)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(SolveLedger, both_arguments, 100, false, refine::GuardEngine::kBoth)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kelpie::bench
