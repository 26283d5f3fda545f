#include "checker/cli/worker_pool.h"

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "checker/cli/stack.h"

namespace kelpie::cli {

struct WorkerPool::Shared {
  struct Worker {
    Shared* shared = nullptr;
    std::size_t index = 0;
    pthread_t thread{};
  };

  static void* Serve(void* argument) {
    const Worker& worker = *static_cast<Worker*>(argument);
    worker.shared->ServeAs(worker.index);
    return nullptr;
  }

  void ServeAs(std::size_t index) {
    std::unique_lock lock(mutex, std::defer_lock);
    for (std::size_t seen = 0;;) {
      if (lock.owns_lock()) lock.unlock();
      LookOut([&] { return round != seen || is_over; });
      lock.lock();
      changed.wait(lock, [&] { return round != seen || is_over; });
      if (is_over) return;
      seen = round;
      if (index >= job_count) continue;
      lock.unlock();
      std::exception_ptr thrown = Try(index);
      lock.lock();
      if (thrown != nullptr && failure == nullptr) failure = thrown;
      if (--running_count == 0) done.notify_one();
    }
  }

  // Rounds follow one another closely: going to sleep and being woken would cost as much as a short one.
  template <typename Condition>
  static void LookOut(const Condition& is_met) {
    constexpr int kLooks = 100;
    for (int i = 0; i < kLooks && !is_met(); ++i) std::this_thread::yield();
  }

  std::exception_ptr Try(std::size_t index) noexcept {
    try {
      (*job)(index);
    } catch (...) {
      return std::current_exception();
    }
    return nullptr;
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex);
      is_over = true;
    }
    changed.notify_all();
    for (const Worker& worker : workers) pthread_join(worker.thread, nullptr);
    workers.clear();
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::condition_variable done;
  std::vector<Worker> workers;  // all but the caller
  const std::function<void(std::size_t)>* job = nullptr;
  std::size_t job_count = 0;
  // Changed with the mutex held, looked at without it too.
  std::atomic<std::size_t> round = 0;  // of Run
  std::atomic<std::size_t> running_count = 0;
  std::atomic<bool> is_over = false;
  std::exception_ptr failure;
};

WorkerPool::WorkerPool(std::size_t count) : shared_(std::make_unique<Shared>()) {
  shared_->workers.resize(count - 1);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  int error = pthread_attr_setstacksize(&attributes, kStackBytes);
  std::size_t started = 0;
  for (; error == 0 && started < shared_->workers.size(); ++started) {
    Shared::Worker& worker = shared_->workers[started];
    worker.shared = shared_.get();
    worker.index = started + 1;
    error = pthread_create(&worker.thread, &attributes, Shared::Serve, &worker);
    if (error != 0) break;
  }
  pthread_attr_destroy(&attributes);
  shared_->workers.resize(started);
  if (error == 0) return;
  shared_->Stop();
  throw std::system_error(error, std::generic_category(), "cannot start a worker");
}

WorkerPool::~WorkerPool() { shared_->Stop(); }

void WorkerPool::Run(std::size_t count, const std::function<void(std::size_t)>& job) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->job = &job;
    shared_->job_count = count;
    shared_->running_count = count - 1;
    shared_->failure = nullptr;
    ++shared_->round;
  }
  shared_->changed.notify_all();
  const std::exception_ptr own = shared_->Try(0);
  Shared::LookOut([&] { return shared_->running_count == 0; });
  std::unique_lock lock(shared_->mutex);
  shared_->done.wait(lock, [&] { return shared_->running_count == 0; });
  const std::exception_ptr failure = own != nullptr ? own : shared_->failure;
  lock.unlock();
  if (failure != nullptr) std::rethrow_exception(failure);
}

}  // namespace kelpie::cli
