// Whole processes as users start them, start-up and reading included: `check` of lease traces.
// The programs are those of KELPIE_BIN, by default of the same build.
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <fstream>

#include "bench/support.h"

namespace kelpie::bench {
namespace {

std::string Program(const std::string& name) {
  const char* given = std::getenv("KELPIE_BIN");
  return (given != nullptr ? std::string(given) : std::string(KELPIE_BINARY_DIR) + "/bin") + "/" + name;
}

int Run(const std::string& command) {
  const int status = std::system((command + " >/dev/null").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Processor time of all children so far. Wall time depends on who else computes; this does not.
double ChildrenMs() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto ms = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

void RunMeasured(benchmark::State& state, const std::string& command, const char* message) {
  const double before = ChildrenMs();
  for (auto _ : state) Require(Run(command) == 0, message);
  state.counters["cpu_ms"] = benchmark::Counter(ChildrenMs() - before, benchmark::Counter::kAvgIterations);
}

std::uint64_t CountEvents(const std::string& folder) {
  std::uint64_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    for (std::string line; entry.path().extension() == ".jsonl" && std::getline(file, line);) {
      count += line.starts_with("{\"header\"") ? 0 : 1;
    }
  }
  return count;
}

// Writes a run of the cluster with at least `events_min` events; of these, a fifth to a quarter
// are calls and returns, which the checker reads and counts as ignored.
std::uint64_t WriteRun(const std::string& path, std::uint64_t events_min) {
  std::uint64_t events = 0;
  for (std::uint64_t steps = events_min / 2; events < events_min; steps += events_min / 50 + 1) {
    const int exit = Run("'" + Program("kelpie-simulate") + "' --seed 2 --nodes 3 --force --steps " +
                         std::to_string(steps) + " --out '" + path + "'");
    Require(exit == 0, "kelpie-simulate failed; is it built, or KELPIE_BIN set?");
    events = CountEvents(path);
  }
  return events;
}

void CheckLease(benchmark::State& state, std::uint64_t events_min) {
  const Folder folder;
  const std::uint64_t events = WriteRun(folder.Path("run"), events_min);
  const std::string command = "'" + Program("kelpie-checker") + "' check '" + folder.Path("run") + "' --spec '" +
                              KELPIE_SOURCE_DIR + "/tla/specs/KelpieLease.tla'";
  RunMeasured(state, command, "the run does not conform");
  state.SetItemsProcessed(static_cast<std::int64_t>(events) * state.iterations());
  state.counters["events"] = static_cast<double>(events);
}
BENCHMARK_CAPTURE(CheckLease, tiny, 50)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(CheckLease, 1000_events, 1000)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(CheckLease, 20000_events, 20'000)->UseRealTime()->Unit(benchmark::kMillisecond);

// The same from frames, and long enough that the start of the process hardly counts: what a checked
// event costs.
void CheckLeaseFrames(benchmark::State& state, std::uint64_t events_min) {
  const Folder folder;
  const std::uint64_t events = WriteRun(folder.Path("run"), events_min);
  const std::string run = folder.Path("run");
  Require(Run("mkdir '" + run + "k' && cd '" + run + "' && for f in *.jsonl; do '" + Program("kelpie-trace") +
              "' trace convert \"$f\" '" + run + "k'/\"${f%.jsonl}.ktrace\" || exit 1; done && cp run.json '" + run +
              "k'") == 0,
          "the run cannot be converted to frames");
  const std::string command = "'" + Program("kelpie-checker") + "' check '" + run + "k' --spec '" + KELPIE_SOURCE_DIR +
                              "/tla/specs/KelpieLease.tla'";
  RunMeasured(state, command, "the run does not conform");
  state.SetItemsProcessed(static_cast<std::int64_t>(events) * state.iterations());
  state.counters["events"] = static_cast<double>(events);
}
BENCHMARK_CAPTURE(CheckLeaseFrames, tiny, 50)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(CheckLeaseFrames, 150000_events, 150'000)->UseRealTime()->Unit(benchmark::kMillisecond);

// The least that any verb costs.
void Start(benchmark::State& state, const std::string& arguments) {
  RunMeasured(state, "'" + Program("kelpie-checker") + "' " + arguments, "the program does not start");
}
BENCHMARK_CAPTURE(Start, tiny_help, "check --help")->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Start, help, "check --help")->UseRealTime()->Unit(benchmark::kMillisecond);

// The front end as a user meets it: process start, reading, resolving.
void ParseLease(benchmark::State& state) {
  RunMeasured(state, "'" + Program("kelpie-checker") + "' parse '" + KELPIE_SOURCE_DIR + "/tla/specs/KelpieLease.tla'",
              "the specification does not parse");
}
BENCHMARK(ParseLease)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kelpie::bench
