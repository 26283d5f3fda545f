#include "checker/report/json.h"

#include <algorithm>

#include "checker/report/json_search.h"

namespace kelpie::report {

using eval::Value;
using eval::ValueKind;

int ExitOf(refine::Verdict verdict) {
  switch (verdict) {
    case refine::Verdict::kConforms: return 0;
    case refine::Verdict::kViolates: return 1;
    case refine::Verdict::kInconclusive: return 2;
    default: return 3;
  }
}

int ExitOf(explore::Outcome outcome) {
  switch (outcome) {
    case explore::Outcome::kOk: return 0;
    case explore::Outcome::kLimit: return 2;
    case explore::Outcome::kEvaluation: return 3;
    default: return 1;
  }
}

int WorstExit(const std::vector<int>& exits) {
  for (const int exit : {70, 1, 3, 2}) {
    if (std::find(exits.begin(), exits.end(), exit) != exits.end()) return exit;
  }
  return 0;
}

Json ToItf(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kBool: return value.as_bool();
    case ValueKind::kInt: return value.as_int();
    case ValueKind::kString: return value.symbol().text();
    case ValueKind::kModelValue: return Json{{"#model", value.symbol().text()}};
    case ValueKind::kSet: {
      Json items = Json::array();
      for (const Value& item : value.items()) items.push_back(ToItf(item));
      return Json{{"#set", std::move(items)}};
    }
    case ValueKind::kSequence: {
      Json items = Json::array();
      for (const Value& item : value.items()) items.push_back(ToItf(item));
      return items;
    }
    case ValueKind::kFunction: break;
    case ValueKind::kLazy:
    case ValueKind::kUnset: return nullptr;  // never part of a state
  }
  bool is_object = value.is_record();
  for (std::size_t i = 0; i < value.size() && is_object; ++i) {
    is_object = value.Key(i).symbol().text().rfind('#', 0) != 0;  // would read as a tag
  }
  if (is_object) {
    Json object = Json::object();
    for (std::size_t i = 0; i < value.size(); ++i) object[value.Key(i).symbol().text()] = ToItf(value.items()[i]);
    return object;
  }
  Json entries = Json::array();
  for (std::size_t i = 0; i < value.size(); ++i) {
    entries.push_back(Json::array({ToItf(value.Key(i)), ToItf(value.items()[i])}));
  }
  return Json{{"#map", std::move(entries)}};
}

Json ToJson(const tla::Place& place) {
  if (place.line == 0) return nullptr;
  return Json{{"file", place.file},
              {"line", place.line},
              {"column", place.column},
              {"end_line", place.end_line},
              {"end_column", place.end_column}};
}

