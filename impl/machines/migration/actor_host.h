// The actors of one process: claimed, activated, served, stopped and started, as the rows say.
//
//   ActorHost host(options);
//   MigrationOutputs out = host.Step(now, CallInput{"a1", 17});
//
// The half of KelpieMigration that belongs to nodes. One loop for each actor: read its rows at one point, decide what
// they ask for, commit that, and read again unless it was accepted; so a crash, a lost reply and a late message are all
// the same case. A state is committed without reading first: what it compares is known from the last exchange.
// INVARIANTS: one exchange per actor is under way; every transaction compares this process's row, so that nothing of a
// dead process lands once the next one has opened; what an activation commits compares its token's lease and the
// version of the state. A call is answered after its commit, or as certainly not executed; or never, when nobody knows.
// No threads, clocks, sockets or files. Cost: O(log actors) an input and for each actor that is
// due; every actor is due once in poll_ms.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "impl/env/env.h"
#include "impl/machines/migration/exchange_book.h"
#include "impl/machines/migration/migration_rows.h"
#include "impl/machines/migration/migration_types.h"

namespace kelpie::machines {

class ActorHost {
 public:
  explicit ActorHost(MigrationOptions options);

  MigrationOutputs Step(const env::Moment& now, const ActorHostInput& input);

 private:
  using Phase = ExchangePhase;
  struct Call {
    std::uint64_t number = 0;
    std::set<std::uint64_t> attempts;  // operations that would execute it
  };
  struct Work : Exchange {
    Activation held;
    std::int64_t ended_token = 0;  // activations under it and earlier ones are over
    store::Rows rows;              // as last read or written
    bool rows_are_current = false;
    std::string last_holder;  // whose process row is read together with the lease
    std::deque<Call> calls;
    MigrationOrder order;  // the last one that was not too late to be heard
    bool is_ordered = false;
    std::uint64_t version_at_order = 0;
  };
  // The rows of one actor, read at one point.
  struct View {
    LeaseRow lease;
    JournalRow journal;
    ActorStateRow state;
    bool holds = false;     // this process has the lease
    bool orphaned = false;  // nobody's process has it
    bool knows_holder = true;
  };
  struct Context {
    env::Moment now;
    MigrationOutputs out;
  };

  void Take(Context& c, const OpenInput& input);
  void Take(Context& c, const LookInput& input);
  void Take(Context& c, const CallInput& input);
  void Take(Context& c, const MigrationOrder& order);
  void Take(Context& c, const store::TransactionReply& reply);
  void Take(Context& c, const store::ReadReply& reply);

  void ReadProcess(Context& c);
  void Open(Context& c, const store::ReadReply& reply);
  void Opened(Context& c, std::uint64_t incarnation, std::uint64_t version);
  void Look(Context& c, const std::string& actor, Work& work);
  [[nodiscard]] View ViewOf(const std::string& actor, const Work& work) const;
  void Learn(Context& c, const std::string& actor, Work& work, const View& view);
  void Decide(Context& c, const std::string& actor, Work& work);
  bool StopOrStart(Context& c, const std::string& actor, Work& work, const View& view);
  static void Rest(Context& c, Work& work, std::int64_t pause_ms);
  static void RefuseCalls(Context& c, Work& work);
  void Accepted(Context& c, const std::string& actor, Work& work, const store::TransactionReply& reply);
  static void Fence(Context& c, const std::string& actor, Work& work);
  static void SetHeld(Context& c, const std::string& actor, Work& work, Activation held);

  void Claim(Context& c, const std::string& actor, Work& work, const View& view);
  void Activate(Context& c, const std::string& actor, Work& work, const View& view);
  void Write(Context& c, const std::string& actor, Work& work);
  void StopSource(Context& c, const std::string& actor, Work& work, const View& view);
  void StartTarget(Context& c, const std::string& actor, Work& work, const View& view, std::uint64_t id);
  [[nodiscard]] store::Transaction Begin(Context& c, Exchange& exchange, const MigrationRequest& request);
  static void Compare(store::Transaction& transaction, const Work& work, const store::Key& key);

  [[nodiscard]] store::OperationId Operation(std::uint64_t number) const {
    return {options_.node, options_.process, number};
  }
  // The work whose exchange it is, with the actor's name; null: it was given up.
  std::pair<const std::string, Work>* WorkOf(std::uint64_t number, Phase phase);
  void Note(const std::string& actor, const Work& work) { book_.Note(actor, work.number, work.due_ms); }
  [[nodiscard]] bool Has(Bug bug) const { return options_.bug == bug; }

  MigrationOptions options_;
  std::uint64_t incarnation_ = 0;  // 0: not open
  std::uint64_t process_version_ = 0;
  Exchange opening_;
  std::map<std::string, Work> works_;
  ExchangeBook book_;
  std::uint64_t heard_term_ = 0;
  std::uint64_t operations_ = 0;
};

}  // namespace kelpie::machines
