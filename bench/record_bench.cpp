// trace/record: what an event costs the thread that emits it, how fast the drain is, and what
// a full ring does. An event has 4 scalar arguments and 2 updates with paths.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <utility>

#include "bench/support.h"
#include "trace/record/live_recorder.h"

namespace kelpie::bench {
namespace {

namespace record = trace::record;

constexpr std::uint64_t kLargeRing = std::uint64_t{1} << 23U;
constexpr std::int64_t kBatch = 16384;  // events that fit the large ring

template <typename T>
T Must(trace::Result<T> result) {
  Require(result.ok(), result.ok() ? "" : result.error().Render());
  return std::move(*std::move(result));
}

struct Rig {
  explicit Rig(record::LiveOptions options)
      : recorder(Must(record::LiveRecorder::Open(Placed(std::move(options), folder)))),
        stream(Must(recorder.OpenStream("n1", 1))),
        action(Must(recorder.DefineAction("Lease", "CommitWrite", {"n", "a", "token", "ok"}))),
        leases(Must(recorder.DefineVariable("leases"))),
        tokens(Must(recorder.DefineVariable("tokens"))),
        node(Must(recorder.Intern("n1"))),
        actor(Must(recorder.Intern("a1"))),
        holder(Must(recorder.Intern("holder"))),
        emitter(Must(recorder.NewEmitter())) {}

  static record::LiveOptions Placed(record::LiveOptions options, const Folder& folder) {
    options.directory = folder.Path("run");
    return options;
  }

  std::uint64_t Emit(record::Emitter& by, std::int64_t number) const {
    return by.Step(stream, action)
        .Arg(record::Model(node))
        .Arg(record::Model(actor))
        .Arg(number)
        .Arg(true)
        .Set(leases, {actor, holder}, record::Model(node))
        .Set(tokens, {actor}, number)
        .Commit();
  }
  std::uint64_t EmitText(record::Emitter& by, std::int64_t number) const {
    return by.Step(stream, action)
        .Arg("node-1")
        .Arg("actor-1")
        .Arg(number)
        .Arg(true)
        .Set(leases, {"actor-1", "holder"}, "node-1")
        .Set(tokens, {"actor-1"}, number)
        .Commit();
  }

