// Objects with named fields in JSON: which field a key is, and what is wrong when it is none.
// The base of the readers of claims and lines; private to this room.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "trace/file/json_cursor.h"
#include "trace/file/json_value.h"

namespace kelpie::trace::file {

// Bits of which fields an object had, by their place in its list of names.
using Seen = std::uint32_t;

template <std::size_t N>
constexpr std::size_t IndexOf(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return i;
  }
  return N;
}

template <std::size_t N>
constexpr Seen Bit(const std::array<std::string_view, N>& names, std::string_view name) {
  return 1U << IndexOf(names, name);
}

class FieldReader {
 public:
  // `cursor` must outlive the reader.
  FieldReader(JsonCursor& cursor, int depth_max) : cursor_(cursor), values_(cursor, depth_max), depth_max_(depth_max) {}

 protected:
  // Index of a key among `names`; fails on a key that is not there or came before. Requires:
  // the key was read last.
  template <std::size_t N>
  std::size_t Field(const std::array<std::string_view, N>& names, std::string_view key, Seen& seen) {
    static_assert(N < 32);
    const std::size_t index = IndexOf(names, key);
    if (index == N) {
      FailUnknown(key, names);
      return N;
    }
    if ((seen & (1U << index)) != 0) values_.FailDuplicate(key);
    seen |= 1U << index;
    return index;
  }

  // All record a failure and return false.
  bool FailUnknown(std::string_view key, std::span<const std::string_view> names);
  bool FailMixed(std::string message);
  bool FailMissing(std::size_t position, std::string_view what, std::string_view field);
  bool FailName(std::string_view found, std::string_view expected);

  JsonCursor& cursor_;
  JsonValueReader values_;
  int depth_max_;
};

}  // namespace kelpie::trace::file
