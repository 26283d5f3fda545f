#include "impl/sim/random.h"

#include <bit>

#include "impl/env/check.h"

namespace kelpie::sim {
namespace {

std::uint64_t SplitMix(std::uint64_t& x) {
  x += 0x9e3779b97f4a7c15U;
  std::uint64_t z = x;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

}  // namespace

Random::Random(std::uint64_t seed) : seed_(seed), state_{} {
  std::uint64_t x = seed;
  for (std::uint64_t& word : state_) word = SplitMix(x);
}

Random Random::Split(std::string_view label) const {
  std::uint64_t mixed = seed_;
  for (const char c : label) {
    mixed ^= static_cast<unsigned char>(c);
    static_cast<void>(SplitMix(mixed));
    mixed *= 0x100000001b3U;
  }
  return Random(SplitMix(mixed));
}

std::uint64_t Random::Bits() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Random::Below(std::uint64_t bound) {
  IMPL_CHECK(bound > 0, "empty range");
  // Draws under the remainder of 2^64 by bound are refused, the rest divide evenly.
  const std::uint64_t refused = (0 - bound) % bound;
  std::uint64_t bits = Bits();
  while (bits < refused) bits = Bits();
  return bits % bound;
}

std::int64_t Random::Between(std::int64_t low, std::int64_t high) {
  IMPL_CHECK(low <= high, "empty range");
  const std::uint64_t width = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + Below(width));
}

bool Random::Chance(std::int64_t per_thousand) { return static_cast<std::int64_t>(Below(1000)) < per_thousand; }

}  // namespace kelpie::sim
