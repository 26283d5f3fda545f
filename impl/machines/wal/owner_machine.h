// The owner of an actor, as far as the log needs one: executes what is submitted, at most once, and answers.
//
//   OwnerMachine machine(options);
//   OwnerOutputs out = machine.Step(now, SubmissionInput{operation});
//
// One operation of a client after the other: its window is read; if it tells the verdict, that is the answer; else one
// transaction that compares what was read writes the effect and the window. Without a reply the window is read again:
// an outcome that is unknown is settled by what the row says, and by a transaction that compares what the unknown one
// would change. KelpieWAL: ExecuteOperation, AnswerOperation. No threads, clocks or files. Cost: O(window) an input.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "impl/env/env.h"
#include "impl/machines/bugs.h"
#include "impl/machines/wal/operation.h"
#include "impl/store/transaction.h"

namespace kelpie::machines {

struct OwnerOptions {
  std::string node = "owner";
  std::uint64_t incarnation = 1;
  std::size_t window_size = 3;          // keys that are remembered for each client
  std::int64_t reply_timeout_ms = 200;  // without a reply for longer, the outcome is unknown
  Bug bug = Bug::kNone;
};

struct SubmissionInput {
  Operation operation;
};
struct OwnerWakeInput {};
using OwnerInput = std::variant<SubmissionInput, OwnerWakeInput, store::TransactionReply, store::ReadReply>;

struct OwnerAnswer {
  Operation operation;
  Verdict verdict = Verdict::kCommitted;
};

struct OwnerOutputs {
  std::vector<OwnerAnswer> answers;
  std::vector<store::Transaction> transactions;
  std::vector<store::ReadRequest> reads;
  std::uint64_t unknown_count = 0;  // transactions that were given up
  std::int64_t wake_at_ms = 0;
};

class OwnerMachine {
 public:
  explicit OwnerMachine(OwnerOptions options) : options_(std::move(options)) {}

  OwnerOutputs Step(const env::Moment& now, const OwnerInput& input);

  // It has been submitted, and not answered since.
  [[nodiscard]] bool IsBusyWith(const Operation& operation) const;

 private:
  enum class Phase : std::uint8_t { kIdle, kReading, kCommitting };
  struct Work {
    std::deque<Operation> queue;
    Phase phase = Phase::kIdle;
    std::uint64_t number = 0;  // of the request under way
    std::int64_t due_ms = 0;
  };
  struct Context {
    env::Moment now;
    OwnerOutputs out;
  };

  void Take(Context& c, const SubmissionInput& input);
  void Take(Context& c, const OwnerWakeInput& input);
  void Take(Context& c, const store::TransactionReply& reply);
  void Take(Context& c, const store::ReadReply& reply);
  void Read(Context& c, Work& work);
  void Execute(Context& c, Work& work, const store::ReadReply& reply);
  void Answer(Context& c, Work& work, Verdict verdict);
  Work* WorkOf(std::uint64_t number, Phase phase);
  [[nodiscard]] bool Has(Bug bug) const { return options_.bug == bug; }

  OwnerOptions options_;
  std::map<std::string, Work> works_;  // by client
  std::uint64_t requests_ = 0;
};

}  // namespace kelpie::machines
