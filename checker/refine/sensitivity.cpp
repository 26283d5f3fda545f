#include "checker/refine/sensitivity.h"

#include <algorithm>

#include "checker/eval/value_order.h"
#include "checker/refine/checker.h"
#include "trace/value/event_names.h"

namespace kelpie::refine {

using eval::Value;
using eval::ValueKind;
using observe::Fact;
using observe::ObservedStep;

namespace {

constexpr std::size_t kDepthMax = 6;    // of records in records
constexpr std::size_t kOthersMax = 16;  // names kept of a place

// The place without its arguments: leases[_].token.
std::string PlaceName(const program::Program& program, const observe::StatePath& path) {
  std::string name = program.spec->variables[path.slot].name;
  for (const Value& step : path.steps) {
    const bool is_field = step.kind() == ValueKind::kString;
    name += is_field ? "." + std::string(step.symbol().text()) : std::string("[_]");
  }
  return name;
}

}  // namespace

SensitivityProbe::Place* SensitivityProbe::Due(const std::string& name) {
  Place& place = places_[name];
  place.count.place = name;
  if (++place.sights < place.next) return nullptr;
  constexpr std::uint64_t kSpread = 16;
  place.next = place.sights + 1 + place.sights / kSpread;
  return &place;
}

void SensitivityProbe::Ask(Place& place, const Judge& judge, const ObservedStep& altered) {
  ++place.count.tried;
  switch (judge(altered)) {
    case Answer::kAccepted: break;
    case Answer::kRejected: ++place.count.rejected; break;
    case Answer::kUndecided: ++place.count.undecided; break;
  }
}

// `rebuild` puts a value in the place of this one.
void SensitivityProbe::Alter(const Value& value, const std::string& name, std::size_t depth, const Judge& judge,
                             const std::function<ObservedStep(const Value&)>& rebuild) {
  if (depth > kDepthMax) return;
  if (value.is_function() && value.size() > 0) {
    // Every field of a record, one entry of any other function.
    const bool is_record = value.is_record();
    const std::size_t first = is_record ? 0 : places_[name].sights++ % value.size();
    for (std::size_t i = first; i < (is_record ? value.size() : first + 1); ++i) {
      const std::string field = is_record ? "." + std::string(value.Key(i).symbol().text()) : std::string("[_]");
      Alter(value.items()[i], name + field, depth + 1, judge,
            [&](const Value& part) { return rebuild(value.WithItem(i, part)); });
    }
    return;
  }
  Place* place = Due(name);
  switch (value.kind()) {
    case ValueKind::kBool:
      if (place != nullptr) Ask(*place, judge, rebuild(Value::Bool(!value.as_bool())));
      return;
    case ValueKind::kInt:
      if (place == nullptr) return;
      Ask(*place, judge, rebuild(Value::Int(value.as_int() + (place->sights % 2 == 0 ? 1 : -1))));
      return;
    case ValueKind::kString:
    case ValueKind::kModelValue: {
      std::vector<Value>& others = places_[name].others;
      const bool is_known =
          std::any_of(others.begin(), others.end(), [&](const Value& other) { return eval::Same(other, value); });
      if (!is_known && others.size() < kOthersMax) others.push_back(value);
      if (place == nullptr) return;
      for (std::size_t i = 0; i < others.size(); ++i) {
        const Value& other = others[(place->sights + i) % others.size()];
        if (!eval::Same(other, value)) return Ask(*place, judge, rebuild(other));
      }
      return;
    }
    case ValueKind::kSet:
      if (place == nullptr || value.size() == 0) return;
      return Ask(*place, judge, rebuild(value.WithoutElement(value.items()[place->sights % value.size()])));
    default: return;
  }
}

void SensitivityProbe::Try(const ObservedStep& step, const Judge& judge) {
  if (step.action) {
    const auto& parameters = program_.spec->definition(step.action->paths->definition).parameters;
    const auto name_of = [&](const std::string& name) { return "argument " + name + " of " + step.action_name; };
    for (std::size_t i = 0; i < step.action->parameters.size(); ++i) {
      if (!step.action->parameters[i]) continue;
      Alter(*step.action->parameters[i], name_of(parameters[i].name), 0, judge, [&](const Value& value) {
        ObservedStep altered = step;
        altered.action->parameters[i] = value;
        return altered;
      });
    }
    for (std::size_t i = 0; i < step.action->bound.size(); ++i) {
      Alter(step.action->bound[i].second, name_of(step.action->bound[i].first), 0, judge, [&](const Value& value) {
        ObservedStep altered = step;
        altered.action->bound[i].second = value;
        return altered;
      });
    }
  }
  const auto alter_facts = [&](std::vector<Fact> ObservedStep::*facts, const char* prefix) {
    for (std::size_t i = 0; i < (step.*facts).size(); ++i) {
      const Fact& fact = (step.*facts)[i];
      if (!fact.pattern.is_exact()) continue;
      std::string name = prefix + PlaceName(program_, fact.path);
      if (fact.op != trace::UpdateOp::kSet) name += std::string(" (") + std::string(trace::NameOf(fact.op)) + ")";
      Alter(fact.pattern.value(), name, 0, judge, [&](const Value& value) {
        ObservedStep altered = step;
        (altered.*facts)[i].pattern = observe::Pattern::Exact(value);
        return altered;
      });
    }
  };
  alter_facts(&ObservedStep::reads, "read of ");
  alter_facts(&ObservedStep::updates, "");
}

std::vector<SensitivityCount> SensitivityProbe::Counts() const {
  std::vector<SensitivityCount> counts;
  for (const auto& [name, place] : places_) {
    if (place.count.tried > 0) counts.push_back(place.count);
  }
  return counts;
}

bool Checker::Accepts(const eval::State& state, const ObservedStep& step, bool is_stutter) {
  if (observe::FirstReadMismatch(step.reads, state)) return false;
  if (is_stutter) return !observe::FirstUpdateMismatch(step, state, state);
  const auto pinned = observe::PinnedValues(step, program_->spec->variables.size());
  eval::SuccessorRequest request;
  request.claim = step.action ? &*step.action : nullptr;
  request.pinned = &pinned;
  bool is_accepted = false;
  const auto status = evaluator_->Successors(state, request, [&](const eval::Successor& successor) {
    is_accepted = !JudgeSuccessor(state, step, successor.state) && !step_error_;
    return !is_accepted;
  });
  if (status && !is_accepted) step_error_ = status;
  return is_accepted;
}

void Checker::Probe(const ObservedStep& step, bool is_stutter) {
  if (!probe_) return;
  const std::vector<bool> antecedent_met = antecedent_met_;
  const std::optional<eval::EvalError> step_error = step_error_;
  probe_->Try(step, [&](const ObservedStep& altered) {
    bool is_undecided = false;
    for (const Candidate& candidate : frontier_) {
      step_error_.reset();
      if (Accepts(candidate.state, altered, is_stutter)) return SensitivityProbe::Answer::kAccepted;
      is_undecided |= step_error_.has_value();
    }
    return is_undecided ? SensitivityProbe::Answer::kUndecided : SensitivityProbe::Answer::kRejected;
  });
  antecedent_met_ = antecedent_met;
  step_error_ = step_error;
}

}  // namespace kelpie::refine
