// Which node's divergence comes first of all, and what surrounds it in the order of the runs.
//
//   FindFirst(left_paths, right_paths, options, difference);   // fills first, first_left, first_right
//
// Numbers of different nodes say nothing about each other, so "first" is by the canonical
// order of the left run (of the right run for an event that only it has). Reads each run again,
// as far as needed; a run that is standard input or cannot be ordered leaves its side unknown,
// and the smallest seq then decides. Internal to this room.
#pragma once

#include <string>
#include <vector>

#include "trace/diff/run_diff.h"

namespace kelpie::trace::diff {

void FindFirst(const std::vector<std::string>& left, const std::vector<std::string>& right, const DiffOptions& options,
               RunDifference& out);

}  // namespace kelpie::trace::diff
