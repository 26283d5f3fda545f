// Hidden steps, held against an oracle that takes all of them plainly: on random specifications, and traces of which
// events were taken away.
//
// KELPIE_LAW_SEED is the first seed and KELPIE_LAW_CASES how many follow it.
#include <gtest/gtest.h>

#include "tests/checker/laws.h"

namespace kelpie::laws {
namespace {

using refine::HiddenOptions;
using refine::Verdict;

// Some actions of the spec, each up to twice.
HiddenOptions RandomHidden(const LawSpec& spec, Rng& rng) {
  HiddenOptions hidden;
  hidden.steps_max = 100;
  for (const auto& action : spec.program->actions) {
    if (action.is_leaf && rng.OneIn(2))
      hidden.actions.push_back({action.name, static_cast<std::uint32_t>(1 + rng.Below(2))});
  }
  return hidden;
}

// Without some of the steps, but for the first, which keeps its action.
Events Drop(Events events, Rng& rng) {
  for (std::size_t i = 2; i < events.size();) {
    if (rng.OneIn(3)) {
      events.erase(events.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  return events;
}

struct Tally {
  int conforms_with_hidden = 0;
  int conforms_only_hidden = 0;  // and violates when nothing may be hidden
  int violates = 0;
};

TEST(HiddenLaws, TheCheckerSaysWhatTheOracleSays) {
  Tally tally;
  const std::uint64_t first = FromEnvironment("KELPIE_LAW_SEED", 1);
  const std::uint64_t count = FromEnvironment("KELPIE_LAW_CASES", 400);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const LawSpec spec = LoadLawSpec(RandomSpec(seed));
    ASSERT_TRUE(spec.program) << spec.diagnostics;
    Rng rng(seed);
    std::string error;
    const std::optional<Behavior> behavior = RandomBehavior(spec, rng, 2 + rng.Below(6), error);
    ASSERT_TRUE(behavior) << error;
    if (behavior->steps.empty()) continue;  // a dead end at once says nothing
    const HiddenOptions hidden = RandomHidden(spec, rng);
    const Events all = Observe(spec, *behavior);
    const Events dropped = Drop(all, rng);
    for (const Events& events : {dropped, Hide(dropped, rng), Alter(dropped, rng), Alter(Hide(dropped, rng), rng)}) {
      const Judgement expected = JudgeByOracle(spec, events, hidden);
      std::uint64_t taken = 0;
      const Judgement judgement = JudgeWithHidden(spec, events, hidden, &taken);
      std::string lines;
      for (const Json& event : events) lines += event.dump() + "\n";
      ASSERT_TRUE(judgement == expected) << "seed " << seed << ": the oracle says " << refine::NameOf(expected.verdict)
                                         << " at " << expected.failed_at << ", the checker "
                                         << refine::NameOf(judgement.verdict) << " at " << judgement.failed_at << " "
                                         << judgement.remark << "\n"
                                         << lines << spec.text.module;
      tally.violates += judgement.verdict == Verdict::kViolates ? 1 : 0;
      if (judgement.verdict != Verdict::kConforms) continue;
      // What needs no hidden step is said to have had none.
      const bool is_plain = JudgeInMemory(spec, events).verdict == Verdict::kConforms;
      EXPECT_TRUE(is_plain || taken > 0) << "seed " << seed << "\n" << lines;
      tally.conforms_with_hidden += taken > 0 ? 1 : 0;
      tally.conforms_only_hidden += is_plain ? 0 : 1;
    }
  }
  if (count < 100) return;
  EXPECT_GT(tally.conforms_only_hidden, 30);
  EXPECT_GE(tally.conforms_with_hidden, tally.conforms_only_hidden);
  EXPECT_GT(tally.violates, 100);
}

TEST(HiddenLaws, ABoundIsPartOfTheClaimAndABudgetIsNot) {
  const LawSpec spec = LoadLawSpec(
      {"Count",
       "---- MODULE Count ----\nEXTENDS Naturals\nVARIABLE x\nInit == x = 0\nUp == x' = x + 1\nStay == x' = x\n"
       "Next == Up \\/ Stay\nSpec == Init /\\ [][Next]_x\n====\n",
       "SPECIFICATION Spec\n"});
  ASSERT_TRUE(spec.program) << spec.diagnostics;
  const auto event = [](int to) {
    Json fact = Json::object();
    fact["path"] = Json::array({"x"});
    fact["value"] = to;
    Json claim = Json::object();
    claim["spec"] = "Count";
    claim["action"] = "Up";
    claim["updates"] = Json::array({fact});
    Json one = Json::object();
    one["kind"] = "step";
    one["claims"] = Json::array({claim});
    return one;
  };
  const auto verdict = [&](std::uint32_t bound, std::uint64_t budget, std::uint64_t& taken) {
    return JudgeWithHidden(spec, {event(1), event(5)}, {{{"Up", bound}}, budget}, &taken).verdict;
  };
  std::uint64_t taken = 0;
  EXPECT_EQ(verdict(3, 10, taken), Verdict::kConforms);
  EXPECT_EQ(taken, 3U);
  EXPECT_EQ(verdict(2, 10, taken), Verdict::kViolates);
  EXPECT_EQ(verdict(3, 2, taken), Verdict::kInconclusive);
  EXPECT_EQ(JudgeWithHidden(spec, {event(1)}, {{{"Down", 1}}, 10}).verdict, Verdict::kBadInput);
}

}  // namespace
}  // namespace kelpie::laws
