#include "impl/sim/clock.h"

#include <algorithm>
#include <cstddef>

#include "impl/env/check.h"

namespace kelpie::sim {
namespace {

constexpr std::ptrdiff_t kKeptBehind = 1024;

}  // namespace

Clock::Clock(const FaultOptions& faults, Random random) : faults_(faults), random_(random) { Extend(); }

std::int64_t Clock::DrawRate() {
  if (faults_.clock_fault && random_.Chance(400)) return random_.Chance(500) ? 0 : 2000;
  if (!faults_.drift) return 1000;
  const std::int64_t rho = faults_.rho_per_thousand;
  if (random_.Chance(faults_.drift_extreme_per_thousand)) return random_.Chance(500) ? 1000 - rho : 1000 + rho;
  return random_.Between(1000 - rho, 1000 + rho);
}

void Clock::Extend() {
  Segment next;
  if (!segments_.empty()) {
    const Segment& last = segments_.back();
    next.from_ms = last.from_ms + last.length_ms;
    next.from_value = last.from_value + last.rate * last.length_ms;
  }
  next.rate = DrawRate();
  next.length_ms = random_.Between(1, std::max<std::int64_t>(1, faults_.drift_segment_ms_max));
  segments_.push_back(next);
}

std::int64_t Clock::At(std::int64_t true_ms) {
  IMPL_CHECK(true_ms >= segments_.front().from_ms, "a clock was asked about a time it has forgotten");
  while (segments_.back().from_ms + segments_.back().length_ms <= true_ms) Extend();
  const auto after = std::upper_bound(segments_.begin(), segments_.end(), true_ms,
                                      [](std::int64_t t, const Segment& s) { return t < s.from_ms; });
  const Segment segment = *(after - 1);
  // In batches, so that forgetting costs nothing per call.
  if (after - segments_.begin() > kKeptBehind) segments_.erase(segments_.begin(), after - 1);
  return segment.from_value + segment.rate * (true_ms - segment.from_ms);
}

std::int64_t Clock::FirstAtReading(std::int64_t reading_ms) {
  const std::int64_t wanted = reading_ms * 1000;
  if (wanted <= 0) return 0;
  while (segments_.back().from_value + segments_.back().rate * segments_.back().length_ms < wanted) Extend();
  // The last segment that starts below `wanted` is the one that crosses it.
  if (wanted <= segments_.front().from_value) return segments_.front().from_ms;
  const auto after = std::lower_bound(segments_.begin(), segments_.end(), wanted,
                                      [](const Segment& s, std::int64_t v) { return s.from_value < v; });
  const Segment& segment = *(after - 1);
  return segment.from_ms + (wanted - segment.from_value + segment.rate - 1) / segment.rate;
}

}  // namespace kelpie::sim
