#include "trace/file/json_claim.h"

#include <string>
#include <type_traits>
#include <utility>

#include "trace/value/event_names.h"
#include "trace/value/refill.h"

namespace kelpie::trace::file {

namespace {

constexpr std::array<std::string_view, 3> kUpdateFields = {"path", "op", "value"};

}  // namespace

bool ClaimReader::ReadClaims(std::vector<Claim>& out, int depth) {
  if (!cursor_.EnterArray()) return false;
  Refill<Claim> claims(out);
  while (cursor_.NextElement()) {
    if (!ReadClaim(claims.Add(), depth)) return false;
  }
  return !cursor_.failed();
}

bool ClaimReader::ReadClaim(Claim& out, int depth) {
  if (depth > options_.depth_max) {
    return cursor_.Fail(
        {.kind = ErrorKind::kTooDeep,
         .position = cursor_.token_position(),
         .message = "steps nest deeper than " + std::to_string(options_.depth_max) + ", the limit depth_max"});
  }
  if (!cursor_.EnterObject()) return false;
  Seen seen = 0;
  std::size_t field = 0;
  while (NextField(kClaimFields, seen, field)) {
    if (!ReadClaimField(field, out, depth)) return false;
  }
  ResetUnseen(seen, out);
  return !cursor_.failed();
}

bool ClaimReader::ReadClaimField(std::size_t field, Claim& claim, int depth) {
  switch (field) {
    case IndexOf(kClaimFields, "spec"): return values_.ReadText(claim.spec);
    case IndexOf(kClaimFields, "action"): return values_.ReadText(claim.action);
    case IndexOf(kClaimFields, "args"): return ReadArgs(claim.args);
    case IndexOf(kClaimFields, "reads"): return ReadFacts(claim.reads);
    case IndexOf(kClaimFields, "updates"): return ReadFacts(claim.updates);
    case IndexOf(kClaimFields, "frame"): return ReadFrame(claim);
    default: return ReadClaims(claim.steps, depth + 1);
  }
}

void ClaimReader::ResetUnseen(Seen seen, Claim& claim) {
  if ((seen & Bit(kClaimFields, "spec")) == 0) claim.spec.clear();
  if ((seen & Bit(kClaimFields, "action")) == 0) claim.action.clear();
  if ((seen & Bit(kClaimFields, "args")) == 0) claim.args = {};
  if ((seen & Bit(kClaimFields, "reads")) == 0) claim.reads.clear();
  if ((seen & Bit(kClaimFields, "updates")) == 0) claim.updates.clear();
  if ((seen & Bit(kClaimFields, "frame")) == 0) claim.frame_closed.clear();
  if ((seen & Bit(kClaimFields, "steps")) == 0) claim.steps.clear();
}

template <typename Fact>
bool ClaimReader::ReadFacts(std::vector<Fact>& out) {
  if (cursor_.Peek() == JsonCursor::Kind::kObject) return ReadWholeVariables(out);
  if (cursor_.Peek() != JsonCursor::Kind::kArray) {
    return cursor_.FailType("an object {\"x\": v} or an array of {\"path\", \"value\"}");
  }
  if (!cursor_.EnterArray()) return false;
  Refill<Fact> facts(out);
  while (cursor_.NextElement()) {
    if (!ReadFact(facts.Add())) return false;
  }
  return !cursor_.failed();
}

template <typename Fact>
bool ClaimReader::ReadWholeVariables(std::vector<Fact>& out) {
  if (!cursor_.EnterObject()) return false;
  std::size_t start = 0;
  {
    Refill<Fact> facts(out);
    std::string_view key;
    while (cursor_.NextKey(key)) {
      if (facts.count() == 0) start = cursor_.token_position();
      for (std::size_t i = 0; facts.count() < JsonValueReader::kComparedMax && i < facts.count(); ++i) {
        if (facts[i].location.variable == key) return values_.FailDuplicate(key);
      }
      Fact& fact = facts.Add();
      fact.location.variable.assign(key);
      fact.location.path.clear();
      if constexpr (std::is_same_v<Fact, Update>) fact.op = UpdateOp::kSet;
      if (!values_.Read(fact.value)) return false;
    }
  }
  if (cursor_.failed()) return false;
  if (out.size() <= JsonValueReader::kComparedMax) return true;
  std::vector<std::string_view> names;
  for (const Fact& fact : out) names.emplace_back(fact.location.variable);
  return !values_.FailIfRepeated(std::move(names), start);
}

template <typename Fact>
bool ClaimReader::ReadFact(Fact& out) {
  constexpr bool kIsRead = std::is_same_v<Fact, Read>;
  constexpr std::string_view kWhat = kIsRead ? "a read" : "an update";
  if (!cursor_.EnterObject()) return false;
  const std::size_t start = cursor_.token_position();
  UpdateOp op = UpdateOp::kSet;
  Seen seen = 0;
  std::size_t field = 0;
  while (NextField(kUpdateFields, seen, field)) {
    bool read = false;
    if (field == IndexOf(kUpdateFields, "path")) {
      read = ReadPath(out.location);
    } else if (field == IndexOf(kUpdateFields, "value")) {
      read = values_.Read(out.value);
    } else {
      if (kIsRead) return FailMixed("a read has an op; only updates have one");
      read = ReadOp(op);
    }
    if (!read) return false;
  }
  if (cursor_.failed()) return false;
  if constexpr (!kIsRead) out.op = op;
  if ((seen & Bit(kUpdateFields, "path")) == 0) return FailMissing(start, kWhat, "path");
  if ((seen & Bit(kUpdateFields, "value")) != 0) return true;
  // A removed key is named by the path; everything else needs its value.
  if (op != UpdateOp::kRemove) return FailMissing(start, kWhat, "value");
  out.value.AssignUnknown();
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
  Refill<Value> path(out.path);
  while (cursor_.NextElement()) {
    if (!values_.Read(path.Add())) return false;
  }
  return !cursor_.failed();
}

bool ClaimReader::ReadFrame(Claim& claim) {
  if (!cursor_.EnterObject()) return false;
  RefillMap frame(claim.frame_closed);
  std::string_view key;
  while (cursor_.NextKey(key)) {
    const auto [is_closed, is_new] = frame.Add(key);
    if (!is_new) return values_.FailDuplicate(key);
    std::string_view word;
    if (!cursor_.ReadString(word)) return false;
    if (word != "open" && word != "closed") return FailName(word, "open or closed");
    *is_closed = word == "closed";
  }
  return !cursor_.failed();
}

bool ClaimReader::ReadArgs(Arguments& out) {
  switch (cursor_.Peek()) {
    case JsonCursor::Kind::kObject: out.positional.clear(); return values_.ReadNamed(out.named, 1);
    case JsonCursor::Kind::kArray: out.named.clear(); return values_.ReadList(out.positional, 1);
    default: return cursor_.FailType("an object by parameter name or an array by position");
  }
}

}  // namespace kelpie::trace::file
