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

struct LineOptions {
  int depth_max = 200;  // of values, and of `steps` in claims
  // Fields that this version does not know are passed over: the header states a newer minor
  // version. Otherwise they are errors, since most of them are slips of the pen.
  bool skip_unknown = false;
};

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
  FieldReader(JsonCursor& cursor, const LineOptions& options)
      : cursor_(cursor), values_(cursor, options.depth_max), options_(options) {}

 protected:
  // Goes to the next field of the object and says which of `names` it is; false at the end of
  // the object, and on a failure: a key that is not there, unless the options pass over it, or
  // that came before.
  template <std::size_t N>
  bool NextField(const std::array<std::string_view, N>& names, Seen& seen, std::size_t& index) {
    static_assert(N < 32);
    std::string_view key;
    while (cursor_.NextKey(key)) {
      // Writers keep to one order of fields, so the last answer is often near the next one.
      index = index + 1 < N && names[index + 1] == key ? index + 1 : IndexOf(names, key);
      if (index < N) {
        if ((seen & (1U << index)) != 0) return values_.FailDuplicate(key);
        seen |= 1U << index;
        return true;
      }
      if (!options_.skip_unknown) return FailUnknown(key, names);
      if (!cursor_.Skip()) return false;
    }
    return false;
  }

  // All record a failure and return false.
  bool FailUnknown(std::string_view key, std::span<const std::string_view> names);
  bool FailMixed(std::string message);
  bool FailMissing(std::size_t position, std::string_view what, std::string_view field);
  bool FailName(std::string_view found, std::string_view expected);

  JsonCursor& cursor_;
  JsonValueReader values_;
  LineOptions options_;
};

}  // namespace kelpie::trace::file
