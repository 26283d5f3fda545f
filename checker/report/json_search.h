// What a search found or tried on its way, as parts of a result's JSON.
#pragma once

#include "checker/report/json.h"

namespace kelpie::report {

// Of all actions together.
[[nodiscard]] std::uint64_t HiddenCount(const refine::CheckResult& r);
[[nodiscard]] Json HiddenToJson(const refine::CheckResult& r);
[[nodiscard]] Json RepairsToJson(const refine::CheckResult& r);
// Null when nobody asked for it.
[[nodiscard]] Json SensitivityToJson(const refine::CheckResult& r);

}  // namespace kelpie::report
