// The only source of randomness of a simulated world.
//
//   Random random(seed);
//   Random network = random.Split("network");   // independent of how often others draw
//   if (network.Chance(25)) Lose();             // 25 in a thousand
//
// xoshiro256** (Blackman & Vigna 2018) filled by splitmix64 (Steele, Lea & Flood 2014).
// Integers only, so that a seed gives the same draws on every machine and compiler.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace kelpie::sim {

class Random {
 public:
  explicit Random(std::uint64_t seed);

  // A generator that depends on this one's seed and the label, not on the draws made so far.
  [[nodiscard]] Random Split(std::string_view label) const;

  std::uint64_t Bits();
  // Uniform in 0..bound-1, without modulo bias. Requires: bound > 0.
  std::uint64_t Below(std::uint64_t bound);
  // Uniform in low..high, both included. Requires: low <= high.
  std::int64_t Between(std::int64_t low, std::int64_t high);
  // True in `per_thousand` of a thousand draws.
  bool Chance(std::int64_t per_thousand);

 private:
  std::uint64_t seed_;
  std::array<std::uint64_t, 4> state_;
};

}  // namespace kelpie::sim
