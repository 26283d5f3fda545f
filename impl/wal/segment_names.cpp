#include "impl/wal/segment_names.h"

#include <charconv>

namespace kelpie::wal {
namespace {

constexpr std::size_t kFirstDigits = 16;
constexpr std::size_t kGenerationDigits = 8;
constexpr std::string_view kEnding = ".wal";

std::string Digits(std::uint64_t number, std::size_t count) {
  std::string digits(count, '0');
  for (std::size_t i = count; i > 0 && number > 0; number >>= 4U) digits[--i] = "0123456789abcdef"[number & 15U];
  return digits;
}

bool Parse(std::string_view digits, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return error == std::errc() && end == digits.data() + digits.size();
}

}  // namespace

std::string SegmentName(std::uint64_t first, std::uint64_t generation) {
  return Digits(first, kFirstDigits) + "-" + Digits(generation, kGenerationDigits) + std::string(kEnding);
}

std::optional<SegmentNumbers> ParseSegmentName(std::string_view name) {
  SegmentNumbers numbers;
  const bool is_one = name.size() == kFirstDigits + 1 + kGenerationDigits + kEnding.size() &&
                      name[kFirstDigits] == '-' && name.ends_with(kEnding) &&
                      Parse(name.substr(0, kFirstDigits), numbers.first) &&
                      Parse(name.substr(kFirstDigits + 1, kGenerationDigits), numbers.generation);
  return is_one ? std::optional(numbers) : std::nullopt;
}

}  // namespace kelpie::wal
