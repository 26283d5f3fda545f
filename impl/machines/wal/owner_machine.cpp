#include "impl/machines/wal/owner_machine.h"

#include <algorithm>

#include "impl/machines/wal/window_row.h"

namespace kelpie::machines {

OwnerOutputs OwnerMachine::Step(const env::Moment& now, const OwnerInput& input) {
  Context c{now, {}};
  std::visit([&](const auto& one) { Take(c, one); }, input);
  c.out.wake_at_ms = now.reading_ms + options_.reply_timeout_ms;
  for (const auto& [client, work] : works_) {
    if (work.phase != Phase::kIdle) c.out.wake_at_ms = std::min(c.out.wake_at_ms, work.due_ms);
  }
  return std::move(c.out);
}

bool OwnerMachine::IsBusyWith(const Operation& operation) const {
  const auto work = works_.find(operation.client);
  return work != works_.end() &&
         std::find(work->second.queue.begin(), work->second.queue.end(), operation) != work->second.queue.end();
}

void OwnerMachine::Take(Context& c, const SubmissionInput& input) {
  if (IsBusyWith(input.operation)) return;
  Work& work = works_[input.operation.client];
  work.queue.push_back(input.operation);
  if (work.phase == Phase::kIdle) Read(c, work);
}

void OwnerMachine::Take(Context& c, const OwnerWakeInput&) {
  for (auto& [client, work] : works_) {
    if (work.phase == Phase::kIdle || c.now.reading_ms < work.due_ms) continue;
    c.out.unknown_count += work.phase == Phase::kCommitting ? 1 : 0;
    Read(c, work);
  }
}

OwnerMachine::Work* OwnerMachine::WorkOf(std::uint64_t number, Phase phase) {
  for (auto& [client, work] : works_) {
    if (work.number == number && work.phase == phase) return &work;
  }
  return nullptr;  // it was given up
}

void OwnerMachine::Read(Context& c, Work& work) {
  work.phase = Phase::kReading;
  work.number = ++requests_;
  work.due_ms = c.now.reading_ms + options_.reply_timeout_ms;
  c.out.reads.push_back(
      {{options_.node, options_.incarnation, work.number}, {WindowKey(work.queue.front().client), kEffectsKey}});
}

void OwnerMachine::Take(Context& c, const store::ReadReply& reply) {
  Work* work = WorkOf(reply.operation.number, Phase::kReading);
  if (work == nullptr || reply.outcome != store::Outcome::kOk) return;
  const Operation& operation = work->queue.front();
  std::optional<Verdict> verdict = VerdictOf(DecodeWindow(reply.rows.at(WindowKey(operation.client))), operation);
  if (verdict == Verdict::kMismatch && Has(Bug::committed_by_key)) verdict = Verdict::kCommitted;
  if (verdict && !Has(Bug::executes_each_delivery)) return Answer(c, *work, *verdict);
  Execute(c, *work, reply);
}

void OwnerMachine::Execute(Context& c, Work& work, const store::ReadReply& reply) {
  const Operation& operation = work.queue.front();
  const store::Row& window_row = reply.rows.at(WindowKey(operation.client));
  const store::Row& effects_row = reply.rows.at(kEffectsKey);
  const WindowRow window = DecodeWindow(window_row);
  WindowRow next = Keep(window, operation, options_.window_size);
  if (Has(Bug::no_low_water)) next.low_water = window.low_water;
  work.phase = Phase::kCommitting;
  work.number = ++requests_;
  work.due_ms = c.now.reading_ms + options_.reply_timeout_ms;
  c.out.transactions.push_back({{options_.node, options_.incarnation, work.number},
                                "execute",
                                {{WindowKey(operation.client), window_row.version}, {kEffectsKey, effects_row.version}},
                                {{WindowKey(operation.client), Encode(next)},
                                 {kEffectsKey, Encode(EffectsRow{DecodeEffects(effects_row).count + 1, operation})}}});
}

void OwnerMachine::Take(Context& c, const store::TransactionReply& reply) {
  Work* work = WorkOf(reply.operation.number, Phase::kCommitting);
  if (work == nullptr) return;
  if (reply.outcome == store::Outcome::kOk) return Answer(c, *work, Verdict::kCommitted);
  Read(c, *work);
}

void OwnerMachine::Answer(Context& c, Work& work, Verdict verdict) {
  c.out.answers.push_back({work.queue.front(), verdict});
  work.queue.pop_front();
  work.phase = Phase::kIdle;
  if (!work.queue.empty()) Read(c, work);
}

}  // namespace kelpie::machines
