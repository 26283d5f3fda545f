// The log of accepted operations of one process, as a pure step function.
//
//   WalMachine machine(options);
//   WalOutputs out = machine.Step({.reading_ms = 17}, RequestInput{{"c1", 1, "d1"}});
//   // record out.facts, send out.replies and out.submissions, carry out out.commands, wake at out.wake_at_ms
//
// The protocol is tla/specs/KelpieWAL.tla: look-up and append in one step; one sync for the operations that came during
// the one before; `accepted` and the submission behind the sync; a poisoned log opened again as after a crash; before
// serving, the log is scanned, its keys are known, and its end is written anew. INVARIANTS: at most one command that
// waits for the disk is under way; nothing is appended meanwhile. Who carries out kAppend answers at once.
// No threads, clocks or files: state, input and moment determine the outputs. Cost: O(operations in
// the log) an input.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "impl/env/env.h"
#include "impl/machines/wal/wal_types.h"

namespace kelpie::machines {

class WalMachine {
 public:
  explicit WalMachine(WalOptions options);

  WalOutputs Step(const env::Moment& now, const WalInput& input);

  [[nodiscard]] WalPolicy Policy() const;

 private:
  enum class Phase : std::uint8_t { kDown, kScanning, kBeginning, kServing };
  struct Kept {
    Operation operation;
    bool is_submitted = false;
    bool is_completed = false;
    std::int64_t submitted_ms = 0;
  };
  struct Context {
    env::Moment now;
    WalOutputs out;
  };
  using Key = std::pair<std::string, std::uint64_t>;

  void Take(Context& c, const WalStartInput& input);
  void Take(Context& c, const WalWakeInput& input);
  void Take(Context& c, const RequestInput& input);
  void Take(Context& c, const AnswerInput& input);
  void Take(Context& c, const ScannedInput& input);
  void Take(Context& c, const BegunInput& input);
  void Take(Context& c, const AppendedInput& input);
  void Take(Context& c, const SyncedInput& input);

  WalFact& AddFact(Context& c, WalFactKind kind, const Operation& operation = {}) const;
  void SayAccepted(Context& c, const Operation& operation) const;
  void Submit(Context& c, Kept& kept) const;
  void AppendGroup(Context& c);
  void Sync(Context& c);
  void CleanUpIfWanted(Context& c);
  void EndSync(Context& c, std::uint64_t checkpoint);
  void Reopen(Context& c);
  // What came of a scan or an opening. False: refused, and it is tried again.
  bool IsTaken(const Context& c, bool ok);
  [[nodiscard]] std::int64_t NextWake(std::int64_t reading_ms) const;
  [[nodiscard]] Key KeyOf(const Operation& operation) const;
  void CleanUp(Context& c, std::uint64_t checkpoint);
  [[nodiscard]] std::uint64_t Settled() const;
  [[nodiscard]] std::uint64_t SyncedCount() const;
  [[nodiscard]] bool IsSynced(std::uint64_t number) const { return number <= synced_; }
  [[nodiscard]] bool Has(Bug bug) const { return options_.bug == bug; }

  WalOptions options_;
  const bool heeds_poison_;
  const bool retries_sync_;
  const bool trusts_scan_;
  Phase phase_ = Phase::kDown;
  bool is_poisoned_ = false;
  bool is_syncing_ = false;
  bool wants_cleanup_ = false;
  bool is_refused_ = false;  // scan or opening; tried again
  std::int64_t reopen_at_ms_ = 0;
  std::map<std::uint64_t, Kept> log_;   // by number
  std::map<Key, std::uint64_t> index_;  // numbers by client and key
  std::uint64_t synced_ = 0;            // number of the last one that is known to be durable
  std::deque<Operation> waiting_;       // for the next group
};

}  // namespace kelpie::machines
