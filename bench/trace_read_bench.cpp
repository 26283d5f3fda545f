// Trace files to events, of both formats, and several files to one order.
#include <benchmark/benchmark.h>

#include "bench/support.h"
#include "trace/file/trace_reader.h"
#include "trace/file/trace_writer.h"
#include "trace/order/merged_trace.h"

namespace kelpie::bench {
namespace {

using trace::Value;

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
                                  trace::file::Format format) {
  const char* extension = format == trace::file::Format::kKtrace ? ".ktrace" : ".jsonl";
  std::vector<std::string> paths;
  std::vector<trace::file::TraceWriter> writers;
  std::vector<std::uint64_t> seqs(node_count, 0);
  for (std::uint64_t i = 0; i < node_count; ++i) {
    trace::Header header;
    header.run = "bench";
    header.node = "n" + std::to_string(i);
    header.incarnation = 1;
    paths.push_back(folder.Path(header.node + ".1" + extension));
    auto writer = trace::file::TraceWriter::Create(paths.back(), header, {.format = format});
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

void ReadFile(benchmark::State& state, std::uint64_t count, trace::file::Format format) {
  const Folder folder;
  const std::string path = WriteRun(folder, 1, count, format).front();
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
  state.SetBytesProcessed(static_cast<std::int64_t>(std::filesystem::file_size(path)) * state.iterations());
}
BENCHMARK_CAPTURE(ReadFile, tiny, 10, trace::file::Format::kJsonLines);
BENCHMARK_CAPTURE(ReadFile, jsonl_10000, 10'000, trace::file::Format::kJsonLines)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadFile, ktrace_10000, 10'000, trace::file::Format::kKtrace)->Unit(benchmark::kMillisecond);

void Merge(benchmark::State& state, std::uint64_t node_count, std::uint64_t count, trace::file::Format format) {
  const Folder folder;
  const std::vector<std::string> paths = WriteRun(folder, node_count, count, format);
  for (auto _ : state) {
    auto merged = trace::order::MergedTrace::Open(paths);
    Require(merged.ok(), "the run cannot be opened");
    std::uint64_t seen = 0;
    while (true) {
      auto next = merged->Next();
      Require(next.ok(), "the run cannot be merged");
      if (!next->has_value()) break;
      Require((**next).event.versions.begin()->second == ++seen, "the order is wrong");
    }
    Require(seen == count && merged->is_total(), "the order is incomplete");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(count) * state.iterations());
}
BENCHMARK_CAPTURE(Merge, tiny, 2, 20, trace::file::Format::kJsonLines);
BENCHMARK_CAPTURE(Merge, 5_nodes_jsonl_10000, 5, 10'000, trace::file::Format::kJsonLines)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Merge, 5_nodes_ktrace_10000, 5, 10'000, trace::file::Format::kKtrace)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kelpie::bench
