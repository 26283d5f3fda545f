// The one place where events of ownership and migration are made (tla/specs/KelpieMigration.tla).
//
//   MigrationEmitter emitter(names, view, sink);
//   emitter.Fact({"n1", 2}, fact);              // a machine's own step
//   emitter.BeforeDecision(transaction);        // the store, around each decision
//   emitter.AfterDecision(transaction, reply);
//
// RULES (docs/RULES.md). R1, R2: a call is recorded before its transaction leaves, a return before what depends on it.
// R7: EventWriter. R8: a commit shows the rows as they stand in the store before and after it; what a process holds is
// shown when it has learned it. A process that dies is no event: KelpieMigration has its successor's opening. The
// emitter does not know which bug is planted, judges nothing, and repeats no guard of the spec. It remembers what the
// transactions under way are meant to do. Memory: O(transactions under way).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "impl/machines/migration/migration_types.h"
#include "impl/node/event_writer.h"
#include "impl/store/transaction.h"

namespace kelpie::node {

inline constexpr const char* kMigrationSpec = "KelpieMigration";

struct MigrationNames {
  std::vector<std::string> nodes;
  std::vector<std::string> actors;
};

// CONSTANTS of the spec for the header of a run.
[[nodiscard]] std::vector<std::pair<std::string, trace::Value>> MigrationConstants(const MigrationNames& names);

class MigrationView : public TrueTime {
 public:
  // A row of the store as it stands now.
  [[nodiscard]] virtual store::Row RowAt(const store::Key& key) const = 0;
};

class MigrationEmitter {
 public:
  // Requires: view and sink outlive the emitter.
  MigrationEmitter(const MigrationView& view, EventSink& sink) : view_(view), writer_(kMigrationSpec, view, sink) {}

  void Fact(const Tag& tag, const machines::MigrationFact& fact);
  void BeforeDecision(const store::Transaction& transaction);
  void AfterDecision(const store::Transaction& transaction, const store::TransactionReply& reply);
  // The transaction ended on its way. Nothing happens for a mere read, or one that was decided.
  void Lost(const store::OperationId& operation) { requests_.erase(operation); }
  [[nodiscard]] std::uint64_t events() const { return writer_.events(); }

 private:
  struct UnderWay {
    std::string node;
    machines::MigrationRequest request;
  };
  [[nodiscard]] trace::Claim ClaimOf(const UnderWay& under_way) const;
  void AddRowsAfter(trace::Claim& claim, const UnderWay& under_way, const store::Transaction& transaction) const;

  const MigrationView& view_;
  EventWriter writer_;
  std::map<store::OperationId, UnderWay> requests_;
  std::vector<trace::Read> before_;  // rows ahead of the decision under way
};

}  // namespace kelpie::node