  // The folder of the last run goes with it, but not while the recorder is at work in it.
  Folder folder;
  record::LiveRecorder recorder;
  record::Stream stream;
  record::Action action;
  record::Variable leases;
  record::Variable tokens;
  record::Name node;
  record::Name actor;
  record::Name holder;
  record::Emitter emitter;
};

void Finish(Rig& rig, std::uint64_t expected) {
  Require(rig.recorder.Close().ok(), "the recorder cannot be closed");
  const record::LiveCounters counters = rig.recorder.counters();
  Require(counters.event_count + counters.lost_count == expected, "events are missing");
  Require(counters.drain.event_count == counters.event_count, "the drain has not written all events");
}

void Report(benchmark::State& state, std::int64_t batch) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * batch);
  state.counters["per_event"] = benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(batch),
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

enum class Form { kNames, kText, kWhole };

// One thread, nobody drains meanwhile: the price of the instructions.
void Emit(benchmark::State& state, std::int64_t batch, Form form) {
  Rig rig({.ring_bytes = kLargeRing, .has_drain_thread = false});
  trace::Event event{.claims = {{.spec = "Lease", .action = "CommitWrite"}}};
  event.claims[0].args.named = {{"n", trace::Value::Model("n1")}, {"a", trace::Value::Model("a1")}};
  event.claims[0].updates = {{{"tokens", {trace::Value::String("a1")}}, trace::UpdateOp::kSet, trace::Value::Int(3)}};
  std::int64_t number = 0;
  for (auto _ : state) {
    for (std::int64_t i = 0; i < batch; ++i) {
      ++number;
      switch (form) {
        case Form::kNames: benchmark::DoNotOptimize(rig.Emit(rig.emitter, number)); break;
        case Form::kText: benchmark::DoNotOptimize(rig.EmitText(rig.emitter, number)); break;
        case Form::kWhole: benchmark::DoNotOptimize(rig.emitter.Record(rig.stream, event).ok()); break;
      }
    }
    state.PauseTiming();
    Require(rig.recorder.Flush().ok(), "the rings cannot be drained");
    state.ResumeTiming();
  }
  Report(state, batch);
  Require(rig.recorder.counters().lost_count == 0, "events were lost");
  Finish(rig, static_cast<std::uint64_t>(number));
}
BENCHMARK_CAPTURE(Emit, tiny, 64, Form::kNames);
// Draining between the batches takes a hundred times as long as they do.
BENCHMARK_CAPTURE(Emit, names, kBatch, Form::kNames)->Iterations(30);
BENCHMARK_CAPTURE(Emit, inline_text, kBatch, Form::kText)->Iterations(30);
BENCHMARK_CAPTURE(Emit, whole_event, kBatch, Form::kWhole)->Iterations(10);

// Several threads on one node: they share the word that gives out seq.
Rig* shared_rig = nullptr;

void EmitThreads(benchmark::State& state) {
  if (state.thread_index() == 0) {
    shared_rig =
        new Rig({.when_full = record::FullPolicy::kCount, .ring_bytes = kLargeRing, .has_drain_thread = false});
  }
  std::unique_ptr<record::Emitter> emitter;
  std::int64_t number = 0;
  for (auto _ : state) {
    if (!emitter) {
      state.PauseTiming();
      emitter = std::make_unique<record::Emitter>(Must(shared_rig->recorder.NewEmitter()));
      state.ResumeTiming();
    }
    for (std::int64_t i = 0; i < kBatch; ++i) benchmark::DoNotOptimize(shared_rig->Emit(*emitter, ++number));
    state.PauseTiming();
    Require(shared_rig->recorder.Flush().ok(), "the rings cannot be drained");
    state.ResumeTiming();
  }
  Report(state, kBatch);
  emitter.reset();
  if (state.thread_index() == 0) {
    Require(shared_rig->recorder.Close().ok(), "the recorder cannot be closed");
    delete shared_rig;
  }
}
BENCHMARK(EmitThreads)->Threads(1)->Threads(2)->Iterations(20);

// The rings that are full of events, to frames in a file.
void DrainRing(benchmark::State& state, std::int64_t batch) {
  Rig rig({.ring_bytes = kLargeRing, .has_drain_thread = false});
  std::int64_t number = 0;
  for (auto _ : state) {
    state.PauseTiming();
    for (std::int64_t i = 0; i < batch; ++i) rig.Emit(rig.emitter, ++number);
    state.ResumeTiming();
    Require(rig.recorder.Flush().ok(), "the rings cannot be drained");
  }
  Report(state, batch);
  Finish(rig, static_cast<std::uint64_t>(number));
}
BENCHMARK_CAPTURE(DrainRing, tiny, 64);
BENCHMARK_CAPTURE(DrainRing, one_ring, kBatch);

// A ring of the usual size that nobody keeps empty. Waiting: as fast as the drain. Counting:
// what an event costs that is lost.
void FullRingWaits(benchmark::State& state) {
  Rig rig({.when_full = record::FullPolicy::kWait});
  std::int64_t number = 0;
  for (auto _ : state) {
    for (std::int64_t i = 0; i < kBatch; ++i) benchmark::DoNotOptimize(rig.Emit(rig.emitter, ++number));
  }
  Report(state, kBatch);
  const record::LiveCounters counters = rig.recorder.counters();
  Require(counters.lost_count == 0, "events were lost");
  state.counters["waits"] = static_cast<double>(counters.wait_count);
  state.counters["wait_share"] = static_cast<double>(counters.wait_ns) / static_cast<double>(number);  // ns an event
  Finish(rig, static_cast<std::uint64_t>(number));
}
BENCHMARK(FullRingWaits)->UseRealTime();

void FullRingCounts(benchmark::State& state) {
  Rig rig({.when_full = record::FullPolicy::kCount, .ring_bytes = 4096, .has_drain_thread = false});
  std::int64_t number = 0;
  for (auto _ : state) {
    for (std::int64_t i = 0; i < kBatch; ++i) benchmark::DoNotOptimize(rig.Emit(rig.emitter, ++number));
  }
  Report(state, kBatch);
  Require(rig.recorder.counters().lost_count > 0, "no event was lost");
  Finish(rig, static_cast<std::uint64_t>(number));
}
BENCHMARK(FullRingCounts);

}  // namespace
}  // namespace kelpie::bench
