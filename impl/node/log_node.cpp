#include "impl/node/log_node.h"

#include <memory>
#include <utility>

#include "impl/env/check.h"

namespace kelpie::node {

using machines::DiskCommand;
using machines::DiskCommandKind;
using machines::Operation;

namespace {

wal::LogOptions With(wal::LogOptions options, const machines::WalPolicy& policy) {
  options.policy.checksums = policy.verifies_checksums ? wal::Checksums::kVerified : wal::Checksums::kIgnored;
  options.policy.poisons = policy.poisons;
  options.policy.rewrites_tail = policy.rewrites_tail;
  return options;
}

// Operations of real clients have a body, which is what a crash tears; nobody reads it here.
std::string WithBody(const Operation& operation) {
  constexpr std::size_t kBodyBytes = 64;
  return ToText(operation) + " " + std::string(kBodyBytes, '.');
}

}  // namespace

LogNode::LogNode(Tag tag, std::string owner_endpoint, machines::WalOptions options, env::Env& env, env::Folder& folder,
                 wal::LogOptions log_options, LogEmitter& emitter, LogNodeHooks hooks)
    : tag_(std::move(tag)),
      owner_endpoint_(std::move(owner_endpoint)),
      machine_(options),
      env_(env),
      log_(folder, With(std::move(log_options), machine_.Policy())),
      emitter_(emitter),
      hooks_(std::move(hooks)) {}

void LogNode::Step(const machines::WalInput& input) {
  machines::WalOutputs outputs = machine_.Step(env_.Now(), input);
  for (const machines::WalFact& fact : outputs.facts) emitter_.Fact(tag_, fact);
  if (hooks_.stepped) hooks_.stepped(outputs);
  for (const machines::WalReply& reply : outputs.replies) hooks_.reply(reply);
  for (const Operation& operation : outputs.submissions) {
    emitter_.SubmissionLeaves(operation);
    env_.Send(owner_endpoint_, std::make_shared<SubmissionMessage>(operation));
  }
  env_.WakeAt(outputs.wake_at_ms);
  for (DiskCommand& command : outputs.commands) {
    if (command.kind == DiskCommandKind::kAppend) {
      Step(Append(command.operations));
      continue;
    }
    IMPL_CHECK(!waiting_, "two commands wait for the disk");
    waiting_ = std::move(command);
    hooks_.waits_for_disk();
  }
}

void LogNode::DiskDone() {
  if (!waiting_) return;
  const DiskCommand command = *std::exchange(waiting_, std::nullopt);
  switch (command.kind) {
    case DiskCommandKind::kScan: return Step(Scan());
    case DiskCommandKind::kBegin: return Step(machines::BegunInput{log_.Begin().ok()});
    case DiskCommandKind::kSync: {
      log_.Checkpoint(command.settled);
      const bool ok = log_.Sync().ok();
      if (ok && command.cleans_up && log_.checkpoint() < command.settled) (void)log_.StartSegment();
      return Step(machines::SyncedInput{ok, log_.checkpoint()});
    }
    case DiskCommandKind::kAppend: break;
  }
}

machines::AppendedInput LogNode::Append(const std::vector<Operation>& operations) {
  machines::AppendedInput appended;
  for (const Operation& operation : operations) {
    const wal::Appended one = log_.Append(WithBody(operation));
    if (!one.status.ok()) break;
    appended.entries.push_back({one.number, operation});
  }
  (void)log_.Write();  // of a failure the sync tells
  appended.checkpoint = log_.checkpoint();
  return appended;
}

machines::ScannedInput LogNode::Scan() {
  machines::ScannedInput scanned;
  const wal::Status status = log_.Scan([&](const wal::Entry& entry) {
    scanned.entries.push_back({entry.number, machines::OperationOf(entry.payload)});
  });
  scanned.ok = status.ok();
  std::erase_if(scanned.entries, [&](const machines::LogEntry& entry) { return entry.number <= log_.checkpoint(); });
  return scanned;
}

void LogNode::OnMessage(const std::string& from, const env::MessagePtr& message) {
  const auto* answer = dynamic_cast<const AnswerMessage*>(message.get());
  IMPL_CHECK(answer != nullptr, "a message of unknown kind from " + from);
  Step(machines::AnswerInput{answer->body.operation, answer->body.verdict});
  emitter_.AnswerEnded(answer->body);
}

void OwnerNode::Step(const machines::OwnerInput& input, const std::string& from) {
  if (!from.empty()) asker_ = from;
  machines::OwnerOutputs outputs = machine_.Step(env_.Now(), input);
  if (stepped_) stepped_(outputs);
  for (const machines::OwnerAnswer& answer : outputs.answers) {
    emitter_.Answered(answer);
    env_.Send(asker_, std::make_shared<AnswerMessage>(answer));
  }
  for (store::Transaction& transaction : outputs.transactions) {
    env_.Send(env::kStoreEndpoint, std::make_shared<store::TransactionMessage>(std::move(transaction)));
  }
  for (store::ReadRequest& read : outputs.reads) {
    env_.Send(env::kStoreEndpoint, std::make_shared<store::ReadMessage>(std::move(read)));
  }
  env_.WakeAt(outputs.wake_at_ms);
}

void OwnerNode::OnMessage(const std::string& from, const env::MessagePtr& message) {
  if (const auto* submission = dynamic_cast<const SubmissionMessage*>(message.get())) {
    Step(machines::SubmissionInput{submission->body}, from);
    return emitter_.SubmissionEnded(submission->body);
  }
  if (const auto* reply = dynamic_cast<const store::TransactionReplyMessage*>(message.get()))
    return Step(reply->body, "");
  const auto* rows = dynamic_cast<const store::ReadReplyMessage*>(message.get());
  IMPL_CHECK(rows != nullptr, "a message of unknown kind from " + from);
  Step(rows->body, "");
}

}  // namespace kelpie::node
