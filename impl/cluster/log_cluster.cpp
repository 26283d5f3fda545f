#include "impl/cluster/log_cluster.h"

#include <utility>

#include "impl/cluster/log_disk.h"
#include "impl/env/check.h"
#include "impl/machines/wal/window_row.h"

namespace kelpie::cluster {

using machines::WalFactKind;

namespace {

constexpr const char* kNode = "n1";
constexpr const char* kOwner = "owner";
constexpr std::int64_t kPivotMs = 400;
constexpr std::int64_t kRho = 50;

node::LogNode& AsLogNode(env::Process& process) { return static_cast<node::LogNode&>(process); }

std::vector<std::string> Numbered(const char* letter, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= count; ++i) names.push_back(letter + std::to_string(i));
  return names;
}

}  // namespace

std::vector<std::string> ClientsOf(const LogClusterOptions& options) { return Numbered("c", options.clients); }
std::vector<std::string> PayloadsOf(const LogClusterOptions& options) { return Numbered("d", options.payloads); }

LogCluster::LogCluster(LogClusterOptions options, node::EventSink& sink)
    : options_(std::move(options)),
      random_(options_.seed),
      faults_(options_.faults ? *options_.faults : sim::Swarm(random_.Split("swarm"), kPivotMs, kRho)),
      network_(world_, faults_, random_.Split("network")),
      store_(network_),
      disk_(random_.Split("disk")),
      disk_random_(random_.Split("disk faults")),
      emitter_(*this, sink),
      driver_(world_, faults_, random_.Split("faults")),
      clients_(world_, random_.Split("clients"),
               {.clients = ClientsOf(options_), .payloads = PayloadsOf(options_), .open_max = options_.window_size - 1},
               [this](const machines::Operation& operation) {
                 node_->Post([operation](env::Process& process) { AsLogNode(process).Request(operation); });
               }) {
  IMPL_CHECK(options_.clients > 0 && options_.payloads > 0 && options_.window_size > 1, "a log needs clients");
  network_.OnLost([this](const env::MessagePtr& message) { Lost(message); });
  store_.OnDecided([](const store::Transaction&) {}, [this](const store::Decision& decision) { Decided(decision); });
  const auto make_host = [this](const char* name) {
    return std::make_unique<sim::Host>(world_, network_, name,
                                       sim::Clock(faults_, random_.Split(std::string("clock/") + name)),
                                       random_.Split(std::string("host/") + name));
  };
  node_ = make_host(kNode);
  owner_ = make_host(kOwner);
}

LogCluster::~LogCluster() = default;

node::LogOnDisk LogCluster::OnDisk() const { return ReadLog(disk_); }

bool LogCluster::IsOwnerBusyWith(const machines::Operation& operation) const {
  return static_cast<const node::OwnerNode*>(owner_->process())->machine().IsBusyWith(operation);
}

void LogCluster::Decided(const store::Decision& decision) {
  if (decision.reply.outcome != store::Outcome::kOk) return;
  executed_.push_back(machines::DecodeEffects(RowAt(machines::kEffectsKey)).last);
  emitter_.Executed();
}

void LogCluster::Lost(const env::MessagePtr& message) {
  if (const auto* submission = dynamic_cast<const node::SubmissionMessage*>(message.get())) {
    emitter_.SubmissionEnded(submission->body);
  } else if (const auto* answer = dynamic_cast<const node::AnswerMessage*>(message.get())) {
    emitter_.AnswerEnded(answer->body);
  }
}

void LogCluster::StartOwner() {
  owner_->Start([this](env::Env& env, std::uint64_t incarnation) {
    machines::OwnerOptions owner;
    owner.node = kOwner;
    owner.incarnation = incarnation;
    owner.window_size = options_.window_size;
    owner.bug = options_.bug;
    return std::make_unique<node::OwnerNode>(
        std::move(owner), env, emitter_,
        [this](const machines::OwnerOutputs& outputs) { summary_.unknown_outcomes += outputs.unknown_count; });
  });
}

void LogCluster::StartNode() {
  node_->Start([this](env::Env& env, std::uint64_t incarnation) {
    wal::LogOptions log;
    log.segment_bytes = options_.segment_bytes;
    log.log_bytes_max = options_.log_bytes_max;
    machines::WalOptions machine;
    machine.bug = options_.bug;
    node::LogNodeHooks hooks;
    hooks.reply = [this](const machines::WalReply& reply) { clients_.Told(reply); };
    hooks.waits_for_disk = [this] { WaitForDisk(); };
    hooks.stepped = [this](const machines::WalOutputs& outputs) { Count(outputs); };
    return std::make_unique<node::LogNode>(node::Tag{kNode, incarnation}, std::string(kOwner) + "/1", machine, env,
                                           disk_, std::move(log), emitter_, std::move(hooks));
  });
}

