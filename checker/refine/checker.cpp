#include "checker/refine/checker.h"

#include <algorithm>
#include <utility>

namespace kelpie::refine {

using eval::State;
using eval::Value;
using observe::ObservedStep;

const char* NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kConforms: return "conforms";
    case Verdict::kViolates: return "violates";
    case Verdict::kInconclusive: return "inconclusive";
    case Verdict::kEvaluation: return "evaluation";
    case Verdict::kBadInput: return "bad_input";
  }
  return "?";
}

namespace {

std::string ShortText(const trace::Value& value) {
  using Kind = trace::ValueKind;
  switch (value.kind()) {
    case Kind::kBool: return value.as_bool() ? "TRUE" : "FALSE";
    case Kind::kInt: return std::to_string(value.as_int());
    case Kind::kString: return '"' + value.text() + '"';
    case Kind::kBigInt:
    case Kind::kModelValue: return value.text();
    case Kind::kUnknown: return "?";
    default: return "...";
  }
}

}  // namespace

Checker::Checker(std::shared_ptr<const program::Program> program, const trace::Header& header,
                 eval::ConstantValues constants, Budget budget, eval::EvalOptions options, GuardOptions guards)
    : program_(program),
      evaluator_(std::make_unique<eval::Evaluator>(program, constants, options)),
      observer_(program, header),
      invariant_parts_(program::SplitInvariants(*program)),
      budget_(budget),
      writers_(program->spec->variables.size()) {
  if (guards.engine != GuardEngine::kConcrete) {
    guards_ = std::make_unique<Guards>(program, constants, *evaluator_, guards, options.limits);
  }
  for (program::PredicatePart& part : program::PropertyActions(*program_)) {
    known_steps_.push_back({std::move(part), {}, {}});
  }
  result_.spec = program_->spec->name;
  antecedent_met_.assign(program_->invariants.size(), false);
  if (budget_.is_sensitivity_wanted) probe_.emplace(*program_);
  for (const auto& action : program_->actions) {
    if (action.is_leaf) result_.coverage.emplace(action.name, 0);
  }
  PrepareHidden();
}

void Checker::Fail(observe::BadInput error, const EventReference& where) {
  result_.verdict = Verdict::kBadInput;
  result_.check = Check::kWellFormed;
  result_.bad_input = std::move(error);
  result_.failed_at = where;
  is_final_ = true;
}

void Checker::FailAtLimit(std::string name, std::uint64_t value, std::string option, const EventReference& where) {
  result_.verdict = Verdict::kInconclusive;
  result_.is_complete = false;
  result_.limit = LimitReached{std::move(name), value, std::move(option)};
  result_.failed_at = where;
  is_final_ = true;
}

void Checker::FailWithError(const EventReference& where) {
  result_.verdict = Verdict::kEvaluation;
  result_.is_complete = false;
  result_.error = step_error_;
  result_.failed_at = where;
  is_final_ = true;
}

// What the event claims, as its reference shows it.
void Checker::DescribeClaim(const trace::Event& event, EventReference& where) const {
  for (const trace::Claim& claim : event.claims) {
    if (!claim.spec.empty() && claim.spec != program_->spec->name) continue;
    where.action = claim.action;
    where.arguments.clear();
    for (const auto& [name, value] : claim.args.named) where.arguments.emplace_back(name, ShortText(value));
    for (std::size_t i = 0; i < claim.args.positional.size(); ++i) {
      where.arguments.emplace_back(std::to_string(i + 1), ShortText(claim.args.positional[i]));
    }
  }
}

bool Checker::Feed(const trace::Event& event, const EventReference& where) {
  if (is_final_) return false;
  const bool goes_on = FeedEvent(event, where);
  if (result_.failed_at && result_.failed_at->index == where.index) DescribeClaim(event, *result_.failed_at);
  return goes_on;
}