namespace {

Json PlaceOrNull(const tla::SourceMap& sources, const tla::Span& span) {
  if (!span.is_known()) return nullptr;
  return ToJson(sources.PlaceOf(span));
}

Json TextOrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json ErrorDiagnostic(const eval::EvalError& error, const tla::SourceMap& sources) {
  Json frames = Json::array();
  for (const auto& frame : error.frames) {
    frames.push_back({{"operator", frame.operator_name}, {"place", PlaceOrNull(sources, frame.span)}});
  }
  return Json{{"code", std::string("evaluation-") + eval::NameOf(error.kind)},
              {"severity", "error"},
              {"place", PlaceOrNull(sources, error.span)},
              {"message", error.message},
              {"found", nullptr},
              {"expected", nullptr},
              {"hint", TextOrNull(error.hint)},
              {"frames", std::move(frames)}};
}

Json BadInputDiagnostic(const CheckCase& c) {
  const observe::BadInput& bad = *c.result.bad_input;
  Json place = nullptr;
  if (c.result.failed_at && !c.result.failed_at->file.empty()) {
    const auto line = c.result.failed_at->line;
    place =
        Json{{"file", c.result.failed_at->file}, {"line", line}, {"column", 1}, {"end_line", line}, {"end_column", 1}};
  }
  return Json{{"code", bad.code},
              {"severity", "error"},
              {"place", std::move(place)},
              {"message", bad.message},
              {"found", TextOrNull(bad.found)},
              {"expected", TextOrNull(bad.expected)},
              {"hint", TextOrNull(bad.hint)}};
}

Json EventToJson(const std::optional<refine::EventReference>& event) {
  if (!event || event->id.seq == 0) return nullptr;
  return Json{{"node", event->id.node},
              {"incarnation", event->id.incarnation},
              {"seq", event->id.seq},
              {"file", event->file},
              {"offset", event->offset}};
}

const char* TruthText(eval::ConjunctValue::Truth truth) {
  return truth == eval::ConjunctValue::Truth::kError ? "error" : "unknown";
}

// Is the conjunct one of those that cannot hold together? Null when the solver was not asked.
Json CoreMark(const refine::Explanation& explanation, resolve::ExprId expr) {
  if (!explanation.has_core) return nullptr;
  return std::find(explanation.core.begin(), explanation.core.end(), expr) != explanation.core.end();
}

Json ConjunctToJson(const eval::ConjunctValue& conjunct, const refine::Explanation& explanation, const CheckCase& c) {
  using Truth = eval::ConjunctValue::Truth;
  const auto& span = c.program->expr(conjunct.expr).span;
  Json bindings = Json::object();
  for (const auto& part : conjunct.parts) bindings[std::string(c.sources->TextOf(part.span))] = ToItf(part.value);
  Json value = TruthText(conjunct.truth);
  if (conjunct.truth == Truth::kTrue || conjunct.truth == Truth::kFalse) value = conjunct.truth == Truth::kTrue;
  Json causes = Json::array();
  for (const auto& cause : conjunct.causes) {
    const auto& cause_span = c.program->expr(cause.expr).span;
    Json values = Json::object();
    for (const auto& part : cause.parts) values[std::string(c.sources->TextOf(part.span))] = ToItf(part.value);
    causes.push_back({{"text", c.sources->TextOf(cause_span)},
                      {"place", PlaceOrNull(*c.sources, cause_span)},
                      {"bindings", std::move(values)}});
  }
  return Json{{"text", c.sources->TextOf(span)}, {"place", PlaceOrNull(*c.sources, span)},
              {"value", std::move(value)},       {"core", CoreMark(explanation, conjunct.expr)},
              {"bindings", std::move(bindings)}, {"causes", std::move(causes)}};
}

Json ExplanationToJson(const refine::Explanation& explanation, const CheckCase& c) {
  Json conjuncts = Json::array();
  for (const auto& conjunct : explanation.conjuncts) conjuncts.push_back(ConjunctToJson(conjunct, explanation, c));
  // An effect that disagrees is a conjunct that is false of the observed step.
  if (explanation.clause.is_known() && explanation.conjuncts.empty()) {
    conjuncts.push_back({{"text", c.sources->TextOf(explanation.clause)},
                         {"place", PlaceOrNull(*c.sources, explanation.clause)},
                         {"value", false},
                         {"core", nullptr},
                         {"bindings", Json::object()},
                         {"causes", Json::array()}});
  }
  Json args = Json::object();
  for (const auto& [name, value] : explanation.arguments) args[name] = ToItf(value);
  Json expected = Json::object();
  Json found = Json::object();
  if (explanation.mismatch) {
    const std::string path = observe::PathText(*c.program, explanation.mismatch->path);
    expected[path] = explanation.mismatch->expected ? ToItf(*explanation.mismatch->expected) : Json(nullptr);
    found[path] = explanation.mismatch->found_value ? ToItf(*explanation.mismatch->found_value)
                                                    : Json(explanation.mismatch->found);
  }
  Json writers = Json::object();
  for (const auto& writer : explanation.written_by) {
    Json event = EventToJson(writer.event);
    if (!event.is_null()) {
      event["index"] = writer.event.index;
      event["action"] = TextOrNull(writer.event.action);
    }
    writers[writer.location] = std::move(event);
  }
  Json core = nullptr;
  if (explanation.has_core) core = Json::array();
  for (const auto expr : explanation.core) {
    const auto& span = c.program->expr(expr).span;
    core.push_back({{"text", c.sources->TextOf(span)}, {"place", PlaceOrNull(*c.sources, span)}});
  }
  return Json{{"action", TextOrNull(explanation.action)},
              {"core", std::move(core)},
              {"core_has_observation", explanation.has_core ? Json(explanation.core_has_observation) : Json(nullptr)},
              {"args", std::move(args)},
              {"place", PlaceOrNull(*c.sources, explanation.span)},
              {"check", static_cast<int>(explanation.check)},
              {"name", TextOrNull(explanation.name)},
              {"conjuncts", std::move(conjuncts)},
              {"expected", std::move(expected)},
              {"found", std::move(found)},
              {"written_by", std::move(writers)},
              {"repairs", &explanation == &c.result.explanations.front() ? RepairsToJson(c.result) : Json::array()},
              {"remark", TextOrNull(explanation.remark)}};
}

Json CaseToJson(const CheckCase& c) {
  const refine::CheckResult& r = c.result;
  Json cut = Json::object();
  for (const auto& [node, position] : r.cut) cut[node] = Json::array({position.first, position.second});
  Json limit = nullptr;
  if (r.limit) limit = Json{{"name", r.limit->name}, {"value", r.limit->value}, {"option", r.limit->option}};
  Json explanations = Json::array();
  for (const auto& explanation : r.explanations) explanations.push_back(ExplanationToJson(explanation, c));
  Json diagnostics = Json::array();
  for (const auto& diagnostic : c.diagnostics) diagnostics.push_back(ToJson(diagnostic, *c.sources));
  if (r.error) diagnostics.push_back(ErrorDiagnostic(*r.error, *c.sources));
  if (r.bad_input) diagnostics.push_back(BadInputDiagnostic(c));
  for (const std::string& warning : r.warnings) {
    diagnostics.push_back({{"code", "warning"},
                           {"severity", "warning"},
                           {"place", nullptr},
                           {"message", warning},
                           {"found", nullptr},
                           {"expected", nullptr},
                           {"hint", nullptr}});
  }
  return Json{{"trace", c.trace},
              {"spec", r.spec},
              {"verdict", refine::NameOf(r.verdict)},
              {"complete", r.is_complete},
              {"start", "init"},
              {"events", r.event_count},
              {"ignored", r.ignored_count},
              {"failed_at", r.failed_at && r.failed_at->index > 0 ? Json(r.failed_at->index) : Json(nullptr)},
              {"event", EventToJson(r.failed_at)},
              {"cut", std::move(cut)},
              {"check", r.check ? Json(static_cast<int>(*r.check)) : Json(nullptr)},
              {"limit", std::move(limit)},
              {"explanations", std::move(explanations)},
              {"vacuity", Json{{"unread_fields", r.vacuity.unread_fields},
                               {"never_taken", r.vacuity.never_taken},
                               {"trivial_invariants", r.vacuity.trivial_invariants}}},
              {"coverage", r.coverage},
              {"frontier_max", r.frontier_max},
              {"hidden_steps", HiddenCount(r)},
              {"hidden", HiddenToJson(r)},
              {"sensitivity", SensitivityToJson(r)},
              {"solver", Json{{"queries", r.solver.queries}, {"unknown", r.solver.unknown}, {"ms", r.solver.ms}}},
              {"config_ignored", r.config_ignored},
              {"digest_match", r.digest_match ? Json(*r.digest_match) : Json(nullptr)},
              {"seconds", c.seconds},
              {"diagnostics", std::move(diagnostics)}};
}

}  // namespace

