// A node's clock: exact, in thousandths of a millisecond, never a jump.
//
//   Clock clock(faults, random.Split("clock/n1"));
//   clock.At(1000);           // 1'050'000 when it ran at rate 1050 all the time
//   clock.FirstAtReading(17); // first true ms at which the reading is 17 or more
//
// The clock is a line of segments, each with one whole rate per thousand; in d milliseconds of
// a segment it goes rate*d thousandths. So over any interval of d ms it goes between
// (1000-rho)*d and (1000+rho)*d, with no rounding (unless FaultOptions::clock_fault). It starts at 0 at true time 0.
#pragma once

#include <cstdint>
#include <vector>

#include "impl/sim/faults.h"

namespace kelpie::sim {

class Clock {
 public:
  Clock(const FaultOptions& faults, Random random);

  // Thousandths of a millisecond. O(log segments ahead). Requires: true_ms >= 0, and not before
  // that of an earlier call: what is behind is forgotten.
  [[nodiscard]] std::int64_t At(std::int64_t true_ms);
  [[nodiscard]] std::int64_t ReadingAt(std::int64_t true_ms) { return At(true_ms) / 1000; }
  // The future of the clock is fixed by the seed, so this is exact. For a reading that lies
  // behind the last At(), some moment not after that one.
  [[nodiscard]] std::int64_t FirstAtReading(std::int64_t reading_ms);

 private:
  struct Segment {
    std::int64_t from_ms = 0;
    std::int64_t from_value = 0;  // thousandths
    std::int64_t rate = 1000;
    std::int64_t length_ms = 0;
  };
  void Extend();
  [[nodiscard]] std::int64_t DrawRate();

  FaultOptions faults_;
  Random random_;
  std::vector<Segment> segments_;
};

}  // namespace kelpie::sim
