#include "tests/checker/laws.h"

#include <map>
#include <set>
#include <sstream>

#include "checker/cli/verbs.h"
#include "checker/explore/explorer.h"
#include "checker/refine/checker.h"
#include "checker/report/json.h"
#include "trace/file/json_read.h"

namespace kelpie::laws {

namespace {

using refine::Verdict;

std::string Describe(const Judgement& judgement) {
  return std::string(refine::NameOf(judgement.verdict)) + " at " + std::to_string(judgement.failed_at) +
         (judgement.remark.empty() ? "" : " (" + judgement.remark + ")");
}

std::string Lines(const Events& events) {
  std::string text;
  for (const Json& event : events) text += event.dump() + "\n";
  return text;
}

Complaint Complain(const std::string& what, const Judgement& judgement, const Events& events) {
  return what + ", but the judge says " + Describe(judgement) + " of\n" + Lines(events);
}

Events Cut(const Events& events, std::size_t count) {
  return Events(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(std::min(count, events.size())));
}

bool Agrees(const Json& claim, const char* field, const WrittenState& state) {
  if (!claim.contains(field)) return true;
  for (const Json& fact : claim[field]) {
    for (const auto& [variable, value] : state) {
      if (fact["path"][0] == variable && fact["value"] != value) return false;
    }
  }
  return true;
}

bool IsClaimed(const Json& claim, const program::Program& program, const eval::ActionInstance& action) {
  if (!claim.contains("action")) return true;
  if (!action.definition.is_valid() || program.spec->definition(action.definition).name != claim["action"])
    return false;
  if (!claim.contains("args")) return true;
  for (const auto& [name, value] : claim["args"].items()) {
    for (const auto& [parameter, argument] : action.arguments) {
      if (parameter == name && report::ToItf(argument) != value) return false;
    }
  }
  return true;
}

// The frontier of the oracle: states by how they are written.
class Oracle {
 public:
  Oracle(const LawSpec& spec, refine::HiddenOptions hidden)
      : program_(*spec.program), evaluator_(spec.program, {}, {}), hidden_(std::move(hidden)) {}

  Judgement Walk(const Events& events) {
    for (std::size_t i = 0; i < events.size(); ++i) {
      const Json& claim = events[i]["claims"][0];
      const std::string kind = events[i]["kind"];
      if (i == 0) Start(kind == "init" ? claim : Json::object());
      if (kind != "init") TakeHidden();
      if (kind == "step") Step(claim);
      if (kind == "observe") Filter(claim);
      if (!error_.empty()) return {Verdict::kEvaluation, i + 1, error_};
      if (frontier_.empty()) return {Verdict::kViolates, i + 1, ""};
    }
    return {};
  }

 private:
  using Frontier = std::map<std::string, eval::State>;

  void Add(const eval::State* before, const eval::State& state, const Json& claim, Frontier& to) {
    const WrittenState written = Written(program_, state);
    if (!Agrees(claim, "updates", written)) return;
    const eval::Result<bool> kept = Keeps(evaluator_, before, state);
    if (!kept.ok()) error_ = kept.error().message;
    if (!kept.ok() || !kept.value()) return;
    std::string key;
    for (const auto& [variable, value] : written) key += value.dump() + "\n";
    to.emplace(std::move(key), state);
  }

  void Start(const Json& claim) {
    Note(evaluator_.InitialStates([&](const eval::State& state) {
      Add(nullptr, state, claim, frontier_);
      return true;
    }));
  }

  // All ways to take hidden steps, each action up to its bound: plainly, with what was taken as part of the key.
  void TakeHidden() {
    std::vector<std::pair<eval::State, std::vector<std::uint32_t>>> reached;
    std::set<std::string> seen;
    const auto add = [&](const eval::State& state, const std::vector<std::uint32_t>& taken) {
      std::string key;
      for (const auto& [variable, value] : Written(program_, state)) key += value.dump() + "\n";
      for (const std::uint32_t count : taken) key += std::to_string(count) + " ";
      if (seen.insert(key).second) reached.emplace_back(state, taken);
    };
    for (const auto& [key, state] : frontier_) add(state, std::vector<std::uint32_t>(hidden_.actions.size()));
    for (std::size_t i = 0; i < reached.size(); ++i) {
      const eval::State state = reached[i].first;
      const std::vector<std::uint32_t> taken = reached[i].second;
      Note(evaluator_.Successors(state, {}, [&](const eval::Successor& successor) {
        for (std::size_t a = 0; a < hidden_.actions.size(); ++a) {
          const eval::ActionInstance action = successor.action();
          const bool is_it = action.definition.is_valid() &&
                             program_.spec->definition(action.definition).name == hidden_.actions[a].name;
          if (!is_it || taken[a] == hidden_.actions[a].times_max) continue;
          const eval::Result<bool> kept = Keeps(evaluator_, &state, successor.state);
          if (!kept.ok()) error_ = kept.error().message;
          if (!kept.ok() || !kept.value()) continue;
          std::vector<std::uint32_t> more = taken;
          ++more[a];
          add(successor.state, more);
        }
        return true;
      }));
    }
    for (const auto& [state, taken] : reached) Add(nullptr, state, Json::object(), frontier_);
  }

