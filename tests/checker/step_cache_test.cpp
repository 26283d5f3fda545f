// The cache of steps gives the answers it was given, and no others.
#include "checker/explore/step_cache.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include "checker/explore/explorer.h"
#include "load_program.h"

namespace kelpie::explore {
namespace {

using eval::State;
using eval::Value;

std::vector<eval::StepGroup> OneGroup() { return {{.is_cachable = true, .elements_of = {}}}; }

Value Pair(std::int64_t first, std::int64_t second) { return Value::Sequence({Value::Int(first), Value::Int(second)}); }

StepCache::Answer* Find(StepCache& cache, const State& state, const Value* element = nullptr) {
  bool is_wanted = false;
  return cache.Find(0, state, element, is_wanted);
}

// Remembers what `read` reads of a state, and one step that gives slot 0 the value of number `number`.
void Remember(StepCache& cache, const State& state, std::uint32_t number, const std::function<void(eval::Reads&)>& read,
              const Value* element = nullptr) {
  (void)Find(cache, state, element);
  eval::Reads* reads = cache.Begin(0, state.size());
  read(*reads);
  reads->SetAll(0);
  for (std::uint32_t slot = 1; slot < state.size(); ++slot) reads->SetUnchanged(slot);
  cache.AddStep(resolve::DefinitionId{7}, state, std::vector<std::uint32_t>(state.size(), number));
  cache.End(state, element);
}

std::uint32_t NumberIn(const StepCache::Answer* answer) {
  return answer != nullptr && answer->changes.size() == 1 ? answer->changes[0].number : kNoNumber;
}

TEST(StepCacheTest, KnowsWhatItWasToldByWhatWasRead) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  const State state = {Pair(1, 2), Value::Int(5)};
  EXPECT_EQ(Find(cache, state), nullptr);
  Remember(cache, state, 40, [](eval::Reads& reads) { reads.AddAt(0, Value::Int(1)); });
  EXPECT_EQ(NumberIn(Find(cache, {Pair(1, 9), Value::Int(6)})), 40U);
  EXPECT_EQ(Find(cache, {Pair(9, 2), Value::Int(5)}), nullptr);
  EXPECT_EQ(Find(cache, {Value::Int(1), Value::Int(5)}), nullptr);  // no function
  EXPECT_EQ(NumberIn(Find(cache, state)), 40U);
}

TEST(StepCacheTest, AsksOnAsTheAnswersTell) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  const auto read = [](const State& state) {
    return [&state](eval::Reads& reads) {
      reads.AddWhole(1);
      if (state[1].as_int() == 0) reads.AddAt(0, Value::Int(1));
      if (state[1].as_int() != 0) reads.AddAt(0, Value::Int(2));
    };
  };
  const State first = {Pair(1, 2), Value::Int(0)};
  const State second = {Pair(1, 2), Value::Int(1)};
  Remember(cache, first, 10, read(first));
  Remember(cache, second, 20, read(second));
  EXPECT_EQ(NumberIn(Find(cache, {Pair(1, 8), Value::Int(0)})), 10U);
  EXPECT_EQ(Find(cache, {Pair(8, 2), Value::Int(0)}), nullptr);
  EXPECT_EQ(NumberIn(Find(cache, {Pair(8, 2), Value::Int(1)})), 20U);
}

TEST(StepCacheTest, MembersAndElements) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  const Value three = Value::Int(3);
  const State with = {Value::SetFromSorted({Value::Int(1), three}), Value::Int(0)};
  const State without = {Value::SetFromSorted({Value::Int(1)}), Value::Int(0)};
  const auto read = [&](eval::Reads& reads) { reads.AddMember(0, three); };
  Remember(cache, with, 1, read, &three);
  EXPECT_EQ(NumberIn(Find(cache, with, &three)), 1U);
  EXPECT_EQ(Find(cache, without, &three), nullptr);
  EXPECT_EQ(Find(cache, with, &without[1]), nullptr);  // another element
  EXPECT_EQ(Find(cache, {three, three}, &three), nullptr);
  Remember(cache, without, 2, read, &three);
  EXPECT_EQ(NumberIn(Find(cache, without, &three)), 2U);
}

// Answers of one state are used one after the other, while others are remembered.
TEST(StepCacheTest, AnswersStayUntilTheNextStateBegins) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  const State state = {Value::Int(0)};
  const auto read = [](eval::Reads& reads) { reads.AddWhole(0); };
  const Value first = Value::Int(-1);
  Remember(cache, state, 77, read, &first);
  const StepCache::Answer* answer = Find(cache, state, &first);
  for (std::int64_t i = 0; i < 300'000; ++i) {
    const Value element = Value::Int(i);
    Remember(cache, state, 1, read, &element);
  }
  EXPECT_EQ(NumberIn(answer), 77U);
  cache.BeginState();
  EXPECT_EQ(Find(cache, state, &first), nullptr);  // there was no room for so many
}

