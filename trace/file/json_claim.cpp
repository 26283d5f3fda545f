#include "trace/file/json_claim.h"

#include <string>
#include <utility>

#include "trace/value/event_names.h"

namespace kelpie::trace::file {

namespace {

constexpr std::array<std::string_view, 3> kUpdateFields = {"path", "op", "value"};

}  // namespace

bool ClaimReader::ReadClaims(std::vector<Claim>& out, int depth) {
  if (!cursor_.EnterArray()) return false;
  while (cursor_.NextElement()) {
    if (!ReadClaim(out.emplace_back(), depth)) return false;
  }
  return !cursor_.failed();
}

bool ClaimReader::ReadClaim(Claim& out, int depth) {
  if (depth > depth_max_) {
    return cursor_.Fail({.kind = ErrorKind::kTooDeep,
                         .position = cursor_.token_position(),
                         .message = "steps nest deeper than " + std::to_string(depth_max_) + ", the limit depth_max"});
  }
  if (!cursor_.EnterObject()) return false;
  std::string_view key;
  Seen seen = 0;
  while (cursor_.NextKey(key)) {
    const std::size_t field = Field(kClaimFields, key, seen);
    if (cursor_.failed() || !ReadClaimField(field, out, depth)) return false;
  }
  return !cursor_.failed();
}

bool ClaimReader::ReadClaimField(std::size_t field, Claim& claim, int depth) {
  switch (field) {
    case IndexOf(kClaimFields, "spec"): return values_.ReadText(claim.spec);
    case IndexOf(kClaimFields, "action"): return values_.ReadText(claim.action);
    case IndexOf(kClaimFields, "args"): return ReadArgs(claim.args);
    case IndexOf(kClaimFields, "reads"): return ReadReads(claim.reads);
    case IndexOf(kClaimFields, "updates"): return ReadUpdates(claim.updates);
    case IndexOf(kClaimFields, "frame"): return ReadFrame(claim);
    default: return ReadClaims(claim.steps, depth + 1);
  }
}

bool ClaimReader::ReadReads(std::vector<Read>& out) {
  std::vector<Update> facts;
  const bool as_reads = true;
  if (!ReadFacts(facts, as_reads)) return false;
  out.reserve(facts.size());
  for (Update& fact : facts) out.push_back({.location = std::move(fact.location), .value = std::move(fact.value)});
  return true;
}

bool ClaimReader::ReadUpdates(std::vector<Update>& out) {
  const bool as_reads = false;
  return ReadFacts(out, as_reads);
}

bool ClaimReader::ReadFacts(std::vector<Update>& out, bool as_reads) {
  if (cursor_.Peek() == JsonCursor::Kind::kObject) {
    std::vector<Value::Field> named;
    if (!values_.ReadNamed(named, 1)) return false;
    out.reserve(named.size());
    for (auto& [variable, value] : named) {
      out.push_back({.location = {.variable = std::move(variable), .path = {}}, .value = std::move(value)});
    }
    return true;
  }
  if (cursor_.Peek() != JsonCursor::Kind::kArray) {
    return cursor_.FailType("an object {\"x\": v} or an array of {\"path\", \"value\"}");
  }
  if (!cursor_.EnterArray()) return false;
  while (cursor_.NextElement()) {
    if (!ReadFact(out.emplace_back(), as_reads)) return false;
  }
  return !cursor_.failed();
}

bool ClaimReader::ReadFact(Update& out, bool as_reads) {
  if (!cursor_.EnterObject()) return false;
  const std::size_t start = cursor_.token_position();
  std::string_view key;
  Seen seen = 0;
  while (cursor_.NextKey(key)) {
    const std::size_t field = Field(kUpdateFields, key, seen);
    if (cursor_.failed()) return false;
    bool read = false;
    if (field == IndexOf(kUpdateFields, "path")) {
      read = ReadPath(out.location);
    } else if (field == IndexOf(kUpdateFields, "value")) {
      read = values_.Read(out.value);
    } else {
      if (as_reads) return FailMixed("a read has an op; only updates have one");
      read = ReadOp(out.op);
    }
    if (!read) return false;
  }
  if (cursor_.failed()) return false;
  if ((seen & Bit(kUpdateFields, "path")) == 0) return FailMissing(start, as_reads ? "a read" : "an update", "path");
  // A removed key is named by the path; everything else needs its value.
  if ((seen & Bit(kUpdateFields, "value")) == 0 && out.op != UpdateOp::kRemove) {
    return FailMissing(start, as_reads ? "a read" : "an update", "value");
  }
  return true;
}

bool ClaimReader::ReadOp(UpdateOp& out) {
  std::string_view name;
  if (!cursor_.ReadString(name)) return false;
  const auto op = ParseUpdateOp(name);
  if (!op) return FailName(name, "set, remove, add or append");
  out = *op;
  return true;
}

bool ClaimReader::ReadPath(Location& out) {
  if (!cursor_.EnterArray()) return false;
  const std::size_t start = cursor_.token_position();
  if (!cursor_.NextElement()) {
    return cursor_.failed() ? false : FailMissing(start, "an empty path", "the variable's name as first element");
  }
  if (!values_.ReadText(out.variable)) return false;
  while (cursor_.NextElement()) {
    if (!values_.Read(out.path.emplace_back())) return false;
  }
  return !cursor_.failed();
}

bool ClaimReader::ReadFrame(Claim& claim) {
  if (!cursor_.EnterObject()) return false;
  std::string_view key;
  while (cursor_.NextKey(key)) {
    const auto [entry, is_new] = claim.frame_closed.try_emplace(std::string(key), false);
    if (!is_new) return values_.FailDuplicate(key);
    std::string_view word;
    if (!cursor_.ReadString(word)) return false;
    if (word != "open" && word != "closed") return FailName(word, "open or closed");
    entry->second = word == "closed";
  }
  return !cursor_.failed();
}

bool ClaimReader::ReadArgs(Arguments& out) {
  switch (cursor_.Peek()) {
    case JsonCursor::Kind::kObject: return values_.ReadNamed(out.named, 1);
    case JsonCursor::Kind::kArray: return values_.ReadList(out.positional, 1);
    default: return cursor_.FailType("an object by parameter name or an array by position");
  }
}

}  // namespace kelpie::trace::file
