// All reachable states: a wide spec with tiny states, and the lease spec up to a number of states.
#include <benchmark/benchmark.h>

#include <optional>
#include <string>
#include <vector>

#include "bench/loading.h"
#include "checker/eval/outside.h"
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

// A world with one file.
class OneFile : public eval::Outside {
 public:
  explicit OneFile(std::string text) : text_(std::move(text)) {}
  eval::Variables Environment() override { return {}; }
  std::optional<std::string> Read(const std::string&, eval::Refusal&) override { return text_; }
  void Write(const std::string&, const std::string&, bool, eval::Refusal&) override {}
  eval::ProgramResult Run(const std::vector<std::string>&, const eval::Variables&, eval::Refusal&) override {
    return {};
  }

 private:
  std::string text_;
};

// The cost of a line does not depend on how many there are.
void ExploreLog(benchmark::State& state, std::size_t line_count) {
  const auto program = Load("bench/specs/FollowLog", {});
  Numbers numbers(7);
  std::string text = "{\"accounts\": 8}\n";
  std::uint64_t balance[9] = {};
  for (std::size_t i = 1; i < line_count; ++i) {
    const std::uint64_t account = 1 + numbers.Below(8);
    const std::uint64_t amount = 1 + numbers.Below(100);
    const bool is_take = balance[account] >= amount && numbers.Below(2) == 0;
    balance[account] += is_take ? 0 - amount : amount;
    text += "{\"op\": \"" + std::string(is_take ? "take" : "put") + "\", \"account\": " + std::to_string(account) +
            ", \"amount\": " + std::to_string(amount) + "}\n";
  }
  eval::EvalOptions options;
  options.outside = std::make_shared<OneFile>(text);
  explore::ExploreResult result;
  for (auto _ : state) {
    eval::Evaluator evaluator(program, {}, options);
    result = explore::Explore(evaluator, {});
    Require(result.outcome == explore::Outcome::kOk && result.distinct_count == line_count, "the log was not followed");
  }
  state.SetLabel(HashLabel(text));
  state.SetItemsProcessed(static_cast<std::int64_t>(line_count) * state.iterations());
}
BENCHMARK_CAPTURE(ExploreLog, tiny, 20);
BENCHMARK_CAPTURE(ExploreLog, 1000_lines, 1'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ExploreLog, 5000_lines, 5'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ExploreLog, 20000_lines, 20'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kelpie::bench
