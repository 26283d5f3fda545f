// Events of a simulated run, in the one order that its world gives them.
//
//   EventWriter writer("KelpieWAL", time, sink);
//   Claim claim = writer.MakeClaim("SyncLog", {});
//   AddUpdate(claim, Place("synced"), Value::Int(3));
//   writer.Step({"n1", 1}, std::move(claim));
//
// docs/RULES.md, R7: the order of a simulated run is the object `world`, and every event carries its next version.
// Memory: O(processes that ever wrote).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "impl/node/event_sink.h"
#include "impl/store/transaction.h"

namespace kelpie::node {

// What the world shows its witness.
class TrueTime {
 public:
  virtual ~TrueTime() = default;
  [[nodiscard]] virtual std::int64_t TrueMs() const = 0;
};

using Tag = std::pair<std::string, std::uint64_t>;  // who writes: node and incarnation
inline const Tag kStoreTag = {"store", 1};
inline const Tag kWorldTag = {"world", 1};

[[nodiscard]] trace::Location Place(std::string variable, std::vector<trace::Value> path = {});
void AddUpdate(trace::Claim& claim, trace::Location location, trace::Value value,
               trace::UpdateOp op = trace::UpdateOp::kSet);

class EventWriter {
 public:
  // Requires: time and sink outlive the writer.
  EventWriter(std::string spec, const TrueTime& time, EventSink& sink)
      : spec_(std::move(spec)), time_(time), sink_(sink) {}

  [[nodiscard]] trace::Claim MakeClaim(const char* action,
                                       std::vector<std::pair<std::string, trace::Value>> args) const;
  void Step(const Tag& tag, trace::Claim claim);
  // No step: what is shown is how it is.
  void Observe(const Tag& tag, trace::Claim claim);
  void Call(const Tag& tag, const store::OperationId& operation);
  void Return(const Tag& tag, const store::OperationId& operation, store::Outcome outcome);
  [[nodiscard]] std::uint64_t events() const { return world_version_; }

 private:
  void Write(const Tag& tag, trace::Event event);

  std::string spec_;
  const TrueTime& time_;
  EventSink& sink_;
  std::uint64_t world_version_ = 0;
  std::map<Tag, std::uint64_t> sequence_;
};

}  // namespace kelpie::node