// A disk takes its time, and is asked by one process after the other.
void LogCluster::WaitForDisk() {
  const std::uint64_t incarnation = node_->incarnation();
  world_.Schedule(world_.now_ms() + disk_random_.Between(1, 20), [this, incarnation] {
    if (!node_->alive() || node_->incarnation() != incarnation) return;
    if (disk_random_.Chance(faults_.sync_failure_per_thousand)) disk_.FailNextSync();
    node_->Post([](env::Process& process) { AsLogNode(process).DiskDone(); });
  });
}

void LogCluster::FillDiskAgainAndAgain() {
  if (faults_.disk_full_gap_ms == 0) return;
  world_.Schedule(world_.now_ms() + disk_random_.Between(1, 2 * faults_.disk_full_gap_ms), [this] {
    disk_.SetFull(true);
    world_.CountStep();
    world_.Schedule(world_.now_ms() + disk_random_.Between(1, kPivotMs), [this] {
      disk_.SetFull(false);
      FillDiskAgainAndAgain();
    });
  });
}

void LogCluster::Crash() {
  if (disk_random_.Chance(faults_.power_failure_per_thousand)) {
    disk_.LosePower();
    ++summary_.power_failures;
  }
  summary_.torn_records += OnDisk().is_torn ? 1 : 0;
  emitter_.Crash();
}

void LogCluster::Count(const machines::WalOutputs& outputs) {
  for (const machines::WalFact& fact : outputs.facts) {
    summary_.appended += fact.kind == WalFactKind::kAppend ? 1 : 0;
    summary_.syncs += fact.kind == WalFactKind::kSync ? 1 : 0;
    summary_.sync_failures += fact.kind == WalFactKind::kSyncFails ? 1 : 0;
    summary_.submitted += fact.kind == WalFactKind::kSubmit ? 1 : 0;
    summary_.cleaned_up += fact.kind == WalFactKind::kCleanup ? 1 : 0;
    summary_.recoveries += fact.kind == WalFactKind::kCompleteRecovery ? 1 : 0;
    summary_.reopened += fact.kind == WalFactKind::kReopen ? 1 : 0;
  }
  for (const machines::WalReply& reply : outputs.replies) {
    summary_.accepted += reply.verdict == machines::Verdict::kAccepted ? 1 : 0;
    summary_.committed += reply.verdict == machines::Verdict::kCommitted ? 1 : 0;
    summary_.expired += reply.verdict == machines::Verdict::kExpired ? 1 : 0;
    summary_.mismatches += reply.verdict == machines::Verdict::kMismatch ? 1 : 0;
    summary_.conflicts += reply.verdict == machines::Verdict::kConflict ? 1 : 0;
  }
}

LogSummary LogCluster::Run() {
  emitter_.Crash();  // there is no process yet
  StartOwner();
  StartNode();
  clients_.Start();
  FillDiskAgainAndAgain();
  sim::ProcessHooks hooks;
  hooks.crashed = [this] { Crash(); };
  hooks.restart = [this] { StartNode(); };
  driver_.Drive(*node_, std::move(hooks));
  while (world_.steps() < options_.steps && world_.RunNext()) {
  }
  summary_.steps = world_.steps();
  summary_.events = emitter_.events();
  summary_.true_ms = static_cast<std::uint64_t>(world_.now_ms());
  summary_.faults = world_.faults();
  summary_.requests = clients_.requests();
  return summary_;
}

void LogCluster::Settle(std::int64_t ms) {
  driver_.Stop();
  clients_.Finish();
  faults_.sync_failure_per_thousand = 0;
  faults_.disk_full_gap_ms = 0;
  const std::int64_t end_ms = world_.now_ms() + ms;
  while (world_.now_ms() < end_ms && world_.RunNext()) {
  }
}

std::vector<std::pair<std::string, std::uint64_t>> Named(const LogSummary& s) {
  return {{"steps", s.steps},
          {"events", s.events},
          {"true_ms", s.true_ms},
          {"crashes", s.faults.crashes},
          {"pauses", s.faults.pauses},
          {"power_failures", s.power_failures},
          {"torn_records", s.torn_records},
          {"sync_failures", s.sync_failures},
          {"requests_lost", s.faults.requests_lost},
          {"replies_lost", s.faults.replies_lost},
          {"late", s.faults.late},
          {"requests", s.requests},
          {"appended", s.appended},
          {"syncs", s.syncs},
          {"accepted", s.accepted},
          {"committed", s.committed},
          {"expired", s.expired},
          {"mismatches", s.mismatches},
          {"conflicts", s.conflicts},
          {"submitted", s.submitted},
          {"cleaned_up", s.cleaned_up},
          {"recoveries", s.recoveries},
          {"reopened", s.reopened},
          {"unknown_outcomes", s.unknown_outcomes}};
}

}  // namespace kelpie::cluster
