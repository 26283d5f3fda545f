// The log for many threads: one sync for all that wait.
//
//   GroupLog log(std::move(opened));        // scanned and begun
//   Appended one = log.Append(payload);     // from any thread; returns when it is durable, or never will be known to
//   be
//
// Callers gather in a round while the one before it is at work; who began the round appends and syncs for all of it. So
// one caller has no other thread to wait for, and a round is as large as a sync is slow. When a write or sync fails,
// whether its operations are kept is unknown: all of the round, and all calls after it, get kPoisoned. Nothing is tried
// again. Threads: all functions from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "impl/wal/log.h"

namespace kelpie::wal {

class GroupLog {
 public:
  // Requires: Begin of the log went well.
  explicit GroupLog(std::unique_ptr<Log> log) : log_(std::move(log)) {}
  GroupLog(const GroupLog&) = delete;
  GroupLog& operator=(const GroupLog&) = delete;

  // Durable when it is ok.
  [[nodiscard]] Appended Append(std::string_view payload);
  // As Log::Checkpoint.
  void Checkpoint(std::uint64_t number);
  [[nodiscard]] LogCounts counts();

 private:
  struct Waiting {
    std::string_view payload;
    Appended outcome;
  };
  struct Round {
    std::vector<Waiting*> waiting;
    std::shared_ptr<Round> before;
    std::atomic<bool> is_done = false;
  };

  void Do(Round& round);

  std::mutex log_mutex_;  // of log_
  std::unique_ptr<Log> log_;
  std::mutex mutex_;  // of the rounds that are not done
  std::shared_ptr<Round> newest_;
  bool is_open_ = false;  // callers may join the newest one
};

}  // namespace kelpie::wal
