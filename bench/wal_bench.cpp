// The log of accepted operations beside what a disk can do at all, and beside another log with synced groups.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <rocksdb/db.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/support.h"
#include "impl/wal/group_log.h"
#include "impl/wal/posix_folder.h"

namespace kelpie {
namespace {

constexpr std::size_t kPayloadBytes = 1024;

// `callers` threads, each with `each` calls one after the other; false: a call failed.
template <typename Call>
bool FromThreads(int callers, int each, const Call& call) {
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < each; ++n) {
        if (!call(i, n)) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return failed == 0;
}

std::unique_ptr<wal::Log> Begun(env::Folder& folder) {
  wal::LogOptions options;
  options.log_bytes_max = std::uint64_t{1} << 32U;
  auto log = std::make_unique<wal::Log>(folder, options);
  return log->Scan([](const wal::Entry&) {}).ok() && log->Begin().ok() ? std::move(log) : nullptr;
}

// One write and one fdatasync after the other, into a file whose bytes were set aside.
void RawAppends(benchmark::State& state, int each) {
  const bench::Folder folder;
  const std::string record(kPayloadBytes + wal::kRecordHeaderBytes, 'x');
  for (auto _ : state) {
    state.PauseTiming();
    const int file = ::open(folder.Path("raw").c_str(), O_RDWR | O_CREAT | O_TRUNC, 0644);
    bool ok = file >= 0 && ::posix_fallocate(file, 0, 16 << 20) == 0 && ::fsync(file) == 0;
    state.ResumeTiming();
    for (int n = 0; n < each; ++n) {
      ok = ok && ::pwrite(file, record.data(), record.size(), static_cast<off_t>(record.size()) * n) > 0 &&
           ::fdatasync(file) == 0;
    }
    state.PauseTiming();
    ::close(file);
    if (!ok) state.SkipWithError("the file was refused");
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * each);
}

void LogAppends(benchmark::State& state, int callers, int each) {
  const std::string payload(kPayloadBytes, 'x');
  std::uint64_t syncs = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto folder = std::make_unique<bench::Folder>();
    wal::OpenedFolder opened = wal::OpenFolder(folder->Path("wal"));
    if (!opened.folder) return state.SkipWithError(opened.error.c_str());
    auto log = std::make_unique<wal::GroupLog>(Begun(*opened.folder));
    state.ResumeTiming();
    const bool ok = FromThreads(callers, each, [&](int, int) { return log->Append(payload).status.ok(); });
    state.PauseTiming();
    if (!ok) state.SkipWithError("an operation was not taken");
    syncs += log->counts().syncs;
    log.reset();
    opened.folder.reset();
    folder.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * callers * each);
  state.counters["appends_per_sync"] =
      static_cast<double>(state.iterations() * callers * each) / static_cast<double>(syncs);
}

void RocksAppends(benchmark::State& state, int callers, int each) {
  const std::string payload(kPayloadBytes, 'x');
  for (auto _ : state) {
    state.PauseTiming();
    auto folder = std::make_unique<bench::Folder>();
    rocksdb::Options options;
    options.create_if_missing = true;
    options.max_total_wal_size = std::uint64_t{1} << 32U;
    rocksdb::DB* raw = nullptr;
    if (!rocksdb::DB::Open(options, folder->Path("db"), &raw).ok()) return state.SkipWithError("not opened");
    std::unique_ptr<rocksdb::DB> db(raw);
    rocksdb::WriteOptions synced;
    synced.sync = true;
    state.ResumeTiming();
    const bool ok = FromThreads(callers, each, [&](int caller, int n) {
      rocksdb::WriteBatch batch;
      return batch.Put(std::to_string(caller) + "." + std::to_string(n), payload).ok() &&
             db->Write(synced, &batch).ok();
    });
    state.PauseTiming();
    if (!ok) state.SkipWithError("a write was refused");
    db.reset();
    folder.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * callers * each);
}

// Reading with checksums, and an index of what was read.
void Recovery(benchmark::State& state, std::uint64_t bytes) {
  const bench::Folder folder;
  const wal::OpenedFolder opened = wal::OpenFolder(folder.Path("wal"));
  if (!opened.folder) return state.SkipWithError(opened.error.c_str());
  const std::unique_ptr<wal::Log> log = Begun(*opened.folder);
  const std::string payload(kPayloadBytes, 'x');
  while (log->bytes() < bytes) {
    for (int i = 0; i < 100; ++i) (void)log->Append(payload);
    if (!log->Sync().ok()) return state.SkipWithError("not synced");
  }
  const std::uint64_t written = log->bytes();
  const std::uint64_t count = log->last();
  for (auto _ : state) {
    wal::Log again(*opened.folder, {});
    std::vector<std::pair<std::uint64_t, std::size_t>> index;
    const wal::Status scanned = again.Scan([&](const wal::Entry& entry) {
      index.emplace_back(entry.number, std::hash<std::string_view>()(entry.payload));
    });
    if (!scanned.ok() || index.size() != count) state.SkipWithError("not all was found");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(written) * state.iterations());
}

BENCHMARK_CAPTURE(LogAppends, tiny, 4, 5)->UseRealTime();
BENCHMARK_CAPTURE(Recovery, tiny, 20'000)->UseRealTime();
BENCHMARK_CAPTURE(RawAppends, one, 1000)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(LogAppends, 1_caller, 1, 1000)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(LogAppends, 16_callers, 16, 200)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(RocksAppends, 16_callers, 16, 200)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(LogAppends, 64_callers, 64, 100)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(RocksAppends, 64_callers, 64, 100)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Recovery, 64_MiB, std::uint64_t{64} << 20U)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace kelpie
