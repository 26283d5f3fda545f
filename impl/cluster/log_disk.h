// The log as it lies on a simulated disk, read by the witness with its own eyes.
//
//   node::LogOnDisk now = ReadLog(disk);
//
// Which segments count, and where the log ends, is decided here again, so that a scan that is wrong does not agree with
// its own mistake. Cost: O(bytes of the segments).
#pragma once

#include "impl/node/log_view.h"
#include "impl/sim/disk.h"

namespace kelpie::cluster {

[[nodiscard]] node::LogOnDisk ReadLog(sim::Disk& disk);

}  // namespace kelpie::cluster
