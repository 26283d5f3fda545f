// What the headers of a run's files say together.
//
//   Result<Header> header = MergeHeaders(lanes.files());
#pragma once

#include <vector>

#include "trace/order/lanes.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::order {

// Run, all nodes, specs and constants of all, the largest clock error; node and incarnation
// only when there is one file. Each file may leave things out; one that states them otherwise
// than another is kDifferentRuns.
[[nodiscard]] Result<Header> MergeHeaders(const std::vector<FileFacts>& files);

}  // namespace kelpie::trace::order
