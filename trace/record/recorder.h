// Writes the events of a run into a directory, a file for each node and incarnation.
//
//   Result<Recorder> recorder = Recorder::Create({.directory = "out/run-7", .header = header});
//   Result<EventId> id = recorder->Record(event);     // seq is assigned here
//   Status status = recorder->Close();
//
// Invariants: seq counts from 1 without gaps in each (node, incarnation); the same calls give
// the same bytes in every file; nothing of the clock or the machine enters them. One thread
// at a time. The emitting side sees this header only, so that what stands behind it can
// become per-thread rings with a draining thread.
#pragma once

#include <memory>
#include <string>

#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::record {

struct RecorderOptions {
  std::string directory;    // made when it is not there; an older run in it is replaced
  Header header;            // for all files; node and incarnation are filled in for each
  bool json_lines = false;  // instead of .ktrace
  // Open files at a time; the file that was idle longest is closed, and opened again for an event.
  std::size_t open_files_max = 64;
};

class Recorder {
 public:
  // Removes the files of an older run in the directory (those named as FileNameOf does), so
  // that two runs never mix. Other traces there are not ours to remove: kCannotWrite.
  [[nodiscard]] static Result<Recorder> Create(const RecorderOptions& options);
  Recorder(Recorder&&) noexcept;
  Recorder& operator=(Recorder&&) noexcept;
  ~Recorder();

  // Writes the event as the next one of its node and incarnation; event.id.seq is ignored.
  // Returns its id. An event that cannot be written is refused and uses up no seq.
  [[nodiscard]] Result<EventId> Record(Event event);
  // The seq that Record will give to the next event of that node and incarnation.
  [[nodiscard]] std::uint64_t NextSeq(const std::string& node, std::uint64_t incarnation) const;

  // Hands everything to the operating system.
  [[nodiscard]] Status Flush();
  [[nodiscard]] Status Close();

 private:
  class Impl;
  explicit Recorder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kelpie::trace::record
