#include "impl/node/event_writer.h"

namespace kelpie::node {

using trace::Claim;
using trace::Event;
using trace::EventKind;

trace::Location Place(std::string variable, std::vector<trace::Value> path) {
  return {std::move(variable), std::move(path)};
}

void AddUpdate(Claim& claim, trace::Location location, trace::Value value, trace::UpdateOp op) {
  claim.updates.push_back({std::move(location), op, std::move(value)});
}

Claim EventWriter::MakeClaim(const char* action, std::vector<std::pair<std::string, trace::Value>> args) const {
  Claim claim;
  claim.spec = spec_;
  claim.action = action;
  claim.args.named = std::move(args);
  return claim;
}

void EventWriter::Write(const Tag& tag, Event event) {
  event.id = {tag.first, tag.second, ++sequence_[tag]};
  event.versions["world"] = ++world_version_;
  event.true_ns = time_.TrueMs() * 1'000'000;
  sink_.Write(event);
}

void EventWriter::Step(const Tag& tag, Claim claim) {
  Event event;
  event.kind = EventKind::kStep;
  event.claims.push_back(std::move(claim));
  Write(tag, std::move(event));
}

void EventWriter::Observe(const Tag& tag, Claim claim) {
  Event event;
  event.kind = EventKind::kObserve;
  event.claims.push_back(std::move(claim));
  Write(tag, std::move(event));
}

void EventWriter::Call(const Tag& tag, const store::OperationId& operation) {
  Event event;
  event.kind = EventKind::kCall;
  event.operation = store::ToString(operation);
  Write(tag, std::move(event));
}

void EventWriter::Return(const Tag& tag, const store::OperationId& operation, store::Outcome outcome) {
  Event event;
  event.kind = EventKind::kReturn;
  event.operation = store::ToString(operation);
  event.outcome = outcome == store::Outcome::kOk       ? trace::Outcome::kOk
                  : outcome == store::Outcome::kFailed ? trace::Outcome::kFailed
                                                       : trace::Outcome::kUnknown;
  Write(tag, std::move(event));
}

}  // namespace kelpie::node
