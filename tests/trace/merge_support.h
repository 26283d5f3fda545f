// Merging in tests: the ids that come out, and what went wrong.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "support.h"
#include "trace/order/merged_trace.h"
#include "trace/value/event_names.h"

namespace kelpie::trace::order {

struct Merged {
  std::vector<std::string> ids;
  std::optional<Error> error;
  std::uint64_t unordered = 0;
  std::uint64_t missing = 0;
  std::size_t peak = 0;
  Header header;
};

inline Merged Merge(const std::vector<std::string>& paths, const MergeOptions& options = {}) {
  Merged merged;
  Result<MergedTrace> trace = MergedTrace::Open(paths, options);
  if (!trace.ok()) {
    merged.error = trace.error();
    return merged;
  }
  merged.header = trace->header();
  while (true) {
    Result<std::optional<file::LocatedEvent>> next = trace->Next();
    if (!next.ok()) {
      merged.error = next.error();
      EXPECT_FALSE(trace->Next().ok());
      break;
    }
    if (!next->has_value()) break;
    merged.ids.push_back(ToText((*next)->event.id));
  }
  merged.unordered = trace->unordered_pairs();
  merged.missing = trace->missing_causes();
  merged.peak = trace->buffered_peak();
  EXPECT_EQ(trace->is_total(), merged.unordered == 0);
  return merged;
}

using Ids = std::vector<std::string>;

inline void ExpectOrder(const Merged& merged, const Ids& ids) {
  EXPECT_FALSE(merged.error) << merged.error->Render();
  EXPECT_EQ(merged.ids, ids);
}

}  // namespace kelpie::trace::order
