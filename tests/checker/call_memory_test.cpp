// Recursive operators give what they give when nothing is remembered.
#include "checker/eval/call_memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "checker/explore/explorer.h"
#include "load_program.h"

namespace kelpie::explore {
namespace {

using eval::CallMemory;
using eval::Value;

class Calls : public testing::Test {
 protected:
  ~Calls() override { std::filesystem::remove_all(folder_); }

  ExploreResult Run(const std::string& text, const eval::EvalOptions& options = {}) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "C.tla") << "---- MODULE C ----\nEXTENDS Integers, FiniteSets, TLC\nVARIABLE x\n"
                                     << text << "\n====\n";
    std::ofstream(folder_ / "C.cfg") << "INIT Init\nNEXT Next\nINVARIANT Inv\nCHECK_DEADLOCK FALSE\n";
    program_ = LoadProgram(folder_ / "C.cfg");
    eval::Evaluator evaluator(program_, {}, options);
    return Explore(evaluator, {});
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("kelpie-calls-" + std::to_string(::getpid()));
  std::shared_ptr<const program::Program> program_;
};

// B reads nothing itself; what it calls does, and is looked at first.
TEST_F(Calls, WhatCallsAReaderOfVariablesIsNotRemembered) {
  const ExploreResult result =
      Run("RECURSIVE A(_), B(_)\nA(n) == IF n = 0 THEN 0 ELSE B(n - 1) + x\nB(n) == IF n = 0 THEN 0 ELSE A(n - 1)\n"
          "Init == x = 0\nNext == x < 6 /\\ x' = x + 1\nInv == A(3) = 2 * x /\\ B(2) = x");
  EXPECT_EQ(result.outcome, Outcome::kOk) << result.violated;
  EXPECT_EQ(result.distinct_count, 7U);
}

TEST_F(Calls, WhatIsRememberedIsByAllArguments) {
  const ExploreResult result =
      Run("RECURSIVE Sum(_, _)\nSum(S, k) == IF S = {} THEN k ELSE LET e == CHOOSE e \\in S : TRUE IN e + Sum(S \\ "
          "{e}, k)\n"
          "Init == x = 0\nNext == x < 9 /\\ x' = x + 1\nInv == 2 * Sum(1..x, x) = x * (x + 1) + 2 * x");
  EXPECT_EQ(result.outcome, Outcome::kOk) << result.violated;
}

// A nesting that is too deep is an error, also when the inner part of it is known.
TEST_F(Calls, DepthIsCountedThroughWhatIsKnown) {
  const std::string text =
      "RECURSIVE Down(_)\nDown(n) == IF n = 0 THEN 0 ELSE 1 + Down(n - 1)\n"
      "Init == x = 60\nNext == x < 180 /\\ x' = x + 60\nInv == Down(x) = x";
  eval::EvalOptions options;
  options.limits.depth_max = 100;
  const ExploreResult deep = Run(text, options);
  ASSERT_EQ(deep.outcome, Outcome::kEvaluation);
  EXPECT_EQ(deep.error->kind, eval::ErrorKind::kDepth);
  EXPECT_EQ(Run(text).outcome, Outcome::kOk);
}

TEST_F(Calls, AnErrorIsMetEveryTime) {
  const ExploreResult result =
      Run("RECURSIVE Div(_)\nDiv(n) == IF n = 0 THEN 1 \\div (n - n) ELSE Div(n - 1)\n"
          "Init == x = 2\nNext == UNCHANGED x\nInv == x = 2 => Div(x) = 0");
  ASSERT_EQ(result.outcome, Outcome::kEvaluation);
  EXPECT_EQ(result.error->kind, eval::ErrorKind::kArithmetic);
  EXPECT_GE(result.error->frames.size(), 2U);
}

TEST(CallMemoryTest, TellsQuestionsOfOneHashApart) {
  CallMemory memory;
  CallMemory::Question one{nullptr, 3, {}, 0, 0};
  one.Add(Value::Int(1));
  CallMemory::Question other{nullptr, 3, {}, 0, 0};
  other.Add(Value::Int(2));
  other.hash = one.hash;
  memory.Keep(one, Value::Int(10), 4);
  ASSERT_NE(memory.Find(one), nullptr);
  EXPECT_EQ(memory.Find(one)->value.as_int(), 10);
  EXPECT_EQ(memory.Find(one)->depth, 4U);
  EXPECT_EQ(memory.Find(other), nullptr);
  one.unit = 4;
  EXPECT_EQ(memory.Find(one), nullptr);
}

}  // namespace
}  // namespace kelpie::explore
