// Threads that wait for work, with stacks as large as that of the program's first thread.
//
//   WorkerPool pool(2);
//   pool.Run(2, [&](std::size_t worker) { ... });      // job(0) on this thread, job(1) on another
//
// An exception of a job is thrown again by Run. Threads: one caller. Cost of Run: two wake-ups a worker.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace kelpie::cli {

class WorkerPool {
 public:
  // `count` workers, the caller of Run being one. Throws std::system_error when there are no more threads.
  explicit WorkerPool(std::size_t count);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // job(0) to job(count - 1) at once. Requires: count is at most the number of workers.
  void Run(std::size_t count, const std::function<void(std::size_t)>& job);

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace kelpie::cli
