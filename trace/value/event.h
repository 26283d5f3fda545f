// Events: what one node says happened, and the header of the file they stand in.
//
//   Event e{.id = {"n1", 1, 7}, .kind = EventKind::kStep};
//   e.claims.push_back({.spec = "KelpieLease", .action = "CommitWrite", .args = ...});
//
// The meaning of every field is docs/SEMANTICS.md, part 2; trace.proto and the JSON lines
// carry exactly these fields under the same names.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "trace/value/value.h"

namespace kelpie::trace {

// Identity of an event. `seq` counts from 1 without gaps in each incarnation.
struct EventId {
  std::string node;
  std::uint64_t incarnation = 0;
  std::uint64_t seq = 0;
  friend auto operator<=>(const EventId&, const EventId&) = default;
  friend bool operator==(const EventId&, const EventId&) = default;
};

enum class EventKind : std::uint8_t { kStep, kObserve, kCall, kReturn, kLost, kInit, kMark, kEnd };
enum class Outcome : std::uint8_t { kOk, kFailed, kUnknown };
enum class UpdateOp : std::uint8_t { kSet, kRemove, kAdd, kAppend };

// A place in a variable: path steps are record fields (strings), function arguments (any
// value), or 1-based indexes. An empty path is the whole variable.
struct Location {
  std::string variable;
  std::vector<Value> path;
  friend bool operator==(const Location&, const Location&) = default;
};

// A fact about the state before the step.
struct Read {
  Location location;
  Value value;
  friend bool operator==(const Read&, const Read&) = default;
};

// A fact about the state after the step (kRemove, kAdd, kAppend: about both states).
struct Update {
  Location location;
  UpdateOp op = UpdateOp::kSet;
  Value value;  // unknown for kRemove of a key named by the last path step
  friend bool operator==(const Update&, const Update&) = default;
};

// Arguments of the claimed action: by name (parameters or bound variables) or by position.
struct Arguments {
  std::vector<std::pair<std::string, Value>> named;
  std::vector<Value> positional;
  [[nodiscard]] bool empty() const { return named.empty() && positional.empty(); }
  friend bool operator==(const Arguments&, const Arguments&) = default;
};

// What an event says it was, for one spec.
struct Claim {
  std::string spec;    // may be empty in a trace for one spec
  std::string action;  // empty: any step of Next that agrees
  Arguments args;
  std::vector<Read> reads;
  std::vector<Update> updates;
  std::map<std::string, bool> frame_closed;  // variable -> closed (true) or open (false)
  std::vector<Claim> steps;                  // several actions in order, no hidden step between
  friend bool operator==(const Claim&, const Claim&) = default;
};

struct Event {
  EventId id;
  EventKind kind = EventKind::kStep;
  std::vector<Claim> claims;
  std::string operation;                    // pairs call and return; empty: none
  std::optional<Outcome> outcome;           // of a return
  std::optional<std::uint64_t> lost_count;  // of kLost; absent: unknown many
  std::vector<EventId> causes;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> vclock;  // node -> incarnation, seq
  std::map<std::string, std::uint64_t> versions;                          // object -> version
  std::optional<std::int64_t> hybrid_ns;
  std::optional<std::int64_t> wall_ns;
  std::optional<std::int64_t> true_ns;
  std::string group;
  friend bool operator==(const Event&, const Event&) = default;
};

struct SpecReference {
  std::string name;
  std::string digest;  // "sha256:<hex>" of the module's text; empty: not stated
  friend bool operator==(const SpecReference&, const SpecReference&) = default;
};

// First record of a file. `format` is "kelpie.trace/1".
struct Header {
  std::string format = "kelpie.trace/1";
  std::string run;
  std::string node;  // empty: a file of several nodes
  std::uint64_t incarnation = 0;
  std::vector<std::string> nodes;
  std::vector<SpecReference> specs;
  std::vector<std::pair<std::string, Value>> constants;  // override the model file
  std::optional<std::int64_t> clock_error_ns;            // absent: hybrid time orders nothing
  friend bool operator==(const Header&, const Header&) = default;
};

}  // namespace kelpie::trace
