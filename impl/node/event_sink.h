// Where events go. The rooms below the simulator's main know no file format.
#pragma once

#include <utility>
#include <vector>

#include "trace/value/event.h"

namespace kelpie::node {

// Called from one thread, in the order of the run.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void Write(const trace::Event& event) = 0;
};

// Keeps everything; for tests.
class VectorSink final : public EventSink {
 public:
  void Write(const trace::Event& event) override { events_.push_back(event); }
  [[nodiscard]] const std::vector<trace::Event>& events() const { return events_; }

 private:
  std::vector<trace::Event> events_;
};

}  // namespace kelpie::node
