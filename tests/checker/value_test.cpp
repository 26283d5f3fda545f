// Values: one form per value, one total order, TLA+ equality with TLC's refusals.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "checker/eval/value.h"
#include "checker/eval/value_order.h"

namespace kelpie::eval {
namespace {

Value Set(std::vector<Value> elements) { return *MakeSet(std::move(elements)); }
Value Int(std::int64_t i) { return Value::Int(i); }
Value Str(const char* text) { return Value::String(text); }

TEST(ValueForm, AFunctionOverOneToNIsASequence) {
  const Value function = Value::Function(Set({Int(2), Int(1)}), {Str("a"), Str("b")});
  EXPECT_EQ(function.kind(), ValueKind::kSequence);
  EXPECT_TRUE(Same(function, Value::Sequence({Str("a"), Str("b")})));
  EXPECT_EQ(function.hash(), Value::Sequence({Str("a"), Str("b")}).hash());
}

TEST(ValueForm, TheEmptyFunctionIsTheEmptySequence) {
  EXPECT_TRUE(Same(Value::Function(Set({}), {}), Value::Sequence({})));
  EXPECT_TRUE(Same(Value::Record({}), Value::Sequence({})));
}

TEST(ValueForm, ARecordIsAFunctionOverStrings) {
  const Value record = Value::Record({{Intern("b"), Int(2)}, {Intern("a"), Int(1)}});
  const Value function = Value::Function(Set({Str("a"), Str("b")}), {Int(1), Int(2)});
  EXPECT_TRUE(record.is_record());
  EXPECT_TRUE(Same(record, function));
  EXPECT_EQ(ToString(record), "[a |-> 1, b |-> 2]");
}

TEST(ValueForm, SetsForgetOrderAndRepetition) {
  EXPECT_TRUE(Same(Set({Int(2), Int(1), Int(2)}), Set({Int(1), Int(2)})));
  EXPECT_EQ(Set({Int(2), Int(1), Int(2)}).size(), 2U);
}

TEST(ValueEquality, RefusesWhatTlcRefuses) {
  EXPECT_EQ(Equal(Str("a"), Int(1)), std::nullopt);
  EXPECT_EQ(Equal(Value::Bool(true), Int(1)), std::nullopt);
  EXPECT_EQ(Equal(Set({Int(1)}), Set({Str("a")})), std::nullopt);
  EXPECT_EQ(Equal(Value::Record({{Intern("a"), Int(1)}}), Value::Sequence({Int(1)})), std::nullopt);
  EXPECT_EQ(Equal(Set({Int(1)}), Int(1)), std::nullopt);
  EXPECT_EQ(MakeSet({Int(1), Str("a")}), std::nullopt);
}

TEST(ValueEquality, AModelValueDiffersFromEverythingElse) {
  EXPECT_EQ(Equal(Value::ModelValue("n1"), Int(1)), false);
  EXPECT_EQ(Equal(Value::ModelValue("n1"), Str("n1")), false);
  EXPECT_EQ(Equal(Value::ModelValue("n1"), Value::ModelValue("n1")), true);
  EXPECT_EQ(Equal(Value::ModelValue("n1"), Value::ModelValue("n2")), false);
}

TEST(ValueEquality, DifferentSizesDifferWithoutLookingInside) {
  EXPECT_EQ(Equal(Set({Int(1), Int(2)}), Set({Str("a")})), false);
  EXPECT_EQ(Equal(Value::Sequence({Int(1), Int(2)}), Value::Sequence({Str("a")})), false);
}

TEST(ValueFunction, WithReplacesOneEntryAndKeepsTheOld) {
  const Value before = Value::Function(Set({Int(5), Int(7)}), {Str("x"), Str("y")});
  const Value after = before.With(Int(7), Str("z"));
  EXPECT_EQ(ToString(*before.Apply(Int(7))), "\"y\"");
  EXPECT_EQ(ToString(*after.Apply(Int(7))), "\"z\"");
  EXPECT_EQ(after.Apply(Int(6)), nullptr);
  EXPECT_EQ(after.Apply(Str("a")), nullptr);
}

TEST(ValueFunction, AnIndexOutsideASequenceHasNoValue) {
  const Value sequence = Value::Sequence({Int(1)});
  EXPECT_EQ(sequence.Apply(Int(0)), nullptr);
  EXPECT_EQ(sequence.Apply(Int(2)), nullptr);
  EXPECT_EQ(sequence.Apply(Str("1")), nullptr);
}

TEST(ValueText, IsAsTlcPrints) {
  EXPECT_EQ(ToString(Value::Function(Set({Value::ModelValue("n2"), Value::ModelValue("n1")}), {Int(1), Int(2)})),
            "(n1 :> 1 @@ n2 :> 2)");
  EXPECT_EQ(ToString(Value::Sequence({Value::Bool(true), Set({})})), "<<TRUE, {}>>");
  EXPECT_EQ(ToString(Str("a\"b\\")), "\"a\\\"b\\\\\"");
}

// A random value of bounded depth; kinds are mixed on purpose.
Value RandomValue(std::mt19937_64& random, int depth) {
  switch (random() % (depth > 0 ? 7 : 4)) {
    case 0: return Int(static_cast<std::int64_t>(random() % 5) - 2);
    case 1: return Value::Bool(random() % 2 == 0);
    case 2: return Str(random() % 2 == 0 ? "a" : "b");
    case 3: return Value::ModelValue(random() % 2 == 0 ? "m" : "n");
    case 4: {
      std::vector<Value> elements;
      for (std::uint64_t i = random() % 3; i > 0; --i) elements.push_back(RandomValue(random, depth - 1));
      return MakeSet(elements).value_or(Set({}));
    }
    case 5: {
      std::vector<Value> elements;
      for (std::uint64_t i = random() % 3; i > 0; --i) elements.push_back(RandomValue(random, depth - 1));
      return Value::Sequence(std::move(elements));
    }
    default:
      return Value::Function(Set({Int(static_cast<std::int64_t>(random() % 3)), Int(4)}),
                             {RandomValue(random, depth - 1), RandomValue(random, depth - 1)});
  }
}

TEST(ValueOrder, IsTotalAndAgreesWithHashes) {
  std::mt19937_64 random(7);
  std::vector<Value> values;
  for (int i = 0; i < 120; ++i) values.push_back(RandomValue(random, 3));
  for (const Value& a : values) {
    for (const Value& b : values) {
      EXPECT_EQ(Compare(a, b) < 0, Compare(b, a) > 0);
      if (Compare(a, b) == 0) {
        EXPECT_EQ(a.hash(), b.hash());
        EXPECT_EQ(ToString(a), ToString(b));
      } else {
        EXPECT_NE(ToString(a), ToString(b)) << "two forms of one value";
      }
      for (const Value& c : values) {
        if (Compare(a, b) <= 0 && Compare(b, c) <= 0) {
          EXPECT_LE(Compare(a, c), 0);
        }
      }
    }
  }
}

// --- frozen values

Value Nested() {
  const Value names = *MakeSet({Value::String("a"), Value::ModelValue("n1"), Value::String("b")});
  return Value::Sequence({Value::Record({{Intern("f"), names}, {Intern("g"), Value::Int(3)}}), names});
}

TEST(FrozenValuesTest, AreWhatTheyWereAndOutliveTheirOwner) {
  FrozenValues shared;
  Value copy;
  {
    const Value value = Nested();
    shared.Freeze(value);
    shared.Freeze(value);  // once is enough
    copy = value;
  }
  EXPECT_TRUE(Same(copy, Nested()));
  EXPECT_EQ(copy.hash(), Nested().hash());
}

TEST(FrozenValuesTest, PartsMayHaveBeenFrozenBefore) {
  FrozenValues shared;
  const Value part = *MakeSet({Value::Int(1), Value::Int(5)});
  shared.Freeze(part);
  const Value whole = Value::Sequence({part, Value::Sequence({part})});
  shared.Freeze(whole);
  const Value changed = whole.WithItem(0, Value::Int(2));
  EXPECT_EQ(ToString(changed), "<<2, <<{1, 5}>>>>");
  EXPECT_EQ(ToString(whole), "<<{1, 5}, <<{1, 5}>>>>");
}

TEST(FrozenValuesTest, ACopyOutlivesThem) {
  Value copy;
  {
    FrozenValues shared;
    const Value value = Nested();
    shared.Freeze(value);
    copy = value.Copied();
  }
  EXPECT_TRUE(Same(copy, Nested()));
  EXPECT_TRUE(copy.items()[0].is_record());
}

TEST(FrozenValuesTest, ThreadsReadThemAtOnce) {
  FrozenValues shared;
  const Value value = Nested();
  shared.Freeze(value);
  std::vector<std::thread> threads;
  std::atomic<int> same = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2'000; ++i) {
        const Value longer = value.Appended(value.items()[0]);
        if (Same(longer.items()[2], value.items()[0]) && longer.hash() != value.hash()) ++same;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(same, 8'000);
}

TEST(SymbolTable, ThreadsInternAndCompareAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 3'000; ++i) {
        const std::string text = "symbol " + std::to_string(i);
        const std::string other = "symbol " + std::to_string((i * 7 + t) % 3'000);
        const Symbol a = Intern(text);
        const Symbol b = Intern(other);
        if (a.text() != text || b.text() != other) ++wrong;
        const int order = CompareText(a, b);
        if ((order < 0) != (text < other) || (order == 0) != (text == other)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(Intern("symbol 17"), Intern("symbol 17"));
}

}  // namespace
}  // namespace kelpie::eval
