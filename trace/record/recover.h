// What a killed process left in its rings, written into the trace files.
//
//   Result<Recovery> recovery = Recover("run-7");
//
// Invariants: afterwards the files hold every event that was emitted, once, and the folder of
// rings is gone; a recovery that is itself killed, at any point, is done again by the next
// one. After an error nothing is removed. An event that was not committed is not there; if
// others of its node were committed behind it, a lost(1) stands in its place.
#pragma once

#include <cstdint>
#include <string>

#include "trace/record/drain.h"
#include "trace/record/ring_files.h"
#include "trace/value/result.h"

namespace kelpie::trace::record {

struct Recovery {
  bool was_needed = false;  // a recorder had not been closed
  std::size_t stream_count = 0;
  std::size_t ring_count = 0;
  DrainCounters counters;
  std::string unwritable;  // the first event that no format can carry, as an error tells it
};

// kRunInUse when the recorder is still alive; kNewerFormat, kBadFrame, kSequenceGap: the rings
// are not as a recorder of this version leaves them. Reads the existing files to their ends.
[[nodiscard]] Result<Recovery> Recover(const std::string& directory);
// The same for who holds the lock already.
[[nodiscard]] Result<Recovery> RecoverLocked(const std::string& directory, const DirectoryLock& lock);

}  // namespace kelpie::trace::record
