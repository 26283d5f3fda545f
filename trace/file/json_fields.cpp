#include "trace/file/json_fields.h"

#include <algorithm>
#include <vector>

namespace kelpie::trace::file {

namespace {

// Number of single-character edits between two short words; for "did you mean".
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

bool FieldReader::FailUnknown(std::string_view key, std::span<const std::string_view> names) {
  constexpr std::size_t kComparedBytes = 40;
  const std::string_view start = key.substr(0, kComparedBytes);
  std::string expected;
  std::string_view nearest = names[0];
  for (const std::string_view name : names) {
    expected += (expected.empty() ? "" : ", ") + std::string(name);
    if (EditDistance(start, name) < EditDistance(start, nearest)) nearest = name;
  }
  const bool is_near = EditDistance(start, nearest) <= 2;
  return cursor_.Fail({.kind = ErrorKind::kUnknownField,
                       .position = cursor_.token_position(),
                       .message = "a field that does not exist here",
                       .found = "\"" + std::string(key.substr(0, 80)) + "\"",
                       .expected = std::move(expected),
                       .hint = is_near ? "did you mean \"" + std::string(nearest) + "\"?" : ""});
}

bool FieldReader::FailMixed(std::string message) {
  return cursor_.Fail({.kind = ErrorKind::kMixedForms,
                       .position = 0,
                       .message = std::move(message),
                       .expected = "one form or the other"});
}

bool FieldReader::FailMissing(std::size_t position, std::string_view what, std::string_view field) {
  return cursor_.Fail({.kind = ErrorKind::kMissingField,
                       .position = position,
                       .message = std::string(what) + " lacks a field",
                       .expected = "\"" + std::string(field) + "\""});
}

bool FieldReader::FailName(std::string_view found, std::string_view expected) {
  return cursor_.Fail({.kind = ErrorKind::kWrongType,
                       .position = cursor_.token_position(),
                       .message = "a name that the field does not have",
                       .found = "\"" + std::string(found.substr(0, 80)) + "\"",
                       .expected = std::string(expected)});
}

}  // namespace kelpie::trace::file
