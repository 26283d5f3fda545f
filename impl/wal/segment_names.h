// Names of the files of a log: number of the first record and generation, 16 and 8 digits of base 16.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kelpie::wal {

inline constexpr std::string_view kUnpublished = ".new";  // ends the name of a segment that is being made

struct SegmentNumbers {
  std::uint64_t first = 0;
  std::uint64_t generation = 0;
};

[[nodiscard]] std::string SegmentName(std::uint64_t first, std::uint64_t generation);
// None: no segment's.
[[nodiscard]] std::optional<SegmentNumbers> ParseSegmentName(std::string_view name);

}  // namespace kelpie::wal