bool Checker::FeedEvent(const trace::Event& event, const EventReference& where) {
  is_unread_present_[kGroup] |= !event.group.empty();
  is_unread_present_[kHybridNs] |= event.hybrid_ns.has_value();
  is_unread_present_[kOperation] |= !event.operation.empty();
  is_unread_present_[kOutcome] |= event.outcome.has_value();
  is_unread_present_[kTrueNs] |= event.true_ns.has_value();
  is_unread_present_[kWallNs] |= event.wall_ns.has_value();
  auto observation = observer_.Observe(event);
  if (!observation.ok()) {
    Fail(observation.error(), where);
    return false;
  }
  if (event.kind == trace::EventKind::kLost) {
    FailAtLimit("lost events", event.lost_count.value_or(0), "a trace without losses", where);
    return false;
  }
  if (!observation.value().is_seen) {
    ++result_.ignored_count;
  } else {
    ++result_.event_count;
    Advance(std::move(observation.value()), where);
  }
  if (!is_final_) cut_[where.id.node] = {where.id.incarnation, where.id.seq};
  return !is_final_;
}

// --- the frontier

void Checker::Start(const ObservedStep* initial) {
  is_started_ = true;
  const EventReference nowhere;
  std::vector<std::optional<Value>> pinned;
  eval::SuccessorRequest request;
  if (initial != nullptr) {
    pinned = observe::PinnedValues(*initial, program_->spec->variables.size());
    request.pinned = &pinned;
  }
  std::optional<std::string> broken;
  bool is_over = false;
  const auto status = evaluator_->InitialStates(
      [&](const State& state) {
        const bool agrees = initial == nullptr || (!observe::FirstReadMismatch(initial->reads, state) &&
                                                   !observe::FirstUpdateMismatch(*initial, state, state));
        if (!agrees) return true;
        if (auto name = BrokenInvariant(state, nullptr)) {
          broken = std::move(name);
          return true;
        }
        frontier_.push_back({state, nullptr});
        is_over = frontier_.size() > budget_.frontier_max;
        return !is_over;
      },
      request);
  if (is_over) {
    FailAtLimit("max-frontier", budget_.frontier_max, "--max-frontier", nowhere);
    return;
  }
  MergeEqual(frontier_);
  if (status) step_error_ = status;
  if (frontier_.empty() && step_error_) {
    FailWithError(nowhere);
  } else if (frontier_.empty()) {
    result_.verdict = Verdict::kViolates;
    Explanation explanation;
    explanation.check = broken ? Check::kInvariant : Check::kCompletion;
    explanation.name = broken.value_or("");
    explanation.remark = broken ? "every initial state breaks it" : "no initial state of the spec agrees";
    result_.check = explanation.check;
    result_.explanations.push_back(std::move(explanation));
    is_final_ = true;
  }
  result_.frontier_max = std::max<std::uint64_t>(result_.frontier_max, frontier_.size());
  step_error_.reset();
}

void Checker::Advance(observe::Observation observation, const EventReference& where) {
  if (observation.kind == trace::EventKind::kInit) {
    if (is_started_) {
      Fail({"late-init", "an init event comes after the first step or observation", "", "", ""}, where);
      return;
    }
    Start(&observation.steps.front());
    if (is_final_) result_.failed_at = where;
    Count(observation);
    return;
  }
  if (!is_started_) {
    Start(nullptr);
    if (is_final_) {
      if (!result_.failed_at || result_.failed_at->index == 0) result_.failed_at = where;
      return;
    }
  }
  step_error_.reset();
  const bool is_one_step = observation.kind == trace::EventKind::kStep && observation.steps.size() == 1;
  if (!is_one_step) previous_.index = 0;
  TakeHidden(where);
  if (is_final_) return;
  for (const ObservedStep& step : observation.steps) {
    if (observation.kind == trace::EventKind::kObserve) {
      Stutter(step, where);
    } else if (!step.is_disjunct) {
      result_.verdict = Verdict::kViolates;
      result_.check = Check::kDisjunct;
      result_.failed_at = where;
      Explanation explanation;
      explanation.check = Check::kDisjunct;
      explanation.action = step.action_name;
      explanation.span = program_->spec->definition(*program_->spec->FindDefinition(step.action_name)).name_span;
      explanation.remark = step.action_name + " is defined, but Next has no disjunct of that name";
      result_.explanations.push_back(std::move(explanation));
      is_final_ = true;
    } else {
      Step(step, where);
    }
    if (is_final_) return;
  }
  Count(observation);
  if (!is_one_step) return;
  previous_.index = where.index;
  previous_.step = std::move(observation.steps.front());
}

