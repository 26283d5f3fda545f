#include "checker/explore/workers.h"

#include <algorithm>
#include <atomic>

namespace kelpie::explore {

Workers::Workers(eval::Evaluator& evaluator, const StateStore& store, std::size_t count, Expander::Options options,
                 Executor execute)
    : execute_(std::move(execute)) {
  for (std::size_t i = 0; count > 1 && i < count; ++i) clones_.push_back(evaluator.Clone());
  main_ = clones_.empty() ? &evaluator : clones_.front().get();
  for (std::size_t i = 0; i < count; ++i) {
    workers_.push_back(std::make_unique<Worker>(clones_.empty() ? evaluator : *clones_[i], store, options));
  }
}

eval::Status Workers::Prepare() {
  for (const auto& worker : workers_) {
    if (auto error = worker->expander.Prepare()) return error;
  }
  return std::nullopt;
}

const std::vector<const Expansion*>& Workers::Expand(std::uint32_t first, std::uint32_t last) {
  expansions_.assign(last - first, nullptr);
  std::atomic<std::uint32_t> next = first;
  const auto work = [&](std::size_t index) {
    Worker& worker = *workers_[index];
    worker.Clear();
    for (std::uint32_t begin = next.fetch_add(kStatesAShare); begin < last; begin = next.fetch_add(kStatesAShare)) {
      const std::uint32_t end = std::min(last, begin + kStatesAShare);
      for (std::uint32_t i = begin; i < end; ++i) {
        Expansion& expansion = worker.NextExpansion();
        worker.expander.Expand(i, expansion);
        expansions_[i - first] = &expansion;
      }
    }
  };
  if (workers_.size() > 1 && execute_) {
    execute_(workers_.size(), work);
  } else {
    for (std::size_t worker = 0; worker < workers_.size(); ++worker) work(worker);
  }
  return expansions_;
}

}  // namespace kelpie::explore