Json ToJson(const tla::Diagnostic& diagnostic, const tla::SourceMap& sources) {
  return Json{{"code", tla::CodeOf(diagnostic.kind)},
              {"severity", diagnostic.severity == tla::Severity::kError ? "error" : "warning"},
              {"place", PlaceOrNull(sources, diagnostic.span)},
              {"message", diagnostic.message},
              {"found", TextOrNull(diagnostic.found)},
              {"expected", TextOrNull(diagnostic.expected)},
              {"hint", TextOrNull(diagnostic.hint)}};
}

Json CheckToJson(const std::vector<CheckCase>& cases) {
  std::vector<int> exits;
  for (const CheckCase& c : cases) exits.push_back(ExitOf(c.result.verdict));
  const int exit = cases.empty() ? 3 : WorstExit(exits);
  const auto worst = std::find(exits.begin(), exits.end(), exit);
  Json checks = Json::array();
  for (const CheckCase& c : cases) checks.push_back(CaseToJson(c));
  Json root{{"format", "kelpie.check/1"},
            {"verdict", cases.empty()
                            ? "bad_input"
                            : refine::NameOf(cases[static_cast<std::size_t>(worst - exits.begin())].result.verdict)},
            {"exit", exit},
            {"checks", checks}};
  if (checks.size() == 1) {
    for (const auto& [key, value] : checks[0].items()) {
      if (key != "verdict") root[key] = value;
    }
  }
  return root;
}