std::shared_ptr<const Writing> Checker::WritingOf(const ObservedStep& step, const EventReference& where) const {
  auto writing = std::make_shared<Writing>();
  writing->event = where;
  writing->event.action = step.action_name;
  if (!step.action) return writing;
  const auto& parameters = program_->spec->definition(step.action->paths->definition).parameters;
  for (std::size_t i = 0; i < step.action->parameters.size(); ++i) {
    if (step.action->parameters[i]) writing->arguments.emplace_back(parameters[i].name, *step.action->parameters[i]);
  }
  for (const auto& [name, value] : step.action->bound) writing->arguments.emplace_back(name, value);
  return writing;
}

bool Checker::Step(const ObservedStep& step, const EventReference& where) {
  Probe(step, false);
  const auto pinned = observe::PinnedValues(step, program_->spec->variables.size());
  Frontier next;
  impossible_.reset();
  is_break_seen_ = false;
  taken_ = {};
  present_ = where;
  const Candidate* first = nullptr;  // that leads to the first of the next ones
  for (const Candidate& candidate : frontier_) {
    const std::size_t known = next.size();
    ExpandCandidate(candidate.state, step, pinned, next);
    for (std::size_t i = known; i < next.size(); ++i) next[i].hidden = candidate.hidden;
    if (known == 0 && !next.empty()) first = &candidate;
    if (next.size() > budget_.frontier_max) MergeEqual(next);
    if (next.size() > budget_.frontier_max) {
      FailAtLimit("max-frontier", budget_.frontier_max, "--max-frontier", where);
      return false;
    }
  }
  if (next.empty() && impossible_) {
    Fail({"impossible-path", "a path leads into a value that has no parts",
          observe::PathText(*program_, impossible_->path), "a path through functions, records and sequences", ""},
         where);
    return false;
  }
  if (next.empty() && step_error_) {
    FailWithError(where);
    return false;
  }
  if (next.empty() && lost_) {
    FailAtLimit(lost_->name, lost_->value, lost_->option, where);
    return false;
  }
  if (next.empty()) {
    Violate(step, where, false);
    return false;
  }
  WarnOfError(where);
  if (is_break_seen_) {
    result_.warnings.push_back("event " + std::to_string(where.index) +
                               ": the spec itself reaches a state or step here that breaks an invariant or property");
  }
  MergeEqual(next);
  if (taken_.is_valid()) ++result_.coverage[program_->spec->definition(taken_).name];
  if (first != nullptr) NoteHiddenWriting(*first, where);
  writers_.Note((first != nullptr ? *first : frontier_.front()).state, next.front().state, WritingOf(step, where));
  previous_.frontier = std::exchange(frontier_, std::move(next));
  result_.frontier_max = std::max<std::uint64_t>(result_.frontier_max, frontier_.size());
  return true;
}

// Of a way that was not needed.
void Checker::WarnOfError(const EventReference& where) {
  if (!step_error_) return;
  result_.warnings.push_back("event " + std::to_string(where.index) +
                             ": a way that was not needed ends in an error: " + step_error_->message);
  step_error_.reset();
}