TEST(StepCacheTest, ThatThereIsNoStepIsAnAnswer) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  const State state = {Value::Int(1)};
  (void)Find(cache, state);
  cache.Begin(0, 1)->AddWhole(0);
  cache.End(state, nullptr);
  StepCache::Answer* answer = Find(cache, state);
  ASSERT_NE(answer, nullptr);
  EXPECT_TRUE(answer->steps.empty());
}

TEST(StepCacheTest, AnAnswerThatWasNotEndedIsNone) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  const State state = {Value::Int(1)};
  (void)Find(cache, state);
  cache.Begin(0, 1)->SetAll(0);
  cache.AddStep(resolve::DefinitionId{7}, state, std::vector<std::uint32_t>{1});
  EXPECT_EQ(Find(cache, state), nullptr);
}

TEST(StepCacheTest, ValuesWithoutANumberStandInIt) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  const State state = {Value::Int(42)};
  Remember(cache, state, kNoNumber, [](eval::Reads& reads) { reads.AddWhole(0); });
  StepCache::Answer* answer = Find(cache, state);
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(answer->changes[0].value.as_int(), 42);
}

TEST(StepCacheTest, WhatIsNotCachableIsNotWanted) {
  std::vector<eval::StepGroup> groups = OneGroup();
  groups[0].is_cachable = false;
  StepCache cache(groups);
  bool is_wanted = true;
  EXPECT_EQ(cache.Find(0, {Value::Int(1)}, nullptr, is_wanted), nullptr);
  EXPECT_FALSE(is_wanted);
}

// Numbers whose low bits are alike, kinds that look alike, and collections without an object in common.
TEST(StepCacheTest, NeverTakesOneQuestionForAnother) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  const std::vector<Value> values = {Value::Int(1),
                                     Value::Int(1 + (std::int64_t{1} << 60)),
                                     Value::Int(1 + (std::int64_t{1} << 61)),
                                     Value::Int(-1),
                                     Value::Bool(true),
                                     Value::Bool(false),
                                     Value::Int(0),
                                     Value::SetFromSorted({}),
                                     Value::Sequence({})};
  for (std::uint32_t i = 0; i < values.size(); ++i)
    Remember(cache, {values[i]}, i, [](eval::Reads& reads) { reads.AddWhole(0); });
  for (std::uint32_t i = 0; i < values.size(); ++i) EXPECT_EQ(NumberIn(Find(cache, {values[i]})), i) << i;
  EXPECT_EQ(NumberIn(Find(cache, {Value::SetFromSorted({})})), 7U);
}

// More than it has room for: what is forgotten is not known, and never wrong.
TEST(StepCacheTest, ForgetsRatherThanGrow) {
  const auto groups = OneGroup();
  StepCache cache(groups);
  std::mt19937 engine(11);
  std::size_t known_count = 0;
  for (int i = 0; i < 600'000; ++i) {
    const auto number = static_cast<std::uint32_t>(engine() % (i % 2 == 0 ? 1'000 : 400'000));
    const State state = {Value::Int(number)};
    cache.BeginState();
    bool is_wanted = false;
    const StepCache::Answer* answer = cache.Find(0, state, nullptr, is_wanted);
    if (answer != nullptr) {
      ++known_count;
      ASSERT_EQ(NumberIn(answer), number);
    } else if (is_wanted) {
      Remember(cache, state, number, [](eval::Reads& reads) { reads.AddWhole(0); });
    }
  }
  EXPECT_GT(known_count, 100'000U);
}

// What one state's set can take, a variable that is no set cannot: the error is met although the steps are known.
TEST(StepCacheTest, AChangeThatDoesNotFitIsEvaluated) {
  const auto folder = std::filesystem::temp_directory_path() / ("kelpie-step-shapes-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::pair<const char*, const char*> broken[] = {
      {"v' = 5", "v' = v \\union {2}"}, {"v' = {\"a\"}", "v' = v \\union {2}"}, {"v' = 5", "v' = v \\ {2}"}};
  for (const auto& [breaks, changes] : broken) {
    std::ofstream(folder / "S.tla")
        << "---- MODULE S ----\nEXTENDS Integers\nVARIABLES v, n\nInit == v = {1} /\\ n = 0\n"
        << "Adds == n < 3 /\\ n' = n + 1 /\\ " << changes << "\n"
        << "Breaks == n = 2 /\\ " << breaks << " /\\ n' = 0\nNext == Adds \\/ Breaks\n====\n";
    std::ofstream(folder / "S.cfg") << "INIT Init\nNEXT Next\nCHECK_DEADLOCK FALSE\n";
    eval::Evaluator evaluator(LoadProgram(folder / "S.cfg"), {}, {});
    const ExploreResult result = Explore(evaluator, {});
    EXPECT_EQ(result.outcome, Outcome::kEvaluation) << changes;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kelpie::explore
