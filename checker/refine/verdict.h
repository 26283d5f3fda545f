// Whether a trace is a behavior of the spec, and why not.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/eval/evaluator.h"
#include "checker/observe/observation.h"
#include "checker/refine/hidden.h"
#include "checker/refine/repairs.h"
#include "checker/refine/sensitivity.h"
#include "checker/symbolic/solver.h"
#include "trace/value/event.h"

namespace kelpie::refine {

enum class Verdict : std::uint8_t { kConforms, kViolates, kInconclusive, kEvaluation, kBadInput };

[[nodiscard]] const char* NameOf(Verdict verdict);

// The numbered questions of docs/SEMANTICS.md, part 1. A candidate dies at one of them.
enum class Check : std::uint8_t {
  kWellFormed = 1,  // is the event about this spec at all?
  kDisjunct = 2,    // is the claimed operator a disjunct of Next?
  kGuard = 3,       // does its guard hold, and does the state before agree with `reads`?
  kEffect = 4,      // does the state after agree with what was observed?
  kCompletion = 5,  // can the unobserved be completed?
  kInvariant = 6,
  kActionProperty = 7,
};

// Where an event stands, for people and for JSON.
struct EventReference {
  trace::EventId id;
  std::uint64_t index = 0;  // 1-based position in the canonical order, all events counted
  std::string file;
  std::uint64_t offset = 0;
  std::uint64_t line = 0;
  std::string action;  // what it claimed
  std::vector<std::pair<std::string, std::string>> arguments;
};

// Who wrote a place in the state last.
struct Writer {
  std::string location;
  EventReference event;
};

// Why the nearest candidate died.
struct Explanation {
  Check check = Check::kWellFormed;
  std::string action;
  std::vector<std::pair<std::string, eval::Value>> arguments;
  tla::Span span;    // of the action, invariant or property
  std::string name;  // of the invariant or property
  std::vector<eval::ConjunctValue> conjuncts;
  // By the solver, when it was asked: conjuncts that cannot hold together, none of them dispensable.
  bool has_core = false;
  std::vector<resolve::ExprId> core;
  bool core_has_observation = false;          // places that were observed are among them
  std::optional<observe::Mismatch> mismatch;  // what was found and what was expected
  tla::Span clause;                           // the part of the action that decides the place of the mismatch
  std::vector<Writer> written_by;
  std::string remark;
};

// A limit that ended the search; never a pass.
struct LimitReached {
  std::string name;
  std::uint64_t value = 0;
  std::string option;
};

struct Vacuity {
  std::vector<std::string> unread_fields;       // event fields that no check reads
  std::vector<std::string> never_taken;         // actions of the spec that no event took
  std::vector<std::string> trivial_invariants;  // P => Q whose P was never true
};

struct CheckResult {
  std::string spec;
  Verdict verdict = Verdict::kConforms;
  bool is_complete = true;
  std::uint64_t event_count = 0;  // seen by this spec
  std::uint64_t ignored_count = 0;
  std::optional<EventReference> failed_at;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> cut;  // node -> incarnation, seq
  std::optional<Check> check;
  std::optional<LimitReached> limit;
  std::vector<Explanation> explanations;
  std::vector<Repair> repairs;  // of a violation by a step or an observation: what was tried, and what helps
  std::optional<std::vector<SensitivityCount>> sensitivity;  // when it was asked for
  Vacuity vacuity;
  std::map<std::string, std::uint64_t> coverage;
  std::uint64_t frontier_max = 0;
  std::vector<HiddenUse> hidden;  // of a trace that conforms: on the way with the fewest that was kept
  symbolic::SolverCounts solver;
  std::vector<std::string> config_ignored;
  std::optional<bool> digest_match;
  std::optional<eval::EvalError> error;        // kEvaluation
  std::optional<observe::BadInput> bad_input;  // kBadInput
  std::vector<std::string> warnings;
};

}  // namespace kelpie::refine
