#include "checker/report/junit.h"

#include <algorithm>
#include <cstdio>

#include "checker/report/text.h"
#include "checker/report/xml.h"

namespace kelpie::report {

namespace {

enum class CaseResult : std::uint8_t { kPassed, kFailed, kError, kSkipped };

struct TestCase {
  std::string class_name;
  std::string name;
  CaseResult result = CaseResult::kPassed;
  std::string type;     // of a failure or error
  std::string message;  // one line
  std::string text;     // all of it
  double seconds = 0;
};

std::string Decimal(double seconds) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.3f", seconds);
  return buffer;
}

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

void WriteCase(const TestCase& one, XmlWriter& xml) {
  xml.Open("testcase").Attribute("classname", one.class_name).Attribute("name", one.name);
  xml.Attribute("time", Decimal(one.seconds));
  switch (one.result) {
    case CaseResult::kPassed:
      if (!one.text.empty()) xml.Open("system-out").Text(one.text).Close();
      break;
    case CaseResult::kSkipped: xml.Open("skipped").Attribute("message", one.message).Close(); break;
    case CaseResult::kFailed:
    case CaseResult::kError:
      xml.Open(one.result == CaseResult::kFailed ? "failure" : "error").Attribute("type", one.type);
      xml.Attribute("message", one.message).Text(one.text).Close();
      break;
  }
  xml.Close();
}

std::string Write(const std::string& suite, const std::vector<TestCase>& cases, double seconds) {
  const auto count = [&cases](CaseResult result) {
    return std::to_string(
        std::count_if(cases.begin(), cases.end(), [result](const TestCase& one) { return one.result == result; }));
  };
  XmlWriter xml;
  for (const char* element : {"testsuites", "testsuite"}) {
    xml.Open(element).Attribute("name", suite).Attribute("tests", std::to_string(cases.size()));
    xml.Attribute("failures", count(CaseResult::kFailed)).Attribute("errors", count(CaseResult::kError));
    xml.Attribute("skipped", count(CaseResult::kSkipped)).Attribute("time", Decimal(seconds));
  }
  for (const TestCase& one : cases) WriteCase(one, xml);
  xml.Close().Close();
  return xml.text();
}

CaseResult ResultOf(refine::Verdict verdict) {
  switch (verdict) {
    case refine::Verdict::kConforms: return CaseResult::kPassed;
    case refine::Verdict::kViolates: return CaseResult::kFailed;
    case refine::Verdict::kInconclusive:
    case refine::Verdict::kEvaluation:
    case refine::Verdict::kBadInput: break;
  }
  return CaseResult::kError;
}

// What of an exploration is decided, one case each.
class Exploration {
 public:
  Exploration(const explore::ExploreResult& result, const program::Program& program, std::string text)
      : result_(result), class_name_(program.spec->name), text_(std::move(text)) {}

  // `is_decider`: its violation is this outcome. `name` is what a violation calls it.
  void Add(const std::string& title, explore::Outcome violation, const std::string& name) {
    using explore::Outcome;
    TestCase one{.class_name = class_name_, .name = title};
    const Outcome outcome = result_.outcome;
    // A postcondition is asked when everything else has held.
    const bool is_finished = outcome == Outcome::kOk || outcome == Outcome::kPostcondition;
    if (outcome == violation && (name.empty() || name == result_.violated)) {
      Fail(one);
    } else if (!is_finished) {
      one.result = CaseResult::kSkipped;
      one.message = "not decided: the exploration ended before (" + std::string(explore::NameOf(outcome)) + ")";
    }
    cases_.push_back(std::move(one));
  }

  void AddUndecided(const std::string& title) {
    cases_.push_back({.class_name = class_name_,
                      .name = title,
                      .result = CaseResult::kSkipped,
                      .message = "a liveness property is not decided by this version"});
  }

  // The exploration as a whole stands for every outcome that no other case took.
  std::vector<TestCase> Finish(double seconds) {
    TestCase whole{.class_name = class_name_, .name = "exploration", .text = text_, .seconds = seconds};
    if (result_.outcome != explore::Outcome::kOk && !is_failure_placed_) Fail(whole);
    cases_.insert(cases_.begin(), std::move(whole));
    return std::move(cases_);
  }

 private:
  void Fail(TestCase& one) {
    const bool is_violation = ExitOf(result_.outcome) == 1;
    one.result = is_violation ? CaseResult::kFailed : CaseResult::kError;
    one.type = explore::NameOf(result_.outcome);
    one.message = FirstLine(text_);
    one.text = text_;
    is_failure_placed_ = true;
  }

  const explore::ExploreResult& result_;
  std::string class_name_;
  std::string text_;
  std::vector<TestCase> cases_;
  bool is_failure_placed_ = false;
};

}  // namespace

std::string CheckJUnit(const std::vector<CheckCase>& cases) {
  std::vector<TestCase> tests;
  double seconds = 0;
  for (const CheckCase& c : cases) {
    TestCase one{.class_name = c.result.spec.empty() ? "(no spec)" : c.result.spec, .name = c.trace};
    one.result = ResultOf(c.result.verdict);
    one.type = refine::NameOf(c.result.verdict);
    if (one.result == CaseResult::kFailed && c.result.check) {
      one.type += " check " + std::to_string(static_cast<int>(*c.result.check));
    }
    one.text = CheckText(c);
    one.message = FirstLine(one.text);
    one.seconds = c.seconds;
    seconds += c.seconds;
    tests.push_back(std::move(one));
  }
  return Write("kelpie check", tests, seconds);
}

std::string ExploreJUnit(const explore::ExploreResult& result, const program::Program& program,
                         const tla::SourceMap& sources, double seconds, bool is_deadlock_checked) {
  using explore::Outcome;
  Exploration all(result, program, ExploreText(result, program, sources, seconds));
  if (!program.spec->assumptions.empty()) all.Add("ASSUME", Outcome::kAssumption, "");
  for (const auto& invariant : program.invariants)
    all.Add("INVARIANT " + invariant.name, Outcome::kInvariant, invariant.name);
  for (const auto& property : program.action_properties)
    all.Add("PROPERTY " + property.name, Outcome::kProperty, property.name);
  for (const std::string& name : program.initial_properties) all.Add("PROPERTY " + name, Outcome::kProperty, name);
  for (const auto& property : program.liveness) {
    const bool is_undecided =
        std::find(result.undecided.begin(), result.undecided.end(), property.name) != result.undecided.end();
    if (is_undecided) {
      all.AddUndecided("PROPERTY " + property.name);
    } else {
      all.Add("PROPERTY " + property.name, Outcome::kProperty, property.name);
    }
  }
  if (is_deadlock_checked) all.Add("no deadlock", Outcome::kDeadlock, "");
  if (program.model->postcondition) {
    all.Add("POSTCONDITION " + program.spec->definition(*program.model->postcondition).name, Outcome::kPostcondition,
            "");
  }
  return Write("kelpie explore", all.Finish(seconds), seconds);
}

std::string BadSpecJUnit(const std::string& spec_file, const std::string& rendered) {
  const TestCase one{.class_name = spec_file,
                     .name = "exploration",
                     .result = CaseResult::kError,
                     .type = "bad_input",
                     .message = FirstLine(rendered),
                     .text = rendered};
  return Write("kelpie explore", {one}, 0);
}

}  // namespace kelpie::report