  void Step(const Json& claim) {
    Frontier next;
    for (const auto& [key, state] : frontier_) {
      if (!Agrees(claim, "reads", Written(program_, state))) continue;
      const eval::State& before = state;
      Note(evaluator_.Successors(state, {}, [&](const eval::Successor& successor) {
        if (IsClaimed(claim, program_, successor.action())) Add(&before, successor.state, claim, next);
        return true;
      }));
    }
    frontier_ = std::move(next);
  }

  void Filter(const Json& claim) {
    for (auto one = frontier_.begin(); one != frontier_.end();) {
      one = Agrees(claim, "updates", Written(program_, one->second)) ? std::next(one) : frontier_.erase(one);
    }
  }

  void Note(const eval::Status& status) {
    if (status) error_ = status->message;
  }

  const program::Program& program_;
  eval::Evaluator evaluator_;
  refine::HiddenOptions hidden_;
  Frontier frontier_;
  std::string error_;
};

}  // namespace

Judgement JudgeInMemory(const LawSpec& spec, const Events& events) { return JudgeWithHidden(spec, events, {}); }

Judgement JudgeWithHidden(const LawSpec& spec, const Events& events, const refine::HiddenOptions& hidden,
                          std::uint64_t* hidden_count) {
  refine::Budget budget;
  budget.hidden = hidden;
  refine::Checker checker(spec.program, {}, {}, budget, {});
  for (std::size_t i = 0; i < events.size(); ++i) {
    trace::file::ParsedLine line;
    trace::file::JsonFailure failure;
    if (!trace::file::ReadJsonLine(events[i].dump(), 100, line, failure))
      return {Verdict::kBadInput, i + 1, "no event"};
    line.event.id.seq = i + 1;
    refine::EventReference where;
    where.id = line.event.id;
    where.index = i + 1;
    if (!checker.Feed(line.event, where)) break;
  }
  const refine::CheckResult result = checker.Finish();
  Judgement judgement{result.verdict, result.failed_at ? result.failed_at->index : 0, ""};
  if (hidden_count != nullptr) {
    *hidden_count = 0;
    for (const refine::HiddenUse& use : result.hidden) *hidden_count += use.count;
  }
  if (result.bad_input) judgement.remark = result.bad_input->message;
  if (result.error) judgement.remark = result.error->message;
  return judgement;
}

Judgement JudgeByVerb(const LawSpec& spec, const Events& events) {
  const trace::test::TempDir folder;
  const std::string file = folder.Write(spec.text.name + ".tla", spec.text.module);
  folder.Write(spec.text.name + ".cfg", spec.text.config);
  const std::string trace = folder.Write("run.jsonl", Lines(events));
  const char* const argv[] = {"check", trace.c_str(), "--spec", file.c_str(), "--json"};
  std::ostringstream out;
  std::ostringstream err;
  (void)cli::RunCheck(5, argv, out, err);
  const Json result = Json::parse(out.str());
  Judgement judgement{Verdict::kBadInput, 0, ""};
  for (const Verdict verdict : {Verdict::kConforms, Verdict::kViolates, Verdict::kInconclusive, Verdict::kEvaluation}) {
    if (result["verdict"] == refine::NameOf(verdict)) judgement.verdict = verdict;
  }
  if (!result["failed_at"].is_null()) judgement.failed_at = result["failed_at"];
  return judgement;
}

Judgement JudgeByOracle(const LawSpec& spec, const Events& events, const refine::HiddenOptions& hidden) {
  return Oracle(spec, hidden).Walk(events);
}

Complaint Reflexivity(const LawCase& one, const Judge& judge) {
  Rng rng(one.seed);
  Events events = Observe(one.spec, one.behavior);
  for (int round = 0; round < 3; ++round) {
    const Judgement judgement = judge(one.spec, events);
    if (judgement.verdict != Verdict::kConforms) return Complain("a behavior of the spec conforms", judgement, events);
    events = Hide(std::move(events), rng);
  }
  return std::nullopt;
}

Complaint Prefix(const LawCase& one, const Judge& judge) {
  Rng rng(one.seed);
  const Events all = Observe(one.spec, one.behavior);
  for (const Events& events : {all, Alter(all, rng), Alter(Hide(all, rng), rng)}) {
    const Judgement whole = judge(one.spec, events);
    if (whole.verdict != Verdict::kConforms && whole.verdict != Verdict::kViolates) continue;
    const bool is_violated = whole.verdict == Verdict::kViolates;
    for (std::size_t count = 2; count <= events.size(); ++count) {
      const Judgement part = judge(one.spec, Cut(events, count));
      const bool has_failure = is_violated && count >= whole.failed_at;
      const bool is_right = has_failure ? part == whole : part.verdict == Verdict::kConforms;
      if (!is_right) {
        return Complain("of the first " + std::to_string(count) + " events as of all (" + Describe(whole) + ")", part,
                        events);
      }
    }
    if (!is_violated) continue;
    Events longer = Cut(events, whole.failed_at);
    longer.insert(longer.end(), all.begin() + 1, all.end());
    const Judgement extended = judge(one.spec, longer);
    if (!(extended == whole)) return Complain("an extension violates where " + Describe(whole), extended, longer);
  }
  return std::nullopt;
}

Complaint Stuttering(const LawCase& one, const Judge& judge) {
  Rng rng(one.seed);
  const Events all = Observe(one.spec, one.behavior);
  for (const Events& events : {all, Alter(all, rng)}) {
    const Judgement plain = judge(one.spec, events);
    if (plain.verdict != Verdict::kConforms && plain.verdict != Verdict::kViolates) continue;
    // Up to there everything is observed, so the state is known.
    std::size_t known = 0;
    while (known + 1 < events.size() && events[known + 1] == all[known + 1]) ++known;
    const std::size_t at = rng.Below(known + 1);
    Events longer = events;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(at) + 1, Stutter(one.spec, one.behavior.states[at]));
    Judgement expected = plain;
    if (plain.verdict == Verdict::kViolates) ++expected.failed_at;
    const Judgement judgement = judge(one.spec, longer);
    if (!(judgement == expected)) return Complain("with one observation more " + Describe(expected), judgement, longer);
  }
  return std::nullopt;
}

