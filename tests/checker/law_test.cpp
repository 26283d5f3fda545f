// The laws over generated specs and behaviors, and for each law a wrong judge that it must catch.
//
// KELPIE_LAW_SEED is the first seed and KELPIE_LAW_CASES how many follow it; a failure prints both.
#include <gtest/gtest.h>

#include <set>

#include "checker/explore/explorer.h"
#include "tests/checker/laws.h"

namespace kelpie::laws {
namespace {

using refine::Verdict;

std::uint64_t FirstSeed() { return FromEnvironment("KELPIE_LAW_SEED", 1); }
std::uint64_t CaseCount() { return FromEnvironment("KELPIE_LAW_CASES", 300); }

// Three behaviors of each random spec; every fifth case is of a spec of this repository.
const LawSpec& SpecOf(std::uint64_t seed) {
  static std::map<std::string, LawSpec> kept;
  if (seed % 5 == 0) {
    static const std::vector<SpecText> texts = KeptSpecs();
    const SpecText& text = texts[seed / 5 % texts.size()];
    return kept.try_emplace(text.name, LoadLawSpec(text)).first->second;
  }
  static std::uint64_t last_seed = 0;
  static LawSpec last;
  if (!last.program || last_seed != seed / 3) {
    last_seed = seed / 3;
    last = LoadLawSpec(RandomSpec(last_seed));
  }
  return last;
}

struct Sample {
  const LawSpec& spec;
  std::optional<Behavior> behavior;
  std::string error;
};

Sample SampleOf(std::uint64_t seed) {
  Sample sample{.spec = SpecOf(seed), .behavior = std::nullopt, .error = ""};
  if (!sample.spec.program) {
    sample.error = sample.spec.diagnostics;
    return sample;
  }
  Rng rng(seed);
  sample.behavior = RandomBehavior(sample.spec, rng, 1 + rng.Below(8), sample.error);
  return sample;
}

std::string Replay(std::uint64_t seed) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  return "\nreplay: KELPIE_LAW_SEED=" + std::to_string(seed) + " KELPIE_LAW_CASES=1 build/release/bin/law_test " +
         "--gtest_filter=" + test->test_suite_name() + "." + test->name();
}

// Every case of the run; stops after three complaints, which are enough to read.
void Hold(Law law, const Judge& judge) {
  std::uint64_t looked_at = 0;
  int complaints = 0;
  for (std::uint64_t seed = FirstSeed(); seed < FirstSeed() + CaseCount() && complaints < 3; ++seed) {
    const Sample sample = SampleOf(seed);
    EXPECT_EQ(sample.error, "") << sample.spec.text.module << Replay(seed);
    if (!sample.behavior || sample.behavior->steps.empty()) continue;
    ++looked_at;
    const Complaint complaint = law({sample.spec, *sample.behavior, seed}, judge);
    if (!complaint) continue;
    ++complaints;
    ADD_FAILURE() << *complaint << "\n" << sample.spec.text.module << Replay(seed);
  }
  if (CaseCount() >= 100) {
    EXPECT_GT(looked_at * 4, CaseCount() * 3) << "too many behaviors without a step";
  }
}

TEST(Laws, Reflexivity) { Hold(Reflexivity, JudgeInMemory); }
TEST(Laws, Prefix) { Hold(Prefix, JudgeInMemory); }
TEST(Laws, Stuttering) { Hold(Stuttering, JudgeInMemory); }
TEST(Laws, Hiding) { Hold(Hiding, JudgeInMemory); }
TEST(Laws, Agreement) { Hold(Agreement, JudgeInMemory); }

// Through files and the verb: slower, so fewer.
TEST(Laws, AgreementOfTheVerb) {
  for (std::uint64_t seed = FirstSeed(); seed < FirstSeed() + (CaseCount() + 9) / 10; ++seed) {
    const Sample sample = SampleOf(seed);
    if (!sample.behavior || sample.behavior->steps.empty()) continue;
    const Complaint complaint = Agreement({sample.spec, *sample.behavior, seed}, JudgeByVerb);
    EXPECT_FALSE(complaint) << *complaint << "\n" << sample.spec.text.module << Replay(seed);
  }
}

TEST(Laws, ExplorationFindsAllThatSuccessorsReach) {
  for (std::uint64_t seed = FirstSeed(); seed < FirstSeed() + (CaseCount() + 4) / 5; ++seed) {
    const LawSpec spec = LoadLawSpec(RandomSpec(seed));
    ASSERT_TRUE(spec.program) << spec.diagnostics << spec.text.module;
    const Complaint complaint = ExplorationAgrees(spec, 400);
    EXPECT_FALSE(complaint) << *complaint << "\n" << spec.text.module << Replay(seed);
  }
}

// --- the cases are worth looking at

TEST(LawCases, AreOfAllSorts) {
  std::map<Verdict, int> altered;
  std::map<Verdict, int> altered_and_hidden;
  std::set<std::string> actions;
  std::set<std::string> modules;
  std::size_t steps = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Sample sample = SampleOf(seed);
    ASSERT_TRUE(sample.behavior) << sample.error;
    modules.insert(sample.spec.text.module);
    steps += sample.behavior->steps.size();
    for (const BehaviorStep& step : sample.behavior->steps) actions.insert(sample.spec.text.name + "." + step.action);
    Rng rng(seed);
    const Events wrong = Alter(Observe(sample.spec, *sample.behavior), rng);
    ++altered[JudgeInMemory(sample.spec, wrong).verdict];
    ++altered_and_hidden[JudgeInMemory(sample.spec, Hide(wrong, rng)).verdict];
  }
  EXPECT_GT(modules.size(), 50U);
  EXPECT_GT(steps, 500U);
  EXPECT_GE(actions.size(), 10U);
  EXPECT_GT(altered[Verdict::kViolates], 60);
  EXPECT_GT(altered[Verdict::kConforms], 20);
  EXPECT_EQ(altered[Verdict::kViolates] + altered[Verdict::kConforms], 200);
  EXPECT_GT(altered_and_hidden[Verdict::kConforms], altered[Verdict::kConforms]);
  EXPECT_GT(altered_and_hidden[Verdict::kViolates], 10);
}

