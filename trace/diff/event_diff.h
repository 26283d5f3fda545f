// The difference of two events, field by field, without what a clock decides.
//
//   std::vector<FieldDifference> fields = CompareEvents(left, right);
//   // {{"updates leases[\"a1\"].token", "3", "4"}}
//
// hybrid_ns, wall_ns and true_ns are not compared. What has no order is compared without it:
// elements of sets, entries of maps, arguments by name, reads and updates of different places.
// Equal here means equal in meaning, so it is wider than operator== of events.
#pragma once

#include <string>
#include <vector>

#include "trace/diff/ignored_fields.h"
#include "trace/value/event.h"

namespace kelpie::trace::diff {

struct FieldDifference {
  std::string field;  // as a person would name it
  std::string left;   // JSON text; empty: absent on that side
  std::string right;
  friend bool operator==(const FieldDifference&, const FieldDifference&) = default;
};

[[nodiscard]] std::vector<FieldDifference> CompareEvents(const Event& left, const Event& right,
                                                         const IgnoredFields& ignored = {});

// Of the headers, what the run depends on: specs and constants. Not run, nodes and clock error.
[[nodiscard]] std::vector<FieldDifference> CompareHeaders(const Header& left, const Header& right,
                                                          const IgnoredFields& ignored = {});

// `leases["a1"]["token"]`
[[nodiscard]] std::string ToText(const Location& location);

}  // namespace kelpie::trace::diff
