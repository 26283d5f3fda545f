// The sanitizers of the preset fuzz end a program that breaks their rules: without this a build
// that lost its flags would pass everything.
#include <gtest/gtest.h>

#include <climits>
#include <memory>

namespace kelpie {
namespace {

// Known when the program runs only, so that no compiler decides it.
volatile int four = 4;
volatile int largest = INT_MAX;

int ReadBehindTheEnd() {
  const auto numbers = std::make_unique<int[]>(4);
  return numbers.get()[four];
}

int AddBeyondTheLargest() { return largest + 1; }

int DereferenceNothing() {
  int* volatile nothing = nullptr;
  return *nothing;
}

TEST(SanitizerDeathTest, AddressesAreWatched) { EXPECT_DEATH(ReadBehindTheEnd(), "heap-buffer-overflow"); }

TEST(SanitizerDeathTest, UndefinedBehaviorEndsTheProgram) {
  EXPECT_DEATH(AddBeyondTheLargest(), "signed integer overflow");
  EXPECT_DEATH(DereferenceNothing(), "null pointer");
}

TEST(SanitizerDeathTest, AllowedReadsAndSumsPass) {
  const auto numbers = std::make_unique<int[]>(4);
  EXPECT_EQ(numbers.get()[four - 1], 0);
  EXPECT_EQ(largest - 1, INT_MAX - 1);
}

}  // namespace
}  // namespace kelpie
