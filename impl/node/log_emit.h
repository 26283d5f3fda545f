// The one place where events of the log are made (tla/specs/KelpieWAL.tla).
//
//   LogEmitter emitter(view, sink);
//   emitter.Fact({"n1", 2}, fact);               // the machine's own step
//   emitter.Executed();                          // the store, at the owner's commit
//   emitter.Answered(answer);                    // the owner, before the answer leaves
//   emitter.Crash();                             // the world, after the disk lost what it loses
//
// RULES (docs/RULES.md). R2: a machine's facts are handed over before its messages and answers. R6: a crash is told by
// the world. R7: EventWriter. R8: what is durable is read from the disk, a window from the owner's row; a scan
// shows what the machine read. The emitter does not know which bug is planted, judges nothing, and repeats no
// guard of the spec. It remembers the log to name a record of which a crash left half, and messages to tell when the
// last copy of one has ended. Memory: O(log, messages
// under way, and what clients were told).
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "impl/machines/wal/owner_machine.h"
#include "impl/machines/wal/wal_types.h"
#include "impl/node/log_view.h"

namespace kelpie::node {

inline constexpr const char* kLogSpec = "KelpieWAL";

// CONSTANTS of the spec for the header of a run.
[[nodiscard]] std::vector<std::pair<std::string, trace::Value>> LogConstants(const std::vector<std::string>& clients,
                                                                             const std::vector<std::string>& payloads,
                                                                             std::size_t window_size);

class LogEmitter {
 public:
  // Requires: view and sink outlive the emitter.
  LogEmitter(const LogView& view, EventSink& sink) : view_(view), writer_(kLogSpec, view, sink) {}

  void Fact(const Tag& tag, const machines::WalFact& fact);
  void Crash();
  void Executed();
  void Answered(const machines::OwnerAnswer& answer);
  // Messages: one is about to leave; one was looked at, or is lost. An answer that leaves is told by Answered.
  void SubmissionLeaves(const machines::Operation& operation) { ++submissions_[operation]; }
  void SubmissionEnded(const machines::Operation& operation);
  void AnswerEnded(const machines::OwnerAnswer& answer);
  [[nodiscard]] std::uint64_t events() const { return writer_.events(); }

 private:
  using Answer = std::pair<machines::Operation, machines::Verdict>;

  void Memory(trace::Claim& claim, const machines::WalFact& fact) const;
  void Opening(const Tag& tag, const machines::WalFact& fact);
  void Sync(const Tag& tag, const machines::WalFact& fact);
  void Told(const Tag& tag, const machines::WalFact& fact);
  void AddTold(trace::Claim& claim, const machines::Operation& operation, machines::Verdict verdict);
  void DropIfSettled(const machines::Operation& operation);

  const LogView& view_;
  EventWriter writer_;
  std::vector<machines::Operation> log_;            // as the spec has it
  std::map<machines::Operation, int> submissions_;  // of the spec's set: copies that are under way
  std::map<Answer, int> answers_;
  std::set<Answer> told_;  // to clients
};

}  // namespace kelpie::node
