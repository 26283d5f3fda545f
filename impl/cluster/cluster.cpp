#include "impl/cluster/cluster.h"

#include <algorithm>
#include <utility>

#include "impl/env/check.h"
#include "impl/machines/lease/lease_rows.h"
#include "impl/store/messages.h"

namespace kelpie::cluster {
namespace {

// The operation that a message is about; none for reads, which the trace does not show.
std::optional<store::OperationId> OperationOf(const env::MessagePtr& message) {
  if (const auto* request = dynamic_cast<const store::TransactionMessage*>(message.get())) {
    return request->body.operation;
  }
  if (const auto* reply = dynamic_cast<const store::TransactionReplyMessage*>(message.get())) {
    return reply->body.operation;
  }
  return std::nullopt;
}

node::LeaseNode& AsLeaseNode(env::Process& process) { return static_cast<node::LeaseNode&>(process); }

WorkloadOptions WorkloadFor(const node::LeaseWorldNames& names) {
  WorkloadOptions options;
  options.nodes = names.nodes;
  options.actors = names.actors;
  options.gap_ms = std::max<std::int64_t>(1, names.ttl_ms / 50);
  return options;
}

}  // namespace

node::LeaseWorldNames NamesOf(const ClusterOptions& options) {
  node::LeaseWorldNames names;
  for (std::size_t i = 1; i <= options.nodes; ++i) names.nodes.push_back("n" + std::to_string(i));
  for (std::size_t i = 1; i <= options.actors; ++i) names.actors.push_back("a" + std::to_string(i));
  names.ttl_ms = options.ttl_ms;
  names.rho_per_thousand = options.rho_per_thousand;
  return names;
}

Cluster::Cluster(ClusterOptions options, node::EventSink& sink)
    : options_(std::move(options)),
      names_(NamesOf(options_)),
      random_(options_.seed),
      faults_(options_.faults ? *options_.faults
                              : sim::Swarm(random_.Split("swarm"), options_.ttl_ms, options_.rho_per_thousand,
                                           options_.clock_fault)),
      network_(world_, faults_, random_.Split("network")),
      store_(network_),
      emitter_(names_, *this, sink),
      driver_(world_, faults_, random_.Split("faults")),
      workload_(world_, random_.Split("workload"), WorkloadFor(names_), Doors()) {
  IMPL_CHECK(options_.nodes > 0 && options_.actors > 0, "a cluster needs nodes and actors");
  IMPL_CHECK(faults_.rho_per_thousand == options_.rho_per_thousand, "machines must know the world's rate bound");
  network_.OnLost([this](const env::MessagePtr& message) {
    const std::optional<store::OperationId> operation = OperationOf(message);
    if (!operation) return;
    emitter_.Lost(*operation);
    counter_.Lost(*operation);
  });
  ConnectStore();
  for (const std::string& node : names_.nodes) AddNode(node);
}

Cluster::~Cluster() = default;

void Cluster::ConnectStore() {
  store_.OnDecided(
      [this](const store::Transaction& transaction) {
        emitter_.BeforeDecision(transaction);
        const store::Key key = transaction.writes.empty() ? store::Key{} : transaction.writes.front().key;
        lease_before_ = transaction.label == "acquire" ? store_.table().RowAt(key) : store::Row{};
      },
      [this](const store::Decision& decision) {
        emitter_.AfterDecision(decision.transaction, decision.reply);
        counter_.StoreDecided(decision.transaction, decision.reply, lease_before_);
      });
}

void Cluster::AddNode(const std::string& node) {
  auto host = std::make_unique<sim::Host>(world_, network_, node, sim::Clock(faults_, random_.Split("clock/" + node)),
                                          random_.Split("host/" + node));
  hosts_.emplace(node, std::move(host));
}

void Cluster::StartProcess(sim::Host& host) {
  host.Start([this, &host](env::Env& env, std::uint64_t incarnation) {
    std::vector<std::string> peers;
    for (const std::string& node : names_.nodes) {
      if (node != host.node()) peers.push_back(node);
    }
    machines::LeaseOptions lease =
        machines::LeaseOptionsFor(host.node(), std::move(peers), options_.ttl_ms, options_.rho_per_thousand);
    lease.incarnation = incarnation;
    lease.bug = options_.bug;
    node::LeaseNodeHooks hooks;
    hooks.stepped = [this](const std::string&, const machines::LeaseOutputs& outputs) {
      counter_.NodeStepped(outputs);
      RunSummary& summary = counter_.summary();
      summary.requests_under_way_max =
          std::max<std::uint64_t>(summary.requests_under_way_max, emitter_.requests_under_way());
    };
    return std::make_unique<node::LeaseNode>(std::move(lease), env, emitter_, std::move(hooks));
  });
}

WorkloadDoors Cluster::Doors() {
  const auto post = [this](const std::string& node, sim::Host::Input input) {
    hosts_.at(node)->Post(std::move(input));
  };
  WorkloadDoors doors;
  doors.want = [post](const std::string& node, const std::string& actor) {
    post(node, [actor](env::Process& process) { AsLeaseNode(process).Want(actor); });
  };
  doors.unwant = [post](const std::string& node, const std::string& actor) {
    post(node, [actor](env::Process& process) { AsLeaseNode(process).Unwant(actor); });
  };
  doors.invoke = [this, post](const std::string& node, const std::string& actor) {
    ++counter_.summary().invocations;
    post(node, [actor](env::Process& process) { AsLeaseNode(process).Invoke(actor); });
  };
  return doors;
}

const machines::LeaseMachine* Cluster::MachineAt(const std::string& node) const {
  env::Process* process = hosts_.at(node)->process();
  return process == nullptr ? nullptr : &AsLeaseNode(*process).machine();
}

std::int64_t Cluster::NodeClock(const std::string& node) const { return hosts_.at(node)->clock().At(world_.now_ms()); }

std::int64_t Cluster::ReadingAt(const std::string& node) const { return NodeClock(node) / 1000; }

RunSummary Cluster::Run() {
  for (auto& [node, host] : hosts_) StartProcess(*host);
  workload_.Start();
  for (auto& [node, host] : hosts_) {
    sim::ProcessHooks hooks;
    hooks.crashed = [this, name = node] {
      emitter_.Crash(name);
      counter_.NodeCrashed(name);
    };
    hooks.restart = [this, &place = *host] {
      emitter_.Restart(place.node(), place.incarnation() + 1);
      StartProcess(place);
      workload_.Restarted(place.node());
    };
    driver_.Drive(*host, std::move(hooks));
  }
  while (world_.steps() < options_.steps && world_.RunNext()) {
    if (observer_) observer_(*this);
  }
  RunSummary summary = counter_.summary();
  summary.steps = world_.steps();
  summary.events = emitter_.events();
  summary.true_ms = static_cast<std::uint64_t>(world_.now_ms());
  summary.faults = world_.faults();
  return summary;
}

}  // namespace kelpie::cluster
