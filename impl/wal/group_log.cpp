#include "impl/wal/group_log.h"

#include <utility>

namespace kelpie::wal {

Appended GroupLog::Append(std::string_view payload) {
  Waiting own{payload, {}};
  std::shared_ptr<Round> round;
  bool leads = false;
  {
    const std::lock_guard lock(mutex_);
    leads = !is_open_;
    if (leads) {
      auto next = std::make_shared<Round>();
      next->before = std::exchange(newest_, next);
      is_open_ = true;
    }
    round = newest_;
    round->waiting.push_back(&own);
  }
  if (!leads) {
    round->is_done.wait(false, std::memory_order_acquire);
    return std::move(own.outcome);
  }
  if (round->before != nullptr) round->before->is_done.wait(false, std::memory_order_acquire);
  {
    const std::lock_guard lock(mutex_);
    is_open_ = false;
  }
  round->before.reset();
  Do(*round);
  round->is_done.store(true, std::memory_order_release);
  round->is_done.notify_all();
  return std::move(own.outcome);
}

void GroupLog::Do(Round& round) {
  const std::lock_guard lock(log_mutex_);
  for (Waiting* waiting : round.waiting) waiting->outcome = log_->Append(waiting->payload);
  const Status synced = log_->Sync();
  if (synced.ok()) return;
  for (Waiting* waiting : round.waiting) {
    if (waiting->outcome.status.ok()) waiting->outcome = {{Trouble::kPoisoned, synced.text}, 0};
  }
}

void GroupLog::Checkpoint(std::uint64_t number) {
  const std::lock_guard lock(log_mutex_);
  log_->Checkpoint(number);
}

LogCounts GroupLog::counts() {
  const std::lock_guard lock(log_mutex_);
  return log_->counts();
}

}  // namespace kelpie::wal
