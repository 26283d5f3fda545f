// A memo answers only for what it was told, and gives up where it is of no use.
#include "checker/explore/predicate_memo.h"

#include <gtest/gtest.h>

#include <random>

namespace kelpie::explore {
namespace {

using Numbers = std::vector<std::uint32_t>;

TEST(PredicateMemo, KnowsWhatItWasToldAndNothingElse) {
  PredicateMemo memo({1}, PredicateMemo::Over::kState, true);
  EXPECT_EQ(memo.Find(Numbers{7, 3}, {}), std::nullopt);
  memo.Keep(true);
  EXPECT_EQ(memo.Find(Numbers{8, 3}, {}), true);  // slot 0 is not read
  EXPECT_EQ(memo.Find(Numbers{7, 4}, {}), std::nullopt);
  memo.Keep(false);
  EXPECT_EQ(memo.Find(Numbers{7, 4}, {}), false);
  EXPECT_EQ(memo.Find(Numbers{7, 3}, {}), true);
}

TEST(PredicateMemo, ReadsBothStatesOfAStep) {
  PredicateMemo memo({0}, PredicateMemo::Over::kStep, true);
  EXPECT_EQ(memo.Find(Numbers{1}, Numbers{2}), std::nullopt);
  memo.Keep(true);
  EXPECT_EQ(memo.Find(Numbers{1}, Numbers{2}), true);
  EXPECT_EQ(memo.Find(Numbers{2}, Numbers{1}), std::nullopt);
  EXPECT_EQ(memo.Find(Numbers{1}, Numbers{1}), std::nullopt);
}

TEST(PredicateMemo, KeepsNothingForValuesWithoutANumber) {
  PredicateMemo memo({0}, PredicateMemo::Over::kState, true);
  EXPECT_EQ(memo.Find(Numbers{kNoNumber}, {}), std::nullopt);
  memo.Keep(true);
  EXPECT_EQ(memo.Find(Numbers{kNoNumber}, {}), std::nullopt);
}

TEST(PredicateMemo, KeepsNothingOfAPredicateWithEffects) {
  PredicateMemo memo({0}, PredicateMemo::Over::kState, false);
  EXPECT_FALSE(memo.is_in_use());
  EXPECT_EQ(memo.Find(Numbers{1}, {}), std::nullopt);
  memo.Keep(true);
  EXPECT_EQ(memo.Find(Numbers{1}, {}), std::nullopt);
}

TEST(PredicateMemo, APredicateOfNoVariableHasOneTruth) {
  PredicateMemo memo({}, PredicateMemo::Over::kState, true);
  EXPECT_EQ(memo.Find(Numbers{1}, {}), std::nullopt);
  memo.Keep(false);
  EXPECT_EQ(memo.Find(Numbers{2}, {}), false);
}

// More rows than it has room for: what falls on one place replaces the other, and is never taken for it.
TEST(PredicateMemo, NeverTakesOneRowForAnother) {
  PredicateMemo memo({0, 2}, PredicateMemo::Over::kState, true);
  std::mt19937 engine(7);
  const auto random = [&engine] { return static_cast<std::uint32_t>(engine()); };
  std::uint64_t known_count = 0;
  for (int i = 0; i < 200'000; ++i) {
    const Numbers row = {random() % 5, random() % 5, random() % 9000};
    const bool truth = (row[0] * 31 + row[2] * 17) % 3 == 0;
    const std::optional<bool> found = memo.Find(row, {});
    if (found) {
      ASSERT_EQ(*found, truth);
      ++known_count;
    } else {
      memo.Keep(truth);
    }
  }
  EXPECT_GT(known_count, 0U);
}

TEST(PredicateMemo, GivesUpWhereNothingComesUpAgain) {
  PredicateMemo memo({0}, PredicateMemo::Over::kState, true);
  for (std::uint32_t i = 0; i < 40'000; ++i) {
    EXPECT_EQ(memo.Find(Numbers{i}, {}), std::nullopt);
    memo.Keep(true);
  }
  EXPECT_FALSE(memo.is_in_use());
}

}  // namespace
}  // namespace kelpie::explore
