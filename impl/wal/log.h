// A log of operations in files, for one thread: what was synced is found again, whatever happened.
//
//   Log log(folder, {.cluster = "c1"});
//   if (Status read = log.Scan([&](const Entry& entry) { index.Add(entry); }); !read.ok()) ...
//   if (Status begun = log.Begin(); !begun.ok()) ...
//   Appended one = log.Append(payload);     // in memory
//   Status kept = log.Sync();               // durable; only now may anybody be told
//   log.Checkpoint(number);                 // all up to it is settled, and goes when the next segment is made
//
// SEGMENTS are files of some MiB, whose bytes are set aside when they are made; a new one is made, synced and named in
// one step, after the one before it was synced. SCAN tells the operations in order. What stands behind the last whole
// record of the last segment was never confirmed, and is left out; a damaged or missing record that was known to be
// durable is an error. BEGIN writes what the last segment has into a new one: what a scan reads may be
// pages that no disk has. FAILURES. After a write or sync that failed the log is poisoned: nothing of it is
// known, it takes nothing and confirms nothing, until it is scanned and begun again. A full disk met where a
// segment is made refuses appends until there is room. Verified by KelpieWAL
// (docs/adr/0004-log-of-accepted-operations.md). Cost: an append one copy; a sync one write and one sync; a scan
// O(bytes), one segment in memory. Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "impl/env/files.h"
#include "impl/wal/record_bytes.h"

namespace kelpie::wal {

enum class Trouble : std::uint8_t {
  kNone,
  kDamaged,   // a record that was durable is not whole
  kMissing,   // a segment is not there
  kNewer,     // written by a newer version
  kForeign,   // of another cluster
  kFull,      // LogOptions::log_bytes_max, until a checkpoint
  kNoSpace,   // the disk is full
  kTooLarge,  // the payload is beyond LogOptions::payload_bytes_max
  kPoisoned,  // a write or sync has failed before
  kNotBegun,  // Scan and Begin come first
  kFile,      // the system refused; after a Write or Sync the log is poisoned
};

struct Status {
  Trouble trouble = Trouble::kNone;
  std::string text;  // one line: the file and place, what was found, what to do
  [[nodiscard]] bool ok() const { return trouble == Trouble::kNone; }
};

struct Appended {
  Status status;
  std::uint64_t number = 0;  // of the record
};

struct Entry {
  std::uint64_t number = 0;
  std::string_view payload;  // valid during the call
};

// What makes the log safe. All of it is on; a machine may be built without, to show what it is good for.
struct LogPolicy {
  Checksums checksums = Checksums::kVerified;
  bool poisons = true;        // off: a sync is tried again after one that failed
  bool rewrites_tail = true;  // off: the last segment is gone on with
};

struct LogOptions {
  std::string cluster = "kelpie";  // a log keeps its cluster's name and is opened under no other; at most 76 bytes
  std::uint64_t segment_bytes = std::uint64_t{16} << 20U;
  std::uint64_t log_bytes_max = std::uint64_t{64} << 20U;  // of all segments; so long takes a scan at most
  std::uint32_t payload_bytes_max = 1U << 20U;
  LogPolicy policy;
};

struct LogCounts {
  std::uint64_t syncs = 0;
  std::uint64_t segments_made = 0;
  std::uint64_t torn_bytes = 0;  // behind the last whole record, of the last scan
};

class Log {
 public:
  using Visitor = std::function<void(const Entry& entry)>;

  Log(env::Folder& folder, LogOptions options);

  // Reads the log. Told is everything behind checkpoint(), and perhaps, before that is known, some in front of it. The
  // log takes nothing until Begin.
  [[nodiscard]] Status Scan(const Visitor& visit);
  // Requires: Scan went well.
  [[nodiscard]] Status Begin();

  [[nodiscard]] Appended Append(std::string_view payload);
  // Hands what was appended to the system, without waiting for the disk. Sync does it, too.
  [[nodiscard]] Status Write();
  [[nodiscard]] Status Sync();
  // All operations up to that number are settled. It takes effect with the next segment, whose header says it; a sync
  // makes one when the last is full, or the log half full. Requires: number <= durable().
  void Checkpoint(std::uint64_t number);
  // Makes the next segment now, so that a checkpoint takes effect. Requires: durable() == last().
  [[nodiscard]] Status StartSegment();

  // Numbers grow by one from record to record.
  [[nodiscard]] std::uint64_t last() const { return last_; }        // number of the last record
  [[nodiscard]] std::uint64_t durable() const { return durable_; }  // up to here nothing is lost
  // Up to here operations are gone for good.
  [[nodiscard]] std::uint64_t checkpoint() const { return checkpoint_; }
  [[nodiscard]] bool is_poisoned() const { return is_poisoned_; }
  [[nodiscard]] const LogCounts& counts() const { return counts_; }
  // Of all segments, records in memory included.
  [[nodiscard]] std::uint64_t bytes() const { return sealed_bytes_ + size_ + buffer_.size(); }

 private:
  enum class Phase : std::uint8_t { kClosed, kScanned, kOpen };
  struct Segment {
    std::string name;
    std::uint64_t first = 0;
    std::uint64_t generation = 0;
    std::uint64_t bytes = 0;
  };

  // log_scan.cpp
  Status FindSegments();
  Status ScanSegment(Segment& segment, std::string_view bytes, bool is_last, const Visitor& visit);
  [[nodiscard]] Status CheckHeader(const Segment& segment, std::string_view bytes, SegmentHeader& header) const;
  [[nodiscard]] bool IsVouchedFor(std::string_view behind) const;
  // log.cpp
  Status MakeSegment(std::uint64_t first, std::string_view records, std::uint64_t needed);
  Status GoOnInPlace();
  Status Roll(std::uint64_t needed = 0);
  Status MakeRoom(std::size_t size);
  [[nodiscard]] bool WouldFree() const;
  void RemoveSettled();
  Status Poison(const env::FileStatus& failed);
  [[nodiscard]] Status NotReady() const;

  env::Folder& folder_;
  const LogOptions options_;
  Phase phase_ = Phase::kClosed;
  bool is_poisoned_ = false;
  std::vector<Segment> segments_;        // in order; the last one is written to
  std::vector<std::string> superseded_;  // files that are of no use any more
  std::string tail_;                     // records of the last segment, between Scan and Begin
  std::unique_ptr<env::File> file_;
  std::uint64_t size_ = 0;          // of the last segment, as written
  std::uint64_t reserved_ = 0;      // for it; no write goes beyond, so that none meets a full disk
  std::uint64_t sealed_bytes_ = 0;  // of the others
  std::string buffer_;              // records that were not written yet
  std::uint64_t generation_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t durable_ = 0;
  std::uint64_t vouched_ = 0;     // the greatest `durable` that was read
  std::uint64_t checkpoint_ = 0;  // as the last segment's header says
  std::uint64_t settled_ = 0;     // what the next one's will say
  Status no_room_;                // why no segment could be made; tried again at the next append
  LogCounts counts_;
};

}  // namespace kelpie::wal
