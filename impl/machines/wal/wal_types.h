// What goes into the machine of the log, and what comes out.
//
// Facts are its account of its own protocol steps, in their order; each shows what the machine knew right after it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "impl/machines/bugs.h"
#include "impl/machines/wal/operation.h"

namespace kelpie::machines {

struct WalOptions {
  std::int64_t resubmit_ms = 150;  // an operation without a verdict is submitted again
  std::int64_t reopen_ms = 20;     // pause before a poisoned log is opened again, or a refused opening repeated
  std::size_t group_max = 64;      // operations of one sync
  Bug bug = Bug::kNone;
};

// How the log is to treat its files (wal::LogPolicy).
struct WalPolicy {
  bool verifies_checksums = true;
  bool poisons = true;
  bool rewrites_tail = true;
};

struct LogEntry {
  std::uint64_t number = 0;
  Operation operation;
};

// Inputs.
struct WalStartInput {};
struct WalWakeInput {};
struct RequestInput {
  Operation operation;
};  // of a client
struct AnswerInput {
  Operation operation;
  Verdict verdict = Verdict::kCommitted;
};  // of the owner
struct ScannedInput {
  bool ok = false;
  std::vector<LogEntry> entries;
};
struct BegunInput {
  bool ok = false;
};
struct AppendedInput {
  std::vector<LogEntry> entries;  // those that the log took
  std::uint64_t checkpoint = 0;   // as in SyncedInput
};
struct SyncedInput {
  bool ok = false;
  std::uint64_t checkpoint = 0;  // operations up to it have left the log
};
using WalInput = std::variant<WalStartInput, WalWakeInput, RequestInput, AnswerInput, ScannedInput, BegunInput,
                              AppendedInput, SyncedInput>;

// Outputs.
enum class WalFactKind : std::uint8_t {
  kStartRecovery,
  kScan,
  kRewrite,
  kCompleteRecovery,
  kAppend,
  kRefuseMismatch,
  kSayAccepted,
  kSync,
  kSyncFails,
  kReopen,
  kSubmit,
  kComplete,
  kCleanup,
};

struct WalFact {
  WalFactKind kind = WalFactKind::kScan;
  Operation operation;                    // of kAppend to kSayAccepted, kSubmit to kCleanup
  Verdict verdict = Verdict::kCommitted;  // of kComplete
  std::vector<Operation> log;             // of kScan and kReopen: all that is known of the log
  std::vector<Operation> index;           // of these, those that are found by their key
  std::uint64_t synced_count = 0;         // records of the log that are known to be durable
  bool is_poisoned = false;
};

enum class DiskCommandKind : std::uint8_t { kScan, kBegin, kAppend, kSync };
struct DiskCommand {
  DiskCommandKind kind = DiskCommandKind::kScan;
  std::vector<Operation> operations;  // of kAppend
  std::uint64_t settled = 0;          // of kSync: operations up to it need not be kept
  bool cleans_up = false;             // of kSync: they shall leave the log now
};

struct WalReply {
  Operation operation;
  Verdict verdict = Verdict::kAccepted;
};

struct WalOutputs {
  std::vector<WalFact> facts;  // recorded before anything else happens
  std::vector<WalReply> replies;
  std::vector<Operation> submissions;
  std::vector<DiskCommand> commands;
  std::int64_t wake_at_ms = 0;
};

}  // namespace kelpie::machines
