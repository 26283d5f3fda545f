// Next taken apart into groups gives what it gives as a whole; a group reads nothing but what it says; and the cache
// gives the answers it was given.
#include "checker/explore/step_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "checker/eval/value_order.h"
#include "tla/resolve/load.h"

namespace kelpie::explore {
namespace {

using eval::State;
using eval::Value;

std::shared_ptr<const program::Program> LoadProgram(const std::filesystem::path& config) {
  tla::SourceMap sources;
  tla::Diagnostics diagnostics;
  std::string stem = config.stem().string();
  std::filesystem::path file = config.parent_path() / (stem + ".tla");
  while (!std::filesystem::exists(file) && stem.rfind('_') != std::string::npos) {
    stem = stem.substr(0, stem.rfind('_'));
    file = config.parent_path() / (stem + ".tla");
  }
  const auto spec = resolve::LoadSpec(file.string(), {}, sources, diagnostics);
  const auto model = spec ? resolve::LoadModel(config.string(), *spec, {}, sources, diagnostics) : nullptr;
  return model ? program::BuildProgram(spec, model, diagnostics) : nullptr;
}

std::vector<std::filesystem::path> Configs() {
  std::vector<std::filesystem::path> all;
  for (const char* folder : {"/tests/testdata/explore", "/tla/specs", "/bench/specs"}) {
    for (const auto& entry : std::filesystem::directory_iterator(std::string(KELPIE_SOURCE_DIR) + folder)) {
      if (entry.path().extension() == ".cfg") all.push_back(entry.path());
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::string Text(const State& state, const std::vector<std::uint32_t>& slots) {
  std::string text;
  for (const std::uint32_t slot : slots) text += eval::ToString(state[slot]) + "; ";
  return text;
}

struct FoundStep {
  State state;
  std::uint32_t definition = 0;
};
using FoundSteps = std::vector<FoundStep>;

eval::Evaluator::SuccessorVisitor Into(FoundSteps& found) {
  return [&found](const eval::Successor& next) {
    found.push_back({next.state, next.definition.index});
    return true;
  };
}

// The first states of a model, each with the steps of each group.
class GroupWalk {
 public:
  explicit GroupWalk(std::shared_ptr<const program::Program> program) : evaluator_(std::move(program), {}, {}) {}

  template <typename Visit>
  void Run(std::size_t states_max, const Visit& visit) {
    std::vector<State> states;
    std::map<std::string, bool> seen;
    const auto add = [&](const State& state) {
      std::string text;
      for (const Value& value : state) text += eval::ToString(value) + "; ";
      if (states.size() < states_max && seen.emplace(text, true).second) states.push_back(state);
      return true;
    };
    if (evaluator_.InitialStates(add)) return;
    for (std::size_t i = 0; i < states.size(); ++i) {
      const State state = states[i];
      FoundSteps whole;
      const auto status = evaluator_.Successors(state, {.count_ways = true}, Into(whole));
      if (status) return;  // errors are met by the tables of recorded models
      visit(evaluator_, state, whole);
      for (const FoundStep& step : whole) add(step.state);
    }
  }

 private:
  eval::Evaluator evaluator_;
};

TEST(StepGroups, GiveWhatTheWholeGives) {
  std::size_t compared = 0;
  std::size_t apart = 0;
  for (const auto& config : Configs()) {
    const auto program = LoadProgram(config);
    if (program == nullptr || !program->next.is_valid() || program->init.empty()) continue;
    GroupWalk(program).Run(60, [&](eval::Evaluator& evaluator, const State& state, const FoundSteps& whole) {
      FoundSteps groups;
      const std::size_t count = evaluator.StepGroups().size();
      for (std::size_t g = 0; g < count; ++g) {
        ASSERT_FALSE(evaluator.GroupSuccessors(g, state, {.count_ways = true}, Into(groups)));
      }
      apart += count > 1 ? 1 : 0;
      ASSERT_EQ(groups.size(), whole.size()) << config;
      for (std::size_t i = 0; i < whole.size(); ++i) {
        EXPECT_TRUE(eval::SameState(groups[i].state, whole[i].state)) << config;
        EXPECT_EQ(groups[i].definition, whole[i].definition) << config;
      }
      ++compared;
    });
  }
  EXPECT_GT(compared, 2'000U);
  EXPECT_GT(apart, 1'000U);
}

// What a group gives the variables it assigns is the same wherever what it reads is the same; the others it leaves.
TEST(StepGroups, ReadNothingButWhatTheySay) {
  std::size_t repeated = 0;
  for (const auto& config : Configs()) {
    const auto program = LoadProgram(config);
    if (program == nullptr || !program->next.is_valid() || program->init.empty()) continue;
    std::map<std::string, std::string> answers;
    GroupWalk(program).Run(150, [&](eval::Evaluator& evaluator, const State& state, const FoundSteps&) {
      for (std::size_t g = 0; g < evaluator.StepGroups().size(); ++g) {
        const eval::StepGroup group = evaluator.StepGroups()[g];
        if (!group.is_cachable) continue;
        FoundSteps steps;
        ASSERT_FALSE(evaluator.GroupSuccessors(g, state, {.count_ways = true}, Into(steps)));
        std::string answer;
        for (const FoundStep& step : steps) {
          answer += std::to_string(step.definition) + ": " + Text(step.state, group.assigned) + "\n";
          for (std::uint32_t slot = 0; slot < state.size(); ++slot) {
            const bool is_assigned =
                std::find(group.assigned.begin(), group.assigned.end(), slot) != group.assigned.end();
            EXPECT_TRUE(is_assigned || eval::Same(state[slot], step.state[slot])) << config << " group " << g;
          }
        }
        const auto [known, is_new] = answers.emplace(std::to_string(g) + " " + Text(state, group.reads), answer);
        EXPECT_EQ(known->second, answer) << config << " group " << g;
        repeated += is_new ? 0 : 1;
      }
    });
  }
  EXPECT_GT(repeated, 10'000U);
}

TEST(StepGroups, WhatPrintsIsAskedEveryTime) {
  const auto folder = std::filesystem::temp_directory_path() / "kelpie-step-groups";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "P.tla")
      << "---- MODULE P ----\nEXTENDS Integers, TLC\nVARIABLES x, y\nInit == x = 0 /\\ y = 0\n"
         "Says == PrintT(x) /\\ x' = x /\\ y' = y\nCounts == x' = x + 1 /\\ UNCHANGED y\n"
         "Keeps == TLCSet(1, x) /\\ UNCHANGED <<x, y>>\n"
         "Next == Says \\/ Counts \\/ Keeps\n====\n";
  std::ofstream(folder / "P.cfg") << "INIT Init\nNEXT Next\n";
  eval::Evaluator evaluator(LoadProgram(folder / "P.cfg"), {}, {});
  const std::vector<eval::StepGroup>& groups = evaluator.StepGroups();
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_FALSE(groups[0].is_cachable);
  EXPECT_TRUE(groups[1].is_cachable);
  EXPECT_FALSE(groups[2].is_cachable);
  EXPECT_EQ(groups[1].reads, (std::vector<std::uint32_t>{0}));
  EXPECT_EQ(groups[1].assigned, (std::vector<std::uint32_t>{0}));
  std::filesystem::remove_all(folder);
}

// --- the cache

using Numbers = std::vector<std::uint32_t>;

std::vector<eval::StepGroup> OneGroup() { return {{.reads = {1}, .assigned = {0, 1}, .is_cachable = true}}; }

const State kNoState(3);

void Answer(StepCache& cache, const Numbers& row, const std::vector<Numbers>& steps, const State& next = kNoState) {
  cache.Begin(0, row);
  for (const Numbers& step : steps) cache.AddStep(resolve::DefinitionId{7}, next, step);
  cache.End();
}

TEST(StepCacheTest, KnowsWhatItWasToldByWhatIsRead) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  ASSERT_EQ(cache.Find(0, Numbers{5, 6, 7}), nullptr);
  Answer(cache, {5, 6, 7}, {{1, 2, 7}, {3, 4, 7}});
  StepCache::Answer* answer = cache.Find(0, Numbers{9, 6, 9});
  ASSERT_NE(answer, nullptr);
  ASSERT_EQ(answer->step_count, 2U);
  const StepCache::Step second = cache.StepOf(0, *answer, 1);
  EXPECT_EQ(second.definition.index, 7U);
  EXPECT_EQ(Numbers(second.numbers.begin(), second.numbers.end()), (Numbers{3, 4}));
  EXPECT_EQ(cache.Find(0, Numbers{5, 5, 7}), nullptr);
}

TEST(StepCacheTest, ThatThereIsNoStepIsAnAnswer) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  (void)cache.Find(0, Numbers{5, 6, 7});
  Answer(cache, {5, 6, 7}, {});
  StepCache::Answer* answer = cache.Find(0, Numbers{1, 6, 1});
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(answer->step_count, 0U);
}

TEST(StepCacheTest, AnAnswerThatWasNotEndedIsNone) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  (void)cache.Find(0, Numbers{5, 6, 7});
  cache.Begin(0, Numbers{5, 6, 7});
  cache.AddStep(resolve::DefinitionId{7}, kNoState, Numbers{1, 2, 3});
  EXPECT_EQ(cache.Find(0, Numbers{5, 6, 7}), nullptr);
}

TEST(StepCacheTest, ValuesWithoutANumberStandBesideIt) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  (void)cache.Find(0, Numbers{5, 6, 7});
  Answer(cache, {5, 6, 7}, {{1, kNoNumber, 7}}, {Value::Int(1), Value::Int(42), Value::Int(3)});
  StepCache::Answer* answer = cache.Find(0, Numbers{5, 6, 7});
  ASSERT_NE(answer, nullptr);
  ASSERT_EQ(answer->values.size(), 1U);
  EXPECT_EQ(answer->values[0].as_int(), 42);
}

TEST(StepCacheTest, WhatIsNotCachableIsNeverKnown) {
  std::vector<eval::StepGroup> groups = OneGroup();
  groups[0].is_cachable = false;
  StepCache cache(groups);
  (void)cache.Find(0, Numbers{5, 6, 7});
  Answer(cache, {5, 6, 7}, {{1, 2, 3}});
  EXPECT_EQ(cache.Find(0, Numbers{5, 6, 7}), nullptr);
}

// Questions that fall on one place replace one another, and are never taken for one another.
TEST(StepCacheTest, NeverTakesOneQuestionForAnother) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  std::mt19937 engine(11);
  std::size_t known_count = 0;
  for (int i = 0; i < 200'000; ++i) {
    const Numbers row{0, static_cast<std::uint32_t>(engine() % 3'000) * 2654435761U, 0};
    StepCache::Answer* answer = cache.Find(0, row);
    if (answer == nullptr) {
      Answer(cache, row, {{row[1] + 1, row[1] + 2, 0}});
      continue;
    }
    ++known_count;
    ASSERT_EQ(cache.StepOf(0, *answer, 0).numbers[0], row[1] + 1);
  }
  EXPECT_GT(known_count, 100'000U);
}

}  // namespace
}  // namespace kelpie::explore
