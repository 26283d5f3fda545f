// Fields of events and headers that a comparison leaves out, as `diff --ignore FIELD` names them.
//
//   IgnoredFields ignored;
//   ignored.Add("causes");            // the whole field
//   ignored.Add("updates.clock");     // what is said of one variable
//   ignored.Has("updates", "clock")   // true
//
// Invariants: only names of kFields are held; node, incarnation and seq are none of them, since
// events are aligned by them. A part follows the first dot and may itself have dots.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kelpie::trace::diff {

class IgnoredFields {
 public:
  // False, and nothing is added, when there is no such field or the field has no parts by name.
  [[nodiscard]] bool Add(std::string_view name);
  // Is the field left out as a whole?
  [[nodiscard]] bool Has(std::string_view field) const;
  // Is it left out as a whole, or this part of it?
  [[nodiscard]] bool Has(std::string_view field, std::string_view part) const;
  // As they were given, sorted.
  [[nodiscard]] std::vector<std::string> names() const;
  // What Add accepts, for a message: "kind, spec, ..., args[.NAME], ...".
  [[nodiscard]] static std::string Choices();

 private:
  std::set<std::pair<std::string, std::string>> fields_;  // field, part; no part: empty
};

}  // namespace kelpie::trace::diff
