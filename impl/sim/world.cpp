#include "impl/sim/world.h"

#include <utility>

#include "impl/env/check.h"

namespace kelpie::sim {

void World::Schedule(std::int64_t at_ms, Task task) {
  IMPL_CHECK(at_ms >= now_ms_, "scheduled in the past");
  queue_.push(Entry{at_ms, scheduled_++, std::move(task)});
}

bool World::RunNext() {
  if (queue_.empty()) return false;
  // top() is const only to protect the order, which moving the task out does not touch.
  Task task = std::move(const_cast<Entry&>(queue_.top()).task);
  now_ms_ = queue_.top().at_ms;
  queue_.pop();
  task();
  return true;
}

}  // namespace kelpie::sim
