// One process that keeps a log of accepted operations: input, step, record, then answer, send and write.
//
//   LogNode node(options, env, folder, log_options, emitter, hooks);
//   node.Request(operation);          // of a client
//   node.DiskDone();                  // the command that waits for the disk may be carried out
//
// Answers to clients go through a hook; operations are submitted to the endpoint of the owner. Appending is done at
// once; what waits for a disk (a scan, an opening, a sync) is announced by the hook `waits_for_disk`, and done when the
// world calls DiskDone.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "impl/env/env.h"
#include "impl/env/files.h"
#include "impl/machines/wal/owner_machine.h"
#include "impl/machines/wal/wal_machine.h"
#include "impl/node/log_emit.h"
#include "impl/store/messages.h"
#include "impl/wal/log.h"

namespace kelpie::node {

using SubmissionMessage = store::MessageOf<machines::Operation>;
using AnswerMessage = store::MessageOf<machines::OwnerAnswer>;

struct LogNodeHooks {
  std::function<void(const machines::WalReply& reply)> reply;
  std::function<void()> waits_for_disk;
  std::function<void(const machines::WalOutputs& outputs)> stepped;
};

class LogNode final : public env::Process {
 public:
  // Requires: env, folder and emitter outlive the node.
  LogNode(Tag tag, std::string owner_endpoint, machines::WalOptions options, env::Env& env, env::Folder& folder,
          wal::LogOptions log_options, LogEmitter& emitter, LogNodeHooks hooks);

  void OnStart() override { Step(machines::WalStartInput{}); }
  void OnWake() override { Step(machines::WalWakeInput{}); }
  void OnMessage(const std::string& from, const env::MessagePtr& message) override;
  void Request(const machines::Operation& operation) { Step(machines::RequestInput{operation}); }
  void DiskDone();

 private:
  void Step(const machines::WalInput& input);
  [[nodiscard]] machines::AppendedInput Append(const std::vector<machines::Operation>& operations);
  [[nodiscard]] machines::ScannedInput Scan();

  Tag tag_;
  std::string owner_endpoint_;
  machines::WalMachine machine_;
  env::Env& env_;
  wal::Log log_;
  LogEmitter& emitter_;
  LogNodeHooks hooks_;
  std::optional<machines::DiskCommand> waiting_;  // for the disk
};

// The owner's process.
class OwnerNode final : public env::Process {
 public:
  OwnerNode(machines::OwnerOptions options, env::Env& env, LogEmitter& emitter,
            std::function<void(const machines::OwnerOutputs&)> stepped)
      : machine_(std::move(options)), env_(env), emitter_(emitter), stepped_(std::move(stepped)) {}

  void OnStart() override {}
  void OnWake() override { Step(machines::OwnerWakeInput{}, ""); }
  void OnMessage(const std::string& from, const env::MessagePtr& message) override;
  [[nodiscard]] const machines::OwnerMachine& machine() const { return machine_; }

 private:
  void Step(const machines::OwnerInput& input, const std::string& from);

  machines::OwnerMachine machine_;
  env::Env& env_;
  LogEmitter& emitter_;
  std::function<void(const machines::OwnerOutputs&)> stepped_;
  std::string asker_;  // who submitted last; its successors ask again
};

}  // namespace kelpie::node