namespace {

Json TraceToJson(const std::vector<explore::TraceState>& states, const program::Program& program,
                 const tla::SourceMap& sources) {
  Json trace = Json::array();
  for (std::size_t i = 0; i < states.size(); ++i) {
    const auto& entry = states[i];
    Json state = Json::object();
    for (std::size_t slot = 0; slot < entry.state.size(); ++slot) {
      state[program.spec->variables[slot].name] = ToItf(entry.state[slot]);
    }
    Json action = nullptr;
    if (entry.action && entry.action->definition.is_valid()) {
      Json args = Json::object();
      for (const auto& [name, value] : entry.action->arguments) args[name] = ToItf(value);
      action = Json{{"name", program.spec->definition(entry.action->definition).name},
                    {"args", std::move(args)},
                    {"place", PlaceOrNull(sources, entry.action->span)}};
    }
    trace.push_back({{"index", i + 1},
                     {"action", std::move(action)},
                     {"state", std::move(state)},
                     {"alias", entry.alias ? ToItf(*entry.alias) : Json(nullptr)}});
  }
  return trace;
}

}  // namespace

Json ExploreToJson(const explore::ExploreResult& result, const program::Program& program, const tla::SourceMap& sources,
                   double seconds, const std::vector<tla::Diagnostic>& diagnostics) {
  Json violations = Json::array();
  for (const explore::Violation& violation : result.violations) {
    violations.push_back({{"result", explore::NameOf(violation.outcome)},
                          {"violated", TextOrNull(violation.violated)},
                          {"count", violation.count},
                          {"trace", TraceToJson(violation.trace, program, sources)}});
  }
  Json remarks = Json::array();
  for (const auto& diagnostic : diagnostics) remarks.push_back(ToJson(diagnostic, sources));
  if (result.error) remarks.push_back(ErrorDiagnostic(*result.error, sources));
  Json actions = Json::array();
  for (const explore::ActionCount& action : result.actions) {
    actions.push_back(
        {{"name", action.name}, {"generated", action.generated_count}, {"distinct", action.distinct_count}});
  }
  Json conditions = Json::array();
  for (const eval::TruthCount& truth : result.truths) {
    conditions.push_back({{"place", PlaceOrNull(sources, program.expr(truth.expr).span)},
                          {"evaluated", truth.evaluated_count},
                          {"true", truth.held_count}});
  }
  Json limit = nullptr;
  if (!result.limit_name.empty()) {
    limit = Json{{"name", result.limit_name.substr(2)}, {"value", result.limit_value}, {"option", result.limit_name}};
  }
  return Json{{"format", "kelpie.explore/1"},
              {"result", explore::NameOf(result.outcome)},
              {"violated", TextOrNull(result.violated)},
              {"states_generated", result.generated_count},
              {"states_distinct", result.distinct_count},
              {"memory_bytes", result.memory_bytes},
              {"spilled_bytes", result.spilled_bytes},
              {"depth", result.depth},
              {"seconds", seconds},
              {"trace", TraceToJson(result.trace, program, sources)},
              {"loop_to", result.loop_to ? Json(*result.loop_to + 1) : Json(nullptr)},
              {"counts_partial", (result.outcome != explore::Outcome::kOk || result.is_stopped) && !result.is_complete},
              {"stopped", result.is_stopped},
              {"limit", std::move(limit)},
              {"violations", std::move(violations)},
              {"behaviors", result.behavior_count},
              {"seed", result.seed ? Json(*result.seed) : Json(nullptr)},
              {"actions", std::move(actions)},
              {"conditions", std::move(conditions)},
              {"properties_undecided", result.undecided},
              {"config_ignored", Json::array()},
              {"diagnostics", std::move(remarks)}};
}

}  // namespace kelpie::report
