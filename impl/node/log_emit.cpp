#include "impl/node/log_emit.h"

#include "impl/machines/wal/window_row.h"

namespace kelpie::node {

using machines::Operation;
using machines::OwnerAnswer;
using machines::WalFact;
using machines::WalFactKind;
using trace::Claim;
using trace::UpdateOp;
using trace::Value;

namespace {

using Arguments = std::vector<std::pair<std::string, Value>>;

// Of what was read from damaged bytes, too.
Value Name(const std::string& text) { return Value::Model(text.empty() ? "nothing" : text); }
Value Count(std::uint64_t count) { return Value::Int(static_cast<std::int64_t>(count)); }

Value OperationTerm(const Operation& operation) {
  return Value::Record(
      {{"client", Name(operation.client)}, {"idempotencyKey", Count(operation.key)}, {"data", Name(operation.data)}});
}

std::vector<Value> OperationTerms(const std::vector<Operation>& operations) {
  std::vector<Value> terms;
  for (const Operation& operation : operations) terms.push_back(OperationTerm(operation));
  return terms;
}

Value SaidTerm(const Operation& operation, machines::Verdict verdict) {
  return Value::Record({{"op", OperationTerm(operation)}, {"said", Value::String(ToString(verdict))}});
}

Arguments RequestArguments(const Operation& operation) {
  return {{"c", Name(operation.client)}, {"key", Count(operation.key)}, {"data", Name(operation.data)}};
}

}  // namespace

Arguments LogConstants(const std::vector<std::string>& clients, const std::vector<std::string>& payloads,
                       std::size_t window_size) {
  const auto names = [](const std::vector<std::string>& texts) {
    std::vector<Value> values;
    for (const std::string& text : texts) values.push_back(Name(text));
    return Value::Set(std::move(values));
  };
  return {{"Clients", names(clients)}, {"Payloads", names(payloads)}, {"WindowSize", Count(window_size)}};
}

void LogEmitter::Fact(const Tag& tag, const WalFact& fact) {
  switch (fact.kind) {
    case WalFactKind::kStartRecovery:
    case WalFactKind::kScan:
    case WalFactKind::kRewrite:
    case WalFactKind::kCompleteRecovery:
    case WalFactKind::kReopen: return Opening(tag, fact);
    case WalFactKind::kAppend:
    case WalFactKind::kSync:
    case WalFactKind::kSyncFails:
    case WalFactKind::kCleanup: return Sync(tag, fact);
    case WalFactKind::kRefuseMismatch:
    case WalFactKind::kSayAccepted:
    case WalFactKind::kSubmit:
    case WalFactKind::kComplete: return Told(tag, fact);
  }
}

void LogEmitter::Memory(Claim& claim, const WalFact& fact) const {
  AddUpdate(claim, Place("synced"), Count(fact.synced_count));
  AddUpdate(claim, Place("poisoned"), Value::Bool(fact.is_poisoned));
}

void LogEmitter::Opening(const Tag& tag, const WalFact& fact) {
  Claim claim;
  switch (fact.kind) {
    case WalFactKind::kStartRecovery:
      claim = writer_.MakeClaim("StartRecovery", {});
      AddUpdate(claim, Place("crashed"), Value::Bool(false));
      AddUpdate(claim, Place("recovering"), Value::Bool(true));
      break;
    case WalFactKind::kScan:
      claim = writer_.MakeClaim("ScanLog", {});
      AddUpdate(claim, Place("wal"), Value::Sequence(OperationTerms(fact.log)));
      AddUpdate(claim, Place("keyIndex"), Value::Set(OperationTerms(fact.index)));
      AddUpdate(claim, Place("tornAt"), Value::Int(0));
      log_ = fact.log;
      break;
    case WalFactKind::kRewrite: {
      claim = writer_.MakeClaim("RewriteTail", {});
      const LogOnDisk disk = view_.OnDisk();
      AddUpdate(claim, Place("durable"), Count(disk.durable));
      AddUpdate(claim, Place("stale"), Value::Bool(disk.is_stale));
      break;
    }
    case WalFactKind::kCompleteRecovery:
      claim = writer_.MakeClaim("CompleteRecovery", {});
      AddUpdate(claim, Place("recovering"), Value::Bool(false));
      break;
    default:
      claim = writer_.MakeClaim("ReopenLog", {});
      AddUpdate(claim, Place("recovering"), Value::Bool(true));
      AddUpdate(claim, Place("keyIndex"), Value::Set(OperationTerms(fact.index)));
      break;
  }
  Memory(claim, fact);
  writer_.Step(tag, std::move(claim));
}

void LogEmitter::Sync(const Tag& tag, const WalFact& fact) {
  Claim claim;
  switch (fact.kind) {
    case WalFactKind::kAppend:
      claim = writer_.MakeClaim("AppendToWal", RequestArguments(fact.operation));
      AddUpdate(claim, Place("wal"), OperationTerm(fact.operation), UpdateOp::kAppend);
      AddUpdate(claim, Place("keyIndex"), OperationTerm(fact.operation), UpdateOp::kAdd);
      log_.push_back(fact.operation);
      break;
    case WalFactKind::kSync: claim = writer_.MakeClaim("SyncLog", {}); break;
    case WalFactKind::kSyncFails:
      claim = writer_.MakeClaim("SyncFails", {});
      AddUpdate(claim, Place("stale"), Value::Bool(view_.OnDisk().is_stale));
      break;
    default:
      claim = writer_.MakeClaim("Cleanup", {});
      if (!log_.empty()) log_.erase(log_.begin());
      AddUpdate(claim, Place("wal"), Value::Sequence(OperationTerms(log_)));
      AddUpdate(claim, Place("keyIndex"), OperationTerm(fact.operation), UpdateOp::kRemove);
      break;
  }
  Memory(claim, fact);
  writer_.Step(tag, std::move(claim));
}

// What is said again changes nothing.
void LogEmitter::AddTold(Claim& claim, const Operation& operation, machines::Verdict verdict) {
  if (told_.insert({operation, verdict}).second)
    AddUpdate(claim, Place("replies"), SaidTerm(operation, verdict), UpdateOp::kAdd);
}

void LogEmitter::Told(const Tag& tag, const WalFact& fact) {
  const Operation& operation = fact.operation;
  Claim claim;
  switch (fact.kind) {
    case WalFactKind::kRefuseMismatch:
      claim = writer_.MakeClaim("RefuseMismatch", RequestArguments(operation));
      AddTold(claim, operation, machines::Verdict::kConflict);
      break;
    case WalFactKind::kSayAccepted:
      claim = writer_.MakeClaim("SayAccepted", RequestArguments(operation));
      AddTold(claim, operation, machines::Verdict::kAccepted);
      break;
    case WalFactKind::kSubmit:
      claim = writer_.MakeClaim("SubmitOperation", {{"op", OperationTerm(operation)}});
      if (submissions_.try_emplace(operation, 0).second)
        AddUpdate(claim, Place("submissions"), OperationTerm(operation), UpdateOp::kAdd);
      break;
    default:
      claim = writer_.MakeClaim("CompleteOperation",
                                {{"op", OperationTerm(operation)}, {"said", Value::String(ToString(fact.verdict))}});
      AddUpdate(claim, Place("completed"), OperationTerm(operation), UpdateOp::kAdd);
      AddTold(claim, operation, fact.verdict);
      break;
  }
  writer_.Step(tag, std::move(claim));
}

// What a reader finds now, and perhaps half a record behind it.
void LogEmitter::Crash() {
  const LogOnDisk disk = view_.OnDisk();
  const bool is_torn = disk.is_torn && disk.whole.size() < log_.size();
  log_.resize(std::min(log_.size(), disk.whole.size() + (is_torn ? 1 : 0)));
  Claim claim = writer_.MakeClaim("Crash", {});
  AddUpdate(claim, Place("crashed"), Value::Bool(true));
  AddUpdate(claim, Place("recovering"), Value::Bool(false));
  AddUpdate(claim, Place("wal"), Value::Sequence(OperationTerms(log_)));
  AddUpdate(claim, Place("tornAt"), Count(is_torn ? log_.size() : 0));
  writer_.Step(kWorldTag, std::move(claim));
}

void LogEmitter::Executed() {
  const Operation operation = machines::DecodeEffects(view_.RowAt(machines::kEffectsKey)).last;
  const machines::WindowRow row = machines::DecodeWindow(view_.RowAt(machines::WindowKey(operation.client)));
  Claim claim = writer_.MakeClaim("ExecuteOperation", {{"op", OperationTerm(operation)}});
  AddUpdate(claim, Place("effects"), OperationTerm(operation), UpdateOp::kAppend);
  AddUpdate(claim, Place("storage", {Name(operation.client)}),
            Value::Record({{"window", Value::Set(OperationTerms(row.window))}, {"lowWater", Count(row.low_water)}}));
  writer_.Step(kStoreTag, std::move(claim));
}

void LogEmitter::Answered(const OwnerAnswer& answer) {
  Claim claim = writer_.MakeClaim(
      "AnswerOperation", {{"op", OperationTerm(answer.operation)}, {"said", Value::String(ToString(answer.verdict))}});
  if (++answers_[{answer.operation, answer.verdict}] == 1)
    AddUpdate(claim, Place("answers"), SaidTerm(answer.operation, answer.verdict), UpdateOp::kAdd);
  writer_.Step({"owner", 1}, std::move(claim));
  DropIfSettled(answer.operation);
}

void LogEmitter::SubmissionEnded(const Operation& operation) {
  --submissions_[operation];
  DropIfSettled(operation);
}

// When no copy of a decided operation is under way. One that is not decided may still be executed.
void LogEmitter::DropIfSettled(const Operation& operation) {
  const auto found = submissions_.find(operation);
  if (found == submissions_.end() || found->second > 0 || view_.IsOwnerBusyWith(operation)) return;
  const machines::WindowRow row = machines::DecodeWindow(view_.RowAt(machines::WindowKey(operation.client)));
  if (!machines::VerdictOf(row, operation)) return;
  submissions_.erase(found);
  Claim claim = writer_.MakeClaim("DropMessage", {{"op", OperationTerm(operation)}});
  AddUpdate(claim, Place("submissions"), OperationTerm(operation), UpdateOp::kRemove);
  writer_.Step(kWorldTag, std::move(claim));
}

void LogEmitter::AnswerEnded(const OwnerAnswer& answer) {
  const auto found = answers_.find({answer.operation, answer.verdict});
  if (--found->second > 0) return;
  answers_.erase(found);
  const Value term = SaidTerm(answer.operation, answer.verdict);
  Claim claim = writer_.MakeClaim("DropAnswer", {{"answer", term}});
  AddUpdate(claim, Place("answers"), term, UpdateOp::kRemove);
  writer_.Step(kWorldTag, std::move(claim));
}

}  // namespace kelpie::node