TEST(LawCases, TheSameSeedGivesTheSame) {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    EXPECT_EQ(RandomSpec(seed).module, RandomSpec(seed).module);
    EXPECT_NE(RandomSpec(seed).module, RandomSpec(seed + 1).module);
  }
}

// --- each law catches a judge that is wrong in its way

bool IsCaught(Law law, const Judge& judge) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const Sample sample = SampleOf(seed);
    if (!sample.behavior || sample.behavior->steps.empty()) continue;
    if (law({sample.spec, *sample.behavior, seed}, judge)) return true;
  }
  return false;
}

// The events with every claim changed, then judged rightly.
Judge After(void (*change)(const LawSpec&, Json& event)) {
  return [change](const LawSpec& spec, const Events& events) {
    Events changed = events;
    for (Json& event : changed) change(spec, event);
    return JudgeInMemory(spec, changed);
  };
}

TEST(WrongJudge, OfASpecThatLacksAnActionBreaksReflexivity) {
  EXPECT_TRUE(IsCaught(Reflexivity, [](const LawSpec& spec, const Events& events) {
    if (spec.text.name != "Law") return JudgeInMemory(spec, events);
    return JudgeInMemory(LoadLawSpec(WithoutLastAction(spec.text)), events);
  }));
}

TEST(WrongJudge, ThatMissesAFailureInTheLastEventBreaksPrefix) {
  EXPECT_TRUE(IsCaught(Prefix, [](const LawSpec& spec, const Events& events) {
    const Judgement judgement = JudgeInMemory(spec, events);
    return judgement.failed_at == events.size() ? Judgement{} : judgement;
  }));
}

TEST(WrongJudge, ThatBlamesTheLastEventBreaksPrefix) {
  EXPECT_TRUE(IsCaught(Prefix, [](const LawSpec& spec, const Events& events) {
    Judgement judgement = JudgeInMemory(spec, events);
    if (judgement.verdict == Verdict::kViolates) judgement.failed_at = events.size();
    return judgement;
  }));
}

TEST(WrongJudge, ThatTakesObservationsForStepsBreaksStuttering) {
  EXPECT_TRUE(IsCaught(Stuttering, After([](const LawSpec&, Json& event) {
                         if (event["kind"] == "observe") event["kind"] = "step";
                       })));
}

TEST(WrongJudge, ThatTakesTheUnobservedForUnchangedBreaksHiding) {
  const Judge judge = After([](const LawSpec& spec, Json& event) {
    if (event["kind"] != "step") return;
    Json& claim = event["claims"][0];
    for (const auto& variable : spec.program->spec->variables) claim["frame"][variable.name] = "closed";
  });
  EXPECT_TRUE(IsCaught(Hiding, judge));
  EXPECT_TRUE(IsCaught(Reflexivity, judge));
}

TEST(WrongJudge, ThatDoesNotReadPartOfAClaimBreaksAgreement) {
  EXPECT_TRUE(IsCaught(Agreement, After([](const LawSpec&, Json& event) { event["claims"][0].erase("args"); })));
  EXPECT_TRUE(IsCaught(Agreement, After([](const LawSpec&, Json& event) { event["claims"][0].erase("reads"); })));
  EXPECT_TRUE(IsCaught(Agreement, After([](const LawSpec&, Json& event) {
                         Json& claim = event["claims"][0];
                         if (claim.contains("action")) claim["updates"] = Json::array();
                       })));
}

TEST(WrongJudge, AnExplorationOfAnotherSpecIsNoticed) {
  // Counts of a spec and of the same without an action differ for some.
  std::size_t differing = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const LawSpec whole = LoadLawSpec(RandomSpec(seed));
    LawSpec less = LoadLawSpec(WithoutLastAction(RandomSpec(seed)));
    ASSERT_TRUE(whole.program && less.program) << less.diagnostics;
    eval::Evaluator a(whole.program, {}, {});
    eval::Evaluator b(less.program, {}, {});
    const auto count = [](eval::Evaluator& e) { return explore::Explore(e, {.check_deadlock = false}).distinct_count; };
    if (count(a) != count(b)) ++differing;
  }
  EXPECT_GT(differing, 5U);
}

}  // namespace
}  // namespace kelpie::laws
