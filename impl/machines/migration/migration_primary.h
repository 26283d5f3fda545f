// The primary of one process: starts migrations and drives them, whoever began them.
//
//   MigrationPrimary primary(options);
//   primary.Step(now, CampaignInput{});
//   primary.Step(now, MoveInput{"a1", "n2"});
//
// The half of KelpieMigration that belongs to the primary. It is elected by a transaction that makes the term one
// larger, and learns that another one was by reading, or by a refusal. For each actor it reads journal, lease and
// processes at one point and commits what the row asks for next; what it remembers of a migration, how often it has
// asked and when, only decides when to give up. INVARIANT: every command compares the term, and the journal row that it
// was decided on. No threads, clocks, sockets or files. Cost: O(log actors) an input and
// for each actor that is due; a primary has every actor due once in poll_ms.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "impl/env/env.h"
#include "impl/machines/migration/exchange_book.h"
#include "impl/machines/migration/migration_rows.h"
#include "impl/machines/migration/migration_types.h"

namespace kelpie::machines {

class MigrationPrimary {
 public:
  explicit MigrationPrimary(MigrationOptions options);

  MigrationOutputs Step(const env::Moment& now, const PrimaryInput& input);

  // As far as it knows.
  [[nodiscard]] bool is_primary() const { return term_ != 0; }

 private:
  using Phase = ExchangePhase;
  struct Work : Exchange {
    std::optional<std::string> wish;  // where the actor shall go
    std::string last_holder;          // whose process rows are read together with the journal
    std::string last_target;
    std::uint64_t order_id = 0;  // the migration that was asked for last, in which phase, and how often
    MigrationPhase order_phase = MigrationPhase::kIdle;
    std::uint64_t orders = 0;
    std::uint64_t shipped_version = 0;
  };
  // What is known of one actor at one point.
  struct View {
    store::Rows rows;
    LeaseRow lease;
    JournalRow journal;
    ActorStateRow state;
    ProcessRow holder;
    ProcessRow target;
    bool is_orphaned = false;
    bool is_superseded = false;
  };
  struct Context {
    env::Moment now;
    MigrationOutputs out;
  };

  void Take(Context& c, const LookInput& input);
  void Take(Context& c, const CampaignInput& input);
  void Take(Context& c, const MoveInput& input);
  void Take(Context& c, const store::TransactionReply& reply);
  void Take(Context& c, const store::ReadReply& reply);

  void Elect(Context& c, const store::ReadReply& reply);
  void Resign();
  void Look(Context& c, const std::string& actor, Work& work);
  void Drive(Context& c, const std::string& actor, Work& work, const store::ReadReply& reply);
  void Start(Context& c, const std::string& actor, Work& work, const View& view);
  void DriveSource(Context& c, const std::string& actor, Work& work, const View& view);
  void DriveTarget(Context& c, const std::string& actor, Work& work, const View& view);
  // Asks, and counts; false: often enough.
  bool Order(Context& c, const std::string& actor, Work& work, const View& view, OrderKind kind);
  void SendOrder(Context& c, const std::string& actor, const Work& work, const View& view, OrderKind kind) const;
  void Abandon(Context& c, const std::string& actor, Work& work, const View& view);
  void Move(Context& c, const std::string& actor, Work& work, const View& view);
  void Abort(Context& c, const std::string& actor, Work& work, const View& view);
  void Close(Context& c, const std::string& actor, Work& work, const View& view);
  [[nodiscard]] store::Transaction Begin(Context& c, Exchange& exchange, MigrationRequest request);
  void Command(store::Transaction& transaction, const View& view, const std::string& actor, JournalRow journal) const;

  void Note(const std::string& actor, const Work& work) { book_.Note(actor, work.number, work.due_ms); }
  [[nodiscard]] store::OperationId Operation(std::uint64_t number) const {
    return {options_.node + ".primary", options_.process, number};
  }
  [[nodiscard]] bool StartsBlindly() const { return Has(Bug::start_without_term); }
  [[nodiscard]] bool Has(Bug bug) const { return options_.bug == bug; }

  MigrationOptions options_;
  std::uint64_t term_ = 0;  // 0: it is not the primary
  std::uint64_t primary_version_ = 0;
  Exchange election_;
  std::map<std::string, Work> works_;
  ExchangeBook book_;  // of all that the primary looks at
  std::uint64_t operations_ = 0;
};

}  // namespace kelpie::machines
