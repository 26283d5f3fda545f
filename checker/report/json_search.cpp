#include "checker/report/json_search.h"

namespace kelpie::report {

std::uint64_t HiddenCount(const refine::CheckResult& r) {
  std::uint64_t count = 0;
  for (const refine::HiddenUse& use : r.hidden) count += use.count;
  return count;
}

Json HiddenToJson(const refine::CheckResult& r) {
  Json uses = Json::array();
  for (const refine::HiddenUse& use : r.hidden) {
    Json args = Json::object();
    for (const auto& [name, value] : use.arguments) args[name] = ToItf(value);
    uses.push_back(Json{{"before", use.before}, {"action", use.action}, {"args", args}, {"count", use.count}});
  }
  return uses;
}

Json RepairsToJson(const refine::CheckResult& r) {
  Json repairs = Json::array();
  for (const refine::Repair& repair : r.repairs)
    repairs.push_back({{"kind", NameOf(repair.kind)}, {"tried", true}, {"helps", repair.helps}, {"text", repair.text}});
  return repairs;
}

Json SensitivityToJson(const refine::CheckResult& r) {
  if (!r.sensitivity) return nullptr;
  Json counts = Json::array();
  for (const refine::SensitivityCount& c : *r.sensitivity) {
    counts.push_back({{"place", c.place}, {"tried", c.tried}, {"rejected", c.rejected}, {"undecided", c.undecided}});
  }
  return counts;
}

}  // namespace kelpie::report
