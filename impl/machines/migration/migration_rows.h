// The rows that ownership and migration are made of, and their keys.
//
//   process/<node>      incarnation, address          written by each process once, when it opens
//   cluster/primary     term, node                    written by each election
//   lease/<actor>       holder, incarnation, token    (lease_rows.h) never deleted here: the token survives its holders
//   state/<actor>       version, token                written by each commit of the actor
//   journal/<actor>     how far the actor's migration is
//   activation/<actor>  node, incarnation, token, version; a tombstone once its process has stopped it
//
// EVERY TRANSACTION changes a key that it compares. So an outcome that is unknown is settled by reading the rows, and
// by whatever is committed next: of two transactions that compare the same version of a row that both write, one lands.
// A row that was never written has the initial value of the specification (KelpieMigration, Init).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "impl/machines/lease/lease_rows.h"
#include "impl/store/transaction.h"

namespace kelpie::machines {

[[nodiscard]] store::Key ProcessKey(const std::string& node);
[[nodiscard]] store::Key JournalKey(const std::string& actor);
[[nodiscard]] store::Key ActivationKey(const std::string& actor);
inline constexpr const char* kPrimaryKey = "cluster/primary";

struct ProcessRow {
  std::uint64_t incarnation = 1;
  std::string address;  // endpoint of the process; empty: none has opened yet
};

struct PrimaryRow {
  std::uint64_t term = 1;
  std::string node;
};

struct ActorStateRow {
  std::uint64_t version = 0;
  std::int64_t token = 0;  // that it was written under
};

enum class MigrationPhase : std::uint8_t { kIdle, kPreparing, kTransferring, kCompleting, kCompleted, kFailed };
[[nodiscard]] const char* ToString(MigrationPhase phase);  // as the specification has it

struct JournalRow {
  std::uint64_t id = 0;
  MigrationPhase phase = MigrationPhase::kIdle;
  std::string source;
  std::string target;
  std::uint64_t incarnation = 0;  // of the target's process
  std::int64_t token = 0;         // of the lease, when the row was last written
  std::uint64_t version = 0;      // of the state, named by the source
  std::uint64_t term = 0;
};

struct ActivationRow {
  std::string node;
  std::uint64_t incarnation = 0;
  std::int64_t token = 0;
  std::uint64_t version = 0;  // of the state that was loaded
};

[[nodiscard]] std::string Encode(const ProcessRow& row);
[[nodiscard]] std::string Encode(const PrimaryRow& row);
[[nodiscard]] std::string Encode(const ActorStateRow& row);
[[nodiscard]] std::string Encode(const JournalRow& row);
[[nodiscard]] std::string Encode(const ActivationRow& row);

[[nodiscard]] ProcessRow DecodeProcess(const store::Row& row);
[[nodiscard]] PrimaryRow DecodePrimary(const store::Row& row);
[[nodiscard]] ActorStateRow DecodeActorState(const store::Row& row);
[[nodiscard]] JournalRow DecodeJournal(const store::Row& row);
[[nodiscard]] std::optional<ActivationRow> DecodeActivation(const store::Row& row);

// Another session took the lease since the journal was last written.
[[nodiscard]] inline bool IsSuperseded(const JournalRow& journal, const LeaseRow& lease) {
  return journal.token != lease.token;
}
[[nodiscard]] bool IsOpen(const JournalRow& journal);
// Between the stop of the source and the start of the target.
[[nodiscard]] bool IsInMove(const JournalRow& journal, const LeaseRow& lease);

}  // namespace kelpie::machines
