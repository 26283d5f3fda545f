// Records a running process: any number of threads emit, one drains into trace files.
//
//   LiveRecorder recorder = *LiveRecorder::Open({.directory = "run-7"});
//   Stream n1 = *recorder.OpenStream("n1", 1);
//   Action write = *recorder.DefineAction("Lease", "CommitWrite", {"node", "token"});
//   Emitter emitter = *recorder.NewEmitter();                        // one for each thread
//   emitter.Step(n1, write).Arg("n1").Arg(3).Commit();
//
// Invariants: an event that was committed is in the trace of its node exactly once, whenever
// the process is killed; Recover, or the next Open, finishes what a killed process left. Seq
// counts from 1 without gaps in each stream, in the order of the commits of all threads.
// Survives the death of the process, not of the machine: nothing is synced to disk.
// The recorder of a simulation, where one thread must give the same bytes, is recorder.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "trace/record/emitter.h"
#include "trace/record/recover.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::record {

enum class FullPolicy : std::uint8_t {
  kWait,   // the emitting thread waits for the drain, up to wait_ms_max; then the event is lost
  kCount,  // the event is lost at once
};
// However an event is lost, it is told: the trace has a lost(n) event where it would have been.

struct LiveOptions {
  std::string directory;  // made when it is not there; may hold runs of earlier incarnations
  Header header;          // for all files; node and incarnation are filled in for each
  FullPolicy when_full = FullPolicy::kWait;
  std::uint32_t wait_ms_max = 10'000;
  std::uint64_t ring_bytes = std::uint64_t{1} << 20U;  // of each thread; a power of two, 4096 at least
  std::uint32_t rings_max = 256;                       // threads at a time; more: NewEmitter fails
  std::uint32_t drain_ms_max = 16;                     // longest pause of an idle drain
  bool has_drain_thread = true;                        // false: only Flush and Close drain
};

struct LiveCounters {
  std::uint64_t event_count = 0;      // committed
  std::uint64_t lost_count = 0;       // and these were not
  std::uint64_t too_large_count = 0;  // of them: more parts than a record holds
  std::uint64_t wait_count = 0;       // times a thread found its ring full and waited
  std::uint64_t wait_ns = 0;
  DrainCounters drain;
};

class LiveRecorder {
 public:
  // Recovers first what an earlier process left in the directory. kRunInUse: another recorder
  // is at work there.
  [[nodiscard]] static Result<LiveRecorder> Open(const LiveOptions& options);
  LiveRecorder(LiveRecorder&&) noexcept;
  LiveRecorder& operator=(LiveRecorder&&) noexcept;
  ~LiveRecorder();  // as Close, and tells nobody

  // Registration: any thread, a lock and a write to a file; once each, not for every event. The
  // same words give the same handle. An incarnation that has a file already is refused.
  [[nodiscard]] Result<Stream> OpenStream(const std::string& node, std::uint64_t incarnation);
  // Without parameters its arguments go by position. An empty action: any step that agrees.
  [[nodiscard]] Result<Action> DefineAction(const std::string& spec, const std::string& action,
                                            const std::vector<std::string>& parameters = {});
  [[nodiscard]] Result<Variable> DefineVariable(const std::string& name);
  [[nodiscard]] Result<Name> Intern(const std::string& text);
  // A ring for the calling thread, or whichever will use it; that of an ended emitter is reused.
  [[nodiscard]] Result<Emitter> NewEmitter();

  // Whatever was committed before is with the operating system afterwards.
  [[nodiscard]] Status Flush();
  // Requires: no thread is between Step and Commit. Emitters that still exist lose what they
  // are given. After an error the rings stay, and Recover can go on when the cause is gone.
  [[nodiscard]] Status Close();
  // The error that stopped the drain, if any; events are lost from then on when rings are full.
  [[nodiscard]] Status status() const;
  [[nodiscard]] LiveCounters counters() const;
  // What Open found and finished.
  [[nodiscard]] const Recovery& recovery() const;

 private:
  class Impl;
  explicit LiveRecorder(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace kelpie::trace::record
