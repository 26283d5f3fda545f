// The planted bugs by name (bugs.def): what the checker must find.
//
//   if (const BugInfo* info = FindBug("no_fencing")) ...
//   for (const BugInfo& info : AllBugs()) Print(info.name, info.description);
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace kelpie::machines {

enum class Bug : std::uint8_t {
  kNone,
#define KELPIE_BUG(name, spec, description, check, action, conjunct) name,
#include "impl/machines/bugs.def"
#undef KELPIE_BUG
};

struct BugInfo {
  Bug bug;
  std::string_view name;
  std::string_view spec;
  std::string_view description;
  int expected_check;                  // 3 or 4
  std::string_view expected_action;    // of the spec
  std::string_view expected_conjunct;  // as the spec has it
};

[[nodiscard]] std::span<const BugInfo> AllBugs();
// Null: no bug has that name.
[[nodiscard]] const BugInfo* FindBug(std::string_view name);

}  // namespace kelpie::machines
