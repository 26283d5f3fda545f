// Random TLA+ expressions over small types, from a seed.
//
//   RandomExpressions random(7, /*wrong_one_in=*/0);
//   std::string text = random.Make(Type::kBool, 4);
//
// Well typed, or with a wrong type in one place in `wrong_one_in`, so that such errors are compared too.
// Names free in the text: the state variables x (integer), s (set of integers),
// f (function over 1..3), q (sequence), r (record).
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace kelpie::testing {

enum class Type : std::uint8_t { kBool, kInt, kSet, kFunction, kSequence, kRecord };

class RandomExpressions {
 public:
  RandomExpressions(std::uint64_t seed, std::size_t wrong_one_in) : random_(seed), wrong_one_in_(wrong_one_in) {}

  std::string Make(Type type, int depth);

 private:
  std::size_t Below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  std::string Pick(const std::vector<std::string>& choices) { return choices[Below(choices.size())]; }
  // The text with each %x replaced by an expression: %b %i %s %f %q %r; %v names the last bound variable.
  std::string Fill(const std::string& text, int depth);
  std::string Bound(Type type);
  std::string Bool(int depth);
  std::string Int(int depth);
  std::string Set(int depth);
  std::string Function(int depth);
  std::string Sequence(int depth);
  std::string Record(int depth);

  std::mt19937_64 random_;
  std::size_t wrong_one_in_;
  std::vector<std::pair<std::string, Type>> bound_;
  int name_count_ = 0;
};

}  // namespace kelpie::testing
