// JSON text as values: what has none is refused where it stands.
#include "checker/eval/json_text.h"

#include <gtest/gtest.h>

#include "checker/eval/value_order.h"

namespace kelpie::eval {
namespace {

struct Outcome {
  std::optional<Value> value;
  JsonFault fault;
  [[nodiscard]] std::string place() const { return std::to_string(fault.line) + ":" + std::to_string(fault.column); }
  [[nodiscard]] std::string text() const { return value ? ToString(*value) : place() + ": " + fault.message; }
};

Outcome One(std::string_view text, const JsonLimits& limits = {}) {
  Outcome outcome;
  outcome.value = ReadJson(text, limits, outcome.fault);
  return outcome;
}

Outcome Lines(std::string_view text, const JsonLimits& limits = {}) {
  Outcome outcome;
  outcome.value = ReadJsonLines(text, limits, outcome.fault);
  return outcome;
}

TEST(Json, ValuesOfText) {
  EXPECT_EQ(One(R"({"a": [1, -2, true], "b": {}})").text(), R"([a |-> <<1, -2, TRUE>>, b |-> <<>>])");
  EXPECT_EQ(One(R"("\u00e4\n")").text(), ToString(Value::String("\xC3\xA4\n")));
  EXPECT_EQ(One("9223372036854775807").text(), "9223372036854775807");
  EXPECT_EQ(One("-9223372036854775808").text(), "-9223372036854775808");
}

// A number with a point or an exponent may still be an integer; it is never rounded to one.
TEST(Json, IntegersInDisguise) {
  for (const char* text : {"20.0", "2e1", "0.2e2", "2000E-2", "200.00e-1", "2e+1"}) EXPECT_EQ(One(text).text(), "20");
  for (const char* text : {"0.0", "-0.0", "0e99999999999", "-0"}) EXPECT_EQ(One(text).text(), "0");
  EXPECT_EQ(One("9223372036854775.807e3").text(), "9223372036854775807");
  for (const char* text : {"0.5", "1e-1", "-2.25", "1e-400", "10.000000000000000000000001", "1e20"})
    EXPECT_EQ(One(text).text(), std::string("1:1: the number ") + text + " is no integer of 64 bits");
}

TEST(Json, RefusedWhereItStands) {
  const auto refused = [](const char* text, const std::string& found) { EXPECT_EQ(One(text).text(), found) << text; };
  refused("[1,\n null]", "2:2: null is no value of TLA+");
  refused("[1,\r\n\"\xC3\xA4\", 0.5 ]", "2:6: the number 0.5 is no integer of 64 bits");
  refused("{\"a\": 1.5}", "1:7: the number 1.5 is no integer of 64 bits");
  refused("[9223372036854775808]", "1:2: the number 9223372036854775808 is beyond 64 bits");
  refused("[-9223372036854775809]", "1:2: the number -9223372036854775809 is beyond 64 bits");
  refused("[123456789012345678901234567890 ]", "1:2: the number 123456789012345678901234567890 is beyond 64 bits");
  refused("1e99999999999", "1:1: the number 1e99999999999 is beyond 64 bits");
  refused("[1e400]", "1:2: the number 1e400 is beyond 64 bits");
  refused("1e400", "1:1: the number 1e400 is beyond 64 bits");
  refused("{\"a\": 1, \"b\": 2,\n\"a\": 3}", "2:1: the name \"a\" stands twice in one object");
  refused("{\"a\": 1, \"\\u0061\": 2}", "1:10: the name \"a\" stands twice in one object");
  refused("{\"q\\\"\": 1, \"q\\\"\": 2}", "1:12: the name \"q\"\" stands twice in one object");
}

TEST(Json, WhatIsNoJson) {
  for (const char* text : {"", " \n", "[1, 2", "{\"a\": 1", "\"abc", "[1,]", "{\"a\" 1}", "{a: 1}", "{'a': 1}", "[NaN]",
                           "[Infinity]", "[0x10]", "[007]", "[+1]", "[.5]", "[1.]", "[TRUE]", "// c\n1", "1 2", "\"\\x\"",
                           "\"\t\"", "\"\xC3\"", "\"\\uD83D\"", "[1}", "]", "nul"}) {
    const Outcome outcome = One(text);
    ASSERT_FALSE(outcome.value) << text;
    EXPECT_NE(outcome.fault.message.find("not JSON: "), std::string::npos) << text << outcome.text();
    EXPECT_EQ(outcome.fault.message.find("json.exception"), std::string::npos) << outcome.text();
    EXPECT_GE(outcome.fault.column, 1U);
  }
  EXPECT_EQ(One("[1,\n2").place(), "2:2");
  EXPECT_EQ(One("[1,\n\"ab").place(), "2:4");
  EXPECT_EQ(One("[1,\n]").place(), "2:1");
  EXPECT_EQ(One("{\"a\":\n1 1}").place(), "2:3");
}

TEST(Json, LimitsAreNamed) {
  EXPECT_TRUE(One("[[[]]]", {.depth_max = 3}).value);
  EXPECT_EQ(One("[[[[]]]]", {.depth_max = 3}).text(),
            "1:4: more than 3 arrays and objects inside each other (--max-depth)");
  EXPECT_TRUE(One("[1,2,3]", {.size_max = 3}).value);
  EXPECT_NE(One("[1,2,3,4]", {.size_max = 3}).text().find("more than 3 elements (--max-set)"), std::string::npos);
  EXPECT_NE(One(R"({"a":1,"b":2})", {.size_max = 1}).text().find("(--max-set)"), std::string::npos);
  EXPECT_EQ(Lines("1\n2\n3\n", {.size_max = 2}).text(), "3:1: more than 2 lines (--max-set)");
  // Nesting is no recursion of the reader.
  EXPECT_EQ(One(std::string(1'000'000, '['), {.depth_max = 2'000}).fault.column, 2'001U);
}

TEST(Json, Lines) {
  EXPECT_EQ(Lines("{\"a\": 1}\n[2]\n\n  \n3").text(), "<<[a |-> 1], <<2>>, 3>>");
  EXPECT_EQ(Lines("1\r\n2\r3").text(), "<<1, 2, 3>>");
  EXPECT_EQ(Lines("").text(), "<<>>");
  EXPECT_EQ(Lines("1\n{\"a\":\n2}\n").fault.line, 2U);
  EXPECT_EQ(Lines("1\n2 3\n").place(), "2:3");
  EXPECT_EQ(Lines("1\r\n\r\n null\r\n").place(), "3:2");
  EXPECT_EQ(Lines("1\r\rnull\r").place(), "3:1");
  EXPECT_EQ(Lines("{\"a\": 1}\n{\"a\": 1, \"a\": 1}\n").place(), "2:10");
}

}  // namespace
}  // namespace kelpie::eval