Complaint Hiding(const LawCase& one, const Judge& judge) {
  Rng rng(one.seed);
  const Events all = Observe(one.spec, one.behavior);
  for (const Events& events : {all, Alter(all, rng), Alter(Hide(all, rng), rng)}) {
    const Judgement before = judge(one.spec, events);
    const Events hidden = Hide(events, rng);
    const Judgement after = judge(one.spec, hidden);
    const bool is_earlier = before.verdict == Verdict::kConforms || after.failed_at < before.failed_at;
    if (after.verdict == Verdict::kViolates && is_earlier) {
      return Complain("before something was hidden " + Describe(before), after, hidden);
    }
  }
  return std::nullopt;
}

Complaint Agreement(const LawCase& one, const Judge& judge) {
  Rng rng(one.seed);
  const Events all = Observe(one.spec, one.behavior);
  for (const Events& events : {all, Alter(all, rng), Alter(Hide(all, rng), rng), Hide(Alter(all, rng), rng)}) {
    const Judgement expected = JudgeByOracle(one.spec, events);
    const Judgement judgement = judge(one.spec, events);
    if (!(judgement == expected)) return Complain("the oracle says " + Describe(expected), judgement, events);
  }
  return std::nullopt;
}

Complaint ExplorationAgrees(const LawSpec& spec, std::size_t states_max) {
  eval::Evaluator evaluator(spec.program, {}, {});
  std::map<std::string, bool> seen;
  std::vector<eval::State> queue;
  const auto add = [&](const eval::State& state) {
    std::string key;
    for (const auto& [variable, value] : Written(*spec.program, state)) key += value.dump() + "\n";
    if (seen.emplace(std::move(key), true).second) queue.push_back(state);
    return seen.size() <= states_max;
  };
  std::string error;
  const auto note = [&error](const eval::Status& status) {
    if (status) error = status->message;
  };
  note(evaluator.InitialStates(add));
  for (std::size_t i = 0; i < queue.size() && seen.size() <= states_max; ++i) {
    const eval::State state = queue[i];
    note(evaluator.Successors(state, {}, [&add](const eval::Successor& next) { return add(next.state); }));
  }
  if (!error.empty()) return "walking all successors errs: " + error;
  if (seen.size() > states_max) return std::nullopt;
  eval::Evaluator again(spec.program, {}, {});
  const explore::ExploreResult result = explore::Explore(again, {.check_deadlock = false});
  if (result.outcome == explore::Outcome::kOk && result.distinct_count == seen.size()) return std::nullopt;
  return "exploring: " + std::string(explore::NameOf(result.outcome)) + ", " + std::to_string(result.distinct_count) +
         " states; walking all successors: " + std::to_string(seen.size());
}

}  // namespace kelpie::laws
