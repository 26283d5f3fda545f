// Several expanders at work: each with an evaluator of its own, all reading one store.
//
//   Workers workers(evaluator, store, 2, {}, execute);
//   for (const Expansion* expansion : workers.Expand(first, last)) Merge(*expansion);    // in the order of the states
//
// The order in which threads finish changes nothing: a state's expansion depends on the store alone, to which nothing
// is added meanwhile. With one worker its evaluator is the caller's; with several there are clones, so that values of
// the store, which are gone with it, are held by nobody who lives longer.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "checker/explore/expander.h"

namespace kelpie::explore {

// Runs job(0) to job(count - 1), several at once if it can; returns when all have returned.
using Executor = std::function<void(std::size_t count, const std::function<void(std::size_t)>& job)>;

class Workers {
 public:
  // Without an executor they work one after the other.
  Workers(eval::Evaluator& evaluator, const StateStore& store, std::size_t count, Expander::Options options,
          Executor execute);

  [[nodiscard]] eval::Status Prepare();
  // The expansions of states first to last - 1, valid until the next call.
  [[nodiscard]] const std::vector<const Expansion*>& Expand(std::uint32_t first, std::uint32_t last);
  // How many states are best expanded between two merges. Many would meet the same new states again and again.
  [[nodiscard]] std::uint32_t states_at_once() const {
    return workers_.size() == 1 ? 1 : static_cast<std::uint32_t>(workers_.size()) * kStatesAWorker;
  }

  // Of the first worker, for what is evaluated while the others wait.
  [[nodiscard]] eval::Evaluator& evaluator() { return *main_; }
  [[nodiscard]] Expander& expander() { return workers_.front()->expander; }

 private:
  struct Worker {
    Worker(eval::Evaluator& evaluator, const StateStore& store, Expander::Options options)
        : expander(evaluator, store, options) {}
    Expansion& NextExpansion() {
      if (used_count == expansions.size()) expansions.emplace_back();
      return expansions[used_count++];
    }
    void Clear() {
      for (std::size_t i = 0; i < used_count; ++i) expansions[i].Clear();
      used_count = 0;
    }
    Expander expander;
    std::deque<Expansion> expansions;  // used and cleared by this worker alone: its values are its own
    std::size_t used_count = 0;
  };

  static constexpr std::uint32_t kStatesAWorker = 16;  // between two merges
  static constexpr std::uint32_t kStatesAShare = 1;    // that a worker takes at once

  Executor execute_;
  std::vector<std::unique_ptr<eval::Evaluator>> clones_;
  eval::Evaluator* main_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<const Expansion*> expansions_;
};

}  // namespace kelpie::explore
