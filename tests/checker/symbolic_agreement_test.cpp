// Both domains give every expression the same value or an error: TLC's recorded answers, and
// random expressions; with leaves known, and with leaves that only the solver knows.
#include <gtest/gtest.h>

#include <cctype>
#include <map>

#include "checker/eval/value_order.h"
#include "tests/checker/symbolic_random.h"
#include "tests/checker/symbolic_support.h"

namespace kelpie::symbolic {
namespace {

struct Row {
  std::string expression;
  std::string result;
  std::string value;
};

std::vector<Row> ReadRows() {
  std::ifstream in(std::string(KELPIE_SOURCE_DIR) + "/tests/testdata/expressions.tsv");
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    if (second == std::string::npos) continue;
    rows.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1), line.substr(second + 1)});
  }
  return rows;
}

// Numbers of an expression in place of which variables stand: i0, i1, ...
std::string NameNumbers(const std::string& text, std::vector<std::int64_t>& numbers) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      const std::size_t end = text.find('"', i + 1);
      if (end == std::string::npos) return text;
      out += text.substr(i, end - i + 1);
      i = end + 1;
      continue;
    }
    const bool is_inside = !out.empty() && (std::isalnum(static_cast<unsigned char>(out.back())) || out.back() == '_' ||
                                            out.back() == '.');
    if (!std::isdigit(static_cast<unsigned char>(text[i])) || is_inside) {
      out += text[i++];
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end]))) ++end;
    const bool is_plain = end - i < 10 && (end == text.size() || !std::isalpha(static_cast<unsigned char>(text[end])));
    if (is_plain) {
      out += "i" + std::to_string(numbers.size());
      numbers.push_back(std::stoll(text.substr(i, end - i)));
    } else {
      out += text.substr(i, end - i);
    }
    i = end;
  }
  return out;
}

constexpr const char* kHead = "---- MODULE E ----\nEXTENDS Integers, Sequences, FiniteSets, TLC\nCONSTANTS m1, m2\n";
constexpr const char* kConfig = "CONSTANTS m1 = m1 m2 = m2\n";

class Agreement : public ::testing::Test {
 protected:
  // The value of TheValue with numbers as they are, or known only to the solver.
  Outcome Evaluate(const std::string& expression, bool is_hidden) {
    std::vector<std::int64_t> numbers;
    const std::string named = is_hidden ? NameNumbers(expression, numbers) : expression;
    std::string variables;
    for (std::size_t i = 0; i < numbers.size(); ++i) variables += (i == 0 ? "VARIABLES i" : ", i") + std::to_string(i);
    std::string why;
    std::string config = kConfig;
    if (!numbers.empty()) {
      variables += "\nInit == TRUE";
      for (std::size_t i = 0; i < numbers.size(); ++i) variables += " /\\ i" + std::to_string(i) + " = 0";
      variables += "\nNext == UNCHANGED i0\n";
      config += "INIT Init\nNEXT Next\n";
    }
    const auto program =
        folder_.Load(std::string(kHead) + variables + "\nTheValue == " + named + "\n====\n", config, &why);
    if (!program) return {std::nullopt, "", "parse: " + why};
    const auto made = program::Compile(
        *program, program->spec->definition(*program->spec->FindDefinition("TheValue")).body, program::Mode::kStep, {});
    if (!made.code) return {std::nullopt, "", made.message};
    SolverCounts counts;
    SymEvaluator evaluator(*program, {}, {}, counts);
    State state;
    for (const std::int64_t number : numbers) state.push_back(eval::Value::Int(number));
    evaluator.Begin(made.code, &state);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      evaluator.SetVariable(static_cast<std::uint32_t>(i), Hide(evaluator, state[i], "i" + std::to_string(i)));
    }
    return EvaluateSymbolically(evaluator);
  }

  void CompareWithTlc(bool is_hidden, std::size_t* compared, std::map<std::string, int>* gaps) {
    for (const Row& row : ReadRows()) {
      if (row.result == "lazy" || row.value == "parse" || row.value == "overflow") continue;
      const Outcome outcome = Evaluate(row.expression, is_hidden);
      if (!outcome.gap.empty()) {
        ++(*gaps)[row.expression + "  --  " + outcome.gap];
        continue;
      }
      ++*compared;
      if (row.result != "ok") {
        EXPECT_FALSE(outcome.value) << row.expression << "\n  TLC: error " << row.value
                                    << "\n  ours: " << outcome.Text();
        continue;
      }
      const Outcome expected = Evaluate(row.value, false);
      ASSERT_TRUE(expected.value) << row.value << "  " << expected.Text();
      ASSERT_TRUE(outcome.value || row.expression.find("\\in {1, \"a\"}") != std::string::npos)
          << row.expression << "\n  TLC: " << row.value << "\n  ours: " << outcome.Text();
      if (!outcome.value) continue;
      EXPECT_TRUE(eval::Same(*outcome.value, *expected.value))
          << row.expression << "\n  TLC: " << row.value << "\n  ours: " << outcome.Text();
    }
  }

  SpecFolder folder_;
};

