#include "impl/cluster/migration_cluster.h"

#include <utility>

#include "impl/env/check.h"
#include "impl/machines/migration/migration_rows.h"

namespace kelpie::cluster {

using machines::MigrationFactKind;

namespace {

constexpr std::int64_t kPivotMs = 400;
constexpr std::int64_t kRho = 50;

node::MigrationNode& AsNode(env::Process& process) { return static_cast<node::MigrationNode&>(process); }

// Processes that come back soon and die often: what they left is then met while it still matters.
sim::FaultOptions FaultsFor(const sim::Random& random) {
  sim::FaultOptions faults = sim::Swarm(random, kPivotMs, kRho);
  faults.crash_gap_ms /= 2;
  faults.down_ms_max /= 4;
  return faults;
}

}  // namespace

node::MigrationNames NamesOf(const MigrationClusterOptions& options) {
  node::MigrationNames names;
  for (std::size_t i = 1; i <= options.nodes; ++i) names.nodes.push_back("n" + std::to_string(i));
  for (std::size_t i = 1; i <= options.actors; ++i) names.actors.push_back("a" + std::to_string(i));
  return names;
}

MigrationCluster::MigrationCluster(MigrationClusterOptions options, node::EventSink& sink)
    : options_(std::move(options)),
      names_(NamesOf(options_)),
      random_(options_.seed),
      faults_(options_.faults ? *options_.faults : FaultsFor(random_.Split("swarm"))),
      network_(world_, faults_, random_.Split("network")),
      store_(network_),
      emitter_(*this, sink),
      driver_(world_, faults_, random_.Split("faults")),
      workload_(world_, random_.Split("workload"), {.nodes = names_.nodes, .actors = names_.actors}, Doors()) {
  IMPL_CHECK(options_.nodes > 0 && options_.actors > 0, "a cluster needs nodes and actors");
  network_.OnLost([this](const env::MessagePtr& message) {
    if (const auto* request = dynamic_cast<const store::TransactionMessage*>(message.get())) {
      emitter_.Lost(request->body.operation);
    }
  });
  store_.OnDecided([this](const store::Transaction& transaction) { emitter_.BeforeDecision(transaction); },
                   [this](const store::Decision& decision) { Decided(decision); });
  for (const std::string& node : names_.nodes) AddNode(node);
}

MigrationCluster::~MigrationCluster() = default;

void MigrationCluster::AddNode(const std::string& node) {
  hosts_.emplace(
      node, std::make_unique<sim::Host>(world_, network_, node, sim::Clock(faults_, random_.Split("clock/" + node)),
                                        random_.Split("host/" + node)));
}

void MigrationCluster::StartProcess(sim::Host& host) {
  host.Start([this, &host](env::Env& env, std::uint64_t incarnation) {
    machines::MigrationOptions machine;
    machine.node = host.node();
    machine.address = host.node() + "/" + std::to_string(incarnation);
    machine.process = incarnation;
    machine.actors = names_.actors;
    machine.bug = options_.bug;
    node::MigrationNodeHooks hooks;
    hooks.served = [this](const machines::Served& served) { workload_.Ended(served); };
    hooks.stepped = [this](const machines::MigrationOutputs& outputs) { Count(outputs); };
    return std::make_unique<node::MigrationNode>(machine, env, emitter_, std::move(hooks));
  });
}

MigrationDoors MigrationCluster::Doors() {
  const auto post = [this](const std::string& node, sim::Host::Input input) {
    hosts_.at(node)->Post(std::move(input));
  };
  MigrationDoors doors;
  doors.call = [post](const std::string& node, const std::string& actor, std::uint64_t call) {
    post(node, [actor, call](env::Process& process) { AsNode(process).Call(actor, call); });
  };
  doors.move = [post](const std::string& node, const std::string& actor, const std::string& target) {
    post(node, [actor, target](env::Process& process) { AsNode(process).Move(actor, target); });
  };
  doors.campaign = [post](const std::string& node) {
    post(node, [](env::Process& process) { AsNode(process).Campaign(); });
  };
  return doors;
}

void MigrationCluster::Decided(const store::Decision& decision) {
  emitter_.AfterDecision(decision.transaction, decision.reply);
  const store::OperationId& operation = decision.transaction.operation;
  if (decision.reply.outcome != store::Outcome::kOk) {
    ++summary_.refusals;
    doubted_.erase(operation);
    return;
  }
  ++summary_.commits[decision.transaction.label];
  if (doubted_.erase(operation) > 0) {
    ++summary_.unknown_commits;
  } else {
    committed_.insert(operation);
  }
}

void MigrationCluster::Count(const machines::MigrationOutputs& outputs) {
  summary_.orders += outputs.orders.size();
  for (const machines::MigrationFact& fact : outputs.facts) {
    summary_.fenced += fact.kind == MigrationFactKind::kFenced ? 1 : 0;
    if (fact.kind != MigrationFactKind::kReturn) continue;
    const bool is_committed = committed_.erase(fact.operation) > 0;
    if (fact.outcome != store::Outcome::kUnknown) continue;
    ++summary_.unknown_outcomes;
    if (is_committed) {
      ++summary_.unknown_commits;
    } else {
      doubted_.insert(fact.operation);
    }
  }
}

void MigrationCluster::Crashed(const std::string& node) {
  bool is_in_migration = false;
  for (const std::string& actor : names_.actors) {
    const machines::JournalRow journal = machines::DecodeJournal(RowAt(machines::JournalKey(actor)));
    is_in_migration = is_in_migration || (IsOpen(journal) && (journal.source == node || journal.target == node));
  }
  summary_.crashes_in_migration += is_in_migration ? 1 : 0;
}

MigrationSummary MigrationCluster::Run() {
  for (auto& [node, host] : hosts_) StartProcess(*host);
  workload_.Start();
  for (auto& [node, host] : hosts_) {
    sim::ProcessHooks hooks;
    hooks.crashed = [this, name = node] { Crashed(name); };
    hooks.restart = [this, &place = *host] { StartProcess(place); };
    driver_.Drive(*host, std::move(hooks));
  }
  while (world_.steps() < options_.steps && world_.RunNext()) {
  }
  summary_.steps = world_.steps();
  summary_.events = emitter_.events();
  summary_.true_ms = static_cast<std::uint64_t>(world_.now_ms());
  summary_.faults = world_.faults();
  for (const ActorCall& call : workload_.calls()) {
    ++summary_.calls;
    summary_.calls_served += call.is_committed ? 1 : 0;
    summary_.calls_refused += call.ended != 0 && !call.is_committed ? 1 : 0;
  }
  return summary_;
}

void MigrationCluster::Settle(std::int64_t ms) {
  driver_.Stop();
  workload_.Finish();
  const std::int64_t end_ms = world_.now_ms() + ms;
  while (world_.now_ms() < end_ms && world_.RunNext()) {
  }
}

std::vector<std::pair<std::string, std::uint64_t>> Named(const MigrationSummary& s) {
  std::vector<std::pair<std::string, std::uint64_t>> named = {{"steps", s.steps},
                                                              {"events", s.events},
                                                              {"true_ms", s.true_ms},
                                                              {"crashes", s.faults.crashes},
                                                              {"pauses", s.faults.pauses},
                                                              {"requests_lost", s.faults.requests_lost},
                                                              {"replies_lost", s.faults.replies_lost},
                                                              {"late", s.faults.late},
                                                              {"fenced", s.fenced},
                                                              {"refusals", s.refusals},
                                                              {"unknown_outcomes", s.unknown_outcomes},
                                                              {"unknown_commits", s.unknown_commits},
                                                              {"crashes_in_migration", s.crashes_in_migration},
                                                              {"orders", s.orders},
                                                              {"calls", s.calls},
                                                              {"calls_served", s.calls_served},
                                                              {"calls_refused", s.calls_refused}};
  for (int action = 0; action <= static_cast<int>(machines::MigrationAction::kCloseSuperseded); ++action) {
    const char* name = ToString(static_cast<machines::MigrationAction>(action));
    const auto found = s.commits.find(name);
    named.emplace_back(name, found == s.commits.end() ? 0 : found->second);
  }
  return named;
}

}  // namespace kelpie::cluster
