// Values and states have one number each, however they are looked for; equal values become one object, and so do
// their parts.
#include "checker/explore/state_store.h"

#include <gtest/gtest.h>

#include "checker/eval/value_order.h"

namespace kelpie::explore {
namespace {

using eval::State;
using eval::Value;

Value Pair(std::int64_t a, std::int64_t b) { return Value::Sequence({Value::Int(a), Value::Int(b)}); }
Value Nested(std::int64_t a) { return Value::Sequence({Pair(a, 1), *eval::MakeSet({Pair(2, 3), Pair(a, 1)})}); }

TEST(ValueTableTest, EqualValuesHaveOneNumberAndOneObject) {
  ValueTable table(false, true);
  const std::uint32_t number = table.Intern(Nested(1));
  EXPECT_EQ(table.Intern(Nested(1)), number);
  EXPECT_EQ(table.Find(Nested(1)), number);
  EXPECT_EQ(table.Find(Nested(2)), std::nullopt);
  EXPECT_NE(table.Intern(Nested(2)), number);
  EXPECT_EQ(table.size(), 2U);
}

TEST(ValueTableTest, PartsAreOneObjectToo) {
  ValueTable table(false, true);
  const Value a = table.value(table.Intern(Nested(1)));
  const Value b = table.value(table.Intern(Value::Sequence({Pair(2, 3), Pair(7, 7)})));
  EXPECT_TRUE(a.items()[0].is_same_object(a.items()[1].items()[0]));
  EXPECT_TRUE(a.items()[1].items()[1].is_same_object(b.items()[0]));
}

TEST(ValueTableTest, ScalarsOfAllSizes) {
  ValueTable table(false, true);
  std::vector<Value> scalars = {Value::Bool(false), Value::Bool(true), Value::String("a"), Value::ModelValue("a")};
  for (const std::int64_t i : {0L, 1L, -1L, 8'191L, 8'192L, 20'000L, -20'000L, INT64_MAX, INT64_MIN}) {
    scalars.push_back(Value::Int(i));
  }
  for (const Value& value : scalars) EXPECT_EQ(table.Find(value), std::nullopt) << eval::ToString(value);
  std::vector<std::uint32_t> numbers;
  for (const Value& value : scalars) numbers.push_back(table.Intern(value));
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    EXPECT_EQ(table.Find(scalars[i]), numbers[i]) << eval::ToString(scalars[i]);
    EXPECT_EQ(numbers[i], i);
  }
}

// An object knows the number that one table gave it; another table must not believe it.
TEST(ValueTableTest, TablesDoNotTakeOneAnothersNumbers) {
  ValueTable first(false, true);
  ValueTable second(false, true);
  (void)second.Intern(Pair(0, 0));
  const Value value = Nested(4);
  EXPECT_EQ(first.Intern(value), 0U);
  EXPECT_EQ(second.Find(value), std::nullopt);
  EXPECT_EQ(second.Intern(value), 1U);
  EXPECT_EQ(first.Find(value), 0U);
  EXPECT_EQ(second.Find(value), 1U);
}

TEST(ValueTableTest, AChangedValueHasAnotherNumber) {
  ValueTable table(false, true);
  Value value = Pair(1, 2);
  const std::uint32_t before = table.Intern(value);
  const Value changed = value.WithItem(0, Value::Int(9));
  EXPECT_NE(table.Intern(changed), before);
  Value own = Pair(5, 5);
  ASSERT_TRUE(own.is_sole_owner());
  own.ReplaceItem(1, Value::Int(2));
  own.ReplaceItem(0, Value::Int(1));
  EXPECT_EQ(table.Intern(own), before);
}

TEST(StateStoreTest, FindsWhatWasAdded) {
  StateStore store(2);
  StateStore::Probe probe;
  const State first = {Value::Int(1), Nested(1)};
  ASSERT_FALSE(store.Find(probe, first, kNoParent, nullptr));
  store.Add(probe, first, kNoParent, 1);
  State second = store.state(0);
  second[0] = Value::Int(2);
  ASSERT_FALSE(store.Find(probe, second, 0, &first));
  EXPECT_EQ(probe.row[0], kNoNumber);
  EXPECT_EQ(probe.row[1], store.row(0)[1]);
  store.Add(probe, second, 0, 2);
  EXPECT_EQ(store.size(), 2U);
  EXPECT_TRUE(store.Find(probe, {Value::Int(2), Nested(1)}, kNoParent, nullptr));
  EXPECT_EQ(probe.found, 1U);
  EXPECT_EQ(store.parent(1), 0U);
  EXPECT_TRUE(store.HasRow(probe.row, StateStore::TagOf(probe.row)));
  probe.row[0] = kNoNumber;
  EXPECT_FALSE(store.HasRow(probe.row, StateStore::TagOf(probe.row)));
}

TEST(StateStoreTest, EqualValuesBecomeTheStoresObjects) {
  StateStore store(1);
  StateStore::Probe probe;
  ASSERT_TRUE(store.Put(probe, {Nested(3)}, nullptr, kNoParent, nullptr, 1));
  State again = {Nested(3)};
  EXPECT_FALSE(again[0].is_same_object(store.state(0)[0]));
  EXPECT_TRUE(store.FindShared(probe, again, kNoParent, nullptr));
  EXPECT_TRUE(again[0].is_same_object(store.state(0)[0]));
}

TEST(StateStoreTest, KeysAreFoundByKeysAlone) {
  StateStore store(1);
  StateStore::Probe probe;
  const State key = {Value::String("one")};
  ASSERT_TRUE(store.Put(probe, {Value::Int(1)}, &key, kNoParent, nullptr, 1));
  EXPECT_FALSE(store.Put(probe, {Value::Int(2)}, &key, kNoParent, nullptr, 1));
  EXPECT_EQ(probe.found, 0U);
  EXPECT_EQ(store.size(), 1U);
}

TEST(StateStoreTest, ManyStatesAreFoundAgain) {
  StateStore store(2);
  StateStore::Probe probe;
  for (std::int64_t i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(store.Put(probe, {Value::Int(i), Pair(i % 100, i)}, nullptr, kNoParent, nullptr, 1));
  }
  for (std::int64_t i = 0; i < 20'000; ++i) {
    ASSERT_TRUE(store.Find(probe, {Value::Int(i), Pair(i % 100, i)}, kNoParent, nullptr));
    ASSERT_EQ(probe.found, static_cast<std::uint32_t>(i));
  }
}

}  // namespace
}  // namespace kelpie::explore
