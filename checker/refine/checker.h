// Which spec behaviors explain the trace? A frontier of states walks the events.
//
//   Checker checker(program, header, constants, {});
//   while (event = trace.Next()) if (!checker.Feed(event)) break;
//   CheckResult result = checker.Finish();
//
// Definition: docs/SEMANTICS.md, part 1. This form takes the events in canonical order; what is not observed is
// searched for among the successors, and between two events among the steps of actions that are declared hidden.
// Invariants: every state of the frontier explains all events fed so far; a candidate dies
// with the number of a check; the frontier's death is a violation only while no candidate was
// dropped for a limit or an error. Equal candidates are merged by comparing states.
// Cost: O(frontier x ways through Next) an event; memory O(frontier + one state), and the hidden steps on its ways.
// Source: Abadi & Lamport, The Existence of Refinement Mappings (1991).
#pragma once

#include <array>
#include <memory>
#include <string>

#include "checker/eval/evaluator.h"
#include "checker/observe/observer.h"
#include "checker/refine/frontier.h"
#include "checker/refine/guards.h"
#include "checker/refine/hidden.h"
#include "checker/refine/repairs.h"
#include "checker/refine/sensitivity.h"
#include "checker/refine/verdict.h"
#include "checker/refine/writers.h"

namespace kelpie::refine {

struct Budget {
  std::uint64_t frontier_max = 10'000;  // --max-frontier: candidates; reached: inconclusive
  HiddenOptions hidden;                 // --hidden, --max-hidden
  std::uint64_t repairs_max = 2'000;    // --repairs: states looked at for them; 0: none is tried
  bool is_sensitivity_wanted = false;   // --sensitivity
};

class Checker {
 public:
  Checker(std::shared_ptr<const program::Program> program, const trace::Header& header, eval::ConstantValues constants,
          Budget budget, eval::EvalOptions options, GuardOptions guards = {});

  // Events in canonical order. False when the verdict is final and no event can change it.
  bool Feed(const trace::Event& event, const EventReference& where);
  // The verdict. `bad_input` of the trace itself, if it could not be read to its end.
  [[nodiscard]] CheckResult Finish();
  [[nodiscard]] bool is_final() const { return is_final_; }

 private:
  // What an action property read when its action was last found true: most steps leave all of that alone.
  struct KnownStep {
    program::PredicatePart part;
    std::vector<eval::Value> before;  // beside part.slots; empty: nothing is known
    std::vector<eval::Value> after;
  };

  bool FeedEvent(const trace::Event& event, const EventReference& where);
  void DescribeClaim(const trace::Event& event, EventReference& where) const;
  [[nodiscard]] std::shared_ptr<const Writing> WritingOf(const observe::ObservedStep& step,
                                                         const EventReference& where) const;
  void Start(const observe::ObservedStep* initial);
  void PrepareHidden();
  void TakeHidden(const EventReference& where);
  void NoteHiddenWriting(const Candidate& from, const EventReference& where);
  void ReportHidden();
  void Advance(observe::Observation observation, const EventReference& where);
  bool Step(const observe::ObservedStep& step, const EventReference& where);
  void Stutter(const observe::ObservedStep& step, const EventReference& where);
  void ExpandCandidate(const eval::State& state, const observe::ObservedStep& step,
                       const std::vector<std::optional<eval::Value>>& pinned, Frontier& next);
  // The same by the solver; with kBoth after the concrete search, whose states are compared.
  void SolveCandidate(const eval::State& state, const observe::ObservedStep& step,
                      const std::vector<std::optional<eval::Value>>& pinned, Frontier& next);
  void CompareEngines(const eval::State& state, const observe::ObservedStep& step,
                      const std::vector<std::optional<eval::Value>>& pinned);
  [[nodiscard]] std::string EventName(const observe::ObservedStep& step) const;
  void NoteGap(const symbolic::Incomplete& incomplete);
  // The check that a successor fails, if it fails one.
  std::optional<Check> JudgeSuccessor(const eval::State& state, const observe::ObservedStep& step,
                                      const eval::State& next);
  // Looks only at what reads a variable that differs from `known`, which satisfies all; null: at all.
  std::optional<std::string> BrokenInvariant(const eval::State& state, const eval::State* known);
  std::optional<std::string> BrokenProperty(const eval::State& state, const eval::State& next);
  [[nodiscard]] static bool IsKnown(const KnownStep& known, const eval::State& state, const eval::State& next);
  void WarnOfError(const EventReference& where);
  void Violate(const observe::ObservedStep& step, const EventReference& where, bool is_stutter);
  Explanation ExplainCandidate(const eval::State& state, const observe::ObservedStep& step, bool is_stutter);
  void ExplainMiss(const eval::State& state, const observe::ObservedStep& step, Explanation& explanation);
  void AddWriters(Explanation& explanation);
  class Repairs;
  // Does the state explain the step? An error is left in step_error_. Judged, and counted nowhere.
  bool Accepts(const eval::State& state, const observe::ObservedStep& step, bool is_stutter);
  void Probe(const observe::ObservedStep& step, bool is_stutter);
  void TryRepairs(const observe::ObservedStep& step, const EventReference& where, bool is_stutter);
  void Fail(observe::BadInput error, const EventReference& where);
  void FailAtLimit(std::string name, std::uint64_t value, std::string option, const EventReference& where);
  void FailWithError(const EventReference& where);
  void Count(const observe::Observation& observation);
  void NoteTriviality(const eval::State& state);
  void AddVacuity();

  std::shared_ptr<const program::Program> program_;
  std::unique_ptr<eval::Evaluator> evaluator_;
  std::unique_ptr<Guards> guards_;  // null: the concrete search alone
  observe::Observer observer_;
  std::vector<program::PredicatePart> invariant_parts_;
  std::vector<resolve::ExprId> parts_to_judge_;  // of the state being judged; kept for its memory
  std::vector<std::size_t> invariant_of_part_;
  std::vector<KnownStep> known_steps_;  // by action property
  Budget budget_;
  std::vector<std::unique_ptr<program::ClaimPaths>> hidden_paths_;  // by hidden action
  std::vector<eval::ClaimedAction> hidden_claims_;
  Frontier frontier_;
  PreviousStep previous_;
  std::optional<SensitivityProbe> probe_;
  Writers writers_;
  CheckResult result_;
  bool is_started_ = false;
  bool is_final_ = false;
  bool has_observed_ = false;
  std::optional<eval::EvalError> step_error_;    // an error on some way of the present step
  std::optional<LimitReached> lost_;             // completeness was lost: death proves nothing
  EventReference present_;                       // the event being looked at
  std::optional<observe::Mismatch> impossible_;  // a path into a value without parts
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> cut_;
  // Fields that no check reads, in the order of their names, and whether an event had them.
  enum UnreadField : std::uint8_t { kGroup, kHybridNs, kOperation, kOutcome, kTrueNs, kWallNs, kUnreadCount };
  std::array<bool, kUnreadCount> is_unread_present_ = {};
  std::vector<bool> antecedent_met_;  // by invariant
  resolve::DefinitionId taken_;       // the action of the first candidate of the present step
  bool is_break_seen_ = false;        // a candidate of the present step broke check 6 or 7
};

}  // namespace kelpie::refine
