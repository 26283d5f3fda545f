// The events of a run, of however many files, in canonical order.
//
//   Result<MergedTrace> trace = MergedTrace::Open({"run-7"});
//   Result<std::optional<file::LocatedEvent>> next = trace->Next();   // nullopt at the end
//   if (!trace->is_total()) ... concurrent events were put in canonical order ...
//
// Causal order (SEMANTICS part 1): same node by (incarnation, seq); causes; vector clocks;
// versions of one object; hybrid time beyond the header's clock_error_ns. Canonical order is
// the causal order, ties by (hybrid time, node, incarnation, seq); no hybrid time comes first.
// A lone file without nodes is in file order.
//
// Invariants: every event comes after all that precede it causally, or there is an error that
// names the events in conflict; the same files give the same order. Memory: one event a node
// while each node's next event decides (versions that all name, causes, clocks), else as far
// ahead as must be read, at most buffered_events_max. Cost: O(nodes) an event.
//
// Two conventions that make this possible while reading once: the versions of an object
// count up by one from 0 or 1, or else all files are read ahead as far as its next naming;
// and a file of several nodes is read ahead by shared_window events, or by versioned_after
// when all of those name one object's versions. So in a longer file an event without any
// order may be placed later than its time and node would have it, never against a cause.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trace/file/trace_reader.h"
#include "trace/order/lanes.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::order {

struct MergeOptions {
  LaneOptions lanes;
  std::size_t shared_window = 16'384;  // see above
  std::size_t versioned_after = 1'024;
  // A cause, or an entry of a vector clock, that no file holds: counted in missing_causes()
  // instead of kMissingCause. SEMANTICS: such an event was lost by its node. Reading with salvage
  // implies it.
  bool allow_missing_causes = false;
};

class MergedTrace {
 public:
  // Paths are files, directories of per-node files, and "-". kDifferentRuns when two headers
  // contradict each other in run, specs or constants.
  [[nodiscard]] static Result<MergedTrace> Open(const std::vector<std::string>& paths,
                                                const MergeOptions& options = {});
  MergedTrace(MergedTrace&&) noexcept;
  MergedTrace& operator=(MergedTrace&&) noexcept;
  ~MergedTrace();

  // nullopt at the end. After an error, the same error again.
  [[nodiscard]] Result<std::optional<file::LocatedEvent>> Next();
  // The same into an event that is there already, whose memory is used again; false at the end.
  [[nodiscard]] Result<bool> Next(file::LocatedEvent& out);

  // What the headers say together: run, all nodes, specs, constants, the largest clock error.
  // `node` is empty unless one file states it alone.
  [[nodiscard]] const Header& header() const;
  // Each file with its own header and, once read to its end, whether it was torn.
  [[nodiscard]] const std::vector<FileFacts>& files() const;

  // Of the events so far: neighbours that no causal relation orders. None: the order so far is
  // total, the only one the trace allows.
  [[nodiscard]] std::uint64_t unordered_pairs() const;
  [[nodiscard]] bool is_total() const { return unordered_pairs() == 0; }
  [[nodiscard]] std::uint64_t event_count() const;
  [[nodiscard]] std::uint64_t missing_causes() const;
  // Most events that were buffered at a time.
  [[nodiscard]] std::size_t buffered_peak() const;

 private:
  class Impl;
  explicit MergedTrace(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kelpie::trace::order