TEST_F(Agreement, KnownExpressionsHaveTlcsValues) {
  std::size_t compared = 0;
  std::map<std::string, int> gaps;
  CompareWithTlc(false, &compared, &gaps);
  EXPECT_GT(compared, 280U);
  EXPECT_LT(gaps.size(), 20U);
}

TEST_F(Agreement, ExpressionsWhoseNumbersOnlyTheSolverKnowsHaveTlcsValues) {
  std::size_t compared = 0;
  std::map<std::string, int> gaps;
  CompareWithTlc(true, &compared, &gaps);
  EXPECT_GT(compared, 260U);
  EXPECT_LT(gaps.size(), 40U);
}

// --- random expressions over variables of small types

class RandomAgreement : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomAgreement, BothDomainsAgree) {
  constexpr std::size_t kCount = 60;
  SpecFolder folder;
  RandomExpressions random(GetParam());
  std::string module = std::string(kHead) + RandomExpressions::Variables();
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < kCount; ++i) {
    texts.push_back(random.Any(4));
    module += "E" + std::to_string(i) + " == " + texts.back() + "\n";
  }
  std::string why;
  const auto program = folder.Load(module + "====\n", std::string(kConfig) + "INIT Init\nNEXT Next\n", &why);
  ASSERT_TRUE(program) << why;
  eval::Evaluator concrete(program, {}, {});
  std::size_t gap_count = 0;
  std::size_t error_count = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    const State state = random.State();
    const auto body = program->spec->definition(*program->spec->FindDefinition("E" + std::to_string(i))).body;
    const auto expected = concrete.Evaluate(body, &state);
    const auto made = program::Compile(*program, body, program::Mode::kStep, {});
    ASSERT_TRUE(made.code);
    for (const int mode : {0, 1, 2}) {  // known; lifted; known to the solver only
      SolverCounts counts;
      SymOptions options;
      options.is_lifting = mode == 1;
      SymEvaluator symbolic(*program, {}, options, counts);
      symbolic.Begin(made.code, &state);
      for (std::uint32_t slot = 0; mode == 2 && slot < state.size(); ++slot) {
        symbolic.SetVariable(slot, Hide(symbolic, state[slot], "v" + std::to_string(slot)));
      }
      const Outcome outcome = EvaluateSymbolically(symbolic);
      if (!outcome.gap.empty()) {
        ++gap_count;
        continue;
      }
      std::string where = texts[i] + "\n  mode " + std::to_string(mode) + " state";
      for (const eval::Value& value : state) where += " " + eval::ToString(value);
      where += "\n  symbolic: " + outcome.Text();
      if (!expected.ok()) {
        ++error_count;
        EXPECT_FALSE(outcome.value) << where << "\n  concrete: " << expected.error().message;
      } else {
        ASSERT_TRUE(outcome.value) << where << "\n  concrete: " << eval::ToString(expected.value());
        EXPECT_TRUE(eval::Same(*outcome.value, expected.value()))
            << where << "\n  concrete: " << eval::ToString(expected.value());
      }
    }
  }
  EXPECT_LT(gap_count, kCount / 2);
  EXPECT_LT(error_count, kCount * 3 / 2) << "most expressions should have values";
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomAgreement, ::testing::Range<std::uint64_t>(1, 13));

}  // namespace
}  // namespace kelpie::symbolic
