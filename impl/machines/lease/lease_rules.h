// The arithmetic of leases: how long a holder believes and a claimer waits.
//
// A session lives TTL milliseconds of true time after its request was sent, at the longest.
// The holder's clock may be slow and the claimer's fast, each by rho per thousand, so the
// holder counts TTL*(1-rho) and rounds down, the claimer TTL*(1+rho) and rounds up and waits
// strictly longer: its first reading was rounded down too (impl/README.md).
#pragma once

#include <cstdint>

namespace kelpie::machines {

// Requires: 0 <= rho_per_thousand < 1000, ttl_ms > 0.
[[nodiscard]] constexpr std::int64_t HolderMs(std::int64_t ttl_ms, std::int64_t rho_per_thousand) {
  return ttl_ms * (1000 - rho_per_thousand) / 1000;
}

[[nodiscard]] constexpr std::int64_t ClaimerMs(std::int64_t ttl_ms, std::int64_t rho_per_thousand) {
  return (ttl_ms * (1000 + rho_per_thousand) + 999) / 1000;
}

}  // namespace kelpie::machines
