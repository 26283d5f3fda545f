// Trace files to events, of both formats, and several files to one order.
#include <benchmark/benchmark.h>

#include <fstream>

#include "bench/support.h"
#include "trace/file/trace_reader.h"
#include "trace/file/trace_writer.h"
#include "trace/order/merged_trace.h"

namespace kelpie::bench {
namespace {

using trace::Value;

// A line of /proc/self/status, in kilobytes: VmRSS is the memory now, VmHWM its peak.
std::uint64_t StatusOf(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1));
  }
  Require(false, "the system does not tell how much memory there is");
  return 0;
}

std::uint64_t ResetPeakMemory() {
  std::ofstream("/proc/self/clear_refs") << "5";  // see proc(5)
  return StatusOf("VmRSS");
}

std::uint64_t PeakMemory() { return StatusOf("VmHWM"); }

// An event as the reference cluster writes them: arguments, a read, two updates, a version.
trace::Event MakeEvent(const std::string& node, std::uint64_t seq, std::uint64_t version, Numbers& numbers) {
  const std::string actor = "a" + std::to_string(numbers.Below(5));
  const auto token = static_cast<std::int64_t>(numbers.Below(1000));
  trace::Claim claim;
  claim.spec = "Lease";
  claim.action = "Commit";
  claim.args.named = {{"n", Value::Model(node)}, {"a", Value::Model(actor)}, {"token", Value::Int(token)}};
  claim.reads = {{{"leases", {Value::Model(actor)}},
                  Value::Record({{"holder", Value::Model(node)}, {"token", Value::Int(token)}})}};
  claim.updates = {{{"writes", {Value::Model(actor), Value::String("version")}},
                    trace::UpdateOp::kSet,
                    Value::Int(static_cast<std::int64_t>(version))},
                   {{"requests", {}},
                    trace::UpdateOp::kRemove,
                    Value::Record({{"kind", Value::String("write")}, {"sentAt", Value::Int(token)}})}};
  trace::Event event;
  event.id = {node, 1, seq};
  event.claims.push_back(std::move(claim));
  event.versions = {{"world", version}};
  event.true_ns = static_cast<std::int64_t>(version) * 1'000'000;
  return event;
}

// A run of `node_count` files in `folder`, `count` events in all. Gives their paths.
std::vector<std::string> WriteRun(const Folder& folder, std::uint64_t node_count, std::uint64_t count,
                                  const trace::file::WriterOptions& options) {
  const char* extension = options.format == trace::file::Format::kKtrace ? ".ktrace" : ".jsonl";
  std::vector<std::string> paths;
  std::vector<trace::file::TraceWriter> writers;
  std::vector<std::uint64_t> seqs(node_count, 0);
  for (std::uint64_t i = 0; i < node_count; ++i) {
    trace::Header header;
    header.run = "bench";
    header.node = "n" + std::to_string(i);
    header.incarnation = 1;
    paths.push_back(folder.Path(header.node + ".1" + extension));
    auto writer = trace::file::TraceWriter::Create(paths.back(), header, options);
    Require(writer.ok(), "a trace cannot be written");
    writers.push_back(std::move(writer.value()));
  }
  Numbers numbers(11);
  for (std::uint64_t version = 1; version <= count; ++version) {
    const std::uint64_t node = numbers.Below(node_count);
    const auto event = MakeEvent("n" + std::to_string(node), ++seqs[node], version, numbers);
    Require(writers[node].Append(event).ok(), "an event cannot be written");
  }
  for (auto& writer : writers) Require(writer.Close().ok(), "a trace cannot be closed");
  return paths;
}

std::uint64_t CountEvents(trace::file::TraceReader& reader) {
  trace::file::LocatedEvent event;
  std::uint64_t seen = 0;
  while (true) {
    const auto more = reader.Next(event);
    Require(more.ok(), "the trace cannot be read");
    if (!*more) return seen;
    ++seen;
  }
}

void ReadFile(benchmark::State& state, std::uint64_t count, const trace::file::WriterOptions& options) {
  const Folder folder;
  const std::string path = WriteRun(folder, 1, count, options).front();
  for (auto _ : state) {
    auto reader = trace::file::TraceReader::Open(path);
    Require(reader.ok(), "the trace cannot be opened");
    Require(CountEvents(*reader) == count, "events are missing");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(count) * state.iterations());
  state.SetBytesProcessed(static_cast<std::int64_t>(std::filesystem::file_size(path)) * state.iterations());
}
const trace::file::WriterOptions kLines{.format = trace::file::Format::kJsonLines};
const trace::file::WriterOptions kFrames{.format = trace::file::Format::kKtrace};
const trace::file::WriterOptions kBlocks{.format = trace::file::Format::kKtrace,
                                         .compression = trace::file::Compression::kZstd};
