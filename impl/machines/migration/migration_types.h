// What goes into the two machines of a migration, and what comes out.
//
// Facts are a machine's account of its own steps, in their order; the trace is made of them and nothing else reads
// them.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "impl/machines/bugs.h"
#include "impl/store/transaction.h"

namespace kelpie::machines {

struct MigrationOptions {
  std::string node;
  std::string address;        // endpoint of this process
  std::uint64_t process = 1;  // of the node's processes; part of operation ids
  std::vector<std::string> actors;
  std::int64_t reply_timeout_ms = 200;  // without a reply for longer, the outcome is unknown
  std::int64_t poll_ms = 120;           // pause between two looks at an actor that asks for nothing
  std::int64_t retry_ms = 30;           // pause after a refusal or an unknown outcome
  std::uint64_t orders_max = 4;         // that are sent before a migration is given up, as long as that is possible
  std::size_t calls_max = 16;           // that wait at an actor; more are refused
  Bug bug = Bug::kNone;
};

// Actions of KelpieMigration that are transactions.
enum class MigrationAction : std::uint8_t {
  kNodeRestart,
  kClaimActor,
  kActivateActor,
  kWriteState,
  kDeactivateSource,
  kActivateTarget,
  kElectPrimary,
  kStartMigration,
  kAbandonSource,
  kMoveOwnership,
  kAbortMigration,
  kCloseSuperseded,
};
[[nodiscard]] const char* ToString(MigrationAction action);

// What a transaction is meant to do. Which fields have a meaning depends on the action.
struct MigrationRequest {
  MigrationAction action = MigrationAction::kWriteState;
  std::string actor;
  std::string target;      // of kStartMigration
  std::uint64_t id = 0;    // of the migration, as the source and the target carry it
  std::uint64_t term = 0;  // as the primary carries it
  friend bool operator==(const MigrationRequest&, const MigrationRequest&) = default;
};

// What a process holds of an actor: it may commit while it is active.
struct Activation {
  bool is_active = false;
  std::int64_t token = 0;
  std::uint64_t version = 0;  // of the state in memory
  friend bool operator==(const Activation&, const Activation&) = default;
};

enum class MigrationFactKind : std::uint8_t {
  kRequest,  // a transaction is about to leave
  kReturn,   // it has an outcome
  kHolds,    // what the process holds of an actor, after it learned something
  kFenced,   // an activation ended because its token is no longer the newest
};

struct MigrationFact {
  MigrationFactKind kind = MigrationFactKind::kReturn;
  store::OperationId operation;                       // of kRequest and kReturn
  MigrationRequest request;                           // of kRequest
  store::Outcome outcome = store::Outcome::kUnknown;  // of kReturn
  std::string actor;                                  // of kHolds and kFenced
  Activation activation;                              // of kHolds
};

enum class OrderKind : std::uint8_t {
  kStop,   // to the source
  kShip,   // to the target, with the state as it was then: it may be needed soon
  kStart,  // to the target
};

// From the primary. It only makes the receiver look: what is done follows from the rows. It may come late, and more
// than once.
struct MigrationOrder {
  std::string actor;
  std::uint64_t id = 0;
  std::uint64_t term = 0;
  OrderKind kind = OrderKind::kStop;
  std::uint64_t shipped_version = 0;  // of the state that was shipped ahead: a cache, never believed
};

struct Served {
  std::uint64_t call = 0;
  bool is_committed = false;  // false: certainly not executed
  std::uint64_t version = 0;  // of the state that it made
};

struct AddressedOrder {
  std::string address;
  MigrationOrder order;
};

struct MigrationOutputs {
  std::vector<MigrationFact> facts;
  std::vector<store::Transaction> transactions;
  std::vector<store::ReadRequest> reads;
  std::vector<AddressedOrder> orders;
  std::vector<Served> served;
  std::int64_t wake_at_ms = 0;
};

struct OpenInput {};
struct LookInput {};  // the time that was asked for has come
struct CallInput {
  std::string actor;
  std::uint64_t call = 0;  // unique among the calls of a process
};
struct CampaignInput {};  // become the primary
struct MoveInput {
  std::string actor;
  std::string target;
};  // a wish: whoever is primary may fulfil it

using ActorHostInput =
    std::variant<OpenInput, LookInput, CallInput, MigrationOrder, store::TransactionReply, store::ReadReply>;
using PrimaryInput = std::variant<LookInput, CampaignInput, MoveInput, store::TransactionReply, store::ReadReply>;

}  // namespace kelpie::machines