void Checker::Stutter(const ObservedStep& step, const EventReference& where) {
  Probe(step, true);
  Frontier next;
  for (const Candidate& candidate : frontier_) {
    const State& state = candidate.state;
    const bool agrees =
        !observe::FirstReadMismatch(step.reads, state) && !observe::FirstUpdateMismatch(step, state, state);
    if (agrees) next.push_back(candidate);
  }
  present_ = where;
  if (next.empty() && step_error_) return FailWithError(where);
  if (next.empty() && lost_) return FailAtLimit(lost_->name, lost_->value, lost_->option, where);
  if (next.empty()) {
    Violate(step, where, true);
    return;
  }
  WarnOfError(where);
  frontier_ = std::move(next);
}

void Checker::ExpandCandidate(const State& state, const ObservedStep& step,
                              const std::vector<std::optional<Value>>& pinned, Frontier& next) {
  if (const auto mismatch = observe::FirstReadMismatch(step.reads, state)) {
    if (mismatch->is_impossible) impossible_ = mismatch;
    return;
  }
  if (guards_ && guards_->engine() == GuardEngine::kZ3) return SolveCandidate(state, step, pinned, next);
  if (guards_) CompareEngines(state, step, pinned);
  eval::SuccessorRequest request;
  request.claim = step.action ? &*step.action : nullptr;
  request.pinned = &pinned;
  const auto visit = [&](const eval::Successor& successor) {
    const auto failed = JudgeSuccessor(state, step, successor.state);
    if (!failed && next.empty()) taken_ = successor.definition;
    if (!failed) next.push_back({successor.state, nullptr});
    is_break_seen_ = is_break_seen_ || (failed && *failed >= Check::kInvariant);
    return next.size() <= 2 * budget_.frontier_max;
  };
  const std::size_t found_before = next.size();
  auto status = evaluator_->Successors(state, request, visit);
  // An error that only a pushed-in value provoked is none: text order decides.
  const bool is_any_pinned =
      std::any_of(pinned.begin(), pinned.end(), [](const auto& value) { return value.has_value(); });
  if (status && is_any_pinned) {
    next.resize(found_before);
    request.pinned = nullptr;
    const auto unpinned = evaluator_->Successors(state, request, visit);
    if (!unpinned) status = std::nullopt;
  }
  if (status) step_error_ = status;
}

void Checker::Count(const observe::Observation& observation) {
  for (const ObservedStep& step : observation.steps) {
    has_observed_ = has_observed_ || step.action || !step.reads.empty() || !step.updates.empty();
  }
}

// --- the end

void Checker::AddVacuity() {
  static constexpr const char* kNames[kUnreadCount] = {"group",   "hybrid_ns", "operation",
                                                       "outcome", "true_ns",   "wall_ns"};
  for (std::size_t field = 0; field < kUnreadCount; ++field) {
    if (is_unread_present_[field]) result_.vacuity.unread_fields.emplace_back(kNames[field]);
  }
  for (const auto& [action, count] : result_.coverage) {
    if (count == 0) result_.vacuity.never_taken.push_back(action);
  }
  if (result_.event_count == 0) return;
  for (std::size_t i = 0; i < program_->invariants.size(); ++i) {
    if (!antecedent_met_[i]) result_.vacuity.trivial_invariants.push_back(program_->invariants[i].name);
  }
}

CheckResult Checker::Finish() {
  if (!is_final_ && !is_started_ && result_.event_count > 0) Start(nullptr);
  if (!is_final_ && result_.event_count == 0) {
    Fail({"no-event", "the spec " + program_->spec->name + " sees none of the trace's events", "",
          "events whose claims name " + program_->spec->name, "check the claims' `spec`"},
         {});
    result_.failed_at.reset();
  } else if (!is_final_ && !has_observed_) {
    Fail({"nothing-observed", "no variable, action or argument of " + program_->spec->name + " is ever observed", "",
          "at least one action name or update", ""},
         {});
    result_.failed_at.reset();
  }
  if (result_.verdict == Verdict::kConforms) ReportHidden();
  is_final_ = true;
  result_.cut = cut_;
  if (guards_) result_.solver = guards_->counts();
  if (probe_) result_.sensitivity = probe_->Counts();
  AddVacuity();
  return result_;
}

}  // namespace kelpie::refine
