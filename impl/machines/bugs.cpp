#include "impl/machines/bugs.h"

#include <array>

namespace kelpie::machines {
namespace {

constexpr auto kBugs = std::to_array<BugInfo>({
#define KELPIE_BUG(name, spec, description, check, action, conjunct) \
  {Bug::name, #name, #spec, description, check, action, conjunct},
#include "impl/machines/bugs.def"
#undef KELPIE_BUG
});

}  // namespace

std::span<const BugInfo> AllBugs() { return kBugs; }

const BugInfo* FindBug(std::string_view name) {
  for (const BugInfo& info : kBugs) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

}  // namespace kelpie::machines
