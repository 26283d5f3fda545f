// The events of a run by node: a lane holds one node's events by (incarnation, seq), however
// they are spread over files.
//
//   Result<Lanes> lanes = Lanes::Open({"run-7"}, {});
//   Status status = lanes->FillHeads();
//   if (const file::LocatedEvent* head = lanes->Head(0)) ...
//   lanes->Pop(0, event);
//
// Two kinds of files. A file whose header names its node belongs to one lane and is read when
// that lane needs an event. A shared file (no node in its header) feeds as many lanes as its
// events name, and is read front to back, so events of lanes that are not asked for pile up.
// Invariants: a lane's events come in strictly growing (incarnation, seq); memory is what is
// buffered; the lanes' numbers are stable, new ones are added at the end.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "trace/file/trace_reader.h"
#include "trace/value/event.h"
#include "trace/value/result.h"

namespace kelpie::trace::order {

struct LaneOptions {
  file::ReaderOptions reader;
  // Events read ahead and not yet taken, of all lanes; more is kTooManyBuffered.
  std::size_t buffered_events_max = 200'000;
};

// What is known of one file of the run.
struct FileFacts {
  std::string path;
  Header header;
  bool has_header = false;
  bool is_read_to_end = false;
  bool torn_tail = false;
  std::uint64_t torn_offset = 0;
  std::uint64_t event_count = 0;  // read so far
  // With salvage: what was passed over, once read to its end.
  std::vector<file::Damage> damage;
  std::uint64_t damage_count = 0;
  std::uint64_t dropped_bytes = 0;
};

class Lanes {
 public:
  // Position in a lane; an event is at its (incarnation, seq).
  using Position = std::pair<std::uint64_t, std::uint64_t>;

  // Paths are files, directories (OpenRun) and "-". Reads headers only, and the first event
  // of files without one.
  [[nodiscard]] static Result<Lanes> Open(const std::vector<std::string>& paths, const LaneOptions& options);

  [[nodiscard]] std::size_t size() const { return lanes_.size(); }
  [[nodiscard]] const std::string& NodeOf(std::size_t lane) const { return lanes_[lane].node; }
  [[nodiscard]] std::optional<std::size_t> Find(const std::string& node) const;
  [[nodiscard]] const std::vector<FileFacts>& files() const { return facts_; }

  // nullptr: nothing is buffered.
  [[nodiscard]] const file::LocatedEvent* Head(std::size_t lane) const;
  [[nodiscard]] const std::deque<file::LocatedEvent>& Buffered(std::size_t lane) const { return lanes_[lane].buffer; }
  // Into `out`, whose memory is kept for an event to be read. Requires: Head(lane) != nullptr.
  void Pop(std::size_t lane, file::LocatedEvent& out);
  [[nodiscard]] file::LocatedEvent Pop(std::size_t lane) {
    file::LocatedEvent event;
    Pop(lane, event);
    return event;
  }
  // The last popped event; (0, 0) before.
  [[nodiscard]] Position Done(std::size_t lane) const { return lanes_[lane].done; }
  // Whether an event at that position was popped. Requires: position <= Done(lane).
  [[nodiscard]] bool WasPopped(std::size_t lane, Position position) const;

  // Whether the lane's own files have more than is buffered.
  [[nodiscard]] bool CanRead(std::size_t lane) const;
  // Buffers one more event of the lane's own files; false at their end.
  [[nodiscard]] Result<bool> Read(std::size_t lane);
  // Read() for every lane that has no head and can read.
  [[nodiscard]] Status FillHeads();

  // Shared files that are not at their end, and how to read one event of one.
  [[nodiscard]] const std::vector<std::size_t>& unread_shared() const { return unread_shared_; }
  [[nodiscard]] Status ReadShared(std::size_t file);
  // How many events of a shared file are buffered.
  [[nodiscard]] std::size_t BufferedOf(std::size_t file) const { return sources_[file].buffered; }
  // Whether its events name no node, so that its order is the file's own.
  [[nodiscard]] bool IsNodeless(std::size_t file) const { return sources_[file].is_nodeless; }
  [[nodiscard]] std::uint64_t ReadCountOf(std::size_t file) const { return sources_[file].read_count; }
  // Objects that every event of that file named in its versions, so far.
  [[nodiscard]] const std::vector<std::string>& CommonObjects(std::size_t file) const { return sources_[file].common; }

  // Called with each event as it is buffered.
  void set_on_read(std::function<void(const Event&)> on_read) { on_read_ = std::move(on_read); }

 private:
  struct Lane {
    std::string node;
    std::vector<std::size_t> own_files;  // by incarnation
    std::size_t own_index = 0;
    std::deque<file::LocatedEvent> buffer;
    std::deque<std::size_t> buffer_files;  // where each buffered event came from
    Position done = {0, 0};
    std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> popped;  // incarnation -> first, last seq
  };
  struct Source {
    std::optional<file::TraceReader> reader;  // closed until needed
    bool is_shared = false;
    bool is_nodeless = false;
    std::size_t buffered = 0;
    std::uint64_t read_count = 0;
    std::vector<std::string> common;
  };

  explicit Lanes(const LaneOptions& options) : options_(options) {}
  [[nodiscard]] Status AddFile(const std::string& path);
  [[nodiscard]] Status SortOwnFiles();
  std::size_t LaneOf(const std::string& node);
  // The next event of a file, with its facts kept up; false at its end.
  [[nodiscard]] Result<bool> NextOf(std::size_t file, file::LocatedEvent& out);
  // An event to read into, with memory that an earlier one left.
  [[nodiscard]] file::LocatedEvent TakeSpare();
  [[nodiscard]] Status Buffer(std::size_t lane, std::size_t file, file::LocatedEvent event);
  void NarrowCommon(Source& source, const Event& event);

  LaneOptions options_;
  std::vector<Lane> lanes_;
  std::map<std::string, std::size_t> lane_by_node_;
  std::vector<Source> sources_;
  std::vector<FileFacts> facts_;
  std::vector<std::size_t> unread_shared_;
  std::vector<file::LocatedEvent> spares_;
  std::size_t buffered_ = 0;
  std::function<void(const Event&)> on_read_;
};

}  // namespace kelpie::trace::order
