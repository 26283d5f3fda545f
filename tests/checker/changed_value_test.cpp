// What changes make of a value, told before it is made, is what making it gives: over random values and changes.
#include "checker/explore/changed_value.h"

#include <gtest/gtest.h>

#include <random>

#include "checker/eval/value_order.h"

namespace kelpie::explore {
namespace {

using eval::Reads;
using eval::Value;

std::uint64_t Below(std::mt19937& engine, std::uint64_t bound) { return engine() % bound; }

Value Small(std::mt19937& engine) {
  const std::uint64_t kind = Below(engine, 4);
  if (kind == 0) return Value::Sequence({Value::Int(static_cast<std::int64_t>(Below(engine, 3)))});
  if (kind == 1) return Value::SetFromSorted({});
  return Value::Sequence({});
}

Value RandomSet(std::mt19937& engine) {
  std::vector<Value> elements;
  for (std::uint64_t i = Below(engine, 6); i > 0; --i)
    elements.push_back(Value::Int(static_cast<std::int64_t>(Below(engine, 8))));
  return *eval::MakeSet(std::move(elements));
}

Value RandomFunction(std::mt19937& engine) {
  const Value domain = RandomSet(engine);
  std::vector<Value> values;
  for (std::size_t i = 0; i < domain.size(); ++i) values.push_back(Small(engine));
  return Value::Function(domain, std::move(values));
}

StepCache::Part RandomPart(std::mt19937& engine, bool is_set) {
  const Value key = Value::Int(static_cast<std::int64_t>(Below(engine, 8)));
  if (!is_set) return {Reads::PartKind::kAt, static_cast<std::uint32_t>(Below(engine, 9)), key, Small(engine)};
  return {Below(engine, 2) == 0 ? Reads::PartKind::kElement : Reads::PartKind::kNoElement, 0, {}, key};
}

Value Applied(Value value, const StepCache::Part& part) {
  switch (part.kind) {
    case Reads::PartKind::kAt: return value.Apply(part.key) != nullptr ? value.With(part.key, part.value) : value;
    case Reads::PartKind::kElement: return value.WithElement(part.value);
    default: return value.WithoutElement(part.value);
  }
}

TEST(ChangedValue, IsWhatTheChangesMakeOneAfterTheOther) {
  std::mt19937 engine(5);
  ChangedValue changed;
  std::size_t same_count = 0;
  for (int i = 0; i < 100'000; ++i) {
    const bool is_set = Below(engine, 2) == 0;
    const Value base = is_set ? RandomSet(engine) : RandomFunction(engine);
    std::vector<StepCache::Part> parts;
    for (std::uint64_t k = Below(engine, 4); k > 0; --k) parts.push_back(RandomPart(engine, is_set));
    Value expected = base;
    for (const StepCache::Part& part : parts) expected = Applied(expected, part);
    ASSERT_TRUE(changed.Begin(base, parts));
    ASSERT_EQ(changed.hash(), expected.hash());
    ASSERT_TRUE(changed.Is(expected)) << eval::ToString(base) << " to " << eval::ToString(expected);
    ASSERT_TRUE(eval::Same(changed.Make(), expected));
    ASSERT_EQ(changed.is_same(), eval::Same(base, expected));
    same_count += changed.is_same() ? 1 : 0;
    // Others are told from it, those that differ little among them.
    const Value other = Applied(expected, RandomPart(engine, is_set));
    ASSERT_EQ(changed.Is(other), eval::Same(expected, other)) << eval::ToString(other);
    ASSERT_EQ(changed.Is(base), eval::Same(expected, base));
  }
  EXPECT_GT(same_count, 10'000U);
}

TEST(ChangedValue, WhatEvaluationMightRefuseIsRefused) {
  ChangedValue changed;
  std::vector<StepCache::Part> at{{Reads::PartKind::kAt, 0, Value::Int(1), Value::Int(2)}};
  std::vector<StepCache::Part> in{{Reads::PartKind::kElement, 0, {}, Value::Int(2)}};
  std::vector<StepCache::Part> out{{Reads::PartKind::kNoElement, 0, {}, Value::Int(2)}};
  const Value names = Value::SetFromSorted({Value::String("a")});
  EXPECT_FALSE(changed.Begin(Value::Int(1), at));
  EXPECT_FALSE(changed.Begin(names, at));
  EXPECT_FALSE(changed.Begin(Value::Sequence({Value::Int(1)}), in));
  EXPECT_FALSE(changed.Begin(Value::Bool(true), out));
  EXPECT_FALSE(changed.Begin(names, in));  // 2 cannot be compared with "a"
  EXPECT_FALSE(changed.Begin(names, out));
  EXPECT_TRUE(changed.Begin(Value::SetFromSorted({}), in));
  EXPECT_TRUE(changed.Begin(Value::SetFromSorted({Value::ModelValue("m")}), in));
}

}  // namespace
}  // namespace kelpie::explore