BENCHMARK_CAPTURE(ReadFile, tiny, 10, kLines);
BENCHMARK_CAPTURE(ReadFile, jsonl_10000, 10'000, kLines)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadFile, ktrace_10000, 10'000, kFrames)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadFile, zstd_10000, 10'000, kBlocks)->Unit(benchmark::kMillisecond);

// Each event made anew, for who keeps events.
void ReadAnew(benchmark::State& state, std::uint64_t count) {
  const Folder folder;
  const std::string path = WriteRun(folder, 1, count, kFrames).front();
  for (auto _ : state) {
    auto reader = trace::file::TraceReader::Open(path);
    Require(reader.ok(), "the trace cannot be opened");
    std::uint64_t seen = 0;
    while (true) {
      auto next = reader->Next();
      Require(next.ok(), "the trace cannot be read");
      if (!next->has_value()) break;
      ++seen;
    }
    Require(seen == count, "events are missing");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(count) * state.iterations());
}
BENCHMARK_CAPTURE(ReadAnew, ktrace_10000, 10'000)->Unit(benchmark::kMillisecond);

// To an event near the end by the index, and back to the caller.
void Seek(benchmark::State& state, std::uint64_t count) {
  const Folder folder;
  const std::string path = WriteRun(folder, 1, count, kFrames).front();
  for (auto _ : state) {
    auto reader = trace::file::TraceReader::Open(path);
    Require(reader.ok(), "the trace cannot be opened");
    const auto there = reader->Seek({.kind = trace::file::Position::Kind::kId, .id = {"n0", 1, count - 1}});
    Require(there.ok() && *there, "the event is missing");
  }
}
BENCHMARK_CAPTURE(Seek, tiny, 10);
BENCHMARK_CAPTURE(Seek, index_100000, 100'000)->Unit(benchmark::kMicrosecond);

// How much more memory the process had at its peak while it read, in kilobytes.
void ReadMemory(benchmark::State& state, std::uint64_t count, const trace::file::WriterOptions& options) {
  const Folder folder;
  const std::string path = WriteRun(folder, 1, count, options).front();
  std::uint64_t growth = 0;
  for (auto _ : state) {
    const std::uint64_t before = ResetPeakMemory();
    auto reader = trace::file::TraceReader::Open(path);
    Require(reader.ok(), "the trace cannot be opened");
    Require(CountEvents(*reader) == count, "events are missing");
    growth = PeakMemory() - before;
  }
  state.counters["peak_growth_kb"] = static_cast<double>(growth);
}
BENCHMARK_CAPTURE(ReadMemory, tiny, 10, kFrames);
BENCHMARK_CAPTURE(ReadMemory, ktrace_100000, 100'000, kFrames)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadMemory, ktrace_1000000, 1'000'000, kFrames)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadMemory, zstd_100000, 100'000, kBlocks)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadMemory, zstd_1000000, 1'000'000, kBlocks)->Iterations(1)->Unit(benchmark::kMillisecond);

void Merge(benchmark::State& state, std::uint64_t node_count, std::uint64_t count,
           const trace::file::WriterOptions& options) {
  const Folder folder;
  const std::vector<std::string> paths = WriteRun(folder, node_count, count, options);
  for (auto _ : state) {
    auto merged = trace::order::MergedTrace::Open(paths);
    Require(merged.ok(), "the run cannot be opened");
    std::uint64_t seen = 0;
    trace::file::LocatedEvent event;
    while (true) {
      const auto more = merged->Next(event);
      Require(more.ok(), "the run cannot be merged");
      if (!*more) break;
      Require(event.event.versions.begin()->second == ++seen, "the order is wrong");
    }
    Require(seen == count && merged->is_total(), "the order is incomplete");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(count) * state.iterations());
}
BENCHMARK_CAPTURE(Merge, tiny, 2, 20, kLines);
BENCHMARK_CAPTURE(Merge, 5_nodes_jsonl_10000, 5, 10'000, kLines)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Merge, 5_nodes_ktrace_10000, 5, 10'000, kFrames)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kelpie::bench
